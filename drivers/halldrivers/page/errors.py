"""What can go wrong with the work on a page. The original is not lost by any of it."""

from __future__ import annotations

from halldrivers.errors import Actor, DeviceError


class PageTimeout(DeviceError, TimeoutError):
    """Raised when the page process did not end in time and was killed."""

    code = "F-11"
    what_zh = "处理页面超时"
    what_en = "the work on the page took too long"
    who = Actor.CLERK
    remedy_zh = "再拍一次；经常出现请联系技术员"
    remedy_en = "take the page again; if it happens often, call the technician"


class PageCrashed(DeviceError, RuntimeError):
    """Raised when the page process ended without an answer, or with one that makes no sense."""

    code = "F-12"
    what_zh = "处理页面的程序出错"
    what_en = "the page process failed"
    who = Actor.VENDOR
    remedy_zh = "再拍一次；反复出现请把日志发给开发者"
    remedy_en = "take the page again; if it comes back, send the log to the developers"


class PageTooBig(DeviceError, MemoryError):
    """Raised when the work on a page needs more memory than it may have."""

    code = "F-13"
    what_zh = "页面太大，内存不够"
    what_en = "the page needs more memory than allowed"
    who = Actor.TECHNICIAN
    remedy_zh = "在 hall.toml 里减小摄像头的 size="
    remedy_en = "set a smaller size= for the camera in hall.toml"


class PictureUnreadable(DeviceError, ValueError):
    """Raised when the picture is no JPEG, is damaged, or has more pixels than any camera delivers."""

    code = "F-14"
    what_zh = "图片无法读取或已损坏"
    what_en = "the picture cannot be read or is damaged"
    who = Actor.CLERK
    remedy_zh = "再拍一次；经常出现请技术员检查 USB 线"
    remedy_en = "take the page again; if it happens often, a technician should check the USB cable"


TOLD = {error.code: error for error in (PageTooBig, PictureUnreadable)}
"""Errors that the page process itself tells, by their code."""
