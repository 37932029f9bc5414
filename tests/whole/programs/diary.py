"""A client that may be killed at any instant: it writes down what it asks before asking it.

Each request has the key ``name-n``. After a kill the next start finds the request that has no answer
in the diary and asks it again under its key, as a terminal does with the touch that it kept.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import msgspec

from hallqueue.errors import Refused
from hallqueue.syncclient import SyncHallClient
from hallqueue.wire.link import Backoff

GIVE_UP_S = 60.0


class Diary:
    """What one client asked and was answered, one JSON object a line."""

    def __init__(self, path: Path, hall: SyncHallClient) -> None:
        self._hall = hall
        self._name = path.stem
        self.lines = [json.loads(line) for line in _whole_lines(path)]
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        self._last = max((line["n"] for line in self.lines if "n" in line), default=0)

    def write(self, **line: Any) -> None:
        """One line, in one write: a kill leaves it there or not."""
        self.lines.append(line)
        os.write(self._file, json.dumps(line, ensure_ascii=False).encode() + b"\n")

    def ask(self, method: str, **params: Any) -> Any:
        """Ask the keeper under a new key; None when it refuses."""
        self._last += 1
        self.write(n=self._last, ask=method, params=params)
        return self._answer(self._last, method, params)

    def repeat_unanswered(self) -> None:
        """Ask again what the last life did not hear the answer of."""
        answered = {line["n"] for line in self.lines if "got" in line or "no" in line}
        for line in list(self.lines):
            if "ask" in line and line["n"] not in answered:
                self._answer(line["n"], line["ask"], line["params"])

    def repeat_last(self) -> None:
        """The same touch again: its answer is written down beside the first."""
        asked = [line for line in self.lines if "ask" in line]
        if asked:
            self._answer(asked[-1]["n"], asked[-1]["ask"], asked[-1]["params"])

    def _answer(self, n: int, method: str, params: dict[str, Any]) -> Any:
        try:
            answer = getattr(self._hall, method)(**params, key=f"{self._name}-{n}")
        except Refused as no:
            self.write(n=n, no=no.code)
            return None
        self.write(n=n, got=msgspec.to_builtins(answer))
        return answer


def _whole_lines(path: Path) -> list[bytes]:
    if not path.exists():
        return []
    return [line for line in path.read_bytes().splitlines(keepends=True) if line.endswith(b"\n")]


def hall_for(role: str, window: int = 0) -> SyncHallClient:
    """The keeper whose socket is the first argument."""
    return SyncHallClient(
        Path(sys.argv[1]),
        role,
        window,
        give_up_s=GIVE_UP_S,
        backoff=Backoff(first_s=0.005, most_s=0.05),
    )
