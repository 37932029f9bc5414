"""``run_keeper``: the keeper's life from the lock to the last byte."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from hallqueue.clock import Clock
from hallqueue.keeper.access import Policy
from hallqueue.keeper.care import Care
from hallqueue.keeper.hall import Hall
from hallqueue.keeper.keeper import Keeper
from hallqueue.keeper.notify import sd_notify
from hallqueue.keeper.serve import Limits
from hallqueue.paths import StateFolder
from hallqueue.plan import Plan
from hallqueue.store.lock import KeeperLock
from hallqueue.store.store import Store
from hallqueue.wire.sockets import BACKLOG, listen

log = logging.getLogger("hall.keeper")

TICK_S = 1.0
FLUSH_S = 1.0
"""At the end, how long clients have to take what is buffered for them."""


def new_epoch() -> str:
    """A name that no other database of any hall has."""
    return secrets.token_hex(8)


def new_reference() -> str:
    """The unguessable text of a ticket's QR code: 80 bits."""
    return secrets.token_hex(10)


async def run_keeper(
    plan: Plan,
    folder: StateFolder,
    clock: Clock,
    *,
    ready: Callable[[], None] = lambda: None,
    stop: asyncio.Event | None = None,
    policy: Policy | None = None,
    limits: Limits | None = None,
    socket_path: Path | None = None,
    epoch: Callable[[], str] = new_epoch,
    reference: Callable[[], str] = new_reference,
    tick_s: float = TICK_S,
    signals: bool = True,
) -> None:
    """Keep a hall until SIGTERM, SIGINT or ``stop``; then finish the batch and close.

    ``ready`` is called once requests are answered (systemd is told as well). ``socket_path`` is for a
    socket outside the state folder, which belongs to the keeper's user alone. Raises KeeperRunning
    for a second keeper, and the storage's errors.
    """
    stop = stop or asyncio.Event()
    with KeeperLock(folder):
        store = Store.open(folder, clock, epoch)
        try:
            # A StorageDamaged from here on is marked where it is met; the next start looks at everything.
            hall = Hall(store, plan, clock, reference)
            if store.recovery is not None:
                log.error("%s / %s", store.recovery.zh, store.recovery.en)
            hall.tick()
            path = socket_path or folder.socket
            line = listen(path)
            try:
                loop = asyncio.get_running_loop()
                keeper = Keeper(hall, policy or Policy(), limits or Limits(), loop)
                with _signals(loop, stop) if signals else contextlib.nullcontext():
                    await _serve(keeper, Care(hall, loop), line, ready, stop, tick_s)
            finally:
                line.close()
                path.unlink(missing_ok=True)
        finally:
            store.close()


async def _serve(
    keeper: Keeper,
    care: Care,
    line: socket.socket,
    ready: Callable[[], None],
    stop: asyncio.Event,
    tick_s: float,
) -> None:
    """Answer until told to stop, or until the keeper cannot go on (then its exception is raised)."""
    loop = asyncio.get_running_loop()
    server = await _server(loop, keeper, line)
    ticker = loop.create_task(_tick(keeper, care, tick_s))
    stopping = loop.create_task(stop.wait())
    try:
        ready()
        sd_notify("READY=1")
        ends: set[asyncio.Future[Any]] = {stopping, keeper.fatal, ticker}
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        sd_notify("STOPPING=1")
    finally:
        server.close()
        for task in (ticker, stopping):
            task.cancel()
        await asyncio.gather(ticker, stopping, return_exceptions=True)
        await care.finish()
        if keeper.fatal.done():
            keeper.abandon()
        else:
            await keeper.finish(FLUSH_S)
    if keeper.fatal.done():
        keeper.fatal.result()
    if not ticker.cancelled():
        ticker.result()


async def _server(
    loop: asyncio.AbstractEventLoop, keeper: Keeper, line: socket.socket
) -> asyncio.AbstractServer:
    if sys.version_info >= (3, 13):
        # run_keeper removes the socket itself; asyncio would look for it under its short name.
        return await loop.create_unix_server(
            keeper.connection, sock=line, backlog=BACKLOG, cleanup_socket=False
        )
    return await loop.create_unix_server(keeper.connection, sock=line, backlog=BACKLOG)


async def _tick(keeper: Keeper, care: Care, tick_s: float) -> None:
    while True:
        await asyncio.sleep(tick_s)
        keeper.tick()
        care.tick()


@contextlib.contextmanager
def _signals(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> Iterator[None]:
    """SIGTERM and SIGINT mean: finish what was asked and close."""
    wanted = (signal.SIGTERM, signal.SIGINT)
    for number in wanted:
        loop.add_signal_handler(number, stop.set)
    try:
        yield
    finally:
        for number in wanted:
            loop.remove_signal_handler(number)
