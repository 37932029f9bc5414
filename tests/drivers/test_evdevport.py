"""Devices that type: taken alone, read with a bound, lost and found (fakes; uinput where there is one)."""

from __future__ import annotations

import errno
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from halldrivers import evdevport
from halldrivers.errors import DeviceError, PortAbsent, PortBusy, PortClosed, PortDenied, PortGone
from halldrivers.evdevport import EvdevMissing, EvdevSource, NotAKeyboard
from halldrivers.keysource import DOWN, UP, Dropped, KeyEvent

PATH = "/dev/input/by-id/usb-ACME_Keypad-event-kbd"
A, ENTER, KP1 = 30, 28, 79
EV_SYN, EV_KEY, EV_REL, EV_MSC, EV_LED = 0, 1, 2, 4, 0x11
WITHIN_S = 10.0


@dataclass
class Event:
    type: int
    code: int
    value: int
    sec: int = 1000
    usec: int = 250_000


class FakeDevice:
    """What python-evdev gives, at the end of a socket so that polling is real."""

    def __init__(self, **codes: Iterable[int]) -> None:
        self._near, self._far = socket.socketpair()
        self._near.setblocking(False)
        self.fd = self._near.fileno()
        self.codes: dict[int, Any] = {EV_KEY: [A, ENTER, KP1], EV_LED: [0], **codes}  # type: ignore[dict-item]
        self.waiting: list[Event] = []
        self.grab_error: OSError | None = None
        self.read_error: OSError | None = None
        self.led_error: OSError | None = None
        self.is_grabbed = self.is_closed = False
        self.leds: list[tuple[int, int]] = []

    def capabilities(self, *, absinfo: bool) -> dict[int, Any]:
        assert absinfo is False
        return self.codes

    def grab(self) -> None:
        if self.grab_error:
            raise self.grab_error
        self.is_grabbed = True

    def read(self) -> Iterator[Event]:
        if self.read_error:
            raise self.read_error
        self._near.recv(4096)
        events, self.waiting = self.waiting, []
        yield from events

    def set_led(self, led_num: int, value: int) -> None:
        if self.led_error:
            raise self.led_error
        self.leds.append((led_num, value))

    def close(self) -> None:
        self.is_closed = True
        self._near.close()

    def type(self, *events: Event) -> None:
        self.waiting += events
        self._far.send(b"x")

    def unplug(self) -> None:
        self.read_error = OSError(errno.ENODEV, "No such device")
        self._far.close()

    def done(self) -> None:
        self._near.close()
        self._far.close()


@pytest.fixture
def device() -> Iterator[FakeDevice]:
    made = FakeDevice()
    yield made
    made.done()


def source_on(device: FakeDevice, now_s: Callable[[], float] = lambda: 7.0) -> EvdevSource:
    return EvdevSource(PATH, open_device=lambda path: device, now_s=now_s)


def fails_to_open(error: Exception) -> EvdevSource:
    def refuse(path: str) -> Any:
        raise error

    return EvdevSource(PATH, open_device=refuse)


def test_a_device_is_grabbed_and_its_keys_come_with_their_times(device: FakeDevice) -> None:
    source = source_on(device)
    source.open()
    assert device.is_grabbed
    device.type(Event(EV_KEY, A, DOWN), Event(EV_MSC, 4, 458756), Event(EV_SYN, 0, 0), Event(EV_KEY, A, UP))
    assert source.read(WITHIN_S) == (KeyEvent(A, DOWN, 7.0), KeyEvent(A, UP, 7.0))


def test_times_are_the_kernel_s_where_it_gives_monotonic_ones(
    device: FakeDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[int, bytes]] = []
    monkeypatch.setattr(evdevport.fcntl, "ioctl", lambda fd, code, value: asked.append((code, value)))
    source = source_on(device)
    source.open()
    device.type(Event(EV_KEY, A, DOWN, sec=1000, usec=250_000))
    assert source.read(WITHIN_S) == (KeyEvent(A, DOWN, 1000.25),)
    assert asked == [(0x400445A0, time.CLOCK_MONOTONIC.to_bytes(4, sys.byteorder))]


