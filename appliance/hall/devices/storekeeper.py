"""The scan store at work: opened as soon as it can be, swept every minute, reported like a device."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from hall.devices.attended import OnStatus, Started
from halldrivers.scanstore.errors import StoreError
from halldrivers.scanstore.store import ScanStore
from halldrivers.status import DeviceStatus, status_of_error

SWEEP_EVERY_S = 60.0
RETRY_S = 2.0
"""Between two tries to open a folder that cannot be opened."""
JOIN_S = 30.0
"""A sweep may be finishing a material: a PDF and its sealing."""

log = logging.getLogger("hall.devices")


class StoreKeeper:
    """Keeps one store in a thread of its own until :meth:`close`."""

    def __init__(
        self,
        store: ScanStore,
        on_status: OnStatus,
        *,
        sweep_every_s: float = SWEEP_EVERY_S,
        on_close: Callable[[], None] = lambda: None,
    ) -> None:
        self._on_close = on_close
        self._store, self._on_status, self._sweep_every_s = store, on_status, sweep_every_s
        self._end = threading.Event()
        self._told: DeviceStatus | None = None
        self._thread = threading.Thread(target=self._run, name="scan store", daemon=True)
        self._thread.start()

    def started(self) -> Started:
        """As a role keeps it."""
        return Started(self._store.check, self.close, self._store.counters)

    def close(self) -> None:
        """End, and let go of the folder; again is harmless."""
        self._end.set()
        self._thread.join(JOIN_S)
        self._on_close()

    def _run(self) -> None:
        wait_s = 0.0
        try:
            while not self._end.wait(wait_s):
                wait_s = self._work()
        finally:
            self._store.close()

    def _work(self) -> float:
        """One look through the folder; answers the seconds until the next."""
        try:
            self._store.open()  # again is a sweep
            self._tell(self._store.status().as_device())
        except StoreError as error:
            self._tell(status_of_error(error))
            return RETRY_S
        except Exception:  # border: a program error must not end what keeps citizens' scans
            log.exception("the scan store met a program error")
            return RETRY_S
        return self._sweep_every_s

    def _tell(self, status: DeviceStatus) -> None:
        if status.says_the_same(self._told):
            return
        self._told = status
        if status.fault is None:
            log.info("scans: %s", status.state)
        else:
            log.warning("scans: %s %s %s", status.state, status.code, status.fault.what_en)
        self._on_status(status)
