"""The decoder of what a printer sends back: bytes in, events out."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from halldrivers.printerline.answers import (
    MOST_BLOCK_BYTES,
    AsbGroup,
    Block,
    FlowControl,
    Garbage,
    PaperAnswer,
    ProcessId,
    Query,
    RealTime,
    StatusDecoder,
)

HEALTHY_ASB = bytes.fromhex("10000000")
PRINTED = b"\x37\x22A012\x00"


def decode(data: bytes) -> list[object]:
    return list(StatusDecoder().feed(data))


def test_a_real_time_answer_goes_to_the_question_asked_first() -> None:
    decoder = StatusDecoder()
    decoder.expect(Query.PRINTER, Query.PAPER)

    assert decoder.feed(b"\x16\x72") == [RealTime(0x16, Query.PRINTER), RealTime(0x72, Query.PAPER)]
    assert decoder.outstanding == 0


def test_a_real_time_answer_that_nobody_asked_for_answers_nothing() -> None:
    assert decode(b"\x12") == [RealTime(0x12, None)]


def test_forgotten_questions_take_no_later_answer() -> None:
    decoder = StatusDecoder()
    decoder.expect(Query.PRINTER)
    decoder.forget()

    assert decoder.feed(b"\x12") == [RealTime(0x12, None)]


@pytest.mark.parametrize("value", [0x12, 0x16, 0x1A, 0x32, 0x52, 0x72, 0x1E, 0x7E])
def test_every_real_time_form_of_the_manuals_is_recognised(value: int) -> None:
    assert decode(bytes((value,))) == [RealTime(value, None)]


@pytest.mark.parametrize("value", [0x00, 0x03, 0x0C, 0x0F])
def test_a_paper_answer_is_one_byte(value: int) -> None:
    assert decode(bytes((value,))) == [PaperAnswer(value)]


def test_an_automatic_status_is_four_bytes_however_they_are_cut() -> None:
    decoder = StatusDecoder()

    assert decoder.feed(b"\x38\x00") == []
    assert decoder.feed(b"\x0f") == []
    assert decoder.feed(b"\x00\x12") == [AsbGroup(b"\x38\x00\x0f\x00"), RealTime(0x12, None)]


def test_a_process_id_names_its_job() -> None:
    assert decode(PRINTED) == [ProcessId("A012")]


def test_a_process_id_may_look_like_status_bytes() -> None:
    assert decode(b"\x37\x222Rr7\x00") == [ProcessId("2Rr7")]


def test_other_blocks_end_at_nul() -> None:
    assert decode(b"\x37\x25\x00\x5fTM-T82III\x00") == [Block(b"\x37\x25"), Block(b"_TM-T82III")]


def test_flow_control_is_told_apart() -> None:
    assert decode(b"\x13\x11") == [FlowControl(False), FlowControl(True)]


@pytest.mark.parametrize("code", [b"\x11", b"\x13"])
@pytest.mark.parametrize(
    ("answer", "event"),
    [(HEALTHY_ASB, AsbGroup(HEALTHY_ASB)), (PRINTED, ProcessId("A012")), (b"_EPSON\0", Block(b"_EPSON"))],
)
def test_flow_control_between_the_bytes_of_an_answer_breaks_nothing(
    answer: bytes, event: object, code: bytes
) -> None:
    for at in range(1, len(answer)):
        assert decode(answer[:at] + code + answer[at:]) == [FlowControl(code == b"\x11"), event]


def test_garbage_before_an_answer_costs_only_itself() -> None:
    assert decode(b"\xff\x81" + PRINTED) == [Garbage(b"\xff"), Garbage(b"\x81"), ProcessId("A012")]


def test_garbage_inside_an_automatic_status_costs_that_status() -> None:
    assert decode(b"\x10\x00\xff" + HEALTHY_ASB) == [
        Garbage(b"\x10\x00"),
        Garbage(b"\xff"),
        AsbGroup(HEALTHY_ASB),
    ]


def test_garbage_inside_a_process_id_never_makes_another_id() -> None:
    events = decode(b"\x37\x22A0\xff12\x00")

    assert not [event for event in events if isinstance(event, ProcessId)]


def test_garbage_after_an_answer_changes_nothing_before_it() -> None:
    assert decode(PRINTED + b"\xff")[0] == ProcessId("A012")


def test_a_real_time_answer_breaks_a_half_automatic_status_and_counts() -> None:
    assert decode(b"\x10\x00\x12") == [Garbage(b"\x10\x00"), RealTime(0x12, None)]


def test_a_process_id_that_is_too_short_or_too_long_is_garbage() -> None:
    for answer in (b"\x37\x22A01\x00", b"\x37\x22A0123\x00"):
        assert not [event for event in decode(answer) if isinstance(event, ProcessId)]


def test_a_block_that_never_ends_is_dropped_at_the_bound() -> None:
    decoder = StatusDecoder()
    decoder.feed(b"\x5f" + b"A" * 10_000)

    assert decoder.buffered <= MOST_BLOCK_BYTES


@settings(deadline=None)
@given(st.lists(st.binary(max_size=200), max_size=20))
def test_no_bytes_make_the_decoder_raise_or_grow(chunks: list[bytes]) -> None:
    decoder = StatusDecoder()
    for chunk in chunks:
        decoder.feed(chunk)
        assert decoder.buffered <= MOST_BLOCK_BYTES


@settings(deadline=None)
@given(st.binary(max_size=120), st.data())
def test_the_cut_of_the_bytes_does_not_matter(data: bytes, draw: st.DataObject) -> None:
    at = draw.draw(st.integers(0, len(data)))
    decoder = StatusDecoder()

    assert decoder.feed(data[:at]) + decoder.feed(data[at:]) == decode(data)


@settings(deadline=None)
@given(st.binary(max_size=60))
def test_after_any_noise_and_a_nul_a_process_id_is_heard(noise: bytes) -> None:
    decoder = StatusDecoder()
    decoder.feed(noise + b"\xff")  # no answer holds FF, so it ends whatever the noise opened

    assert decoder.feed(PRINTED) == [ProcessId("A012")]
