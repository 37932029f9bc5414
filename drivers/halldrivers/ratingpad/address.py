"""A pad's address: one URL, whose scheme says what the pad is wired to.

::

    gpio://?keys=5,6,13,19&lamps=16,20,21,26            pins of the Pi (BCM numbers)
    modbus:///dev/hall/pads?baud=9600&unit=3            a unit on an RS-485 line
    serial:///dev/hall/pad-3?baud=9600&table=NAME       a box with byte frames, from a table of hall.toml
    serial:///dev/hall/pad-3?baud=9600&line=NAME        a box with text lines, from a pattern of hall.toml
    tcp://10.0.0.8:4001?table=NAME                      the same behind a serial server
    evdev:///dev/input/by-id/…-event-kbd?keys=2,3,4,5   a box that types, by scancodes, or digits=1234

GPIO: ``keys`` has two to eight pins in the order of the keys "1", "2", …; ``lamps`` has as many, or is left
out; ``stable_ms`` (1 to 100, usually 8) is how long a contact must be steady.

Modbus: ``keys`` is the first discrete input and ``lamps`` the first coil, both counted from 0 and usually 0;
``lamps=none`` for a pad without; ``count`` (2 to 8, usually 4) is how many there are of each; ``idle`` (0.05
to 5 seconds, usually 1) is how often the pad is looked at while it asks nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from halldrivers.deviceurl import Claims, DeviceUrl, plain_number, split_url
from halldrivers.evdevport import keyboard_path
from halldrivers.modbusline.address import UNIT_OPTIONS, UnitAddress, parse_unit
from halldrivers.ratingpad.debounce import PRESS_S
from halldrivers.transport import transport_claims

PINS = range(2, 28)
"""GPIO numbers on the header of a Pi; 0 and 1 belong to the EEPROM of expansion boards."""
KEYS = range(2, 9)
"""How many keys a pad may have."""
CODES = range(1, 768)
"""Scancodes of keys (KEY_* of linux/input-event-codes.h)."""
ROW_DIGITS = {"1": 2, "2": 3, "3": 4, "4": 5, "5": 6, "6": 7, "7": 8, "8": 9, "9": 10, "0": 11}
"""KEY_1 … KEY_0: the row above the letters."""
PAD_DIGITS = {"7": 71, "8": 72, "9": 73, "4": 75, "5": 76, "6": 77, "1": 79, "2": 80, "3": 81, "0": 82}
"""KEY_KP7 … KEY_KP0: the block at the right."""
CALM_S = 1.0
"""How often a pad on a Modbus line is looked at while it asks nothing; at four times the pace six pads took
2 % of a core, and a line at 9600 baud with ten pads has no time for ten times the pace.

