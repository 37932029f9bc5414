"""A hub beside a screen: in a thread and an event loop of its own, so that no device ever delays a touch."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from hall.devices.attended import Attended
from hall.devices.hub import DeviceHub
from hallqueue.client import HallClient

JOIN_S = 45.0
"""Closing all devices at once takes as long as the slowest: a scan store that is sealing a material."""

log = logging.getLogger("hall.devices")


class HubThread:
    """Keeps some devices for as long as the block runs. On entry all of them were started."""

    def __init__(self, socket: Path, role: str, devices: Sequence[Attended]) -> None:
        self._socket, self._role, self._devices = socket, role, devices
        self._thread = threading.Thread(target=lambda: asyncio.run(self._keep()), name="devices", daemon=True)
        self._is_started = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._end: asyncio.Event | None = None

    def __enter__(self) -> Self:
        if self._devices:
            self._thread.start()
            self._is_started.wait()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._loop is not None and self._end is not None:
            with contextlib.suppress(RuntimeError):  # the loop has ended by itself
                self._loop.call_soon_threadsafe(self._end.set)
            self._thread.join(JOIN_S)

    async def _keep(self) -> None:
        self._loop, self._end = asyncio.get_running_loop(), asyncio.Event()
        try:
            async with HallClient(self._socket, self._role) as hall:
                hub = DeviceHub(hall, self._devices)
                hub.start()
                self._is_started.set()
                work = asyncio.create_task(hub.run())
                ending = asyncio.create_task(self._end.wait())
                await asyncio.wait((work, ending), return_when=asyncio.FIRST_COMPLETED)
                ending.cancel()
                work.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await work
        except Exception:  # border: without its devices the screen still gives out tickets
            log.exception("the devices of this role are not looked after any more")
        finally:
            self._is_started.set()
