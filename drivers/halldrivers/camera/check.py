"""The three health checks of a document camera; the interactive one makes a page as production does.

The process that holds the camera checks it with :func:`held_camera_checker`; where nobody holds it,
:func:`camera_checker` does. Nothing of a picture is told or kept but sizes and verdicts: a technician need
not see a citizen's page.
"""

from __future__ import annotations

import importlib.util
import os
import stat
import threading
import time
from collections.abc import Callable

from halldrivers.camera.address import CameraAddress, CameraKind
from halldrivers.camera.camera import Camera
from halldrivers.camera.driver import CameraState
from halldrivers.camera.errors import NoFrame, NotACamera
from halldrivers.camera.frame import FrameSource
from halldrivers.camera.mjpeg import measure
from halldrivers.camera.source import source_for
from halldrivers.check import Checker, CheckLevel, Finding, Tell, Verdict, ask, failed, passed, unknown
from halldrivers.counters import Counters
from halldrivers.errors import DeviceError, DeviceState, PortAbsent, PortDenied
from halldrivers.fdport import open_failure
from halldrivers.page.result import Found, PageReport
from halldrivers.page.work import PageWork

ASK_S = 60.0
"""How long a person has to lay a good page down."""
PAUSE_S = 1.0
"""Between two looks at what lies there."""
FIRST_WORD_S = 15.0
"""For a camera to be found, or missed three times."""

SourceMaker = Callable[[CameraAddress, Counters], FrameSource]


def camera_checker(
    address: CameraAddress,
    *,
    work: PageWork | None = None,
    source: SourceMaker = source_for,
    ask_s: float = ASK_S,
    mono_s: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Checker:
    """The checker of a camera that nobody holds."""

    def check(level: CheckLevel, tell: Tell) -> None:
        if level is CheckLevel.INTERNAL:
            _internal_or_failed(address, tell)
            return
        told, counters = threading.Event(), Counters()
        with Camera(
            "camera check",
            address,
            on_status=lambda status: told.set(),
            counters=counters,
            source=source(address, counters),
        ) as camera:
            told.wait(FIRST_WORD_S)
            held_camera_checker(camera, work=work, ask_s=ask_s, mono_s=mono_s, sleep=sleep)(level, tell)

    return check


def held_camera_checker(
    camera: Camera,
    *,
    work: PageWork | None = None,
    ask_s: float = ASK_S,
    mono_s: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Checker:
    """The checker of a camera that this process holds."""

    def check(level: CheckLevel, tell: Tell) -> None:
        if level is CheckLevel.INTERNAL:
            _internal_or_failed(camera.address, tell)
            return
        status = camera.status
        if status.state is not DeviceState.ONLINE:
            zh, en = "摄像头还没有消息", "nothing is known of the camera yet"
            fault = status.fault
            tell(Finding(Verdict.FAILED, fault.what_zh, fault.what_en, fault) if fault else unknown(zh, en))
            return
        try:
            if level is CheckLevel.EXTERNAL:
                _external(camera, tell)
            elif camera.state is CameraState.PREVIEW:
                tell(unknown("正在为群众拍摄，稍后再试", "it is in use by a citizen: try again later"))
            else:
                _interactive(camera, work or PageWork(), tell, ask_s, mono_s, sleep)
        except DeviceError as error:
            tell(failed(error))

    return check


def _internal_or_failed(address: CameraAddress, tell: Tell) -> None:
    try:
        _internal(address, tell)
    except DeviceError as error:
        tell(failed(error))


def _internal(address: CameraAddress, tell: Tell) -> None:
    try:
        mode = os.stat(address.path).st_mode
    except OSError as error:
        raise open_failure(error, address.path) from error
    if address.kind is CameraKind.FOLDER:
        if not stat.S_ISDIR(mode):
            raise PortAbsent(f"{address.path}: not a folder", f"{address.path}：不是文件夹")
        needed = os.R_OK | os.X_OK
    else:
        if not stat.S_ISCHR(mode):
            raise NotACamera(address.path)
        needed = os.R_OK | os.W_OK
    if not os.access(address.path, needed):
        raise PortDenied(address.path)
    tell(passed(f"{address.path} 存在且有权限", f"{address.path} is there and usable"))
    if importlib.util.find_spec("cv2") is None:
        tell(
            unknown(
                "没有安装页面识别组件，页面不会自动裁剪",
                "page finding is not installed (extra 'pages'): pages are not cut out",
            )
        )
    else:
        tell(passed("页面识别组件已安装", "page finding is installed"))


def _external(camera: Camera, tell: Tell) -> None:
    try:
        shot = camera.capture()
    except NoFrame:
        if camera.address.kind is CameraKind.V4L2:
            raise
        tell(unknown("文件夹能读，还没有图片", "the folder can be read; there is no picture in it yet"))
        return
    size, kilobytes = f"{shot.width}x{shot.height}", len(shot.jpeg) // 1024
    tell(passed(f"收到一帧完整画面：{size}，{kilobytes} KB", f"a whole frame came: {size}, {kilobytes} KB"))
    if measure(shot.jpeg).missing:
        tell(
            passed("画面不带解码表，由本机补上", "frames come without Huffman tables, which are put in here")
        )
    warning = camera.status.fault
    if warning is not None:
        tell(Finding(Verdict.UNKNOWN, warning.what_zh, warning.what_en, warning))


def _interactive(
    camera: Camera,
    work: PageWork,
    tell: Tell,
    ask_s: float,
    mono_s: Callable[[], float],
    sleep: Callable[[float], None],
) -> None:
    tell(ask("请在镜头下放一张有字的纸", "lay a page with text under the camera"))
    said = ""
    end_s = mono_s() + ask_s
    while mono_s() < end_s:
        try:
            report = work.make(camera.capture().jpeg).report
        except NoFrame:
            if camera.address.kind is CameraKind.V4L2:
                raise
        else:
            if report.is_accepted:
                tell(_accepted(report))
                return
            first = report.refusals[0]
            if first.zh != said:
                said = first.zh
                tell(ask(first.zh, first.en))
        sleep(PAUSE_S)
    tell(unknown("没有等到合格的页面", "no page that could be kept was laid down in time"))


_FOUND_ZH = {Found.CROPPED: "已裁剪", Found.ROTATED: "已摆正，未裁剪", Found.WHOLE: "整幅"}


def _accepted(report: PageReport) -> Finding:
    size = f"{report.dpi} dpi" if report.dpi else f"{report.width}x{report.height}"
    zh = " ".join(filter(None, (f"页面合格：{_FOUND_ZH[report.found]}", report.paper, size)))
    en = " ".join(filter(None, (f"the page is good: {report.found}", report.paper, size)))
    for warning in report.warnings:
        zh, en = f"{zh}；{warning.zh}", f"{en}; {warning.en}"
    return passed(zh, en)
