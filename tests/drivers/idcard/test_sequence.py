"""The steps from an empty field to a record: every row of both tables, and the status words that lead on."""

from __future__ import annotations

import pytest

from halldrivers.idcard.dialect import Reply, Sam, Step, Stx
from halldrivers.idcard.samframe import SamAnswer, SamDamaged, SamTimeoutMark
from halldrivers.idcard.sequence import (
    SAM_TABLE,
    SAM_TABLE_TEXT_ONLY,
    STX_TABLE,
    Again,
    End,
    Event,
    ReadSequence,
)
from halldrivers.idcard.simcards import RESIDENT
from halldrivers.idcard.stxframe import StxAnswer, StxDamaged, Wanted
from halldrivers.idcard.swords import READER, SW3, Said, sam_word, stx_word

BODY = bytes.fromhex("01000400") + RESIDENT.text + RESIDENT.photo
TEXT = bytes.fromhex("01000000") + RESIDENT.text
EVENTS: list[Event] = [*Said, *Again]

# From facts/id-card.md 1.6, "suggested handling".
HANDLING = {
    0x90: Said.OK,
    0x9F: Said.FOUND,
    0x91: Said.EMPTY,
    0x10: Said.BAD_SUM,
    0x11: Said.UNUSABLE,
    0x21: Said.BAD_ORDER,
    0x23: Said.UNUSABLE,
    0x24: Said.CONFUSED,
    0x31: Said.BAD_CONTACT,
    0x32: Said.BAD_CONTACT,
    0x33: Said.REFUSED,
    0x40: Said.WRONG_CARD,
    0x41: Said.BAD_CONTACT,
    0x47: Said.BAD_CONTACT,
    0x60: Said.SELF_TEST,
    0x66: Said.UNLICENSED,
    0x80: Said.NO_CARD,
    0x81: Said.NOT_SELECTED,
}


def sam(start: Step = Step.FIND) -> ReadSequence:
    return ReadSequence(Sam(), SAM_TABLE, start)


def stx(start: Step = Step.READ) -> ReadSequence:
    return ReadSequence(Stx(), STX_TABLE, start)


def hear(sequence: ReadSequence, *words: Said | bytes) -> ReadSequence:
    """Let it hear words; bytes are the data of an OK."""
    for word in words:
        sequence.hear(Reply(Said.OK, "90", word) if isinstance(word, bytes) else Reply(word))
    return sequence


def test_every_status_word_of_the_standard_has_its_handling() -> None:
    assert {code: word.said for code, word in SW3.items()} == HANDLING
    assert all(word.zh for word in (*SW3.values(), *READER.values()))


def test_a_word_that_no_standard_has_is_to_be_reported() -> None:
    assert sam_word(0x05).said is Said.UNUSABLE
    assert stx_word(0x00, 0x77).said is Said.UNUSABLE


@pytest.mark.parametrize("code", HANDLING)
def test_a_multi_function_reader_shifts_the_card_words(code: int) -> None:
    assert stx_word(code, 0x00).said is HANDLING[code]


@pytest.mark.parametrize("high", [0x10, 0x20, 0x30])
def test_words_about_contact_cards_are_not_taken_for_card_words(high: int) -> None:
    assert stx_word(high, 0x04).said is Said.UNUSABLE


@pytest.mark.parametrize(
    ("low", "said"),
    [
        (0x00, Said.OK),
        (0x01, Said.UNUSABLE),
        (0x02, Said.RADIO),
        (0x03, Said.RADIO),
        (0xF1, Said.BAD_SUM),
        (0xF2, Said.UNUSABLE),
        (0xF3, Said.BAD_SUM),
        (0xF4, Said.UNUSABLE),
        (0xFD, Said.BAD_SUM),
        (0xFE, Said.RADIO),
        (0xFF, Said.CONFUSED),
    ],
)
def test_a_multi_function_reader_has_words_about_itself(low: int, said: Said) -> None:
    assert stx_word(0x00, low).said is said


def test_only_sw3_is_judged_and_the_card_s_words_are_shown() -> None:
    reply = Sam().reply(SamAnswer(0x69, 0x82, 0x81, b""))
    assert (reply.said, reply.word) == (Said.NOT_SELECTED, "81/6982")
    assert Sam().reply(SamAnswer(0x63, 0x00, 0x9F, b"\x01\x02\x03\x04")).said is Said.FOUND


def test_damage_and_time_outs_are_replies_too() -> None:
    assert Sam().reply(SamDamaged(11)).said is Said.DAMAGED
    assert Sam().reply(SamTimeoutMark()).said is Said.SILENT
    assert Stx().reply(StxDamaged(7)).said is Said.DAMAGED
    assert Stx().reply(StxAnswer(0x90, 0x00, b"")).said is Said.OK


@pytest.mark.parametrize(
    "table", [SAM_TABLE, SAM_TABLE_TEXT_ONLY, STX_TABLE], ids=["sam", "text only", "stx"]
)
def test_every_row_leads_somewhere_for_every_event(table: dict[Step, dict[Event, Step | End]]) -> None:
    for step, row in table.items():
        assert set(row) == set(EVENTS), step
        assert all(isinstance(target, End) or target in table for target in row.values()), step


