"""What can be wrong with a rating pad, in words that a person can act on."""

from __future__ import annotations

from halldrivers.errors import Actor, DeviceError


class BadPadUrl(DeviceError, ValueError):
    """Raised when a pad's URL in the configuration cannot be understood."""

    code = "D-30"
    what_zh = "评价器地址写错了"
    what_en = "the rating pad's URL is not valid"
    who = Actor.TECHNICIAN
    remedy_zh = "改 hall.toml 里的地址，例如 gpio://?keys=5,6,13,19&lamps=16,20,21,26"
    remedy_en = "correct the URL in hall.toml, for example gpio://?keys=5,6,13,19&lamps=16,20,21,26"


class GpioAbsent(DeviceError, OSError):
    """Raised when this machine has no usable GPIO, or its library is not installed."""

    code = "D-31"
    what_zh = "这台机器没有可用的 GPIO"
    what_en = "this machine has no usable GPIO"
    who = Actor.TECHNICIAN
    remedy_zh = "在树莓派上安装 python3-lgpio，把运行用户加入 gpio 组；没有 GPIO 的机器请从 [pads] 里去掉它"
    remedy_en = (
        "on a Raspberry Pi install python3-lgpio and add the service user to group gpio; "
        "elsewhere leave the pad out of [pads]"
    )


class PinTaken(DeviceError, OSError):
    """Raised when a pin of the pad is in use by something else."""

    code = "D-32"
    what_zh = "评价器的 GPIO 引脚被占用"
    what_en = "a GPIO pin of the rating pad is in use"
    who = Actor.TECHNICIAN
    remedy_zh = "检查 hall.toml 里引脚是否重复，或停掉占用引脚的程序"
    remedy_en = "look for the same pin twice in hall.toml, or stop the program that holds it"


class PadGone(DeviceError, OSError):
    """Raised when pins that worked stop working."""

    code = "D-33"
    what_zh = "评价器失去响应"
    what_en = "the rating pad stopped working"
    who = Actor.TECHNICIAN
    remedy_zh = "检查接线；会自动重新连接，仍不行请重启评价服务"
    remedy_en = "check the wiring; it reconnects by itself, otherwise restart the evaluator service"


class KeyStuck(DeviceError, OSError):
    """A key has been down for so long that no finger does it; the other keys go on working."""

    code = "D-34"
    what_zh = "评价器按键卡住"
    what_en = "a key of the rating pad is stuck"
    who = Actor.CLERK
    remedy_zh = "看看按键上有没有压着东西，松开后自动恢复；仍卡住请联系技术员"
    remedy_en = (
        "look for something lying on the key; it recovers when released, otherwise call the technician"
    )
