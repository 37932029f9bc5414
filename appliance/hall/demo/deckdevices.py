"""The devices of the deck: what a visitor's hand can do at each, and what came of it."""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from hall.demo.house import House
from hall.demo.touch import Read
from halldrivers.errors import DeviceError
from hallkiosk.wording import Text
from hallqueue.errors import HallError

if TYPE_CHECKING:
    from halldrivers.simwire import ByteMachine
    from hallkiosk.deck import DeckDevice, Deed

ANSWER_S = 10.0
MATERIAL = "shenqingbiao"
NOTHING = Text("", "")

log = logging.getLogger(__name__)


def deck_devices(house: House, windows: tuple[int, ...]) -> list[DeckDevice]:
    """The blocks of the deck's panel, in the order of a visit."""
    return Hands(house, asyncio.get_running_loop()).devices(windows)


class Hands:
    """What hands do; everything but :meth:`devices` is called in threads."""

    def __init__(self, house: House, loop: asyncio.AbstractEventLoop) -> None:
        self._house, self._gear, self._loop = house, house.gear, loop
        self._screen = house.client("screen")
        self._numbers = itertools.count(1)
        self._kept = Read()

    def devices(self, windows: tuple[int, ...]) -> list[DeckDevice]:
        """Every block."""
        return [
            self._idcard(),
            self._barcode(),
            self._camera(),
            self._scans(),
            *(self._caller(window) for window in windows),
            *(self._pad(window) for window in windows),
            *(self._sign(window) for window in windows),
        ]

    def _idcard(self) -> DeckDevice:
        gear = self._gear
        return _device(
            "idcard",
            "读卡器",
            "ID-card reader",
            lambda: _text(self._house.touch.card),
            ("放身份证", "lay a card", lambda: self._read_card("resident")),
            ("外国人证", "foreigner", lambda: self._read_card("foreign-2023")),
            *_cable(gear.reader),
        )

    def _read_card(self, name: str) -> None:
        self._gear.lay_card(name)
        try:
            if self._house.touch.read_card() is None:
                log.info("the card %s was not read", name)
        finally:
            self._gear.reader.take_away()

    def _barcode(self) -> DeckDevice:
        barcode = self._gear.barcode
        return _device(
            "barcode",
            "扫码器",
            "Barcode reader",
            lambda: _text(self._house.touch.code),
            ("扫小票码", "scan a slip", lambda: barcode.scan(self._last_code())),
            ("扫怪码", "hostile code", lambda: barcode.scan("DROP\x1b[2J\x03")),
            *_cable(barcode),
        )

    def _camera(self) -> DeckDevice:
        camera = self._gear.camera
        return _device(
            "camera",
            "高拍仪",
            "Document camera",
            lambda: _text(self._house.touch.page),
            ("放申请表", "lay a form", lambda: self._look_at("form")),
            ("放模糊页", "blurred", lambda: self._look_at("blur")),
            ("拔线", "unplug", camera.unplug),
            ("插上", "plug in", camera.plug),
        )

    def _look_at(self, scene: str) -> None:
        self._gear.lay_page(scene)
        try:
            self._house.touch.look_at_page()
        except DeviceError as error:
            fault = error.as_fault()
            self._house.touch.page = Read(fault.what_zh, fault.what_en)

    def _scans(self) -> DeckDevice:
        return _device(
            "scans", "扫描件", "Scans", lambda: _text(self._kept), ("存这一页", "keep page", self._keep)
        )

    def _keep(self) -> None:
        try:
            ticket, number = self._last_ticket()
            if not ticket:
                self._kept = Read("先取一张号", "take a ticket first")
                return
            kept = self._house.touch.keep_page(ticket, MATERIAL, f"deck-{ticket}-{next(self._numbers)}")
        except (DeviceError, HallError, TimeoutError) as error:
            what = error.as_fault() if isinstance(error, DeviceError) else None
            zh, en = (what.what_zh, what.what_en) if what else ("没有存成", "not kept")
            self._kept = Read(zh, en)
            return
        if kept is None:
            page = self._house.touch.page
            self._kept = Read(f"没有存：{page.zh}", f"not kept: {page.en}")
        else:
            self._kept = Read(f"{number}的材料已加密保存", f"kept for {number}, sealed for the county")

    def _caller(self, window: int) -> DeckDevice:
        callers = self._gear.callers
        return _device(
            f"keypad-{window}",
            f"叫号器{window}",
            f"Caller {window}",
            lambda: Text(f"显示 {callers.display(window)}", f"shows {callers.display(window)}"),
            ("呼叫", "call", lambda: callers.press(window, "呼叫")),
            ("重呼", "recall", lambda: callers.press(window, "重呼")),
            ("开始", "start", lambda: callers.press(window, "开始")),
            ("评价", "finish", lambda: callers.press(window, "评价")),
        )

    def _pad(self, window: int) -> DeckDevice:
        line = self._gear.windows
        return _device(
            f"pad-{window}",
            f"评价器{window}",
            f"Rating pad {window}",
            lambda: NOTHING,
            ("断电", "power off", lambda: line.kill(window)),
            ("通电", "power on", lambda: line.revive(window)),
            ("拔整线", "pull line", lambda: line.unplug_after(0)),
            ("插上", "plug in", line.plug),
        )

    def _sign(self, window: int) -> DeckDevice:
        gear = self._gear
        unit = gear.sign_unit(window)
        return _device(
            f"sign-{window}",
            f"窗口屏{window}",
            f"Sign {window}",
            lambda: Text(
                f"显示 {gear.sign(window).strip() or '（暗）'}", f"shows {gear.sign(window).strip() or '-'}"
            ),
            ("断电", "power off", lambda: gear.windows.kill(unit)),
            ("通电", "power on", lambda: gear.windows.revive(unit)),
        )

    # --- what the hall says ----------------------------------------------------------------------

    def _last_ticket(self) -> tuple[int, str]:
        """The newest ticket of the hall that somebody still holds, and its number."""
        asked = asyncio.run_coroutine_threadsafe(self._screen.snapshot(), self._loop)
        hall = asked.result(ANSWER_S)
        here = [*hall.waiting, *(window.current for window in hall.windows if window.current)]
        newest = max(here, key=lambda ticket: ticket.ticket, default=None)
        return (newest.ticket, newest.number) if newest else (0, "")

    def _last_code(self) -> str:
        asked = asyncio.run_coroutine_threadsafe(self._screen.snapshot(), self._loop)
        waiting = asked.result(ANSWER_S).waiting
        return f"HALL:{waiting[-1].reference}" if waiting else "HALL:demo"


def _device(
    name: str, zh: str, en: str, reading: Callable[[], Text], *deeds: tuple[str, str, Callable[[], None]]
) -> DeckDevice:
    from hallkiosk.deck import DeckDevice

    return DeckDevice(name, Text(zh, en), tuple(_deed(*deed) for deed in deeds), reading)


def _deed(zh: str, en: str, act: Callable[[], None]) -> Deed:
    from hallkiosk.deck import Deed

    def do() -> None:
        try:
            act()
        except Exception:  # border: a visitor's hand must not end the deck
            log.exception("a hand at a device failed: %s", en)

    return Deed(Text(zh, en), do)


def _cable(machine: ByteMachine) -> tuple[tuple[str, str, Callable[[], None]], ...]:
    return (("拔线", "unplug", lambda: machine.unplug_after(0)), ("插上", "plug in", machine.plug))


def _text(read: Read) -> Text:
    return Text(read.zh, read.en)
