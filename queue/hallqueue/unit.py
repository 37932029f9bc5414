"""What one operation works with: the moment, the actor, the log and the counters.

The rules (:mod:`hallqueue.rules.engine`) decide first and record afterwards: an operation that raises a
:class:`~hallqueue.errors.HallError` has recorded nothing. The store implements both protocols on
SQLite, :mod:`hallqueue.memory` in plain memory.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from hallqueue.events import Body, Event


class Log(Protocol):
    """Where events go; numbering, chain and projection are the log's business."""

    def record(self, body: Body, moment: Moment) -> Event:
        """Append one event; it becomes durable with the unit that it belongs to."""
        ...


class Counters(Protocol):
    """Numbers that never repeat, whatever crashes."""

    def take(self, name: str) -> int:
        """The next number of a counter, from 1: ``ticket``, ``matter``, ``job``, ``number/DAY/PREFIX``."""
        ...


@dataclass(frozen=True, slots=True)
class Moment:
    """When and by whom an operation is done."""

    now_ms: int
    day: str
    """The business day that the hall is on."""
    clock_ok: bool
    actor: str
    """The peer's role: ``terminal``, ``window:2``, ``window:2/李敏``, ``printer``, ``keeper`` …"""
