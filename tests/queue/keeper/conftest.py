"""A keeper in this process or in one of its own, on a small hall that is open round the clock."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from hallqueue.client import HallClient
from hallqueue.clock import SystemClock
from hallqueue.keeper.hall import Hall
from hallqueue.keeper.run import run_keeper
from hallqueue.paths import StateFolder
from hallqueue.plan import Calendar, Group, Plan, Service, Session, Window
from hallqueue.syncclient import SyncHallClient
from hallqueue.wire.link import Backoff

PLAN = Plan(
    hall_id="tx",
    hall_name="同心县测试镇民生服务中心",
    groups=(Group("g", "综合"),),
    services=(
        Service("social", "社保", "g", "A"),
        Service("tax", "税务", "g", "B"),
        Service("marry", "婚姻登记", "g", "C"),
        Service("family", "婚育户", "g", "E", matters=("marry", "social")),
    ),
    windows=(
        Window(1, "一号", ("social", "tax", "marry")),
        Window(2, "二号", ("social", "tax", "marry")),
    ),
    calendar=Calendar(sessions=(Session((1, 2, 3, 4, 5, 6, 7), "00:00", "24:00"),)),
)

PROCESS = """
import asyncio, sys
from pathlib import Path
import msgspec
from hallqueue.clock import SystemClock
from hallqueue.paths import StateFolder
from hallqueue.plan import Plan
from hallqueue.keeper.run import run_keeper
plan = msgspec.json.decode(sys.argv[2], type=Plan)
asyncio.run(run_keeper(plan, StateFolder(Path(sys.argv[1])), SystemClock(),
                       ready=lambda: print("ready", flush=True)))
"""

QUICK = Backoff(first_s=0.01, most_s=0.05)


class House:
    """A keeper inside this test's event loop."""

    def __init__(self, folder: Path) -> None:
        self.folder = StateFolder(folder)
        self.path = self.folder.socket
        self.plan = PLAN
        self._stop = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._clients: list[HallClient] = []

    async def start(self, **options: Any) -> None:
        ready = asyncio.Event()
        self._stop = asyncio.Event()
        self._task = asyncio.create_task(
            run_keeper(
                PLAN,
                self.folder,
                SystemClock(),
                ready=ready.set,
                stop=self._stop,
                signals=False,
                **{"tick_s": 0.05} | options,
            )
        )
        waiting = asyncio.create_task(ready.wait())
        await asyncio.wait({waiting, self._task}, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        if self._task.done():
            task, self._task = self._task, None
            await task

    async def stop(self) -> None:
        if self._task is not None:
            self._stop.set()
            task, self._task = self._task, None
            await task

    def client(self, role: str = "staff", window: int = 0, **options: Any) -> HallClient:
        made = HallClient(self.path, role, window, **{"backoff": QUICK, "give_up_s": 20.0} | options)
        self._clients.append(made)
        return made

    async def close(self) -> None:
        for client in self._clients:
            await client.close()
        await self.stop()


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    made = House(tmp_path / "state")
    await made.start()
    yield made
    await made.close()


@pytest.fixture
async def empty_house(tmp_path: Path) -> AsyncIterator[House]:
    """Not started."""
    made = House(tmp_path / "state")
    yield made
    await made.close()


class KeeperProcess:
    """A keeper as systemd would run it."""

    def __init__(self, folder: Path) -> None:
        self.folder = StateFolder(folder)
        self.path = self.folder.socket
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        plan = msgspec.json.encode(PLAN).decode()
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROCESS, str(self.folder.path), plan], stdout=subprocess.PIPE
        )
        assert self.process.stdout is not None
        if self.process.stdout.readline() != b"ready\n":
            self.end()
            raise AssertionError("the keeper did not start")

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def end(self, how: signal.Signals = signal.SIGKILL) -> int:
        assert self.process is not None and self.process.stdout is not None
        self.process.send_signal(how)
        code = self.process.wait(20)
        self.process.stdout.close()
        self.process = None
        return code

    def client(self, role: str = "staff", window: int = 0, **options: Any) -> SyncHallClient:
        return SyncHallClient(self.path, role, window, **{"backoff": QUICK, "give_up_s": 20.0} | options)


@pytest.fixture
def process(tmp_path: Path) -> Iterator[KeeperProcess]:
    made = KeeperProcess(tmp_path / "process")
    made.start()
    yield made
    if made.process is not None:
        made.end()


class RawPeer:
    """A peer that sends what it likes."""

    def __init__(self, path: Path) -> None:
        self.line = socket.socket(socket.AF_UNIX)
        self.line.settimeout(10)
        self.line.connect(str(path))
        self._reader = self.line.makefile("rb")

    def send(self, data: bytes) -> None:
        self.line.sendall(data)

    def close(self) -> None:
        self._reader.close()
        self.line.close()

    def read_to_end(self) -> bytes:
        found = b""
        while True:
            try:
                data = self._reader.read(65536)
            except ConnectionResetError:
                return found
            if not data:
                return found
            found += data

    def read_line(self) -> dict[str, Any]:
        found = self._reader.readline()
        assert found.endswith(b"\n"), "closed"
        answer: dict[str, Any] = msgspec.json.decode(found)
        return answer

    def hello(self, role: str = "staff", window: int = 0) -> dict[str, Any]:
        self.ask(0, "hello", {"role": role, "window": window})
        return self.read_line()

    def ask(self, number: int, method: str, params: dict[str, Any]) -> None:
        body = {"jsonrpc": "2.0", "id": number, "method": method, "params": params}
        self.send(msgspec.json.encode(body) + b"\n")


@pytest.fixture
def peer(process: KeeperProcess) -> Iterator[RawPeer]:
    made = RawPeer(process.path)
    yield made
    made.close()


@pytest.fixture
def raw_peer() -> Iterator[Callable[[Path], RawPeer]]:
    made: list[RawPeer] = []

    def connect(path: Path) -> RawPeer:
        made.append(RawPeer(path))
        return made[-1]

    yield connect
    for one in made:
        one.close()


@pytest.fixture
def memory_of() -> Callable[[int], int]:
    """Resident bytes of a process."""

    def read(pid: int) -> int:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE")

    return read


@pytest.fixture
def until() -> Callable[[Callable[[], bool]], None]:
    """Wait for a condition, at most ten seconds."""

    def wait(condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 10
        while not condition():
            assert time.monotonic() < deadline, "the condition never came true"
            time.sleep(0.005)

    return wait


@pytest.fixture
def stores(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The stores that keepers of this test opened: to break their disks."""
    made: list[Any] = []
    original = Hall.__init__

    def note(self: Hall, store: Any, *args: Any) -> None:
        made.append(store)
        original(self, store, *args)

    monkeypatch.setattr(Hall, "__init__", note)
    return made
