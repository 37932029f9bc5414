"""A real picture of a program in a terminal: run it, press keys, draw what the terminal shows.

    python tools/picture.py --size 80x24 --out deck.png --wait-for 取票 --send 1 -- hall demo

The command runs in a pseudo terminal of the given size; its output is interpreted by pyte (the test extra)
and drawn by `hallkiosk.cellpicture`. The steps (--wait-for, --send, --key, --click, --click-text, --wait,
--shot) are done in the order given; then the picture is taken and the program is ended. Needs the packages
of the test extra.
"""

from __future__ import annotations

import argparse
import codecs
import os
import re
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import pyte

from hallkiosk.cellpicture import Cell, CellGrid, Rgb, save_png
from hallkiosk.cellpicture_program import KEYS, PtyProgram, click_at, terminal_environment

_QUIET_S = 0.3
"""A screen is settled when nothing came for this long."""
_SETTLE_LIMIT_S = 3.0
_FOREIGN = re.compile("\x1b\\[[<=>][0-9;:]*[@-~]|\x1b\\[[?0-9;]*\\$[@-~]|\x1b[P_^X][^\x1b]*\x1b\\\\")
"""Sequences that pyte 0.8.2 would partly print: CSI with < = >, DECRQM, and DCS, APC, PM, SOS strings."""
_UNFINISHED = re.compile("\x1b(?:\\[[0-9;:<=>?$]*|[P_^X][^\x1b]*\x1b?|\\][^\x07\x1b]*\x1b?)?$")
_NAMES = ("black", "red", "green", "brown", "blue", "magenta", "cyan", "white")
_XTERM = ("000000", "cd0000", "00cd00", "cdcd00", "0000ee", "cd00cd", "00cdcd", "e5e5e5")
_XTERM_BRIGHT = ("7f7f7f", "ff0000", "00ff00", "ffff00", "5c5cff", "ff00ff", "00ffff", "ffffff")
_PALETTE = {
    **dict(zip(_NAMES, _XTERM, strict=True)),
    **{f"bright{name}": colour for name, colour in zip(_NAMES, _XTERM_BRIGHT, strict=True)},
    "bfightmagenta": "ff00ff",  # pyte 0.8.2 spells SGR 105 so
}
_DEFAULT_FG, _DEFAULT_BG = "e5e5e5", "101418"


class PictureError(Exception):
    """The program did not show what the steps wait for; `grid` is what it showed instead."""

    def __init__(self, what: str, grid: CellGrid) -> None:
        super().__init__(f"{what}\n{grid.text}")
        self.grid = grid


@dataclass(frozen=True, slots=True)
class WaitFor:
    """Wait until the screen shows a text (within one row)."""

    text: str


@dataclass(frozen=True, slots=True)
class Send:
    """Type text, or send the bytes of a key."""

    keys: str


@dataclass(frozen=True, slots=True)
class Click:
    """Press and release the left button on a cell; counted from 0."""

    column: int
    row: int


@dataclass(frozen=True, slots=True)
class ClickText:
    """Wait for a text and click on its middle."""

    text: str


