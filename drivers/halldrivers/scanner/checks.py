"""The three health checks of a scanner.

internal     programs, backend and names: is it set up here, without touching the scanner
external     the scanner answers, what it can do, and what it says of itself
interactive  one sheet, over the path that production uses

``checker_for`` answers one for a scanner that nobody else works with at that moment: the process that holds
the device runs it in its worker's thread, or ``hall test`` with a scanner of its own.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from halldrivers.check import Checker, CheckLevel, Finding, Tell, Verdict, ask, failed, passed, unknown
from halldrivers.errors import DeviceError
from halldrivers.scanner.address import EsclAddress
from halldrivers.scanner.capabilities import Capabilities
from halldrivers.scanner.errors import ScannerNotListed, ScannerProgramMissing
from halldrivers.scanner.esclstatus import Feeder
from halldrivers.scanner.folderscanner import FolderScanner
from halldrivers.scanner.outcome import ScannedPage, ScanOutcome
from halldrivers.scanner.sanescanner import SaneScanner
from halldrivers.scanner.scanfolder import new_scan_folder, remove_if_empty
from halldrivers.scanner.scanner import Scanner
from halldrivers.scanner.settings import ScanSettings

PATIENCE_S, PAUSE_S = 60.0, 1.0
"""How long a person has to lay the sheet, and how often it is looked for."""
MOST_LISTED = 5
"""Scanners that a finding names."""
ASK_ZH, ASK_EN = (
    "请把一张纸放进扫描仪（进纸器或玻璃板上）",
    "put one sheet into the scanner's feeder or on its glass",
)
ASK_FOLDER_ZH = "请在扫描仪上选“扫描到文件夹”，扫一张"
ASK_FOLDER_EN = "choose scan to folder at the scanner and scan one sheet"

_FEEDER_WORDS = {
    Feeder.LOADED: ("进纸器里有纸", "there is paper in the feeder"),
    Feeder.EMPTY: ("进纸器里没有纸", "the feeder is empty"),
    Feeder.JAMMED: ("进纸器说卡纸", "the feeder says that it is jammed"),
    Feeder.OPEN: ("进纸器说盖子开着", "the feeder says that its cover is open"),
}


def checker_for(
    scanner: Scanner,
    stopped: Callable[[], bool] = lambda: False,
    settings: ScanSettings | None = None,
    *,
    patience_s: float = PATIENCE_S,
    now_s: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Checker:
    """A checker for this scanner; the interactive one scans with its own settings unless others are given.

    It blocks: with a person up to ``patience_s`` for paper, and as long as a page takes.
    """

    def scan_one(wish: ScanSettings) -> ScanOutcome:
        """As soon as there is paper: nobody lays it within the moment that an empty feeder takes."""
        until_s = now_s() + patience_s
        while True:
            outcome = scanner.scan(wish, _throw_away, stopped)
            if not outcome.asks_person or stopped() or now_s() >= until_s:
                return outcome
            sleep(PAUSE_S)

    def check(level: CheckLevel, tell: Tell) -> None:
        try:
            if level is CheckLevel.INTERACTIVE:
                _one_page(scanner, settings, scan_one, tell)
            elif isinstance(scanner, SaneScanner):
                _check_sane(scanner, level, tell)
            elif isinstance(scanner, FolderScanner):
                _check_folder(scanner, level, tell)
        except DeviceError as error:
            tell(failed(error))

    return check


# --- what SANE drives ----------------------------------------------------------------------------


def _check_sane(scanner: SaneScanner, level: CheckLevel, tell: Tell) -> None:
    if level is CheckLevel.INTERNAL:
        _check_room(scanner.work_dir, tell)
        _check_listed(scanner, tell)
    else:
        _with_open(scanner, lambda: _say_abilities(scanner, tell))


def _check_listed(scanner: SaneScanner, tell: Tell) -> None:
    is_network = isinstance(scanner.address, EsclAddress)
    listed = scanner.listed()
    tell(passed("扫描程序已安装", "the scanning programs are installed"))
    names = [found.name for found in listed]
    if scanner.device in names:
        title = next(found.title for found in listed if found.name == scanner.device)
        if is_network:
            tell(
                passed(
                    "无驱动扫描组件 sane-airscan 可用", "sane-airscan, for scanners without driver, is there"
                )
            )
        else:
            tell(passed(f"系统认得这台扫描仪：{title}", f"SANE knows this scanner: {title}"))
    elif is_network:
        tell(failed(ScannerProgramMissing("sane-airscan")))
    else:
        there = ", ".join(names[:MOST_LISTED])
        tell(failed(ScannerNotListed(f"there are: {there or 'none'}", f"现有：{there or '没有'}")))


def _say_abilities(scanner: SaneScanner, tell: Tell) -> None:
    has = scanner.abilities()
    tell(passed(f"扫描仪有应答：{_able_zh(has)}", f"the scanner answers: {_able_en(has)}"))
    for choice in scanner.adaptations():
        tell(
            passed(
                f"它没有 {choice.option}={choice.asked}，改用 {choice.used}",
                f"it lacks {choice.option}={choice.asked} and uses {choice.used}",
            )
        )
    words = _FEEDER_WORDS.get(scanner.feeder())
    if scanner.is_busy:
        tell(unknown("扫描仪正在工作，忙完再查", "the scanner is at work: check again when it is done"))
    if words is None:
        tell(passed("进纸器状态要扫描时才知道", "the feeder's state shows only when it scans"))
    elif scanner.warning is not None:
        tell(Finding(Verdict.FAILED, *words, scanner.warning))
    else:
        tell(passed(*words))


def _able_zh(has: Capabilities) -> str:
    return f"纸源 {_words(has, 'source')}；颜色 {_words(has, 'mode')}；分辨率 {_span(has)}"


def _able_en(has: Capabilities) -> str:
    return f"sources {_words(has, 'source')}; modes {_words(has, 'mode')}; resolutions {_span(has)}"


def _words(has: Capabilities, name: str) -> str:
    return ", ".join(has.choices(name)) or "-"


def _span(has: Capabilities) -> str:
    option = has.options.get("resolution")
    if option is None:
        return "-"
    return ", ".join(option.choices) or f"{option.low or 0:g}-{option.high or 0:g} dpi"


# --- a watched folder ----------------------------------------------------------------------------


def _check_folder(scanner: FolderScanner, level: CheckLevel, tell: Tell) -> None:
    scanner.folder.check()
    if level is CheckLevel.INTERNAL:
        _check_room(scanner.work_dir, tell)
        tell(passed("扫描文件夹存在，可以读写", "the scan folder is there and can be used"))
        if not scanner.shares_disk():
            tell(
                passed(
                    "扫描文件夹和存放扫描件的文件夹不在同一磁盘：逐个复制，慢一些",
                    "the scan folder is on another disk than the pages: files are copied, which is slower",
                )
            )
        return
    waiting = len(scanner.folder.listing())
    if waiting:
        tell(
            unknown(
                f"有 {waiting} 个文件没人要，下次扫描会移到 set-aside",
                f"{waiting} files wait that nobody asked for; the next scan moves them to set-aside",
            )
        )
    else:
        tell(passed("扫描文件夹里没有积压", "nothing waits in the scan folder"))


# --- both ----------------------------------------------------------------------------------------


def _check_room(work_dir: Path, tell: Tell) -> None:
    remove_if_empty(new_scan_folder(work_dir))
    free = shutil.disk_usage(work_dir).free >> 20
    tell(passed(f"扫描件可以存放，剩余 {free} MiB", f"pages can be kept, {free} MiB are free"))


def _one_page(
    scanner: Scanner,
    settings: ScanSettings | None,
    scan_one: Callable[[ScanSettings], ScanOutcome],
    tell: Tell,
) -> None:
    if isinstance(scanner, SaneScanner):
        tell(ask(ASK_ZH, ASK_EN))
        settings = settings or scanner.address.settings
    else:
        tell(ask(ASK_FOLDER_ZH, ASK_FOLDER_EN))
    wish = replace(settings or ScanSettings(), most_pages=1)
    _with_open(scanner, lambda: _say_outcome(scan_one(wish), tell))


def _throw_away(page: ScannedPage) -> None:
    """A test sheet may hold anything: it does not stay."""
    page.path.unlink(missing_ok=True)


def _say_outcome(outcome: ScanOutcome, tell: Tell) -> None:
    for page in outcome.pages:
        size = page.size_bytes // 1024
        tell(
            passed(
                f"扫到一页：{page.media_type}，{size} KiB，已删除",
                f"one page: {page.media_type}, {size} KiB, deleted again",
            )
        )
    if outcome.fault is not None:
        fault = outcome.fault
        tell(Finding(Verdict.FAILED, fault.what_zh, fault.what_en, fault))
    elif not outcome.pages:
        tell(unknown("没有扫到页", "no page was scanned"))


def _with_open(scanner: Scanner, work: Callable[[], None]) -> None:
    """Do something with the scanner open; it is left as it was found."""
    if scanner.is_open:
        work()
        return
    scanner.open()
    try:
        work()
    finally:
        scanner.close()
