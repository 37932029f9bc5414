"""One page process: started, bounded, fed, heard, ended. Nothing that it does can harm who started it."""

from __future__ import annotations

import os
import resource
import selectors
import signal
import subprocess
import threading
import time
from collections.abc import Sequence
from contextlib import suppress

from halldrivers.page.errors import PageCrashed, PageTimeout, PageTooBig
from halldrivers.page.wire import MOST_ANSWER_BYTES

_PIECE = 64 << 10
_TAIL = 4096
"""Bytes of its error stream that are kept: the end of a traceback."""
_NICE = 5
"""Screens and calls go first: they have three times its share, which leaves it enough on a busy machine."""
_OOM_SCORE = 800
"""Of 1000: when the machine is out of memory, the kernel ends this process and not the hall."""
_QUIET = {
    "OPENBLAS_NUM_THREADS": "1",  # every thread of numpy's library takes an arena of address space
    "OMP_NUM_THREADS": "1",
    "MALLOC_ARENA_MAX": "1",
}


class PageJob:
    """One run of a command: give it a request, hear its answer. Used once."""

    def __init__(self, command: Sequence[str], *, timeout_s: float, memory_bytes: int) -> None:
        self._command, self._timeout_s, self._memory_bytes = tuple(command), timeout_s, memory_bytes
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._is_cancelled = False

    def run(self, *request: bytes) -> bytes:
        """Send the pieces of a request, answer what came back; PageTimeout, PageCrashed, PageTooBig."""
        deadline_s = time.monotonic() + self._timeout_s
        process = subprocess.Popen(
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            cwd="/",
            env=os.environ | _QUIET,
        )
        try:
            self._bound(process.pid)
            with self._lock:
                self._process = process
                if self._is_cancelled:
                    process.kill()
            answer, said = _exchange(process, request, deadline_s)
            code = _wait(process, deadline_s)
        finally:
            with self._lock:
                self._process = None
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout, process.stderr):
                if pipe is not None:
                    pipe.close()
        if code:
            raise _ending(code, said)
        return answer

    def cancel(self) -> None:
        """Nobody waits any more: end it. From any thread."""
        with self._lock:
            self._is_cancelled = True
            if self._process is not None:
                self._process.kill()

    def _bound(self, pid: int) -> None:
        """From outside, because what is to be bounded is not trusted, and before it has imported anything."""
        seconds = int(self._timeout_s) + 1
        with suppress(ProcessLookupError):
            resource.prlimit(pid, resource.RLIMIT_AS, (self._memory_bytes,) * 2)
            resource.prlimit(pid, resource.RLIMIT_CPU, (seconds, seconds + 1))
            resource.prlimit(pid, resource.RLIMIT_CORE, (0, 0))  # a dump would hold somebody's page
            # Nobody may raise himself above what he was started with.
            os.setpriority(os.PRIO_PROCESS, pid, max(_NICE, os.getpriority(os.PRIO_PROCESS, 0)))
        with suppress(OSError), open(f"/proc/{pid}/oom_score_adj", "w") as score:
            score.write(str(_OOM_SCORE))


def _exchange(
    process: subprocess.Popen[bytes], request: Sequence[bytes], deadline_s: float
) -> tuple[bytes, bytes]:
    """Its answer, and the end of what it said on its error stream."""
    assert process.stdin and process.stdout and process.stderr
    source, target, errors = process.stdin.fileno(), process.stdout.fileno(), process.stderr.fileno()
    left = [memoryview(piece) for piece in request if piece]
    answer, said = bytearray(), bytearray()
    with selectors.DefaultSelector() as selector:
        for fd, event in (
            (source, selectors.EVENT_WRITE),
            (target, selectors.EVENT_READ),
            (errors, selectors.EVENT_READ),
        ):
            os.set_blocking(fd, False)
            selector.register(fd, event)
        while selector.get_map():
            ready = selector.select(max(0.0, deadline_s - time.monotonic()))
            if not ready:
                raise PageTimeout
            for key, _ in ready:
                if key.fd == source:
                    if not _send(source, left):
                        selector.unregister(source)
                        process.stdin.close()
                    continue
                piece = os.read(key.fd, _PIECE)
                if not piece:
                    selector.unregister(key.fd)
                elif key.fd == errors:
                    said = (said + piece)[-_TAIL:]
                else:
                    answer += piece
                    if len(answer) > MOST_ANSWER_BYTES:
                        raise PageCrashed("it answers without end", "应答没完没了")
    return bytes(answer), bytes(said)


def _send(fd: int, left: list[memoryview]) -> bool:
    """Write some; False when all is written, or when nobody reads any more."""
    try:
        while left:
            sent = os.write(fd, left[0][:_PIECE])
            left[0] = left[0][sent:]
            if not left[0]:
                left.pop(0)
    except BlockingIOError:
        return True
    except BrokenPipeError:
        pass
    return False


def _wait(process: subprocess.Popen[bytes], deadline_s: float) -> int:
    try:
        return process.wait(max(0.1, deadline_s - time.monotonic()))
    except subprocess.TimeoutExpired as error:
        raise PageTimeout from error


def _ending(code: int, said: bytes) -> PageCrashed | PageTimeout | PageTooBig:
    """What an exit code other than 0 means."""
    last = said.decode("utf-8", "replace").strip().rpartition("\n")[2]
    if code == -signal.SIGXCPU:
        return PageTimeout()
    if code == -signal.SIGKILL or "MemoryError" in last:  # we have not: the kernel was out of memory
        return PageTooBig()
    if code < 0:
        return PageCrashed(signal.Signals(-code).name)
    return PageCrashed(last[:200] or f"exit code {code}")