@dataclass(frozen=True, slots=True)
class Wait:
    """Let the program run."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Shot:
    """Take a picture in between."""

    out: Path


Step = WaitFor | Send | Click | ClickText | Wait | Shot


class Terminal:
    """A program and what its screen shows; a context manager, leaving it ends the program."""

    def __init__(self, command: Sequence[str], size: tuple[int, int], cwd: Path | None = None) -> None:
        self._screen = pyte.Screen(*size)
        self._stream = pyte.Stream(self._screen)
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._held = ""
        self._program = PtyProgram(command, size, terminal_environment(os.environ), cwd)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *exc: object) -> None:
        self._program.close()

    def write(self, keys: str) -> None:
        """Send what a person typed or clicked."""
        self._program.write(keys)

    def pump(self, seconds: float) -> bool:
        """Show the next piece of output; False when none came in that time."""
        data = self._program.read(seconds)
        self.feed(data)
        return bool(data)

    def settle(self, limit_s: float = _SETTLE_LIMIT_S) -> None:
        """Read until the program is quiet, or the limit (a clock never is)."""
        end = time.monotonic() + limit_s
        while time.monotonic() < end and self.pump(_QUIET_S):
            pass

    def wait_for(self, text: str, deadline: float) -> tuple[int, int]:
        """Read until the text is shown; its cell.

        Raises PictureError at the deadline, or when the program has ended without showing it.
        """
        while (found := self.grid().find(text)) is None:
            if time.monotonic() > deadline or not self._program.is_open:
                why = "in time" if self._program.is_open else "before the program ended"
                raise PictureError(f"the screen did not show {text!r} {why}; it shows:", self.grid())
            self.pump(0.1)
        return found

    def grid(self) -> CellGrid:
        """The screen as it is now."""
        screen = self._screen
        lines = (screen.buffer[row] for row in range(screen.lines))
        return CellGrid(tuple(_row([line[column] for column in range(screen.columns)]) for line in lines))

    def feed(self, data: bytes) -> None:
        """Give pyte what it understands; a sequence cut by the read stays back until the rest comes."""
        text = _FOREIGN.sub("", self._held + self._decoder.decode(data))
        unfinished = _UNFINISHED.search(text)
        cut = unfinished.start() if unfinished else len(text)
        self._held = text[cut:]
        self._stream.feed(text[:cut])


def screen_of(
    command: Sequence[str],
    size: tuple[int, int],
    steps: Sequence[Step] = (),
    timeout_s: float = 20.0,
    cwd: Path | None = None,
) -> CellGrid:
    """Run a command in a terminal of (columns, rows), do the steps, and return what it shows then.

    Raises PictureError when a step waits in vain (`timeout_s` bounds each), OSError when the command cannot
    start.
    """
    with Terminal(command, size, cwd) as terminal:
        for step in steps:
            _do(step, terminal, timeout_s)
        terminal.settle()
        return terminal.grid()


def picture_of(
    command: Sequence[str],
    size: tuple[int, int],
    steps: Sequence[Step],
    out: Path,
    timeout_s: float = 20.0,
    cwd: Path | None = None,
) -> Path:
    """The same as `screen_of`, drawn into the PNG `out`; returns its path."""
    return save_png(screen_of(command, size, steps, timeout_s, cwd), out)


def _do(step: Step, terminal: Terminal, timeout_s: float) -> None:
    deadline = time.monotonic() + timeout_s
    match step:
        case WaitFor(text):
            terminal.wait_for(text, deadline)
        case Send(keys):
            terminal.write(keys)
        case ClickText(text):
            terminal.wait_for(text, deadline)
            terminal.settle()
            terminal.write(click_at(*terminal.wait_for(text, deadline)))
        case Click(column, row):
            terminal.write(click_at(column, row))
        case Wait(seconds):
            end = time.monotonic() + seconds
            while (left := end - time.monotonic()) > 0:
                terminal.pump(left)
        case Shot(out):
            terminal.settle()
            save_png(terminal.grid(), out)


def _row(chars: Sequence[Any]) -> tuple[Cell, ...]:
    """One line of pyte's buffer; half a wide character (the other half was overwritten) shows as a space."""
    cells: list[Cell] = []
    for column, char in enumerate(chars):
        follows = column + 1 < len(chars) and chars[column + 1].data == ""
        text = char.data
        if text == "" and not (cells and _is_wide(cells[-1].text)):
            text = " "
        elif _is_wide(text) and not follows:
            text = " "
        cells.append(_cell(char, text))
    return tuple(cells)


def _is_wide(text: str) -> bool:
    return bool(text) and pyte.screens.wcwidth(text[0]) == 2


def _cell(char: Any, text: str) -> Cell:
    return Cell(
        text, _rgb(char.fg, _DEFAULT_FG), _rgb(char.bg, _DEFAULT_BG),
        bold=char.bold, underline=char.underscore, strike=char.strikethrough, reverse=char.reverse,
    )  # fmt: skip


def _rgb(colour: str, default: str) -> Rgb:
    code = default if colour == "default" else _PALETTE.get(colour, colour)
    return int(code[0:2], 16), int(code[2:4], 16), int(code[4:6], 16)


class _AddStep(argparse.Action):
    """Appends a step, so that steps of all kinds keep their order."""

    MAKERS: ClassVar[dict[str, Any]] = {
        "--wait-for": WaitFor,
        "--send": Send,
        "--key": lambda name: Send(KEYS[name]),
        "--click": lambda cell: Click(*(int(part) for part in cell.split(","))),
        "--click-text": ClickText,
        "--wait": lambda seconds: Wait(float(seconds)),
        "--shot": lambda path: Shot(Path(path)),
    }

    def __call__(self, parser: Any, namespace: Any, values: Any, option_string: str | None = None) -> None:
        try:
            step = self.MAKERS[option_string or ""](values)
        except (KeyError, ValueError, TypeError):
            parser.error(f"{option_string}: cannot use {values!r}")
        namespace.steps.append(step)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--size", default="80x24", help="columns x rows of the terminal")
    parser.add_argument("--out", type=Path, required=True, help="the PNG to write")
    parser.add_argument("--timeout", type=float, default=20.0, help="seconds that each wait may take")
    parser.add_argument("--text", action="store_true", help="print the screen's text, too")
    for option in _AddStep.MAKERS:
        parser.add_argument(option, action=_AddStep, dest="steps", default=[])
    parser.add_argument("command", nargs="+", help="after --: what to run")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; exit 1 when a step waited in vain."""
    options = _parser().parse_args(arguments)
    columns, _, rows = options.size.partition("x")
    try:
        grid = screen_of(options.command, (int(columns), int(rows)), options.steps, options.timeout)
        save_png(grid, options.out)
    except (PictureError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    if options.text:
        print(grid.text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
