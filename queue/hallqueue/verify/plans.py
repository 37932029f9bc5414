"""The remembered plans, and whether they can be those that the events were made under.

The plan table is no projection: no event explains a row. But rows only follow each other, and a ticket's
event says which letter its service had then; a row that was rewritten to hide another hall shows there.
"""

from __future__ import annotations

import sqlite3

import msgspec

from hallqueue.events import Event, TicketIssued
from hallqueue.plan import Plan
from hallqueue.verify.findings import Fault, Findings


class Plans:
    """The plans in the order in which they came to hold. Events are taken in by rising id."""

    def __init__(self, connection: sqlite3.Connection, findings: Findings) -> None:
        self._findings = findings
        self._plans: list[tuple[int, Plan]] = []
        self._letters: list[frozenset[tuple[str, str]]] = []
        self._told: set[int] = set()
        """Plans of which something was said: once is enough."""
        (newest,) = connection.execute("SELECT max(id) FROM event").fetchone()
        before = 0
        rows = connection.execute("SELECT id, since_event, body FROM plan ORDER BY id")
        for expected, (row, since, body) in enumerate(rows, 1):
            if row != expected or not before <= since <= (newest or 0):
                detail = f"row {expected} since {before} or later expected, row {row} since {since} found"
                findings.say(Fault.ALTERED, f"plan {row}", detail)
            before = since
            try:
                plan = msgspec.json.decode(body, type=Plan)
                self._plans.append((since, plan))
                self._letters.append(frozenset((s.id, s.prefix) for s in plan.services))
            except msgspec.DecodeError as error:
                findings.say(Fault.UNREADABLE, f"plan {row}", str(error))

    @property
    def first(self) -> Plan | None:
        """The oldest plan, or None."""
        return self._plans[0][1] if self._plans else None

    def at(self, event_id: int) -> Plan | None:
        """The plan that held at an event, or None before the first."""
        index = self._index(event_id)
        return None if index is None else self._plans[index][1]

    def take(self, event_id: int, event: Event) -> None:
        """Compare a ticket with the plan of its time."""
        body, index = event.body, self._index(event_id)
        if not isinstance(body, TicketIssued) or index is None or index in self._told:
            return
        if (body.service, body.prefix) not in self._letters[index]:
            self._told.add(index)
            detail = (
                f"{event.epoch}/{event.seq}: service {body.service} with letter {body.prefix} is not in it"
            )
            self._findings.say(Fault.ALTERED, f"plan {index + 1}", detail)

    def _index(self, event_id: int) -> int | None:
        known = [index for index, (since, _) in enumerate(self._plans) if since < event_id]
        return known[-1] if known else None
