"""The hall's drivers as a desk's devices: URLs, listeners, counts and checks."""

from __future__ import annotations

from typing import Any

import pytest

from halldrivers.caller.callers import Callers
from halldrivers.counters import Counters
from halldrivers.errors import BadUrl, DeviceState
from halldrivers.keysource import MemoryKeySource
from halldrivers.status import DeviceStatus
from hallkiosk.caller.counts import DeskCounters
from hallkiosk.caller.errors import BadCallerKeys, CallerUnanswered
from hallkiosk.caller.fitting import fit_desk
from hallqueue.errors import UnknownWindow, WindowIdle
from hallqueue.memory import MemoryHall

PAD = "evdev:///dev/input/by-id/pad"


@pytest.fixture
def opened() -> list[str]:
    """The paths of the keypads that were opened."""
    return []


@pytest.fixture
def callers(opened: list[str]) -> Callers:
    def key_source(path: str) -> MemoryKeySource:
        opened.append(path)
        return MemoryKeySource()

    return Callers(key_source=key_source)


def test_each_keypad_has_its_name_and_kind(hall: MemoryHall, plan: Any, callers: Callers) -> None:
    fitted = fit_desk(lambda number: hall, plan, callers, {2: PAD, 3: f"{PAD}-3"})
    assert [(device.name, device.kind) for device in fitted.devices] == [
        ("keypad-2", "keypad"), ("keypad-3", "keypad"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"urls": {1: "caller:///dev/hall/callers"}}, BadUrl),
        ({"urls": {7: PAD}}, UnknownWindow),
        ({"urls": {1: PAD}, "keys": {"n-plus": "call"}}, BadCallerKeys),
    ],
)
def test_a_wrong_configuration_is_told_before_anything_is_opened(
    hall: MemoryHall,
    plan: Any,
    callers: Callers,
    opened: list[str],
    wrong: dict[str, Any],
    error: type[Exception],
) -> None:
    with pytest.raises(error):
        fit_desk(lambda number: hall, plan, callers, **wrong)
    assert opened == []


async def test_who_listens_late_hears_the_last_word_first(
    hall: MemoryHall, plan: Any, callers: Callers, running: Any, until: Any
) -> None:
    early: list[DeviceStatus] = []
    late: list[DeviceStatus] = []
    fitted = fit_desk(lambda number: hall, plan, callers, {1: PAD})
    fitted.devices[0].listen(early.append)
    async with running(fitted.desk):
        await until(lambda: early[-1:] != [] and early[-1].state is DeviceState.ONLINE)
        fitted.devices[0].listen(late.append)
        assert late == early[-1:]


# --- counts ----------------------------------------------------------------------------------------------


def test_counts_of_driver_and_desk_stand_together() -> None:
    counters, driver = DeskCounters(), Counters()
    counters.follow(driver)
    driver.add("presses", 3)
    counters.failed(WindowIdle(window=1))
    counters.failed(CallerUnanswered(seconds=20))
    assert counters.text() == "failures=1 presses=3 refusals=1"
    assert counters["presses"] == 3


def test_counts_outlive_the_drivers_object() -> None:
    counters = DeskCounters()
    for _ in range(2):
        counters.follow(driver := Counters())
        driver.add("presses", 2)
    assert counters["presses"] == 4
    assert dict(counters) == {"presses": 4}
