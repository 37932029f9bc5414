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
        self._planned = {s.id: s.minutes * 60.0 for s in plan.services}
        self._seconds = dict(self._planned)
        self._samples: dict[str, deque[float]] = {}
        self._waiting: dict[str, int] = dict.fromkeys(self._planned, 0)
        self._open: set[int] = set()
        self._windows: dict[str, tuple[int, ...]] = {}
        """Open windows that may call the service, also as overflow."""
        self._carries: dict[int, tuple[str, ...]] = {}
        """The services whose lines weigh on a window: its own, and overflow that nobody else serves."""
        self._carriers: dict[str, int] = {}
        self._share: dict[str, float] = dict.fromkeys(self._planned, 0.0)
        """Seconds of a service's line that each window carrying it has to do."""

    def window_changed(self, window: int, is_open: bool) -> None:
        """A window of the plan opened, paused or closed."""
        if window not in self._serves:
            return
        (self._open.add if is_open else self._open.discard)(window)
        opened = sorted(self._open)
        served = {s for w in opened for s in self._serves[w]}
        self._carries = {
            w: tuple(s for s in self._serves[w] if s in self._planned)
            + tuple(s for s in self._overflow[w] if s not in served and s in self._planned)
            for w in opened
        }
        self._windows = {
            s: tuple(w for w in opened if s in self._serves[w] or s in self._overflow[w])
            for s in self._planned
        }
        self._carriers = {s: sum(s in carried for carried in self._carries.values()) for s in self._planned}
        for service in self._planned:
            self._reckon(service)

    def line_changed(self, service: str, waiting: int) -> None:
        """The number of those in line for a service changed."""
        if service in self._planned:
            self._waiting[service] = waiting
            self._reckon(service)

    def measured(self, service: str, seconds: float) -> None:
        """A matter was finished after this much work on it (time held not counted)."""
        if service not in self._planned or self._limit <= 0:
            return
        samples = self._samples.setdefault(service, deque(maxlen=self._limit))
        samples.append(seconds)
        if len(samples) >= self._enough:
            self._seconds[service] = float(median(samples))
            self._reckon(service)

    def open_windows(self, service: str) -> tuple[int, ...]:
        """The open windows that may call the service."""
        return self._windows.get(service, ())

    def seconds(self, service: str) -> float:
        """The handling time to reckon with."""
        return self._seconds.get(service, 0.0)

    def samples(self, service: str) -> int:
        """How many measurements that rests on; 0 is the plan's usual time."""
        count = len(self._samples.get(service, ()))
        return count if count >= self._enough else 0

    def estimate(self, service: str, ahead: int, rest: Callable[[int], float]) -> Estimate:
        """The wait behind ``ahead`` others; ``rest`` tells the seconds a window still has with its person."""
        windows = self.open_windows(service)
        each = self.seconds(service)
        heights = sorted(rest(w) + self._other_lines(w, service) for w in windows)
        return Estimate(
            ahead=ahead,
            wait_s=round(_level(heights, ahead * each)) if heights else -1,
            windows=len(windows),
            service_s=round(each),
            samples=self.samples(service),
        )

    def dump(self) -> dict[str, object]:
        """All of it, for comparing two states."""
        return {
            "open": sorted(self._open),
            "waiting": {s: n for s, n in self._waiting.items() if n},
            "samples": {s: list(d) for s, d in sorted(self._samples.items())},
        }

    def _other_lines(self, window: int, service: str) -> float:
        carried = self._carries[window]
        work = sum(map(self._share.__getitem__, carried))
        return work - self._share[service] if service in carried else work

    def _reckon(self, service: str) -> None:
        carriers = self._carriers.get(service, 0)
        work = self._waiting[service] * self._seconds[service]
        self._share[service] = work / carriers if carriers else 0.0


def _level(heights: list[float], work: float) -> float:
    """How high ``work`` stands when poured over columns of these heights, lowest first."""
    poured = work
    for count, height in enumerate(heights, start=1):
        poured += height
        level = poured / count
        if count == len(heights) or level <= heights[count]:
            break
    return max(level, heights[0])


def basis(estimate: Estimate) -> str:
    """What an estimate was computed from, as words for the record."""
    return (
        f"ahead={estimate.ahead} windows={estimate.windows}"
        f" service_s={estimate.service_s} samples={estimate.samples}"
    )
