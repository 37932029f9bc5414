"""A panel in the deck: its head line, which says whether the keys go there, and what it shows."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Container
from textual.content import Content
from textual.events import MouseDown
from textual.widget import Widget
from textual.widgets import Static

from hallkiosk.deck.panels import Panel
from hallkiosk.wording import Text


class Frame(Container):
    """Holds one panel. A click anywhere in it gives it the keys."""

    def __init__(self, panel: Panel, title: Text, keys_here: Text, content: Widget) -> None:
        super().__init__(id=f"frame-{panel.value}", classes="frame")
        self.panel, self.content = panel, content
        self._heading, self._keys_here = title, keys_here
        if not content.can_focus:
            self.can_focus = True

    def compose(self) -> ComposeResult:
        """The head line and the panel."""
        yield Static(classes="frame-head", markup=False)
        yield self.content

    @property
    def target(self) -> Widget:
        """Which widget takes the keys."""
        return self if self.can_focus else self.content

    def mark(self, *, is_chosen: bool, has_head: bool) -> None:
        """Show whether the keys go here."""
        head = self.query_one(".frame-head", Static)
        head.display = has_head
        self.set_class(is_chosen, "-chosen")
        name = f"{self.panel.key} {self._heading.zh} {self._heading.en}"
        here = f" {self._keys_here.zh} {self._keys_here.en}" if is_chosen else ""
        head.update(Content(f"[{name}]{here}" if is_chosen else f" {name} "))

    def on_mouse_down(self, event: MouseDown) -> None:
        """Keys follow the mouse's click, wherever in the panel it is."""
        if not self.has_focus_within and not self.has_focus:
            self.target.focus(scroll_visible=False)
