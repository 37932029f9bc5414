"""The terminal's style sheet and its two head lines. Sizes only: colours come from the theme."""

from __future__ import annotations

from textual.content import Content

from hallkiosk.wording import Text
from hallprinter.cells import text_width

TERMINAL_CSS = """
CitizenTerminal { layout: vertical; width: 1fr; height: 1fr; background: $hall-page; color: $hall-text; }
CitizenTerminal > #question {
    width: 1fr; height: 1; padding: 0 1; text-style: bold; text-align: center;
}
CitizenTerminal > #choices { margin: 0 1; }
CitizenTerminal > #foot { width: 1fr; height: 4; padding: 1 1 0 1; }
CitizenTerminal #back { width: 30%; }
CitizenTerminal #foot-note { width: 1fr; height: 1fr; content-align: center middle; text-align: center; }
CitizenTerminal #go { width: 45%; }
CitizenTerminal > .title { content-align: left middle; }
CitizenTerminal.-tall > #question { height: 2; margin: 1 0; }
CitizenTerminal.-tall > #choices { margin: 0 1 1 1; }
CitizenTerminal.-tall > #foot { padding: 0 1; height: 3; }
CitizenTerminal.-tall.-confirm > #choices { margin: 1; }
CitizenTerminal.-portrait > #foot { height: 6; padding: 0 1 1 1; }
"""


def title_bar(hall: str, what: Text, width: int) -> str:
    """The hall's name on the left and what this is on the right, as far as there is room."""
    for right in (f"{what.zh} {what.en}", what.zh):
        spare = width - text_width(hall) - text_width(right)
        if spare >= 2:
            return hall + " " * spare + right
    return hall


def heading(question: Text, width: int, is_tall: bool) -> Content:
    """The question in both languages: on one line, on two where there is room, or in Chinese alone."""
    english = Content.styled(question.en, "$hall-hint not bold")
    if is_tall:
        return Content("\n").join((Content(question.zh), english))
    if text_width(question.zh) + 2 + text_width(question.en) <= width:
        return Content("  ").join((Content(question.zh), english))
    return Content(question.zh)
