"""A scanning program under supervision: it ends, whatever happens to it, to the scanner, or to us.

::

    us ── setpriv --pdeathsig INT ── timeout --kill-after ── scanimage
          when our thread dies:       after most_s: INT,       INT: stops the scanner, removes its half page
          INT                         then KILL                KILL: the last resort

So a program that outlives us (a kill -9, a crash) is interrupted by the kernel, cancels its scan as it
should, and is killed ``grace_s`` later if it hangs: no orphan lives longer than that. Both helpers belong
to every Debian (util-linux, coreutils), which keeps our own code out of the moment between fork and exec.

Traps, observed with scanimage 1.2.1: a second SIGINT makes it exit at once with status 0 and leaves the
scanner running, so the interrupt goes to ``timeout`` alone, which passes it on once, and never to the group.
PDEATHSIG follows the thread that started the program: start it and read it in the same thread.
"""

from __future__ import annotations

import os
import selectors
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from halldrivers.scanner.errors import ScannerProgramMissing

SLICE_S = 0.1
"""How soon a wait notices that it shall stop."""
MOST_LINE = 4096
"""Bytes of a line of output; a longer one is dropped."""
MOST_WORDS = 4096
"""Bytes of standard error that are kept: the last ones."""
PIECE = 65_536

_TIME_WAS_UP = 124
"""timeout(1)'s own status; where it had to kill, that of a killed program."""
_KILLED = (-signal.SIGKILL, 128 + signal.SIGKILL)


def find_program(name: str, environment: Mapping[str, str]) -> str:
    """The path of a program; raises ScannerProgramMissing."""
    found = shutil.which(name, path=environment.get("PATH"))
    if found is None:
        raise ScannerProgramMissing(name)
    return found


class Supervised:
    """One running program. Belongs to one thread, which reads it until :attr:`code` is known."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        folder: Path,
        environment: Mapping[str, str],
        most_s: float,
        grace_s: float,
    ) -> None:
        helpers = [find_program("setpriv", environment), "--pdeathsig", "INT"]
        helpers += [find_program("timeout", environment), "--foreground", "--signal=INT"]
        helpers += [f"--kill-after={grace_s:g}", f"{most_s:g}"]
        self._grace_s = grace_s
        self._until_s = time.monotonic() + most_s
        self._child = subprocess.Popen(
            [*helpers, *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=folder,
            env=dict(environment),
            start_new_session=True,
            umask=0o077,
        )
        self.code: int | None = None
        """The exit status once it has ended; negative, or 128 and more, for a signal."""
        self.was_too_slow = False
        """Whether it ended because its time was up."""
        self._words = b""
        self._line = b""
        self._selector = selectors.DefaultSelector()
        for pipe in (self._child.stdout, self._child.stderr):
            assert pipe is not None
            os.set_blocking(pipe.fileno(), False)
            self._selector.register(pipe, selectors.EVENT_READ)

    @property
    def words(self) -> str:
        """The last of what it said on standard error."""
        return self._words.decode("utf-8", "replace").strip()

    def tell(self, data: bytes) -> None:
        """Write to its standard input; a program that reads no more is no error."""
        assert self._child.stdin is not None
        try:
            if not self._child.stdin.closed:
                self._child.stdin.write(data)
                self._child.stdin.flush()
        except BrokenPipeError:
            self.hush()

    def hush(self) -> None:
        """Close its standard input; again is harmless."""
        assert self._child.stdin is not None
        try:
            self._child.stdin.close()
        except BrokenPipeError:
            pass  # what was still to be written is not wanted any more

    def interrupt(self) -> None:
        """Ask it once to stop; ``timeout`` kills it after the grace if it does not."""
        if self.code is None:
            os.kill(self._child.pid, signal.SIGINT)

    def stop(self) -> None:
        """Ask it to stop and see it end: within the grace and a second."""
        until_s = time.monotonic() + self._grace_s + 1.0
        self.hush()
        self.interrupt()
        while self.code is None and time.monotonic() < until_s:
            self.output(SLICE_S)
        self.close()

    def output(self, timeout_s: float) -> bytes:
        """What it writes on standard output within the time; sets :attr:`code` once it has ended."""
        data = self._take(timeout_s)
        if not data and self.code is None:
            self._look(timeout_s if not self._selector.get_map() else 0.0)
            data = self._take(0.0)  # what it wrote with its last breath
        return data

    def _take(self, timeout_s: float) -> bytes:
        data = b""
        for key, _ in self._selector.select(timeout_s) if self._selector.get_map() else ():
            piece = _read(key.fd)
            if piece == b"":
                self._selector.unregister(key.fileobj)
            elif piece is not None and key.fileobj is self._child.stderr:
                self._words = (self._words + piece)[-MOST_WORDS:]
            elif piece is not None:
                data += piece
        return data

    def lines(self, timeout_s: float) -> list[str]:
        """The whole lines that it writes on standard output within the time."""
        *whole, rest = (self._line + self.output(timeout_s)).split(b"\n")
        self._line = rest if len(rest) <= MOST_LINE else b""
        return [line.decode("utf-8", "replace") for line in whole if len(line) <= MOST_LINE]

    def close(self) -> None:
        """End it if it has not ended, within a moment; again is harmless."""
        self._kill_group()
        self.hush()
        self._selector.close()
        for pipe in (self._child.stdout, self._child.stderr):
            assert pipe is not None
            pipe.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _look(self, timeout_s: float) -> None:
        """Notice its end. Its group goes with it, before its number can belong to anybody else."""
        until_s = time.monotonic() + timeout_s
        while os.waitid(os.P_PID, self._child.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
            if time.monotonic() >= until_s:
                return
            time.sleep(min(0.01, timeout_s))
        self._kill_group()

    def _kill_group(self) -> None:
        """End what is left of it, itself and its children, and know its status."""
        if self.code is not None:
            return
        try:
            os.killpg(self._child.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.code = self._child.wait()
        is_late = time.monotonic() >= self._until_s
        self.was_too_slow = self.code == _TIME_WAS_UP or (self.code in _KILLED and is_late)


def _read(fd: int) -> bytes | None:
    try:
        return os.read(fd, PIECE)
    except BlockingIOError:
        return None


@dataclass(frozen=True, slots=True)
class Finished:
    """A program that has ended."""

    code: int
    output: str
    words: str
    """The last of its standard error."""
    was_too_slow: bool = False
    """Whether its time was up."""


def run(
    command: Sequence[str],
    *,
    folder: Path,
    environment: Mapping[str, str],
    most_s: float,
    grace_s: float,
    most_bytes: int,
    stopped: Callable[[], bool] = lambda: False,
) -> Finished:
    """Run a program to its end; it is ended when ``stopped`` says so, or when it writes too much."""
    data = b""
    with Supervised(
        command, folder=folder, environment=environment, most_s=most_s, grace_s=grace_s
    ) as program:
        program.hush()
        while program.code is None and len(data) <= most_bytes and not stopped():
            data += program.output(SLICE_S)
        program.close()
        assert program.code is not None
        output = data[:most_bytes].decode("utf-8", "replace")
        return Finished(program.code, output, program.words, program.was_too_slow)
