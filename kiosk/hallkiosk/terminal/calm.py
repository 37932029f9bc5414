"""The pictures that ask for patience or say no: one calm thing to read, and at most two buttons."""

from __future__ import annotations

import re

from hallkiosk.terminal.hours import hours_text
from hallkiosk.terminal.model import Face, Line, Picture, Scene, Shortcuts, Tone, World
from hallkiosk.terminal.steps import Visit
from hallkiosk.wording import Text, Words
from hallqueue.plan import Plan
from hallqueue.views import LineView


class CalmPictures:
    """Draws them for one hall in its words; the base of all its pictures."""

    def __init__(self, plan: Plan, words: Words, shortcuts: Shortcuts) -> None:
        self._plan, self._words, self._shortcuts = plan, words, shortcuts

    def _issuing(self, visit: Visit, world: World) -> Picture:
        if not (visit.is_away or world.is_slow):
            text = self._words.text("terminal.issuing-wait")
            return Picture(
                Scene.ISSUING,
                self._words.text("terminal.issuing"),
                big=self._words.zh("terminal.issuing"),
                lines=(Line(text.zh, Tone.STRONG), Line(text.en, Tone.HINT, rank=1)),
            )
        why, once = self._words.text("terminal.recovering-why"), self._words.text("terminal.one-ticket")
        paper = self._words.text("terminal.maybe-paper")
        return Picture(
            Scene.ISSUING,
            self._words.text("terminal.issuing"),
            big=self._words.zh("terminal.recovering"),
            lines=(
                Line(f"{why.zh}，{self._words.zh('terminal.recovering')}", Tone.STRONG),
                Line(why.en, Tone.HINT, rank=1),
                Line(once.zh, Tone.PLAIN),
                Line(once.en, Tone.HINT, rank=2),
            ),
            back=self._back("terminal.leave"),
            note=paper.zh,
        )

    def _asking(self, visit: Visit, world: World) -> Picture:
        count, touch = (
            self._countdown("terminal.asking-count", world),
            self._words.text("terminal.asking-touch"),
        )
        return Picture(
            Scene.ASKING,
            self._words.text("terminal.asking"),
            big=self._words.zh("terminal.asking"),
            lines=(
                Line(count.zh, Tone.STRONG),
                Line(count.en, Tone.HINT, rank=2),
                Line(touch.zh, Tone.PLAIN),
                Line(touch.en, Tone.HINT, rank=3),
            ),
            back=self._back("terminal.home"),
            go=self._go("terminal.go-on"),
        )

    def _recovering(self, visit: Visit, world: World) -> Picture:
        why, safe = self._words.text("terminal.recovering-why"), self._words.text("terminal.recovering-safe")
        wait = self._words.text("terminal.recovering")
        return Picture(
            Scene.RECOVERING,
            wait,
            big=wait.zh,
            lines=(
                Line(f"{why.zh}，{wait.zh}", Tone.STRONG),
                Line(why.en, Tone.HINT, rank=1),
                Line(safe.zh, Tone.PLAIN),
                Line(safe.en, Tone.HINT, rank=2),
            ),
        )

    def _closed(self, visit: Visit, world: World) -> Picture:
        lines = self._reasons(world.snapshot.lines[0]) if world.snapshot and world.snapshot.lines else ()
        for hours in hours_text(self._plan.calendar, self._words):
            lines += (
                Line(self._words.zh("terminal.hours", hours=hours.zh), Tone.PLAIN),
                Line(self._words.en("terminal.hours", hours=hours.en), Tone.HINT, rank=3),
            )
        closed = self._words.text("terminal.closed")
        return Picture(Scene.CLOSED, closed, big=closed.zh, lines=lines)

    def _countdown(self, key: str, world: World) -> Text:
        return self._words.text(key, seconds=world.remaining_s) if world.remaining_s is not None else Text("")

    def _back(self, key: str, *, escape: bool = True) -> Face:
        return Face(self._named(key, "terminal.key-escape" if escape else ""))

    def _go(self, key: str) -> Face:
        return Face(self._named(key, "terminal.key-enter"))

    def _named(self, key: str, press: str) -> Text:
        text = self._words.text(key)
        if not (press and self._shortcuts.names_keys):
            return text
        named = self._words.text(press)
        return Text(text.zh + named.zh, text.en + named.en)

    def _reasons(self, line: LineView) -> tuple[Line, ...]:
        zh = [Line(part, Tone.STRONG) for part in re.split("[。；]", line.refusal_zh) if part]
        return (*zh, Line(line.refusal_en, Tone.HINT, rank=2))
