"""Connections: bytes from peers become work for the keeper, its answers become bytes.

Each connection is bounded: the line length, the unfinished line's age, the requests that are waiting,
what it has not read yet, the number of broken lines, and the time until its ``hello``. Whoever goes
beyond is told why where possible and closed; the others do not notice. Answers go out in the order of
the requests.
"""

from __future__ import annotations

import asyncio
import logging
import socket
from collections import deque
from dataclasses import dataclass
from typing import Protocol

from hallqueue.errors import BadRequest, HallError, ProtocolBroken
from hallqueue.keeper.access import Session
from hallqueue.keeper.peer import Peer, peer_of
from hallqueue.wire.wire import (
    ANSWER_MAX,
    LINE_MAX,
    BadLine,
    LineBuffer,
    Request,
    Rpc,
    TooLong,
    decode_request,
    error_line,
    hall_error_line,
)

log = logging.getLogger("hall.keeper")


@dataclass(frozen=True, slots=True)
class Limits:
    """What one peer may cost."""

    connections: int = 256
    """All the processes of a hall need about 30."""
    connections_of_user: int = 64
    """Of one user other than root and the keeper's own: one user's fault leaves room for the others."""
    waiting: int = 64
    """Requests of one connection that are not answered yet; then it is not read until some are."""
    offences: int = 8
    """Broken lines in a row before the connection is closed."""
    hello_s: float = 5.0
    """Time to say hello in."""
    line_s: float = 30.0
    """Time to finish a line in."""
    linger_s: float = 0.25
    """Time for a peer that is refused at once to send its hello in, so that it reads why."""


class Desk(Protocol):
    """What connections need of the keeper."""

    limits: Limits

    def greet(self, connection: Connection, request: Request) -> None:
        """Handle ``hello``: set the session or answer why not."""
        ...

    def ask(self, connection: Connection, request: Request) -> None:
        """Queue a request of a connection that has a session."""
        ...

    def say(self, connection: Connection, line: bytes, close: bool = False) -> None:
        """Queue a ready line behind the answers that are still to come."""
        ...

    def joined(self, connection: Connection) -> HallError | None:
        """A new connection; an error when it cannot be one."""
        ...

    def left(self, connection: Connection) -> None:
        """The connection is gone."""
        ...

    def drained(self, connection: Connection) -> None:
        """The peer has read what was buffered."""
        ...


class Connection(asyncio.Protocol):
    """One peer."""

    def __init__(self, desk: Desk, loop: asyncio.AbstractEventLoop) -> None:
        self._desk = desk
        self._loop = loop
        self._buffer = LineBuffer(LINE_MAX)
        self._lines: deque[bytes] = deque()
        self._transport: asyncio.Transport | None = None
        self._waiting = 0
        self._offences = 0
        self._paused = False
        self._choked = False
        self._closing = False
        self.session: Session | None = None
        self.peer: Peer
        self.since = loop.time()
        self._line_since = self.since

    # --- asyncio's side --------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask the kernel who this is."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.set_write_buffer_limits(high=128 * 1024, low=32 * 1024)
        line: socket.socket = transport.get_extra_info("socket")
        try:
            self.peer = peer_of(line)
        except OSError:
            transport.abort()
            return
        no = self._desk.joined(self)
        if no is not None:
            self._closing = True
            transport.write(error_line(None, Rpc.HALL, no))
            self._loop.call_later(self._desk.limits.linger_s, transport.close)

    def data_received(self, data: bytes) -> None:
        """Cut lines and work through them."""
        if self._closing:
            return
        if not len(self._buffer):
            self._line_since = self._loop.time()
        try:
            self._lines.extend(self._buffer.feed(data))
        except TooLong:
            wrong = ProtocolBroken(why=f"a line of more than {LINE_MAX} bytes")
            self._end(error_line(None, Rpc.INVALID, wrong))
            return
        self._work()

    def connection_lost(self, error: Exception | None) -> None:
        """Forget the peer; what it asked for and is queued is still done."""
        self._closing = True
        self._lines.clear()
        self._transport = None
        self._desk.left(self)

    def pause_writing(self) -> None:
        """The peer does not read: do not read from it either."""
        self._choked = True
        self._hush()

    def resume_writing(self) -> None:
        """It reads again."""
        self._choked = False
        self._desk.drained(self)
        self._work()

    # --- the keeper's side -----------------------------------------------------------------------

    def send(self, data: bytes) -> None:
        """Send, or buffer what the peer has not read yet; a peer far behind is cut off."""
        if self._transport is None or self._transport.is_closing():
            return
        self._transport.write(data)
        if self._transport.get_write_buffer_size() > ANSWER_MAX:
            self.drop("a client does not read its answers")

    def answered(self, count: int) -> None:
        """That many requests were answered: there is room for more."""
        self._waiting -= count
        if self._lines or self._paused:
            self._work()

    def unread(self) -> int:
        """Bytes that the peer has not read."""
        return 0 if self._transport is None else self._transport.get_write_buffer_size()

    def drop(self, why: str) -> None:
        """Close at once, without sending what is buffered."""
        if self._transport is not None:
            log.warning("connection of pid %d dropped: %s", self.peer.pid, why)
            self._closing = True
            self._transport.abort()

    def close(self) -> None:
        """Close after what is buffered is sent."""
        self._closing = True
        if self._transport is not None:
            self._transport.close()

    def check_time(self, now: float) -> None:
        """Called every second: close a peer that says nothing, or half a message."""
        limits = self._desk.limits
        if self._closing:
            return
        if self.session is None and now > self.since + limits.hello_s:
            self._end(error_line(None, Rpc.INVALID, BadRequest(why="no hello in time")))
        elif len(self._buffer) and now > self._line_since + limits.line_s:
            self._end(error_line(None, Rpc.INVALID, ProtocolBroken(why="half a message, then silence")))

    # --- lines -----------------------------------------------------------------------------------

    def _work(self) -> None:
        while self._lines and not self._closing and not self._full():
            self._line(self._lines.popleft())
        self._hush()

    def _full(self) -> bool:
        return self._choked or self._waiting >= self._desk.limits.waiting

    def _hush(self) -> None:
        """Stop or go on reading, by whether there is room."""
        want = self._full() and not self._closing
        if want == self._paused or self._transport is None or self._transport.is_closing():
            return
        self._paused = want
        if want:
            self._transport.pause_reading()
        else:
            self._transport.resume_reading()

    def _line(self, line: bytes) -> None:
        self._waiting += 1
        try:
            request = decode_request(line)
            if self.session is not None:
                self._desk.ask(self, request)
            elif request.method == "hello":
                self._desk.greet(self, request)
            else:
                self._end(error_line(request.id, Rpc.INVALID, BadRequest(why="say hello first")))
                return
        except BadLine as bad:
            self._offended(bad.answer)
        else:
            self._offences = 0

    def _offended(self, answer: bytes) -> None:
        self._offences += 1
        if self._offences >= self._desk.limits.offences:
            self._end(answer)
        else:
            self._desk.say(self, answer)

    def refuse(self, request: Request, error: HallError) -> None:
        """Answer a proper request with an error of the hall."""
        self._desk.say(self, hall_error_line(request.id, error))

    def _end(self, last_words: bytes) -> None:
        self._closing = True
        self._lines.clear()
        self._desk.say(self, last_words, close=True)
