"""Frames of multi-function readers: as printed in the facts, cut anywhere, and in any dirt."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from halldrivers.idcard.stxframe import (
    AROUND_BYTES,
    MOST_LEN,
    Command,
    StxAnswer,
    StxDamaged,
    StxDecoder,
    StxEvent,
    Wanted,
    beep,
    encode,
    read_card,
    version_text,
)

NO_CARD = bytes.fromhex("02 00 02 80 00 80 03")
NONE = StxAnswer(0x80, 0, b"")


def decode(data: bytes) -> list[StxEvent]:
    return StxDecoder().feed(data)


def frame(data: bytes) -> bytes:
    check = 0
    for byte in data:
        check ^= byte
    return b"\x02" + len(data).to_bytes(2, "big") + data + bytes((check, 3))


@pytest.mark.parametrize(
    ("wanted", "text"),
    [
        (Wanted.ALL, "02 00 03 CA 01 00 CB 03"),
        (Wanted.NUMBER, "02 00 03 CA 01 01 CA 03"),
        (Wanted.NAME_AND_NUMBER, "02 00 03 CA 01 02 C9 03"),
        (Wanted.TEXT, "02 00 03 CA 01 03 C8 03"),
    ],
)
def test_a_read_request_is_encoded_as_printed(wanted: Wanted, text: str) -> None:
    assert read_card(wanted) == bytes.fromhex(text)


def test_other_requests_follow_the_same_form() -> None:
    assert encode(Command.VERSION) == bytes.fromhex("02 00 02 31 11 20 03")
    assert encode(Command.RESET) == bytes.fromhex("02 00 02 31 12 23 03")
    assert beep(200, 2) == bytes.fromhex("02 00 05 31 13 00 C8 02 E8 03")


def test_an_answer_is_its_two_status_bytes_and_its_data() -> None:
    assert decode(NO_CARD) == [NONE]
    assert decode(frame(b"\x90\x00TEXT")) == [StxAnswer(0x90, 0, b"TEXT")]


def test_the_answer_with_a_photo_is_within_the_bound() -> None:
    data = bytes(4 + 256 + 1024)
    assert decode(frame(b"\x90\x00" + data)) == [StxAnswer(0x90, 0, data)]


def test_an_answer_s_data_is_not_in_its_repr() -> None:
    assert "TEST" not in repr(StxAnswer(0x90, 0, b"TEST"))


def test_garbage_before_a_frame_is_counted() -> None:
    decoder = StxDecoder()
    assert decoder.feed(b"\xff\x03\x00" + NO_CARD) == [NONE]
    assert decoder.garbage == 3


def test_garbage_inside_a_frame_costs_that_frame_only() -> None:
    assert decode(NO_CARD[:4] + b"\x55" + NO_CARD[4:] + NO_CARD) == [NONE]


def test_garbage_after_a_frame_changes_nothing_before_it() -> None:
    decoder = StxDecoder()
    assert decoder.feed(NO_CARD + b"\x55\x00") == [NONE]
    assert decoder.garbage == 2


def test_a_wrong_checksum_is_an_event_of_its_own() -> None:
    assert decode(bytes.fromhex("02 00 02 80 00 81 03")) == [StxDamaged(7)]


def test_a_stray_02_waits_for_a_frame_and_gives_way_when_nothing_more_comes() -> None:
    decoder = StxDecoder()
    assert decoder.feed(b"\x02" + NO_CARD) == []
    assert decoder.settle() == [NONE]
    assert decoder.garbage == 1 and decoder.buffered == 0


@pytest.mark.parametrize("length", ["00 00", "00 01", "05 08", "FF FF"])
def test_a_length_that_cannot_be_costs_one_byte(length: str) -> None:
    assert decode(b"\x02" + bytes.fromhex(length) + NO_CARD) == [NONE]


@pytest.mark.parametrize("at", range(1, len(NO_CARD)))
def test_a_frame_cut_anywhere_is_the_same_frame(at: int) -> None:
    decoder = StxDecoder()
    assert decoder.feed(NO_CARD[:at]) == []
    assert decoder.feed(NO_CARD[at:]) == [NONE]


def test_what_a_reader_says_of_itself_is_cut_down_to_what_can_be_printed() -> None:
    assert version_text(b"MAKER \0\0\xcc\x01MODEL  1.0") == "MAKER MODEL 1.0"


@settings(deadline=None, max_examples=200)
@given(st.lists(st.binary(max_size=300), max_size=20))
def test_no_bytes_make_the_decoder_raise_or_grow(chunks: list[bytes]) -> None:
    decoder = StxDecoder()
    for chunk in chunks:
        decoder.feed(b"\x02" + chunk)
        assert decoder.buffered < MOST_LEN + AROUND_BYTES
    decoder.settle()
    assert decoder.buffered == 0


@settings(deadline=None, max_examples=300)
@given(
    st.lists(
        st.one_of(st.binary(max_size=8), st.sampled_from([NO_CARD, b"\x02\x00\x02", b"\x03"])), max_size=9
    ),
    st.data(),
)
def test_the_cut_of_the_bytes_changes_neither_events_nor_garbage(
    pieces: list[bytes], draw: st.DataObject
) -> None:
    data = b"".join(pieces)
    at = draw.draw(st.integers(0, len(data)))
    whole, cut = StxDecoder(), StxDecoder()
    assert cut.feed(data[:at]) + cut.feed(data[at:]) == whole.feed(data)
    assert cut.settle() == whole.settle()
    assert cut.garbage == whole.garbage


@settings(deadline=None, max_examples=200)
@given(st.binary(min_size=2, max_size=500))
def test_what_one_end_sends_the_other_receives(data: bytes) -> None:
    assert decode(frame(data)) == [StxAnswer(data[0], data[1], data[2:])]
