"""`PadsPanel`: the rating pads of both windows, with lamps that are lit when the real lamps are."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from enum import Enum

from textual import on
from textual.app import ComposeResult
from textual.containers import Container, Horizontal
from textual.content import Content
from textual.events import Key, Resize
from textual.widget import Widget
from textual.widgets import Static

from hallkiosk.deck.buttons import DeckButton
from hallkiosk.wording import Text, Words
from hallkiosk.wording.deck import LEVELS
from hallqueue.states import Level, RatingState
from hallqueue.views import HallSnapshot, RatingView, WindowView

LOOK_S = 0.1
"""Lamps change every 0.3 s at the least."""
KEYS = (("a", "b", "c", "d"), ("e", "f", "g", "h"))
"""The letters of each pad's buttons."""


class PadState(Enum):
    """What a pad tells, as its lamps and the hall say it together."""

    IDLE = "idle"
    ASKING = "asking"
    HEARING = "hearing"
    """A key was pressed and its rating is not recorded yet."""
    THANKS = "thanks"


def pad_state(lamps: Sequence[bool], rating: RatingView | None) -> PadState:
    """Lamps that are dark while a question is open are in the dark part of their rhythm."""
    is_open = rating is not None and rating.state is RatingState.OPEN
    if any(lamps) and not all(lamps):
        return PadState.HEARING if is_open else PadState.THANKS
    return PadState.ASKING if is_open or any(lamps) else PadState.IDLE


class PadsPanel(Widget, can_focus=True):
    """Both pads. Presses are real: a finger on the simulated pad, for as long as a finger takes."""

    ALLOW_SELECT = False

    def __init__(
        self,
        windows: Sequence[int],
        levels: Sequence[Level],
        press: Callable[[int, str], None],
        lamps: Callable[[int], Sequence[bool]],
        words: Words,
    ) -> None:
        super().__init__(id="pads")
        self._windows, self._levels, self._words = tuple(windows), tuple(levels), words
        self._press, self._lamps = press, lamps
        self._hall: HallSnapshot | None = None
        self._fingers: set[int] = set()
        self._heads: dict[int, list[tuple[str, str]]] = {}
        """What each head says; it is drawn anew only when that changes."""

    def compose(self) -> ComposeResult:
        """A head and four buttons a window."""
        for window in self._windows:
            with Container(classes="pad"):
                yield Static(id=f"pad-{window}", classes="pad-head", markup=False)
                with Horizontal(classes="pad-keys"):
                    for place in range(1, len(self._levels) + 1):
                        yield DeckButton(f"{window}-{place}", classes="pad-key")

    def on_mount(self) -> None:
        """Begin to look."""
        self.set_interval(LOOK_S, self.look, name="look")

    def on_resize(self, event: Resize) -> None:
        """Rows are shared by both pads."""
        spare = event.size.height // len(self._windows) - 1
        self.set_class(spare >= 4, "-airy")
        self.look()

    def show_hall(self, hall: HallSnapshot) -> None:
        """The hall as it is now."""
        self._hall = hall
        self.look()

    def look(self) -> None:
        """Show the lamps as they are."""
        for place, window in enumerate(self._windows):
            lamps, view = self._lamps(window), self._view(window)
            self._show_head(window, view, pad_state(lamps, view.rating if view else None))
            for key, (level, is_lit) in enumerate(zip(self._levels, lamps, strict=True), 1):
                self._show_key(f"{window}-{key}", KEYS[place][key - 1], LEVELS[level], is_lit)

    def _view(self, window: int) -> WindowView | None:
        windows = self._hall.windows if self._hall else ()
        return next((view for view in windows if view.number == window), None)

    def _show_head(self, window: int, view: WindowView | None, state: PadState) -> None:
        rating = view.rating if view else None
        values: dict[str, str] = {}
        if state is PadState.ASKING:
            values = {"number": rating.number if rating else ""}
        elif state is PadState.THANKS:
            values = {"level": LEVELS[rating.level].zh if rating and rating.level in LEVELS else ""}
        said = self._words.text(f"deck.pad-{state.value}", **values)
        style = "bold $hall-warn" if state in (PadState.ASKING, PadState.HEARING) else "bold $hall-good"
        style = "$hall-hint" if state is PadState.IDLE else style
        parts: list[tuple[str, str]] = [
            (self._words.zh("deck.pad", window=window), "bold"),
            (f"  {said.zh}", style),
            (f" {said.en}", "$hall-hint"),
        ]
        if view and view.stray_today:
            parts.append((f"  {self._words.zh('deck.pad-stray', count=view.stray_today)}", "$hall-hint"))
        if self._heads.get(window) != parts:
            self._heads[window] = parts
            self.query_one(f"#pad-{window}", Static).update(Content.assemble(*parts), layout=False)

    def _show_key(self, name: str, letter: str, level: Text, is_lit: bool) -> None:
        lamp = "●" if is_lit else "○"
        face = f"{lamp} {level.zh}\n{level.en}\n{letter.upper()}"
        self.query_one(f"#do-{name}", DeckButton).show(face, is_on=is_lit)

    @on(DeckButton.Pressed)
    def _pressed(self, event: DeckButton.Pressed) -> None:
        event.stop()
        window, _, key = event.name.partition("-")
        self.run_worker(self._finger(int(window), key), group=f"finger-{window}")

    async def _finger(self, window: int, key: str) -> None:
        """One finger a pad: a press while another lasts is not made."""
        if window in self._fingers:
            return
        self._fingers.add(window)
        try:
            await asyncio.to_thread(self._press, window, key)
        finally:
            self._fingers.discard(window)

    def on_key(self, event: Key) -> None:
        """A letter is a finger on its button."""
        letter = (event.character or "").lower()
        for window, keys in zip(self._windows, KEYS, strict=True):
            if letter in keys:
                event.stop()
                self.query_one(f"#do-{window}-{keys.index(letter) + 1}", DeckButton).press()
