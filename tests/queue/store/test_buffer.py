"""Rows that wait are written in order, and undone with their unit."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hallqueue.store import schema
from hallqueue.store import statements as sql
from hallqueue.store.buffer import TABLES, RowBuffer


def stray(window: int) -> tuple[str, tuple[object, ...]]:
    return sql.STRAY, ("2026-03-02", window)


def event(number: int) -> tuple[str, tuple[object, ...]]:
    return sql.EVENT_ADD, (number, 1, number, 0, "2026-03-02", 1, "t", "StrayPress", "{}", b"x" * 32)


def job(number: int) -> tuple[str, tuple[object, ...]]:
    return sql.PRINT_ADD, (number, number, 0, 0)


def ticket(number: int) -> tuple[str, tuple[object, ...]]:
    texts = ("2026-03-02", f"A{number:03d}", "A", number, "s", "s", "[]", number, 0, "waiting", "", "", "")
    return sql.TICKET_ADD, (number, *texts, f"r{number}", "", 1, 0, 0, 0, 0, "", 0, 0, 0, 0, "", "")


def content(connection: sqlite3.Connection) -> tuple[list[int], list[int], list[int]]:
    found = (
        [row[0] for row in connection.execute(query)]
        for query in (
            "SELECT id FROM event ORDER BY id",
            "SELECT window FROM stray ORDER BY window",
            "SELECT id FROM ticket ORDER BY id",
        )
    )
    events, strays, tickets = found
    return events, strays, tickets


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    with closing(fresh()) as made:
        yield made


def fresh() -> sqlite3.Connection:
    made = sqlite3.connect(":memory:", isolation_level=None)
    schema.migrate(made)
    made.execute("PRAGMA foreign_keys = ON")
    made.execute("BEGIN IMMEDIATE")
    return made


def test_a_new_row_waits_until_it_is_written(connection: sqlite3.Connection) -> None:
    rows = RowBuffer(connection)
    rows.run(*event(1))
    assert content(connection)[0] == []
    rows.flush()
    assert content(connection)[0] == [1]


def test_another_statement_sees_what_waited(connection: sqlite3.Connection) -> None:
    rows = RowBuffer(connection)
    rows.run(*ticket(1))
    rows.run(sql.TICKET_STATE, ("passed", 5, 1))
    assert connection.execute("SELECT state FROM ticket").fetchall() == [("passed",)]


def test_rows_are_written_in_the_order_of_their_references(connection: sqlite3.Connection) -> None:
    rows = RowBuffer(connection)
    for number in (1, 2):
        rows.run(*job(number))
        rows.run(*ticket(number))
    rows.flush()
    assert connection.execute("SELECT ticket FROM print_job ORDER BY id").fetchall() == [(1,), (2,)]


def test_a_row_that_violates_another_is_reported_when_it_is_written(connection: sqlite3.Connection) -> None:
    rows = RowBuffer(connection)
    rows.run(*ticket(1))
    rows.run(*ticket(1))
    with pytest.raises(sqlite3.IntegrityError):
        rows.flush()


def test_a_unit_that_only_added_rows_sets_no_savepoint(connection: sqlite3.Connection) -> None:
    asked: list[str] = []
    connection.set_trace_callback(asked.append)
    rows = RowBuffer(connection)
    rows.mark()
    rows.run(*event(1))
    rows.keep()
    rows.mark()
    rows.run(*event(2))
    rows.undo()
    assert asked == []
    rows.flush()
    assert content(connection)[0] == [1]


def test_a_unit_that_did_more_is_undone_without_the_rows_before_it(connection: sqlite3.Connection) -> None:
    rows = RowBuffer(connection)
    rows.mark()
    rows.run(*event(1))
    rows.keep()
    rows.mark()
    rows.run(*event(2))
    rows.run(*stray(1))
    rows.run(*event(3))
    rows.undo()
    rows.mark()
    rows.run(*event(4))
    rows.keep()
    rows.flush()
    assert content(connection) == ([1, 4], [], [])


def test_every_statement_that_waits_only_adds_one_row() -> None:
    assert all(text.startswith("INSERT INTO ") and "CONFLICT" not in text for text in TABLES)
    assert all("SELECT" not in text for text in TABLES)


_units = st.lists(st.tuples(st.lists(st.sampled_from("etsf"), max_size=6), st.booleans()), max_size=8)


@given(_units)
def test_the_tables_end_as_if_nothing_had_waited(units: list[tuple[list[str], bool]]) -> None:
    with closing(fresh()) as connection, closing(fresh()) as plain:
        rows, number = RowBuffer(connection), 0
        for steps, kept in units:
            rows.mark()
            plain.execute("SAVEPOINT unit")
            for step in steps:
                number += 1
                if step == "f":
                    rows.flush()
                    continue
                statement, values = {"e": event, "t": ticket, "s": stray}[step](number)
                rows.run(statement, values)
                plain.execute(statement, values)
            (rows.keep if kept else rows.undo)()
            if not kept:
                plain.execute("ROLLBACK TO unit")
            plain.execute("RELEASE unit")
        rows.flush()
        assert content(connection) == content(plain)
