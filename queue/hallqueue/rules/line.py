"""Waiting lines: who stands where, and who is first, without looking at everyone.

A line is kept for each service, each rank and, for tickets transferred to one certain window, each
such window. Within a line the order is the *place*: the time it is reckoned from, then the ticket id.
To see who is next at a window is to look at the heads of its lines: services times classes, however
many wait.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Iterator
from heapq import merge
from itertools import islice

Place = tuple[int, int]
"""Milliseconds and ticket id: smaller goes first."""

Orphaned = Callable[[str, int], bool]
"""Of a service and a window: those who wait there for that window only may go to any window of it."""

_COMPACT_AT = 512


def never(service: str, window: int) -> bool:
    """Whoever waits for one window waits for it."""
    return False


class Line:
    """Places in order. The head is a moving index: taking the first costs the same at any length."""

    __slots__ = ("_head", "_places")

    def __init__(self) -> None:
        self._places: list[Place] = []
        self._head = 0

    def __len__(self) -> int:
        return len(self._places) - self._head

    def __iter__(self) -> Iterator[Place]:
        return islice(self._places, self._head, None)

    def first(self) -> Place | None:
        """Who stands first, or None."""
        return self._places[self._head] if self._head < len(self._places) else None

    def at(self, index: int) -> Place:
        """Who stands behind ``index`` others. Raises ``IndexError`` past the end."""
        return self._places[self._head + index]

    def add(self, place: Place) -> None:
        """Stand in line; nearly always at the end."""
        if not self._places or self._places[-1] < place:
            self._places.append(place)
        else:
            insort(self._places, place, lo=self._head)

    def remove(self, place: Place) -> None:
        """Leave the line. Raises ``KeyError`` for one who does not stand in it."""
        index = bisect_left(self._places, place, lo=self._head)
        if index == len(self._places) or self._places[index] != place:
            raise KeyError(place)
        if index != self._head:
            del self._places[index]
            return
        self._head += 1
        if self._head >= _COMPACT_AT and self._head * 2 > len(self._places):
            del self._places[: self._head]
            self._head = 0


class Lines:
    """All lines of the hall."""

    __slots__ = ("_bound", "_shared", "_waiting", "total")

    def __init__(self) -> None:
        self._shared: dict[str, dict[int, Line]] = {}
        """Service, rank: may be called by any window of the service."""
        self._bound: dict[str, dict[int, dict[int, Line]]] = {}
        """Service, window, rank: that window calls them, and others only when it cannot."""
        self._waiting: dict[str, int] = {}
        self.total = 0

    def add(self, service: str, rank: int, to_window: int, place: Place) -> None:
        """Stand in the line of ``service``; ``to_window`` 0 is any window of it."""
        ranks = self._ranks(service, to_window)
        if ranks is None:
            ranks = {}
            if to_window:
                self._bound.setdefault(service, {})[to_window] = ranks
            else:
                self._shared[service] = ranks
        line = ranks.get(rank)
        if line is None:
            line = ranks[rank] = Line()
        line.add(place)
        self._waiting[service] = self._waiting.get(service, 0) + 1
        self.total += 1

    def remove(self, service: str, rank: int, to_window: int, place: Place) -> None:
        """Leave it. Raises ``KeyError`` for one who does not stand there."""
        ranks = self._ranks(service, to_window) or {}
        ranks[rank].remove(place)
        self._waiting[service] -= 1
        self.total -= 1

    def waiting(self, service: str) -> int:
        """How many stand in line for a service, in all its lines."""
        return self._waiting.get(service, 0)

    def waiting_before(self, service: str, rank: int) -> int:
        """How many of them a newcomer of that rank would stand behind."""
        if rank <= 0:
            return self.waiting(service)
        count = sum(len(line) for r, line in self._shared.get(service, {}).items() if r >= rank)
        for ranks in self._bound.get(service, {}).values():
            count += sum(len(line) for r, line in ranks.items() if r >= rank)
        return count

    def callable_by(self, services: Iterable[str], window: int, orphaned: Orphaned = never) -> int:
        """How many a window that serves these may call."""
        return sum(
            len(line)
            for service in services
            for ranks in self._of(service, window, orphaned)
            for line in ranks.values()
        )

    def heads(self, services: Iterable[str], window: int, orphaned: Orphaned = never) -> dict[int, Place]:
        """For each rank the first place among these services that this window may call."""
        found: dict[int, Place] = {}
        for service in services:
            if not self._waiting.get(service):
                continue
            for ranks in self._of(service, window, orphaned):
                for rank, line in ranks.items():
                    first = line.first()
                    if first is not None and (rank not in found or first < found[rank]):
                        found[rank] = first
        return found

    def shared(self, service: str, rank: int) -> Line:
        """The line of one service and rank that any of its windows may call; empty when nobody stands."""
        return self._shared.get(service, {}).get(rank) or Line()

    def in_order(self) -> Iterator[Place]:
        """Everyone in line by place."""
        return merge(*(line for _, line in self._each()))

    def dump(self) -> dict[str, list[Place]]:
        """Every line that is not empty, by name: for comparing two states."""
        return {name: list(line) for name, line in sorted(self._each(), key=lambda e: e[0]) if len(line)}

    def _ranks(self, service: str, to_window: int) -> dict[int, Line] | None:
        return self._bound.get(service, {}).get(to_window) if to_window else self._shared.get(service)

    def _of(self, service: str, window: int, orphaned: Orphaned) -> Iterator[dict[int, Line]]:
        shared = self._shared.get(service)
        if shared:
            yield shared
        for bound_to, ranks in self._bound.get(service, {}).items():
            if bound_to == window or orphaned(service, bound_to):
                yield ranks

    def _each(self) -> Iterator[tuple[str, Line]]:
        for service, ranks in self._shared.items():
            yield from ((f"{service}/{rank}", line) for rank, line in ranks.items())
        for service, windows in self._bound.items():
            for window, ranks in windows.items():
                yield from ((f"{service}@{window}/{rank}", line) for rank, line in ranks.items())
