"""Samples, and what is said of them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One latency, in milliseconds, by nearest rank."""

    n: int
    p50: float
    p99: float
    max: float


def figure_of(samples_s: list[float]) -> Figure:
    """From samples in seconds."""
    ordered = sorted(samples_s)

    def rank(share: float) -> float:
        return round(1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))], 3)

    return Figure(len(ordered), rank(0.5), rank(0.99), round(1000 * ordered[-1], 3))
