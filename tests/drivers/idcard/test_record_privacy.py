"""What shows a person by accident, and does not: masks, repr, format, tracebacks, logs, pickles."""

from __future__ import annotations

import copy
import dataclasses
import io
import json
import logging
import pickle
import traceback

import pytest

from halldrivers.idcard.cardtext import decode_text
from halldrivers.idcard.masking import masked_name, masked_number
from halldrivers.idcard.private import Private
from halldrivers.idcard.record import CardRecord
from halldrivers.idcard.simcards import CARDS, RESIDENT


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("11010519491231002X", "1101**********002X"),
        ("640324190001010013", "6403**********0013"),
        ("XXX000000000000", "XXX********0000"),
        ("110105491231002", "1101*******1002"),
        ("1234567", "*******"),
        ("123456789012345678901", "*" * 21),
        ("", ""),
    ],
)
def test_a_number_keeps_its_ends_and_its_length(number: str, shown: str) -> None:
    assert masked_number(number) == shown and len(shown) == len(number)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("张三", "张*"),
        ("张三丰", "张**"),
        ("欧阳锋", "欧阳*"),
        ("欧阳测试", "欧阳**"),
        ("欧阳", "欧*"),
        ("测试·样例", "测****"),
        ("\ue863三", "\ue863*"),
        ("TEST, SAMPLE ONE", "T***"),
        ("Ödön", "Ö***"),
        ("张", "*"),
        ("T", "*"),
        ("", ""),
    ],
)
def test_a_name_keeps_its_first_character_or_its_compound_surname(name: str, shown: str) -> None:
    assert masked_name(name) == shown


def secrets_of(record: CardRecord) -> list[str]:
    texts = [record.number, record.name, record.latin_name, record.address, record.pass_number]
    return [text.reveal() for text in (*texts, *record.appended_addresses) if text]


@pytest.fixture(params=CARDS)
def record(request: pytest.FixtureRequest) -> CardRecord:
    made = decode_text(CARDS[request.param].text)
    return made.with_addresses((Private("宁夏同心县追加路9号"),))


def test_repr_str_and_format_show_masks(record: CardRecord) -> None:
    shown = f"{record!r} {record!s} {record} {record:} {[record]} %s %r" % (record, record)
    shown += f"{record.number} {record.name!r} {record.address:>20} {record.appended_addresses} " + str(
        record.latin_name
    )
    assert record.masked_number in shown and record.masked_name in shown
    assert not [secret for secret in secrets_of(record) if secret in shown]


def test_a_resident_s_record_reads_as_its_kind_and_masks() -> None:
    record = decode_text(RESIDENT.text)
    assert repr(record) == "<CardRecord resident 测** 1101**********002X>"
    assert repr(record.number) == "Private(1101**********002X)"
    assert f"{record.address}" == "***"


def test_a_traceback_with_locals_shows_masks(record: CardRecord) -> None:
    try:
        held, number, name = record, record.number, record.name
        raise ValueError(f"{held} {number} {name}")
    except ValueError as error:
        whole = "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())
    assert record.masked_number in whole
    assert not [secret for secret in secrets_of(record) if secret in whole]


def test_log_records_show_masks(record: CardRecord) -> None:
    stream = io.StringIO()
    logger = logging.getLogger("test of a record")
    handler = logging.StreamHandler(stream)
    logger.addHandler(handler)
    try:
        logger.warning("card %s of %s, %r", record, record.name, [record.number])
        logger.warning("%(number)s", {"number": record.number})
    finally:
        logger.removeHandler(handler)
    assert record.masked_number in stream.getvalue()
    assert not [secret for secret in secrets_of(record) if secret in stream.getvalue()]


def test_a_record_cannot_be_pickled_nor_written_as_json(record: CardRecord) -> None:
    with pytest.raises(TypeError, match="not to be stored"):
        pickle.dumps(record)
    with pytest.raises(TypeError, match="not to be stored"):
        pickle.dumps(record.number)
    with pytest.raises(TypeError):
        json.dumps({"number": record.number})


def test_a_record_turned_into_a_dict_still_shows_masks(record: CardRecord) -> None:
    shown = repr(dataclasses.asdict(record)) + repr(dataclasses.astuple(record))
    assert record.masked_number in shown
    assert not [secret for secret in secrets_of(record) if secret in shown]


def test_a_copy_of_private_text_is_itself() -> None:
    text = Private("测试", "测*")
    assert copy.copy(text) is text and copy.deepcopy([text])[0] is text


def test_private_text_compares_as_text_and_reveals_only_on_demand() -> None:
    text = Private("测试")
    assert text == Private("测试", "测*") and text != Private("测") and text != "测试"
    assert hash(text) == hash(Private("测试")) and len({text, Private("测试")}) == 1
    assert (str(text), repr(text), bool(text), text.reveal()) == ("***", "Private(***)", True, "测试")
    assert (str(Private("")), bool(Private(""))) == ("", False)


def test_a_record_has_no_field_for_photo_or_fingerprint() -> None:
    names = [field.name for field in dataclasses.fields(CardRecord)]
    assert not [name for name in names if "photo" in name or "finger" in name or "image" in name]