def test_silence_is_empty_after_the_time_given(device: FakeDevice) -> None:
    source = source_on(device)
    source.open()
    assert source.read(0.01) == ()


def test_events_that_the_kernel_dropped_are_told_and_the_rest_of_their_report_is_left_out(
    device: FakeDevice,
) -> None:
    source = source_on(device)
    source.open()
    device.type(Event(EV_KEY, A, DOWN), Event(EV_SYN, 3, 0), Event(EV_KEY, ENTER, DOWN))
    assert source.read(WITHIN_S) == (KeyEvent(A, DOWN, 7.0), Dropped(7.0))
    device.type(Event(EV_KEY, KP1, DOWN), Event(EV_SYN, 0, 0), Event(EV_KEY, KP1, UP))
    assert source.read(WITHIN_S) == (KeyEvent(KP1, UP, 7.0),)


def test_an_unplugged_device_is_gone_and_can_be_opened_again(device: FakeDevice) -> None:
    source = source_on(device)
    source.open()
    device.unplug()
    with pytest.raises(PortGone, match="No such device"):
        source.read(WITHIN_S)
    assert device.is_closed
    with pytest.raises(PortClosed):
        source.read(0.0)


def test_a_device_that_hangs_up_without_a_word_is_gone(device: FakeDevice) -> None:
    source = source_on(device)
    source.open()
    device.read_error = BlockingIOError(errno.EAGAIN, "nothing")
    device._far.close()
    with pytest.raises(PortGone, match="hung up"):
        source.read(WITHIN_S)


def test_after_a_replug_the_same_path_leads_to_the_new_device() -> None:
    first, second = FakeDevice(), FakeDevice()
    devices = iter((first, second))
    source = EvdevSource(PATH, open_device=lambda path: next(devices))
    source.open()
    first.unplug()
    with pytest.raises(PortGone):
        source.read(WITHIN_S)
    source.open()
    second.type(Event(EV_KEY, KP1, DOWN))
    assert [event.code for event in source.read(WITHIN_S) if isinstance(event, KeyEvent)] == [KP1]
    source.close()
    first.done(), second.done()


def test_opening_twice_is_once_and_closing_twice_is_harmless(device: FakeDevice) -> None:
    opened: list[str] = []
    source = EvdevSource(PATH, open_device=lambda path: opened.append(path) or device)  # type: ignore[func-returns-value]
    source.open()
    source.open()
    assert opened == [PATH]
    source.close()
    source.close()
    assert device.is_closed


def test_a_grab_that_another_program_has_is_a_busy_port_and_nothing_is_held(device: FakeDevice) -> None:
    device.grab_error = OSError(errno.EBUSY, "Device or resource busy")
    source = source_on(device)
    with pytest.raises(PortBusy) as caught:
        source.open()
    assert caught.value.detail_zh == f"{PATH}：已被另一个程序独占"
    assert device.is_closed


@pytest.mark.parametrize(
    "codes",
    [{EV_REL: [0, 1], EV_KEY: [272, 273, 274]}, {EV_KEY: [116]}, {EV_KEY: [113, 114, 115, 163, 164]}, {}],
    ids=["mouse", "power button", "volume keys", "nothing"],
)
def test_what_has_no_keys_to_type_with_is_refused(device: FakeDevice, codes: dict[int, list[int]]) -> None:
    device.codes = codes
    with pytest.raises(NotAKeyboard, match="K-02"):
        source_on(device).open()
    assert device.is_closed and not device.is_grabbed


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (FileNotFoundError(errno.ENOENT, "No such file or directory"), PortAbsent),
        (OSError(errno.ENODEV, "No such device"), PortAbsent),
        (PermissionError(errno.EACCES, "Permission denied"), PortDenied),
        (OSError(errno.ENOTTY, "Inappropriate ioctl for device"), NotAKeyboard),
    ],
)
def test_what_cannot_be_opened_says_why(error: OSError, kind: type[DeviceError]) -> None:
    with pytest.raises(kind) as caught:
        fails_to_open(error).open()
    assert PATH in str(caught.value)


