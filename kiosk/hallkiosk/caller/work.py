"""The role ``keypad``: every window's keypad, on the hall as the keeper pushes it.

It holds no state that matters: started anew at any moment it shows the hall as it is, and what was typed or
asked before is forgotten.
"""

from __future__ import annotations

import asyncio
import logging
import time
import uuid
from collections.abc import Callable, Mapping

from hallkiosk.caller.counts import DeskCounters
from hallkiosk.caller.delivery import Delivery, waits
from hallkiosk.caller.desk import KeypadDesk
from hallkiosk.caller.devices import OpenCaller
from hallkiosk.caller.held import OnStatus
from hallkiosk.caller.keymap import CallerKeys
from hallkiosk.caller.pace import CallerPace
from hallkiosk.caller.request import Sender
from hallkiosk.caller.states import DeskState
from hallkiosk.caller.station import KeypadStation
from hallqueue.client import ClientState, HallClient
from hallqueue.errors import Trouble, UnknownWindow
from hallqueue.plan import Plan
from hallqueue.service import HallService
from hallqueue.views import HallSnapshot

log = logging.getLogger(__name__)


def keypad_key() -> str:
    """An idempotency key that no other press has."""
    return f"keypad/{uuid.uuid4().hex}"


class CallerDesk:
    """The keypads of a hall's windows.

    ``service_for`` answers the session of a window (``HallClient`` with the role ``window``); ``clerks`` are
    the names under which windows are opened. ``on_status`` hears in the event loop of the devices
    ``keypad-N``. ``clock`` is monotonic seconds, the event loop's own rate and the one that keypads give with
    a key. ``counters`` are those of the windows' keypads; without them each gets its own.
    Raises UnknownWindow for a window that the plan does not have.
    """

    def __init__(
        self,
        service_for: Callable[[int], HallService],
        plan: Plan,
        callers: Mapping[int, OpenCaller],
        *,
        clerks: Mapping[int, str] | None = None,
        keys: CallerKeys | None = None,
        pace: CallerPace | None = None,
        clock: Callable[[], float] = time.monotonic,
        new_key: Callable[[], str] = keypad_key,
        counters: Mapping[int, DeskCounters] | None = None,
        on_status: OnStatus = lambda name, status: None,
    ) -> None:
        self._plan, self._callers = plan, dict(callers)
        for number in self._callers:
            if plan.window(number) is None:
                raise UnknownWindow(window=number)
        self._service_for, self._clerks = service_for, dict(clerks or {})
        self._keys, self._pace = keys or CallerKeys(), pace or CallerPace()
        self._clock, self._new_key, self._on_status = clock, new_key, on_status
        self._counters = {number: DeskCounters() for number in self._callers} | dict(counters or {})
        self._keypads: dict[int, KeypadStation] = {}

    def state(self, window: int) -> DeskState:
        """What a window's keypad is doing; FAULTY while the desk does not run, and without a keypad."""
        station = self._keypads.get(window)
        return station.state if station is not None else DeskState.FAULTY

    def counters(self, window: int) -> DeskCounters:
        """What the keypad of a window has counted."""
        return self._counters[window]

    async def run(self) -> None:
        """Work until cancelled. Raises a Refused when the keeper will not have this peer at a window."""
        try:
            async with asyncio.TaskGroup() as group:
                await self._work(group)
        except BaseExceptionGroup as errors:
            if len(errors.exceptions) == 1:
                raise errors.exceptions[0] from None
            raise

    async def _work(self, group: asyncio.TaskGroup) -> None:
        if not self._callers:
            return
        services = {number: self._service_for(number) for number in self._callers}
        try:
            for number, open_caller in self._callers.items():
                self._keypads[number] = self._keypad(number, open_caller, services[number], group)
            for keypad in self._keypads.values():
                keypad.begin()
            await self._watch(next(iter(services.values())))
        finally:
            closing = [keypad.close() for keypad in self._keypads.values()]
            self._keypads = {}
            await asyncio.gather(*closing)

    def _keypad(
        self, number: int, open_caller: OpenCaller, service: HallService, group: asyncio.TaskGroup
    ) -> KeypadStation:
        sender = Sender(service, number, self._clerks.get(number, ""))
        return KeypadStation(
            number,
            open_caller,
            KeypadDesk(self._plan, number, self._keys, self._pace),
            Delivery(sender, self._plan, self._pace, new_key=self._new_key),
            pace=self._pace,
            clock=self._clock,
            is_reachable=_reach_of(service),
            counters=self._counters[number],
            on_status=self._on_status,
            spawn=group.create_task,
        )

    async def _watch(self, service: HallService) -> None:
        """One subscription for all windows: it carries the whole hall."""
        pauses, loudness = waits(), logging.WARNING
        while True:
            try:
                async for hall in service.watch():
                    self._saw(hall)
                    pauses, loudness = waits(), logging.WARNING
            except Trouble as trouble:
                log.log(loudness, "the keypads lost sight of the hall: %s", trouble)
                loudness = logging.DEBUG
                for keypad in self._keypads.values():
                    keypad.unseen()
            await asyncio.sleep(next(pauses))

    def _saw(self, hall: HallSnapshot) -> None:
        for keypad in self._keypads.values():
            keypad.saw(hall)


def _reach_of(service: HallService) -> Callable[[], bool]:
    """Whether the keeper is there, for services that know; others are taken to be."""
    if isinstance(service, HallClient):
        client = service
        return lambda: client.state is ClientState.CONNECTED
    return lambda: True
