"""The role ``keypad`` against a keeper in a process of its own: killed in the middle, and by the drivers."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import msgspec
import pytest

from hall.devices.attended import Attended, OnStatus, Started
from hall.devices.hub import DeviceHub
from halldrivers.caller.callers import Callers
from halldrivers.caller.sim import CallerLineSim
from halldrivers.check import CheckLevel, Finding, Verdict
from halldrivers.keysource import DOWN, UP, KeyEvent, MemoryKeySource
from halldrivers.simwire import serve_pty
from hallkiosk.caller import CallerDesk, CallerPace, DeskState
from hallkiosk.caller.fitting import Fitting, fit_desk
from hallqueue.client import ClientState, HallClient
from hallqueue.paths import StateFolder
from hallqueue.wire.link import Backoff

PROCESS = """
import asyncio, sys
from pathlib import Path
import msgspec
from hallqueue.clock import SystemClock
from hallqueue.keeper.run import run_keeper
from hallqueue.paths import StateFolder
from hallqueue.plan import Plan
plan = msgspec.json.decode(sys.argv[2], type=Plan)
asyncio.run(run_keeper(plan, StateFolder(Path(sys.argv[1])), SystemClock(),
                       ready=lambda: print("ready", flush=True)))
"""
QUICK = Backoff(first_s=0.01, most_s=0.05)
PACE = CallerPace(guard_s=0.0, repeat_s=0.0, settle_s=0.0, late_s=60.0)


class Keeper:
    """A keeper as systemd would run it."""

    def __init__(self, folder: Path, plan: Any) -> None:
        self.folder, self._plan = StateFolder(folder), msgspec.json.encode(plan).decode()
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", PROCESS, str(self.folder.path), self._plan], stdout=subprocess.PIPE
        )
        assert self._process.stdout is not None
        if self._process.stdout.readline() != b"ready\n":
            self.kill()
            raise AssertionError("the keeper did not start")

    def freeze(self) -> None:
        """It takes connections and requests, and answers nothing."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def kill(self) -> None:
        if self._process is None:
            return
        process, self._process = self._process, None
        process.send_signal(signal.SIGKILL)
        process.wait(20)
        assert process.stdout is not None
        process.stdout.close()

    def client(self, role: str, window: int = 0) -> HallClient:
        return HallClient(self.folder.socket, role, window, backoff=QUICK, give_up_s=20.0)


@pytest.fixture
def keeper(tmp_path: Path, plan: Any) -> Iterator[Keeper]:
    made = Keeper(tmp_path / "state", plan)
    made.start()
    yield made
    made.kill()


async def test_a_morning_at_two_windows_with_a_keeper_that_is_killed(
    keeper: Keeper, plan: Any, new_caller: Any, running: Any, until: Any
) -> None:
    callers = {1: new_caller(), 2: new_caller()}
    async with AsyncExitStack() as stack:
        staff = await stack.enter_async_context(keeper.client("staff"))
        sessions = {n: await stack.enter_async_context(keeper.client("window", n)) for n in callers}
        desk = CallerDesk(
            sessions.__getitem__,
            plan,
            {number: caller.open for number, caller in callers.items()},
            clerks={1: "李敏"},
            pace=PACE,
        )

        def are_back() -> bool:
            return all(
                desk.state(number) is DeskState.READY and session.state is ClientState.CONNECTED
                for number, session in sessions.items()
            )

        async def press(number: int, text: str) -> None:
            """When the desk has nothing under way any more."""
            await until(are_back)
            callers[number].press(text)

        for n in range(3):
            await staff.issue("social", key=f"take-{n}")
        async with running(desk):
            await until(lambda: [c.picture for c in callers.values()] == [("", 3)] * 2)
            await press(1, "=")
            await until_open(staff, 1)
            await press(1, "=")
            await until(lambda: callers[1].number == "A001")
            await press(2, "=")
            await until(lambda: desk.state(2) is DeskState.READY and callers[2].picture == ("", 2))

            # The keeper dies; keys say so, and nothing of them is done later.
            keeper.kill()
            await until(lambda: sessions[1].state is ClientState.WAITING)
            callers[1].press("-")
            await until(lambda: callers[1].number == "F07" and callers[1].beeps == 1)
            await asyncio.to_thread(keeper.start)
            await until(are_back)
            hall = await staff.snapshot()
            current = hall.windows[0].current
            assert current is not None and (current.number, current.state) == ("A001", "called")

            # A request that is on its way when the keeper dies is done, and done once.
            await until(are_back)
            keeper.freeze()
            callers[1].press("=")
            await until(lambda: desk.state(1) is DeskState.WORKING)
            keeper.kill()
            await asyncio.to_thread(keeper.start)
            await until(are_back)
            events = await staff.events(after=0)
            assert [e.type for e in events if e.type.startswith(("Ticket", "Service"))] == [
                *["TicketIssued"] * 3, "TicketCalled", "ServiceStarted",
            ]  # fmt: skip

            # And the morning goes on.
            await press(1, "=")
            await until(lambda: callers[1].number == "")
            await press(1, "3=")
            await until(lambda: callers[1].number == "A003")
            await press(2, "=")
            await until(lambda: callers[2].number == "A002")
            hall = await staff.snapshot()
            assert [w.clerk for w in hall.windows] == ["李敏", "", ""]
            assert callers[1].beeps == 1


