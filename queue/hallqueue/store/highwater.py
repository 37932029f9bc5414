"""The high-water mark: numbers that may have been given out, kept outside the database.

A database can be lost or come back older than it was (a card that rolled back, a snapshot after
damage), and with it the counters; the papers in people's hands do not. So before a counter gives out
a number, a block of :data:`BLOCK` numbers that contains it is written to ``numbers.json``, durably.
After a recovery the counters go on from the block's end: numbers are skipped, never repeated.

The file also holds the newest event that was known to be durable then; it is brought up to date about
once a minute, with each snapshot and at an end in order. A database that is older than that has rolled
back, even when SQLite finds it consistent (facts: durability 1.6).
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec

from hallqueue.errors import StorageFailed
from hallqueue.paths import storage_trouble
from hallqueue.store.durable import write_whole

log = logging.getLogger("hall.store")

BLOCK = 200
"""Numbers of a day reserved at once: one fsync pair in 200 tickets; at most that many are skipped."""

ID_BLOCK = 2000
"""The same for ids, which nobody reads: skipping more of them costs nothing."""

DAYS_KEPT = 3
"""Marks of day counters older than the newest few days are dropped: those days never come back."""


@dataclass(frozen=True, slots=True)
class Marks:
    """What the file says."""

    epoch: str = ""
    seq: int = 0
    """The newest durable event of ``epoch`` when the file was written."""
    counters: dict[str, int] = field(default_factory=dict)
    """Counter name to the highest number that may have been given out."""
    ended: bool = False
    """The keeper ended in order at ``seq``: the database's last event is that one, none less, none more."""

    @property
    def day(self) -> str:
        """The newest business day of which a number may have been given out, or empty."""
        return max((name.split("/")[1] for name in self.counters if name.startswith("number/")), default="")


_decode = msgspec.json.Decoder(Marks).decode


def read_marks(path: Path) -> Marks | None:
    """The marks on file; None when there is no file or it cannot be understood.

    Raises StorageFailed when something of that name cannot be read: that is for a technician to see to,
    because the numbers that were given out may well stand there.
    """
    try:
        return _decode(path.read_bytes())
    except FileNotFoundError:
        return None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        log.error("%s cannot be understood: %s", path, error)
        return None
    except OSError as error:
        why = f"号码记录 {path} 读不出 / the number marks cannot be read: {error.strerror}"
        raise StorageFailed(why=why) from error


class HighWater:
    """Reserves blocks of numbers ahead of the counters."""

    def __init__(self, path: Path, marks: Marks) -> None:
        self._path = path
        self._marks = marks
        self.reserved = marks.counters
        """Counter name to the end of the block that is on file. Read only."""

    @property
    def marks(self) -> Marks:
        """What is on file now."""
        return self._marks

    def is_short(self, name: str, value: int) -> bool:
        """Whether less than half a block is left behind ``value``."""
        return value + _block(name) // 2 > self.reserved.get(name, 0)

    def reserve(self, name: str, values: dict[str, int], epoch: str, seq: int) -> None:
        """Write a block ahead for ``name`` and for each other counter that is past half of its own.

        ``values`` are the counters as they are about to be; ``seq`` the newest *durable* event.
        Raises StorageFull, StorageReadOnly or StorageFailed, and then nothing was reserved.
        """
        self._extend({o: v for o, v in values.items() if o == name or self.is_short(o, v)}, epoch, seq)

    def top_up(self, values: dict[str, int], epoch: str, seq: int) -> None:
        """Write a block ahead for each counter that :meth:`is_short`. Raises like :meth:`reserve`."""
        self._extend({name: v for name, v in values.items() if self.is_short(name, v)}, epoch, seq)

    def _extend(self, values: dict[str, int], epoch: str, seq: int) -> None:
        ends = {name: value + _block(name) - 1 for name, value in values.items()}
        for name, end in self.reserved.items():
            ends[name] = max(end, ends.get(name, 0))
        self._write(Marks(epoch, seq, _recent(ends)))

    def restart(self, epoch: str) -> None:
        """Bind the marks to a new epoch; the reserved numbers stay. Raises like :meth:`reserve`."""
        self._write(replace(self._marks, epoch=epoch, seq=0, ended=False))

    def note(self, epoch: str, seq: int, *, ended: bool = False) -> None:
        """Put the newest durable event on file, if it is not there. Raises like :meth:`reserve`."""
        marks = replace(self._marks, epoch=epoch, seq=seq, ended=ended)
        if marks != self._marks:
            self._write(marks)

    def _write(self, marks: Marks) -> None:
        try:
            write_whole(self._path, msgspec.json.encode(marks))
        except OSError as error:
            raise storage_trouble(error, self._path) from error
        self._marks = marks
        self.reserved = marks.counters


def _block(name: str) -> int:
    return BLOCK if name.startswith("number/") else ID_BLOCK


def _recent(counters: dict[str, int]) -> dict[str, int]:
    days = sorted({name.split("/")[1] for name in counters if name.startswith("number/")})
    old = set(days[:-DAYS_KEPT])
    return {
        name: value
        for name, value in counters.items()
        if not (name.startswith("number/") and name.split("/")[1] in old)
    }
