"""``HallClient``: the hall's operations over the keeper's socket, for asyncio programs.

The keeper may be killed at any instant and is back within a second. The client therefore reconnects
by itself, sends again what was unanswered under the same keys (the keeper answers a key it knows with
what it answered then), and takes its subscriptions up where they were. A caller only sees
:class:`~hallqueue.errors.KeeperGone` when that took longer than ``give_up_s``; a screen shows
:attr:`HallClient.state` meanwhile.

Each subscription has a connection of its own, so that a slow reader holds up nobody's answers.
"""

from __future__ import annotations

import asyncio
import contextlib
import random as _random
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import msgspec

from hallqueue.errors import BadRequest, HallError, KeeperGone, ProtocolBroken, Refused
from hallqueue.service import HallService
from hallqueue.views import EventLine, HallSnapshot
from hallqueue.wire.link import Backoff, Link
from hallqueue.wire.methods import Method, remote
from hallqueue.wire.subscription import Subscription
from hallqueue.wire.wire import Follow, Hello, Incoming, Welcome, checked_line


class ClientState(StrEnum):
    """Whether the keeper is there."""

    WAITING = "waiting"
    """Not connected (yet, or again): show a calm waiting picture."""
    CONNECTED = "connected"


@dataclass(slots=True)
class _Call:
    line: bytes
    answer: asyncio.Future[msgspec.Raw]


T = TypeVar("T")

_snapshot = msgspec.json.Decoder(HallSnapshot)
_event = msgspec.json.Decoder(EventLine)


