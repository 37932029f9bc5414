"""The console's widgets: buttons and the list to pick from. They show and decide nothing."""

from __future__ import annotations

from dataclasses import dataclass

from textual.content import Content
from textual.events import Click, MouseScrollDown, MouseScrollUp
from textual.message import Message
from textual.widget import Widget

from hallkiosk.window.keys import Action
from hallkiosk.window.menu import Menu
from hallkiosk.wording import Text


class OpButton(Widget):
    """One operation: its keys and its name. Never takes the focus, which stays with the console."""

    ALLOW_SELECT = False

    @dataclass
    class Pressed(Message):
        """Clicked while it was on; None is the primary button."""

        action: Action | None

    def __init__(self, action: Action | None, *, id: str) -> None:  # noqa: A002 - Textual's name for it
        super().__init__(id=id)
        self._action = action
        self._keys, self._text = "", Text("")

    def show(self, keys: str, text: Text, *, is_on: bool) -> None:
        """Another name, or on and off."""
        if (keys, text, is_on) == (self._keys, self._text, not self.disabled):
            return
        self._keys, self._text = keys, text
        self.disabled = not is_on
        self.refresh()

    def render(self) -> Content:
        """Keys and name on one line; the English below where there is a second one."""
        width, height = self.content_size.width, self.content_size.height
        name = Content.assemble((self._keys, "$hall-focus" if not self.disabled else ""), " ", self._text.zh)
        lines = [name.truncate(width, ellipsis=True)]
        if height >= 2 and self._text.en:
            lines.append(Content.styled(self._text.en, "not bold").truncate(width, ellipsis=True))
        return Content("\n").join(lines)

    def on_click(self, event: Click) -> None:
        """A click; it goes no further."""
        event.stop()
        if not self.disabled:
            self.post_message(self.Pressed(self._action))


class PrimaryButton(OpButton):
    """The natural next step, larger, its key after its name."""

    def render(self) -> Content:
        """Name, English and key on one line where they fit, the English below them otherwise."""
        width, height = self.content_size.width, self.content_size.height
        zh, english, keys = self._text.zh, self._text.en, f"（{self._keys}）"
        one = Content.assemble(zh, "   ", (english, "not bold"), "   ", keys)
        if one.cell_length <= width or height < 2:
            return one.truncate(width, ellipsis=True)
        lines = (Content(f"{zh}  {keys}"), Content.styled(english, "not bold"))
        return Content("\n").join(line.truncate(width, ellipsis=True) for line in lines)


class PickPane(Widget):
    """A question and its answers, one a line: up and down, Enter, Escape, the wheel, or a click."""

    ALLOW_SELECT = False

    @dataclass
    class Picked(Message):
        """A line was clicked."""

        place: int

    def __init__(self, *, id: str) -> None:  # noqa: A002 - Textual's name for it
        super().__init__(id=id)
        self._menu: Menu | None = None
        self._hint = ""
        self.place = 0
        """The line the cursor is on."""

    @property
    def menu(self) -> Menu | None:
        """What is asked now."""
        return self._menu

    def ask(self, menu: Menu | None, hint: str) -> None:
        """Ask, or go away."""
        self._menu, self._hint, self.place = menu, hint, 0
        self.display = menu is not None
        self.refresh()

    def step(self, lines: int) -> None:
        """Move the cursor; it stops at both ends."""
        if self._menu is not None:
            self.place = max(0, min(len(self._menu.choices) - 1, self.place + lines))
            self.refresh()

    @property
    def page(self) -> int:
        """How many lines fit below the question and above the hint."""
        return max(1, self.content_size.height - 2)

    @property
    def _first(self) -> int:
        """The first line shown: whole pages, so that a line stays where it is while the cursor moves."""
        return self.place // self.page * self.page

    def render(self) -> Content:
        """The question, one page of answers, and how to answer."""
        menu, width = self._menu, self.content_size.width
        if menu is None:
            return Content("")
        lines = [Content.styled(menu.title.zh, "bold $hall-warn").truncate(width, ellipsis=True)]
        for place, choice in enumerate(menu.choices[self._first : self._first + self.page], self._first):
            is_here = place == self.place
            text = f"{'▶' if is_here else ' '} {choice.text.zh}"
            style = "bold $hall-button-active-text on $hall-button-active" if is_here else ""
            line = Content.assemble(text, ("  " + choice.text.en, "not bold")).truncate(
                width, ellipsis=True, pad=True
            )
            lines.append(line.stylize(style) if style else line)
        lines += [Content("")] * (1 + self.page - len(lines))
        count = len(menu.choices)
        where = f"  {self.place + 1}/{count}" if count > self.page else ""
        lines.append(Content.styled(self._hint + where, "$hall-hint").truncate(width, ellipsis=True))
        return Content("\n").join(lines)

    def on_click(self, event: Click) -> None:
        """A click on a line chooses it."""
        event.stop()
        at = event.get_content_offset(self)
        if self._menu is None or at is None or not 1 <= at.y <= self.page:
            return
        place = self._first + at.y - 1
        if place < len(self._menu.choices):
            self.post_message(self.Picked(place))

    def on_mouse_scroll_down(self, event: MouseScrollDown) -> None:
        """The wheel moves the cursor."""
        event.stop()
        self.step(1)

    def on_mouse_scroll_up(self, event: MouseScrollUp) -> None:
        """The wheel moves the cursor."""
        event.stop()
        self.step(-1)
