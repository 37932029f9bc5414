"""`PaperPanel`: the paper as it came out of the printer, and hands at the printer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.cells import cell_len, set_cell_size
from textual import on
from textual.app import ComposeResult
from textual.containers import Container, VerticalScroll
from textual.content import Content
from textual.events import Key, Resize
from textual.widget import Widget
from textual.widgets import Static

from halldrivers.printersim.paper import CELL_DOTS, Slip
from hallkiosk.bigtext_cells import BigTextMode
from hallkiosk.deck.buttons import DeckButton
from hallkiosk.deck.papercells import PaperRow, slip_rows, torn_edge
from hallkiosk.deck.parts import PrinterCondition, PrinterHands
from hallkiosk.wording import Text, Words

LOOK_S = 0.2
MOST_SLIPS = 8
"""Slips kept in view; older ones are in the pictures."""
_WIDE = 76
"""From this width the hands stand beside the paper."""
_LOW = 34
"""Below this height the empty space of large lines is left out."""
_HIGH_BUTTONS = 28
_INK = "$hall-button-active-text on $hall-button-active"
_EDGE = "$hall-button-active on $hall-page"
_SCROLL_KEYS = {"up": -1, "down": 1, "pageup": -10, "pagedown": 10, "home": -10_000, "end": 10_000}


@dataclass(frozen=True, slots=True)
class Hand:
    """One thing that a visitor can do to the printer and undo."""

    name: str
    key: str
    is_done: Callable[[PrinterCondition], bool]
    do: Callable[[PrinterHands, bool], None]


HANDS: tuple[Hand, ...] = (
    Hand("cover", "c", lambda now: now.is_cover_open, lambda hands, on: hands.set_cover(on)),
    Hand("paper", "p", lambda now: now.is_paper_out, lambda hands, on: hands.set_paper(on)),
    Hand("jam", "j", lambda now: now.is_jammed, lambda hands, on: hands.set_jam(on)),
    Hand("cable", "l", lambda now: now.is_unplugged, lambda hands, on: hands.set_cable(on)),
)


def condition_keys(now: PrinterCondition) -> tuple[str, ...]:
    """The texts that say how the printer is."""
    found = tuple(f"deck.printer-{hand.name}" for hand in HANDS if hand.is_done(now))
    return found or ("deck.printer-busy" if now.is_busy else "deck.printer-ready",)


class PaperPanel(Widget, can_focus=True):
    """The newest slip on top. Reads the printer by itself; the paper is drawn only when it changed."""

    ALLOW_SELECT = False

    def __init__(
        self,
        hands: PrinterHands,
        words: Words,
        mode: BigTextMode,
        last_picture: Callable[[], Path | None],
    ) -> None:
        super().__init__(id="paper")
        self._hands, self._words, self._mode, self._last_picture = hands, words, mode, last_picture
        self._shown: object = None
        self.condition = PrinterCondition()
        """How the printer was at the last look."""

    def compose(self) -> ComposeResult:
        """Hands and paper."""
        with Container(id="paper-hands"):
            yield Static(id="paper-state", markup=False)
            with Container(id="paper-buttons"):
                for hand in HANDS:
                    yield DeckButton(hand.name)
            yield Static(id="paper-file", classes="hint", markup=False)
        with VerticalScroll(id="paper-view", can_focus=False):
            yield Static(id="paper-slips", markup=False)

    def on_mount(self) -> None:
        """Begin to look."""
        self.set_interval(LOOK_S, self.look, name="look")
        self.look()

    def on_resize(self, event: Resize) -> None:
        """Beside each other or below each other."""
        self.set_class(event.size.width >= _WIDE, "-wide")
        self.set_class(event.size.height >= _HIGH_BUTTONS, "-high")
        self._shown = None
        self.look()

    def look(self) -> None:
        """Read the printer and show what changed."""
        self.condition = self._hands.condition()
        slips, hanging = self._hands.slips(), self._hands.hanging()
        picture = self._last_picture()
        what = (self.condition, len(slips), hanging, picture, self.size)
        if what == self._shown:
            return
        is_new = not isinstance(self._shown, tuple) or self._shown[1] != len(slips)
        self._shown = what
        self._show_state(picture)
        self.query_one("#paper-slips", Static).update(self._paper(slips, hanging))
        if is_new:
            self.query_one("#paper-view", VerticalScroll).scroll_home(animate=False)

    def _show_state(self, picture: Path | None) -> None:
        texts = [self._words.text(key) for key in condition_keys(self.condition)]
        style = "bold $hall-fault" if self.condition.is_down else "bold $hall-good"
        zh, en = "、".join(text.zh for text in texts), ", ".join(text.en for text in texts)
        is_wide = self.has_class("-wide")
        between = "\n" if is_wide else "  "
        self.query_one("#paper-state", Static).update(
            Content.assemble((zh, style), between, (en, "$hall-hint"))
        )
        for hand in HANDS:
            is_done = hand.is_done(self.condition)
            text = self._words.text(f"deck.{'undo' if is_done else 'do'}-{hand.name}")
            button = self.query_one(f"#do-{hand.name}", DeckButton)
            face = f"{hand.key.upper()} {text.zh}"
            if is_wide:
                face += f" {text.en}"
            button.show(("* " if is_done and is_wide else "") + face, is_on=is_done)
        self.query_one("#paper-file", Static).update(self._file_text(picture, is_wide))

    def _file_text(self, picture: Path | None, is_wide: bool) -> str:
        if picture is None:
            return ""
        label = self._words.zh("deck.paper-file")
        if is_wide:
            return f"{label} {self._words.en('deck.paper-file')}\n{picture}"
        room = max(8, self.size.width - cell_len(label) - 3)
        name = str(picture)
        return f"{label} {name if len(name) <= room else '…' + name[-(room - 1) :]}"

    def _paper(self, slips: Sequence[Slip], hanging: Slip) -> Content:
        is_tight = self.size.height < _LOW
        parts: list[Content] = []
        if not hanging.is_blank:
            parts += self._slip(hanging, self._words.text("deck.paper-hanging"), is_tight)
        for count in range(len(slips), max(0, len(slips) - MOST_SLIPS), -1):
            slip = slips[count - 1]
            if not slip.is_blank:
                key = "deck.paper-slip-torn" if slip.tears else "deck.paper-slip"
                parts += self._slip(slip, self._words.text(key, count=count), is_tight)
        if not parts:
            none = self._words.text("deck.paper-none")
            return Content.assemble("\n", (none.zh, "bold"), "\n", (none.en, "$hall-hint"))
        return Content("\n").join(parts)

    def _slip(self, slip: Slip, label: Text, is_tight: bool) -> list[Content]:
        width = slip.width_dots // CELL_DOTS + 2
        rows = slip_rows(slip, self._mode, is_tight=is_tight)
        blank = PaperRow(" " * (width - 2))
        inner = rows if is_tight else (blank, *rows, blank)
        return [
            Content.styled(set_cell_size(f" {label.zh} {label.en}", width), "$hall-hint"),
            *(_paper_row(row) for row in inner),
            Content.styled(torn_edge(width), _EDGE),
        ]

    @on(DeckButton.Pressed)
    def _hand_used(self, event: DeckButton.Pressed) -> None:
        event.stop()
        hand = next(hand for hand in HANDS if hand.name == event.name)
        hand.do(self._hands, not hand.is_done(self._hands.condition()))
        self.look()

    def on_key(self, event: Key) -> None:
        """The hands' letters, and scrolling."""
        letter = (event.character or "").lower()
        hand = next((hand for hand in HANDS if hand.key == letter), None)
        if hand is not None:
            self.query_one(f"#do-{hand.name}", DeckButton).press()
        elif event.key in _SCROLL_KEYS:
            self.query_one("#paper-view").scroll_relative(y=_SCROLL_KEYS[event.key], animate=False)
        else:
            return
        event.stop()


def _paper_row(row: PaperRow) -> Content:
    style = f"{_INK} bold" if row.is_bold else _INK
    return Content.styled(f" {row.text} ", f"{style} reverse" if row.is_reverse else style)