def test_missing_rights_name_the_group_input() -> None:
    with pytest.raises(PortDenied) as caught:
        fails_to_open(PermissionError(errno.EACCES, "Permission denied")).open()
    assert caught.value.detail == f"{PATH}: add the service user to the group input"
    assert caught.value.detail_zh == f"{PATH}：把运行用户加入 input 组"


def test_without_the_library_the_error_names_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "evdev", None)
    with pytest.raises(EvdevMissing) as caught:
        EvdevSource(PATH).open()
    fault = caught.value.as_fault()
    assert fault.code == "K-01" and "hall[hid]" in fault.remedy_zh and "hall[hid]" in fault.remedy_en


def test_the_library_is_not_imported_before_a_device_is_opened() -> None:
    code = "import sys, halldrivers.evdevport; print('evdev' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_the_real_library_says_that_a_missing_device_is_absent() -> None:
    pytest.importorskip("evdev", reason="python-evdev is not installed on this machine")
    with pytest.raises(PortAbsent):
        EvdevSource("/dev/input/by-id/there-is-no-such-event-kbd").open()


def test_a_file_that_is_no_device_is_not_a_keyboard(tmp_path: Any) -> None:
    pytest.importorskip("evdev", reason="python-evdev is not installed on this machine")
    path = tmp_path / "event-kbd"
    path.write_bytes(b"")
    with pytest.raises(NotAKeyboard):
        EvdevSource(str(path)).open()


def test_a_lamp_is_lit_where_there_is_one(device: FakeDevice) -> None:
    source = source_on(device)
    source.open()
    source.light(0, True)
    source.light(1, True)
    assert device.leds == [(0, 1)]


def test_a_device_that_may_only_be_read_has_no_lamps(
    device: FakeDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evdevport.fcntl, "fcntl", lambda fd, command: os.O_RDONLY)
    source = source_on(device)
    source.open()
    source.light(0, True)
    assert device.leds == []


def test_a_lamp_of_a_device_that_has_gone_says_so(device: FakeDevice) -> None:
    source = source_on(device)
    source.open()
    device.led_error = OSError(errno.ENODEV, "No such device")
    with pytest.raises(PortGone):
        source.light(0, True)
    with pytest.raises(PortClosed):
        source.light(0, False)


def test_python_evdev_has_what_is_used_of_it() -> None:
    evdev = pytest.importorskip("evdev", reason="python-evdev is not installed on this machine")
    used = ("capabilities", "grab", "read", "set_led", "close")
    assert all(hasattr(evdev.InputDevice, name) for name in used)
    codes = evdev.ecodes
    assert (codes.EV_SYN, codes.EV_KEY, codes.EV_LED) == (
        evdevport.EV_SYN,
        evdevport.EV_KEY,
        evdevport.EV_LED,
    )
    assert (codes.SYN_REPORT, codes.SYN_DROPPED) == (evdevport.SYN_REPORT, evdevport.SYN_DROPPED)


def test_a_real_keyboard_made_with_uinput_is_grabbed_read_and_lost() -> None:
    evdev = pytest.importorskip("evdev", reason="python-evdev is not installed on this machine")
    if not os.access("/dev/uinput", os.W_OK):
        pytest.skip("this machine has no /dev/uinput that may be written, so no real keyboard can be made")
    keyboard = evdev.UInput({EV_KEY: [A, ENTER, KP1], EV_LED: [0]}, name="hall test keypad")
    try:
        path = keyboard.device.path
        source, second = EvdevSource(path), EvdevSource(path)
        source.open()
        with pytest.raises(PortBusy):
            second.open()
        keyboard.write(EV_KEY, KP1, DOWN)
        keyboard.syn()
        (event,) = source.read(WITHIN_S)
        assert isinstance(event, KeyEvent) and event.code == KP1
        assert abs(event.at_s - time.monotonic()) < 60
        source.light(0, True)
    finally:
        keyboard.close()
    with pytest.raises(PortGone):
        while True:
            source.read(WITHIN_S)


def test_the_request_for_the_clock_is_the_kernel_s_number() -> None:
    direction_write, size, kind, number = 1, 4, ord("E"), 0xA0
    assert evdevport._EVIOCSCLOCKID == direction_write << 30 | size << 16 | kind << 8 | number
