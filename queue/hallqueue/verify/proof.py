"""``hall verify``: proves the chain, the numbering and the other invariants of a database.

It works on a copy (:mod:`hallqueue.store.standstill`), reads every event of every epoch, recomputes each
link, folds the events with code of its own (:mod:`hallqueue.verify.witness`) *and* replays them with the
rules, and compares every projected row with what the events explain. Memory is bounded by one day.

What it cannot show: events cut off at the very end of the newest epoch together with their counter,
or a log rewritten from the first event on. Those only the county's copy shows.
"""

from __future__ import annotations

import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from hallqueue.errors import StorageDamaged
from hallqueue.events import DayOpened, Event
from hallqueue.plan import Plan
from hallqueue.rules.day import DayState
from hallqueue.store import schema
from hallqueue.store.connection import storage_error
from hallqueue.store.health import pages_are_sound
from hallqueue.store.standstill import copy_standing_still
from hallqueue.verify import witness_desk as _desk
from hallqueue.verify import witness_device as _device
from hallqueue.verify import witness_visit as _visit
from hallqueue.verify.findings import Fault, Finding, Findings
from hallqueue.verify.log import LogReader
from hallqueue.verify.plans import Plans
from hallqueue.verify.tables import TableCheck
from hallqueue.verify.witness import STEPS, Witness

__all__ = ["Finding", "VerifyReport", "verify"]

assert _desk and _device and _visit and STEPS  # imported for the steps that they register


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """The verdict."""

    findings: tuple[Finding, ...]
    """At most 1000; ``counts["findings"]`` has them all."""
    counts: dict[str, int]
    """``events``, ``epochs``, ``days``, ``rows`` compared, ``replayed`` events, ``findings``."""

    @property
    def is_clean(self) -> bool:
        """Whether everything held."""
        return not self.counts["findings"]


def verify(database: Path, plan: Plan | None = None, *, scratch: Path | None = None) -> VerifyReport:
    """Check the database at ``database``; the original is only read, as a file.

    ``plan`` is for replaying days that remember no plan of their own. ``scratch`` is where the copy
    goes (as large as the database); the system's temporary folder otherwise. Raises StorageNewer, and
    StorageFailed when the file cannot be read or never stands still.
    """
    findings = Findings()
    with tempfile.TemporaryDirectory(prefix="hall-verify-", dir=scratch) as folder:
        copy = copy_standing_still(database, Path(folder), time.time_ns, time.sleep)
        counts = dict.fromkeys(("events", "epochs", "days", "rows", "replayed"), 0)
        try:
            with _opened(copy) as connection:
                counts |= _examine(connection, findings, plan)
        except StorageDamaged as error:
            findings.say(Fault.FILE, str(database), str(error.__cause__))
    return VerifyReport(tuple(findings.items), {**counts, "findings": findings.total})


@contextmanager
def _opened(copy: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(copy, isolation_level=None)
    try:
        yield connection
    except sqlite3.Error as error:
        trouble = storage_error(error, copy)
        # A table or a column that is gone is an altered file, not a fault of this machine.
        gone = isinstance(error, sqlite3.OperationalError) and "no such" in str(error)
        raise (StorageDamaged(path=str(copy)) if gone else trouble) from error
    finally:
        connection.close()


def _examine(connection: sqlite3.Connection, findings: Findings, plan: Plan | None) -> dict[str, int]:
    schema.refuse_newer(connection)
    if not pages_are_sound(connection, whole=True):
        findings.say(Fault.FILE, "integrity_check")
    for name, why in schema.altered(connection).items():
        findings.say(Fault.FILE, name, why)
    reader = LogReader(connection, findings)
    witness = Witness(findings)
    tables = TableCheck(connection, findings, reader.floors)
    plans = Plans(connection, findings)
    replay = _Replay(plans, findings, plan)
    days = 0
    for event_id, event in reader.read():
        if isinstance(event.body, DayOpened):
            if witness.day:
                tables.day(witness)
            days += 1
        before = findings.total
        try:
            witness.take(event_id, event)
        except (ValueError, LookupError) as error:
            findings.say(Fault.UNREADABLE, witness.where, repr(error))
        replay.take(event_id, event, told=findings.total > before)
        plans.take(event_id, event)
    tables.day(witness, last=True)
    tables.finish(witness)
    return {
        "events": reader.events,
        "epochs": len(reader.epochs),
        "days": days,
        "rows": tables.rows,
        "replayed": replay.count,
    }


class _Replay:
    """The rules' own fold of each day, with the plan of its time."""

    def __init__(self, plans: Plans, findings: Findings, plan: Plan | None) -> None:
        self._findings = findings
        self._plans = plans
        self._plan = plan
        self._state: DayState | None = None
        self.count = 0

    def take(self, event_id: int, event: Event, *, told: bool) -> None:
        """Apply one event; after one that the rules refuse, the rest of its day is not replayed.

        ``told``: something was already said about this event.
        """
        if isinstance(event.body, DayOpened):
            plan = self._plans.at(event_id) or self._plan or self._plans.first
            self._state = DayState(plan) if plan is not None else None
        if self._state is None:
            return
        try:
            self._state.apply(event)
            self.count += 1
        except (ValueError, LookupError) as error:
            self._state = None
            if not told:
                where = f"{event.epoch}/{event.seq} {type(event.body).__name__}"
                self._findings.say(Fault.REPLAY, where, str(error))
