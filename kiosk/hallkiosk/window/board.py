"""The console's face: all its parts, arranged for the size of the panel. It shows and decides nothing."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Container, Horizontal, Vertical
from textual.content import Content
from textual.events import Resize
from textual.widget import Widget
from textual.widgets import Static

from hallkiosk.bigtext import BigText, BigTextMode
from hallkiosk.window.keys import BUTTONS, Action, key_label
from hallkiosk.window.layout import MESSAGE_ROWS, Measures, measure
from hallkiosk.window.lines import Lines
from hallkiosk.window.menu import Menu
from hallkiosk.window.message import Message, Tone, message_content
from hallkiosk.window.model import Desk
from hallkiosk.window.panes import OpButton, PickPane, PrimaryButton
from hallkiosk.window.style import BOARD_CSS
from hallkiosk.wording import Text, Words

_TALL_DESK = 8
"""Desk rows from which the number gets more width."""


class Board(Widget):
    """Title; desk, information, message and buttons, or the list to pick from; lists at the side."""

    DEFAULT_CSS = BOARD_CSS
    ALLOW_SELECT = False

    def __init__(self, words: Words, mode: BigTextMode, cell_aspect: float, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self._words, self._mode, self._cell_aspect = words, mode, cell_aspect
        self._shown: dict[str, Content] = {}
        self._sizes: Measures = measure(80, 24)
        self._lines: Lines | None = None
        self._message: Message | None = None

    def compose(self) -> ComposeResult:
        """All parts; what a size or a state does not need is not shown."""
        yield Static(id="console-title", classes="title", markup=False)
        with Horizontal(id="console-body"):
            with Vertical(id="console-left"):
                with Horizontal(id="console-desk"):
                    yield BigText(id="number", mode=self._mode, cell_aspect=self._cell_aspect)
                    yield Static(id="facts", markup=False)
                yield Static(id="info", markup=False)
                yield Static(id="message", markup=False)
                yield PrimaryButton(None, id="primary")
                with Container(id="ops"):
                    for action in BUTTONS:
                        yield OpButton(action, id=f"op-{action.value}")
                yield PickPane(id="pick")
            yield Static(id="console-side", markup=False)

    def on_resize(self, event: Resize) -> None:
        """Another panel, other measures."""
        sizes = self._sizes = measure(event.size.width, event.size.height)
        self.set_class(sizes.desk_rows >= _TALL_DESK and sizes.has_side, "-tall")
        self.query_one("#console-title").styles.height = sizes.title_rows
        self.query_one("#console-desk").styles.height = sizes.desk_rows
        self.query_one("#number", BigText).rows = sizes.big_rows
        info = self.query_one("#info")
        info.styles.height, info.visible = sizes.info_rows, sizes.info_rows > 0
        self.query_one("#console-side").display = sizes.has_side
        primary, ops = self.query_one("#primary"), self.query_one("#ops")
        primary.styles.height = sizes.primary_rows
        primary.styles.margin = (0, 0, sizes.air_rows, 0)
        ops.styles.height = sizes.ops_rows
        ops.styles.grid_size_columns = sizes.op_columns
        ops.styles.grid_gutter_horizontal = sizes.op_gap
        self.call_after_refresh(self._show_lines)

    def show(self, lines: Lines, message: Message | None, *, is_connected: bool, is_resting: bool) -> None:
        """The window at a moment. Nothing can be pressed while the hall is not heard."""
        self._lines, self._message = lines, message
        self.set_class(lines.desk.window.current is None, "-idle")
        self.query_one("#number", BigText).set_text(lines.big)
        self._show_lines()
        self._show_buttons(lines.desk, lines.primary(), is_connected, is_resting)

    def show_nothing(self, title: str, big: str, message: Message | None) -> None:
        """A window of which nothing is known."""
        self._lines, self._message = None, message
        self.add_class("-idle")
        self.query_one("#number", BigText).set_text(big)
        self._put("console-title", Content(title))
        self._show_lines()
        self._show_buttons(None, Text(""), False, False)

    def ask(self, menu: Menu | None) -> None:
        """Let the clerk pick from a list in place of the buttons, or bring the buttons back."""
        self.set_class(menu is not None, "-picking")
        self.query_one(PickPane).ask(menu, self._words.zh("window.pick-hint"))

    def _show_lines(self) -> None:
        """Everything written, as wide as there is room now."""
        self._show_message()
        lines, sizes = self._lines, self._sizes
        if lines is None:
            return
        self._put("console-title", Content(lines.title(max(0, self.size.width - 2))))
        facts = self.query_one("#facts", Static).content_size
        self._put("facts", lines.facts(facts.width, max(1, sizes.desk_rows)))
        if sizes.has_side:
            self._put("console-side", lines.side(self.size.height - sizes.title_rows - 2))
        else:
            self._put("info", lines.info(sizes.info_rows))

    def _show_message(self) -> None:
        pane, message = self.query_one("#message", Static), self._message
        for tone in Tone:
            pane.set_class(message is not None and message.tone is tone, f"-{tone.value}")
        width = self.query_one("#console-left").size.width - 2
        self._put("message", message_content(message, width, MESSAGE_ROWS))

    def _show_buttons(self, desk: Desk | None, primary: Text, is_connected: bool, is_resting: bool) -> None:
        possible = desk.possible if desk is not None and is_connected else frozenset()
        step = desk.step if desk else None
        keys = "window.primary-keys-call" if step is Action.CALL else "window.primary-keys"
        self.query_one(PrimaryButton).show(
            self._words.zh(keys), primary, is_on=step in possible and not is_resting
        )
        for action in BUTTONS:
            meaning = desk.meaning(action) if desk else action
            word = "window.do-reopen" if meaning is Action.OPEN else f"window.{action.value}"
            button = self.query_one(f"#op-{action.value}", OpButton)
            button.show(key_label(action), self._words.text(word), is_on=meaning in possible)

    def _put(self, name: str, content: Content) -> None:
        """Write only what changed: a console stands still most of the day."""
        old = self._shown.get(name)
        if old is None or (old.plain, old.spans) != (content.plain, content.spans):
            self._shown[name] = content
            self.query_one(f"#{name}", Static).update(content)
