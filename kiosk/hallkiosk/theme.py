"""The two looks of the hall, and the shared classes; colours are named here and nowhere else.

大厅蓝 is calm and dark, so that a big number glows on a screen across the room; 高对比 is yellow on black for
people who see badly. Text keeps a contrast of at least 4.5:1 and large text 3:1 (MIIT
移动互联网应用适老化通用设计规范; `TEXT_PAIRS` lists what is shown on what, and a test computes every
pair). No state is told by colour alone.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from textual.theme import Theme


class HallTheme(StrEnum):
    """Names of the two themes, as Textual's `App.theme` takes them."""

    BLUE = "hall-blue"
    HIGH_CONTRAST = "high-contrast"

    @property
    def label_zh(self) -> str:
        """What a person is offered."""
        return {HallTheme.BLUE: "大厅蓝", HallTheme.HIGH_CONTRAST: "高对比"}[self]


_BLUE = {
    "hall-page": "#0b1f3a",
    "hall-text": "#f2f6fc",
    "hall-hint": "#a9bdd8",
    "hall-title": "#ffffff",
    "hall-title-bar": "#123a6b",
    "hall-panel": "#13305a",
    "hall-panel-line": "#2d548c",
    "hall-button": "#2b6ec9",
    "hall-button-text": "#ffffff",
    "hall-button-active": "#e8f0fb",
    "hall-button-active-text": "#0b2f63",
    "hall-button-off": "#23344d",
    "hall-button-off-text": "#9fb0c8",
    "hall-focus": "#ffd54a",
    "hall-number": "#ffd54a",
    "hall-warn": "#ffb84d",
    "hall-warn-text": "#241500",
    "hall-fault": "#ff9c94",
    "hall-good": "#7be0a3",
}
_HIGH_CONTRAST = {
    "hall-page": "#000000",
    "hall-text": "#ffe600",
    "hall-hint": "#ffffff",
    "hall-title": "#000000",
    "hall-title-bar": "#ffe600",
    "hall-panel": "#000000",
    "hall-panel-line": "#ffe600",
    "hall-button": "#ffe600",
    "hall-button-text": "#000000",
    "hall-button-active": "#ffffff",
    "hall-button-active-text": "#000000",
    "hall-button-off": "#333333",
    "hall-button-off-text": "#d0d0d0",
    "hall-focus": "#0000c8",
    "hall-number": "#ffffff",
    "hall-warn": "#ffffff",
    "hall-warn-text": "#000000",
    "hall-fault": "#ffa3a3",
    "hall-good": "#9dffb0",
}

COLOURS: Mapping[HallTheme, Mapping[str, str]] = MappingProxyType(
    {HallTheme.BLUE: MappingProxyType(_BLUE), HallTheme.HIGH_CONTRAST: MappingProxyType(_HIGH_CONTRAST)}
)
"""For each theme the stylesheet variables (`$hall-text` and so on) and their colours."""

TEXT_PAIRS: tuple[tuple[str, str], ...] = (
    ("hall-text", "hall-page"),
    ("hall-text", "hall-panel"),
    ("hall-hint", "hall-page"),
    ("hall-hint", "hall-panel"),
    ("hall-title", "hall-title-bar"),
    ("hall-button-text", "hall-button"),
    ("hall-button-active-text", "hall-button-active"),
    ("hall-button-off-text", "hall-button-off"),
    ("hall-number", "hall-page"),
    ("hall-number", "hall-panel"),
    ("hall-warn-text", "hall-warn"),
    ("hall-fault", "hall-page"),
    ("hall-fault", "hall-panel"),
    ("hall-good", "hall-page"),
    ("hall-good", "hall-panel"),
)
"""Text and what it stands on; at least 4.5:1."""
MARK_PAIRS: tuple[tuple[str, str], ...] = (
    ("hall-button", "hall-page"),
    ("hall-focus", "hall-button"),
    ("hall-warn", "hall-page"),
)
"""Large marks and what they stand on; at least 3:1."""


def _theme(name: HallTheme) -> Theme:
    """Textual's own widgets (inputs, tables, scroll bars) take the same colours."""
    colours = COLOURS[name]
    return Theme(
        name=name.value,
        primary=colours["hall-button"],
        secondary=colours["hall-title-bar"],
        accent=colours["hall-focus"],
        warning=colours["hall-warn"],
        error=colours["hall-fault"],
        success=colours["hall-good"],
        foreground=colours["hall-text"],
        background=colours["hall-page"],
        surface=colours["hall-panel"],
        panel=colours["hall-panel"],
        dark=True,
        variables=dict(colours),
    )


THEMES: tuple[Theme, ...] = tuple(_theme(name) for name in HallTheme)
"""Both themes, to be registered by the app."""

BASE_CSS = """
Screen {
    background: $hall-page;
    color: $hall-text;
}
.title {
    width: 1fr;
    height: 1;
    padding: 0 1;
    background: $hall-title-bar;
    color: $hall-title;
    text-style: bold;
}
.hint { color: $hall-hint; }
.number { color: $hall-number; }
.good { color: $hall-good; }
.fault { color: $hall-fault; text-style: bold; }
.warn {
    background: $hall-warn;
    color: $hall-warn-text;
    text-style: bold;
    padding: 0 1;
}
.panel {
    background: $hall-panel;
    color: $hall-text;
    padding: 0 1;
}
.big-button {
    min-height: 3;
    height: 3;
    min-width: 8;
    padding: 0 1;
    border: none;
    background: $hall-button;
    color: $hall-button-text;
    text-style: bold;
    text-align: center;
    content-align: center middle;
}
.big-button:hover { background: $hall-button; color: $hall-button-text; border: none; }
.big-button:focus {
    background: $hall-button;
    color: $hall-button-text;
    text-style: bold;
    outline-left: thick $hall-focus;
    outline-right: thick $hall-focus;
    background-tint: transparent;
}
.big-button.-active, .big-button:focus.-active {
    background: $hall-button-active;
    color: $hall-button-active-text;
    border: none;
    tint: transparent;
}
.big-button:disabled {
    background: $hall-button-off;
    color: $hall-button-off-text;
    text-style: none;
    text-opacity: 1;
    opacity: 1;
}
"""
"""Shared classes: `.big-button .title .hint .warn .panel .number .good .fault`."""
