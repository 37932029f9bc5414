"""What can be wrong with an ID-card reader, in words that a person can act on (codes I-01 to I-08).

What a citizen must do (re-place the card, take it away) is no fault of the reader: see :mod:`.trouble`.
Details never contain what a card says.
"""

from __future__ import annotations

from halldrivers.errors import Actor, DeviceError, DeviceTimeout


class ReaderSilent(DeviceTimeout):
    """Raised when no reader answers, at any of the line speeds that were tried."""

    code = "I-01"
    what_zh = "身份证读卡器没有应答"
    what_en = "the ID-card reader does not answer"
    who = Actor.TECHNICIAN
    remedy_zh = (
        "看读卡器电源灯，拔下接线十秒再插；仍无应答时把地址写成 baud=auto，或核对 frames=sam / frames=stx"
    )
    remedy_en = (
        "look at its power light and unplug it for ten seconds; if it stays silent, write baud=auto in its "
        "URL, or check frames=sam against frames=stx"
    )


class SelfTestFailed(DeviceError, OSError):
    """Raised when the reader's security module says that its self-test failed (SW3 = 60)."""

    code = "I-02"
    what_zh = "身份证读卡器自检失败"
    what_en = "the ID-card reader's security module failed its self-test"
    who = Actor.TECHNICIAN
    remedy_zh = "拔下读卡器电源十秒再插；仍报错请联系厂家更换安全模块（SAM）"
    remedy_en = "unplug the reader for ten seconds; if it stays, the vendor must replace its security module"


class Unlicensed(DeviceError, PermissionError):
    """Raised when the reader's security module is not licensed (SW3 = 66)."""

    code = "I-03"
    what_zh = "身份证读卡器未经授权，不能使用"
    what_en = "the ID-card reader's security module is not authorised"
    who = Actor.VENDOR
    remedy_zh = "联系厂家为安全模块（SAM）授权，报修时提供 hall test 显示的模块编号"
    remedy_en = "the vendor must authorise its security module; quote the module id that hall test shows"


class ReaderConfused(DeviceError, RuntimeError):
    """Raised when the reader refuses what it should do, and resetting it did not help."""

    code = "I-04"
    what_zh = "身份证读卡器拒绝执行命令"
    what_en = "the ID-card reader refuses a command"
    who = Actor.TECHNICIAN
    remedy_zh = "拔下读卡器电源十秒再插；反复出现请记下括号里的状态码并联系厂家"
    remedy_en = (
        "unplug the reader for ten seconds; if it comes back, call the vendor with the status word shown"
    )


class LineDamaged(DeviceError, OSError):
    """Raised when frames arrive damaged, there or here, also when they are sent again."""

    code = "I-05"
    what_zh = "与身份证读卡器之间的数据反复出错"
    what_en = "data to or from the ID-card reader is damaged again and again"
    who = Actor.TECHNICIAN
    remedy_zh = "检查串口线和接地，远离电源线；核对波特率，或写 baud=auto"
    remedy_en = (
        "check the serial cable and its ground, away from mains; check the line speed, or write baud=auto"
    )


class RadioFailed(DeviceError, OSError):
    """Raised when a multi-function reader cannot switch its radio on, or its card module is mute."""

    code = "I-06"
    what_zh = "身份证读卡器的射频模块故障"
    what_en = "the ID-card reader's radio module failed"
    who = Actor.TECHNICIAN
    remedy_zh = "拔下读卡器电源十秒再插；仍报错请联系厂家"
    remedy_en = "unplug the reader for ten seconds; if it stays, call the vendor"


class BaudNotChanged(DeviceError, RuntimeError):
    """Raised when the line speed of the reader was to be changed and was not."""

    code = "I-07"
    what_zh = "读卡器的波特率没有改成"
    what_en = "the reader's line speed was not changed"
    who = Actor.TECHNICIAN
    remedy_zh = "只有串口上的 SAM 读卡器能改波特率：115200、57600、38400、19200、9600"
    remedy_en = "only a SAM reader on a serial line can change it: 115200, 57600, 38400, 19200, 9600"


class TextUnreadable(DeviceError, ValueError):
    """Raised when a reader's answer is whole, but its content has no form that is known."""

    code = "I-08"
    what_zh = "读卡器给出的内容格式无法识别"
    what_en = "the content that the reader gave has no known form"
    who = Actor.VENDOR
    remedy_zh = "换一张卡试试；每张卡都这样，请把读卡器型号和 hall test 的结果发给开发者"
    remedy_en = "try another card; if none works, send the reader's model and the result of hall test"
