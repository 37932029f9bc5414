"""What a device can do, read from ``scanimage --all-options``.

::

    All options specific to device `airscan:e0:hall':
      Standard:
        --resolution 75|100|150|200|300|600dpi [300]
            Sets the resolution of the scanned image.
        --source Flatbed|ADF|ADF Duplex [Flatbed]
        -x 0..215.9mm [215.9]
        --three-pass[=(yes|no)] [inactive]
        --gamma-table 0..255,... (in steps of 1) [advanced]

An option begins four columns in, its text eight (scanimage.c, print_option, sane-backends 1.2). Values may
hold blanks, brackets and parentheses. Pure: text in, :class:`Capabilities` out, for any text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

MOST_TEXT = 256 * 1024
"""Characters looked at: the test backend, which has every kind of option, prints 10,000."""
MOST_OPTIONS = 1000

_OPTION = re.compile(r"^ {4}(?:--([A-Za-z0-9][A-Za-z0-9_-]*)|-([ltxy]))(.*)$")
_NUMBER = r"-?\d+(?:\.\d+)?(?:e[+-]?\d+)?"
_RANGE = re.compile(rf"^({_NUMBER})\.\.({_NUMBER})([a-z%]*)(?:,\.\.\.)?(?: \(in steps of ({_NUMBER})\))?$")
_FLAG = re.compile(r"^\[=\(((?:auto\|)?yes\|no)\)\]$")
_UNIT = re.compile(rf"^({_NUMBER})(dpi|mm|pel|bit|us|%)(?:,\.\.\.)?$")


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a device."""

    name: str
    """Without its dashes: ``resolution``, ``x``."""
    choices: tuple[str, ...] = ()
    """The words it takes, exactly as the device writes them; empty for a range or free text."""
    low: float | None = None
    high: float | None = None
    step: float = 0.0
    """0 where any value between is taken."""
    is_flag: bool = False
    """Takes yes or no."""
    current: str = ""
    is_settable: bool = True
    """False while inactive or read-only: setting it then ends scanimage with an error (observed)."""

    def numbers(self) -> tuple[float, ...]:
        """The choices that are numbers."""
        return tuple(float(word) for word in self.choices if re.fullmatch(_NUMBER, word))


class Capabilities:
    """All options of a device, by name."""

    def __init__(self, options: Mapping[str, Option]) -> None:
        self.options = dict(options)

    def settable(self, name: str) -> Option | None:
        """The option, if the device has it and takes a value now."""
        option = self.options.get(name)
        return option if option is not None and option.is_settable else None

    def choices(self, name: str) -> tuple[str, ...]:
        """The words that an option takes now; none if the device lacks it."""
        option = self.settable(name)
        return option.choices if option else ()

    def __bool__(self) -> bool:
        return bool(self.options)


def parse_capabilities(text: str) -> Capabilities:
    """The options in the text; what is none is passed over."""
    options: dict[str, Option] = {}
    for option in _options(text[:MOST_TEXT]):
        if len(options) == MOST_OPTIONS:
            break
        options.setdefault(option.name, option)
    return Capabilities(options)


def _options(text: str) -> Iterator[Option]:
    for line in text.splitlines():
        found = _OPTION.match(line)
        if found:
            yield _option(found[1] or found[2], found[3])


def _option(name: str, rest: str) -> Option:
    # The current value stands in the first brackets that follow a blank: a value such as `Gray[Diffusion]`
    # has none before its own.
    values, _, tail = rest.rstrip().partition(" [")
    values = values.strip()
    is_settable = not re.search(r"(^|\[)(inactive|read-only|hardware)\]", tail)
    current = "" if tail.startswith(("inactive]", "read-only]", "advanced]")) else _current(tail)
    if flag := _FLAG.match(values):
        choices = tuple(word for word in flag[1].split("|") if word != "auto")
        return Option(name, choices, is_flag=True, current=current, is_settable=is_settable)
    if span := _RANGE.match(values.removeprefix("auto|")):
        low, high, step = float(span[1]), float(span[2]), float(span[4] or 0)
        return Option(name, (), low, high, step, current=current, is_settable=is_settable)
    if not values or values.startswith("<"):
        return Option(name, current=current, is_settable=is_settable)
    words = tuple(word for word in values.split("|") if word and word != "auto")
    return Option(name, _without_unit(words), current=current, is_settable=is_settable)


def _current(tail: str) -> str:
    """``300] [advanced`` and ``Gray[Diffusion]]`` without what follows the value."""
    value = re.sub(r"\](?: \[(?:advanced|hardware|read-only|inactive)\])*$", "", tail)
    return value.removesuffix("]") if value.count("]") > value.count("[") else value


def _without_unit(words: tuple[str, ...]) -> tuple[str, ...]:
    """A list of numbers has its unit behind the last: ``75|100|600dpi``."""
    last = _UNIT.match(words[-1]) if words else None
    if last and all(re.fullmatch(_NUMBER, word) for word in words[:-1]):
        return (*words[:-1], last[1])
    return words
