"""What a device's block says: its state in words and colour, what it read, and what to do. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from rich.cells import cell_len
from textual.content import Content

from hallkiosk.deck.devicegrid import cut
from hallkiosk.wording import Text, Words
from hallkiosk.wording.deck import DEVICE_STATES
from hallprinter.cells import clean, wrap
from hallqueue.views import DeviceView

_NOT_REPORTED = "unknown"
_STYLES = {
    "online": "$hall-good",
    "busy": "$hall-number",
    "unknown": "$hall-hint",
}
_FAULT, _WARNING = "bold $hall-fault", "$hall-number"
_TEXT, _HINT = "$hall-text", "$hall-hint"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a block."""

    text: str
    style: str


def needs_care(view: DeviceView | None) -> bool:
    """Whether somebody should look at it; of an unheard device nothing is known."""
    return view is not None and view.state not in _STYLES


def since(view: DeviceView, utc_offset_minutes: int, now_ms: int) -> str:
    """When its state began, in the hall's own time; with the day when that is another one."""
    zone = timedelta(minutes=utc_offset_minutes)
    began = datetime.fromtimestamp(view.since_ms / 1000, UTC) + zone
    now = datetime.fromtimestamp(now_ms / 1000, UTC) + zone
    return began.strftime("%H:%M:%S" if began.date() == now.date() else "%m-%d %H:%M")


def head(words: Words, title: Text, view: DeviceView | None, time: str, width: int) -> Content:
    """Name at the left, state at the right; the name's English gives way first, then the state's."""
    state = view.state if view else _NOT_REPORTED
    said = DEVICE_STATES.get(state, Text(state))
    began = words.zh("deck.device-since", time=time) if time else ""
    name, english = clean(title.zh), clean(title.en)
    style = f"bold {_STYLES.get(state, '$hall-fault')}"
    forms = (
        (f"{name} {english}", f"{said.zh} {said.en} {began}"),
        (name, f"{said.zh} {said.en} {began}"),
        (name, f"{said.zh} {began}"),
    )
    for left, right in forms:
        left, right = left.strip(), f"{right.strip()} "
        if cell_len(left) + cell_len(right) + 2 <= width:
            break
    else:
        right = f"{said.zh} "
        left = cut(name, max(1, width - cell_len(right) - 2))
    space = " " * max(1, width - 1 - cell_len(left) - cell_len(right))
    return Content.assemble((f" {left}", "bold"), space, (said.zh, style), (right[len(said.zh) :], _HINT))


def lines(
    words: Words,
    view: DeviceView | None,
    reading: Text,
    doing: Sequence[Text],
    width: int,
    rows: int,
) -> tuple[Line, ...]:
    """What stands under the buttons, in the order of its weight; at most `rows`, cut visibly."""
    kept: list[Line] = []
    for text, style in _paragraphs(words, view, reading, doing):
        kept += [Line(line, style) for line in wrap(text, max(2, width))]
    if len(kept) > rows:
        last = kept[rows - 1]
        is_cut = kept[rows].style == last.style
        kept = [*kept[: rows - 1], Line(cut(last.text + "…", width), last.style) if is_cut else last]
    return tuple(kept)


def _paragraphs(
    words: Words, view: DeviceView | None, reading: Text, doing: Sequence[Text]
) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for deed in doing:
        zh, en = words.zh("deck.device-doing", deed=deed.zh), words.en("deck.device-doing", deed=deed.en)
        found.append((f"{zh} {en}", _WARNING))
    english = ""
    if view is not None and (view.code or view.what_zh or view.remedy_zh):
        zh = words.zh("deck.device-fault", code=view.code, what=view.what_zh, remedy=view.remedy_zh)
        found.append((zh.strip(), _FAULT if needs_care(view) else _WARNING))
        if view.what_en or view.remedy_en:
            english = words.en(
                "deck.device-fault", code=view.code, what=view.what_en, remedy=view.remedy_en
            ).strip(": ")
    was_read = clean(f"{reading.zh} {reading.en}").strip()
    if was_read:
        found.append((was_read, _TEXT))
    elif not found:
        nothing = words.text("deck.device-nothing")
        found.append((f"{nothing.zh} {nothing.en}", _HINT))
    if english:
        found.append((english, _HINT))
    return found
