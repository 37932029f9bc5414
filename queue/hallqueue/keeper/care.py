"""What the keeper does for itself while nobody waits: numbers ahead, the log merged, snapshots.

Each of these costs fsyncs. Done within a touch they are what makes one touch in a hundred slow, so they
are done here, once a second or more rarely, and nothing that was promised depends on when:

- blocks of numbers are reserved before the old ones are used up;
- the write-ahead log is merged when no request came for a second (under load SQLite does it when the
  log is full, :data:`hallqueue.store.connection.CHECKPOINT_PAGES`);
- a snapshot is taken when the day has changed, and after an hour in which something was recorded: in a
  thread, in steps between which the keeper serves.

A snapshot that fails is logged and tried again an hour later: the hall goes on without.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Protocol

from hallqueue.errors import StorageDamaged, Trouble
from hallqueue.keeper.pushes import Cursor

log = logging.getLogger("hall.keeper")

SNAPSHOT_EVERY_S = 3600.0
"""At most this much of a day is lost with a damaged card."""
MERGE_EVENTS = 200
"""Fewer events than this are not worth a merge of the log."""


class Cared(Protocol):
    """What of the hall is cared for. All may raise a Trouble."""

    @property
    def day(self) -> str:
        """The business day that the hall is on."""
        ...

    @property
    def opened_on(self) -> str:
        """The day that it was on when the keeper started; empty for a new hall."""
        ...

    def head(self) -> Cursor:
        """The cursor of the last committed event."""
        ...

    def reserve_ahead(self) -> None:
        """Reserve the next numbers where few are left."""
        ...

    def merge_log(self) -> None:
        """Merge the write-ahead log into the database."""
        ...

    async def snapshot_now(self) -> None:
        """A new file in ``snapshots/``."""
        ...


class Care:
    """Told of every second; keeps what is due."""

    def __init__(self, hall: Cared, loop: asyncio.AbstractEventLoop) -> None:
        self._hall = hall
        self._loop = loop
        self._seen = self._merged = self._kept = hall.head()
        self._day = hall.opened_on
        self._since = loop.time()
        self._snapshot: asyncio.Task[None] | None = None
        self._damage: StorageDamaged | None = None

    def tick(self) -> None:
        """Once a second, between batches. Raises StorageDamaged."""
        if self._damage is not None:
            raise self._damage
        hall, head = self._hall, self._hall.head()
        is_idle, self._seen = head == self._seen, head
        try:
            hall.reserve_ahead()
            if is_idle and head[1] - self._merged[1] >= MERGE_EVENTS:
                hall.merge_log()
                self._merged = head
        except StorageDamaged:
            raise
        except Trouble as trouble:
            # Not lost, only late: the next touch does it itself, and says so if it cannot.
            log.debug("put off: %s", trouble)
        if self._snapshot is None and self._is_due(head):
            self._day, self._kept, self._since = hall.day, head, self._loop.time()
            self._snapshot = self._loop.create_task(self._take())

    def _is_due(self, head: Cursor) -> bool:
        if head == self._kept and self._day == self._hall.day:
            return False
        # A new hall's first day is no change of the day: there is nothing yet to be kept.
        rolled = self._day != self._hall.day and self._day != ""
        self._day = self._day or self._hall.day
        return rolled or self._loop.time() >= self._since + SNAPSHOT_EVERY_S

    async def _take(self) -> None:
        try:
            await self._hall.snapshot_now()
        except StorageDamaged as damage:
            # Told by the next tick, whose caller ends the keeper so that the next start recovers.
            self._damage = damage
        except Trouble as trouble:
            log.error("no snapshot: %s", trouble)
        finally:
            self._snapshot = None

    async def finish(self) -> None:
        """Wait for a snapshot that is being taken."""
        if self._snapshot is not None:
            await asyncio.wait({self._snapshot})
