"""What can be wrong with callers, in words that a person can act on. K-01 and K-02 are in `evdevport`."""

from __future__ import annotations

from halldrivers.errors import Actor, DeviceError, DeviceTimeout, Fault


class CallerSilent(DeviceTimeout):
    """Raised when a caller that must answer does not."""

    code = "K-03"
    what_zh = "叫号器没有应答"
    what_en = "the caller does not answer"
    who = Actor.CLERK
    remedy_zh = "看叫号器有没有亮、插头有没有松；都正常请技术员核对叫号器地址和 485 线"
    remedy_en = (
        "see whether the caller is lit and its plug is in; if so, a technician checks its address and the "
        "RS-485 line"
    )


class LineNoise(DeviceError, OSError):
    """A line brings bytes that belong to no frame, and no frame between them."""

    code = "K-04"
    what_zh = "叫号器线路上都是乱码"
    what_en = "the callers' line brings nothing but noise"
    who = Actor.TECHNICIAN
    remedy_zh = "核对波特率；A、B 两线是否接反；线的两端各接 120 欧电阻；有没有两个叫号器用同一个地址"
    remedy_en = (
        "check the baud rate, whether A and B are swapped, 120 ohm at both ends of the line, and whether two "
        "callers have the same address"
    )


class BadDialect(DeviceError, ValueError):
    """Raised when a caller dialect of the configuration cannot be understood."""

    code = "K-05"
    what_zh = "叫号器协议表写错了"
    what_en = "the caller dialect is not valid"
    who = Actor.TECHNICIAN
    remedy_zh = "按 docs/wiring.md 改 hall.toml 里的协议表：命令和键码写十六进制，键名写 next、recall 等"
    remedy_en = (
        "correct the dialect in hall.toml as docs/wiring.md shows: commands and key codes in hexadecimal, "
        "names of keys such as next and recall"
    )


NOT_PRESSED = Fault(
    "K-06",
    "还没有人按过叫号器的键",
    "nobody pressed a key of the caller yet",
    Actor.CLERK,
    "按任意功能键一次（例如“重呼”）",
    "press any function key once (such as recall)",
    blocking=False,
)
"""Why a caller that says nothing until a key is pressed is unknown. No trouble; gone with the first key."""