What one second means: a board that does not latch shows a contact only while it is closed, so a press of
0.2 s at a pad that asks nothing mostly goes unseen. It rates nothing either way; it is just not counted as a
stray. A board that latches keeps it until the next look.
"""
LEAST_IDLE_S, MOST_IDLE_S = 0.05, 5.0
SCHEMES = ("gpio", "modbus", "serial", "tcp", "evdev")


@dataclass(frozen=True, slots=True)
class GpioAddress:
    """A pad wired to the pins of this machine."""

    keys: tuple[int, ...]
    lamps: tuple[int, ...]
    """Empty for a pad without lamps."""
    press_s: float = PRESS_S

    @property
    def pins(self) -> tuple[int, ...]:
        """All pins it takes."""
        return self.keys + self.lamps

    @property
    def claims(self) -> Claims:
        """Every pin is its own."""
        return Claims(tuple(f"GPIO{pin}" for pin in self.pins))


@dataclass(frozen=True, slots=True)
class ModbusPadAddress:
    """A pad that is a unit of a Modbus line."""

    unit: UnitAddress
    keys: int = 0
    """The first discrete input, counted from 0."""
    lamps: int | None = 0
    """The first coil; None for a pad without lamps."""
    count: int = 4
    idle_s: float = CALM_S
    """It is looked at this often while it asks nothing."""

    @property
    def claims(self) -> Claims:
        """The unit number is its own; the line is shared with other pads and with signs."""
        return self.unit.claims


@dataclass(frozen=True, slots=True)
class BoxAddress:
    """A pad with a serial line of its own, understood by a table or a pattern of the configuration."""

    wire: str
    """The URL of its transport."""
    table: str = ""
    """The name of a byte table; empty where ``line`` has one."""
    line: str = ""
    """The name of a line pattern."""

    @property
    def claims(self) -> Claims:
        """The port is its own."""
        return transport_claims(self.wire)


@dataclass(frozen=True, slots=True)
class HidAddress:
    """A pad that types."""

    path: str
    codes: tuple[tuple[int, ...], ...]
    """The scancodes of each key."""
    led: int | None = None
    """The LED that is lit while it asks (LED_* of linux/input-event-codes.h)."""

    @property
    def claims(self) -> Claims:
        """The device is its own: its keys go nowhere else."""
        return Claims((self.path,))


PadAddress = GpioAddress | ModbusPadAddress | BoxAddress | HidAddress


def parse_pad(text: str) -> PadAddress:
    """The address in a URL; BadUrl says what is wrong with it and how it is written."""
    url = split_url(text, *SCHEMES)
    match url.scheme:
        case "gpio":
            return _gpio(url)
        case "modbus":
            return _modbus(url)
        case "evdev":
            return _hid(url)
        case _:
            return _box(url)


def parse_gpio(text: str) -> GpioAddress:
    """The address of a pad that must be on GPIO."""
    return _gpio(split_url(text, "gpio"))


def _gpio(url: DeviceUrl) -> GpioAddress:
    if url.host or url.port or url.path.strip("/"):
        raise url.wrong("gpio:// 后面直接写 ?keys=…&lamps=…", "nothing stands between gpio:// and ?")
    url.only("keys", "lamps", "stable_ms")
    keys = _pins(url, "keys")
    lamps = _pins(url, "lamps") if url.options.get("lamps") else ()
    if lamps and len(lamps) != len(keys):
        raise url.wrong(
            f"{len(keys)} 个按键要配 {len(keys)} 个灯，或不写 lamps=",
            f"{len(keys)} keys need {len(keys)} lamps or none, not {len(lamps)}",
        )
    pins = keys + lamps
    for pin in sorted(pins):
        if pins.count(pin) > 1:
            raise url.wrong(f"引脚 GPIO{pin} 写了两次", f"pin GPIO{pin} is named twice")
    stable_ms = url.number("stable_ms", round(PRESS_S * 1000), 1, 100)
    return GpioAddress(keys, lamps, stable_ms / 1000)


def _pins(url: DeviceUrl, name: str) -> tuple[int, ...]:
    return _numbers(url, name, PINS, "GPIO 引脚号", "a GPIO number")


def _modbus(url: DeviceUrl) -> ModbusPadAddress:
    url.only(*UNIT_OPTIONS, "keys", "lamps", "count", "idle")
    count = url.number("count", 4, KEYS.start, KEYS.stop - 1)
    most = 0x10000 - count
    has_lamps = url.options.get("lamps") != "none"
    return ModbusPadAddress(
        parse_unit(url),
        url.number("keys", 0, 0, most),
        url.number("lamps", 0, 0, most) if has_lamps else None,
        count,
        _seconds(url, "idle", CALM_S, LEAST_IDLE_S, MOST_IDLE_S),
    )


def _box(url: DeviceUrl) -> BoxAddress:
    url.only(*(("baud",) if url.scheme == "serial" else ()), "table", "line")
    table, line = url.options.get("table", ""), url.options.get("line", "")
    if bool(table) == bool(line):
        raise url.wrong(
            "要写 table=码表名 或 line=文本规则名，二者之一",
            "write either table= (a byte table) or line= (a line pattern) of hall.toml",
        )
    if url.scheme == "tcp":
        host, port = url.address(4001)
        return BoxAddress(f"tcp://{host}:{port}", table, line)
    return BoxAddress(f"serial://{url.device_path()}?baud={url.baud(9600)}", table, line)


def _hid(url: DeviceUrl) -> HidAddress:
    url.only("keys", "digits", "led")
    path = keyboard_path(url)
    if ("keys" in url.options) == ("digits" in url.options):
        raise url.wrong(
            "要写 keys=扫描码 或 digits=数字，二者之一", "write either keys= (scancodes) or digits="
        )
    led = url.number("led", 0, 0, 15) if "led" in url.options else None
    if "keys" in url.options:
        codes = _numbers(url, "keys", CODES, "扫描码", "a scancode")
        if len(set(codes)) != len(codes):
            raise url.wrong("keys= 里有重复的扫描码", "a scancode is named twice in keys=")
        return HidAddress(path, tuple((code,) for code in codes), led)
    digits = url.options["digits"]
    if not set(digits) <= ROW_DIGITS.keys() or len(set(digits)) != len(digits) or len(digits) not in KEYS:
        raise url.wrong(
            "digits= 写 2 到 8 个不同的数字，例如 digits=1234", "digits= has 2 to 8 different digits"
        )
    return HidAddress(path, tuple((ROW_DIGITS[digit], PAD_DIGITS[digit]) for digit in digits), led)


def _seconds(url: DeviceUrl, name: str, default: float, low: float, high: float) -> float:
    """Seconds of an option within bounds, with at most three digits after the point."""
    text = url.options.get(name)
    if text is None:
        return default
    # float() alone would take "1e0", "1_0", "nan" and digits of other scripts.
    value = float(text) if re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,3})?", text) else None
    if value is None or not low <= value <= high:
        raise url.wrong(
            f"{name} 要写 {low:g} 到 {high:g} 的秒数",
            f"{name} is a number of seconds from {low:g} to {high:g}",
        )
    return value


def _numbers(url: DeviceUrl, name: str, allowed: range, what_zh: str, what_en: str) -> tuple[int, ...]:
    """Two to eight numbers of an option, joined by commas."""
    if name not in url.options:
        raise url.wrong(f"缺少 {name}=", f"{name}= is missing")
    found: list[int] = []
    for word in url.options[name].split(","):
        number = plain_number(word.strip())
        if number is None or number not in allowed:
            low, high = allowed.start, allowed.stop - 1
            raise url.wrong(
                f"{name}= 里的 {word!r} 不是 {low} 到 {high} 的{what_zh}",
                f"{name}= has {word!r}, not {what_en} {low}-{high}",
            )
        found.append(number)
    if len(found) not in KEYS:
        least, most = KEYS.start, KEYS.stop - 1
        raise url.wrong(
            f"{name}= 要写 {least} 到 {most} 个，不是 {len(found)} 个",
            f"{name}= needs {least} to {most} of them, not {len(found)}",
        )
    return tuple(found)


parse_address = parse_gpio
"""The name from when every pad was on GPIO."""
