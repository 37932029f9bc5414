"""What the hall makes of a card without keeping it: a keyed hash, an age, and hints for whoever serves.

Hints only suggest: a citizen may decline the 老年 priority, a clerk decides about a guardian or an expired
card.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from halldrivers.idcard.idnumber import BadIdNumber, normalise, parse_number
from halldrivers.idcard.record import CardRecord, Validity

ELDER_FROM = 60
"""Years; 老年人权益保障法 art. 2 (from memory), a hall may set its own."""
GUARDIAN_BELOW = 14
"""Years; personal data of younger ones needs a guardian's consent (PIPL art. 28, 31)."""
EXPIRES_SOON = timedelta(days=90)
_LEAST_KEY_BYTES = 16


class CardValidity(StrEnum):
    """How a card stands on a day."""

    VALID = "valid"
    EXPIRES_SOON = "expires-soon"
    EXPIRED = "expired"
    NOT_YET_VALID = "not-yet-valid"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Hints:
    """What a card suggests on a day."""

    age: int | None
    """Full years; None when neither card nor number say the birth date."""
    needs_guardian: bool
    """Below 14."""
    is_elder: bool
    """老年: the queue may offer its priority."""
    validity: CardValidity


def person_hash(number: str, key: bytes, day: str) -> str:
    """A person on one day, as 64 hexadecimal digits that tell nobody who it is.

    HMAC-SHA-256 over day (YYYY-MM-DD) and number under a key of this device: the same person has another
    hash tomorrow and in another hall, and without the key no list of numbers can be tried.
    """
    if len(key) < _LEAST_KEY_BYTES:
        raise ValueError(f"the key has {len(key)} bytes, at least {_LEAST_KEY_BYTES} are needed")
    message = f"{day}\n{normalise(number)}".encode()
    return hmac.new(key, message, hashlib.sha256).hexdigest()


def age_on(birth: date, day: date) -> int:
    """Full years on a day; who was born on 29 February completes a year on 1 March of common years."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def validity_on(validity: Validity, day: date, soon: timedelta = EXPIRES_SOON) -> CardValidity:
    """How a card stands on a day; its last day still counts."""
    if validity.start is not None and day < validity.start:
        return CardValidity.NOT_YET_VALID
    if validity.is_long_term:
        return CardValidity.VALID
    if validity.end is None:
        return CardValidity.UNKNOWN
    if day > validity.end:
        return CardValidity.EXPIRED
    return CardValidity.EXPIRES_SOON if validity.end - day <= soon else CardValidity.VALID


def hints_for(record: CardRecord, day: date, *, elder_from: int = ELDER_FROM) -> Hints:
    """What a card suggests on a day; `elder_from` is the age from which a hall speaks of 老年."""
    birth = record.birth or _birth_of_number(record, day)
    age = age_on(birth, day) if birth is not None and birth <= day else None
    return Hints(
        age=age,
        needs_guardian=age is not None and age < GUARDIAN_BELOW,
        is_elder=age is not None and age >= elder_from,
        validity=validity_on(record.validity, day),
    )


def _birth_of_number(record: CardRecord, day: date) -> date | None:
    try:
        return parse_number(record.number.reveal(), day).birth
    except BadIdNumber:
        return None
