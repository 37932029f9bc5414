"""A small button of the deck: named, with its key on it, pressed by mouse or by that key."""

from __future__ import annotations

from dataclasses import dataclass

from textual.events import Click
from textual.message import Message
from textual.widgets import Static

_PRESSED_S = 0.15


class DeckButton(Static):
    """Pressed anywhere in it. Never takes the focus: its panel has it."""

    ALLOW_SELECT = False

    @dataclass
    class Pressed(Message):
        """A click on the button."""

        name: str

    def __init__(self, name: str, *, classes: str = "") -> None:
        super().__init__(id=f"do-{name}", classes=f"deck-button {classes}", markup=False)
        self._means = name
        self._shown: tuple[str, bool] | None = None

    def show(self, text: str, *, is_on: bool = False) -> None:
        """Write it; `is_on` marks it (a lit lamp, a fault to be mended). What is shown is not drawn anew."""
        if (text, is_on) != self._shown:
            self._shown = text, is_on
            self.set_class(is_on, "-on")
            self.update(text, layout=False)

    def press(self) -> None:
        """As if clicked."""
        self.add_class("-active")
        self.set_timer(_PRESSED_S, lambda: self.remove_class("-active"))
        self.post_message(self.Pressed(self._means))

    def on_click(self, event: Click) -> None:
        """A click; it goes no further."""
        event.stop()
        self.press()
