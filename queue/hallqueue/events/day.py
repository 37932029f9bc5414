"""The day and its clock."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOpened:
    """A business day began; ``day`` is its date YYYY-MM-DD and never runs backwards."""

    day: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DayClosed:
    """The day was closed (解散) by staff; those in line were voided by events of their own before it."""

    day: str
    reason: str
    dissolved: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DayReopened:
    """The closing of this same day was taken back: tickets are given out again; who was voided stays so."""

    day: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockStepped:
    """The wall clock was set while people were there: what is reckoned from it moves along.

    A step of half an hour would otherwise end every rating and every paper that is seconds old.
    """

    by_ms: int
    """Forward is positive."""
    matters: tuple[int, ...] = ()
    """Matters whose open rating session ends that much later."""
    jobs: tuple[int, ...] = ()
    """Waiting print jobs that expire that much later."""
