"""One thread that keeps one device: opens it, works with it turn by turn, loses it and finds it again.

Rules, before the code:

1. Everything that touches the device happens in this thread, so a driver needs no locks; other threads ask
   through :meth:`DeviceWorker.call` and hear through callbacks.
2. A turn is bounded (a driver passes time-outs everywhere), so :meth:`DeviceWorker.close` ends the thread
   within a turn and no device hangs another one or a screen: each has a worker of its own.
3. What fails is tried again after a wait that grows to ``retry_most_s``: a device is back within three
   seconds of its node's return, under whatever name its link then leads to.
4. A device is reported once down (after three misses) and once up, and logged as often.
5. A program error in a driver is a fault of that device (D-99), not the end of its worker.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self, TypeVar

from halldrivers.counters import Counters
from halldrivers.errors import (
    DeviceError,
    DeviceState,
    DriverFault,
    Fault,
    PortAbsent,
    PortBusy,
    PortDenied,
)
from halldrivers.status import DeviceStatus, Health

T = TypeVar("T")

JOIN_S = 10.0
"""How long a close waits for the turn under way: longer than any driver's time-outs together."""

log = logging.getLogger("hall.device")


@dataclass(frozen=True, slots=True)
class Retry:
    """How long a worker waits before it tries again, in seconds."""

    first_s: float = 0.1
    most_s: float = 1.0


class Driver(Protocol):
    """A device's own work. Called in one thread; every call is bounded; raises DeviceErrors only."""

    @property
    def warning(self) -> Fault | None:
        """What a person should know although the device works (a stuck key), after a turn."""
        ...

    def open(self) -> None:
        """Take the device, or raise and hold nothing."""
        ...

    def turn(self) -> float:
        """One piece of work; answers the seconds until the next. PortGone and the like mean: open again."""
        ...

    def close(self) -> None:
        """Give the device back; harmless when it is closed."""
        ...


class DeviceWorker:
    """Keeps one driver at work in a thread of its own until :meth:`close`.

    ``on_status`` is called in the worker's thread with every word worth telling, and must not block.
    """

    def __init__(
        self,
        name: str,
        driver: Driver,
        *,
        on_status: Callable[[DeviceStatus], None] = lambda status: None,
        counters: Counters | None = None,
        retry: Retry | None = None,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name = name
        self.counters = counters or Counters()
        self._driver, self._on_status, self._now_s = driver, on_status, now_s
        self._retry = retry or Retry()
        self._health = Health()
        self._wake = threading.Condition()
        self._calls: deque[Callable[[], None]] = deque()
        self._is_woken = self._is_closing = self._is_open = False
        self._thread = threading.Thread(target=self._run, name=f"device {name}", daemon=True)

    def start(self) -> Self:
        """Begin; answers itself."""
        self._thread.start()
        return self

    @property
    def status(self) -> DeviceStatus:
        """The last thing worth telling."""
        return self._health.status

    @property
    def is_open(self) -> bool:
        """Whether the device is open at this moment."""
        return self._is_open

    def wake(self) -> None:
        """There is something to do: the next turn comes at once."""
        with self._wake:
            self._is_woken = True
            self._wake.notify()

    def call(self, work: Callable[[], T], timeout_s: float) -> T:
        """Do something with the device in its own thread, and answer what came of it.

        Raises what ``work`` raises, PortAbsent while the device is not open, and TimeoutError.
        """
        future: Future[T] = Future()

        def act() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                if not self._is_open:
                    fault = self.status.fault
                    raise PortAbsent(f"{self.name}: {fault.what_en}" if fault else self.name)
                future.set_result(work())
            except BaseException as error:
                future.set_exception(error)

        with self._wake:
            if self._is_closing:
                raise PortAbsent(self.name)
            self._calls.append(act)
            self._wake.notify()
        try:
            return future.result(timeout_s)
        finally:
            future.cancel()

    def close(self) -> None:
        """Give the device back and end the thread; again is harmless. Not from within a callback."""
        with self._wake:
            self._is_closing = True
            self._wake.notify()
        if self._thread.ident is not None and self._thread is not threading.current_thread():
            self._thread.join(JOIN_S)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # --- in the worker's thread ------------------------------------------------------------------

    def _run(self) -> None:
        pause_s = self._retry.first_s
        try:
            while not self._is_closing:
                wait_s = self._try(pause_s)
                # A device that fails is tried again later and later; one that works sets its own pace.
                pause_s = self._retry.first_s if self._is_open else min(pause_s * 2, self._retry.most_s)
                self._rest(wait_s)
        finally:
            self._close()
            self._finish_calls()

    def _try(self, pause_s: float) -> float:
        """Open the device, or do one turn; answers how long to rest."""
        try:
            if not self._is_open:
                self._driver.open()
                self._is_open = True
                self.counters.add("opens")
            wait_s = self._driver.turn()
        except DeviceError as error:
            return self._failed(error, pause_s)
        except Exception as error:  # border: a program error is this device's fault, not the worker's end
            log.exception("%s: program error in its driver", self.name)
            return self._failed(DriverFault(f"{self.name}: {type(error).__name__}"), pause_s)
        self._tell(self._health.well(self._driver.warning))
        return wait_s

    def _failed(self, error: DeviceError, pause_s: float) -> float:
        if isinstance(error, TimeoutError):
            self.counters.add("timeouts")
        if not (self._is_open and isinstance(error, TimeoutError)):
            self._close()
        # Nobody has to wait three tries to hear what will not change by itself.
        at_once = isinstance(error, PortDenied | PortBusy | DriverFault)
        word = self._health.failed(error, at_once=at_once)
        if word is not None:
            self.counters.add("losses")
        self._tell(word)
        return pause_s

    def _close(self) -> None:
        self._is_open = False
        try:
            self._driver.close()
        except DeviceError as error:
            log.debug("%s: closing: %s", self.name, error)

    def _tell(self, word: DeviceStatus | None) -> None:
        if word is None:
            return
        if word.state is DeviceState.ONLINE:
            log.info("%s: online %s", self.name, word.code)
        else:
            what = f"{word.fault.what_zh} / {word.fault.what_en}" if word.fault else ""
            log.warning("%s: %s %s %s", self.name, word.state, word.code, what)
        self._on_status(word)

    def _rest(self, wait_s: float) -> None:
        until_s = self._now_s() + wait_s
        while True:
            self._do_calls()
            with self._wake:
                left_s = until_s - self._now_s()
                if self._is_closing or self._is_woken or left_s <= 0:
                    self._is_woken = False
                    return
                if not self._calls:
                    self._wake.wait(left_s)

    def _do_calls(self) -> None:
        while True:
            with self._wake:
                if not self._calls or self._is_closing:
                    return
                act = self._calls.popleft()
            act()

    def _finish_calls(self) -> None:
        while self._calls:
            self._calls.popleft()()
