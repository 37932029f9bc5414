"""Scanners on a wire: bytes to codes, and everything that must not become one."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from halldrivers.barcode.codes import ENDLESS, LONGEST, BadCode, BadReason, Code, Read
from halldrivers.barcode.linedecoder import End, Framing, LineDecoder

LATER_S = 1000.0
PRINTABLE = bytes(range(0x20, 0x7F))


def texts(reads: list[Read]) -> list[str]:
    return [read.text if isinstance(read, Code) else read.reason for read in reads]


def fed(data: bytes, framing: Framing | None = None) -> list[str]:
    return texts(LineDecoder(framing).feed(data, 1.0))


@pytest.mark.parametrize(
    ("end", "data"),
    [
        (End.LINE, b"A1\rB2\nC3\r\nD4\r"),
        (End.CR, b"A1\rB2\rC3\rD4\r"),
        (End.CR, b"A1\r\nB2\r\nC3\r\nD4\r\n"),
        (End.LF, b"A1\nB2\nC3\nD4\n"),
        (End.CRLF, b"A1\r\nB2\r\nC3\r\nD4\r\n"),
        (End.TAB, b"A1\tB2\tC3\tD4\t"),
        (End.ETX, b"A1\x03B2\x03C3\x03\r\nD4\x03"),
    ],
)
def test_a_code_ends_where_its_scanner_ends_it(end: End, data: bytes) -> None:
    assert fed(data, Framing(end)) == ["A1", "B2", "C3", "D4"]


def test_empty_lines_are_nothing() -> None:
    assert fed(b"\r\n\r\n\nA1\r\n\r\n") == ["A1"]


def test_every_printable_character_passes() -> None:
    assert fed(PRINTABLE + b"\r") == [PRINTABLE.decode()]


def test_an_exact_end_leaves_the_other_one_a_control_character() -> None:
    """A hostile code "A CR B" would be two codes for a scanner whose end is not known exactly."""
    assert fed(b"A\rB\r\n", Framing(End.CRLF)) == [BadReason.CONTROL]
    assert fed(b"A\nB\r\n", Framing(End.CRLF)) == [BadReason.CONTROL]
    assert fed(b"A\nB\r", Framing(End.CR)) == [BadReason.CONTROL]
    assert fed(b"A\rB\t", Framing(End.TAB)) == [BadReason.CONTROL]


@pytest.mark.parametrize("byte", [*range(0x00, 0x0A), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F])
def test_a_control_character_refuses_the_code(byte: int) -> None:
    assert fed(b"AB" + bytes((byte,)) + b"CD\r") == [BadReason.CONTROL]


def test_escape_sequences_for_a_terminal_are_refused() -> None:
    assert fed(b"\x1b]0;title\x07\r\x1b[31mA\r") == [BadReason.CONTROL, BadReason.CONTROL]


@pytest.mark.parametrize("text", ["同心县", "A张三", "é", "\u202etxt"])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_what_is_not_ascii_is_refused_with_the_reason_why(text: str, encoding: str) -> None:
    assert fed(text.encode(encoding) + b"\rA1\r") == [BadReason.NOT_ASCII, "A1"]
    assert "扫码枪传不准" in BadReason.NOT_ASCII.zh


def test_stx_and_etx_around_a_code_are_taken_off() -> None:
    assert fed(b"\x02A1\x03\r", Framing(End.CR, b"\x02", b"\x03")) == ["A1"]
    assert fed(b"\x02A1\x03\x02B2\x03", Framing(End.ETX, b"\x02")) == ["A1", "B2"]


def test_stx_that_the_address_does_not_name_is_a_control_character() -> None:
    assert fed(b"\x02A1\x03\r") == [BadReason.CONTROL]


@pytest.mark.parametrize("identifier", [b"]Q1", b"]Q3", b"]C0", b"]E4", b"]d2", b"]L0"])
def test_an_aim_identifier_is_taken_off_where_the_address_says_so(identifier: bytes) -> None:
    assert fed(identifier + b"A1\r", Framing(has_aim=True)) == ["A1"]
    assert fed(identifier + b"A1\r") == [identifier.decode() + "A1"]
    assert fed(b"\x02" + identifier + b"A1\r", Framing(prefix=b"\x02", has_aim=True)) == ["A1"]


def test_only_one_identifier_is_taken_off_and_only_at_the_beginning() -> None:
    assert fed(b"]Q1]Q1A\rB]Q1\r", Framing(has_aim=True)) == ["]Q1A", "B]Q1"]


def test_a_prefix_without_a_code_is_nothing() -> None:
    assert fed(b"]Q1\rA1\r", Framing(has_aim=True)) == ["A1"]


def test_the_longest_code_passes_and_one_more_is_refused_whole() -> None:
    decoder = LineDecoder()
    assert texts(decoder.feed(b"7" * LONGEST + b"\r", 1.0)) == ["7" * LONGEST]
    (bad,) = decoder.feed(b"7" * (LONGEST + 1) + b"\r", 1.0)
    assert bad == BadCode(BadReason.TOO_LONG, LONGEST + 1, 1.0)
    assert texts(decoder.feed(b"A1\r", 1.0)) == ["A1"]


def test_the_longest_code_passes_with_all_that_may_stand_around_it() -> None:
    framing = Framing(End.CRLF, b"<<<", b">>>", has_aim=True)
    assert fed(b"<<<]Q1" + b"7" * LONGEST + b">>>\r\n", framing) == ["7" * LONGEST]


@pytest.mark.parametrize("byte", [b"\x00", b"7", b"\xff"], ids=["nul", "digits", "ff"])
def test_a_flood_without_an_end_takes_no_memory_and_is_told_while_it_goes_on(byte: bytes) -> None:
    decoder = LineDecoder()
    reads: list[Read] = []
    for _ in range(100):
        reads += decoder.feed(byte * 1000, 1.0)
        assert decoder.buffered <= LONGEST + 4
    assert reads == [BadCode(BadReason.TOO_LONG, ENDLESS, 1.0)] * (100_000 // ENDLESS)
    assert texts(decoder.feed(b"\rA1\r", 1.0)) == [BadReason.TOO_LONG, "A1"]


@pytest.mark.parametrize("end", list(End))
def test_what_is_too_long_ends_with_its_end_under_every_setting(end: End) -> None:
    ends = {
        End.LINE: b"\n",
        End.CR: b"\r",
        End.LF: b"\n",
        End.CRLF: b"\r\n",
        End.TAB: b"\t",
        End.ETX: b"\x03",
    }
    data = b"7" * 2000 + ends[end] + b"A1" + ends[end]
    assert fed(data, Framing(end)) == [BadReason.TOO_LONG, "A1"]


def test_bytes_come_one_by_one_or_all_at_once() -> None:
    data = b"A1\r\nB\x07\r\n" + b"7" * 600 + b"\r\nC3\r\n"
    decoder = LineDecoder()
    pieces = [read for byte in data for read in decoder.feed(bytes((byte,)), 1.0)]
    assert pieces == LineDecoder().feed(data, 1.0)


def test_a_scan_that_broke_off_is_dropped_and_its_half_joins_nothing() -> None:
    decoder = LineDecoder()
    assert decoder.feed(b"HALF", 1.0) == []
    assert decoder.idle(1.4) == []
    assert decoder.idle(1.6) == [BadCode(BadReason.INCOMPLETE, 4, 1.6)]
    assert decoder.idle(9.0) == [] and decoder.buffered == 0
    assert texts(decoder.feed(b"A1\r", 9.0)) == ["A1"]


def test_noise_before_a_code_is_gone_when_the_code_comes() -> None:
    decoder = LineDecoder()
    decoder.feed(b"\x00\xf8", 1.0)
    assert texts([*decoder.idle(3.0), *decoder.feed(b"A1\r", 3.0)]) == [BadReason.INCOMPLETE, "A1"]


def test_bytes_that_were_fetched_late_belong_to_their_code() -> None:
    decoder = LineDecoder()
    decoder.feed(b"HALL-A0", 1.0)
    assert texts(decoder.feed(b"12\r", 4.0)) == ["HALL-A012"]


def test_garbage_inside_of_a_code_refuses_that_code_alone() -> None:
    assert fed(b"A1\rB\xff\xfe2\rC3\r") == ["A1", BadReason.NOT_ASCII, "C3"]


def test_a_slow_scanner_is_waited_for() -> None:
    decoder = LineDecoder()
    for index, byte in enumerate(b"SLOW"):
        assert decoder.feed(bytes((byte,)), 1.0 + 0.4 * index) == []
    assert texts(decoder.feed(b"\r", 2.6)) == ["SLOW"]


def test_a_device_that_went_away_leaves_nothing() -> None:
    decoder = LineDecoder()
    decoder.feed(b"PERSONAL", 1.0)
    decoder.reset()
    assert decoder.buffered == 0 and decoder.idle(LATER_S) == []
    assert texts(decoder.feed(b"A1\r", 1.0)) == ["A1"]


FRAMINGS = st.builds(
    Framing,
    st.sampled_from(list(End)),
    st.sampled_from([b"", b"\x02", b"<<"]),
    st.sampled_from([b"", b"\x04", b">>"]),
    st.booleans(),
)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=1500), FRAMINGS, st.lists(st.integers(0, 1500), max_size=8))
def test_any_bytes_give_codes_of_printable_ascii_however_they_are_cut(
    data: bytes, framing: Framing, cuts: list[int]
) -> None:
    whole, cut = LineDecoder(framing), LineDecoder(framing)
    reads = whole.feed(data, 1.0)
    pieces: list[Read] = []
    places = [0, *sorted(place for place in cuts if place < len(data)), len(data)]
    for start, stop in pairwise(places):
        pieces += cut.feed(data[start:stop], 1.0)
    assert pieces == reads
    assert whole.buffered <= LONGEST + 8
    for read in reads:
        if isinstance(read, Code):
            assert 1 <= len(read.text) <= LONGEST and set(read.text.encode()) <= set(PRINTABLE)


@settings(max_examples=200, deadline=None)
@given(st.text(PRINTABLE.decode(), min_size=1, max_size=80), FRAMINGS)
def test_any_text_within_its_framing_comes_back(text: str, framing: Framing) -> None:
    ends = {
        End.LINE: b"\r",
        End.CR: b"\r",
        End.LF: b"\n",
        End.CRLF: b"\r\n",
        End.TAB: b"\t",
        End.ETX: b"\x03",
    }
    aim = b"]Q1" if framing.has_aim else b""
    data = framing.prefix + aim + text.encode() + framing.suffix + ends[framing.end]
    assert fed(data, framing) == [text]
