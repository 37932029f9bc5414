"""Callers on real pseudo-terminals and TCP, against the simulated line at the far end."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from halldrivers.caller.address import parse_caller
from halldrivers.caller.callers import Callers
from halldrivers.caller.dialectconfig import dialect_from
from halldrivers.caller.sim import CallerLineSim
from halldrivers.errors import BadUrl, PortBusy
from halldrivers.simwire import SimServer, serve_pty, serve_tcp

from .conftest import QUICK, Clerk  # type: ignore[import-not-found]

Far = SimServer[CallerLineSim]


def url(far: Far, unit: int, more: str = "") -> str:
    return f"caller://{far.path}?unit={unit}{more}"


def listening(far: Far, callers: Callers, clerk: Clerk) -> None:
    """Until the line is open: what is sent before is nobody's."""
    clerk.until(lambda: callers.line_counters()[far.path]["opens"] >= 1)


@pytest.fixture(params=["serial", "tcp"])
def far(request: pytest.FixtureRequest) -> Iterator[Far]:
    sim = CallerLineSim()
    with serve_tcp(sim) if request.param == "tcp" else serve_pty(sim) as server:
        yield server


@pytest.fixture
def far_polled() -> Iterator[Far]:
    with serve_pty(CallerLineSim(is_polled=True)) as server:
        yield server


@pytest.fixture
def callers() -> Iterator[Callers]:
    made = Callers({"mine": dialect_from("mine", {"keys": {"0C": "recall"}})}, retry=QUICK)
    yield made
    made.close()


def test_a_press_arrives_and_a_display_shows(far: Far, callers: Callers, clerk: Clerk) -> None:
    caller = callers.opener(url(far, 2))(on_key=clerk.pressed, on_trouble=clerk.told)
    listening(far, callers, clerk)
    far.sim.press(2, "1", "2", "呼叫")
    clerk.until(lambda: [key.value for key in clerk.keys] == ["1", "2", "call"])
    assert clerk.threads == {f"device {far.path}"}
    assert caller.status.state.value == "online" and caller.counters["presses"] == 3
    caller.show("A012", 5)
    caller.beep()
    clerk.until(lambda: far.sim.display(2) == "012 05" and far.sim.callers[2].beeps == 1)
    clerk.until(lambda: far.sim.callers[2]._unheard == b"")


def test_callers_of_one_line_share_it_and_its_thread(far: Far, callers: Callers) -> None:
    before = threading.active_count()
    clerks = {unit: Clerk() for unit in (1, 2, 3)}
    for unit, clerk in clerks.items():
        callers.opener(url(far, unit))(on_key=clerk.pressed, on_trouble=clerk.told)
    assert threading.active_count() == before + 1
    listening(far, callers, clerks[1])
    for unit, clerk in clerks.items():
        far.sim.press(unit, "呼叫")
        clerk.until(lambda clerk=clerk: [key.value for key in clerk.keys] == ["next"])  # type: ignore[misc]


def test_an_unplugged_line_is_told_to_its_callers_once_and_is_back_with_its_displays(
    far: Far, callers: Callers
) -> None:
    clerks = {unit: Clerk() for unit in (1, 2)}
    for unit, clerk in clerks.items():
        caller = callers.opener(url(far, unit))(on_key=clerk.pressed, on_trouble=clerk.told)
        caller.show(f"A00{unit}", unit)
        clerk.until(lambda unit=unit: far.sim.display(unit) == f"00{unit} 0{unit}")  # type: ignore[misc]
        clerk.until(lambda clerk=clerk: clerk.states == ["unknown"])  # type: ignore[misc]
    far.sim.unplug_after(0)
    for clerk in clerks.values():
        clerk.until(lambda clerk=clerk: clerk.states == ["unknown", "absent"])  # type: ignore[misc]
    for unit in clerks:
        far.sim.power_on(unit)
    far.sim.plug()
    for unit, clerk in clerks.items():
        clerk.until(lambda clerk=clerk: clerk.states == ["unknown", "absent", "unknown"])  # type: ignore[misc]
        clerk.until(lambda unit=unit: far.sim.display(unit) == f"00{unit} 0{unit}")  # type: ignore[misc]


