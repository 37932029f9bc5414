"""A program in a pseudo terminal: started, typed to, read from and ended as a terminal window would.

It knows nothing of screens; `tools/picture.py` gives the output to a terminal emulator.
"""

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType

_END_S = 5.0
"""How long a program may take to end after it was asked."""
_NOT_PASSED_ON = ("TEXTUAL", "COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR", "LC_", "TERM", "PYTEST_")

KEYS: Mapping[str, str] = MappingProxyType(
    {
        "enter": "\r", "tab": "\t", "esc": "\x1b", "space": " ", "backspace": "\x7f", "backtab": "\x1b[Z",
        "up": "\x1b[A", "down": "\x1b[B", "right": "\x1b[C", "left": "\x1b[D",
        "home": "\x1b[H", "end": "\x1b[F",
        "pageup": "\x1b[5~", "pagedown": "\x1b[6~", "delete": "\x1b[3~",
        "f1": "\x1bOP", "f2": "\x1bOQ", "f3": "\x1bOR", "f4": "\x1bOS", "f5": "\x1b[15~", "f6": "\x1b[17~",
        "f7": "\x1b[18~", "f8": "\x1b[19~", "f9": "\x1b[20~", "f10": "\x1b[21~",
        "f11": "\x1b[23~", "f12": "\x1b[24~",
        **{f"ctrl+{chr(code + 96)}": chr(code) for code in range(1, 27)},
    }
)  # fmt: skip
"""What xterm sends for a key that is not a character."""


def click_at(column: int, row: int) -> str:
    """A left click on a cell counted from 0, in SGR mouse coding (which counts from 1)."""
    at = f"{column + 1};{row + 1}"
    return f"\x1b[<0;{at}M\x1b[<0;{at}m"


def terminal_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment of a true-colour terminal; what makes pictures differ between machines is left out."""
    kept = {name: value for name, value in environment.items() if not name.startswith(_NOT_PASSED_ON)}
    terminal = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
    return kept | terminal | {"TEXTUAL_ANIMATIONS": "none"}


class PtyProgram:
    """One running program; `close` ends it and everything in its process group.

    Raises OSError (FileNotFoundError, PermissionError) when the command cannot be started.
    """

    def __init__(
        self,
        command: Sequence[str],
        size: tuple[int, int],
        environment: Mapping[str, str],
        cwd: Path | None = None,
    ) -> None:
        columns, rows = size
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        try:
            self._process = subprocess.Popen(
                list(command),
                stdin=slave,
                stdout=slave,
                stderr=slave,
                env=dict(environment),
                cwd=cwd,
                start_new_session=True,
            )
        except OSError:
            os.close(self._master)
            raise
        finally:
            os.close(slave)
        self.is_open = True
        """False once the last program on the terminal has closed it."""
        self._is_closed = False

    def write(self, keys: str) -> None:
        """Send what a person typed or clicked; lost when the program has ended."""
        with suppress(OSError):
            os.write(self._master, keys.encode())

    def read(self, seconds: float) -> bytes:
        """The next piece of output; empty when none came in that time or the terminal was closed."""
        if not self.is_open or not select.select([self._master], [], [], max(0.0, seconds))[0]:
            return b""
        try:
            data = os.read(self._master, 65536)
        except OSError:  # Linux answers EIO when the last program has closed the terminal.
            data = b""
        self.is_open = bool(data)
        return data

    def close(self) -> None:
        """Ask the program to end, then kill its group; reads on, because a full terminal blocks it."""
        if self._is_closed:
            return
        self._is_closed = True
        for request in (signal.SIGTERM, signal.SIGKILL):
            if self._process.poll() is None:
                with suppress(ProcessLookupError):
                    os.killpg(self._process.pid, request)
            self._await_end()
        os.close(self._master)

    def _await_end(self) -> None:
        end = time.monotonic() + _END_S
        while self._process.poll() is None and time.monotonic() < end:
            if self.is_open:
                self.read(0.02)
            else:
                with suppress(subprocess.TimeoutExpired):
                    self._process.wait(0.02)
