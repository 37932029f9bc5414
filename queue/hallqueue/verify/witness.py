"""An independent fold of the log: what the tables must say, and each step that must not be.

It shares no code with the projection (:mod:`hallqueue.store.project`) or the rules' fold
(:mod:`hallqueue.rules.day`); only the table of moves, which is the contract. Rows are plain mappings from
column to value, as the tables have them. Memory is bounded by one day.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from hallqueue import events as ev
from hallqueue.states import IN_HAND, TRANSITIONS, TicketState, Verb
from hallqueue.verify.findings import Fault, Findings

Row = dict[str, Any]


class Witness:
    """The rows of one day, as its events explain them, and the windows and scans beyond the day."""

    def __init__(self, findings: Findings) -> None:
        self.findings = findings
        self.day = ""
        self.windows: dict[int, Row] = {}
        self.used: dict[str, int] = {}
        """The highest number that the events show taken, by counter."""
        self.scans: dict[int, Row] = {}
        """Every scan ever kept: some thousands a year."""
        self.event = self.seq = 0
        self.where = ""
        self.now = 0
        self.clock_ok = 1
        self.clear("")

    def clear(self, day: str) -> None:
        """Begin a day: nobody is there."""
        self.day = day
        self.day_row: Row = {}
        self.tickets: dict[int, Row] = {}
        self.numbers: dict[str, int] = {}
        self.references: set[str] = set()
        self.matters: dict[int, Row] = {}
        self.periods: dict[tuple[int, int], Row] = {}
        self.open_period: dict[int, Row] = {}
        self.ratings: dict[int, Row] = {}
        self.jobs: dict[int, Row] = {}
        self.devices: dict[str, Row] = {}
        self.tests: set[int] = set()
        """Numbers of the events that asked for a test which is under way."""
        self.strays: dict[int, Row] = {}
        self.in_hand: dict[int, int] = {}
        """Window to the ticket that it has called or serves."""

    def take(self, event_id: int, event: ev.Event) -> None:
        """Take one event in, saying what is wrong with it."""
        self.event, self.seq = event_id, event.seq
        self.now, self.clock_ok = event.at_ms, int(event.clock_ok)
        self.where = f"{event.epoch}/{event.seq} {type(event.body).__name__}"
        if event.day != self.day and not isinstance(event.body, ev.DayOpened):
            self.say(Fault.MOVE, f"its day {event.day} is not the open day {self.day}")
        STEPS[type(event.body)](self, event.body)

    def say(self, fault: Fault, detail: str) -> None:
        """Something is wrong with the present event."""
        self.findings.say(fault, self.where, detail)

    def count(self, counter: str, value: int) -> None:
        """A number was taken; ids only rise."""
        if value <= self.used.get(counter, 0):
            fault = Fault.NUMBER_TWICE if counter.startswith("number/") else Fault.MOVE
            self.say(fault, f"{counter} {value} is not after {self.used.get(counter, 0)}")
        self.used[counter] = max(value, self.used.get(counter, 0))

    # --- what the steps share --------------------------------------------------------------------

    def ticket(self, number: int) -> Row | None:
        """The ticket the event speaks of."""
        row = self.tickets.get(number)
        if row is None:
            self.say(Fault.MOVE, f"no ticket {number} was issued on {self.day}")
        return row

    def moved(self, row: Row, verb: Verb) -> None:
        """The ticket's next state by the table of moves."""
        after = TRANSITIONS[TicketState(row["state"])].get(verb)
        if after is None:
            self.say(Fault.MOVE, f"{row['number']} is {row['state']}: cannot {verb}")
            after = _AFTER[verb]
        row["state"], row["since_ms"] = after.value, self.now

    def grasp(self, row: Row, window: int, clerk: str, verb: Verb) -> None:
        """The ticket is in hand at the window: only there, and alone."""
        if row["state"] in IN_HAND and row["window"] != window:
            self.say(Fault.TWO_WINDOWS, f"{row['number']} is {row['state']} at window {row['window']}")
            row["state"] = "waiting" if verb is Verb.CALL else "called"
        other = self.in_hand.get(window)
        if other is not None and other != row["id"]:
            self.say(Fault.WINDOW_TWO, f"window {window} has {self.tickets[other]['number']} in hand")
        self.loose(row)
        self.moved(row, verb)
        self.in_hand[window] = row["id"]
        row["window"], row["clerk"] = window, clerk

    def loose(self, row: Row) -> None:
        """No window has the ticket in hand any more."""
        for window, ticket in list(self.in_hand.items()):
            if ticket == row["id"]:
                del self.in_hand[window]

    def belongs(self, row: Row, window: int) -> None:
        """The event's window must be the one that the ticket is at."""
        if row["window"] != window:
            self.say(Fault.MOVE, f"{row['number']} is at window {row['window']}, not {window}")

    def stop(self, row: Row) -> None:
        """The ticket's running period ends."""
        running = self.open_period.pop(row["id"], None)
        if running is not None:
            running["end_ms"] = self.now

    def begin(self, row: Row, kind: str, window: int, clerk: str) -> None:
        """A period begins, ending the one before."""
        self.stop(row)
        period = {
            "ticket": row["id"],
            "opened_by": self.event,
            "kind": kind,
            "matter": row["matter"],
            "service": row["service"],
            "window": window,
            "clerk": clerk,
            "start_ms": self.now,
            "end_ms": None,
        }
        self.periods[row["id"], self.event] = self.open_period[row["id"]] = period


_AFTER = {
    Verb.CALL: TicketState.CALLED,
    Verb.RECALL: TicketState.CALLED,
    Verb.START: TicketState.SERVING,
    Verb.RESUME: TicketState.SERVING,
    Verb.ADVANCE: TicketState.SERVING,
    Verb.FINISH: TicketState.DONE,
    Verb.FORWARD: TicketState.WAITING,
    Verb.HOLD: TicketState.HELD,
    Verb.PASS: TicketState.PASSED,
    Verb.RETURN: TicketState.WAITING,
    Verb.TRANSFER: TicketState.TRANSFERRED,
    Verb.VOID: TicketState.VOID,
}
"""What an impossible event claims, so that the fold can go on after saying so."""

Step = Callable[[Witness, Any], None]
STEPS: dict[type[ev.Body], Step] = {}
"""Event type to its step; filled by the modules ``witness_visit``, ``witness_desk``, ``witness_device``."""


def as_text(services: list[str]) -> str:
    """A list of services as the tables hold it."""
    return json.dumps(services, ensure_ascii=False, separators=(",", ":"))
