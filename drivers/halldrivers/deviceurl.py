"""Device URLs: taken apart once, checked with the fix in both languages, and the ports that they claim.

Every device of the configuration is named by a URL, so that a simulator, a real port and a network bridge
differ by one line. What a device's own part of the URL means is its address module's business; here is what
they share: options, device paths, hosts, and the claims by which a configuration finds two devices on one
port.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qsl, urlsplit

from halldrivers.errors import BadUrl

BAUDS = (1200, 2400, 4800, 9600, 19_200, 38_400, 57_600, 115_200, 230_400)
"""Line speeds that devices of a hall are sold with."""


@dataclass(frozen=True, slots=True)
class Claims:
    """What a device takes for itself, named as a technician would look for it."""

    own: tuple[str, ...]
    """Nobody else may claim these: ``/dev/hall/printer``, ``GPIO5``, ``/dev/hall/pads#3``."""
    line: str = ""
    """A line that it shares with others of its kind: ``/dev/hall/pads``."""
    line_kind: str = ""
    """Who may share it: all must say the same (``modbus pads at 9600 baud``)."""


@dataclass(frozen=True, slots=True)
class DeviceUrl:
    """A URL taken apart; its methods raise BadUrl with the fix."""

    text: str
    scheme: str
    host: str
    port: int
    """0 where none is written."""
    path: str
    options: Mapping[str, str]

    def wrong(self, zh: str, en: str) -> BadUrl:
        """The error that says what is wrong with this URL."""
        return BadUrl(f"{self.text}: {en}", f"{self.text}：{zh}", why_zh=zh, why_en=en)

    def only(self, *allowed: str) -> None:
        """Refuse options that the device does not know."""
        for name in self.options:
            if name not in allowed:
                known = ", ".join(allowed)
                raise self.wrong(
                    f"不认识的选项 {name}（可用：{known or '无'}）",
                    f"unknown option {name} (known here: {known or 'none'})",
                )

    def number(self, name: str, default: int, low: int, high: int) -> int:
        """A whole number of an option within bounds."""
        text = self.options.get(name)
        if text is None:
            return default
        value = plain_number(text)
        if value is None or not low <= value <= high:
            raise self.wrong(
                f"{name} 要写 {low} 到 {high} 的整数", f"{name} is a number from {low} to {high}"
            )
        return value

    def choice(self, name: str, default: str, allowed: Collection[str]) -> str:
        """One word of a set."""
        value = self.options.get(name, default)
        if value not in allowed:
            listed = ", ".join(sorted(allowed))
            raise self.wrong(f"{name} 可用：{listed}", f"{name} is one of: {listed}")
        return value

    def baud(self, default: int) -> int:
        """The line speed."""
        text = self.options.get("baud", str(default))
        value = plain_number(text)
        if value not in BAUDS:
            raise self.wrong(
                f"没有波特率 {text}，例如 baud=9600", f"there is no baud rate {text}, write baud=9600"
            )
        return value

    def device_path(self) -> str:
        """The absolute path of a device node."""
        if self.host or not self.path.startswith("/") or self.path == "/":
            raise self.wrong(
                f"设备路径要写全，三个斜杠：{self.scheme}:///dev/…",
                f"the device path must be absolute, write {self.scheme}:///dev/… with three slashes",
            )
        return self.path

    def address(self, usual_port: int) -> tuple[str, int]:
        """Host and port of a network device."""
        if not self.host:
            raise self.wrong(
                f"缺少主机地址，例如 {self.scheme}://10.0.0.7:{usual_port}",
                f"the host is missing, write {self.scheme}://10.0.0.7:{usual_port}",
            )
        if not self.port:
            raise self.wrong(
                f"缺少端口号，例如 {self.scheme}://{self.host}:{usual_port}",
                f"the port is missing, write {self.scheme}://{self.host}:{usual_port}",
            )
        if self.path.strip("/"):
            raise self.wrong("端口号后面不能再有内容", "nothing may follow the port")
        return self.host, self.port


def plain_number(text: str) -> int | None:
    """The number, or None: int() alone would take ``+5``, ``5_0`` and digits of other scripts."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None


def split_url(text: str, *schemes: str) -> DeviceUrl:
    """Take a URL apart; BadUrl when it is none or has another scheme than the ones given."""
    blank = DeviceUrl(text, "", "", 0, "", {})
    try:
        parts = urlsplit(text)
    except ValueError as error:
        raise blank.wrong("地址里的方括号不成对", str(error)) from error
    try:
        port = parts.port
    except ValueError as error:
        raise blank.wrong("端口号要写 1 到 65535 的数字", "the port is a number from 1 to 65535") from error
    if parts.scheme not in schemes:
        listed = ", ".join(f"{scheme}://" for scheme in schemes)
        raise blank.wrong(f"要以 {listed} 开头", f"it must begin with {listed}")
    if parts.fragment or parts.username or parts.password:
        raise blank.wrong("地址里不能有 # 或 @", "a device URL has no # and no @")
    return DeviceUrl(text, parts.scheme, parts.hostname or "", port or 0, parts.path, _options(blank, parts))


def _options(url: DeviceUrl, parts: SplitResult) -> dict[str, str]:
    try:
        pairs = parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query))
    except ValueError as error:
        raise url.wrong("问号后面要写成 名=值&名=值", "after ? write name=value joined by &") from error
    options: dict[str, str] = {}
    for name, value in pairs:
        if name in options:
            raise url.wrong(f"选项 {name} 写了两次", f"option {name} is written twice")
        options[name] = value
    return options
