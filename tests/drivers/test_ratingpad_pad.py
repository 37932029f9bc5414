"""The pad on mock pins that the simulator drives from outside."""

from __future__ import annotations

import logging
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from gpiozero import DigitalInputDevice, DigitalOutputDevice
from gpiozero.pins.mock import MockFactory

import halldrivers
from halldrivers.ratingpad.debounce import Times
from halldrivers.ratingpad.errors import GpioAbsent, PadGone, PinTaken
from halldrivers.ratingpad.lamps import LampState
from halldrivers.ratingpad.pad import GpioRatingPad
from halldrivers.ratingpad.sim import PadSim
from halldrivers.ratingpad.telling import PadTrouble, RawPress


def wait_until(condition: Callable[[], bool], within_s: float = 5.0) -> bool:
    deadline = time.monotonic() + within_s
    while not condition():
        if time.monotonic() > deadline:
            return False
        threading.Event().wait(0.002)
    return True


class Bench:
    """A pad without a worker and a simulator, on a clock that only the simulator moves."""

    def __init__(self, times: Times | None = None) -> None:
        self.now = 100.0
        self.presses: list[RawPress] = []
        self.troubles: list[PadTrouble | None] = []
        self.sim = PadSim(sleep=self.pass_time)
        self.pad = self.new_pad(times)

    def new_pad(self, times: Times | None = None) -> GpioRatingPad:
        return GpioRatingPad(
            on_press=self.presses.append,
            on_trouble=self.troubles.append,
            times=times,
            pin_factory=self.sim.factory,
            clock=lambda: self.now,
            worker=False,
        )

    def pass_time(self, seconds: float) -> None:
        """As a worker would: be there whenever something is due."""
        until = self.now + seconds
        while (due := self.pad.pump()) is not None and due < until:
            self.now = max(due, self.now)
        self.now = until
        self.pad.pump()

    @property
    def keys(self) -> list[str]:
        return [press.key for press in self.presses]


@pytest.fixture
def bench() -> Iterator[Bench]:
    found = Bench()
    yield found
    found.pad.close()


def test_a_bouncing_press_is_one_press_of_that_key(bench: Bench) -> None:
    for key in "1234":
        bench.sim.press(key, bounces=8, bounce_s=0.004)
        bench.pass_time(0.1)
    assert bench.keys == ["1", "2", "3", "4"]


def test_a_press_is_told_eight_milliseconds_after_the_contact_is_steady(bench: Bench) -> None:
    bench.sim.press("2", bounces=0)
    assert bench.presses[0].at_s - 100.0 == pytest.approx(0.008)


def test_a_spike_on_the_wire_is_no_press(bench: Bench) -> None:
    bench.sim.spike("1")
    bench.pass_time(1.0)
    assert bench.keys == []


def test_a_flat_hand_on_all_keys_is_one_press(bench: Bench) -> None:
    for key in "2413":
        bench.sim.hold(key)
        bench.pass_time(0.001)
    bench.pass_time(0.5)
    for key in "2413":
        bench.sim.release(key)
    bench.pass_time(0.5)
    assert bench.keys == ["2"]


def test_a_key_held_while_the_pad_starts_is_no_press() -> None:
    bench = Bench()
    bench.pad.close()
    bench.sim.hold("3")
    bench.pad = bench.new_pad()
    bench.pass_time(1.0)
    bench.sim.release("3")
    bench.pass_time(0.1)
    assert bench.keys == []
    bench.sim.press("3")
    assert bench.keys == ["3"]
    bench.pad.close()


def test_a_release_edge_that_got_lost_heals_by_looking_at_the_pin(bench: Bench) -> None:
    bench.sim.hold("1")
    bench.pass_time(0.1)
    pin = bench.sim.factory.pin(5)  # type: ignore[attr-defined]
    pin.edges = "none"
    bench.sim.release("1")
    pin.edges = "both"
    bench.pass_time(1.0)
    bench.sim.press("2")
    assert bench.keys == ["1", "2"]


