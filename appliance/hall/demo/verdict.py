"""Whether the invariants held: what was seen in the hall against what the hall kept.

Each check names the line of the design's section 2 that it speaks for. The database is looked at in a
copy; ``hall verify`` proves the log itself.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from hall.demo.eyes import Slips
from hall.demo.measure import Witness
from hallqueue.verify import verify

KEYS = {"1": "very_satisfied", "2": "satisfied", "3": "basically_satisfied", "4": "dissatisfied"}
"""What the buttons say on the pad, as a citizen reads them."""


@dataclass(frozen=True, slots=True)
class Check:
    """One invariant and whether it held."""

    name: str
    held: bool
    detail: str = ""
    """The first few counterexamples."""


def check(name: str, wrong: Iterable[object]) -> Check:
    """A check that held unless something was found."""
    found = list(wrong)
    return Check(name, not found, "; ".join(map(str, found[:5])))


def judge(database: Path, witness: Witness, slips: Slips, *, strict: bool = True) -> list[Check]:
    """Every check on a copied database.

    With ``strict`` every press must have become a rating; without, as pads failed, every one that the pad
    thanked for.
    """
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as db:
        tickets = dict(db.execute("select id, number from ticket where day = (select max(day) from ticket)"))
        checks = [
            _durable(db, tickets, witness),
            check("2 no number twice in a day", _doubles(db)),
            check("3 one touch, one ticket", (t for t in witness.double_taps if t[0] != t[1])),
            _paper(db, witness, slips),
            check("6 one rating a matter, only from the citizen's hand", _ratings(db, witness, strict)),
        ]
    report = verify(database)
    findings = [f"{f.code} {f.zh} / {f.en}" for f in report.findings]
    checks.append(
        check("5, 7 one call one person; the log and the tables are proved (hall verify)", findings)
    )
    return sorted(checks, key=lambda check: check.name)


def _durable(db: sqlite3.Connection, tickets: dict[int, str], witness: Witness) -> Check:
    lost: list[str] = [f"ticket {n}" for t, n in witness.tickets.items() if tickets.get(t) != n]
    called = set(db.execute("select ticket, window from period where kind = 'called'"))
    lost += [f"call of {t} to {w}" for t, w in witness.calls if (t, w) not in called]
    rated = {matter for (matter,) in db.execute("select matter from rating")}
    lost += [f"matter {m}" for m, _ in witness.finished if m not in rated]
    return check("1 durable before visible", lost)


def _doubles(db: sqlite3.Connection) -> list[tuple[str, str]]:
    return list(db.execute("select day, number from ticket group by day, number having count(*) > 1"))


def _paper(db: sqlite3.Connection, witness: Witness, slips: Slips) -> Check:
    # A folder may hold earlier runs, whose paper this run did not see.
    jobs = db.execute("select t.id, t.number, j.state from print_job j join ticket t on t.id = j.ticket")
    rows = [(number, state) for ticket, number, state in jobs if ticket in witness.tickets]
    printed = Counter(number for number, state in rows if state == "printed")
    doubtful = Counter(number for number, state in rows if state == "unknown")
    out, pieces = Counter(slips.numbers), Counter(slips.on_pieces)
    wrong = [
        f"{n}: printed {printed[n]}, on paper {out[n]}" for n in printed if out[n] + pieces[n] < printed[n]
    ]
    wrong += [f"{n}: {out[n]} on paper, no record" for n in out if out[n] > printed[n] + doubtful[n]]
    return check("4 paper and record agree", wrong)


def _ratings(db: sqlite3.Connection, witness: Witness, strict: bool) -> Iterable[str]:
    (strays,) = db.execute("select coalesce(sum(presses), 0) from stray").fetchone()
    # A pad that is not open yet hears nothing, so fewer may be counted, never more.
    if strays > witness.strays_before + witness.strays:
        yield f"{strays - witness.strays_before} stray presses counted, {witness.strays} made"
    finished = {matter for matter, _ in witness.finished}
    for matter, state, level in db.execute("select matter, state, level from rating"):
        if matter not in finished:
            continue
        pressed = witness.pressed.get(matter)
        if state == "rated" and pressed is None:
            yield f"matter {matter} is rated and nobody pressed"
        elif state == "rated" and KEYS[pressed or ""] != level:
            yield f"matter {matter} is {level}, pressed was {pressed}"
        elif state != "rated" and pressed is not None and (strict or matter in witness.thanked):
            yield f"matter {matter} is {state}, its citizen pressed {pressed}"
