"""The line of tabs at the top and the line with the next step at the bottom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.events import Click
from textual.message import Message
from textual.widgets import Static

from hallkiosk.wording import Text


@dataclass(frozen=True, slots=True)
class Label:
    """What stands on a tab."""

    name: str
    """What a click chooses: the number of a panel, `0` for the overview, `quit`."""
    key: str
    text: Text
    short_key: str = ""
    """Another key that does as well, for narrow lines."""


def tab_texts(labels: Sequence[Label], width: int) -> tuple[str, ...]:
    """The tabs' words for a line of that width: with English where all fit, else Chinese alone."""
    long = tuple(f"{label.key} {label.text.zh} {label.text.en}".strip() for label in labels)
    middle = tuple(f"{label.key} {label.text.zh}" for label in labels)
    narrow = tuple(f"{label.short_key or label.key} {label.text.zh}" for label in labels)
    short = tuple(f"{label.short_key or label.key}{label.text.zh}" for label in labels)
    for texts in (long, middle, narrow, short):
        if sum(cell_len(text) + 2 for text in texts) <= width:
            return texts
    return tuple(label.key for label in labels)


class Tab(Static):
    """One tab; brackets mark the one that has the keys, `>` the one where the next step is."""

    ALLOW_SELECT = False

    @dataclass
    class Chosen(Message):
        """A click on a tab."""

        name: str

    def __init__(self, name: str) -> None:
        super().__init__(id=f"tab-{name}", markup=False)
        self._means = name
        self._shown: tuple[str, bool, bool] | None = None

    def show(self, text: str, *, is_chosen: bool, is_next: bool) -> None:
        """Write it anew."""
        if (text, is_chosen, is_next) == self._shown:
            return
        self._shown = text, is_chosen, is_next
        ends = ("[", "]") if is_chosen else (">" if is_next else " ", " ")
        self.set_class(is_chosen, "-chosen")
        self.set_class(is_next and not is_chosen, "-next")
        self.update(Content(f"{ends[0]}{text}{ends[1]}"))

    def on_click(self, event: Click) -> None:
        """Chosen."""
        event.stop()
        self.post_message(self.Chosen(self._means))


class TabBar(Horizontal):
    """All tabs, the way out at the right end."""

    def __init__(self, labels: Sequence[Label]) -> None:
        super().__init__(id="tabs")
        self._labels = tuple(labels)
        self._tabs = tuple(Tab(label.name) for label in self._labels)

    def compose(self) -> ComposeResult:
        """One tab a label; the last one stands at the right end."""
        yield from self._tabs[:-1]
        yield Static(id="tab-space")
        yield self._tabs[-1]

    def show(self, chosen: Sequence[str], following: str, hidden: Sequence[str], width: int) -> None:
        """Mark the tabs: where the keys go, where the next step is, and which are of no use now."""
        shown = [label for label in self._labels if label.name not in hidden]
        texts = dict(zip((label.name for label in shown), tab_texts(shown, width), strict=True))
        for label, tab in zip(self._labels, self._tabs, strict=True):
            if tab.display is not (label.name in texts):
                tab.display = label.name in texts
            if tab.display:
                tab.show(texts[label.name], is_chosen=label.name in chosen, is_next=label.name == following)


class GuideBar(Static):
    """The next step, in both languages; a click leads there."""

    ALLOW_SELECT = False

    @dataclass
    class Followed(Message):
        """A click on the guide."""

    def __init__(self) -> None:
        super().__init__(id="guide", classes="warn", markup=False)
        self.text = Text("")
        """What it says."""

    def say(self, text: Text) -> None:
        """Say something else."""
        if text != self.text:
            self.text = text
            self.write()

    def write(self) -> None:
        """On one line where both languages fit, else on two."""
        zh, en = self.text.zh, self.text.en
        between = "\n" if self.styles.height and self.styles.height.value == 2 else "  "
        self.update(Content.assemble((zh, "bold"), between, (en, "not bold")))

    def on_click(self, event: Click) -> None:
        """Lead there."""
        event.stop()
        self.post_message(self.Followed())
