"""What can be wrong with a scanner that does answer, in words that a person can act on."""

from __future__ import annotations

from halldrivers.errors import Actor, DeviceError


class NoEnding(DeviceError, ValueError):
    """Codes come without an end: the scanner's suffix is not what the address says."""

    code = "B-01"
    what_zh = "扫码枪读到码但没有发送结束符"
    what_en = "the scanner sends codes without an end"
    who = Actor.TECHNICIAN
    remedy_zh = "用扫码枪说明书里的设置码，把后缀设为回车（CR 或 Enter），或在地址里改 end="
    remedy_en = (
        "set the scanner's suffix to CR (Enter) with the setup code of its manual, "
        "or change end= in its address"
    )


class UselessCodes(DeviceError, ValueError):
    """One code after the other is refused."""

    code = "B-02"
    what_zh = "扫码枪连续发来无法使用的码"
    what_en = "the scanner keeps sending codes that cannot be used"
    who = Actor.TECHNICIAN
    remedy_zh = "核对波特率；扫码枪设为美式键盘（US）、不加前缀；换一张大厅自己打印的小票再试"
    remedy_en = (
        "check the baud rate; set the scanner to US keyboard and no prefix; "
        "try a ticket that this hall printed"
    )


class ScannerFloods(DeviceError, OSError):
    """The scanner sends faster than anybody can hold papers before it."""

    code = "B-03"
    what_zh = "扫码枪不停地发送"
    what_en = "the scanner sends without a pause"
    who = Actor.CLERK
    remedy_zh = "把扫码口前面的东西拿开；一直这样，请技术员把扫码枪设为感应或单次模式"
    remedy_en = (
        "take away what lies before the scanner; if it goes on, a technician sets it to sense or trigger mode"
    )
