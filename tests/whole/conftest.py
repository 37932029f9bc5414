"""A whole hall of real processes: the command's roles, a simulated printer, clients that can be killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import tomllib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import tomli_w

from halldrivers.printersim import PrinterServer, PrinterSim, serve_tcp
from hallqueue.syncclient import SyncHallClient
from hallqueue.wire.link import Backoff

WITHIN_S = 150.0
"""A deadline that only a broken hall misses, on a machine that is busy with other tests."""
PROGRAMS = Path(__file__).parent / "programs"
TOWNSHIP = Path(__file__).parents[2] / "examples" / "township.toml"
ALWAYS = [{"weekdays": [1, 2, 3, 4, 5, 6, 7], "start": "00:00", "end": "24:00"}]


def wait_until(holds: Callable[[], Any], what: str, within_s: float = WITHIN_S) -> Any:
    """Wait for a condition and answer it; fail at the deadline."""
    deadline = time.monotonic() + within_s
    pause = threading.Event()
    while not (found := holds()):
        assert time.monotonic() < deadline, f"not in time: {what}"
        pause.wait(0.002)
    return found


@dataclass(frozen=True)
class Ended:
    """What a command said and how it ended."""

    status: int
    out: str
    err: str


class Nursery:
    """The process that forks the hall's processes (``programs/nursery.py``)."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(PROGRAMS / "nursery.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        assert json.loads(self._process.stdout.readline())["ready"]

    def order(self, **order: Any) -> Any:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def hall(self, folder: Path, *arguments: str, **more: Any) -> Ended:
        """Run ``hall`` with these arguments to its end."""
        return self.run(folder, hall=list(arguments), **more)

    def run(self, folder: Path, *, within_s: float = WITHIN_S, **order: Any) -> Ended:
        """Run what is ordered to its end."""
        with tempfile.TemporaryDirectory(dir=folder) as said:
            out = str(Path(said) / "said")
            pid = self.order(**order, out=out)["pid"]
            status = self.order(wait=pid, within_s=within_s)["status"]
            if status is None:
                self.order_kill(pid)
            assert status is not None, f"does not end: {order}"
            return Ended(status, Path(out + ".out").read_text(), Path(out + ".err").read_text())

    def order_kill(self, pid: int) -> None:
        os.kill(pid, signal.SIGKILL)
        self.order(wait=pid, within_s=WITHIN_S)

    def close(self) -> None:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(WITHIN_S)
        self._process.stdout.close()


@dataclass
class Role:
    """One process that is started, killed and started again."""

    nursery: Nursery
    name: str
    order: dict[str, Any]
    out: Path
    says_ready: str = ""
    """What it writes to stderr once it works; empty for a client."""
    pid: int = 0
    starts: int = 0
    _log_from: int = 0

    def start(self, *, wait: bool = True, **more: Any) -> None:
        assert not self.pid, f"{self.name} runs"
        self._log_from = len(self.said())
        self.pid = self.nursery.order(**self.order, **more, out=str(self.out))["pid"]
        self.starts += 1
        if wait:
            self.wait_ready()

    def wait_ready(self) -> None:
        if self.says_ready:
            wait_until(
                lambda: self.says_ready in self.said()[self._log_from :] or self._has_ended(),
                f"{self.name}: {self.said()[self._log_from :]}",
            )
            assert self.pid, f"{self.name} ended: {self.said()[self._log_from :]}"

    def said(self) -> str:
        """Everything that it ever wrote to stderr."""
        file = Path(f"{self.out}.err")
        return file.read_text(errors="replace") if file.exists() else ""

    def _has_ended(self) -> bool:
        if self.pid and self.nursery.order(wait=self.pid, within_s=0)["status"] is not None:
            self.pid = 0
        return not self.pid

    def is_running(self) -> bool:
        return not self._has_ended()

    def kill(self) -> bool:
        """Kill -9; False when it was not running."""
        if self._has_ended():
            return False
        self.nursery.order_kill(self.pid)
        self.pid = 0
        return True

    def wait(self, within_s: float = WITHIN_S) -> int:
        """Its exit status, once it ends."""
        status = self.nursery.order(wait=self.pid, within_s=within_s)["status"]
        assert status is not None, f"{self.name} does not end: {self.said()[self._log_from :]}"
        self.pid = 0
        return int(status)

    def stop(self) -> int:
        """SIGTERM; answers the exit status."""
        os.kill(self.pid, signal.SIGTERM)
        return self.wait()


