"""What can go wrong when a printer is enrolled, or when its file is read again."""

from __future__ import annotations

from halldrivers.errors import Actor, DeviceError


class SlipUnreadable(DeviceError, ValueError):
    """Raised when nothing on the test slip could be read, so that nothing can be said of the printer."""

    code = "P-31"
    what_zh = "登记用的测试条看不清"
    what_en = "nothing on the test slip can be read"
    who = Actor.TECHNICIAN
    remedy_zh = "检查热敏纸是否装反、打印头是否脏，串口打印机核对波特率，再登记一次"
    remedy_en = (
        "check that the paper is not the wrong way round, clean the head, check the baud rate, try again"
    )


class BadAnswer(DeviceError, ValueError):
    """Raised when an answer about the slip is none of those that can be given."""

    code = "P-32"
    what_zh = "回答不在可选的范围内"
    what_en = "this answer cannot be given"
    who = Actor.TECHNICIAN
    remedy_zh = "看着测试条重新回答"
    remedy_en = "look at the slip and answer again"


class ProfileMissing(DeviceError, FileNotFoundError):
    """Raised when there is no file of that printer."""

    code = "P-33"
    what_zh = "找不到打印机的登记文件"
    what_en = "there is no file of an enrolled printer"
    who = Actor.TECHNICIAN
    remedy_zh = '登记这台打印机，或在 hall.toml 的 [printing] 里写现成的型号，例如 profile = "generic-80"'
    remedy_en = (
        'enrol the printer, or write a ready-made profile in hall.toml, for example profile = "generic-80"'
    )


class ProfileBroken(DeviceError, ValueError):
    """Raised when a printer's file cannot be understood."""

    code = "P-34"
    what_zh = "打印机的登记文件损坏"
    what_en = "the file of the enrolled printer is damaged"
    who = Actor.TECHNICIAN
    remedy_zh = "删除这个文件，重新登记打印机"
    remedy_en = "delete the file and enrol the printer again"


class ProfileNewer(DeviceError, ValueError):
    """Raised when a printer's file was written by a newer version of this program."""

    code = "P-35"
    what_zh = "打印机的登记文件是新版本写的"
    what_en = "the file of the enrolled printer was written by a newer version"
    who = Actor.TECHNICIAN
    remedy_zh = "升级本程序，或重新登记打印机"
    remedy_en = "update this program, or enrol the printer again"


class ProfileNotSaved(DeviceError, OSError):
    """Raised when a printer's file cannot be written or read for a reason of the machine."""

    code = "P-36"
    what_zh = "不能读写打印机的登记文件"
    what_en = "the file of the enrolled printer cannot be read or written"
    who = Actor.TECHNICIAN
    remedy_zh = "检查磁盘空间和文件夹权限"
    remedy_en = "check the disk's space and the folder's rights"
