"""What can be wrong with an RS-485 line and the units on it, in words that a person can act on."""

from __future__ import annotations

from halldrivers.errors import Actor, DeviceError, DeviceTimeout, PortAbsent


class LineAbsent(PortAbsent):
    """Raised when the adapter or gateway of a line is not there, or went away."""

    code = "M-01"
    what_zh = "找不到 RS-485 转换器"
    what_en = "the RS-485 adapter is not there"
    who = Actor.CLERK
    remedy_zh = "看看 RS-485 转换器（或串口服务器）是否插好、通电，接好后自动恢复；仍不行请技术员核对设备地址"
    remedy_en = (
        "see that the RS-485 adapter (or serial server) is plugged in and powered; it recovers by itself; "
        "otherwise a technician must check its address"
    )


class UnitSilent(DeviceTimeout):
    """Raised when a unit does not answer in time; the others on its line go on working."""

    code = "M-02"
    what_zh = "总线上的设备没有应答"
    what_en = "a unit on the RS-485 line does not answer"
    who = Actor.CLERK
    remedy_zh = "检查这台设备的电源和插头，接好后自动恢复；仍无应答请技术员查 A/B 线、站号和波特率"
    remedy_en = (
        "check this unit's power and plug; it recovers by itself; otherwise a technician must check "
        "the wires A and B, the unit number and the speed"
    )


class UnitRefused(DeviceError, OSError):
    """Raised when a unit answers with a Modbus exception: it lives, but has not what it was asked for."""

    code = "M-03"
    what_zh = "总线上的设备拒绝了命令"
    what_en = "a unit on the RS-485 line refuses a command"
    who = Actor.TECHNICIAN
    remedy_zh = "对照设备说明书核对 hall.toml 里的 keys=、lamps= 等寄存器地址和按键数"
    remedy_en = "compare the addresses in hall.toml (keys=, lamps=, count=) with the unit's manual"

    def __init__(self, detail: str = "", exception: int = 0) -> None:
        super().__init__(detail)
        self.exception = exception
        """The exception code of the Modbus specification: 1 no such function, 2 no such address, …"""


class UnitGarbled(DeviceError, OSError):
    """Raised when bytes come that are no answer to what was asked: damaged, or from another unit."""

    code = "M-04"
    what_zh = "总线上的应答是乱码"
    what_en = "the answers on the RS-485 line are damaged"
    who = Actor.TECHNICIAN
    remedy_zh = "检查 A/B 是否接反、两端 120 Ω 终端电阻、波特率，以及是否有两台设备用了同一个站号"
    remedy_en = (
        "check that A and B are not swapped, the 120 ohm terminators at both ends, the speed, "
        "and that no two units have the same number"
    )


class UnitTaken(DeviceError, ValueError):
    """Raised when a unit is opened twice, or one line with two settings."""

    code = "M-05"
    what_zh = "总线站号或线路设置冲突"
    what_en = "a unit number or a line's settings are used twice"
    who = Actor.TECHNICIAN
    remedy_zh = "在 hall.toml 里给每台设备不同的 unit=，同一条线写同样的 baud= 和 framing="
    remedy_en = (
        "give each device its own unit= in hall.toml, and one line the same baud= and framing= everywhere"
    )
