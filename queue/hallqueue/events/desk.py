"""Windows, paper and ratings."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowOpened:
    """开窗 by a clerk, also after a pause."""

    window: int
    clerk: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowPaused:
    """暂停."""

    window: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowClosed:
    """关窗."""

    window: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintQueued:
    """The intent to print a ticket; ``copy`` 0 is the original, n the n-th 补打."""

    job: int
    ticket: int
    copy: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintBegun:
    """From here on bytes may have left."""

    job: int
    printer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintEnded:
    """The outcome of a job: ``printed``, ``failed``, ``unknown`` or ``expired``."""

    job: int
    state: str
    rung: str
    """The rung of the confirmation ladder that was reached (A, B, C, D), ``person`` or empty."""
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingGiven:
    """评价 from the citizen's hand."""

    matter: int
    window: int
    level: str
    raw_key: str
    device: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingUnrated:
    """The question for a rating ended in silence; ``reason`` is timeout, superseded or closed."""

    matter: int
    window: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StrayPress:
    """A press that nobody asked for; it rates nothing."""

    window: int
    device: str
    raw_key: str
