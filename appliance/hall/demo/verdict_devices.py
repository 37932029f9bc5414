"""Whether the devices kept their word: scans are whole and sealed, no code was mangled, no number of an ID
card stands in any file, and every device is back.
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

from hall.demo.county import DemoCounty
from hall.demo.measure import Witness
from hall.demo.verdict import Check, check
from halldrivers.idcard.simcards import CARDS

_NUMBER = re.compile(r"\d{17}[0-9X]|[A-Z]{3}\d{12}")
"""Numbers as they stand on cards."""


def judge_devices(
    database: Path, state: Path, witness: Witness, county: DemoCounty, away: list[str]
) -> list[Check]:
    """Every check of the devices; ``away`` are those that were not back in time."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as db:
        scans = check(
            "4 scans: kept once, whole, and only the county opens them", _scans(db, state, witness, county)
        )
    return [
        scans,
        check("9 no number of an ID card stays", _card_numbers(state)),
        check("10 every device is back, or says what is wrong", away),
        check("codes are read as they are printed, or not at all", _codes(witness)),
    ]


def _scans(db: sqlite3.Connection, state: Path, witness: Witness, county: DemoCounty) -> Iterable[str]:
    rows = db.execute(
        "select sha256, ticket, state from scan where ticket in (select id from ticket)"
    ).fetchall()
    kept = {sha256: ticket for sha256, ticket, _ in rows}
    for sha256, ticket in witness.scans.items():
        if kept.get(sha256) != ticket:
            yield f"scan {sha256[:8]} of ticket {ticket} is not in the log"
            continue
        sealed = (state / "scans" / "sealed" / f"{sha256}.p7m").read_bytes()
        if hashlib.sha256(sealed).hexdigest() != sha256:
            yield f"scan {sha256[:8]} is damaged"
        elif not county.open(sealed).startswith(b"%PDF-"):
            yield f"scan {sha256[:8]} is no PDF"
    if len(kept) != len(rows):
        yield "a sealed file is recorded twice"
    left = list((state / "scans" / "open").glob("*")) if (state / "scans" / "open").is_dir() else []
    if left and not witness.scans_failed:
        yield f"{len(left)} materials are unfinished"


def _card_numbers(state: Path) -> Iterator[str]:
    numbers = {found for card in CARDS.values() for found in _NUMBER.findall(card.text.decode("utf-16-le"))}
    needles = [number.encode(coding) for number in numbers for coding in ("utf-8", "utf-16-le")]
    for file in sorted(path for path in state.rglob("*") if path.is_file() and not path.is_symlink()):
        data = file.read_bytes()
        if any(needle in data for needle in needles):
            yield str(file.relative_to(state))


def _codes(witness: Witness) -> Iterator[str]:
    for shown, read in witness.codes:
        if read not in ("", shown):
            yield f"{shown} was read as {read}"
