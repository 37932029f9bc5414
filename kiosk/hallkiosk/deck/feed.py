"""What the deck hears beside the hall: the log; and its clerks, who open their windows."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from textual.message import Message

from hallkiosk.feed import HallLost, Post
from hallqueue.errors import HallError
from hallqueue.service import HallService
from hallqueue.views import EventLine

KEPT_EVENTS = 5000
"""A longer log is followed from its end: only its chain is not recomputed then."""
FROM_END = 200


@dataclass
class EventSeen(Message):
    """Something was recorded."""

    line: EventLine


async def follow(service: HallService, post: Post, retry_s: float) -> None:
    """Follow the log for ever, without a gap; from its beginning unless it is long."""
    cursor: int | None = None
    while True:
        try:
            if cursor is None:
                last = (await service.snapshot()).seq
                cursor = 0 if last <= KEPT_EVENTS else last - FROM_END
            async for line in service.follow(cursor):
                cursor = line.seq
                post(EventSeen(line))
        except HallError:
            post(HallLost())
        await asyncio.sleep(retry_s)


async def open_windows(
    services: dict[int, HallService], clerks: dict[int, str], new_key: Callable[[], str], retry_s: float
) -> None:
    """Every clerk opens the window, once; a window that is open already is left as it is."""
    for number, service in services.items():
        key = new_key()
        while True:
            try:
                window = next(w for w in (await service.snapshot()).windows if w.number == number)
                if window.state == "closed":
                    await service.open_window(number, key=key, clerk=clerks.get(number, ""))
                break
            except ConnectionError:
                await asyncio.sleep(retry_s)
            except HallError:
                break  # somebody else decides here; the console shows the window as it is
