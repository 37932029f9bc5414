"""Devices that type, read through the kernel's evdev; the only module that imports python-evdev.

The device is **grabbed** (EVIOCGRAB): what it types reaches nobody else, so that a scanned code cannot type
control chords into the kiosk's terminal. Only one program at a time can hold a grab, which makes it the lock
as well. What the kernel does, and what this module does about it:

* A device is opened by its link under ``/dev/input/by-id``, which leads to the new node after a replug.
* Opening a grabbed device succeeds; only the grab fails (EBUSY).
* Event times are wall-clock times unless EVIOCSCLOCKID asks for another clock: gaps between keys must not
  depend on somebody setting the time.
* A queue that nobody empties overflows (SYN_DROPPED); the rest of that report is incomplete and is left out
  up to its SYN_REPORT (kernel documentation, input/event-codes, EV_SYN).
* After an unplug, reading gives ENODEV and polling POLLHUP with POLLERR.

python-evdev is optional and imported when a device is opened: it has no wheels, and a hall without devices
that type does not need it. Works with its versions 1.6 to 2.0.
"""

from __future__ import annotations

import errno
import fcntl
import os
import re
import select
import struct
import time
from collections.abc import Callable, Iterable
from typing import Any, Protocol

from halldrivers.deviceurl import DeviceUrl
from halldrivers.errors import Actor, DeviceError, PortBusy, PortClosed, PortDenied, PortGone
from halldrivers.fdport import open_failure
from halldrivers.keysource import Dropped, KeyEvent

EV_SYN, EV_KEY, EV_LED = 0x00, 0x01, 0x11
SYN_REPORT, SYN_DROPPED = 0, 3
_EVIOCSCLOCKID = 0x400445A0  # _IOW('E', 0xa0, int) of linux/input.h
_TYPING_KEYS = frozenset((*range(2, 12), 28, *range(59, 69), *range(71, 84), 96, *range(183, 195)))
"""Digits, Enter, F keys and the numeric block: a keyboard, keypad or scanner has some of them, while a mouse,
a power button and the volume keys of a headset have none."""


_NODE = re.compile(r"/dev/input/event\d+")


class EvdevMissing(DeviceError, ImportError):
    """Raised when python-evdev is not installed."""

    code = "K-01"
    what_zh = "缺少 evdev 库，键盘式设备（小键盘、扫码枪）用不了"
    what_en = "python-evdev is not installed, so devices that type (keypads, scanners) cannot be used"
    who = Actor.TECHNICIAN
    remedy_zh = (
        "安装后重启服务：sudo apt-get install gcc python3-dev linux-libc-dev，再 pip install 'hall[hid]'"
    )
    remedy_en = (
        "install it and restart the service: sudo apt-get install gcc python3-dev linux-libc-dev, "
        "then pip install 'hall[hid]'"
    )


class NotAKeyboard(DeviceError, ValueError):
    """Raised when the device exists and has no keys to type with."""

    code = "K-02"
    what_zh = "这个设备不是键盘式设备"
    what_en = "this device does not type"
    who = Actor.TECHNICIAN
    remedy_zh = "设备地址要选 /dev/input/by-id/ 下以 -event-kbd 结尾的那个"
    remedy_en = "the address must be the link under /dev/input/by-id/ that ends in -event-kbd"


def keyboard_path(url: DeviceUrl) -> str:
    """The path of a device that types; BadUrl for an eventN node, whose number changes at every replug."""
    path = url.device_path()
    if _NODE.fullmatch(path):
        raise url.wrong(
            "event 后面的编号插拔后会变，请写 /dev/input/by-id/ 下以 -event-kbd 结尾的名字",
            "the number of an event node changes with every replug: "
            "write the name under /dev/input/by-id/ that ends in -event-kbd",
        )
    return path


class InputEvent(Protocol):
    """What python-evdev reads."""

    sec: int
    usec: int
    type: int
    code: int
    value: int


class InputDevice(Protocol):
    """What is used of ``evdev.InputDevice``."""

    fd: int

    def capabilities(self, *, absinfo: bool) -> dict[int, Any]:
        """Codes by event type."""

    def grab(self) -> None:
        """Take it for this process alone."""

    def read(self) -> Iterable[InputEvent]:
        """Everything that waits, at most 64 events; BlockingIOError when nothing does."""

    def set_led(self, led_num: int, value: int) -> None:
        """Switch an LED."""

    def close(self) -> None:
        """Close the descriptor."""


