"""The 256 bytes of text on a card, in four layouts (GA/T 490 and its relatives), from a reader's answer.

Body of the answer to "read base information", sizes big-endian::

    text size (2) | photo size (2) |                          text | photo
    text size (2) | photo size (2) | fingerprint size (2) |   text | photo | fingerprints
    [text size (2) | [photo size (2)]] |                      text             a reader asked for no photo

What follows the text is never looked at. Texts are UTF-16LE in slots of fixed size, padded with spaces; slots
are cut from the bytes, never from the decoded text, where a rare character is one and not two. Character 124
(byte 248) says the layout: I, J, Y, else a resident card. Only spaces and NULs at the end are padding: names
and addresses contain spaces, private-use characters are rare names without a font, `长期` is a date.
"""

from __future__ import annotations

import re

from halldrivers.idcard.errors import TextUnreadable
from halldrivers.idcard.idnumber import HMT_ADDRESSES, day_of
from halldrivers.idcard.masking import masked_name, masked_number
from halldrivers.idcard.private import Private
from halldrivers.idcard.record import CardKind, CardRecord, Sex, Validity

TEXT_BYTES = 256
LEAST_TEXT_BYTES = 220
"""A resident card without its reserve; every layout with a type flag is longer."""
ADDRESS_BYTES = 70
MOST_ADDRESSES = 4
NAME_BYTES = 30
NUMBER_BYTES = 36
FOREIGN_NUMBER_BYTES = 30

_TYPE_AT = slice(248, 250)
_LONG_TERM = "长期"
_NUMBER_AND_COUNTRY = re.compile(r"[A-Z]{3}[0-9]{12}[A-Z]{3}")
"""The nationality follows the number on cards of 2017, within the 36 bytes of the other layouts' number."""


def decode_base(body: bytes) -> CardRecord:
    """The record in the answer to a read of text and photo, with or without fingerprints.

    Raises :class:`TextUnreadable` when the sizes do not fit.
    """
    return decode_text(_text_of(body))


def decode_text(text: bytes) -> CardRecord:
    """The record in a card's text, :data:`TEXT_BYTES` long; its layout is the one that it says itself."""
    if len(text) < LEAST_TEXT_BYTES or len(text) % 2:
        raise TextUnreadable(f"{len(text)} bytes of text")
    slots = _Slots(text)
    match slots.cut(_TYPE_AT):
        case CardKind.HK_MACAO_TAIWAN:
            return _permit(slots)
        case CardKind.FOREIGN_2017:
            return _foreign_2017(slots)
        case CardKind.FOREIGN_2023:
            return _foreign_2023(slots)
    return _resident(slots)


def decode_addresses(body: bytes) -> tuple[Private, ...]:
    """The appended addresses (追加住址), blank ones left out; raise :class:`TextUnreadable`."""
    if len(body) % ADDRESS_BYTES or len(body) > ADDRESS_BYTES * MOST_ADDRESSES:
        raise TextUnreadable(f"{len(body)} bytes of addresses")
    slots = _Slots(body)
    lines = (slots.at(start, ADDRESS_BYTES) for start in range(0, len(body), ADDRESS_BYTES))
    return tuple(Private(line) for line in lines if line)


def decode_number(body: bytes) -> CardRecord:
    """A record of the number alone: the least that a multi-function reader can be asked for."""
    if len(body) != NUMBER_BYTES:
        raise TextUnreadable(f"{len(body)} bytes instead of a number")
    number = _number_alone(_Slots(body), 0)
    return CardRecord(_kind_by(number), number)


def decode_name_and_number(body: bytes) -> CardRecord:
    """A record of name and number alone."""
    if len(body) != NAME_BYTES + NUMBER_BYTES:
        raise TextUnreadable(f"{len(body)} bytes instead of name and number")
    slots = _Slots(body)
    number = _number_alone(slots, NAME_BYTES)
    return CardRecord(_kind_by(number), number, _name(slots.at(0, NAME_BYTES)))


def _text_of(body: bytes) -> bytes:
    text, photo, prints = (int.from_bytes(body[at : at + 2], "big") for at in (0, 2, 4))
    forms = ((4, 4 + text + photo), (6, 6 + text + photo + prints), (4, 4 + text), (2, 2 + text))
    for start, size in forms:
        if len(body) == size and text >= LEAST_TEXT_BYTES:
            return body[start : start + text]
    if len(body) == TEXT_BYTES:
        return body
    raise TextUnreadable(f"{len(body)} bytes, sizes {text}, {photo}, {prints}")