def test_each_caller_that_nobody_has_pressed_says_so_also_one_that_joins_a_working_line(
    far: Far, callers: Callers
) -> None:
    clerks = {unit: Clerk() for unit in (1, 2)}
    for unit, clerk in clerks.items():
        opened = callers.opener(url(far, unit))(on_key=clerk.pressed, on_trouble=clerk.told)
        clerk.until(lambda clerk=clerk: [word.code for word in clerk.words] == ["K-06"])  # type: ignore[misc]
        assert clerk.states == ["unknown"] and opened.status == clerk.words[0]
    far.sim.press(2, "重呼")
    clerks[2].until(lambda: clerks[2].states == ["unknown", "online"])
    assert clerks[2].words[1].code == "" and clerks[1].states == ["unknown"]


@pytest.mark.parametrize("byte", range(1, 11))
def test_unplugged_at_any_byte_of_the_answer_it_is_one_press_and_the_line_comes_back(
    callers: Callers, clerk: Clerk, byte: int
) -> None:
    with serve_pty(CallerLineSim()) as far:
        callers.opener(url(far, 2))(on_key=clerk.pressed, on_trouble=clerk.told)
        listening(far, callers, clerk)
        far.sim.unplug_after(byte)
        far.sim.press(2, "呼叫")
        clerk.until(lambda: "absent" in clerk.states)
        far.sim.plug()
        clerk.until(lambda: clerk.states[-1] == "unknown")
        far.sim.press(2, "重呼")
        clerk.until(lambda: "recall" in [key.value for key in clerk.keys])
        callers.close()
    assert [key.value for key in clerk.keys] == ["next", "recall"]


def test_a_line_that_is_not_there_yet_is_waited_for(callers: Callers, clerk: Clerk, tmp_path: Path) -> None:
    link = f"{tmp_path}/callers"
    callers.opener(f"caller://{link}?unit=1")(on_key=clerk.pressed, on_trouble=clerk.told)
    clerk.until(lambda: clerk.states == ["absent"])
    late = Clerk()
    callers.opener(f"caller://{link}?unit=2")(on_key=late.pressed, on_trouble=late.told)
    late.until(lambda: late.states == ["absent"])
    with serve_pty(sim := CallerLineSim(), Path(link)):
        clerk.until(lambda: clerk.states == ["absent", "unknown"])
        sim.press(1, "呼叫")
        clerk.until(lambda: [key.value for key in clerk.keys] == ["next"])
        callers.close()


def test_a_second_caller_at_the_same_address_is_refused(far: Far, callers: Callers, clerk: Clerk) -> None:
    open_caller = callers.opener(url(far, 2))
    first = open_caller(on_key=clerk.pressed, on_trouble=clerk.told)
    with pytest.raises(PortBusy, match="unit 2"):
        open_caller(on_key=clerk.pressed, on_trouble=clerk.told)
    first.close()
    open_caller(on_key=clerk.pressed, on_trouble=clerk.told)


def test_two_dialects_on_one_line_are_refused(far: Far, callers: Callers, clerk: Clerk) -> None:
    callers.opener(url(far, 1))(on_key=clerk.pressed, on_trouble=clerk.told)
    with pytest.raises(PortBusy, match="its callers speak lcd21, not mine"):
        callers.opener(url(far, 2, "&dialect=mine"))(on_key=clerk.pressed, on_trouble=clerk.told)


def test_a_dialect_of_the_configuration_is_spoken(far: Far, callers: Callers, clerk: Clerk) -> None:
    callers.opener(url(far, 1, "&dialect=mine"))(on_key=clerk.pressed, on_trouble=clerk.told)
    listening(far, callers, clerk)
    far.sim.press(1, "呼叫")
    clerk.until(lambda: [key.value for key in clerk.keys] == ["recall"])


