"""The hall's hours in words, for the closed picture. Words only: whether it is open the service says."""

from __future__ import annotations

from itertools import groupby

from hallkiosk.wording import Text, Words
from hallkiosk.wording.terminal import WEEKDAYS
from hallqueue.plan import Calendar

_Times = tuple[tuple[str, str], ...]


def hours_text(calendar: Calendar, words: Words) -> tuple[Text, ...]:
    """One text for each run of weekdays with the same hours, Monday first."""
    week = [_times(calendar, weekday) for weekday in range(1, 8)]
    runs = [(times, [day for day, _ in days]) for times, days in groupby(enumerate(week), lambda day: day[1])]
    return tuple(_run(times, days[0], days[-1], words) for times, days in runs if times)


def _times(calendar: Calendar, weekday: int) -> _Times:
    return tuple(sorted((s.start, s.end) for s in calendar.sessions if weekday in s.weekdays))


def _run(times: _Times, first: int, last: int, words: Words) -> Text:
    key = "terminal.weekdays" if first == last else "terminal.weekdays-range"
    zh = words.zh(key, first=WEEKDAYS[first].zh, last=WEEKDAYS[last].zh)
    en = words.en(key, first=WEEKDAYS[first].en, last=WEEKDAYS[last].en)
    spans = [f"{start}-{end}" for start, end in times]
    joined = words.text("terminal.joined")
    return Text(zh + joined.zh.join(spans), f"{en} {joined.en.join(spans)}")
