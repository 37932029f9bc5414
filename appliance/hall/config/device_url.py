"""Reads device URLs as far as a configuration needs: are they right, and which ports do they take.

The drivers open them; here only the identity of the port matters, because two devices on one port are
a mistake that otherwise shows as garbage on both.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qs, urlsplit

PRINTER_EXAMPLE = "tcp://192.168.1.87:9100"
PAD_EXAMPLE = "gpio://?keys=5,6,13,19&lamps=16,20,21,26"

_BAUDS = frozenset({1200, 2400, 4800, 9600, 19_200, 38_400, 57_600, 115_200, 230_400})
_PINS = range(2, 28)
"""BCM numbers of the 40-pin header; 0 and 1 belong to the EEPROM of expansion boards."""


@dataclass(frozen=True, slots=True)
class Port:
    """The ports that one device takes, named as a technician would look for them."""

    claims: tuple[str, ...]


class UrlWrong(ValueError):
    """A device URL that cannot be used, in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        self.zh, self.en = zh, en
        super().__init__(en)


def printer_port(url: str) -> Port:
    """The port of a ticket printer; raises :class:`UrlWrong`."""
    parts = _split(url)
    match parts.scheme:
        case "tcp":
            return _tcp(parts)
        case "serial":
            return _serial(parts)
        case "lp":
            return _character_device(parts)
    raise UrlWrong(
        "打印机只接受 tcp://、serial:// 或 lp:// 开头", "a printer's begins with tcp://, serial:// or lp://"
    )


def pad_port(url: str) -> Port:
    """The pins of a rating pad; raises :class:`UrlWrong`."""
    parts = _split(url)
    if parts.scheme != "gpio":
        raise UrlWrong("评价器只接受 gpio:// 开头", "a pad's begins with gpio://")
    if parts.netloc or parts.path:
        raise UrlWrong("gpio:// 后面直接写 ?keys=…&lamps=…", "only ?keys=…&lamps=… follows gpio://")
    options = _options(parts, {"keys", "lamps", "stable_ms"})
    pins = _four_pins("keys", options.get("keys", ""))
    if "lamps" in options:
        pins += _four_pins("lamps", options["lamps"])
    stable_ms = options.get("stable_ms", "8")
    if not (stable_ms.isascii() and stable_ms.isdigit() and 1 <= int(stable_ms) <= 100):
        raise UrlWrong("stable_ms 是 1 到 100 毫秒", "stable_ms is 1 to 100 milliseconds")
    for pin in pins:
        if pin not in _PINS:
            raise UrlWrong(f"没有引脚 GPIO{pin}", f"there is no pin GPIO{pin}")
        if pins.count(pin) > 1:
            raise UrlWrong(f"引脚 GPIO{pin} 写了两次", f"pin GPIO{pin} is written twice")
    return Port(tuple(f"GPIO{pin}" for pin in pins))


def _four_pins(name: str, text: str) -> list[int]:
    texts = text.split(",")
    if len(texts) != 4 or not all(text.isascii() and text.isdigit() for text in texts):
        raise UrlWrong(f"{name} 要四个引脚号", f"{name} takes four pin numbers")
    return [int(text) for text in texts]


def _split(url: str) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError as error:
        raise UrlWrong("地址写错了", str(error)) from error


def _options(parts: SplitResult, allowed: set[str]) -> dict[str, str]:
    try:
        found = parse_qs(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query))
    except ValueError as error:
        raise UrlWrong("问号后面要写成 名=值&名=值", "write name=value&name=value after ?") from error
    for name, values in found.items():
        if name not in allowed:
            raise UrlWrong(f"不认识的选项 {name}", f"unknown option {name}")
        if len(values) > 1:
            raise UrlWrong(f"选项 {name} 写了两次", f"option {name} is written twice")
    return {name: values[0] for name, values in found.items()}


def _tcp(parts: SplitResult) -> Port:
    _options(parts, set())
    if not parts.hostname:
        raise UrlWrong("缺少主机地址", "the host is missing")
    try:
        port = parts.port
    except ValueError as error:
        raise UrlWrong("端口号要写 1 到 65535 的数字", "the port is a number from 1 to 65535") from error
    if not port:
        raise UrlWrong("缺少端口号，打印机一般是 9100", "the port is missing, usually 9100")
    if parts.path.strip("/"):
        raise UrlWrong("端口号后面不能再有内容", "nothing may follow the port")
    return Port((f"{parts.hostname}:{port}",))


def _serial(parts: SplitResult) -> Port:
    baud = _options(parts, {"baud"}).get("baud", "9600")
    if not baud.isascii() or not baud.isdigit() or int(baud) not in _BAUDS:
        raise UrlWrong(f"没有波特率 {baud}", f"there is no baud rate {baud}")
    return Port((_device_path(parts),))


def _character_device(parts: SplitResult) -> Port:
    _options(parts, set())
    return Port((_device_path(parts),))


def _device_path(parts: SplitResult) -> str:
    if parts.netloc:
        raise UrlWrong(
            f"设备路径要三个斜杠：{parts.scheme}:///dev/…",
            f"a device path takes three slashes: {parts.scheme}:///dev/…",
        )
    if not parts.path.startswith("/") or parts.path == "/":
        raise UrlWrong("缺少设备路径", "the device path is missing")
    return parts.path