def test_a_wrong_url_is_refused_before_anything_is_opened(callers: Callers) -> None:
    before = threading.active_count()
    with pytest.raises(BadUrl):
        callers.opener("caller:///dev/hall/callers?unit=2&dialect=none")
    assert threading.active_count() == before


def test_the_last_caller_of_a_line_gives_it_back_and_no_thread_is_left(
    far: Far, callers: Callers, clerk: Clerk
) -> None:
    before = threading.active_count()
    two = [callers.opener(url(far, unit))(on_key=clerk.pressed, on_trouble=clerk.told) for unit in (1, 2)]
    two[0].close()
    listening(far, callers, clerk)
    far.sim.press(2, "呼叫")
    clerk.until(lambda: [key.value for key in clerk.keys] == ["next"])
    two[1].close()
    assert threading.active_count() == before
    assert callers.opened(parse_caller(url(far, 1))) is None
    again = callers.opener(url(far, 1))(on_key=clerk.pressed, on_trouble=clerk.told)
    listening(far, callers, clerk)
    far.sim.press(1, "重呼")
    clerk.until(lambda: [key.value for key in clerk.keys] == ["next", "recall"])
    again.close()
    again.close()
    assert threading.active_count() == before


def test_strangers_and_what_a_line_counted_can_be_asked_for(far: Far, callers: Callers, clerk: Clerk) -> None:
    callers.opener(url(far, 1))(on_key=clerk.pressed, on_trouble=clerk.told)
    listening(far, callers, clerk)
    far.sim.press(3, "呼叫")
    clerk.until(lambda: callers.strangers() == {far.path: (3,)})
    assert callers.line_counters()[far.path]["strays"] >= 1


def test_polled_callers_on_a_real_line(far_polled: Far, callers: Callers) -> None:
    clerks = {unit: Clerk() for unit in (1, 2)}
    opened = {
        unit: callers.opener(url(far_polled, unit, "&dialect=polled"))(
            on_key=clerk.pressed, on_trouble=clerk.told
        )
        for unit, clerk in clerks.items()
    }
    for clerk in clerks.values():
        clerk.until(lambda clerk=clerk: clerk.states == ["online"])  # type: ignore[misc]
    opened[1].show("A012", 7)
    far_polled.sim.press(2, "呼叫")
    clerks[2].until(lambda: [key.value for key in clerks[2].keys] == ["next"])
    clerks[1].until(lambda: far_polled.sim.display(1) == "012" and far_polled.sim.callers[1].waiting == "007")


def test_noise_is_told_as_a_warning_and_is_over_with_the_first_frame(
    far: Far, callers: Callers, clerk: Clerk
) -> None:
    callers.opener(url(far, 1))(on_key=clerk.pressed, on_trouble=clerk.told)
    listening(far, callers, clerk)
    far.sim.collide(70)
    clerk.until(lambda: [word.code for word in clerk.words][-1:] == ["K-04"])
    far.sim.press(1, "呼叫")
    clerk.until(lambda: [(word.state.value, word.code) for word in clerk.words][-1] == ("online", ""))


def test_an_adapter_with_an_echo_on_a_real_line(callers: Callers, clerk: Clerk) -> None:
    with serve_pty(CallerLineSim(has_echo=True)) as far:
        caller = callers.opener(url(far, 1))(on_key=clerk.pressed, on_trouble=clerk.told)
        listening(far, callers, clerk)
        far.sim.press(1, "呼叫")
        clerk.until(lambda: [key.value for key in clerk.keys] == ["next"])
        caller.show("A012", 5)
        clerk.until(lambda: far.sim.display(1) == "012 05")
        callers.close()
    assert [key.value for key in clerk.keys] == ["next"]
