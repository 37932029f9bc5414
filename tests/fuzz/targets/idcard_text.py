"""What a card says: the body of a read in any size and layout, addresses, and the number's check."""

from collections.abc import Callable
from datetime import date

from halldrivers.idcard.cardtext import (
    decode_addresses,
    decode_base,
    decode_name_and_number,
    decode_number,
    decode_text,
)
from halldrivers.idcard.errors import TextUnreadable
from halldrivers.idcard.idnumber import BadIdNumber, parse_number
from halldrivers.idcard.person import hints_for, person_hash
from halldrivers.idcard.record import CardRecord
from halldrivers.idcard.simcards import CARDS, RESIDENT

TODAY = date(2026, 1, 15)
PHOTO = b"\xa5" * 1024
SIZES = bytes.fromhex("01000400")
SEEDS = [
    *(card.text for card in CARDS.values()),
    *(bytes.fromhex("01000000") + card.text for card in CARDS.values()),
    bytes.fromhex("010000000000") + RESIDENT.text,
    bytes.fromhex("0100") + RESIDENT.text,
    RESIDENT.text[122:158],
    RESIDENT.text[:30] + RESIDENT.text[122:158],
    RESIDENT.text[52:122],
    RESIDENT.text[:240],
]


def run(data: bytes) -> None:
    for decode in (decode_base, decode_text, decode_number, decode_name_and_number):
        attempt(decode, data)
    try:
        repr(decode_addresses(data))
    except TextUnreadable:
        pass
    text = data[:256]
    if len(text) == 256:
        plain = decode_text(text)
        prints = PHOTO[:512]
        assert decode_base(SIZES + text + PHOTO) == plain, "nothing of the photo"
        assert decode_base(SIZES + b"\x02\x00" + text + PHOTO + prints) == plain, "nothing of fingerprints"


def attempt(decode: Callable[[bytes], CardRecord], body: bytes) -> None:
    try:
        look(decode(body))
    except TextUnreadable:
        pass


def look(record: CardRecord) -> None:
    """Everything that is done with a record."""
    number = record.number.reveal()
    assert not number or record.masked_number != number or "*" in number
    assert record.ethnicity is not None and record.sex.zh and record.kind.zh
    hints_for(record, TODAY)
    person_hash(number, bytes(16), "2026-01-15").encode("ascii")
    try:
        assert str(parse_number(number, TODAY)).startswith("<IdNumber ")
    except BadIdNumber as error:
        assert error.fault.zh
