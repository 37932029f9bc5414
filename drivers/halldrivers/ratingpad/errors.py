"""What can be wrong with a rating pad, in words that a person can act on."""

from __future__ import annotations

from halldrivers.errors import Actor, DeviceError


class GpioAbsent(DeviceError, OSError):
    """Raised when this machine has no usable GPIO, or its library is not installed."""

    code = "D-31"
    what_zh = "这台机器没有可用的 GPIO"
    what_en = "this machine has no usable GPIO"
    who = Actor.TECHNICIAN
    remedy_zh = (
        "在树莓派上安装 python3-lgpio，把运行用户加入 gpio 组，LG_WD 指向可写的目录；"
        "没有 GPIO 的机器请从 [pads] 里去掉它"
    )
    remedy_en = (
        "on a Raspberry Pi install python3-lgpio, add the service user to group gpio and let LG_WD name a "
        "folder that it may write; elsewhere leave the pad out of [pads]"
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


class BadPadTable(DeviceError, ValueError):
    """Raised when a table of byte patterns cannot tell the keys apart."""

    code = "E-01"
    what_zh = "评价器的字节码表写错了"
    what_en = "the byte table of a rating pad is not valid"
    who = Actor.TECHNICIAN
    remedy_zh = '按说明书逐键写十六进制字节，不定的字节写 ..，例如 1 = "AA 01 01 .. 55"'
    remedy_en = (
        'write each key\'s bytes in hex as its manual has them, unknown ones as .., like "AA 01 01 .. 55"'
    )


class BadPadLine(DeviceError, ValueError):
    """Raised when a pattern for text lines cannot be used."""

    code = "E-02"
    what_zh = "评价器的文本规则写错了"
    what_en = "the line pattern of a rating pad is not valid"
    who = Actor.TECHNICIAN
    remedy_zh = "写一个简单的正则表达式，用括号括住键号，例如 K([1-4])"
    remedy_en = "write a simple regular expression with the key in parentheses, like K([1-4])"


class PadFormMissing(DeviceError, ValueError):
    """Raised when a pad's URL names a table or a line pattern that the configuration has not."""

    code = "E-03"
    what_zh = "没有这个名字的评价器码表"
    what_en = "there is no pad table or line pattern of that name"
    who = Actor.TECHNICIAN
    remedy_zh = "在 hall.toml 里加上这个码表，或改正评价器地址里的 table= 或 line="
    remedy_en = "add it to hall.toml, or correct table= or line= in the pad's URL"


class PadUnknownBytes(DeviceError, ValueError):
    """A pad sends what its table or pattern does not know; what it does know goes on working."""

    code = "E-04"
    what_zh = "评价器发来的数据不在码表里"
    what_en = "the rating pad sends what its table does not know"
    who = Actor.TECHNICIAN
    remedy_zh = "核对波特率和码表；收到的字节见说明，可照着写进码表"
    remedy_en = "check the speed and the table; the bytes that came stand here and can be put into it"