class HallClient:
    """HallService over the socket; connects at the first call.

    ``give_up_s`` bounds a call, ``watch_give_up_s`` the time a subscription may be without the keeper
    (None: it waits for ever). ``random`` answers numbers in [0, 1) for the jitter.
    """

    def __init__(
        self,
        path: Path,
        role: str,
        window: int = 0,
        clerk: str = "",
        *,
        give_up_s: float = 10.0,
        watch_give_up_s: float | None = None,
        backoff: Backoff | None = None,
        random: Callable[[], float] = _random.random,
        on_state: Callable[[ClientState], None] | None = None,
    ) -> None:
        self._path = Path(path)
        self._hello = Hello(role, window, clerk)
        self._give_up_s = give_up_s
        self._watch_give_up_s = watch_give_up_s
        self._backoff = backoff or Backoff()
        self._random = random
        self._on_state = on_state
        self._calls: dict[int, _Call] = {}
        self._number = 0
        self._link: Link | None = None
        self._runner: asyncio.Task[None] | None = None
        self._up: dict[object, bool] = {}
        self._state = ClientState.WAITING
        self._subscriptions: set[Subscription] = set()
        self._closed = False

    issue = remote(HallService.issue)
    void = remote(HallService.void)
    return_passed = remote(HallService.return_passed)
    call_next = remote(HallService.call_next)
    call_ticket = remote(HallService.call_ticket)
    recall = remote(HallService.recall)
    start = remote(HallService.start)
    finish = remote(HallService.finish)
    pass_ticket = remote(HallService.pass_ticket)
    hold = remote(HallService.hold)
    resume = remote(HallService.resume)
    transfer = remote(HallService.transfer)
    open_window = remote(HallService.open_window)
    pause_window = remote(HallService.pause_window)
    close_window = remote(HallService.close_window)
    close_day = remote(HallService.close_day)
    reopen_day = remote(HallService.reopen_day)
    confirm_clock = remote(HallService.confirm_clock)
    reprint = remote(HallService.reprint)
    print_queue = remote(HallService.print_queue)
    print_begin = remote(HallService.print_begin)
    print_end = remote(HallService.print_end)
    print_answer = remote(HallService.print_answer)
    ratings_open = remote(HallService.ratings_open)
    press = remote(HallService.press)
    rating_timeout = remote(HallService.rating_timeout)
    report_device = remote(HallService.report_device)
    attend_device = remote(HallService.attend_device)
    ask_test = remote(HallService.ask_test)
    tell_test = remote(HallService.tell_test)
    keep_scan = remote(HallService.keep_scan)
    acknowledge_scan = remote(HallService.acknowledge_scan)
    wipe_scan = remote(HallService.wipe_scan)
    scans = remote(HallService.scans)
    plan = remote(HallService.plan)
    snapshot = remote(HallService.snapshot)
    estimate = remote(HallService.estimate)
    ticket = remote(HallService.ticket)
    tickets = remote(HallService.tickets)
    events = remote(HallService.events)
    backup = remote(HallService.backup)

    @property
    def state(self) -> ClientState:
        """Connected when every connection that this client wants is there."""
        return self._state

    async def watch(self) -> AsyncIterator[HallSnapshot]:
        """The hall now and again whenever it changed; goes on over restarts of the keeper."""
        async with self._subscribe("watch", newest_only=True, params=lambda: None) as pushes:
            async for raw in pushes:
                yield _decoded(_snapshot, raw)

    async def follow(self, after: int, epoch: str = "") -> AsyncIterator[EventLine]:
        """Every event after the cursor, without gaps or doubles, over restarts of the keeper too.

        ``epoch`` is the one that the cursor belongs to; empty is the keeper's present one. When the
        database was restored meanwhile, events of the new epoch follow those of the old one.
        """
        cursor, is_followed = Follow(after, epoch), False

        def retake(error: HallError, welcome: Welcome) -> bool:
            nonlocal cursor, is_followed
            if not is_followed or not isinstance(error, BadRequest):
                return False
            # The log is shorter than what was followed: it came back older without anybody noticing.
            cursor, is_followed = Follow(welcome.seq, welcome.epoch), False
            return True

        async with self._subscribe(
            "follow", newest_only=False, params=lambda: cursor, retake=retake
        ) as pushes:
            async for raw in pushes:
                line = _decoded(_event, raw)
                cursor, is_followed = Follow(line.seq, line.epoch), True
                yield line

    async def call(self, method: Method, params: msgspec.Struct) -> Any:
        """Ask the keeper and wait for its answer, through as many reconnections as it takes."""
        if self._closed:
            raise KeeperGone(path=str(self._path))
        loop = asyncio.get_running_loop()
        self._number += 1
        number = self._number
        call = _Call(checked_line(number, method.name, params), loop.create_future())
        self._calls[number] = call
        if self._link is not None:
            self._link.send(call.line)
        elif self._runner is None or self._runner.done():
            self._runner = loop.create_task(self._run())
        timer = loop.call_later(self._give_up_s, self._fail, call, KeeperGone(path=str(self._path)))
        try:
            raw = await call.answer
        finally:
            timer.cancel()
            del self._calls[number]
        try:
            return method.decode_answer(raw)
        except msgspec.DecodeError as wrong:
            raise ProtocolBroken(why=str(wrong)) from wrong

    async def close(self) -> None:
        """Close all connections; calls still waiting get KeeperGone, subscriptions end. Safe to repeat."""
        self._closed = True
        for call in self._calls.values():
            self._fail(call, KeeperGone(path=str(self._path)))
        for subscription in tuple(self._subscriptions):
            subscription.end()
        if self._runner is not None:
            self._runner.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._runner
            self._runner = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    # --- the connection for calls ----------------------------------------------------------------

    async def _run(self) -> None:
        """Keep connected until closed or refused."""
        waits = self._backoff.waits(self._random)
        try:
            while True:
                lost = asyncio.Event()
                try:
                    self._link = await Link.open(self._path, self._hello, self._answered, lost.set)
                except Refused as no:
                    for call in self._calls.values():
                        self._fail(call, no)
                    return
                except (OSError, TimeoutError, HallError):
                    self.note(self, False)
                    await asyncio.sleep(next(waits))
                    continue
                waits = self._backoff.waits(self._random)
                self.note(self, True)
                self._link.send(b"".join(call.line for call in self._calls.values()))
                await lost.wait()
                self._link = None
                self.note(self, False)
        finally:
            if self._link is not None:
                self._link.close()
                self._link = None

    def _answered(self, incoming: Incoming) -> None:
        call = self._calls.get(incoming.id) if isinstance(incoming.id, int) else None
        if call is None or call.answer.done():
            return
        if incoming.error is not None:
            call.answer.set_exception(incoming.error.raised())
        elif incoming.result is not None:
            call.answer.set_result(incoming.result)

    @staticmethod
    def _fail(call: _Call, error: HallError) -> None:
        if not call.answer.done():
            call.answer.set_exception(error)

    # --- subscriptions ---------------------------------------------------------------------------

    @contextlib.asynccontextmanager
    async def _subscribe(
        self,
        method: str,
        *,
        newest_only: bool,
        params: Callable[[], msgspec.Struct | None],
        retake: Callable[[HallError, Welcome], bool] = lambda error, welcome: False,
    ) -> AsyncIterator[Subscription]:
        if self._closed:
            raise KeeperGone(path=str(self._path))
        subscription = Subscription(
            path=self._path,
            hello=self._hello,
            method=method,
            params=params,
            newest_only=newest_only,
            waits=lambda: self._backoff.waits(self._random),
            give_up_s=self._watch_give_up_s,
            note=self.note,
            retake=retake,
        )
        self._subscriptions.add(subscription)
        try:
            yield subscription
        finally:
            self._subscriptions.discard(subscription)
            subscription.end()
            self.note(subscription, None)

    def note(self, who: object, up: bool | None) -> None:
        """A connection came up, went down, or (None) is no longer wanted."""
        if up is None:
            self._up.pop(who, None)
        else:
            self._up[who] = up
        connected = bool(self._up) and all(self._up.values())
        state = ClientState.CONNECTED if connected else ClientState.WAITING
        if state is not self._state:
            self._state = state
            if self._on_state is not None:
                self._on_state(state)


def _decoded(decoder: msgspec.json.Decoder[T], raw: msgspec.Raw) -> T:
    try:
        return decoder.decode(raw)
    except msgspec.DecodeError as wrong:
        raise ProtocolBroken(why=str(wrong)) from wrong
