"""What stands in each panel, made from the deck's parts."""

from __future__ import annotations

import uuid

from textual.widget import Widget

from hallkiosk.deck.devices import DevicesPanel
from hallkiosk.deck.log import LogPanel
from hallkiosk.deck.pads import PadsPanel
from hallkiosk.deck.panels import Panel
from hallkiosk.deck.paper import PaperPanel
from hallkiosk.deck.parts import DeckParts
from hallkiosk.screen import HallScreen
from hallkiosk.terminal import LETTERS, CitizenTerminal, touch_key
from hallkiosk.window import WindowConsole, press_key
from hallkiosk.wording import Text, Words


def contents(parts: DeckParts, words: Words) -> dict[Panel, Widget]:
    """Every panel's widget."""
    first, second = parts.windows
    return {
        Panel.TERMINAL: CitizenTerminal(
            parts.service_for("terminal", 0),
            parts.plan,
            parts.clock,
            touch_key,
            shortcuts=LETTERS,
            mode=parts.mode,
            id="terminal",
        ),
        Panel.WINDOW_A: _console(parts, first),
        Panel.WINDOW_B: _console(parts, second),
        Panel.SCREEN: _screen(parts),
        Panel.PAPER: PaperPanel(parts.printer, words, parts.mode, parts.last_picture),
        Panel.PADS: PadsPanel(parts.windows, parts.levels, parts.press, parts.lamps, words),
        Panel.LOG: LogPanel(parts.plan, words, parts.state_text),
        Panel.DEVICES: DevicesPanel(parts.devices, words, parts.plan.calendar.utc_offset_minutes),
    }


def _console(parts: DeckParts, number: int) -> WindowConsole:
    return WindowConsole(
        parts.service_for("window", number),
        parts.plan,
        number,
        parts.clerks.get(number, ""),
        parts.clock,
        press_key,
        staff=parts.service_for("staff", 0),
        mode=parts.mode,
        id=f"window-{number}",
    )


def _screen(parts: DeckParts) -> HallScreen:
    return HallScreen(
        parts.service_for("screen", 0),
        parts.plan,
        parts.clock,
        notice=parts.notice,
        mode=parts.mode,
        id="screen",
    )


def titles(parts: DeckParts, words: Words) -> dict[Panel, Text]:
    """Every panel's name."""
    first, second = parts.windows
    return {
        Panel.TERMINAL: words.text("deck.tab-terminal"),
        Panel.WINDOW_A: words.text("deck.tab-window", window=first),
        Panel.WINDOW_B: words.text("deck.tab-window", window=second),
        Panel.SCREEN: words.text("deck.tab-screen"),
        Panel.PAPER: words.text("deck.tab-paper"),
        Panel.PADS: words.text("deck.tab-pads"),
        Panel.LOG: words.text("deck.tab-log"),
        Panel.DEVICES: words.text("deck.tab-devices"),
    }


def opening_key() -> str:
    """The key of a clerk who opens a window."""
    return f"deck/{uuid.uuid4().hex}"