class _Slots:
    """Texts of fixed places."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def at(self, start: int, size: int) -> str:
        return self.cut(slice(start, start + size))

    def cut(self, *parts: slice) -> str:
        """The text of one slot, or of several that continue each other."""
        data = b"".join(self._data[part] for part in parts)
        return data.decode("utf-16-le", "replace").rstrip(" \0")


def _resident(slots: _Slots) -> CardRecord:
    return CardRecord(
        CardKind.RESIDENT,
        number=_number(slots, 122, 36),
        name=_name(slots.at(0, 30)),
        sex=_sex(slots.at(30, 2)),
        ethnicity_code=slots.at(32, 4),
        birth=day_of(slots.at(36, 16)),
        address=Private(slots.at(52, 70)),
        issuer=slots.at(158, 30),
        validity=_validity(slots),
    )


def _permit(slots: _Slots) -> CardRecord:
    return CardRecord(
        CardKind.HK_MACAO_TAIWAN,
        number=_number(slots, 122, 36),
        name=_name(slots.at(0, 30)),
        sex=_sex(slots.at(30, 2)),
        birth=day_of(slots.at(36, 16)),
        address=Private(slots.at(52, 70)),
        issuer=slots.at(158, 30),
        validity=_validity(slots),
        pass_number=Private(slots.at(220, 18)),
        issue_count=slots.at(238, 4),
    )


def _foreign_2017(slots: _Slots) -> CardRecord:
    latin = slots.at(0, 120)
    return CardRecord(
        CardKind.FOREIGN_2017,
        number=_number(slots, 122, FOREIGN_NUMBER_BYTES),
        name=_name(slots.at(158, 30) or latin),
        latin_name=_name(latin),
        sex=_sex(slots.at(120, 2)),
        birth=day_of(slots.at(220, 16)),
        validity=_validity(slots),
        nationality=slots.at(152, 6),
        card_version=slots.at(236, 4),
        authority=slots.at(240, 8),
    )


def _foreign_2023(slots: _Slots) -> CardRecord:
    # Both parts are joined before the padding is cut: a space at their border belongs to the name.
    latin = slots.cut(slice(52, 122), slice(220, 242))
    return CardRecord(
        CardKind.FOREIGN_2023,
        number=_number(slots, 122, 36),
        name=_name(slots.at(0, 30) or latin),
        latin_name=_name(latin),
        sex=_sex(slots.at(30, 2)),
        birth=day_of(slots.at(36, 16)),
        validity=_validity(slots),
        issue_count=slots.at(32, 4),
        nationality=slots.at(242, 6),
        former_number_link=slots.at(250, 6),
    )


def _number(slots: _Slots, start: int, size: int) -> Private:
    number = slots.at(start, size)
    return Private(number, masked_number(number))


def _number_alone(slots: _Slots, start: int) -> Private:
    """A number that a reader cut out as if every card had 18 characters there."""
    text = slots.at(start, NUMBER_BYTES)
    if _NUMBER_AND_COUNTRY.fullmatch(text):
        return _number(slots, start, FOREIGN_NUMBER_BYTES)
    return _number(slots, start, NUMBER_BYTES)


def _kind_by(number: Private) -> CardKind:
    """The layout of a card of which only the number was read."""
    text = number.reveal()
    if text[:1].isalpha():
        return CardKind.FOREIGN_2017
    if text.startswith("9"):
        return CardKind.FOREIGN_2023
    return CardKind.HK_MACAO_TAIWAN if text.startswith(HMT_ADDRESSES) else CardKind.RESIDENT


def _name(text: str) -> Private:
    return Private(text, masked_name(text))


def _sex(code: str) -> Sex:
    return Sex(code) if code in set(Sex) else Sex.UNKNOWN


def _validity(slots: _Slots) -> Validity:
    """From and to stand at the same bytes in all layouts."""
    end = slots.at(204, 16)
    return Validity(day_of(slots.at(188, 16)), day_of(end), end == _LONG_TERM)