def test_a_stuck_key_is_told_once_down_and_once_up_and_the_others_work(bench: Bench) -> None:
    bench.sim.hold("4")
    bench.pass_time(30.0)
    bench.sim.press("1")
    assert bench.keys == ["4", "1"]
    bench.pass_time(30.0)
    assert len(bench.troubles) == 1
    trouble = bench.troubles[0]
    assert trouble is not None and trouble.usable and trouble.status.code == "D-34"
    assert trouble.status.fault is not None
    assert trouble.status.fault.what_en == "a key of the rating pad is stuck (key 4)"
    bench.sim.release("4")
    bench.pass_time(1.0)
    assert bench.troubles[1:] == [None]


def test_mock_pins_ignore_gpiozeros_own_bounce_time_so_we_must_not_rely_on_it() -> None:
    factory = MockFactory()
    seen: list[int] = []
    with DigitalInputDevice(5, pull_up=True, bounce_time=0.05, pin_factory=factory) as key:
        key.when_activated = lambda: seen.append(1)
        for _ in range(6):
            factory.pin(5).drive_low()
            factory.pin(5).drive_high()
    assert len(seen) == 6


def test_two_pads_on_the_same_pins_of_two_boards_do_not_meet() -> None:
    one, two = Bench(), Bench()
    one.sim.press("1")
    two.pass_time(0.2)
    assert (one.keys, two.keys) == (["1"], [])
    one.pad.close()
    two.pad.close()


def test_lamps_invite_then_thank_then_go_out(bench: Bench) -> None:
    bench.pad.arm()
    bench.pass_time(0.1)
    assert bench.sim.lamps() == (True,) * 4
    bench.pass_time(0.7)
    assert bench.sim.lamps() == (False,) * 4
    bench.pad.hear("2")
    bench.pass_time(0.1)
    assert [bench.sim.lamp(key) for key in "1234"] == [False, True, False, False]
    bench.pad.thank("2")
    bench.pass_time(5.0)
    assert bench.sim.lamps() == (False, True, False, False)
    bench.pad.idle()
    bench.pass_time(0.1)
    assert bench.sim.lamps() == (False,) * 4
    assert bench.pad.showing is LampState.IDLE


def test_a_press_answers_the_arming_that_was_there_when_the_finger_came(bench: Bench) -> None:
    bench.sim.press("1")
    bench.pass_time(0.2)
    first = bench.pad.arm()
    bench.sim.press("2")
    bench.pass_time(0.2)
    second = bench.pad.arm()
    bench.sim.press("3")
    bench.pass_time(0.2)
    bench.pad.idle()
    bench.sim.press("4")
    assert [(press.key, press.arming) for press in bench.presses] == [
        ("1", 0),
        ("2", first),
        ("3", second),
        ("4", 0),
    ]
    assert 0 < first < second
    assert (bench.pad.counters["presses"], bench.pad.counters["strays"]) == (2, 2)


def test_a_finger_that_was_on_the_key_before_the_pad_asked_is_no_answer(bench: Bench) -> None:
    bench.sim.hold("1")
    bench.pass_time(0.004)  # touched, not yet believed
    bench.pad.arm()
    bench.pass_time(0.5)
    bench.sim.release("1")
    assert [(press.key, press.arming) for press in bench.presses] == [("1", 0)]


def test_nothing_is_told_after_the_close(bench: Bench) -> None:
    bench.pad.close()
    bench.sim.press("1")
    bench.pass_time(0.2)
    assert bench.presses == [] and bench.troubles == []


def test_a_pad_without_lamps_takes_presses_all_the_same() -> None:
    presses: list[RawPress] = []
    sim = PadSim(lamps=(), sleep=lambda _: None)
    with GpioRatingPad(
        (5, 6, 13, 19),
        (),
        on_press=presses.append,
        on_trouble=lambda _: None,
        pin_factory=sim.factory,
    ) as pad:
        pad.arm()
        sim.hold("3")
        assert wait_until(lambda: [press.key for press in presses] == ["3"])


def test_lamps_that_fail_make_the_pad_unusable_and_say_so_once(bench: Bench) -> None:
    bench.sim.break_lamps()
    bench.pad.arm()
    bench.pass_time(5.0)
    assert len(bench.troubles) == 1
    trouble = bench.troubles[0]
    assert trouble is not None and not trouble.usable and not trouble.heals
    assert trouble.status.code == "D-33"


