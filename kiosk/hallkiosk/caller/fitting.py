"""The hall's own drivers as the devices of a desk: keypads by their URLs, with checks and counts.

>>> urls = {2: "caller:///dev/hall/callers?unit=2"}
>>> fitted = fit_desk(sessions.__getitem__, plan, Callers(), urls)                      # doctest: +SKIP
>>> hub = DeviceHub(session, [attended(device) for device in fitted.devices])           # doctest: +SKIP
>>> await fitted.desk.run()                                                             # doctest: +SKIP

The desk opens and closes its keypads; whoever reports and tests them gets each as a :class:`Fitting`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from halldrivers.caller.caller import OpenCaller as OpenDriver
from halldrivers.caller.callers import Callers
from halldrivers.caller.checks import caller_checker
from halldrivers.check import Checker
from halldrivers.status import DeviceStatus
from hallkiosk.caller.counts import DeskCounters
from hallkiosk.caller.devices import Caller, OnKey, OnTrouble, OpenCaller
from hallkiosk.caller.keymap import CallerKeys
from hallkiosk.caller.pace import CallerPace
from hallkiosk.caller.work import CallerDesk
from hallqueue.plan import Plan
from hallqueue.service import HallService


@dataclass(frozen=True, slots=True)
class Fitting:
    """One keypad of a desk, for whoever reports, counts and tests it."""

    name: str
    """``keypad-2``."""
    kind: str
    """``keypad``."""
    check: Checker
    """Over the device that is open; blocks, so it is called in a thread of its own."""
    counters: DeskCounters
    listen: Callable[[OnTrouble], None]
    """Who hears, in the desk's event loop, the last word about the device and all that follow."""


@dataclass(frozen=True, slots=True)
class FittedDesk:
    """A desk with its devices."""

    desk: CallerDesk
    devices: tuple[Fitting, ...]


def fit_desk(
    service_for: Callable[[int], HallService],
    plan: Plan,
    callers: Callers,
    urls: Mapping[int, str],
    *,
    keys: Mapping[str, str] | None = None,
    clerks: Mapping[int, str] | None = None,
    pace: CallerPace | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> FittedDesk:
    """The desk of a hall from its configuration; nothing is opened before it runs.

    ``callers`` have the dialects of the configuration, ``urls`` are device URLs by window, ``keys`` is
    ``[caller_keys]``. ``clock`` is the one that the drivers have.
    Raises BadUrl, BadCallerKeys, UnknownWindow.
    """
    ears: dict[str, _Ear] = {}
    devices: list[Fitting] = []
    counts: dict[int, DeskCounters] = {}
    openers: dict[int, OpenCaller] = {}
    for number, url in urls.items():
        name = f"keypad-{number}"
        ears[name], counts[number] = _Ear(), DeskCounters()
        openers[number] = _counted(callers.opener(url), counts[number])
        check = caller_checker(callers, url)
        devices.append(Fitting(name, "keypad", check, counts[number], ears[name].listen))
    desk = CallerDesk(
        service_for,
        plan,
        openers,
        clerks=clerks,
        keys=CallerKeys.from_names(keys or {}),
        pace=pace,
        clock=clock,
        counters=counts,
        on_status=lambda name, status: ears[name].hear(status),
    )
    return FittedDesk(desk, tuple(devices))


class _Ear:
    """Passes on what is heard of one device; a listener that comes late hears the last word first."""

    def __init__(self) -> None:
        self._word: DeviceStatus | None = None
        self._listener: OnTrouble | None = None

    def hear(self, word: DeviceStatus) -> None:
        self._word = word
        if self._listener is not None:
            self._listener(word)

    def listen(self, listener: OnTrouble) -> None:
        self._listener = listener
        if self._word is not None:
            listener(self._word)


def _counted(open_caller: OpenDriver, counters: DeskCounters) -> OpenCaller:
    def opened(*, on_key: OnKey, on_trouble: OnTrouble) -> Caller:
        from_driver = open_caller(on_key=on_key, on_trouble=on_trouble)
        counters.follow(from_driver.counters)
        return from_driver

    return opened
