"""The terminal's widgets: buttons, the grid of choices, and the notice. They show and decide nothing."""

from __future__ import annotations

from dataclasses import dataclass

from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.content import Content
from textual.css.query import NoMatches
from textual.events import Click, Resize
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from hallkiosk.bigtext import BigText, BigTextMode
from hallkiosk.terminal.fitting import MIN_ROWS, arrange, face_rows, grid_shape
from hallkiosk.terminal.model import Face, Line, Tone
from hallkiosk.terminal.steps import MAX_CHOICES

_PRESSED_S = 0.15
"""How long a button looks pressed."""
_STYLES = {
    Tone.PLAIN: "",
    Tone.NAME: "bold $hall-number",
    Tone.STRONG: "bold",
    Tone.HINT: "$hall-hint not bold",
    Tone.WARN: "bold $hall-warn-text on $hall-warn",
    Tone.GOOD: "bold $hall-good",
    Tone.FAULT: "bold $hall-fault",
}


class TouchButton(Widget):
    """A large button: pressed anywhere, by a finger that may slide inside it. Never takes the focus.

    The terminal itself holds the focus, so that a button that goes away cannot hand it to another panel.
    """

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    TouchButton { width: 1fr; }
    TouchButton.-chosen { background: $hall-button-active; color: $hall-button-active-text; }
    """

    @dataclass
    class Pressed(Message):
        """A person touched the button and lifted inside it."""

        button: TouchButton

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name for it
        super().__init__(id=id, classes="big-button")
        self.styles.height = "1fr"  # the shared class is three rows high; here the place decides
        self.face: Face | None = None
        """What stands on it; None is not shown."""

    def show(self, face: Face | None) -> None:
        """Show another face, or go away."""
        if face == self.face and self.display == (face is not None):
            return
        self.face = face
        self.display = face is not None
        self.disabled = face is not None and not face.is_enabled
        self.set_class(face is not None and face.is_chosen, "-chosen")
        self.refresh()

    def render(self) -> Content:
        """As many lines of the face as there is room for."""
        if self.face is None:
            return Content("")
        rows = face_rows(self.face, self.content_size.width, self.content_size.height)
        return Content("\n").join(
            Content.styled(row.text, "bold" if row.tone is Tone.STRONG else "not bold") for row in rows
        )

    def on_click(self, event: Click) -> None:
        """A touch; it goes no further, so that nothing below takes it for its own."""
        event.stop()
        if not self.disabled:
            self.add_class("-active")
            self.set_timer(_PRESSED_S, self._released)
            self.post_message(self.Pressed(self))

    def _released(self) -> None:
        self.remove_class("-active")


class ChoiceGrid(Container):
    """At most six buttons, in the shape in which they are easiest to hit."""

    DEFAULT_CSS = """
    ChoiceGrid { layout: grid; grid-gutter: 1 2; width: 1fr; height: 1fr; }
    ChoiceGrid.-strip { height: 3; }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name for it
        super().__init__(id=id)
        self._count, self._is_strip = 0, False

    def compose(self) -> ComposeResult:
        """All six; what is not needed is not shown."""
        for place in range(1, MAX_CHOICES + 1):
            yield TouchButton(id=f"choice-{place}")

    @property
    def buttons(self) -> tuple[TouchButton, ...]:
        """All six in their order."""
        return tuple(self.query(TouchButton))

    def show(self, faces: tuple[Face, ...], *, is_strip: bool) -> None:
        """Show the faces; a strip is as low as buttons may be, for choices below a notice."""
        for place, button in enumerate(self.buttons):
            button.show(faces[place] if place < len(faces) else None)
        self.display = bool(faces)
        self._count, self._is_strip = len(faces), is_strip
        self._shape()

    def on_resize(self, event: Resize) -> None:
        """Another panel size, another shape."""
        self._shape()

    def _shape(self) -> None:
        if not self._count:
            return
        width, height = self.size.width, self.size.height
        if self._is_strip:
            across = self._count if width >= self._count * 17 else 2
            columns, rows = min(across, self._count), -(-self._count // across)
            self.styles.height = rows * MIN_ROWS + rows - 1
        else:
            columns, rows = grid_shape(self._count, width, height)
            self.styles.height = "1fr"
        self.styles.grid_size_columns, self.styles.grid_size_rows = columns, rows


class NoticePane(Vertical):
    """Something to read: one thing drawn big, and lines below it."""

    DEFAULT_CSS = """
    NoticePane { width: 1fr; height: 1fr; align: center middle; padding: 0 1; }
    NoticePane > BigText { width: 1fr; text-align: center; }
    NoticePane > Static { width: 1fr; height: auto; text-align: center; }
    """

    def __init__(self, mode: BigTextMode, cell_aspect: float, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._mode, self._cell_aspect = mode, cell_aspect
        self._big, self._lines = "", ()  # type: tuple[str, tuple[Line, ...]]

    def compose(self) -> ComposeResult:
        """The big text and the lines."""
        yield BigText(id="big", classes="number", mode=self._mode, cell_aspect=self._cell_aspect)
        yield Static(id="lines", markup=False)

    def show(self, big: str, lines: tuple[Line, ...]) -> None:
        """Show another notice; an empty one gives its place to the choices."""
        self.display = bool(big or lines)
        self._big, self._lines = big, lines
        self._arrange()
        # A pane that was hidden knows its place only after the next layout, and need not be resized by it.
        self.call_after_refresh(self._arrange)

    def on_resize(self, event: Resize) -> None:
        """Another panel size, another arrangement."""
        self._arrange()

    def _arrange(self) -> None:
        try:
            big, text = self.query_one(BigText), self.query_one("#lines", Static)
        except NoMatches:
            return
        notice = arrange(self._big, self._lines, self.content_size.width, self.content_size.height)
        big.display = notice.big_rows > 0
        big.set_text(self._big if notice.big_rows else "")
        big.rows = max(1, notice.big_rows)
        big.styles.margin = (0, 0, notice.gap, 0)
        text.update(Content("\n").join(Content.styled(row.text, _STYLES[row.tone]) for row in notice.rows))
