"""Opens callers from their URLs; those with the same port share its line and one thread.

>>> callers = Callers()                                                        # doctest: +SKIP
>>> open_caller = callers.opener("caller:///dev/hall/callers?unit=2")          # doctest: +SKIP
>>> caller = open_caller(on_key=pressed, on_trouble=told)                      # doctest: +SKIP
>>> caller.show("A012", waiting=5)                                             # doctest: +SKIP
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from halldrivers.caller.address import CallerAddress, LineAddress, parse_caller
from halldrivers.caller.caller import Caller, OnKey, OnTrouble, OpenCaller
from halldrivers.caller.dialect import DIALECTS, CallerDialect
from halldrivers.caller.keypad import KEYS, KeypadCaller
from halldrivers.caller.keys import Key
from halldrivers.caller.line import CallerLine, Wire
from halldrivers.caller.unit import CallerUnit
from halldrivers.counters import CountedTransport, Counters
from halldrivers.errors import PortBusy
from halldrivers.evdevport import EvdevSource
from halldrivers.keysource import KeySource
from halldrivers.transport import Transport
from halldrivers.worker import DeviceWorker, Retry


@dataclass(frozen=True, slots=True)
class _Line:
    driver: CallerLine
    worker: DeviceWorker
    dialect: str


class Callers:
    """All callers of a process. ``dialects`` are those of the configuration, beside the ones that are known.

    ``keypad_keys`` says what the scancodes of keypads stand for; the rest is for tests and simulators.
    """

    def __init__(
        self,
        dialects: Mapping[str, CallerDialect] | None = None,
        *,
        keypad_keys: Mapping[int, Key] = KEYS,
        wire: Callable[[LineAddress], Transport] = LineAddress.transport,
        key_source: Callable[[str], KeySource] = EvdevSource,
        retry: Retry | None = None,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._dialects = {**DIALECTS, **(dialects or {})}
        self._keypad_keys, self._wire, self._key_source = keypad_keys, wire, key_source
        self._retry, self._now_s = retry, now_s
        self._lock = threading.Lock()
        self._lines: dict[LineAddress, _Line] = {}
        self._open: dict[str, Caller] = {}
        """By what they claim."""

    @property
    def dialects(self) -> tuple[str, ...]:
        """The names that a URL may use."""
        return tuple(self._dialects)

    def opener(self, url: str) -> OpenCaller:
        """What opens the caller of a URL. BadUrl when it cannot be understood."""
        address = parse_caller(url, self._dialects)

        def open_caller(*, on_key: OnKey, on_trouble: OnTrouble) -> Caller:
            caller = self._make(address, on_key, on_trouble)
            with self._lock:
                self._open[address.claims.own[0]] = caller
            return caller

        return open_caller

    def opened(self, address: CallerAddress) -> Caller | None:
        """The caller that is open at an address."""
        with self._lock:
            caller = self._open.get(address.claims.own[0])
        return None if caller is None or caller.is_closed else caller

    def strangers(self) -> dict[str, tuple[int, ...]]:
        """Addresses that were heard on each line and belong to no caller of the configuration."""
        with self._lock:
            lines = {address.name: line.driver.strangers for address, line in self._lines.items()}
        return {name: heard for name, heard in lines.items() if heard}

    def line_counters(self) -> dict[str, Counters]:
        """What each line counted."""
        with self._lock:
            return {address.name: line.driver.counters for address, line in self._lines.items()}

    def close(self) -> None:
        """Close all callers; those that were closed already do not mind."""
        with self._lock:
            callers, self._open = list(self._open.values()), {}
        for caller in callers:
            caller.close()

    def _make(self, address: CallerAddress, on_key: OnKey, on_trouble: OnTrouble) -> Caller:
        if address.line is None:
            return KeypadCaller(
                address.path,
                self._key_source(address.path),
                on_key=on_key,
                on_trouble=on_trouble,
                keys=self._keypad_keys,
                retry=self._retry,
                now_s=self._now_s,
            )
        place = address.line
        unit = CallerUnit(
            address.unit,
            self._dialects[address.dialect],
            on_key=on_key,
            on_trouble=on_trouble,
            on_close=lambda unit: self._leave(place, unit),
        )
        with self._lock:
            line = self._lines.get(place)
            if line is None:
                line = self._lines[place] = self._start(place, address.dialect)
            if line.dialect != address.dialect:
                raise PortBusy(f"{place.name}: its callers speak {line.dialect}, not {address.dialect}")
            line.driver.add(unit)
        return unit

    def _start(self, place: LineAddress, dialect: str) -> _Line:
        counters = Counters()
        wire: Wire = CountedTransport(self._wire(place), counters)
        driver = CallerLine(
            wire,
            self._dialects[dialect],
            baud=place.baud,
            is_bridge=bool(place.host),
            counters=counters,
            now_s=self._now_s,
        )
        worker = DeviceWorker(place.name, driver, on_status=driver.says, counters=counters, retry=self._retry)
        return _Line(driver, worker.start(), dialect)

    def _leave(self, place: LineAddress, unit: CallerUnit) -> None:
        with self._lock:
            line = self._lines.get(place)
            if line is None or not line.driver.remove(unit):
                return
            del self._lines[place]
        line.worker.close()
