"""The blocking client's one connection: it reconnects, and keeps what is pushed over it.

A plain socket, no event loop. Pushes share the connection with the answers; those that arrive while a
call waits are kept for :meth:`SyncLine.next_push`.
"""

from __future__ import annotations

import contextlib
import random as _random
import select
import socket
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

import msgspec

from hallqueue.errors import BadRequest, HallError, KeeperGone, ProtocolBroken, Refused
from hallqueue.views import EventLine, HallSnapshot
from hallqueue.wire.link import Backoff
from hallqueue.wire.sockets import connect
from hallqueue.wire.wire import (
    ANSWER_MAX,
    Follow,
    Hello,
    Incoming,
    LineBuffer,
    TooLong,
    Welcome,
    decode_incoming,
    request_line,
)

READ_BYTES = 256 * 1024

_snapshot = msgspec.json.Decoder(HallSnapshot)
_event = msgspec.json.Decoder(EventLine)
_welcome = msgspec.json.Decoder(Welcome)
T = TypeVar("T")


class _Nothing(msgspec.Struct):
    """No parameters."""


class SyncLine:
    """A connection that comes back by itself, with its subscriptions. Connects when first used.

    ``give_up_s`` bounds a wait for the keeper. ``now_s`` and ``sleep`` are the passing of time,
    ``random`` answers numbers in [0, 1) for the jitter between attempts.
    """

    def __init__(
        self,
        path: Path,
        role: str,
        window: int = 0,
        clerk: str = "",
        *,
        give_up_s: float = 10.0,
        backoff: Backoff | None = None,
        random: Callable[[], float] = _random.random,
        now_s: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._path = Path(path)
        self._hello = Hello(role, window, clerk)
        self._give_up_s = give_up_s
        self._backoff = backoff or Backoff()
        self._random, self._now_s, self._sleep = random, now_s, sleep
        self._socket: socket.socket | None = None
        self._buffer = LineBuffer(ANSWER_MAX)
        self._lines: deque[bytes] = deque()
        self._number = 0
        self._watching = False
        self._cursor: Follow | None = None
        self._snapshot: HallSnapshot | None = None
        self._events: deque[EventLine] = deque()
        self._subscription_ids: set[int] = set()
        self._follow_id = -1
        self._is_followed = False
        """The cursor is one that the keeper gave: refused, it is of a log that came back shorter."""
        self._head = Follow(0)
        """The keeper's end of the log when it was connected to."""
        self._refusal: HallError | None = None
        """Why the keeper refused a subscription; for the caller of the pushes, never for another."""

    # --- pushes ----------------------------------------------------------------------------------

    def start_watch(self) -> None:
        """Get a snapshot now and whenever the hall changed, through :meth:`next_push`."""
        if not self._watching:
            self._watching, self._refusal = True, None
            if self._socket is not None:
                self._subscribe_watch()

    def start_follow(self, after: int, epoch: str = "") -> None:
        """Get every event after the cursor, through :meth:`next_push`; restarts leave no gap.

        When the keeper's database came back older than what was followed, it goes on from its end.
        """
        self._cursor, self._is_followed, self._refusal = Follow(after, epoch), False, None
        self._events.clear()
        if self._socket is not None:
            self._subscribe_follow()

    def watch(self, timeout_s: float) -> HallSnapshot | None:
        """The next snapshot (the hall now, the first time), or None when nothing changed in time."""
        self.start_watch()
        deadline = self._now_s() + timeout_s
        while self._snapshot is None:
            if not self._receive(deadline):
                return None
        snapshot, self._snapshot = self._snapshot, None
        return snapshot

    def next_push(self, timeout_s: float) -> HallSnapshot | EventLine | None:
        """The next push, events first; None when there is none in time. Reconnects as needed.

        Raises NotAllowed when the keeper refuses the subscription.
        """
        deadline = self._now_s() + timeout_s
        while not self._events and self._snapshot is None:
            if not self._receive(deadline):
                return None
        if self._events:
            return self._events.popleft()
        snapshot, self._snapshot = self._snapshot, None
        return snapshot

    def fileno(self) -> int:
        """For select and poll: readable when :meth:`next_push` has something; connects if needed.

        Ask again after every push: a reconnection changes it. What was received beside an answer is
        not seen by select, so drain with ``next_push(0)`` before waiting.
        """
        self._connect(self._now_s() + self._give_up_s)
        assert self._socket is not None
        return self._socket.fileno()

    def _receive(self, deadline: float) -> bool:
        """Take in one line; False at the deadline."""
        waits = self._backoff.waits(self._random)
        while True:
            try:
                self._connect(deadline)
                if self._refusal is not None:
                    raise self._refusal
                line = self._line(deadline)
                if line is None:
                    return False
                self._take(line)
                if self._refusal is not None:
                    raise self._refusal
                return True
            except Refused:
                raise
            except KeeperGone:
                return False
            except OSError:
                self._disconnect()
                left = deadline - self._now_s()
                if left <= 0:
                    return False
                self._sleep(min(next(waits), left))

    # --- the connection --------------------------------------------------------------------------

    def _connect(self, deadline: float) -> None:
        waits = self._backoff.waits(self._random)
        while self._socket is None:
            try:
                self._open(deadline)
            except Refused:
                self._disconnect()
                raise
            except (OSError, HallError) as lost:
                self._disconnect()
                self._wait(next(waits), deadline, lost)

    def _open(self, deadline: float) -> None:
        self._socket = connect(self._path, timeout_s=5.0)
        self._buffer = LineBuffer(ANSWER_MAX)
        self._lines.clear()
        # A keeper that refuses at once has closed already; what it said is still to be read.
        with contextlib.suppress(BrokenPipeError):
            self._send(request_line(0, "hello", self._hello))
        answer = self._answer(0, deadline)
        if answer.error is not None:
            raise answer.error.raised()
        assert answer.result is not None
        welcome = _decoded(_welcome, answer.result)
        self._head = Follow(welcome.seq, welcome.epoch)
        self._subscription_ids.clear()
        self._refusal = None
        if self._watching:
            self._subscribe_watch()
        if self._cursor is not None:
            self._subscribe_follow()

    def _subscribe_watch(self) -> None:
        self._number += 1
        self._subscription_ids.add(self._number)
        self._send(request_line(self._number, "watch", _Nothing()))

    def _subscribe_follow(self) -> None:
        assert self._cursor is not None
        self._number += 1
        self._follow_id = self._number
        self._subscription_ids.add(self._number)
        self._send(request_line(self._number, "follow", self._cursor))

    def _wait(self, wait_s: float, deadline: float, lost: Exception) -> None:
        if self._now_s() + wait_s > deadline:
            raise KeeperGone(path=str(self._path)) from lost
        self._sleep(wait_s)

    def _send(self, line: bytes) -> None:
        assert self._socket is not None
        self._socket.sendall(line)

    def _answer(self, number: int, deadline: float) -> Incoming:
        """The answer to a request; pushes before it are kept. Raises OSError at the deadline."""
        while True:
            line = self._line(deadline)
            if line is None:
                raise TimeoutError("no answer in time")
            incoming = decode_incoming(line)
            if incoming.id == number and not incoming.method:
                return incoming
            if incoming.id is None and incoming.error is not None:
                raise incoming.error.raised()
            self._take(line, incoming)

    def _take(self, line: bytes, incoming: Incoming | None = None) -> None:
        """Keep a push; the answer to a subscription only matters when it says no."""
        incoming = incoming or decode_incoming(line)
        if incoming.method == "snapshot":
            self._snapshot = _decoded(_snapshot, incoming.params)
        elif incoming.method == "event":
            event = _decoded(_event, incoming.params)
            self._cursor, self._is_followed = Follow(event.seq, event.epoch), True
            self._events.append(event)
        elif incoming.error is not None and incoming.id in self._subscription_ids:
            error = incoming.error.raised()
            if incoming.id == self._follow_id and self._is_followed and isinstance(error, BadRequest):
                # The log is shorter than what was followed: it came back older without anybody noticing.
                self._cursor, self._is_followed = self._head, False
                self._subscribe_follow()
            else:
                self._refusal = error

    def _line(self, deadline: float) -> bytes | None:
        """The next line, or None at the deadline. Raises OSError when the keeper closed."""
        assert self._socket is not None
        while not self._lines:
            left = max(deadline - self._now_s(), 0.0)
            if left == 0.0 and not select.select([self._socket], [], [], 0)[0]:
                return None
            self._socket.settimeout(left or None)
            try:
                data = self._socket.recv(READ_BYTES)
            except TimeoutError:
                return None
            if not data:
                raise ConnectionResetError("the keeper closed the connection")
            try:
                self._lines.extend(self._buffer.feed(data))
            except TooLong:
                raise ProtocolBroken(why="an answer without an end") from None
        return self._lines.popleft()

    def close(self) -> None:
        """Close; the next call would connect again. Safe to repeat."""
        self._disconnect()

    def _disconnect(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _decoded(decoder: msgspec.json.Decoder[T], raw: msgspec.Raw) -> T:
    try:
        return decoder.decode(raw)
    except msgspec.DecodeError as wrong:
        raise ProtocolBroken(why=str(wrong)) from wrong