@dataclass
class WholeHall:
    """A state folder, its configuration, and the processes on it."""

    nursery: Nursery
    folder: Path
    sim: PrinterSim
    server: PrinterServer
    config: Path
    roles: dict[str, Role] = field(default_factory=dict)
    closing: ExitStack = field(default_factory=ExitStack)

    @property
    def state(self) -> Path:
        return self.folder / "state"

    @property
    def socket(self) -> Path:
        return self.state / "hall.sock"

    @property
    def database(self) -> Path:
        return self.state / "hall.db"

    def role(self, name: str, *arguments: str) -> Role:
        """``hall run NAME`` on this hall, not started."""
        command = ["run", name, "--config", str(self.config), "--state", str(self.state), *arguments]
        ready = {"queue": "the keeper is ready", "printer": "the spooler is ready"}[name]
        made = Role(self.nursery, name, {"hall": command}, self.folder / name, ready)
        self.roles[f"{name}{len(self.roles)}"] = made
        return made

    def keeper(self, **more: Any) -> Role:
        """The keeper, running."""
        made = self.role("queue")
        made.start(**more)
        return made

    def program(self, name: str, file: str, *arguments: object) -> Role:
        """A client program of this hall, not started. Its diary is ``NAME.diary``."""
        command = [str(PROGRAMS / file), str(self.socket), str(self.diary(name)), *map(str, arguments)]
        made = Role(self.nursery, name, {"program": command}, self.folder / name)
        self.roles[name] = made
        return made

    def diary(self, name: str) -> Path:
        return self.folder / f"{name}.diary"

    def read_diary(self, name: str) -> list[dict[str, Any]]:
        file = self.diary(name)
        if not file.exists():
            return []
        text = file.read_text(encoding="utf-8")
        return [json.loads(line) for line in text.splitlines(keepends=True) if line.endswith("\n")]

    def client(self, role: str = "admin", window: int = 0, give_up_s: float = WITHIN_S) -> SyncHallClient:
        backoff = Backoff(first_s=0.005, most_s=0.05)
        made = SyncHallClient(self.socket, role, window, give_up_s=give_up_s, backoff=backoff)
        return self.closing.enter_context(made)

    def hall(self, *arguments: str, **more: Any) -> Ended:
        """A verb of the command on this hall."""
        return self.nursery.hall(self.folder, *arguments, "--state", str(self.state), **more)

    def data(self, *arguments: str) -> Any:
        """A verb's JSON."""
        ended = self.hall(*arguments, "--json")
        assert ended.out, ended.err
        return json.loads(ended.out)

    def issue(self, service: str = "shuiwu", *more: str) -> str:
        """A number, from the command."""
        ended = self.hall("ticket", "issue", service, "--staff", *more)
        assert ended.status == 0, ended.err
        return ended.out.split()[0]

    def numbers(self) -> set[str]:
        """Today's numbers, as the running keeper has them."""
        return {ticket["number"] for ticket in self.data("ticket", "list", "--limit", "1000")}

    def configure(self, change: Callable[[dict[str, Any]], None]) -> None:
        """Change the configuration file."""
        raw = tomllib.loads(self.config.read_text(encoding="utf-8"))
        change(raw)
        self.config.write_text(tomli_w.dumps(raw), encoding="utf-8")

    def close(self) -> None:
        self.closing.close()
        for role in self.roles.values():
            if role.pid:
                role.kill()
        self.server.close()


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    made = Nursery()
    yield made
    made.close()


@pytest.fixture
def make_hall(nursery: Nursery, tmp_path: Path) -> Iterator[Callable[..., WholeHall]]:
    """Builds halls from the township example: open round the clock, a simulated printer, no pads of wire."""
    made: list[WholeHall] = []

    def make(**sim: Any) -> WholeHall:
        folder = tmp_path / f"hall{len(made)}"
        folder.mkdir()
        printer = PrinterSim(80, clock=time.monotonic, **sim)
        server = serve_tcp(printer)
        hall = WholeHall(nursery, folder, printer, server, folder / "hall.toml")
        made.append(hall)
        raw = tomllib.loads(TOWNSHIP.read_text(encoding="utf-8"))
        raw["calendar"] = {"sessions": ALWAYS}
        raw["printing"] |= {"device": server.url, "profile": "epson-80"}
        raw["limits"] |= {"return_within_minutes": 600}
        raw["rating"] |= {"timeout_s": 5}
        raw.pop("pads")
        hall.config.write_text(tomli_w.dumps(raw), encoding="utf-8")
        return hall

    yield make
    for hall in made:
        hall.close()


@pytest.fixture
def hall(make_hall: Callable[..., WholeHall]) -> WholeHall:
    """A hall with nothing started."""
    return make_hall()


@pytest.fixture
def until() -> Callable[..., Any]:
    return wait_until
