"""The numbers on identity cards: 公民身份号码 and its relatives, checked and taken apart.

::

    6 address | 8 birth date | 3 serial (odd male, even female) | 1 check      GB 11643-1999, 18 characters
    6 address | 6 birth date | 3 serial                                        first generation, 15 digits
    3 letters | 12 digits                                                      foreigners, cards of 2017
    9 | 2 place | 3 country | 8 birth date | 3 serial | 1 check                foreigners, from 2023-12-01

The check character is ISO 7064 MOD 11-2. The inner structure of the 2023 number is from memory, as far as its
place and country go; its birth date stands where a citizen's does. Errors never contain the number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from halldrivers.idcard.masking import masked_number
from halldrivers.idcard.private import Private

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
HMT_ADDRESSES = ("810000", "820000", "830000")
"""Address parts of numbers of Hong Kong, Macao and Taiwan residents."""
EARLIEST_BIRTH = 1800
"""Year; the standard's own examples begin in 1880."""

_CHECKS = "10X98765432"
_WIDE = {
    wide: wide - 0xFEE0 for wide in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
}
"""Full-width digits and letters to narrow ones."""
_OLD_FOREIGN = re.compile(r"[A-Z]{3}[0-9]{12}")
_EIGHTEEN = re.compile(r"[1-9][0-9]{16}[0-9X]")
_FIFTEEN = re.compile(r"[1-8][0-9]{14}")


class NumberKind(StrEnum):
    """Whose number it is."""

    CITIZEN = "citizen"
    FIRST_GENERATION = "first-generation"
    HK_MACAO_TAIWAN = "hk-macao-taiwan"
    FOREIGN_2017 = "foreign-2017"
    FOREIGN_2023 = "foreign-2023"


class NumberFault(StrEnum):
    """What is wrong with a number."""

    SPACES = "spaces"
    FORM = "form"
    """Wrong length, or characters that do not belong."""
    CHECK = "check"
    BIRTH = "birth"
    """A day that no calendar has, that is too long ago, or that is still to come."""

    @property
    def zh(self) -> str:
        """What a clerk's screen says."""
        return _FAULT_ZH[self]


_FAULT_ZH = {
    NumberFault.SPACES: "号码中间有空格",
    NumberFault.FORM: "号码的位数或字符不对",
    NumberFault.CHECK: "号码校验不符，请核对",
    NumberFault.BIRTH: "号码中的出生日期不对",
}


class BadIdNumber(ValueError):
    """Raised for a number that cannot be right; its text never holds the number."""

    def __init__(self, fault: NumberFault) -> None:
        super().__init__(f"not an identity number: {fault.value} ({fault.zh})")
        self.fault = fault


@dataclass(frozen=True, slots=True)
class IdNumber:
    """A number that passed its check."""

    number: Private
    """Normalised."""
    kind: NumberKind
    birth: date | None
    """None where the number does not say it (cards of 2017)."""
    is_male: bool | None

    def __repr__(self) -> str:
        return f"<IdNumber {self.kind} {self.number}>"


def normalise(text: str) -> str:
    """Narrow characters, capitals, nothing around them; spaces inside stay, so that they are seen."""
    return text.strip().translate(_WIDE).upper()


def check_char(first17: str) -> str:
    """The 18th character by the weights of GB 11643."""
    return _CHECKS[sum(int(digit) * weight for digit, weight in zip(first17, WEIGHTS, strict=True)) % 11]


def check_char_recursive(first17: str) -> str:
    """The same by the recursion of ISO 7064: P = (P + d) x 2 mod 11, and (P + check) mod 11 = 1."""
    product = 0
    for digit in first17:
        product = (product + int(digit)) * 2 % 11
    value = (1 - product) % 11
    return "X" if value == 10 else str(value)


def upgrade(fifteen: str) -> str:
    """The 18 characters of a first-generation number: the century 19, and the check character."""
    first17 = f"{fifteen[:6]}19{fifteen[6:]}"
    return first17 + check_char(first17)


def parse_number(text: str, today: date) -> IdNumber:
    """Check a number as it was read or typed; raise :class:`BadIdNumber`."""
    number = normalise(text)
    if any(character.isspace() for character in number):
        raise BadIdNumber(NumberFault.SPACES)
    if _OLD_FOREIGN.fullmatch(number):
        return IdNumber(Private(number, masked_number(number)), NumberKind.FOREIGN_2017, None, None)
    is_old = _FIFTEEN.fullmatch(number) is not None
    whole = upgrade(number) if is_old else number
    if not _EIGHTEEN.fullmatch(whole):
        raise BadIdNumber(NumberFault.FORM)
    if check_char(whole[:17]) != whole[17]:
        raise BadIdNumber(NumberFault.CHECK)
    birth = day_of(whole[6:14])
    if birth is None or not EARLIEST_BIRTH <= birth.year or birth > today:
        raise BadIdNumber(NumberFault.BIRTH)
    kind = NumberKind.FIRST_GENERATION if is_old else _kind(whole)
    return IdNumber(Private(number, masked_number(number)), kind, birth, int(whole[16]) % 2 == 1)


def day_of(text: str) -> date | None:
    """The day of YYYYMMDD, or None."""
    if len(text) != 8 or not (text.isascii() and text.isdigit()):
        return None
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None


def _kind(whole: str) -> NumberKind:
    if whole.startswith(HMT_ADDRESSES):
        return NumberKind.HK_MACAO_TAIWAN
    return NumberKind.FOREIGN_2023 if whole.startswith("9") else NumberKind.CITIZEN