@pytest.mark.parametrize("make", [sam, stx])
def test_every_row_is_walked_as_it_stands(make: type[ReadSequence]) -> None:
    table = SAM_TABLE if make is sam else STX_TABLE
    for step, row in table.items():
        for event, target in row.items():
            sequence = make(step)
            said = event.value if isinstance(event, Again) else event
            if isinstance(event, Again):
                sequence._tried.add(event)
            reads = step in (Step.READ, Step.READ_AGAIN, Step.REREAD)
            sequence.hear(Reply(said, "", BODY if reads and said is Said.OK else b""))
            assert (sequence.end or sequence.step) is target, (step, event)


@pytest.mark.parametrize("make", [sam, stx])
def test_no_reader_keeps_a_sequence_going_for_ever(make: type[ReadSequence]) -> None:
    for said in Said:
        sequence = make()
        for _ in range(20):
            if sequence.end is not None:
                break
            sequence.hear(Reply(said, "", BODY))
        assert sequence.end is not None, said


def test_a_card_is_found_selected_read_and_asked_for_appended_addresses() -> None:
    sequence = sam()
    asked = [sequence.ask.frame.hex()[-6:-2]]
    for word in (Said.FOUND, bytes(8), BODY):
        hear(sequence, word)
        asked.append(sequence.ask.frame.hex()[-6:-2])
    assert asked == ["2001", "2002", "3001", "3003"]
    hear(sequence, Said.EMPTY)
    assert sequence.end is End.CARD_READ
    assert sequence.record is not None and sequence.record.has_all_addresses
    assert sequence.record.appended_addresses == ()


def test_appended_addresses_join_the_record() -> None:
    [line] = RESIDENT.with_addresses("宁夏同心县新村2号").addresses
    record = hear(sam(), Said.FOUND, bytes(8), BODY, line).record
    assert record is not None and [one.reveal() for one in record.appended_addresses] == ["宁夏同心县新村2号"]


@pytest.mark.parametrize("word", [Said.BAD_CONTACT, Said.SILENT, Said.UNUSABLE, Said.BAD_ORDER, bytes(71)])
def test_appended_addresses_that_fail_do_not_cost_the_card(word: Said | bytes) -> None:
    sequence = hear(sam(), Said.FOUND, bytes(8), BODY, word)
    assert sequence.end is End.CARD_READ
    assert sequence.record is not None and not sequence.record.has_all_addresses


def test_without_appended_addresses_the_text_is_all() -> None:
    sequence = hear(ReadSequence(Sam(), SAM_TABLE_TEXT_ONLY, Step.FIND), Said.FOUND, bytes(8), BODY)
    assert sequence.end is End.CARD_READ


def test_no_card_is_believed_after_one_more_look() -> None:
    assert hear(sam(), Said.NO_CARD).step is Step.FIND_AGAIN
    assert hear(sam(), Said.NO_CARD, Said.NO_CARD).end is End.NO_CARD
    assert hear(sam(), Said.NO_CARD, Said.FOUND).step is Step.SELECT


def test_a_damaged_request_is_sent_again_once() -> None:
    assert hear(sam(), Said.BAD_SUM).step is Step.FIND
    assert hear(sam(), Said.BAD_SUM, Said.FOUND).step is Step.SELECT
    assert hear(sam(), Said.BAD_SUM, Said.BAD_SUM).end is End.LINE


def test_a_damaged_answer_is_asked_for_again_once() -> None:
    assert hear(sam(), Said.FOUND, bytes(8), Said.DAMAGED).step is Step.READ
    assert hear(sam(), Said.FOUND, bytes(8), Said.DAMAGED, Said.DAMAGED).end is End.LINE


def test_a_wrong_order_begins_again_with_find_once() -> None:
    sequence = hear(sam(), Said.FOUND, bytes(8), Said.BAD_ORDER)
    assert sequence.step is Step.REFIND and sequence.ask.name == "FIND"
    assert hear(sequence, Said.FOUND, bytes(8), Said.BAD_ORDER).end is End.CONFUSED


def test_a_confused_module_is_reset_once() -> None:
    sequence = hear(sam(), Said.FOUND, Said.CONFUSED)
    assert sequence.ask.frame == bytes.fromhex("AA AA AA 96 69 00 03 10 FF EC")
    assert hear(sequence, b"").step is Step.REFIND
    assert hear(sequence, Said.FOUND, Said.CONFUSED).end is End.CONFUSED


def test_a_card_that_cannot_be_selected_is_found_once_more() -> None:
    sequence = hear(sam(), Said.FOUND, Said.NOT_SELECTED)
    assert sequence.step is Step.REFIND
    assert hear(sequence, Said.FOUND, Said.NOT_SELECTED).end is End.REPLACE


