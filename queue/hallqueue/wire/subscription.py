"""One stream of pushes over a connection of its own, taken up again after every loss."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Self

import msgspec

from hallqueue.errors import HallError, KeeperGone, Refused
from hallqueue.wire.link import Link
from hallqueue.wire.wire import Hello, Incoming, Welcome, request_line

FULL = 1000
"""Undelivered pushes at which nothing more is read from the keeper, which then drops us in time."""
EASY = 200
"""Undelivered pushes at which reading goes on."""


class _Nothing(msgspec.Struct):
    """No parameters."""


class Subscription:
    """An async iterator over the raw pushes.

    ``params`` answers what to subscribe with and is asked again at every connection, so that it can
    carry the cursor of what was delivered last; what was received and not delivered when a connection
    broke is asked for again. With ``newest_only`` an undelivered push is replaced by a newer one.
    """

    def __init__(
        self,
        *,
        path: Path,
        hello: Hello,
        method: str,
        params: Callable[[], msgspec.Struct | None],
        newest_only: bool,
        waits: Callable[[], Iterator[float]],
        give_up_s: float | None,
        note: Callable[[object, bool | None], None],
        retake: Callable[[HallError, Welcome], bool] = lambda error, welcome: False,
    ) -> None:
        """``retake`` is told of a refusal, and answers whether ``params`` now are worth another try."""
        self._path, self._hello = path, hello
        self._method, self._params = method, params
        self._pushes: deque[msgspec.Raw] = deque(maxlen=1 if newest_only else None)
        self._waits = waits
        self._give_up_s = give_up_s
        self._note = note
        self._retake = retake
        self._wake = asyncio.Event()
        self._link: Link | None = None
        self._paused = False
        self._refusal: HallError | None = None
        self._ended = False

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> msgspec.Raw:
        while not self._ended:
            if self._refusal is not None:
                raise self._refusal
            if self._link is None:
                await self._connect()
            elif self._pushes:
                return self._next()
            else:
                self._wake.clear()
                await self._wake.wait()
        raise StopAsyncIteration

    def end(self) -> None:
        """Close the connection; the iterator stops. Safe to call again."""
        self._ended = True
        if self._link is not None:
            self._link.close()
        self._wake.set()

    def _next(self) -> msgspec.Raw:
        push = self._pushes.popleft()
        if self._paused and len(self._pushes) <= EASY and self._link is not None:
            self._paused = False
            self._link.resume()
        return push

    async def _connect(self) -> None:
        loop = asyncio.get_running_loop()
        deadline = None if self._give_up_s is None else loop.time() + self._give_up_s
        for wait in self._waits():
            if self._ended:
                return
            try:
                link = await Link.open(self._path, self._hello, self._pushed, self._lost)
            except Refused:
                raise
            except (OSError, TimeoutError, HallError):
                self._note(self, False)
                if deadline is not None and loop.time() + wait > deadline:
                    raise KeeperGone(path=str(self._path)) from None
                await self._pause(wait)
            else:
                self._link = link
                self._note(self, True)
                link.send(request_line(1, self._method, self._params() or _Nothing()))
                return

    async def _pause(self, wait_s: float) -> None:
        """Wait, or until :meth:`end`."""
        self._wake.clear()
        try:
            async with asyncio.timeout(wait_s):
                await self._wake.wait()
        except TimeoutError:
            pass

    def _pushed(self, incoming: Incoming) -> None:
        if incoming.error is not None:
            error, link = incoming.error.raised(), self._link
            if link is not None and self._retake(error, link.welcome):
                link.send(request_line(1, self._method, self._params() or _Nothing()))
            else:
                self._refusal = error
        elif incoming.method:
            self._pushes.append(incoming.params)
            if len(self._pushes) >= FULL and not self._paused and self._link is not None:
                self._paused = True
                self._link.pause()
        self._wake.set()

    def _lost(self) -> None:
        self._link = None
        self._paused = False
        self._pushes.clear()
        if not self._ended:
            self._note(self, False)
        self._wake.set()
