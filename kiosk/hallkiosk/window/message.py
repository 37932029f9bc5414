"""The console's message line: one thing to say, in as much of both languages as there is room for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from textual.content import Content

from hallkiosk.window.keys import Action
from hallkiosk.wording import Text, Words
from hallprinter.cells import wrap_balanced
from hallqueue.errors import HallError


class Tone(Enum):
    """How a message looks."""

    QUIET = "quiet"
    """What is going on."""
    ASK = "ask"
    """Something needs attention."""
    FAULT = "fault"
    """A no, and what to do."""


@dataclass(frozen=True, slots=True)
class Message:
    """Something to tell the clerk."""

    text: Text
    tone: Tone


def message_content(message: Message | None, width: int, rows: int) -> Content:
    """The Chinese whole; the English below it where the rows suffice for all of it."""
    if message is None or width < 2:
        return Content("")
    chinese = wrap_balanced(message.text.zh, width)
    english = wrap_balanced(message.text.en, width) if message.text.en else ()
    lines = [Content(line) for line in chinese[:rows]]
    room = rows - len(lines)
    if 0 < len(english) <= room:
        lines += [Content.styled(line, "not bold") for line in english]
    elif room > 0 and english:
        lines.append(Content.styled(message.text.en, "not bold").truncate(width, ellipsis=True))
    return Content("\n").join(lines)


_PRIMARY_WORDS = {
    Action.OPEN: "window.do-open",
    Action.CALL: "window.do-call",
    Action.START: "window.do-start",
    Action.FINISH: "window.do-finish",
}


def name_of(words: Words, action: Action) -> str:
    """What an operation is called in a sentence."""
    return words.zh(_PRIMARY_WORDS.get(action, f"window.{action.value}"), number="")


def error_text(words: Words, error: HallError) -> Text:
    """A refusal with its code, and what to do."""
    zh = words.zh("window.error", code=error.code, what=error.what_zh, fix=error.remedy_zh)
    en = words.en("window.error", code=error.code, what=error.what_en, fix=error.remedy_en)
    return Text(zh, en)
