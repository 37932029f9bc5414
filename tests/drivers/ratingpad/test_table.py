"""Byte-pattern tables: what is refused, and what is found in any stream."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from halldrivers.errors import Actor
from halldrivers.ratingpad.errors import BadPadTable
from halldrivers.ratingpad.heard import KeyHeard
from halldrivers.ratingpad.table import MOST_PATTERN_BYTES, PARTIAL_S, PadTable, TableDecoder, sent_bytes

FOUR = {str(key): f"AA 01 .. {key:02X} 55" for key in range(1, 5)}
TABLE = PadTable(FOUR, other=("AA 02 .. 55",))


def frame(key: int, address: int = 7) -> bytes:
    return bytes((0xAA, 1, address, key, 0x55))


def keys_in(data: bytes, table: PadTable = TABLE) -> list[str]:
    return [heard.key for heard in TableDecoder(table).feed(data, 0.0)]


def test_each_key_is_known_by_its_frame_whatever_stands_for_the_wildcard() -> None:
    assert keys_in(frame(1) + frame(4, 0) + frame(2, 255)) == ["1", "4", "2"]


def test_patterns_may_be_written_with_or_without_spaces_and_in_either_case() -> None:
    assert keys_in(b"\xaa\x0b", PadTable({"1": "aa0B"})) == ["1"]
    assert keys_in(b"\xaa\x0b\x01", PadTable({"3": " AA  0b .."})) == ["3"]


def test_garbage_before_a_frame_is_counted_and_the_frame_is_found() -> None:
    decoder = TableDecoder(TABLE)
    assert [heard.key for heard in decoder.feed(b"\x00\xff\xaa" + frame(3), 0.0)] == ["3"]
    assert decoder.garbage == 3


def test_garbage_inside_a_frame_loses_that_frame_alone() -> None:
    assert keys_in(frame(1)[:3] + b"\x99" + frame(1)[3:] + frame(2)) == ["2"]


def test_garbage_after_a_frame_hides_nothing() -> None:
    assert keys_in(frame(1) + b"\x55\x55" + frame(2)) == ["1", "2"]


def test_a_frame_that_begins_inside_one_that_breaks_off_is_found() -> None:
    assert keys_in(b"\xaa\x01\xaa\x01\x07\x02\x55") == ["2"]


def test_a_short_frame_inside_a_long_one_that_fails_is_found() -> None:
    table = PadTable({"1": "AA BB CC DD", "2": "BB CC"})
    assert keys_in(b"\xaa\xbb\xcc\xee", table) == ["2"]
    assert keys_in(b"\xaa\xbb\xcc\xdd", table) == ["1"]


def test_frames_that_mean_nothing_here_are_no_garbage() -> None:
    decoder = TableDecoder(TABLE)
    assert decoder.feed(b"\xaa\x02\x33\x55" + frame(1), 0.0) == [KeyHeard("1", 0.0)]
    assert decoder.garbage == 0


def test_a_frame_may_come_byte_by_byte_and_began_with_its_first_one() -> None:
    decoder = TableDecoder(TABLE)
    heard = [h for n, byte in enumerate(frame(2)) for h in decoder.feed(bytes((byte,)), 10 + n * 0.01)]
    assert heard == [KeyHeard("2", 10.0)]


def test_a_frame_that_stands_still_is_over() -> None:
    decoder = TableDecoder(TABLE)
    decoder.feed(frame(1)[:4], 0.0)
    assert decoder.feed(b"", PARTIAL_S + 0.01) == []
    assert (decoder.buffered, decoder.garbage) == (0, 4)
    assert decoder.feed(frame(1)[4:], PARTIAL_S + 0.02) == []
    assert [heard.key for heard in decoder.feed(frame(2), 1.0)] == ["2"]


def test_a_new_frame_behind_old_garbage_began_when_its_own_first_byte_came() -> None:
    decoder = TableDecoder(TABLE)
    decoder.feed(b"\xaa", 5.0)
    assert decoder.feed(frame(1), 5.1) == [KeyHeard("1", 5.1)]


def test_a_wildcard_in_front_is_allowed_where_the_rest_decides() -> None:
    table = PadTable({"1": ".. 10 FE", "2": ".. 11 FE"})
    assert keys_in(b"\x33\x05\x10\xfe\x07\x11\xfe", table) == ["1", "2"]


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ({}, "there are no keys"),
        ({"9": "AA"}, "keys are 1 to 8, not '9'"),
        ({"x": "AA"}, "keys are 1 to 8, not 'x'"),
        ({"1": ""}, "'' needs 1 to 32 bytes"),
        ({"1": "AA" * 33}, f"'{'AA' * 33}' needs 1 to 32 bytes"),
        ({"1": "AA B"}, "'B' in 'AA B' is not two hex digits or .."),
        ({"1": "AA 0x"}, "'0x' in 'AA 0x' is not two hex digits or .."),
        ({"1": "AA .B"}, "'.B' in 'AA .B' is not two hex digits or .."),
        ({"1": ".. .."}, "'.. ..' fits everything"),
        (
            {"1": "AA 01", "2": "AA 01"},
            "'AA 01' and 'AA 01' cannot be told apart: one begins the other, or both fit",
        ),
        (
            {"1": "AA ..", "2": "AA 02"},
            "'AA 02' and 'AA ..' cannot be told apart: one begins the other, or both fit",
        ),
        (
            {"1": "AA", "2": "AA 02"},
            "'AA 02' and 'AA' cannot be told apart: one begins the other, or both fit",
        ),
    ],
)
def test_a_table_that_cannot_tell_its_keys_apart_is_refused_in_words(
    table: dict[str, str], says: str
) -> None:
    with pytest.raises(BadPadTable) as caught:
        PadTable(table)
    assert caught.value.detail == says
    assert caught.value.detail_zh != says
    assert (caught.value.code, caught.value.who) == ("E-01", Actor.TECHNICIAN)


def test_other_frames_must_be_told_apart_from_keys_too() -> None:
    with pytest.raises(BadPadTable, match="cannot be told apart"):
        PadTable({"1": "AA 01"}, other=("AA ..",))


def test_what_is_sent_has_no_wildcards() -> None:
    with pytest.raises(BadPadTable, match=r"what is sent has no \.\.: 'AA \.\.'"):
        PadTable({"1": "AA 01"}, arm="AA ..")
    assert sent_bytes(PadTable({"1": "AA 01"}, arm="BB 0C").arm) == b"\xbb\x0c"


BYTES = st.integers(0, 3)
PATTERNS = st.lists(st.one_of(BYTES, st.none()), min_size=1, max_size=4).map(
    lambda parts: " ".join(".." if part is None else f"{part:02X}" for part in parts)
)
TABLES = st.lists(PATTERNS, min_size=1, max_size=4, unique=True)


def table_of(patterns: list[str]) -> PadTable | None:
    try:
        return PadTable({str(index): pattern for index, pattern in enumerate(patterns, 1)})
    except BadPadTable:
        return None


@given(TABLES, st.lists(BYTES, max_size=30), st.data())
def test_however_the_bytes_are_cut_the_keys_and_the_garbage_are_the_same(
    patterns: list[str], stream: list[int], data: st.DataObject
) -> None:
    table = table_of(patterns)
    if table is None:
        return
    whole, cut, heard, rest = TableDecoder(table), TableDecoder(table), [], bytes(stream)
    while rest:
        size = data.draw(st.integers(1, len(rest)))
        heard += cut.feed(rest[:size], 0.0)
        rest = rest[size:]
    assert heard == whole.feed(bytes(stream), 0.0)
    assert (cut.garbage, cut.buffered) == (whole.garbage, whole.buffered)


@given(TABLES, st.lists(BYTES, max_size=60))
def test_every_byte_is_in_a_frame_or_garbage_or_still_open(patterns: list[str], stream: list[int]) -> None:
    table = table_of(patterns)
    if table is None:
        return
    lengths = {key: len(pattern) for key, pattern in table.patterns}
    decoder = TableDecoder(table)
    heard = decoder.feed(bytes(stream), 0.0)
    framed = sum(lengths[key.key] for key in heard)
    assert framed + decoder.garbage + decoder.buffered == len(stream)
    assert decoder.buffered < max(lengths.values())


@given(st.text(alphabet="0123456789abcdefgABCDEF. ", max_size=80))
def test_any_text_is_a_pattern_or_refused_in_words(text: str) -> None:
    try:
        table = PadTable({"1": text})
    except BadPadTable as error:
        assert error.detail and error.detail_zh
    else:
        assert 1 <= len(table.patterns[0][1]) <= MOST_PATTERN_BYTES
