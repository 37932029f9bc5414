"""Reading the log for ``hall verify``: every event of every epoch, its number and its link recomputed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

import msgspec

from hallqueue.errors import StorageDamaged, StorageNewer
from hallqueue.events import Event
from hallqueue.rules.chain import LINK_BYTES, genesis, link
from hallqueue.store.codec import decode_body
from hallqueue.verify.findings import Fault, Findings

_floors = msgspec.json.Decoder(dict[str, int]).decode


@dataclass(frozen=True, slots=True)
class EpochRow:
    """One row of ``epoch``, as found."""

    order: int
    name: str
    base: int


class LogReader:
    """Streams the events in order and says what is wrong with the log itself."""

    def __init__(self, connection: sqlite3.Connection, findings: Findings) -> None:
        self._connection = connection
        self._findings = findings
        self.events = 0
        self.epochs: list[EpochRow] = []
        self.floors: dict[str, int] = {}
        """What the counters started from: after a recovery they went on behind the high-water mark."""
        for order, name, base, floors in connection.execute(
            "SELECT ord, epoch, base, floors FROM epoch ORDER BY ord"
        ):
            if order != len(self.epochs) + 1:
                findings.say(Fault.ALTERED, f"epoch {name}", f"is row {order}, not {len(self.epochs) + 1}")
            self.epochs.append(EpochRow(order, name, base))
            try:
                for counter, value in _floors(floors).items():
                    if value < self.floors.get(counter, 0):
                        findings.say(Fault.ALTERED, f"epoch {name}", f"its counter {counter} went back")
                    self.floors[counter] = max(value, self.floors.get(counter, 0))
            except msgspec.DecodeError as error:
                findings.say(Fault.UNREADABLE, f"epoch {name}", str(error))

    def read(self) -> Iterator[tuple[int, Event]]:
        """Each event that can be read, with its id. Raises sqlite3.Error."""
        if not self.epochs:
            self._findings.say(Fault.MISSING, "epoch", "no epoch at all")
        for index, epoch in enumerate(self.epochs):
            ahead = self.epochs[index + 1] if index + 1 < len(self.epochs) else None
            yield from self._epoch(epoch, ahead)
        orders = [epoch.order for epoch in self.epochs]
        (count,) = self._connection.execute("SELECT count(*) FROM event").fetchone()
        if count != self.events:
            detail = f"{count - self.events} events outside the epochs {orders}"
            self._findings.say(Fault.ALTERED, "event", detail)

    def _epoch(self, epoch: EpochRow, ahead: EpochRow | None) -> Iterator[tuple[int, Event]]:
        rows = self._connection.execute(
            "SELECT id, seq, at_ms, day, clock_ok, actor, type, body, chain FROM event WHERE epoch = ?"
            " ORDER BY id",
            (epoch.order,),
        )
        previous, expected = genesis(epoch.name), 1
        for event_id, seq, at_ms, day, clock_ok, actor, kind, body, chain in rows:
            self.events += 1
            where = f"{epoch.name}/{seq} {kind}"
            if seq != expected or event_id != epoch.base + seq:
                self._findings.say(Fault.MISSING, where, f"expected number {expected}, row {event_id}")
            elif _link(previous, epoch.name, seq, kind, body, at_ms, day, clock_ok, actor) != chain:
                self._findings.say(Fault.ALTERED, where)
            previous, expected = chain, seq + 1
            try:
                decoded = decode_body(kind, body)
            except (StorageNewer, StorageDamaged) as error:
                self._findings.say(Fault.UNREADABLE, where, str(error))
                continue
            yield event_id, Event(epoch.name, seq, at_ms, day, bool(clock_ok), actor, decoded)
        self._end(epoch, ahead, expected - 1)

    def _end(self, epoch: EpochRow, ahead: EpochRow | None, last: int) -> None:
        """The end of an epoch is told by the next one's base, the end of the last by the counter."""
        if ahead is not None:
            should = ahead.base - epoch.base
        else:
            row = self._connection.execute("SELECT value FROM counter WHERE name = 'event'").fetchone()
            should = row[0] if row else 0
        if last != should:
            detail = f"the last event is {last}, it should be {should}"
            self._findings.say(Fault.MISSING, f"{epoch.name}/{last}", detail)


def _link(
    previous: object,
    epoch: str,
    seq: int,
    kind: str,
    body: str,
    at_ms: int,
    day: str,
    clock_ok: int,
    actor: str,
) -> bytes | None:
    """The link that the row should have; None when the row cannot have one."""
    if not isinstance(previous, bytes) or len(previous) != LINK_BYTES or clock_ok not in (0, 1):
        return None
    return link(previous, epoch, seq, kind, body.encode(), at_ms, day, bool(clock_ok), actor)
