"""What must hold for an enrolment before the first byte leaves, and what a silent printer comes to."""

from __future__ import annotations

import tempfile
from pathlib import Path
from urllib.parse import urlsplit

import click

from hall.commands.connect import keeper_of
from hall.commands.failure import say
from hall.commands.options import socket_of
from halldrivers.errors import DeviceError, PortBusy
from halldrivers.printerline import PrinterLine
from halldrivers.printerline.faults import SILENT
from hallprinter.enrolment_errors import ProfileNotSaved
from hallqueue.errors import HallError, KeeperGone
from hallqueue.rules.engine_devices import LOST

PRINTER = "printer"
"""The device's name on record, and the role's that holds it."""


class SpoolerHolds(PortBusy):
    """Raised while the hall's own spooler runs: a network printer would be mute to everybody else."""

    remedy_zh = "先停打印程序：systemctl stop hall-printer，再登记；确定不是同一台打印机就加 --force"
    remedy_en = "stop the spooler first: systemctl stop hall-printer; if it is another printer, add --force"


class NothingCameOut(DeviceError, TimeoutError):
    """Raised when a printer answered nothing and no slip came out: nobody knows that there is a printer."""

    code, who, what_zh, what_en = SILENT.code, SILENT.who, SILENT.what_zh, SILENT.what_en
    remedy_zh = (
        "检查电源、连接线、地址和波特率；停掉占用打印机的程序（systemctl stop hall-printer）"
        "和别的电脑，再登记"
    )
    remedy_en = (
        "check power, cable, address and line speed; stop whatever else holds the printer "
        "(systemctl stop hall-printer, other computers), then enrol it again"
    )

    def __init__(self) -> None:
        super().__init__("and no slip came out", "小票也没有出来")


def need_writable(folder: Path) -> None:
    """ProfileNotSaved when a profile could not be stored there; nothing is left behind."""
    try:
        nearest = next(place for place in (folder, *folder.absolute().parents) if place.exists())
        with tempfile.TemporaryFile(dir=nearest):
            pass
    except OSError as error:
        raise ProfileNotSaved(f"{folder}: {error.strerror or error}") from error


def need_free_printer(url: str, file: Path, state: Path, wait: float) -> None:
    """SpoolerHolds while a spooler has this printer, as far as its keeper knows.

    Where the configuration cannot be read, as while it names the profile that is still to be made, the
    spooler's printer is taken for this one.
    """
    configured = _configured_url(file)
    if configured is not None and not _is_same(configured, url):
        return
    try:
        if not socket_of(state).exists():  # no hall was ever run here
            return
        with keeper_of(state, wait) as hall:
            devices = hall.snapshot().devices
    except KeeperGone:
        return
    except (HallError, click.UsageError):  # not this user's to ask
        say("不知道打印程序停了没有，请先停 / it cannot be told whether the spooler runs: stop it first")
        return
    if any(device.device == PRINTER and device.code != LOST for device in devices):
        raise SpoolerHolds(url)


def is_mute(line: PrinterLine) -> bool:
    """Whether the printer was asked and answered none of the questions."""
    can = line.abilities
    return can is not None and not (can.realtime or can.asb or can.paper_answer or can.process_id)


def _configured_url(file: Path) -> str | None:
    """The printer's URL in a configuration; None when it cannot be read, empty when it has no printer."""
    from hall.config.load import load
    from hall.config.problems import ConfigInvalid

    try:
        printer = load(file).printer
    except ConfigInvalid:
        return None
    return printer.url if printer else ""


def _is_same(one: str, other: str) -> bool:
    """Whether two URLs name one place; options do not matter."""
    first, second = urlsplit(one), urlsplit(other)
    return (first.scheme, first.netloc, first.path) == (second.scheme, second.netloc, second.path)
