"""What the store keeps, in which order, and what it takes back."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import Any

import pytest

from hallqueue import events as ev
from hallqueue.errors import StorageDamaged, StorageFailed, StorageFull, StorageNewer, UnknownTicket
from hallqueue.rules.chain import genesis, link
from hallqueue.store.codec import decode_body, encode_body
from hallqueue.store.lookup import Lookup
from hallqueue.store.project import PROJECTION
from hallqueue.unit import Moment
from hallqueue.verify.witness import STEPS


def rows(hall: Any, query: str, *values: object) -> list[Any]:
    return hall.store.connection.execute(query, values).fetchall()


def test_the_log_is_durable_by_its_settings(hall: Any) -> None:
    settings = {
        name: rows(hall, f"PRAGMA {name}")[0][0]
        for name in ("journal_mode", "synchronous", "foreign_keys", "journal_size_limit")
    }
    assert settings == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "journal_size_limit": 16 * 1024 * 1024,
    }


def test_every_type_of_event_has_a_projection_and_a_witness() -> None:
    assert set(PROJECTION) == set(STEPS) == set(ev.BODIES.values())


def test_events_are_numbered_without_gaps_and_chained(hall: Any) -> None:
    hall.busy(7, 60)
    previous = genesis(hall.store.head.epoch)
    found = rows(hall, "SELECT seq, type, body, at_ms, day, clock_ok, actor, chain FROM event ORDER BY id")
    for expected, (seq, kind, body, at_ms, day, ok, actor, chain) in enumerate(found, 1):
        assert seq == expected
        assert chain == link(
            previous, hall.store.head.epoch, seq, kind, body.encode(), at_ms, day, bool(ok), actor
        )
        previous = chain
    assert hall.store.head.chain == previous


def test_what_is_read_back_is_what_was_recorded(hall: Any) -> None:
    moment = Moment(hall.clock.ms, hall.state.day, False, "window:2/李敏")
    body = ev.TicketVoided(ticket=1, reason="离开“了”\n")
    event = hall.unit(lambda: hall.store.record(body, moment))
    assert list(hall.store.events_of_day(hall.state.day))[-1] == event
    assert (event.clock_ok, event.actor, event.body) == (False, "window:2/李敏", body)


def test_the_replay_of_a_day_has_that_day_only(hall: Any) -> None:
    hall.busy(1, 20)
    first = hall.state.day
    hall.next_day()
    hall.busy(2, 20)
    assert {event.day for event in hall.store.events_of_day(first)} == {first}
    assert {event.day for event in hall.store.events_of_day(hall.state.day)} == {hall.state.day}
    assert list(hall.store.events_of_day("2020-01-01")) == []
    total = sum(len(list(hall.store.events_of_day(day))) for day in (first, hall.state.day))
    assert total == hall.store.head.seq


def test_the_next_life_goes_on_where_the_last_one_ended(hall: Any, open_hall: Any) -> None:
    hall.busy(3, 80)
    head, dump = hall.store.head, hall.state.dump()
    hall.close()
    again = open_hall()
    assert again.store.head == head
    assert again.state.dump() == dump
    assert again.store.recovery is None
    assert (again.store.last_day, again.store.last_at_ms) == (head.day, head.at_ms)


def test_the_tables_say_what_the_fold_of_the_day_says(hall: Any, plan: Any) -> None:
    for seed in range(3):
        hall.busy(seed, 150)
    lookup = Lookup(hall.store.connection, hall.folder, plan)
    moment = hall.engine.moment(hall.clock.ms, True, "test")
    assert lookup.tickets(hall.state.day, limit=1000) == hall.engine.tickets(moment, limit=1000)
    for window, kept in hall.state.windows.items():
        assert rows(hall, "SELECT state, clerk, reason FROM window WHERE number = ?", window) == [
            (kept.state, kept.clerk, kept.pause_reason)
        ]
    ratings = rows(hall, "SELECT matter, window, state, level, until_ms FROM rating ORDER BY matter")
    assert ratings == [
        (r.matter, r.window, r.state, r.level, r.until_ms) for _, r in sorted(hall.state.ratings.items())
    ]
    jobs = rows(hall, "SELECT id, ticket, copy, state, printer, rung FROM print_job ORDER BY id")
    assert jobs == [(j.id, j.ticket, j.copy, j.state, j.printer, j.rung) for j in hall.state.jobs.values()]


def test_each_ticket_has_at_most_one_running_period_and_it_fits_its_state(hall: Any) -> None:
    hall.busy(11, 300)
    running = dict(rows(hall, "SELECT ticket, kind FROM period WHERE end_ms IS NULL"))
    kinds = {"transferred": "waiting"}
    expected = {
        ticket: kinds.get(state, state)
        for ticket, state in rows(hall, "SELECT id, state FROM ticket")
        if state not in ("done", "void", "passed")
    }
    assert running == expected
    assert rows(hall, "SELECT count(*) FROM period WHERE end_ms < start_ms") == [(0,)]


def test_a_unit_that_is_rolled_back_leaves_nothing_and_takes_no_number(hall: Any) -> None:
    store = hall.store
    before = store.head
    store.begin()
    store.savepoint()
    taken = store.counters.take("ticket")
    store.record(ev.StrayPress(window=1, device="pad", raw_key="1"), _moment(hall))
    store.request_put("k", "press", b"p", b"a", 1)
    store.rollback_to()
    store.savepoint()
    kept = store.record(ev.StrayPress(window=2, device="pad", raw_key="2"), _moment(hall))
    assert store.counters.take("ticket") == taken
    store.release()
    store.commit()
    assert kept.seq == before.seq + 1
    assert store.request_get("k") is None
    assert rows(hall, "SELECT window, presses FROM stray") == [(2, 1)]


def test_a_batch_that_is_rolled_back_leaves_nothing(hall: Any) -> None:
    before, value = hall.store.head, hall.store.counters.value("ticket")
    hall.store.begin()
    hall.store.savepoint()
    hall.store.counters.take("ticket")
    hall.store.record(ev.StrayPress(window=1, device="pad", raw_key="1"), _moment(hall))
    hall.store.release()
    hall.store.rollback()
    hall.store.rollback()
    assert hall.store.head == before
    assert hall.store.counters.value("ticket") == value
    assert rows(hall, "SELECT count(*) FROM event") == [(before.seq,)]


def test_a_full_database_is_a_clear_error_and_the_store_goes_on_when_there_is_room(hall: Any) -> None:
    head = hall.store.head
    hall.store.connection.execute(f"PRAGMA max_page_count = {rows(hall, 'PRAGMA page_count')[0][0]}")
    with pytest.raises(StorageFull, match="磁盘已满"):
        hall.busy(1, 2000)
    issued = hall.store.head
    assert rows(hall, "SELECT count(*) FROM event") == [(issued.seq,)]
    hall.store.connection.execute("PRAGMA max_page_count = 1000000")
    hall.start_rules()
    hall.busy(2, 50)
    assert hall.store.head.seq > issued.seq >= head.seq


def test_a_second_ticket_with_a_number_of_the_day_cannot_be_recorded(hall: Any) -> None:
    hall.do("issue", "social")
    body = decode_body("TicketIssued", rows(hall, "SELECT body FROM event WHERE type='TicketIssued'")[0][0])
    assert isinstance(body, ev.TicketIssued)
    with pytest.raises(StorageFailed, match="UNIQUE"):
        hall.record(body)
    assert rows(hall, "SELECT count(*) FROM ticket") == [(1,)]


def test_a_request_key_brings_back_its_answer_until_it_is_a_week_old(hall: Any) -> None:
    store, day = hall.store, 86_400_000
    hall.unit(lambda: store.request_put("old", "issue", b"p1", b"a1", 0))
    hall.unit(lambda: store.request_put("new", "void", b"p2", b"a2", 3 * day))
    found = store.request_get("old")
    assert (found.method, found.params, found.answer) == ("issue", b"p1", b"a1")
    assert hall.unit(lambda: store.prune_requests(8 * day, 3600.0)) == 0
    assert hall.unit(lambda: store.prune_requests(8 * day, 7200.0)) == 1
    assert store.request_get("old") is None
    assert store.request_get("new") is not None
    assert hall.unit(lambda: store.prune_requests(8 * day, 7201.0)) == 0


def test_a_past_ticket_is_found_by_id_number_and_reference(hall: Any, plan: Any) -> None:
    issued = hall.do("issue", "family").ticket
    day = hall.state.day
    hall.next_day()
    hall.do("issue", "family")
    lookup = Lookup(hall.store.connection, hall.folder, plan)
    found = lookup.ticket(str(issued.ticket), hall.state.day)
    assert (found.number, found.day, found.state) == ("E001", day, "void")
    assert found.matters == ("婚姻登记", "社保")
    assert lookup.ticket("e001", day) == lookup.ticket(issued.reference, hall.state.day) == found
    with pytest.raises(UnknownTicket):
        lookup.ticket("E002", day)


def test_tickets_are_listed_in_pages_by_day_and_state(hall: Any, plan: Any) -> None:
    first = [hall.do("issue", "social").ticket.ticket for _ in range(5)]
    day = hall.state.day
    hall.do("void", first[1], reason="离开")
    hall.next_day()
    second = [hall.do("issue", "social").ticket.ticket for _ in range(2)]
    lookup = Lookup(hall.store.connection, hall.folder, plan)

    def ids(*values: Any, **named: Any) -> list[int]:
        return [view.ticket for view in lookup.tickets(*values, **named)]

    assert ids(day, limit=2) == first[:2]
    assert ids(day, after=first[1]) == first[2:]
    assert ids(hall.state.day) == ids(hall.state.day, "waiting") == second
    assert ids(hall.state.day, "done") == ids("2031-01-01") == []


def test_events_are_listed_after_a_cursor_or_from_the_end(hall: Any, plan: Any) -> None:
    hall.busy(5, 40)
    lookup = Lookup(hall.store.connection, hall.folder, plan)
    last = hall.store.head.seq
    assert [line.seq for line in lookup.events(after=3, limit=4)] == [4, 5, 6, 7]
    assert [line.seq for line in lookup.events(after=-1, limit=3)] == [last - 2, last - 1, last]
    assert lookup.events(after=last) == ()


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM ticket WHERE day = '2026-03-02' AND number = 'A001'",
        "SELECT * FROM ticket WHERE reference = 'x'",
        "SELECT * FROM event WHERE id > 5 ORDER BY id LIMIT 3",
        "SELECT * FROM period WHERE ticket = 5 AND end_ms IS NULL",
        "SELECT * FROM print_job WHERE ticket = 5",
        "SELECT * FROM request WHERE key = 'x'",
        "SELECT * FROM rating WHERE day = '2026-03-02'",
    ],
)
def test_no_query_of_the_hall_scans_a_table(hall: Any, query: str) -> None:
    plans = [row[3] for row in rows(hall, f"EXPLAIN QUERY PLAN {query}")]
    assert plans
    assert not [step for step in plans if step.startswith("SCAN") or "TEMP B-TREE" in step]


def test_every_hot_statement_finds_its_rows_through_a_key(hall: Any) -> None:
    from hallqueue.store import statements

    small = ("COUNTERS", "DEVICES", "WINDOWS", "DEVICES_NEW_DAY", "WINDOWS_NEW_DAY", "SCANS_HERE")
    scans = []
    for name, text in vars(statements).items():
        if name.isupper() and isinstance(text, str) and " " in text and not name.endswith("_COLUMNS"):
            steps = rows(hall, f"EXPLAIN QUERY PLAN {text}", *([1] * text.count("?")))
            if name not in small and any(s[3].startswith("SCAN") and "LIMIT" not in text for s in steps):
                scans.append(name)
    assert scans == []


def test_the_plan_is_remembered_once_until_it_changes(hall: Any, plan: Any) -> None:
    from dataclasses import replace

    hall.unit(lambda: hall.store.keep_plan(plan))
    assert rows(hall, "SELECT count(*) FROM plan") == [(1,)]
    hall.unit(lambda: hall.store.keep_plan(replace(plan, hall_name="另一个")))
    assert rows(hall, "SELECT count(*) FROM plan") == [(2,)]


def test_an_event_from_an_older_version_may_lack_a_field_with_a_default() -> None:
    body = decode_body("TicketHeld", '{"ticket":1,"window":2}')
    assert body == ev.TicketHeld(ticket=1, window=2)
    assert decode_body("TicketHeld", encode_body(body)) == body


def test_an_event_that_this_version_cannot_read_is_refused() -> None:
    with pytest.raises(StorageNewer, match="Miracle"):
        decode_body("Miracle", "{}")
    with pytest.raises(StorageDamaged):
        decode_body("TicketHeld", '{"ticket":"x"}')


def test_closing_twice_is_fine_and_leaves_one_file(hall: Any) -> None:
    hall.close()
    hall.close()
    assert [path.exists() for path in hall.folder.database_files] == [True, False, False]
    with closing(sqlite3.connect(hall.folder.database)) as connection:
        assert connection.execute("SELECT value FROM meta WHERE key = 'running'").fetchone() == ("",)


def _moment(hall: Any) -> Moment:
    return Moment(hall.clock.ms, hall.state.day, True, "test")
