"""The role with the hall's own drivers: a caller on a line (bytes on a pty), a numeric keypad's scancodes."""

from __future__ import annotations

import time
from typing import Any

import pytest

from halldrivers.caller.callers import Callers
from halldrivers.caller.sim import CallerLineSim
from halldrivers.keysource import DOWN, UP, KeyEvent, MemoryKeySource
from halldrivers.simwire import serve_pty
from hallkiosk.caller import CallerDesk, CallerPace, DeskState
from hallqueue.memory import MemoryHall

PACE = CallerPace(guard_s=0.0, repeat_s=0.0, settle_s=0.0, late_s=60.0)


@pytest.fixture
async def open_hall(hall: MemoryHall) -> MemoryHall:
    """A001, A002 and B001 wait."""
    for n, service in enumerate(("social", "social", "tax")):
        await hall.issue(service, key=f"take-{n}")
    return hall


async def test_a_21_key_caller_on_its_line_serves_a_person(
    open_hall: MemoryHall, plan: Any, running: Any, until: Any
) -> None:
    callers = Callers()
    with serve_pty(sim := CallerLineSim()) as far:
        caller = callers.opener(f"caller://{far.path}?unit=2")
        desk = CallerDesk(lambda number: open_hall, plan, {1: caller}, pace=PACE)
        async with running(desk):

            async def press(*caps: str) -> None:
                await until(lambda: desk.state(1) in (DeskState.READY, DeskState.ASKING, DeskState.DOUBTING))
                sim.press(2, *caps)

            await until(lambda: sim.display(2) == "    03")
            await press("1", "确认")  # 开窗
            await until(lambda: open_hall.state.windows[1].state == "open")
            await press("呼叫")
            await until(lambda: sim.display(2) == "001 02")
            await press("0", "2", "呼叫")  # one is in hand
            await until(lambda: sim.display(2) == " 11 02" and sim.callers[2].beeps == 1)
            await press("开始")
            await until(lambda: open_hall.state.tickets[1].state == "serving")
            await press("评价")
            await until(lambda: open_hall.state.tickets[1].state == "done")
            await press("0", "2", "呼叫")
            await until(lambda: sim.display(2) == "002 01")
            # 作废: 9 确认 asks which, the number with two digits picks, 9 确认 again confirms.
            await press("9", "确认")
            await until(lambda: desk.state(1) is DeskState.ASKING)
            await press("0", "0", "1", "确认")
            await until(lambda: desk.state(1) is DeskState.DOUBTING and sim.display(2) == "001 02")
            await press("9", "确认")
            await until(lambda: open_hall.state.tickets[3].state == "void")
    callers.close()


async def test_a_numeric_keypad_calls_by_its_scancodes(
    open_hall: MemoryHall, plan: Any, running: Any, until: Any
) -> None:
    source = MemoryKeySource()
    callers = Callers(key_source=lambda path: source)
    desk = CallerDesk(
        lambda number: open_hall, plan, {1: callers.opener("evdev:///dev/input/by-id/pad")}, pace=PACE
    )

    async def press(*codes: int) -> None:
        await until(lambda: desk.state(1) is DeskState.READY)
        for code in codes:
            source.type(KeyEvent(code, DOWN, time.monotonic()), KeyEvent(code, UP, time.monotonic()))

    async with running(desk):
        await press(96)  # KEY_KPENTER: 开窗
        await until(lambda: open_hall.state.windows[1].state == "open")
        await press(82, 80, 96)  # 0 2 回车: 点名呼叫 002
        await until(lambda: open_hall.state.tickets[2].state == "called")
        await until(lambda: source.lit.get(1) is True and source.lit.get(2) is True)
        await press(74)  # KEY_KPMINUS: 过号
        await until(lambda: open_hall.state.tickets[2].state == "passed")
        await until(lambda: source.lit.get(1) is False)
    callers.close()
