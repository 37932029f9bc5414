"""One connection to the keeper, asyncio's way, and how long to wait before the next one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from hallqueue.errors import ProtocolBroken
from hallqueue.wire.sockets import connect
from hallqueue.wire.wire import (
    ANSWER_MAX,
    Hello,
    Incoming,
    LineBuffer,
    TooLong,
    Welcome,
    decode_incoming,
    request_line,
)

HELLO_ID = 0
"""Request id of the hello; others count from 1."""
HELLO_TIMEOUT_S = 5.0

_welcome = msgspec.json.Decoder(Welcome)


@dataclass(frozen=True, slots=True)
class Backoff:
    """Waits between attempts: doubling with jitter, so that a hall's processes do not come back as one."""

    first_s: float = 0.05
    most_s: float = 1.0

    def waits(self, random: Callable[[], float]) -> Iterator[float]:
        """Seconds to wait, for ever; ``random`` answers numbers in [0, 1)."""
        base = self.first_s
        while True:
            yield base * (0.5 + random())
            base = min(base * 2, self.most_s)


class Link(asyncio.Protocol):
    """A connection that has said hello. ``on_line`` gets every line, ``on_lost`` the end."""

    def __init__(self, on_line: Callable[[Incoming], None], on_lost: Callable[[], None]) -> None:
        self._on_line = on_line
        self._on_lost = on_lost
        self._buffer = LineBuffer(ANSWER_MAX)
        self._transport: asyncio.Transport | None = None
        self._greeted: asyncio.Future[Welcome] | None = None
        self.welcome: Welcome
        """What the keeper answered the hello with."""

    @classmethod
    async def open(
        cls, path: Path, hello: Hello, on_line: Callable[[Incoming], None], on_lost: Callable[[], None]
    ) -> Link:
        """Connect and say hello.

        Raises OSError when nobody is there, the keeper's HallError when it says no, TimeoutError when
        it says nothing. ``on_lost`` is only called for a link that was answered.
        """
        loop = asyncio.get_running_loop()
        line = connect(path, timeout_s=0)
        try:
            _, link = await loop.create_unix_connection(lambda: cls(on_line, on_lost), sock=line)
        except BaseException:
            line.close()
            raise
        link._greeted = loop.create_future()
        try:
            link.send(request_line(HELLO_ID, "hello", hello))
            async with asyncio.timeout(HELLO_TIMEOUT_S):
                link.welcome = await link._greeted
        except BaseException:
            link._on_lost = _nothing
            link.close()
            raise
        return link

    def send(self, data: bytes) -> None:
        """Send; what is lost with the link is the caller's to repeat."""
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(data)

    def pause(self) -> None:
        """Read nothing more for now."""
        if self._transport is not None and not self._transport.is_closing():
            self._transport.pause_reading()

    def resume(self) -> None:
        """Read again."""
        if self._transport is not None and not self._transport.is_closing():
            self._transport.resume_reading()

    def close(self) -> None:
        """Close at once; safe to call again."""
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Cut lines; the first answers the hello."""
        try:
            for line in self._buffer.feed(data):
                self._take(decode_incoming(line))
        except (TooLong, ProtocolBroken):
            self.close()

    def _take(self, incoming: Incoming) -> None:
        greeted = self._greeted
        if greeted is None or greeted.done():
            self._on_line(incoming)
        elif incoming.error is not None:
            greeted.set_exception(incoming.error.raised())
        elif incoming.id == HELLO_ID and incoming.result is not None:
            greeted.set_result(_decode_welcome(incoming.result))

    def connection_lost(self, error: Exception | None) -> None:
        """Tell whoever waits."""
        self._transport = None
        greeted = self._greeted
        if greeted is not None and not greeted.done():
            greeted.set_exception(ConnectionResetError("closed before the hello was answered"))
        else:
            self._on_lost()


def _decode_welcome(result: msgspec.Raw) -> Welcome:
    try:
        return _welcome.decode(result)
    except msgspec.DecodeError as wrong:
        raise ProtocolBroken(why=str(wrong)) from wrong


def _nothing() -> None:
    return None