_CODES = {"0": 82, "1": 79, "2": 80, "3": 81, "4": 75, "=": 96, "+": 78, "-": 74, "*": 55, "/": 98, ".": 83}
"""What a numeric keypad's keys send (linux/input-event-codes.h)."""


async def test_the_numeric_keypad_reaches_every_verb_of_a_window_through_the_real_keeper(
    keeper: Keeper, plan: Any, running: Any, until: Any
) -> None:
    source = MemoryKeySource()
    callers = Callers(key_source=lambda path: source)
    async with AsyncExitStack() as stack:
        staff = await stack.enter_async_context(keeper.client("staff"))
        session = await stack.enter_async_context(keeper.client("window", 1))
        next_door = await stack.enter_async_context(keeper.client("window", 2))
        urls = {1: "evdev:///dev/input/by-id/pad"}
        fitted = fit_desk(lambda number: session, plan, callers, urls, pace=PACE)
        desk = fitted.desk
        for n in range(4):
            await staff.issue("social", key=f"take-{n}")

        async def press(keys: str, state: DeskState = DeskState.READY) -> None:
            await until(lambda: desk.state(1) is state and session.state is ClientState.CONNECTED)
            for key in keys:
                now_s = time.monotonic()
                source.type(KeyEvent(_CODES[key], DOWN, now_s), KeyEvent(_CODES[key], UP, now_s))

        async def follows(keys: str, event: str, state: DeskState = DeskState.READY) -> None:
            """These keys lead to this event."""
            before = (await staff.snapshot()).seq
            await press(keys, state)
            deadline_s = time.monotonic() + 15
            while event not in [new.type for new in await staff.events(after=before)]:
                assert time.monotonic() < deadline_s, (keys, desk.state(1), fitted.devices[0].counters.text())
                await asyncio.sleep(0.005)

        async with running(desk):
            await follows("=", "WindowOpened")
            await follows("=", "TicketCalled")  # A001
            await follows("+", "TicketRecalled")
            await follows("-", "TicketPassed")
            await follows("1+", "TicketReturned")
            await follows("002=", "TicketCalled")
            await follows("=", "ServiceStarted")
            await follows("*", "TicketHeld")
            await follows(".", "TicketResumed")
            await next_door.open_window(2, key="open-2")
            await follows("2/", "TicketTransferred")
            await follows("3=", "TicketCalled")
            await follows("=", "ServiceStarted")
            await follows("=", "MatterFinished")
            await follows("4*", "PrintQueued")
            await press("4-")
            await follows("4-", "TicketVoided", DeskState.DOUBTING)
            await follows("0=", "WindowPaused")
            await follows("=", "WindowOpened")
            await follows("0-", "WindowClosed")
        counted = fitted.devices[0].counters
        assert (counted["refusals"], counted["failures"]) == (0, 0)
        assert counted["presses"] == 30


async def test_a_caller_on_its_line_follows_the_real_keeper_and_the_hub_reports_it(
    keeper: Keeper, plan: Any, running: Any, until: Any
) -> None:
    async with AsyncExitStack() as stack:
        far = stack.enter_context(serve_pty(sim := CallerLineSim()))
        staff = await stack.enter_async_context(keeper.client("staff"))
        session = await stack.enter_async_context(keeper.client("window", 1))
        fitted = fit_desk(
            lambda number: session,
            plan,
            Callers(),
            {1: f"caller://{far.path}?unit=2"},
            clerks={1: "李敏"},
            pace=PACE,
        )
        for n in range(2):
            await staff.issue("social", key=f"take-{n}")
        hub = DeviceHub(session, [attended(device) for device in fitted.devices])
        hub.start()

        async def press(*caps: str) -> None:
            await until(lambda: fitted.desk.state(1) is DeskState.READY)
            sim.press(2, *caps)

        async def until_reported(name: str, state: str) -> None:
            while (await staff_devices(staff)).get(name) != state:
                await asyncio.sleep(0.02)

        async with running(hub), running(fitted.desk):
            await until(lambda: sim.display(2) == "    02")
            await press("1", "确认")
            await until_open(staff, 1)
            await press("呼叫")
            await until(lambda: sim.display(2) == "001 01")
            async with asyncio.timeout(15):
                await until_reported("keypad-1", "online")

            # A refusal of the hall is a code on the display, and counted.
            await press("0", "2", "呼叫")
            await until(lambda: sim.display(2) == " 11 01")
            assert fitted.devices[0].counters["refusals"] == 1
            assert fitted.devices[0].counters["presses"] >= 4

            found: list[Finding] = []
            await asyncio.to_thread(fitted.devices[0].check, CheckLevel.EXTERNAL, found.append)
            assert found[-1].verdict is Verdict.PASSED
        assert not [thread for thread in threading.enumerate() if thread.name.startswith("hand ")]


def attended(device: Fitting) -> Attended:
    """A device of the desk as the hub keeps it; the desk itself closes it."""

    def start(on_status: OnStatus) -> Started:
        device.listen(on_status)
        return Started(check=device.check, close=lambda: None, counters=device.counters)

    return Attended(device.name, device.kind, start)


async def until_open(staff: HallClient, window: int) -> None:
    async with asyncio.timeout(15):
        while not any(w.number == window and w.state == "open" for w in (await staff.snapshot()).windows):
            await asyncio.sleep(0.005)


async def staff_devices(staff: HallClient) -> dict[str, str]:
    return {device.device: device.state for device in (await staff.snapshot()).devices}
