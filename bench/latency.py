"""How long a citizen and a clerk wait: touch, paper, call, press."""

from __future__ import annotations

import asyncio
import queue
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from house import BenchHouse, wait_until

from hall.memory import keep_loaded
from halldrivers.printersim import Slip
from hallkiosk.screen.app import ScreenApp
from hallqueue.client import HallClient
from hallqueue.states import PrintState
from hallqueue.syncclient import SyncHallClient
from hallqueue.views import EventLine, HallSnapshot

WINDOW = 5
SERVICE = "shuiwu"
BETWEEN_KEYS_S = 0.06


def touch_to_durable(house: BenchHouse, count: int) -> list[float]:
    """取号 with paper, one client: from the request to the answer, which comes after the commit."""
    terminal, printer, staff = house.client("terminal"), house.client("printer"), house.client("staff")
    samples: list[float] = []
    for n in range(count):
        began = time.perf_counter()
        issued = terminal.issue(SERVICE, key=f"durable-{n}")
        samples.append(time.perf_counter() - began)
        # The paper and the line are none of this figure's business: both end at once.
        job = issued.job
        printer.print_begin(job, key=f"durable-{n}-begin", printer="bench")
        printer.print_end(job, key=f"durable-{n}-end", state=PrintState.PRINTED, rung="A")
        staff.void(issued.ticket.ticket, key=f"durable-{n}-void", reason="bench")
    return samples


def touch_to_paper(house: BenchHouse, count: int, warm: int = 5) -> list[float]:
    """取号 until the cut slip lies in the simulated printer's tray, which interprets every byte first."""
    out: queue.Queue[tuple[float, Slip]] = queue.Queue()
    house.printer.on_slip(lambda slip: out.put((time.perf_counter(), slip)))
    house.start_spooler()
    terminal = house.client("terminal")
    samples: list[float] = []
    for n in range(warm + count):
        began = time.perf_counter()
        number = terminal.issue(SERVICE, key=f"paper-{n}").ticket.number
        ended, slip = out.get(timeout=60)
        while slip.is_blank:
            ended, slip = out.get(timeout=60)
        assert number in slip.text().split()
        if n >= warm:
            samples.append(ended - began)
        wait_until(lambda: not terminal.print_queue(), "the outcome is recorded")
    return samples


@contextmanager
def pushes(client: SyncHallClient, take: Callable[[HallSnapshot | EventLine], None]) -> Iterator[None]:
    """Another thread that takes what the keeper pushes."""
    ending = threading.Event()

    def receive() -> None:
        while not ending.is_set():
            push = client.next_push(0.1)
            if push is not None:
                take(push)

    thread = threading.Thread(target=receive)
    thread.start()
    try:
        yield
    finally:
        ending.set()
        thread.join()


def call_to_watcher(house: BenchHouse, count: int) -> list[float]:
    """叫号 until a screen's client holds the snapshot that shows it."""
    shown: queue.Queue[tuple[float, HallSnapshot]] = queue.Queue()
    watching = house.client("screen")
    watching.start_watch()
    samples: list[float] = []

    def take(push: HallSnapshot | EventLine) -> None:
        if isinstance(push, HallSnapshot):
            shown.put((time.perf_counter(), push))

    with pushes(watching, take):
        for began, ticket in calls(house, count, "watch"):
            seen_s, hall = shown.get(timeout=60)
            while not any(call.ticket == ticket for call in hall.calls):
                seen_s, hall = shown.get(timeout=60)
            samples.append(seen_s - began)
    return samples


def calls(house: BenchHouse, count: int, name: str) -> Iterator[tuple[float, int]]:
    """Call ``count`` people one after the other; yields the moment before the key and the ticket."""
    terminal, window = house.client("terminal"), house.client("window", WINDOW)
    window.open_window(WINDOW, key=f"{name}-open")
    for n in range(count):
        terminal.issue(SERVICE, key=f"{name}-{n}", paper=False)
    for n in range(count):
        # Pushes within 20 ms are gathered into one; no clerk calls that soon after the last two keys.
        time.sleep(BETWEEN_KEYS_S)
        began = time.perf_counter()
        ticket = window.call_next(WINDOW, key=f"{name}-{n}-call").ticket
        yield began, ticket
        window.pass_ticket(WINDOW, key=f"{name}-{n}-pass")


def call_to_screen(house: BenchHouse, count: int) -> list[float]:
    """叫号 until the hall screen's widgets (Textual, 120x40, without a terminal) have drawn it."""
    return asyncio.run(_call_to_screen(house, count))


async def _call_to_screen(house: BenchHouse, count: int, warm: int = 5) -> list[float]:
    samples: list[float] = []
    keep_loaded()  # as the screen's own process does
    async with HallClient(house.folder.socket, "screen") as watching:
        app = ScreenApp(watching, house.config.plan, kiosk=False)
        async with app.run_test(size=(120, 40)):
            steps = calls(house, warm + count, "screen")
            while (step := await asyncio.to_thread(next, steps, None)) is not None:
                began, ticket = step
                number = (await watching.ticket(str(ticket))).number
                while app.hall_screen.picture is None or app.hall_screen.picture.number != number:
                    await asyncio.sleep(0.0005)
                drawn = asyncio.get_running_loop().create_future()
                app.hall_screen.call_after_refresh(drawn.set_result, None)
                await drawn
                samples.append(time.perf_counter() - began)
    return samples[warm:]