def test_closing_puts_the_lamps_out_and_gives_the_pins_back(bench: Bench) -> None:
    bench.pad.thank("1")
    bench.pass_time(0.1)
    bench.pad.close()
    bench.pad.close()
    bench.new_pad().close()


def test_a_pin_in_use_is_named_and_nothing_stays_taken() -> None:
    factory = MockFactory()
    other = DigitalOutputDevice(19, pin_factory=factory)
    with pytest.raises(PinTaken, match="GPIO19"):
        GpioRatingPad(on_press=lambda _: None, on_trouble=lambda _: None, pin_factory=factory)
    other.close()
    GpioRatingPad(on_press=lambda _: None, on_trouble=lambda _: None, pin_factory=factory).close()


def test_a_pin_that_cannot_be_read_at_the_start_leaves_nothing_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    factory = MockFactory()

    def broken(*_: object) -> bool:
        raise PadGone("no answer")

    with monkeypatch.context() as patch:
        patch.setattr("halldrivers.ratingpad.pins.GpioPins.is_pressed", broken)
        with pytest.raises(PadGone):
            GpioRatingPad(on_press=lambda _: None, on_trouble=lambda _: None, pin_factory=factory)
    GpioRatingPad(on_press=lambda _: None, on_trouble=lambda _: None, pin_factory=factory).close()


def test_the_worker_hears_real_bounces_and_leaves_no_thread_behind() -> None:
    presses: list[RawPress] = []
    threads: list[str] = []

    def on_press(press: RawPress) -> None:
        presses.append(press)
        threads.append(threading.current_thread().name)

    sim = PadSim()
    pad = GpioRatingPad(on_press=on_press, on_trouble=lambda _: None, pin_factory=sim.factory)
    for key in "4321":
        sim.press(key, hold_s=0.06)
        assert wait_until(lambda: [press.key for press in presses][-1:] == [key])  # noqa: B023
        assert wait_until(lambda: pad.quiet)
    pad.close()
    assert [press.key for press in presses] == ["4", "3", "2", "1"]
    assert set(threads) == {"rating-pad"}
    assert not any(thread.name == "rating-pad" for thread in threading.enumerate())


def test_a_listener_that_fails_does_not_end_the_pad(caplog: pytest.LogCaptureFixture) -> None:
    heard: list[str] = []

    def on_press(press: RawPress) -> None:
        heard.append(press.key)
        raise RuntimeError("listener")

    sim = PadSim()
    with (
        caplog.at_level(logging.ERROR),
        GpioRatingPad(on_press=on_press, on_trouble=lambda _: None, pin_factory=sim.factory) as pad,
    ):
        for key in "12":
            sim.press(key, hold_s=0.05)
            assert wait_until(lambda: heard[-1:] == [key])  # noqa: B023
            assert wait_until(lambda: pad.quiet)
    assert heard == ["1", "2"]
    assert caplog.text.count("the listener of a rating pad failed") == 2


@contextmanager
def no_gpio(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as patch:
        patch.setattr("gpiozero.Device.pin_factory", None)
        patch.setenv("GPIOZERO_PIN_FACTORY", "lgpio")
        patch.setitem(sys.modules, "lgpio", None)
        yield


def test_a_machine_without_gpio_says_so_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    with no_gpio(monkeypatch), pytest.raises(GpioAbsent) as caught:
        GpioRatingPad.at(
            "gpio://?keys=5,6,13,19&lamps=16,20,21,26", on_press=lambda _: None, on_trouble=lambda _: None
        )
    assert "python3-lgpio" in caught.value.remedy_zh


def test_importing_the_driver_does_not_import_gpiozero() -> None:
    code = (
        "import sys, halldrivers.ratingpad.pad, halldrivers.ratingpad.sim, halldrivers.ratingpad.address;"
        "sys.exit('gpiozero' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0


def test_gpiozero_is_imported_in_one_module_of_the_drivers() -> None:
    folder = Path(halldrivers.__file__).parent
    importing = [
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*.py")
        if re.search(r"^\s*(import|from) gpiozero", path.read_text("utf-8"), re.MULTILINE)
    ]
    assert importing == ["ratingpad/pins.py"]
