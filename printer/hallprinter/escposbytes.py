"""The only door to python-escpos, which serves as a byte encoder and nothing else.

Its transports, its status calls and its text are not used (facts: printing 1.2 and 1.3). Importing
version 3.1 has three side effects, all undone here: `logging.basicConfig()` puts a handler on the root
logger; a temporary folder is made and left behind; and a folder named in the environment is unpickled
from, which would run whatever somebody put there. It also parses a 400 kB printer database; it is given
our own short one instead, which makes the import three times as fast. It is imported on the first job,
never with this module.
"""

from __future__ import annotations

import logging
import os
import shutil
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

_OURS = Path(__file__).with_name("capabilities.json")
_FILE_VARIABLE = "ESCPOS_CAPABILITIES_FILE"
_PICKLE_VARIABLE = "ESCPOS_CAPABILITIES_PICKLE_DIR"
_QR_ERROR_M = 1
_import_lock = threading.Lock()


class _Dummy(Protocol):
    """The part of `escpos.printer.Dummy` that is used."""

    @property
    def output(self) -> bytes: ...
    def clear(self) -> None: ...
    def hw(self, hw: str) -> None: ...
    def set(self, *, align: str | None = None, bold: bool | None = None, font: str | None = None) -> None: ...
    def line_spacing(self, spacing: int | None = None) -> None: ...
    def print_and_feed(self, n: int) -> None: ...
    def qr(self, content: str, ec: int, size: int, native: bool) -> None: ...
    def cut(self, mode: str) -> None: ...


class _DummyMaker(Protocol):
    def __call__(self, profile: object) -> _Dummy: ...


class _ProfileMaker(Protocol):
    def __call__(self, columns: int, features: dict[str, bool]) -> object: ...


class EscposBytes:
    """Gives the bytes of those commands that python-escpos gets right."""

    def __init__(self, columns: int, has_cutter: bool) -> None:
        dummy, profile = _load()
        # On a profile without a cutter escpos feeds and does not cut, which is what a tear-off unit needs.
        self._dummy = dummy(profile(columns, {"paperPartCut": has_cutter}))

    def _take(self) -> bytes:
        taken = self._dummy.output
        self._dummy.clear()
        return taken

    def initialise(self) -> bytes:
        """`ESC @`: forgets what an earlier job set."""
        self._dummy.hw("INIT")
        return self._take()

    def font_a(self) -> bytes:
        """`ESC M 0`: the 12 by 24 font."""
        self._dummy.set(font="a")
        return self._take()

    def bold(self, is_on: bool) -> bytes:
        """`ESC E n`."""
        self._dummy.set(bold=is_on)
        return self._take()

    def align(self, side: str) -> bytes:
        """`ESC a n` for `left`, `center` or `right`."""
        self._dummy.set(align=side)
        return self._take()

    def line_spacing(self, dots: int | None) -> bytes:
        """`ESC 3 n`, or `ESC 2` for the printer's own spacing."""
        self._dummy.line_spacing(dots)
        return self._take()

    def feed(self, lines: int) -> bytes:
        """`ESC d n`."""
        self._dummy.print_and_feed(lines)
        return self._take()

    def qr(self, content: str, module_dots: int) -> bytes:
        """`GS ( k`: stores and prints a QR code, error correction M."""
        self._dummy.qr(content, ec=_QR_ERROR_M, size=module_dots, native=True)
        return self._take()

    def cut(self) -> bytes:
        """Feeds the last line past the knife and cuts all but a corner: no ticket falls to the floor."""
        self._dummy.cut(mode="PART")
        return self._take()


@lru_cache(maxsize=1)
def _load() -> tuple[_DummyMaker, _ProfileMaker]:
    with _import_lock, _contained():
        capabilities = import_module("escpos.capabilities")
        printer = import_module("escpos.printer")
    return cast(_DummyMaker, printer.Dummy), cast(_ProfileMaker, capabilities.Profile)


@contextmanager
def _contained() -> Iterator[None]:
    is_first = "escpos.capabilities" not in sys.modules
    before = {name: os.environ.get(name) for name in (_FILE_VARIABLE, _PICKLE_VARIABLE)}
    handlers = list(logging.root.handlers)
    os.environ[_FILE_VARIABLE] = str(_OURS)
    os.environ.pop(_PICKLE_VARIABLE, None)
    try:
        yield
        if is_first:
            # Without the variable this is always the folder it has just made for itself.
            shutil.rmtree(import_module("escpos.capabilities").pickle_dir, ignore_errors=True)
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        for handler in [one for one in logging.root.handlers if one not in handlers]:
            logging.root.removeHandler(handler)
