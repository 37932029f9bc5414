"""Events in words: a pure fold over the log that knows which number a ticket has, and proves the chain.

The chain is recomputed here from what the keeper pushed, with the function that the keeper uses: a deck
that followed from the first event shows the link of each.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from hallkiosk.wording.deck import DEVICE_STATES, EVENTS, LEVELS, PRINT_ENDS, UNRATED
from hallqueue.plan import Plan
from hallqueue.rules.chain import genesis, link
from hallqueue.views import EventLine

_SHORT = 6


@dataclass(frozen=True, slots=True)
class LogRow:
    """One event as the panel shows it."""

    seq: int
    time: str
    """HH:MM:SS in the hall's own time."""
    window: str
    """`1号` or empty."""
    words: str
    type: str
    link: str
    """The first digits of its link in the chain; empty when the log was not followed from its beginning."""


class LogBook:
    """Turns events into rows, in their order."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._numbers: dict[int, str] = {}
        self._tickets: dict[str, dict[int, int]] = {"job": {}, "matter": {}}
        """Kind of id to id to ticket: a job or a matter names its ticket only once."""
        self._chain: tuple[str, int, bytes] | None = None

    def row(self, line: EventLine) -> LogRow:
        """What one event says."""
        body: dict[str, Any] = msgspec.json.decode(line.body)
        number = self._number(body)
        values = {
            **body,
            "number": number,
            "service_name": self._service(str(body.get("service", ""))),
            "state_name": PRINT_ENDS.get(str(body.get("state", "")), str(body.get("state", ""))),
            "level_name": _level(str(body.get("level", ""))),
            "why": UNRATED.get(str(body.get("reason", "")), str(body.get("reason", ""))),
            "what": body.get("what_zh") or _device_state(str(body.get("state", ""))),
        }
        words = EVENTS.get(line.type, line.type).format_map(values).strip()
        window = int(body.get("window") or 0)
        return LogRow(
            seq=line.seq,
            time=self._time(line.at_ms),
            window=f"{window}号" if window else "",
            words=words,
            type=line.type,
            link=self._link(line),
        )

    def _number(self, body: dict[str, Any]) -> str:
        ticket = int(body.get("ticket") or 0)
        for kind, known in self._tickets.items():
            identity = int(body.get(kind) or 0)
            if ticket and identity:
                known[identity] = ticket
            elif identity:
                ticket = known.get(identity, 0)
        if ticket and body.get("next_matter"):
            self._tickets["matter"][int(body["next_matter"])] = ticket
        if ticket and body.get("number"):
            self._numbers[ticket] = str(body["number"])
        return self._numbers.get(ticket, f"#{ticket}" if ticket else "")

    def _service(self, name: str) -> str:
        service = self._plan.service(name)
        return service.name if service is not None else name

    def _time(self, at_ms: int) -> str:
        local = datetime.fromtimestamp(at_ms / 1000, UTC) + timedelta(
            minutes=self._plan.calendar.utc_offset_minutes
        )
        return local.strftime("%H:%M:%S")

    def _link(self, line: EventLine) -> str:
        before = self._before(line)
        if before is None:
            self._chain = None
            return ""
        after = link(
            before,
            line.epoch,
            line.seq,
            line.type,
            line.body.encode(),
            line.at_ms,
            line.day,
            line.clock_ok,
            line.actor,
        )
        self._chain = (line.epoch, line.seq, after)
        return after.hex()[:_SHORT]

    def _before(self, line: EventLine) -> bytes | None:
        if line.seq == 1:
            return genesis(line.epoch)
        if self._chain is not None and self._chain[:2] == (line.epoch, line.seq - 1):
            return self._chain[2]
        return None


def _device_state(state: str) -> str:
    return DEVICE_STATES[state].zh if state in DEVICE_STATES else state


def _level(level: str) -> str:
    return LEVELS[level].zh if level in LEVELS else level
