"""The hash chain: any change to any stored column shows."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hallqueue.rules.chain import LINK_BYTES, genesis, link

EVENT: dict[str, Any] = {
    "epoch": "e1",
    "seq": 7,
    "type": "TicketIssued",
    "body": b'{"ticket":1}',
    "at_ms": 1_772_413_200_000,
    "day": "2026-03-02",
    "clock_ok": True,
    "actor": "terminal",
}
OTHER: dict[str, Any] = {
    "epoch": "e2",
    "seq": 8,
    "type": "TicketCalled",
    "body": b'{"ticket":2}',
    "at_ms": 1_772_413_200_001,
    "day": "2026-03-03",
    "clock_ok": False,
    "actor": "window:1",
}
texts = st.text(max_size=12)
events = st.fixed_dictionaries(
    {
        "epoch": texts,
        "seq": st.integers(0, 10**9),
        "type": texts,
        "body": st.binary(max_size=12),
        "at_ms": st.integers(0, 10**13),
        "day": texts,
        "clock_ok": st.booleans(),
        "actor": texts,
    }
)


def test_a_link_is_the_hash_of_the_link_before_the_lengths_the_texts_and_the_body() -> None:
    written = b'7 1772413200000 1 2 12 10 8 e1TicketIssued2026-03-02terminal{"ticket":1}'
    assert link(genesis("e1"), **EVENT) == sha256(genesis("e1") + written).digest()


def test_lengths_count_characters_and_text_is_utf_8() -> None:
    event = {**EVENT, "actor": "window:2/李敏", "clock_ok": False}
    written = "7 1772413200000 0 2 12 10 11 e1TicketIssued2026-03-02window:2/李敏".encode() + b'{"ticket":1}'
    assert link(genesis("e1"), **event) == sha256(genesis("e1") + written).digest()


def test_the_number_and_the_time_cannot_run_into_each_other() -> None:
    one, other = {**EVENT, "seq": 1, "at_ms": 23}, {**EVENT, "seq": 12, "at_ms": 3}
    assert link(genesis("e1"), **one) != link(genesis("e1"), **other)


@pytest.mark.parametrize("column", sorted(EVENT))
def test_another_value_in_any_column_is_another_link(column: str) -> None:
    changed = {**EVENT, column: OTHER[column]}
    assert link(genesis("e1"), **changed) != link(genesis("e1"), **EVENT)


def test_another_link_before_is_another_link() -> None:
    assert link(genesis("e1"), **EVENT) != link(genesis("e2"), **EVENT)


def test_every_epoch_begins_elsewhere() -> None:
    assert len({genesis(e) for e in ("", "a", "b", "ab")}) == 4
    assert len(genesis("a")) == LINK_BYTES


def test_text_cannot_wander_from_one_column_into_the_next() -> None:
    one, other = {**EVENT, "day": "ab", "actor": "c"}, {**EVENT, "day": "a", "actor": "bc"}
    assert link(genesis("e1"), **one) != link(genesis("e1"), **other)


@given(events, events)
def test_two_events_have_one_link_only_when_they_are_equal(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    start = genesis("e1")
    assert (link(start, **one) == link(start, **other)) is (one == other)


@pytest.mark.parametrize("prev", [b"", b"x" * 31, b"x" * 33])
def test_what_is_no_link_cannot_be_continued(prev: bytes) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        link(prev, **EVENT)