def evdev_device(path: str) -> InputDevice:
    """Open a device with python-evdev; EvdevMissing without it, OSError when there is no such device."""
    try:
        from evdev import InputDevice as Device
    except ImportError as error:
        raise EvdevMissing(str(error)) from error
    device: InputDevice = Device(path)
    return device


class EvdevSource:
    """One device that types, as a :class:`~halldrivers.keysource.KeySource`."""

    def __init__(
        self,
        path: str,
        *,
        open_device: Callable[[str], InputDevice] = evdev_device,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name = f"evdev://{path}"
        self._path, self._open_device, self._now_s = path, open_device, now_s
        self._device: InputDevice | None = None
        self._leds: frozenset[int] = frozenset()
        self._has_clock = False
        self._is_skipping = False

    def open(self) -> None:
        """Take the device; nothing to do when it is taken.

        Raises PortAbsent, PortBusy (another program has grabbed it), PortDenied, NotAKeyboard, EvdevMissing.
        """
        if self._device is not None:
            return
        try:
            device = self._open_device(self._path)
        except OSError as error:
            if isinstance(error, DeviceError):
                raise
            raise self._open_error(error) from error
        try:
            self._take(device)
        except OSError as error:
            device.close()
            raise self._open_error(error) from error
        except DeviceError:
            device.close()
            raise
        self._device, self._is_skipping = device, False

    def read(self, timeout_s: float) -> tuple[KeyEvent | Dropped, ...]:
        """What was typed; empty after ``timeout_s`` of silence. Raises PortGone."""
        device = self._opened()
        poller = select.poll()
        poller.register(device.fd, select.POLLIN)
        ready = poller.poll(max(0.0, timeout_s) * 1000)
        if not ready:
            return ()
        try:
            return tuple(self._translate(device.read()))
        except BlockingIOError:
            if ready[0][1] & (select.POLLHUP | select.POLLERR | select.POLLNVAL):
                raise self._gone("hung up") from None
            return ()
        except OSError as error:
            raise self._gone(error.strerror or str(error)) from error

    def light(self, led: int, on: bool) -> None:
        """Switch an LED; a device without it, or that may only be read, ignores that. Raises PortGone."""
        device = self._opened()
        if led not in self._leds:
            return
        try:
            device.set_led(led, int(on))
        except OSError as error:
            raise self._gone(error.strerror or str(error)) from error

    def close(self) -> None:
        """Give the device back; closing the descriptor ends the grab. Harmless when it is closed."""
        device, self._device = self._device, None
        if device is not None:
            device.close()

    def _take(self, device: InputDevice) -> None:
        codes = device.capabilities(absinfo=False)
        if not _TYPING_KEYS.intersection(codes.get(EV_KEY, ())):
            raise NotAKeyboard(self._path)
        device.grab()
        self._has_clock = _set_monotonic_clock(device.fd)
        is_writable = fcntl.fcntl(device.fd, fcntl.F_GETFL) & os.O_RDWR
        self._leds = frozenset(codes.get(EV_LED, ())) if is_writable else frozenset()

    def _translate(self, events: Iterable[InputEvent]) -> Iterable[KeyEvent | Dropped]:
        now_s = self._now_s()
        for event in events:
            at_s = event.sec + event.usec / 1e6 if self._has_clock else now_s
            if event.type == EV_SYN and event.code == SYN_DROPPED:
                self._is_skipping = True
                yield Dropped(at_s)
            elif event.type == EV_SYN and event.code == SYN_REPORT:
                self._is_skipping = False
            elif event.type == EV_KEY and not self._is_skipping:
                yield KeyEvent(event.code, event.value, at_s)

    def _opened(self) -> InputDevice:
        if self._device is None:
            raise PortClosed(self.name)
        return self._device

    def _gone(self, why: str) -> PortGone:
        self.close()
        return PortGone(f"{self.name}: {why}")

    def _open_error(self, error: OSError) -> DeviceError:
        if error.errno in (errno.ENOTTY, errno.EINVAL):
            return NotAKeyboard(self._path)
        if error.errno in (errno.EACCES, errno.EPERM):
            return PortDenied(
                f"{self._path}: add the service user to the group input",
                f"{self._path}：把运行用户加入 input 组",
            )
        if error.errno == errno.EBUSY:
            return PortBusy(
                f"{self._path}: another program has grabbed it", f"{self._path}：已被另一个程序独占"
            )
        return open_failure(error, self.name)


def _set_monotonic_clock(fd: int) -> bool:
    try:
        fcntl.ioctl(fd, _EVIOCSCLOCKID, struct.pack("i", time.CLOCK_MONOTONIC))
    except OSError:
        return False  # the time of reading has to do
    return True
