"""``run_spooler``: the role that prints, from its first connection to its last byte."""

from __future__ import annotations

import contextlib
import gc
import logging
import random as _random
import secrets
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType

from halldrivers.errors import DeviceError
from halldrivers.printerline import PrinterAbilities, PrinterLine
from halldrivers.transport import transport_for
from hallprinter.profile import PrinterProfile
from hallprinter.spooler_flight import Patience
from hallprinter.spooler_line import LineTimes
from hallprinter.spooler_loop import DEVICE, Spooler
from hallprinter.ticket import warm_up
from hallqueue.clock import Clock, SystemClock
from hallqueue.syncclient import SyncHallClient

__all__ = ["DEVICE", "LineTimes", "Patience", "Spooler", "line_for", "run_spooler"]

log = logging.getLogger("hall.spooler")

ROLE = "printer"
GIVE_UP_S = 2.0
"""How long one request waits for the keeper before the spooler looks after the printer again."""


def line_for(url: str) -> PrinterLine:
    """The printer that a device URL names, not opened yet. Raises BadUrl with the fix."""
    return PrinterLine(transport_for(url), time.monotonic)


def run_spooler(
    socket_path: Path,
    printer_url: str,
    profile: PrinterProfile,
    *,
    clock: Clock | None = None,
    now_s: Callable[[], float] = time.monotonic,
    random: Callable[[], float] = _random.random,
    boot: str = "",
    stop: threading.Event | None = None,
    ready: Callable[[], None] = lambda: None,
    device: str = DEVICE,
    patience: Patience | None = None,
    times: LineTimes | None = None,
    open_line: Callable[[str], PrinterLine] = line_for,
    enrolled: PrinterAbilities | None = None,
    signals: bool = True,
) -> None:
    """Print what the keeper at ``socket_path`` queues, until SIGTERM, SIGINT or ``stop``.

    Neither the keeper nor the printer needs to be there; both may come and go. ``ready`` is called when
    the fonts are loaded and the first job would be quick. ``enrolled`` is what an enrolment found the printer
    to answer. ``signals`` may only be set in the main thread.
    Raises BadUrl for an address that makes no sense, NotAllowed when the keeper refuses this user.
    """
    stop = stop or threading.Event()
    line = open_line(printer_url)
    with _signals(stop) if signals else contextlib.nullcontext():
        try:
            warm_up(profile)
        except DeviceError as error:
            # Every ticket will say so; the ledger must be kept all the same.
            log.error("tickets cannot be drawn: %s", error)
        # What is loaded now stays: no collection shall walk all of it between a touch and its paper.
        gc.collect()
        gc.freeze()
        ready()
        with SyncHallClient(socket_path, ROLE, give_up_s=GIVE_UP_S) as hall:
            Spooler(
                hall,
                line,
                profile,
                clock=clock or SystemClock(),
                now_s=now_s,
                random=random,
                boot=boot or secrets.token_hex(8),
                stop=stop,
                url=printer_url,
                device=device,
                patience=patience,
                times=times,
                enrolled=enrolled,
            ).run()


@contextlib.contextmanager
def _signals(stop: threading.Event) -> Iterator[None]:
    def end(number: int, frame: FrameType | None) -> None:
        stop.set()

    before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
