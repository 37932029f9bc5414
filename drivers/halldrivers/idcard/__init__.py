"""The reader for ID cards: 居民身份证, 港澳台居民居住证, 外国人永久居留身份证.

::

    wire --[samframe | stxframe]-- dialect --[exchange]-- reader --[sequence, visit]-- on_card, on_trouble

The frame codecs do no I/O; :mod:`.dialect` makes both families speak alike, :mod:`.sequence` is the table of
steps from an empty field to a record, :mod:`.visit` decides what the person is told. :mod:`.cardtext` is the
only place that sees a card's bytes, and photo and fingerprints end there. :mod:`.sim` and :mod:`.simstx` are
readers and cards from the far end, which share no code with the rest.
"""

from halldrivers.idcard.address import Frames, IdCardAddress, Link, parse_idcard
from halldrivers.idcard.arming import OnCard
from halldrivers.idcard.check import held_idcard_checker, idcard_checker
from halldrivers.idcard.idnumber import BadIdNumber, IdNumber, NumberFault, NumberKind, parse_number
from halldrivers.idcard.masking import masked_name, masked_number
from halldrivers.idcard.person import CardValidity, Hints, age_on, hints_for, person_hash, validity_on
from halldrivers.idcard.private import Private
from halldrivers.idcard.reader import CardReader
from halldrivers.idcard.record import CardKind, CardRecord, Sex, Validity
from halldrivers.idcard.trouble import CardTrouble, OnTrouble
from halldrivers.idcard.visit import Pace

__all__ = [
    "BadIdNumber",
    "CardKind",
    "CardReader",
    "CardRecord",
    "CardTrouble",
    "CardValidity",
    "Frames",
    "Hints",
    "IdCardAddress",
    "IdNumber",
    "Link",
    "NumberFault",
    "NumberKind",
    "OnCard",
    "OnTrouble",
    "Pace",
    "Private",
    "Sex",
    "Validity",
    "age_on",
    "held_idcard_checker",
    "hints_for",
    "idcard_checker",
    "masked_name",
    "masked_number",
    "parse_idcard",
    "parse_number",
    "person_hash",
    "validity_on",
]
