"""When a file of a watched folder is taken, and when it is set aside. Pure: time and listings are passed in.

Rules, before the code:

1. A file is looked into once it has stayed as it is (size, time, name) for ``steady_s``; it is taken if it
   is a
   whole page by its content. Its name means nothing.
2. A file that is steady but no whole page (half, empty, foreign) gets ``half_s``, because a network may
   pause;
   then it is set aside, with the reason. So is one that is too large, and one that was there before the scan
   began: it may be another person's. Nothing is ever deleted.
3. Pages keep the order in which their files appeared, and of one moment the order of their names as people
   count (2 before 10): a file waits for those before it.
4. Directories and the files that systems put into folders (``Thumbs.db``) are left where they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from halldrivers.scanner.pagefile import Content

HALF_S = 30.0
"""Seconds that a file may stay half: longer than a network's usual pauses, shorter than patience."""
MOST_BYTES = 256 * 1024 * 1024
"""Of one file: a hundred A4 pages in colour at 300 dpi as JPEG in a PDF."""
IGNORED = frozenset({"thumbs.db", "desktop.ini", ".ds_store"})


class Reason(StrEnum):
    """Why a file was set aside; part of its new name."""

    EARLY = "early"
    """It was there before the scan began."""
    EMPTY = "empty"
    HALF = "half"
    FOREIGN = "foreign"
    """No JPEG, PNG, TIFF or PDF."""
    HUGE = "huge"
    NO_FILE = "no-file"
    """A link, a pipe, a device."""
    CHANGED = "changed"
    """Somebody wrote to it while it was taken."""
    UNREADABLE = "unreadable"
    NOT_PICTURES = "not-pictures"
    """A document: text, or a coding that we cannot keep."""
    ENCRYPTED = "encrypted"
    DAMAGED = "damaged"
    """A document that ends as it should and is broken inside."""
    TOO_BIG = "too-big"
    """A document with too many pages, pixels or bytes."""
    FAILED = "failed"
    """A document that our program fell over."""
    TAKING = "taking"
    """A document whose pages are being kept, for a moment; one that stays was cut by a power failure."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One entry of a listing."""

    name: str
    inode: int
    size: int
    mtime_ns: int
    is_file: bool = True


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to be done with an entry: taken if there is no reason against it."""

    seen: Seen
    reason: Reason | None = None


Inspect = Callable[[Seen], Content | None]
"""Looks into a file; None when it cannot be read."""


@dataclass(slots=True)
class _Track:
    seen: Seen
    since_s: float
    """When it last changed."""


class FolderWatch:
    """Feed it listings; it says what to do. Entries that it has decided are expected to be gone."""

    def __init__(self, steady_s: float, half_s: float = HALF_S, most_bytes: int = MOST_BYTES) -> None:
        self._steady_s, self._half_s, self._most_bytes = steady_s, half_s, most_bytes
        self._tracks: dict[int, _Track] = {}

    @property
    def is_waiting(self) -> bool:
        """Whether files are there that are not decided yet."""
        return bool(self._tracks)

    def look(self, now_s: float, listing: Sequence[Seen], inspect: Inspect) -> list[Decision]:
        """What is to be done now, in the order of the pages."""
        self._note(now_s, listing)
        decisions: list[Decision] = []
        for inode, track in list(self._tracks.items()):
            decision = self._decide(now_s, track, inspect)
            if decision is None:
                break  # those behind it wait
            decisions.append(decision)
            del self._tracks[inode]
        return decisions

    def _note(self, now_s: float, listing: Sequence[Seen]) -> None:
        here = {seen.inode for seen in listing}
        self._tracks = {inode: track for inode, track in self._tracks.items() if inode in here}
        for seen in sorted(listing, key=lambda seen: by_number(seen.name)):
            track = self._tracks.get(seen.inode)
            if track is None:
                self._tracks[seen.inode] = _Track(seen, now_s)
            elif track.seen != seen:
                track.seen, track.since_s = seen, now_s

    def _decide(self, now_s: float, track: _Track, inspect: Inspect) -> Decision | None:
        seen, quiet_s = track.seen, now_s - track.since_s
        if not seen.is_file:
            return Decision(seen, Reason.NO_FILE)
        if quiet_s < self._steady_s:
            return None
        if seen.size > self._most_bytes:
            return Decision(seen, Reason.HUGE)
        content = inspect(seen)
        if content is not None and content.is_whole:
            return Decision(seen)
        if quiet_s < self._half_s:
            return None
        return Decision(seen, _why_not(seen, content))


def _why_not(seen: Seen, content: Content | None) -> Reason:
    if content is None:
        return Reason.UNREADABLE
    if not seen.size:
        return Reason.EMPTY
    return Reason.HALF if content.media_type else Reason.FOREIGN


def is_ignored(name: str) -> bool:
    """Whether a system put it there for itself."""
    return name.lower() in IGNORED


def by_number(name: str) -> tuple[tuple[str, int], ...]:
    """A key that sorts ``scan2`` before ``scan10``."""
    return tuple((text, int(digits or 0)) for text, digits in re.findall(r"([^0-9]*)([0-9]{0,18})", name))
