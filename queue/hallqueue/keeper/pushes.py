"""Telling subscribers what changed: the hall as a whole for screens, single events for devices.

Rules, before the code:

1. Only committed state is pushed.
2. ``watch`` may skip snapshots in between, never the last: at most one per ``SNAPSHOT_EVERY_S``,
   encoded once for all watchers; a watcher that reads slowly gets the newest when it has caught up.
3. ``follow`` skips nothing and repeats nothing: a follower replays the log in pages from its cursor,
   each page only once it has read the one before, and is live when a page comes back empty. From then
   on every commit's events are read back from the log once and sent to all live followers.
4. A subscriber whose outgoing buffer exceeds ``BUFFER_MAX`` is dropped; it comes back by its cursor.
   One slow screen thus costs the keeper a bounded amount of memory.

Everything runs on the keeper's one thread, so between two callbacks the log's head is where live
followers are.
"""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Callable
from typing import Protocol

import msgspec

from hallqueue.errors import StorageDamaged, Trouble
from hallqueue.views import EventLine, HallSnapshot
from hallqueue.wire.wire import push_line

SNAPSHOT_EVERY_S = 0.02
"""A screen shows 50 pictures a second at most; people see fewer."""
REFRESH_S = 5.0
"""How often a hall in which nothing happens is looked at again: waits and hours change with time."""
PAGE = 200
"""Events of one replay page."""
HIGH_WATER = 256 * 1024
"""Bytes that a subscriber may have unread before replay and snapshots wait for it."""
BUFFER_MAX = 1024 * 1024
"""Bytes that a subscriber may have unread before it is dropped."""

Cursor = tuple[str, int]
"""Epoch and number of the last event that somebody has."""

_encode = msgspec.json.encode


class Subscriber(Protocol):
    """A connection as the pushes see it."""

    def send(self, data: bytes) -> None:
        """Send, or buffer what the peer has not read yet."""
        ...

    def unread(self) -> int:
        """Bytes in the outgoing buffer."""
        ...

    def drop(self, why: str) -> None:
        """Close the connection at once; ``why`` goes to the keeper's log."""
        ...


class Source(Protocol):
    """Where committed state is read."""

    def snapshot(self) -> HallSnapshot:
        """The hall now."""
        ...

    def events_after(self, cursor: Cursor, limit: int) -> tuple[EventLine, ...]:
        """Committed events after the cursor in order, at most ``limit``; over the end of an epoch too."""
        ...

    def head(self) -> Cursor:
        """The cursor of the last committed event."""
        ...


