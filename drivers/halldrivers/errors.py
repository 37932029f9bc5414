"""What can be wrong with a device, in words that a person can act on.

Every error and every fault says its code, what happened, who must act and what to do, in Chinese and in
English: the window staff read the Chinese, a technician's ticket quotes the code.

The vocabulary of states follows XFS4IoT and UnifiedPOS, cut down to what one hall needs.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar


class Actor(StrEnum):
    """Who must act before the device works again."""

    CLERK = "clerk"
    TECHNICIAN = "technician"
    VENDOR = "vendor"
    NOBODY = "nobody"

    @property
    def zh(self) -> str:
        """The word that goes on a Chinese screen."""
        return _ACTOR_ZH[self]


_ACTOR_ZH = {
    Actor.CLERK: "办事员",
    Actor.TECHNICIAN: "技术员",
    Actor.VENDOR: "厂家",
    Actor.NOBODY: "自愈",
}


class DeviceState(StrEnum):
    """The state of a device as the whole hall names it; `UNKNOWN` is a state, not a guess."""

    ONLINE = "online"
    OFFLINE = "offline"
    ABSENT = "absent"
    FAULT = "fault"
    BUSY = "busy"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong, as a value that can be shown, stored and sent."""

    code: str
    what_zh: str
    what_en: str
    who: Actor
    remedy_zh: str
    remedy_en: str
    blocking: bool = True
    """False for a warning: the device still works (paper is low)."""


class DeviceError(Exception):
    """Base of everything that goes wrong at a device; catch this one.

    Abstract: a leaf fills the class fields, and inherits the fitting builtin as well.
    """

    code: ClassVar[str]
    what_zh: ClassVar[str]
    what_en: ClassVar[str]
    who: ClassVar[Actor]
    remedy_zh: ClassVar[str]
    remedy_en: ClassVar[str]

    def __init__(self, detail: str = "", detail_zh: str = "") -> None:
        if type(self) is DeviceError:
            raise TypeError("DeviceError is abstract: raise one of its leaves")
        self.detail = detail
        self.detail_zh = detail_zh or detail
        """The detail where it is a sentence; a path or a number is the same in both languages."""
        text = f"{self.code} {self.what_en}"
        super().__init__(f"{text}: {detail}" if detail else text)

    def as_fault(self) -> Fault:
        """The same trouble as a value; the detail (a path, an address) joins the description."""
        zh, en = (f" ({detail})" if detail else "" for detail in (self.detail_zh, self.detail))
        return Fault(
            self.code, self.what_zh + zh, self.what_en + en, self.who, self.remedy_zh, self.remedy_en
        )


class BadUrl(DeviceError, ValueError):
    """Raised when a device URL of the configuration cannot be understood."""

    code = "D-01"
    what_zh = "设备地址写错了"
    what_en = "the device URL is not valid"
    who = Actor.TECHNICIAN
    remedy_zh = "改 hall.toml 里的设备地址，写法见 docs/wiring.md，例如 tcp://10.0.0.7:9100"
    remedy_en = "correct the device URL in hall.toml as docs/wiring.md shows, for example tcp://10.0.0.7:9100"

    def __init__(self, detail: str = "", detail_zh: str = "", *, why_zh: str = "", why_en: str = "") -> None:
        super().__init__(detail, detail_zh)
        self.why_zh, self.why_en = why_zh or self.detail_zh, why_en or detail
        """What is wrong, without the URL itself."""


class PortAbsent(DeviceError, ConnectionError):
    """Raised when nothing answers at the address: no such node, connection refused, no route."""

    code = "D-02"
    what_zh = "找不到设备"
    what_en = "the device is not there"
    who = Actor.CLERK
    remedy_zh = "检查设备电源和连接线；都正常仍找不到，请联系技术员核对设备地址"
    remedy_en = "check the device's power and cable; if both are fine, a technician must check its address"


class PortDenied(DeviceError, PermissionError):
    """Raised when the operating system refuses the device to this user."""

    code = "D-03"
    what_zh = "没有权限使用设备"
    what_en = "no permission to use the device"
    who = Actor.TECHNICIAN
    remedy_zh = "把运行用户加入设备所属的组（lp 或 dialout），或安装本项目的 udev 规则"
    remedy_en = "add the service user to the device's group (lp or dialout), or install the udev rules"


class PortBusy(DeviceError, OSError):
    """Raised when another process holds the device."""

    code = "D-04"
    what_zh = "设备被其他程序占用"
    what_en = "another program holds the device"
    who = Actor.TECHNICIAN
    remedy_zh = "停掉占用设备的程序（常见：CUPS 打印服务、第二个打印进程）"
    remedy_en = "stop the program that holds it (often CUPS, or a second spooler)"


class PortGone(DeviceError, ConnectionError):
    """Raised when an open device goes away: unplugged, switched off, connection reset.

    `accepted` is the number of bytes of the interrupted write that had left already; 0 proves that the
    device saw nothing of it.
    """

    code = "D-05"
    what_zh = "设备断开了"
    what_en = "the device went away"
    who = Actor.CLERK
    remedy_zh = "检查设备电源和连接线，接好后自动恢复"
    remedy_en = "check the device's power and cable; it recovers by itself once connected"

    def __init__(self, detail: str = "", accepted: int = 0) -> None:
        super().__init__(detail)
        self.accepted = accepted


class PortClosed(DeviceError, ValueError):
    """Raised when our own program uses a transport that it has not opened."""

    code = "D-06"
    what_zh = "程序使用了未打开的设备"
    what_en = "the transport is not open"
    who = Actor.VENDOR
    remedy_zh = "这是程序错误，请把日志发给开发者"
    remedy_en = "this is a programming error: send the log to the developers"


class DeviceTimeout(DeviceError, TimeoutError):
    """Raised when a device does not answer in the time that it must."""

    code = "D-07"
    what_zh = "设备没有在规定时间内应答"
    what_en = "the device did not answer in time"
    who = Actor.TECHNICIAN
    remedy_zh = "检查网线、电源和设备地址；能 ping 通仍无应答时重启设备"
    remedy_en = "check cable, power and address; if it answers a ping but not this, restart the device"


class DriverFault(DeviceError, RuntimeError):
    """A device's driver met a program error of its own; its worker goes on and tries again."""

    code = "D-99"
    what_zh = "设备驱动程序出错"
    what_en = "the device's driver met a program error"
    who = Actor.VENDOR
    remedy_zh = "会自动重试；反复出现请把日志发给开发者"
    remedy_en = "it tries again by itself; if it comes back, send the log to the developers"
