"""The hall screen's widgets: lists and lines that are drawn big where the panel is. They decide nothing."""

from __future__ import annotations

from collections.abc import Callable

from rich.cells import cell_len, set_cell_size
from textual.content import Content
from textual.widget import Widget

from hallkiosk.bigtext import BigTextMode, render_rows
from hallkiosk.screen.picture import Entry

Fold = Callable[[tuple[Entry, ...]], Entry]
"""Makes one entry of several."""

_PLAIN_ROWS = 3
"""Up to this height of a line ordinary text is clearer."""
_LEFT_SHARE = 0.66


class EntryList(Widget):
    """Entries one below the other, each so many rows high; those that have no room are left out."""

    ALLOW_SELECT = False

    def __init__(self, mode: BigTextMode, cell_aspect: float, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self._mode, self._cell_aspect = mode, cell_aspect
        self._entries: tuple[Entry, ...] = ()
        self._heading, self._rows = "", 1
        self._fold: Fold | None = None

    def show(
        self, entries: tuple[Entry, ...], rows: int, heading: str = "", fold: Fold | None = None
    ) -> None:
        """Show other entries, each so many rows high; a heading is ordinary text.

        `fold` makes the last line that there is room for out of the entries for which there is none.
        """
        self._fold = fold
        if (entries, rows, heading) != (self._entries, self._rows, self._heading):
            self._entries, self._rows, self._heading = entries, rows, heading
            self.refresh()

    def render(self) -> Content:
        """The heading and as many whole entries as there is room for; big ones with a row between them."""
        width, height = self.content_size.width, self.content_size.height
        lines = [Content.styled(self._heading, "$hall-hint")] if self._heading else []
        gap = [Content("")] if self._rows > _PLAIN_ROWS else []
        room = max(0, (height - len(lines) + len(gap)) // (self._rows + len(gap)))
        shown = self._entries[:room]
        if self._fold is not None and 0 < room < len(self._entries):
            shown = (*shown[:-1], self._fold(self._entries[room - 1 :]))
        for entry in shown:
            lines += [*self._drawn(entry, width), *gap]
        return Content("\n").join(lines)

    def _drawn(self, entry: Entry, width: int) -> list[Content]:
        style = "bold $hall-number" if entry.is_marked else "$hall-text"
        if self._rows <= _PLAIN_ROWS:
            return [*self._plain(entry, width, style), *[Content("")] * (self._rows - 1)]
        left = self._big(entry.left, int(width * _LEFT_SHARE) if entry.right else width)
        right = self._big(entry.right, width - cell_len(left[0]) - 2)
        gap = " " * max(0, width - cell_len(left[0]) - cell_len(right[0]))
        return [
            Content.assemble((a, style), gap, (b, "$hall-hint")) for a, b in zip(left, right, strict=True)
        ]

    def _plain(self, entry: Entry, width: int, style: str) -> list[Content]:
        mark = "▶" if entry.is_marked else " "
        right = entry.right if cell_len(entry.right) < width // 2 else ""
        room = max(0, width - cell_len(right) - (1 if right else 0))
        text = Content(f"{mark}{entry.left}").truncate(room, ellipsis=True, pad=True)
        tail = f" {right}" if right else ""
        return [Content.assemble((set_cell_size(text.plain, room), style), (tail, "$hall-hint"))]

    def _big(self, text: str, most: int) -> tuple[str, ...]:
        return render_rows(
            text, self._rows, self._mode, max_cells=max(0, most), cell_aspect=self._cell_aspect
        )


class WideLine(Widget):
    """One line of words in the middle of its place: big where it is high enough, cut with … at the end."""

    ALLOW_SELECT = False

    def __init__(self, mode: BigTextMode, cell_aspect: float, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self._mode, self._cell_aspect = mode, cell_aspect
        self._text = ""

    @property
    def text(self) -> str:
        """What it says."""
        return self._text

    def show(self, text: str) -> None:
        """Say something else."""
        if text != self._text:
            self._text = text
            self.refresh()

    def render(self) -> Content:
        """Big text, or ordinary text in one row."""
        width, height = self.content_size.width, self.content_size.height
        if height <= _PLAIN_ROWS:
            return Content(self._text).truncate(width, ellipsis=True)
        rows = render_rows(self._text, height, self._mode, max_cells=width, cell_aspect=self._cell_aspect)
        return Content("\n".join(rows))