class Pushes:
    """The subscribers of one keeper."""

    def __init__(
        self, loop: asyncio.AbstractEventLoop, source: Source, fail: Callable[[Exception], None]
    ) -> None:
        """``fail`` takes what a callback of the loop met: nobody else would hear of it."""
        self._loop = loop
        self._fail = fail
        self._source = source
        self._watchers: set[Subscriber] = set()
        self._behind: set[Subscriber] = set()
        self._live: set[Subscriber] = set()
        self._replaying: dict[Subscriber, Cursor] = {}
        self._stalled: set[Subscriber] = set()
        self._tail = source.head()
        self._timer: asyncio.TimerHandle | None = None
        self._last_at = float("-inf")
        self._shown: HallSnapshot | None = None

    def watch(self, subscriber: Subscriber) -> None:
        """Send the hall now, and again whenever it changed."""
        self._watchers.add(subscriber)
        subscriber.send(self._picture(self._source.snapshot()))

    def follow(self, subscriber: Subscriber, cursor: Cursor) -> None:
        """Send every event after the cursor, then as they happen; replaces an earlier follow."""
        self._live.discard(subscriber)
        self._replaying[subscriber] = cursor
        self._soon(subscriber)

    def forget(self, subscriber: Subscriber) -> None:
        """The connection is gone."""
        for group in (self._watchers, self._behind, self._live, self._stalled):
            group.discard(subscriber)
        self._replaying.pop(subscriber, None)

    def drained(self, subscriber: Subscriber) -> None:
        """The peer has read what was buffered: go on where it waited."""
        if subscriber in self._stalled:
            self._stalled.discard(subscriber)
            self._soon(subscriber)
        if subscriber in self._behind:
            self._behind.discard(subscriber)
            subscriber.send(self._picture(self._source.snapshot()))

    def committed(self) -> None:
        """A commit returned: feed the live followers now, the watchers when their turn comes."""
        self._feed()
        if self._watchers and self._timer is None:
            wait = self._last_at + SNAPSHOT_EVERY_S - self._loop.time()
            self._timer = self._loop.call_later(max(wait, 0.0), self._show)

    def refresh(self) -> None:
        """Called every second: show a hall that changed by time alone (waits, opening hours)."""
        if not self._watchers or self._loop.time() < self._last_at + REFRESH_S:
            return
        now, shown = self._source.snapshot(), self._shown
        self._last_at = self._loop.time()
        if shown is None or dataclasses.replace(now, at_ms=shown.at_ms) != shown:
            self._broadcast(now)

    def close(self) -> None:
        """No more pushes."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _show(self) -> None:
        self._timer = None
        try:
            self._broadcast(self._source.snapshot())
        except Exception as error:  # border: a callback of the loop
            self._fail(error)

    def _broadcast(self, snapshot: HallSnapshot) -> None:
        self._last_at = self._loop.time()
        self._shown = snapshot
        picture = self._picture(snapshot)
        for watcher in tuple(self._watchers):
            if watcher.unread() > BUFFER_MAX:
                self.forget(watcher)
                watcher.drop("a watcher does not read")
            elif watcher.unread() > HIGH_WATER:
                self._behind.add(watcher)
            else:
                watcher.send(picture)

    @staticmethod
    def _picture(snapshot: HallSnapshot) -> bytes:
        return push_line("snapshot", _encode(snapshot))

    def _feed(self) -> None:
        if not self._live:
            self._tail = self._source.head()
            return
        while True:
            try:
                page = self._source.events_after(self._tail, PAGE)
            except StorageDamaged:
                raise
            except Trouble:
                for follower in tuple(self._live):
                    self._lose(follower)
                return
            if not page:
                return
            self._tail = (page[-1].epoch, page[-1].seq)
            lines = _lines(page)
            for follower in tuple(self._live):
                follower.send(lines)
                if follower.unread() > BUFFER_MAX:
                    self.forget(follower)
                    follower.drop("a follower does not read")

    def _lose(self, subscriber: Subscriber) -> None:
        """The log cannot be read now: the follower comes back by its cursor, and is not left waiting."""
        self.forget(subscriber)
        subscriber.drop("the log cannot be read now")

    def _soon(self, subscriber: Subscriber) -> None:
        self._loop.call_soon(self._guarded_replay, subscriber)

    def _guarded_replay(self, subscriber: Subscriber) -> None:
        try:
            self._replay(subscriber)
        except StorageDamaged as error:
            self._fail(error)
        except Trouble:
            self._lose(subscriber)
        except Exception as error:  # border: a callback of the loop
            self._fail(error)

    def _replay(self, subscriber: Subscriber) -> None:
        cursor = self._replaying.get(subscriber)
        if cursor is None or subscriber in self._stalled:
            return
        if subscriber.unread() > HIGH_WATER:
            self._stalled.add(subscriber)
            return
        page = self._source.events_after(cursor, PAGE)
        if not page:
            del self._replaying[subscriber]
            self._tail = self._source.head()
            self._live.add(subscriber)
            return
        self._replaying[subscriber] = (page[-1].epoch, page[-1].seq)
        subscriber.send(_lines(page))
        self._soon(subscriber)


def _lines(page: tuple[EventLine, ...]) -> bytes:
    return b"".join(push_line("event", _encode(line)) for line in page)
