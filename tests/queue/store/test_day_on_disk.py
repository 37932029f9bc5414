"""What a reopened day, a set clock and a matter left out leave in the tables, and what verify says of it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from hallqueue.events import ClockStepped, DayReopened, MatterFinished
from hallqueue.verify import VerifyReport, verify


def rows(hall: Any, statement: str) -> list[Any]:
    with closing(sqlite3.connect(hall.folder.database)) as connection:
        return connection.execute(statement).fetchall()


def verified(hall: Any, plan: Any) -> VerifyReport:
    database: Path = hall.folder.database
    hall.close()
    return verify(database, plan)


def lies(hall: Any, plan: Any) -> set[str]:
    return {finding.code for finding in verified(hall, plan).findings}


def rated_later(hall: Any) -> Any:
    """A matter whose rating is asked for when the clock is set half an hour ahead."""
    hall.open_all()
    hall.do("issue", "social")
    hall.do("call_next", 1)
    hall.do("start", 1)
    asked = hall.do("finish", 1).rating
    hall.unit(lambda: hall.engine.tick(hall.engine.moment(hall.clock.ms, True, "keeper"), 0))
    hall.clock.ms += 1_800_000
    hall.unit(lambda: hall.engine.tick(hall.engine.moment(hall.clock.ms, True, "keeper"), 0))
    return asked


def test_a_reopened_day_is_open_in_the_tables_and_proved(hall: Any, plan: Any) -> None:
    hall.do("issue", "social")
    hall.do("close_day", reason="错按")
    hall.do("reopen_day")
    hall.do("issue", "social")
    assert [row[2:] for row in rows(hall, "SELECT * FROM day")] == [(0, "")]
    hall.start_rules()
    assert not hall.state.closed
    assert verified(hall, plan).findings == ()


def test_a_set_clock_moves_the_end_of_a_rating_in_the_tables_too_and_is_proved(hall: Any, plan: Any) -> None:
    asked = rated_later(hall)
    assert rows(hall, "SELECT until_ms, state FROM rating") == [(asked.until_ms + 1_800_000, "open")]
    assert hall.do("press", 1, level="satisfied", raw_key="2", device="pad").rated
    hall.start_rules()
    assert verified(hall, plan).findings == ()


def test_a_matter_left_out_is_left_out_of_the_tables_too_and_is_proved(hall: Any, plan: Any) -> None:
    hall.open_all()
    ticket = hall.do("issue", "family").ticket
    hall.do("call_ticket", 3, ticket.ticket)
    hall.do("start", 3)
    hall.do("finish", 3, then="tax")
    hall.do("press", 3, level="satisfied", raw_key="2", device="pad")
    finished = MatterFinished(
        ticket=ticket.ticket,
        matter=2,
        service="tax",
        window=3,
        clerk="员3",
        verb="advance",
        next_matter=hall.store.counters.take("matter"),
        next_service="marry",
        rate_until_ms=hall.clock.ms + 60_000,
        skipped=1,
    )
    hall.record(finished)
    assert rows(hall, "SELECT matters, matter_index FROM ticket") == [('["marry","tax","marry"]', 2)]
    assert verified(hall, plan).findings == ()


@pytest.mark.parametrize(
    "lie",
    [DayReopened(day="2026-03-02"), DayReopened(day="2026-03-01"), ClockStepped(by_ms=60_000, matters=(7,))],
    ids=["of an open day", "of another day", "of a rating that nobody asks for"],
)
def test_verify_finds_a_well_chained_lie(lie: Any, hall: Any, plan: Any) -> None:
    hall.do("issue", "social")
    hall.record(lie)
    assert lies(hall, plan)


def test_verify_finds_a_rating_whose_end_was_moved_by_hand(hall: Any, plan: Any) -> None:
    rated_later(hall)
    hall.close()
    with closing(sqlite3.connect(hall.folder.database)) as connection:
        connection.execute("UPDATE rating SET until_ms = until_ms + 1")
        connection.commit()
    assert not verify(hall.folder.database, plan).is_clean
