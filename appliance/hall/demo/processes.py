"""Roles as real processes: started, watched, killed and started again."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

RESTART_AFTER_S = 0.2
"""What systemd's RestartSec would be, shorter: a demo has no crash loop to brake."""
STOP_AFTER_S = 10.0

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


def _end_with_parent() -> None:
    """In the child: SIGTERM when the demo is gone, even by kill -9 (prctl(2), Linux)."""
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)


class RoleProcess:
    """One ``hall run ROLE``, kept running until :meth:`stop`."""

    def __init__(self, role: str, arguments: Sequence[str], log: Path) -> None:
        self.role = role
        self._command = [sys.executable, "-P", "-m", "hall", "run", role, *arguments]
        self._log = log
        self._process: asyncio.subprocess.Process | None = None
        self._keeper: asyncio.Task[None] | None = None
        self.starts = 0

    @property
    def pid(self) -> int | None:
        """The process id, while it runs."""
        return self._process.pid if self._process and self._process.returncode is None else None

    async def start(self) -> None:
        """Start it and keep it running."""
        await self._spawn()
        self._keeper = asyncio.create_task(self._keep())

    async def stop(self) -> None:
        """Ask it to end, and insist after a while."""
        if self._keeper:
            self._keeper.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._keeper
        process = self._process
        if process is None or process.returncode is not None:
            return
        process.send_signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(process.wait(), STOP_AFTER_S)
        except TimeoutError:
            process.kill()
            await process.wait()

    def kill(self) -> None:
        """Kill -9; it comes back by itself."""
        if self.pid:
            os.kill(self.pid, signal.SIGKILL)

    async def _spawn(self) -> None:
        self.starts += 1
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *self._command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=_end_with_parent,
            )

    async def _keep(self) -> None:
        while self._process is not None:
            await self._process.wait()
            await asyncio.sleep(RESTART_AFTER_S)
            await self._spawn()
