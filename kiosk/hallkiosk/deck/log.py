"""`LogPanel`: what is recorded, as it is recorded; the newest at the bottom."""

from __future__ import annotations

from collections import deque

from rich.cells import cell_len, set_cell_size
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.events import Key, Resize
from textual.widget import Widget
from textual.widgets import Static

from hallkiosk.deck.logwords import LogBook, LogRow
from hallkiosk.wording import Words
from hallqueue.plan import Plan
from hallqueue.views import EventLine

MOST_ROWS = 300
_WRITE_S = 0.1
"""Events that come together are written together."""
_TYPE_FROM, _LINK_FROM = 74, 60
"""Widths from which the type and the link of an event have room."""
_TYPE_CELLS, _SEQ_CELLS = 17, 5
_SCROLL_KEYS = {"up": -1, "down": 1, "pageup": -10, "pagedown": 10, "home": -10_000, "end": 10_000}


def row_text(row: LogRow, width: int) -> Content:
    """One event in so many cells: time, window and words first, what only technicians need at the right."""
    right = ""
    if width >= _TYPE_FROM:
        right += f" {row.type:<{_TYPE_CELLS}}"
    if width >= _LINK_FROM:
        right += f" #{row.seq:<{_SEQ_CELLS}} {row.link}"
    left = max(0, width - cell_len(right) - 14)
    words = row.words if cell_len(row.words) <= left else set_cell_size(row.words, left - 1) + "…"
    return Content.assemble(
        (row.time, "$hall-hint"),
        " ",
        (set_cell_size(row.window, 4), "bold"),
        " ",
        set_cell_size(words, left),
        (right, "$hall-hint"),
    )


class LogPanel(Widget, can_focus=True):
    """The last events. Stands still while somebody reads further up."""

    ALLOW_SELECT = False

    def __init__(self, plan: Plan, words: Words, state_text: str) -> None:
        super().__init__(id="log")
        self._book, self._words, self._state_text = LogBook(plan), words, state_text
        self.rows: deque[LogRow] = deque(maxlen=MOST_ROWS)
        """What is shown."""
        self._is_new = False

    def compose(self) -> ComposeResult:
        """The rows, and where the records are."""
        with VerticalScroll(id="log-view", can_focus=False):
            yield Static(id="log-rows", markup=False)
        yield Static(id="log-state", classes="hint", markup=False)

    def on_mount(self) -> None:
        """Write what came, a few times a second."""
        self.set_interval(_WRITE_S, self._write_new, name="write")
        self._write()

    def on_resize(self, event: Resize) -> None:
        """Rows are as wide as the panel."""
        self._write()

    def add(self, line: EventLine) -> None:
        """One more event."""
        self.rows.append(self._book.row(line))
        self._is_new = True

    def _write_new(self) -> None:
        if self._is_new:
            self._write()

    def _write(self) -> None:
        self._is_new = False
        view = self.query_one("#log-view", VerticalScroll)
        is_at_end = view.scroll_y >= view.max_scroll_y - 1
        width = max(20, self.size.width - 3)
        rows = self.query_one("#log-rows", Static)
        if self.rows:
            rows.update(Content("\n").join(row_text(row, width) for row in self.rows))
        else:
            none = self._words.text("deck.log-none")
            rows.update(f"{none.zh} {none.en}")
        state = self.query_one("#log-state", Static)
        state.display = bool(self._state_text) and self.size.height >= 12
        state.update(self._words.zh("deck.log-state", path=self._state_text))
        if is_at_end:
            view.scroll_end(animate=False)

    def on_key(self, event: Key) -> None:
        """Scrolling."""
        if event.key in _SCROLL_KEYS:
            event.stop()
            self.query_one("#log-view").scroll_relative(y=_SCROLL_KEYS[event.key], animate=False)
