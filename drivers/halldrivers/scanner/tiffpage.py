"""How many sheets a TIFF has, if it is whole: every directory, and all strips or tiles that it names, lie
within the file.

::

    II 2A 00 | offset of directory       MM 00 2A for big-endian; 2B for BigTIFF (8-byte offsets)
    directory: count | entries of 12 (20) bytes: tag, type, count, value or offset | offset of next, 0 ends

Source: TIFF 6.0 section 2, and the BigTIFF layout of libtiff. Multi-page files are chains of directories.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from halldrivers.scanner.reader import Reader

MOST_DIRECTORIES = 2000
"""Sheets of one file, previews included."""
MOST_VALUES = 1_000_000
"""Strips of one file, over all its pages: A4 at 1200 dpi in strips of one line has 14,000."""

_MARKS = {b"II*\0": ("<", False), b"MM\0*": (">", False), b"II+\0": ("<", True), b"MM\0+": (">", True)}
_STRIPS = {273: 279, 324: 325}
"""Tags of places (strips, tiles) and of the lengths that belong to them."""
_FORMAT = {3: "H", 4: "I", 13: "I", 16: "Q"}
"""Types that places and lengths may have: SHORT, LONG, IFD, LONG8."""


@dataclass(frozen=True, slots=True)
class _Layout:
    order: str
    count: str
    entry: str
    """Tag, type, count; the value follows."""
    offset: str
    first: int
    """Where the first directory's place stands."""

    def size(self, form: str) -> int:
        return struct.calcsize(self.order + form)

    def read(self, file: Reader, place: int, form: str) -> tuple[int, ...] | None:
        data = file.at(place, self.size(form))
        return struct.unpack(self.order + form, data) if len(data) == self.size(form) else None


def is_tiff(head: bytes) -> bool:
    """Whether a file that begins so is a TIFF."""
    return head[:4] in _MARKS


def sheets_of_tiff(file: Reader) -> int:
    """How many directories a whole TIFF has; 0 when something is missing, or would take too long to find."""
    order, is_big = _MARKS[file.at(0, 4)]
    layout = _Layout(order, "Q", "HHQ", "Q", 8) if is_big else _Layout(order, "H", "HHI", "I", 4)
    found = layout.read(file, layout.first, layout.offset)
    seen: set[int] = set()
    left = MOST_VALUES
    while found and found[0]:
        place = found[0]
        if place in seen or len(seen) == MOST_DIRECTORIES:
            return 0
        seen.add(place)
        entries = _entries(file, layout, place)
        if entries is None:
            return 0
        for places, lengths in _pictures(entries):
            left -= places.count + lengths.count
            if left < 0 or not _lie_within(file, layout, places, lengths):
                return 0
        found = layout.read(file, _end_of(layout, place, entries), layout.offset)
    return len(seen) if found is not None else 0


@dataclass(frozen=True, slots=True)
class _Entry:
    tag: int
    kind: int
    count: int
    value_place: int


def _entries(file: Reader, layout: _Layout, place: int) -> list[_Entry] | None:
    head = layout.read(file, place, layout.count)
    step = layout.size(layout.entry) + layout.size(layout.offset)
    start = place + layout.size(layout.count)
    if head is None or head[0] > 0xFFFF or start + head[0] * step > file.size:
        return None
    data = file.at(start, head[0] * step)
    if len(data) < head[0] * step:
        return None
    value = layout.size(layout.entry)
    entries = []
    for at in range(0, len(data), step):
        tag, kind, count = struct.unpack_from(layout.order + layout.entry, data, at)
        entries.append(_Entry(tag, kind, count, start + at + value))
    return entries


def _end_of(layout: _Layout, place: int, entries: list[_Entry]) -> int:
    step = layout.size(layout.entry) + layout.size(layout.offset)
    return place + layout.size(layout.count) + len(entries) * step


def _pictures(entries: list[_Entry]) -> Iterator[tuple[_Entry, _Entry]]:
    """Each list of places with its list of lengths; lengths that are missing are an empty list."""
    by_tag = {entry.tag: entry for entry in entries}
    for places, lengths in _STRIPS.items():
        if places in by_tag:
            yield by_tag[places], by_tag.get(lengths, _Entry(lengths, 4, 0, 0))


def _lie_within(file: Reader, layout: _Layout, places: _Entry, lengths: _Entry) -> bool:
    starts, sizes = _values(file, layout, places), _values(file, layout, lengths)
    if not starts or sizes is None or len(starts) != len(sizes):
        return False
    return all(start + size <= file.size for start, size in zip(starts, sizes, strict=True))


def _values(file: Reader, layout: _Layout, entry: _Entry) -> tuple[int, ...] | None:
    one = _FORMAT.get(entry.kind)
    if one is None or entry.count * layout.size(one) > file.size:
        return None
    form = one * entry.count if entry.count < 2 else f"{entry.count}{one}"
    if layout.size(form) <= layout.size(layout.offset):
        return layout.read(file, entry.value_place, form)
    at = layout.read(file, entry.value_place, layout.offset)
    return layout.read(file, at[0], form) if at else None
