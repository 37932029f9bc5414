"""Frames of the security module: as printed in the facts, cut anywhere, and in any dirt."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from halldrivers.idcard.samframe import (
    HEAD_BYTES,
    MOST_LEN,
    PREAMBLE,
    Command,
    SamAnswer,
    SamDamaged,
    SamDecoder,
    SamEvent,
    SamTimeoutMark,
    encode,
    rf_frame_bytes,
    sam_id_text,
)

LARGEST = HEAD_BYTES + MOST_LEN

# GA/T 467 as printed in facts/id-card.md 1.4; two and more independent sources.
REQUESTS = {
    Command.RESET: "AA AA AA 96 69 00 03 10 FF EC",
    Command.STATUS: "AA AA AA 96 69 00 03 11 FF ED",
    Command.SAM_ID: "AA AA AA 96 69 00 03 12 FF EE",
    Command.FIND: "AA AA AA 96 69 00 03 20 01 22",
    Command.SELECT: "AA AA AA 96 69 00 03 20 02 21",
    Command.READ_BASE: "AA AA AA 96 69 00 03 30 01 32",
    Command.READ_FINGERPRINTS: "AA AA AA 96 69 00 03 30 10 23",
    Command.READ_ADDRESSES: "AA AA AA 96 69 00 03 30 03 30",
    Command.READ_CARD_ID: "AA AA AA 96 69 00 03 30 05 36",
    Command.BAUD_115200: "AA AA AA 96 69 00 03 60 00 63",
    Command.BAUD_57600: "AA AA AA 96 69 00 03 60 01 62",
    Command.BAUD_38400: "AA AA AA 96 69 00 03 60 02 61",
    Command.BAUD_19200: "AA AA AA 96 69 00 03 60 03 60",
    Command.BAUD_9600: "AA AA AA 96 69 00 03 60 04 67",
}

# facts/id-card.md 1.9; the first group was seen in several sources, the rest was computed there.
ANSWERS = {
    "status ok": ("AA AA AA 96 69 00 04 00 00 90 94", 0x90, 0),
    "self-test fail": ("AA AA AA 96 69 00 04 00 00 60 64", 0x60, 0),
    "find ok": ("AA AA AA 96 69 00 08 00 00 9F 00 00 00 00 97", 0x9F, 4),
    "find none": ("AA AA AA 96 69 00 04 00 00 80 84", 0x80, 0),
    "select ok": ("AA AA AA 96 69 00 0C 00 00 90 00 00 00 00 00 00 00 00 9C", 0x90, 8),
    "select fail": ("AA AA AA 96 69 00 04 00 00 81 85", 0x81, 0),
    "read fail": ("AA AA AA 96 69 00 04 00 00 41 45", 0x41, 0),
    "card not auth": ("AA AA AA 96 69 00 04 00 00 32 36", 0x32, 0),
    "no content": ("AA AA AA 96 69 00 04 00 00 91 95", 0x91, 0),
    "checksum error": ("AA AA AA 96 69 00 04 00 00 10 14", 0x10, 0),
    "length error": ("AA AA AA 96 69 00 04 00 00 11 15", 0x11, 0),
    "command error": ("AA AA AA 96 69 00 04 00 00 21 25", 0x21, 0),
    "no authority": ("AA AA AA 96 69 00 04 00 00 23 27", 0x23, 0),
    "unknown error": ("AA AA AA 96 69 00 04 00 00 24 20", 0x24, 0),
    "card->SAM auth": ("AA AA AA 96 69 00 04 00 00 31 35", 0x31, 0),
    "info verify": ("AA AA AA 96 69 00 04 00 00 33 37", 0x33, 0),
    "card type": ("AA AA AA 96 69 00 04 00 00 40 44", 0x40, 0),
    "random": ("AA AA AA 96 69 00 04 00 00 47 43", 0x47, 0),
    "unauthorised": ("AA AA AA 96 69 00 04 00 00 66 62", 0x66, 0),
}
STATUS_OK = bytes.fromhex(ANSWERS["status ok"][0])
FIND_OK = bytes.fromhex(ANSWERS["find ok"][0])
OK = SamAnswer(0, 0, 0x90, b"")
FOUND = SamAnswer(0, 0, 0x9F, bytes(4))


def decode(data: bytes) -> list[SamEvent]:
    return SamDecoder().feed(data)


def frame(sw: bytes, data: bytes) -> bytes:
    body = (len(sw) + len(data) + 1).to_bytes(2, "big") + sw + data
    check = 0
    for byte in body:
        check ^= byte
    return PREAMBLE + body + bytes((check,))


def test_every_command_has_its_frame_in_the_facts() -> None:
    assert {*REQUESTS, Command.RF_FRAME_BYTES} == set(Command)


@pytest.mark.parametrize("command", REQUESTS, ids=lambda command: command.name)
def test_a_request_is_encoded_as_printed(command: Command) -> None:
    assert encode(command) == bytes.fromhex(REQUESTS[command])


def test_the_radio_frame_size_is_one_byte_of_data() -> None:
    assert rf_frame_bytes(80) == bytes.fromhex("AA AA AA 96 69 00 04 61 FF 50 CA")


@pytest.mark.parametrize("size", [0, 23, 256, -1])
def test_a_radio_frame_size_out_of_range_is_refused(size: int) -> None:
    with pytest.raises(ValueError, match="is not 24 to 255"):
        rf_frame_bytes(size)


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_is_decoded_as_printed(name: str) -> None:
    text, sw3, size = ANSWERS[name]
    assert decode(bytes.fromhex(text)) == [SamAnswer(0, 0, sw3, bytes(size))]


def test_the_card_s_own_words_are_kept_beside_sw3() -> None:
    assert decode(bytes.fromhex("AA AA AA 96 69 00 04 69 82 81 6E")) == [SamAnswer(0x69, 0x82, 0x81, b"")]


def test_a_module_id_is_printed_as_on_its_sticker() -> None:
    data = "AA AA AA 96 69 00 14 00 00 90 05 00 01 00 D5 AF 34 01 40 E2 01 00 B1 68 DE 3A 51"
    [answer] = decode(bytes.fromhex(data))
    assert isinstance(answer, SamAnswer)
    assert sam_id_text(answer.data) == "05.01-20230101-0000123456-0987654321"


def test_a_module_id_of_another_size_is_shown_as_it_is() -> None:
    assert sam_id_text(b"\x01\x02") == "0102"


@pytest.mark.parametrize(
    ("length", "total"), [(0x0508, 1295), (0x050A, 1297), (0x070A, 1809), (0x090A, 2321)]
)
def test_answers_of_every_size_are_read_by_their_length(length: int, total: int) -> None:
    data = bytes(length - 4)
    whole = frame(b"\0\0\x90", data)
    assert len(whole) == total
    assert decode(whole) == [SamAnswer(0, 0, 0x90, data)]


def test_an_answer_s_data_is_not_in_its_repr() -> None:
    assert "TEST" not in repr(SamAnswer(0, 0, 0x90, b"TEST")) and "data" not in repr(SamAnswer(0, 0, 0, b""))


def test_more_aa_before_a_preamble_is_synchronisation_and_no_garbage() -> None:
    decoder = SamDecoder()
    assert decoder.feed(b"\xaa" * 9 + STATUS_OK) == [OK]
    assert decoder.garbage == 0


def test_garbage_before_a_frame_is_counted_and_costs_nothing() -> None:
    decoder = SamDecoder()
    assert decoder.feed(b"\x00\xff\xaa\xaa\x96\x69\xaa" + STATUS_OK) == [OK]
    assert decoder.garbage == 6


def test_aa_that_led_to_nothing_is_garbage() -> None:
    decoder = SamDecoder()
    assert decoder.feed(b"\xaa\xaa\xaa\xaa\xaa\x00" + STATUS_OK) == [OK]
    assert decoder.garbage == 6


def test_garbage_inside_a_frame_damages_it_and_the_next_is_read() -> None:
    assert decode(STATUS_OK[:9] + b"\x55" + STATUS_OK[9:] + FIND_OK) == [SamDamaged(11), FOUND]


def test_garbage_after_a_frame_changes_nothing_before_it() -> None:
    decoder = SamDecoder()
    assert decoder.feed(STATUS_OK + b"\x55\x00") == [OK]
    assert decoder.garbage == 2


def test_a_wrong_checksum_is_an_event_of_its_own() -> None:
    decoder = SamDecoder()
    assert decoder.feed(STATUS_OK[:-1] + b"\x00") == [SamDamaged(11)]
    assert decoder.garbage == 11


def test_a_cut_answer_does_not_take_the_next_one_with_it() -> None:
    cut = frame(b"\0\0\x90", bytes(8))[:12]
    decoder = SamDecoder()
    assert decoder.feed(cut + FIND_OK) == [SamDamaged(19), FOUND]
    assert decoder.buffered == 0


@pytest.mark.parametrize("length", ["00 00", "00 03", "09 0B", "FF FF"])
def test_a_length_that_cannot_be_costs_only_its_preamble(length: str) -> None:
    assert decode(PREAMBLE + bytes.fromhex(length) + STATUS_OK) == [OK]


def test_the_broken_time_out_frame_of_one_make_is_told_as_such() -> None:
    assert decode(bytes.fromhex("AA AA AA 96 69 00 05 05 05 05")) == [SamTimeoutMark()]


def test_the_broken_time_out_frame_does_not_eat_the_next_answer() -> None:
    # Its length is two bytes too long, and the AA AA of a preamble would even make its checksum fit.
    oddity = bytes.fromhex("AA AA AA 96 69 00 05 05 05 05")
    assert decode(oddity + STATUS_OK) == [SamTimeoutMark(), OK]


def test_what_hid_behind_half_a_frame_is_found_when_nothing_more_comes() -> None:
    decoder = SamDecoder()
    assert decoder.feed(frame(b"\0\0\x90", bytes(100))[:20] + STATUS_OK) == []
    assert decoder.settle() == [OK]
    assert decoder.buffered == 0 and decoder.garbage == 20


@pytest.mark.parametrize("at", range(1, len(FIND_OK)))
def test_a_frame_cut_anywhere_is_the_same_frame(at: int) -> None:
    decoder = SamDecoder()
    assert decoder.feed(FIND_OK[:at]) == []
    assert decoder.feed(FIND_OK[at:]) == [FOUND]


@settings(deadline=None, max_examples=200)
@given(st.lists(st.binary(max_size=300), max_size=20))
def test_no_bytes_make_the_decoder_raise_or_grow(chunks: list[bytes]) -> None:
    decoder = SamDecoder()
    for chunk in chunks:
        decoder.feed(PREAMBLE + chunk)
        assert decoder.buffered < LARGEST
    decoder.settle()
    assert decoder.buffered == 0


PIECES = st.one_of(
    st.binary(max_size=12),
    st.sampled_from(
        [PREAMBLE, b"\xaa", b"\xaa\xaa\xaa\x96", STATUS_OK, FIND_OK, STATUS_OK[:7], FIND_OK[:-1]]
    ),
)


@settings(deadline=None, max_examples=300)
@given(st.lists(PIECES, max_size=12), st.data())
def test_the_cut_of_the_bytes_changes_neither_events_nor_garbage(
    pieces: list[bytes], draw: st.DataObject
) -> None:
    data = b"".join(pieces)
    at = draw.draw(st.integers(0, len(data)))
    whole, cut = SamDecoder(), SamDecoder()
    assert cut.feed(data[:at]) + cut.feed(data[at:]) == whole.feed(data)
    assert cut.settle() == whole.settle()
    assert cut.garbage == whole.garbage


@settings(deadline=None, max_examples=200)
@given(st.binary(min_size=3, max_size=3), st.binary(max_size=400), st.binary(max_size=30))
def test_what_one_end_sends_the_other_receives(sw: bytes, data: bytes, noise: bytes) -> None:
    events = decode(noise + frame(sw, data))
    if sw == b"\x05\x05\x05" and len(data) == 1:
        return  # the bytes of the time-out mark
    assert SamAnswer(*sw, data) in events or PREAMBLE in noise + PREAMBLE[:4]