def test_a_card_that_was_there_and_is_gone_is_asked_for_again() -> None:
    assert hear(sam(), Said.FOUND, Said.NOT_SELECTED, Said.NO_CARD).end is End.REPLACE
    assert hear(sam(), Said.FOUND, bytes(8), Said.SILENT).end is End.REPLACE


@pytest.mark.parametrize(
    ("word", "end"),
    [
        (Said.BAD_CONTACT, End.REPLACE),
        (Said.REFUSED, End.REFUSED),
        (Said.WRONG_CARD, End.NOT_ID_CARD),
        (Said.SELF_TEST, End.SELF_TEST),
        (Said.UNLICENSED, End.UNLICENSED),
        (Said.UNUSABLE, End.CONFUSED),
    ],
)
def test_every_other_word_ends_the_sequence(word: Said, end: End) -> None:
    assert hear(sam(), Said.FOUND, bytes(8), word).end is end
    assert hear(stx(), word).end is end


def test_a_body_without_a_known_form_is_unreadable_and_tells_only_sizes() -> None:
    sequence = hear(sam(), Said.FOUND, bytes(8), BODY[:-1])
    assert sequence.end is End.UNREADABLE
    assert sequence.problem is not None and "1283 bytes" in str(sequence.problem)


def test_looking_never_reads() -> None:
    for start, make in ((Step.LOOK, sam), (Step.LOOK_AGAIN, sam), (Step.LOOK, stx), (Step.LOOK_AGAIN, stx)):
        table = SAM_TABLE if make is sam else STX_TABLE
        targets = {target for target in table[start].values() if isinstance(target, Step)}
        assert targets <= {Step.LOOK, Step.LOOK_AGAIN}
    assert hear(sam(Step.LOOK), Said.FOUND).end is End.CARD_LIES
    assert hear(sam(Step.LOOK), Said.NO_CARD, Said.NO_CARD).end is End.NO_CARD


def test_a_multi_function_reader_does_it_all_in_one() -> None:
    sequence = stx()
    assert sequence.ask.frame == bytes.fromhex("02 00 03 CA 01 03 C8 03")
    assert hear(sequence, TEXT).end is End.CARD_READ
    assert sequence.record is not None and str(sequence.record.name) == "测**"
    assert hear(stx(), Said.NO_CARD, Said.NO_CARD).end is End.NO_CARD


@pytest.mark.parametrize(
    ("wanted", "frame", "body"),
    [
        (Wanted.NUMBER, "02 00 03 CA 01 01 CA 03", RESIDENT.text[122:158]),
        (Wanted.NAME_AND_NUMBER, "02 00 03 CA 01 02 C9 03", RESIDENT.text[:30] + RESIDENT.text[122:158]),
    ],
)
def test_a_multi_function_reader_can_be_asked_for_less(wanted: Wanted, frame: str, body: bytes) -> None:
    sequence = ReadSequence(Stx(wanted), STX_TABLE, Step.READ)
    assert sequence.ask.frame == bytes.fromhex(frame)
    record = hear(sequence, body).record
    assert record is not None and record.number.reveal() == "11010519491231002X"
    assert record.birth is None and not record.address


# --- which answers can belong to which question


def reply(said: Said, size: int = 0) -> Reply:
    return Reply(said, "", bytes(size))


def test_a_late_text_does_not_pass_for_a_selected_card() -> None:
    select = Sam().questions[Step.SELECT]
    assert select.fits(reply(Said.OK, 8)) and select.fits(reply(Said.OK, 0))
    assert not select.fits(reply(Said.OK, len(BODY)))


def test_a_late_find_answer_does_not_pass_for_anything_else() -> None:
    for step in (Step.SELECT, Step.READ, Step.ADDRESSES, Step.RESET):
        assert not Sam().questions[step].fits(reply(Said.FOUND, 4)), step
    assert not Sam().hello.fits(reply(Said.NO_CARD))
    assert Sam().questions[Step.FIND].fits(reply(Said.FOUND, 4))


def test_a_selected_card_does_not_pass_for_a_read_one() -> None:
    read = Sam().questions[Step.READ]
    assert not read.fits(reply(Said.OK, 8)) and read.fits(reply(Said.OK, len(BODY)))
    assert read.fits(reply(Said.OK, 2310))


def test_an_error_may_answer_any_question() -> None:
    for ask in (Sam.hello, *Sam.questions.values(), Stx.hello, *Stx().questions.values()):
        for said in (Said.BAD_SUM, Said.CONFUSED, Said.SELF_TEST, Said.BAD_CONTACT, Said.SILENT):
            assert ask.fits(reply(said)), ask.name


def test_no_question_of_the_device_asks_for_fingerprints_or_an_stx_photo() -> None:
    frames = [ask.frame for ask in (Sam.hello, *Sam.questions.values())]
    assert not [frame for frame in frames if frame[7:9] == b"\x30\x10"]
    stx_frames = [ask.frame for wanted in (1, 2, 3) for ask in Stx(Wanted(wanted)).questions.values()]
    assert not [frame for frame in stx_frames if frame[3:6] == b"\xca\x01\x00"]
