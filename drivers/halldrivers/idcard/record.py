"""What was read from a card, in a form that shows no person by accident.

There is no field for the photo and none for fingerprints: their bytes end inside the decoder
(:mod:`.cardtext`). Texts about the person are :class:`.Private`; the record's own `repr` is masked, and it
cannot be pickled.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import NoReturn

from halldrivers.idcard.ethnic import ethnic_name
from halldrivers.idcard.masking import masked_name, masked_number
from halldrivers.idcard.private import Private

__all__ = ["CardKind", "CardRecord", "Sex", "Validity", "masked_name", "masked_number"]

NOBODY = Private("")


class CardKind(StrEnum):
    """The four layouts of the text (GA/T 490 and its relatives)."""

    RESIDENT = "resident"
    HK_MACAO_TAIWAN = "J"
    FOREIGN_2017 = "I"
    FOREIGN_2023 = "Y"

    @property
    def zh(self) -> str:
        """The card's name."""
        return _KIND_ZH[self]


_KIND_ZH = {
    CardKind.RESIDENT: "居民身份证",
    CardKind.HK_MACAO_TAIWAN: "港澳台居民居住证",
    CardKind.FOREIGN_2017: "外国人永久居留身份证",
    CardKind.FOREIGN_2023: "外国人永久居留身份证",
}


class Sex(StrEnum):
    """GB/T 2261.1; any other code is unknown."""

    UNKNOWN = "0"
    MALE = "1"
    FEMALE = "2"
    UNSTATED = "9"

    @property
    def zh(self) -> str:
        """The word on a form."""
        return {"0": "未知", "1": "男", "2": "女", "9": "未说明"}[self.value]


@dataclass(frozen=True, slots=True)
class Validity:
    """From when until when a card counts, both days included."""

    start: date | None = None
    end: date | None = None
    """None for 长期, and when the card's text is no date."""
    is_long_term: bool = False
    """长期: it does not end."""


@dataclass(frozen=True, slots=True, repr=False)
class CardRecord:
    """One card. What its layout does not have, or what was not asked for, is empty or None."""

    kind: CardKind
    number: Private
    name: Private = NOBODY
    """In Chinese where the card has it, else the Latin name."""
    latin_name: Private = NOBODY
    """Family name, then given names, in capitals (foreigners)."""
    sex: Sex = Sex.UNKNOWN
    ethnicity_code: str = ""
    """GB/T 3304, residents only."""
    birth: date | None = None
    address: Private = NOBODY
    issuer: str = ""
    """签发机关."""
    validity: Validity = Validity()
    pass_number: Private = NOBODY
    """通行证号码 (Hong Kong, Macao, Taiwan)."""
    issue_count: str = ""
    """签发次数 (Hong Kong, Macao, Taiwan), 换证次数 (foreigners, 2023)."""
    nationality: str = ""
    """Three letters on cards of 2017, three digits on those of 2023."""
    card_version: str = ""
    authority: str = ""
    """受理机关代码 (2017)."""
    former_number_link: str = ""
    """既往版本证件号码关联项 (2023)."""
    appended_addresses: tuple[Private, ...] = ()
    """追加住址, in the card's order; empty where there is none."""
    has_all_addresses: bool = False
    """Whether appended addresses were asked for and answered: only then does empty mean none."""

    @property
    def ethnicity(self) -> str:
        """The ethnic group's name, `其他(NN)` for a code that the standard does not have."""
        return ethnic_name(self.ethnicity_code)

    @property
    def masked_name(self) -> str:
        """For tickets, screens and logs."""
        return str(self.name)

    @property
    def masked_number(self) -> str:
        """For tickets, screens and logs."""
        return str(self.number)

    def with_addresses(self, addresses: tuple[Private, ...]) -> CardRecord:
        """The same card, its appended addresses known."""
        return replace(self, appended_addresses=addresses, has_all_addresses=True)

    def __repr__(self) -> str:
        return f"<CardRecord {self.kind} {self.name} {self.number}>"

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a card record is not to be stored")
