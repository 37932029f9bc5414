"""等待时间: how long a newcomer would wait, from measured handling times and open windows.

The work in line is poured over the windows like water. Each open window starts at the height of what
it must do anyway: the rest of the person it has, and its share of the *other* services' lines (a
line's work is shared evenly by the open windows that serve it). The work of the newcomer's own line
then fills the lowest windows first; the level reached is the wait. So an idle 专业窗口 means no wait
although the 综合窗口 beside it has a long line of other matters.

The handling time is the *median* of the last measured ones: a matter that was left open over lunch
would otherwise double everyone's wait for twenty tickets. Before there are three it is the plan's usual time.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from statistics import median

from hallqueue.plan import Plan
from hallqueue.views import Estimate

MIN_SAMPLES = 3
"""Fewer measurements than this say nothing about the usual."""


class Workload:
    """What the estimate needs, kept up to date with every event instead of counted for every question."""

    def __init__(self, plan: Plan) -> None:
        self._limit = plan.limits.estimate_samples
        self._enough = max(1, min(MIN_SAMPLES, self._limit))
        self._serves = {w.number: w.serves for w in plan.windows}
        self._overflow = {w.number: w.overflow for w in plan.windows}
        self._planned_ms = {s.id: s.minutes * 60_000 for s in plan.services}
        self._handling_ms = dict(self._planned_ms)
        self._samples: dict[str, deque[int]] = {}
        self._waiting: dict[str, int] = dict.fromkeys(self._planned_ms, 0)
        self._open: set[int] = set()
        self._windows: dict[str, tuple[int, ...]] = {}
        """Open windows that may call the service, also as overflow."""
        self._carriers: dict[str, tuple[int, ...]] = {}
        """Open windows that a service's line weighs on: those that serve it, or if none does those that
        take it as overflow."""
        self._share_ms: dict[str, int] = dict.fromkeys(self._planned_ms, 0)
        """Of a service's line, what each of its carriers has to do."""
        self._load_ms: dict[int, int] = {}
        """Of all lines, what an open window has to do: the sum of its shares. Whole milliseconds, so
        that adding and subtracting forever stays exact."""

    def window_changed(self, window: int, is_open: bool) -> None:
        """A window of the plan opened, paused or closed."""
        if window not in self._serves:
            return
        (self._open.add if is_open else self._open.discard)(window)
        opened = sorted(self._open)
        for service in self._planned_ms:
            serving = tuple(w for w in opened if service in self._serves[w])
            spare = tuple(w for w in opened if service in self._overflow[w] and w not in serving)
            self._windows[service] = serving + spare
            self._carriers[service] = serving or spare
        self._share_ms = dict.fromkeys(self._planned_ms, 0)
        self._load_ms = dict.fromkeys(opened, 0)
        for service in self._planned_ms:
            self._reckon(service)

    def line_changed(self, service: str, waiting: int) -> None:
        """The number of those in line for a service changed."""
        if service in self._planned_ms:
            self._waiting[service] = waiting
            self._reckon(service)

    def measured(self, service: str, worked_ms: int) -> None:
        """A matter was finished after this much work on it (time held not counted)."""
        if service not in self._planned_ms or self._limit <= 0:
            return
        samples = self._samples.setdefault(service, deque(maxlen=self._limit))
        samples.append(worked_ms)
        if len(samples) >= self._enough:
            self._handling_ms[service] = round(median(samples))
            self._reckon(service)

    def open_windows(self, service: str) -> tuple[int, ...]:
        """The open windows that may call the service."""
        return self._windows.get(service, ())

    def handling_ms(self, service: str) -> int:
        """The handling time to reckon with."""
        return self._handling_ms.get(service, 0)

    def samples(self, service: str) -> int:
        """How many measurements that rests on; 0 is the plan's usual time."""
        count = len(self._samples.get(service, ()))
        return count if count >= self._enough else 0

    def estimate(self, service: str, ahead: int, rest_ms: Callable[[int], int]) -> Estimate:
        """The wait behind ``ahead`` others; ``rest_ms`` tells what a window still has with its person."""
        windows = self._windows.get(service, ())
        each_ms = self._handling_ms.get(service, 0)
        share_ms = self._share_ms.get(service, 0)
        carriers = self._carriers.get(service, ())
        load = self._load_ms
        heights = [rest_ms(w) + load[w] - (share_ms if w in carriers else 0) for w in windows]
        heights.sort()
        return Estimate(
            ahead=ahead,
            wait_s=round(_level(heights, ahead * each_ms) / 1000) if heights else -1,
            windows=len(windows),
            service_s=round(each_ms / 1000),
            samples=self.samples(service),
        )

    def dump(self) -> dict[str, object]:
        """All of it, for comparing two states."""
        return {
            "open": sorted(self._open),
            "waiting": {s: n for s, n in self._waiting.items() if n},
            "samples": {s: list(d) for s, d in sorted(self._samples.items())},
        }

    def _reckon(self, service: str) -> None:
        carriers = self._carriers.get(service, ())
        if not carriers:
            return
        share = self._waiting[service] * self._handling_ms[service] // len(carriers)
        more = share - self._share_ms[service]
        self._share_ms[service] = share
        load = self._load_ms
        for window in carriers:
            load[window] += more


def _level(heights: list[int], work: int) -> float:
    """How high ``work`` stands when poured over columns of these heights, lowest first."""
    if not work:
        return heights[0]
    poured, level = work, 0.0
    for count, height in enumerate(heights, start=1):
        poured += height
        level = poured / count
        if count == len(heights) or level <= heights[count]:
            break
    return level


def basis(estimate: Estimate) -> str:
    """What an estimate was computed from, as words for the record."""
    return (
        f"ahead={estimate.ahead} windows={estimate.windows}"
        f" service_s={estimate.service_s} samples={estimate.samples}"
    )
