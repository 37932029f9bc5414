"""A hall whose roles are processes and whose devices are simulators at the far end of real wires.

As ``hall demo`` has it, and beside that: a scanner, a second line for the pad and the caller of window 3, and
wires that stall. The terminal's devices are held here, as its process holds them beside its screens.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import queue
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import pytest

from hall.config.load import load
from hall.config.model import HallConfig
from hall.demo.county import DemoCounty
from hall.demo.gear import Gear
from hall.demo.settings import DemoSettings, write_config
from hall.demo.touch import Touch
from hall.devices.hubthread import HubThread
from hall.roles import terminal_devices
from halldrivers.caller.sim import CallerLineSim
from halldrivers.idcard.simcards import CARDS
from halldrivers.modbussim import ModbusLineSim
from halldrivers.scanstore.ledger import KnownScan, SealedScan
from halldrivers.simwire import serve
from hallqueue.client import HallClient
from hallqueue.paths import StateFolder
from hallqueue.syncclient import SyncHallClient

DEADLINE_S = 30.0
"""For what must happen and is not measured."""
SERVICES = {1: "shenfenzheng", 2: "dibao", 3: "shebaoka"}
"""A service of each window that has devices."""
SCANNER_OPTIONS = Path(__file__).parents[1] / "drivers" / "scanner" / "recorded" / "test-backend.txt"
STOP_S = 10.0
PRESS_S = 0.25


def until(holds: Callable[[], Any], what: str = "it", within_s: float = DEADLINE_S) -> Any:
    """Wait for a condition and answer it; fail at the deadline."""
    deadline_s = time.monotonic() + within_s
    while not (found := holds()):
        assert time.monotonic() < deadline_s, f"not in time: {what}"
        time.sleep(0.005)
    return found


class Role:
    """One ``hall run ROLE``."""

    def __init__(self, role: str, arguments: list[str], log: Path) -> None:
        self.log = log
        with log.open("ab") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-m", "hall", "run", role, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
                env={**os.environ, "PYTHONUTF8": "1"},
            )

    @property
    def children(self) -> list[int]:
        """Processes of its session beside itself, whoever their parent is."""
        found = []
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and int(entry.name) != self.process.pid:
                with contextlib.suppress(OSError):
                    words = (entry / "stat").read_text().rpartition(")")[2].split()
                    if int(words[3]) == self.process.pid and words[0] != "Z":
                        found.append(int(entry.name))
        return found

    def stop(self) -> float:
        """SIGTERM; answers the seconds until its end, which must be a good one."""
        begun_s = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        try:
            status = self.process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise
        took_s = time.monotonic() - begun_s
        assert status == 0, self.log.read_text(encoding="utf-8")[-2000:]
        return took_s


class Screen:
    """Whoever watches the hall in an event loop of its own, as each screen does, and how that loop fares."""

    def __init__(self, socket: Path) -> None:
        self._socket = socket
        self.events: list[tuple[float, str, dict[str, Any]]] = []
        """When each was heard, its type, its body."""
        self.calls: dict[int, float] = {}
        """When a ticket was first seen as called."""
        self.devices: dict[str, str] = {}
        """The state of each device."""
        self.slowest_tick_s = 0.0
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), name="screen")

    def __enter__(self) -> Screen:
        self._thread.start()
        assert self._ready.wait(DEADLINE_S)
        return self

    def __exit__(self, *error: object) -> None:
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join()

    def event(self, kind: str, since: int = 0, **body: Any) -> float:
        """Wait for an event with this in its body; answers when it was heard."""

        def found() -> float | None:
            for at_s, name, what in self.events[since:]:
                if name == kind and all(what.get(key) == value for key, value in body.items()):
                    return at_s
            return None

        at_s: float = until(found, f"{kind} {body}")
        return at_s

    async def _run(self) -> None:
        self._loop, self._end = asyncio.get_running_loop(), asyncio.Event()
        async with (
            HallClient(self._socket, "screen", give_up_s=DEADLINE_S) as hall,
            HallClient(self._socket, "admin", give_up_s=DEADLINE_S) as log,
        ):
            cursor = (await log.snapshot()).seq
            works = (self._follow(log, cursor), self._watch(hall), self._tick(), self._end.wait())
            tasks = [asyncio.ensure_future(work) for work in works]
            done, rest = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in rest:
                task.cancel()
            await asyncio.gather(*rest, return_exceptions=True)
            for task in done:
                task.result()

    async def _follow(self, hall: HallClient, cursor: int) -> None:
        async for line in hall.follow(cursor):
            self.events.append((time.monotonic(), line.type, msgspec.json.decode(line.body)))

    async def _watch(self, hall: HallClient) -> None:
        async for snapshot in hall.watch():
            now_s = time.monotonic()
            for call in snapshot.calls:
                self.calls.setdefault(call.ticket, now_s)
            self.devices = {device.device: device.state for device in snapshot.devices}
            self._ready.set()

    async def _tick(self) -> None:
        while True:
            begun_s = time.monotonic()
            await asyncio.sleep(0.02)
            self.slowest_tick_s = max(self.slowest_tick_s, time.monotonic() - begun_s)


class SlowLedger:
    """The keeper's ledger, which hangs for as long as its gate is shut."""

    def __init__(self, ledger: Any) -> None:
        self._ledger = ledger
        self.gate = threading.Event()
        self.gate.set()
        self.waits = threading.Event()
        """Somebody waits at the gate."""

    def record(self, scan: SealedScan, key: str) -> int:
        self._pass()
        answer: int = self._ledger.record(scan, key)
        return answer

    def wiped(self, scan_id: int, reason: str, key: str) -> None:
        self._pass()
        self._ledger.wiped(scan_id, reason, key)

    def known(self) -> tuple[KnownScan, ...]:
        self._pass()
        rows: tuple[KnownScan, ...] = self._ledger.known()
        return rows

    def close(self) -> None:
        self._ledger.close()

    def _pass(self) -> None:
        if not self.gate.is_set():
            self.waits.set()
            self.gate.wait()


@dataclass
class EquippedHall:
    """The whole hall; :meth:`start` and :meth:`stop` it."""

    folder: Path
    roles: dict[str, Role] = field(default_factory=dict)
    _replaced: list[Role] = field(default_factory=list)
    a_page: Any = None
    """A shot of its camera."""
    slips: queue.SimpleQueue[tuple[float, str]] = field(default_factory=queue.SimpleQueue)

    def start(self) -> None:
        self._stack = contextlib.ExitStack()
        try:
            self._start()
        except BaseException:
            self.stop()
            raise

    def _start(self) -> None:
        self.state = StateFolder(self.folder)
        self.state.prepare()
        self.gear = Gear(self.folder, width_mm=80)
        self._stack.callback(self.gear.close)
        devices = self.gear.start([1, 2, 3])
        self.gear.lay_page("none")
        self.gear.printer.on_slip(lambda slip: self.slips.put((time.monotonic(), slip.text())))
        self.pads2 = ModbusLineSim(clock=time.monotonic, baud=9600)
        self.pads2.add_pad(3, latching=True)
        self.callers2 = CallerLineSim((3,))
        for name, sim in (("windows2", self.pads2), ("callers2", self.callers2)):
            self._stack.enter_context(serve(f"pty://{self.gear.folder / name}", sim))
        devices["pads"]["3"] = f"modbus://{self.gear.folder / 'windows2'}?unit=3"
        devices["callers"]["3"] = f"caller://{self.gear.folder / 'callers2'}?unit=3"
        devices["scanner"] = {"device": "sane:fake:0"}
        self._stack.enter_context(self._scanimage())
        certificate = DemoCounty().write_certificate(self.folder)
        devices["scans"] = {"certificate": str(certificate)}
        # Before the drivers take the wires for themselves: through these a wire is filled up (see stall).
        self._wires = {
            name: os.open(self.gear.folder / name, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
            for name in ("windows", "callers", "idcard", "barcode")
        }
        for fd in self._wires.values():
            self._stack.callback(os.close, fd)
        self.file = write_config(DemoSettings(self.folder, draw_slips=False), devices)
        self.config: HallConfig = load(self.file)
        self.run("queue")
        self.hall = self._stack.enter_context(
            SyncHallClient(self.state.socket, "admin", give_up_s=DEADLINE_S)
        )
        self.hall.plan()
        for role in ("printer", "evaluator", "keypad"):
            self.run(role)
        self.screen = self._stack.enter_context(Screen(self.state.socket))
        self._hold_terminal()
        self.windows = {
            number: self._stack.enter_context(SyncHallClient(self.state.socket, "window", number, "测试员"))
            for number in SERVICES
        }
        for number, window in self.windows.items():
            window.open_window(number, key=new_key(), clerk="测试员")

    def stop(self) -> None:
        """End everything; the keeper last. Each role must end well; one that a test has lost is killed."""
        others = [role for name, role in self.roles.items() if name != "queue"]
        with contextlib.ExitStack() as ending:
            ending.callback(self._kill_lost)
            if "queue" in self.roles:
                ending.callback(self.roles["queue"].stop)
            ending.callback(self._stack.close)
            for role in others:
                ending.callback(role.stop)

    def run(self, role: str) -> Role:
        """Start a role."""
        arguments = ["--config", str(self.file), "--state", str(self.folder)]
        log = self.folder / f"{role}-{len(list(self.folder.glob('*.log')))}.log"
        if role in self.roles:
            self._replaced.append(self.roles[role])
        self.roles[role] = Role(role, arguments, log)
        return self.roles[role]

    def _kill_lost(self) -> None:
        for role in self._replaced:
            if role.process.poll() is None:
                role.process.kill()
                role.process.wait()

    def _hold_terminal(self) -> None:
        self.touch = Touch()
        held = terminal_devices(self.config, self.state, self.state.socket, self.touch.heard)
        held.card_debounce_s = 0.1
        keeper_ledger = held.ledger

        def ledger() -> Any:
            real = keeper_ledger()
            self._stack.callback(real.close)
            self.ledger = SlowLedger(real)
            return self.ledger

        held.ledger = ledger
        self.devices = self.touch.devices = held
        self._stack.enter_context(HubThread(self.state.socket, "terminal", held.attended()))

    @contextlib.contextmanager
    def _scanimage(self) -> Iterator[None]:
        """A scanimage on the PATH that knows one scanner, and never ends while there is a file ``hang``."""
        programs = self.folder / "bin"
        programs.mkdir()
        program = programs / "scanimage"
        program.write_text(
            f"#!/bin/sh\ntest -e {programs}/hang && echo $$ >>{programs}/hang && exec sleep 1000\n"
            'case "$*" in *list*) echo "hall|fake:0|Hall|Fake|scanner" ;;\n'
            f"*) cat {SCANNER_OPTIONS} ;; esac\n"
        )
        program.chmod(0o755)
        self.scanimage_hangs = programs / "hang"
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("PATH", f"{programs}:{os.environ['PATH']}")
            yield

    # --- what a test does ------------------------------------------------------------------------

    until = staticmethod(until)

    def well(self, *devices: str) -> None:
        """Wait until these devices are online."""
        until(
            lambda: all(self.screen.devices.get(device) == "online" for device in devices),
            f"well: {devices}",
        )

    def stall(self, name: str, machine: Any) -> Callable[[], None]:
        """The far end of a wire takes no byte any more, and the wire is full; answers how that ends."""
        machine.room = lambda: 0
        deadline_s = time.monotonic() + 1.0
        while time.monotonic() < deadline_s:
            with contextlib.suppress(BlockingIOError):
                os.write(self._wires[name], bytes(512))
                continue
            time.sleep(0.02)

        def end() -> None:
            del machine.room

        return end

    def issue(self, window: int) -> Any:
        """A ticket for a window, as a touch gives it."""
        return self.hall.issue(SERVICES[window], key=new_key(), channel="staff").ticket

    def next_card(self, number: int) -> str:
        """The name of one of the cards; another one for the next number."""
        return list(CARDS)[number % len(CARDS)]

    def lamps(self, window: int) -> tuple[bool, ...]:
        """The lamps of a window's pad."""
        return self.pads2.lamps(window) if window == 3 else self.gear.lamps(window)

    def press_pad(self, window: int, key: str) -> None:
        """A finger on a pad; returns at once."""
        (self.pads2 if window == 3 else self.gear.windows).press(window, key, PRESS_S)

    def press_caller(self, window: int, cap: str) -> None:
        """A finger on a clerk's caller."""
        (self.callers2 if window == 3 else self.gear.callers).press(window, cap)

    def all_well(self) -> None:
        """Wait until every device is online that says so by itself."""
        pads = [f"{kind}-{window}" for kind in ("pad", "sign") for window in SERVICES]
        self.well("printer", "idcard", "barcode", "camera", "scanner", "scans", *pads)


def new_key() -> str:
    """An idempotency key."""
    return str(uuid.uuid4())


@dataclass
class KeeperAlone:
    """A keeper and nothing else. :meth:`client` is any of its clients."""

    folder: Path
    config: Path
    role: Role | None = None
    clients: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)

    @property
    def socket(self) -> Path:
        return StateFolder(self.folder).socket

    def start(self) -> None:
        """Start it; again after :meth:`kill`."""
        arguments = ["--config", str(self.config), "--state", str(self.folder)]
        self.role = Role("queue", arguments, self.folder.parent / "queue.log")

    def kill(self) -> None:
        """As a power cut would."""
        assert self.role is not None
        self.role.process.kill()
        self.role.process.wait()

    def client(self, role: str = "admin", *, give_up_s: float = DEADLINE_S) -> SyncHallClient:
        return self.clients.enter_context(SyncHallClient(self.socket, role, give_up_s=give_up_s))

    def stop(self) -> None:
        self.clients.close()
        if self.role is not None:
            self.role.stop()


@pytest.fixture(scope="module")
def keeper(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KeeperAlone]:
    """A keeper of the township example, ready."""
    folder = tmp_path_factory.mktemp("keeper") / "state"
    folder.mkdir()
    alone = KeeperAlone(folder, Path(__file__).parents[2] / "examples" / "township.toml")
    alone.start()
    try:
        alone.client().plan()
        yield alone
    finally:
        alone.stop()


@pytest.fixture(scope="module")
def county_certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The certificate of a county that does not exist."""
    return DemoCounty().write_certificate(tmp_path_factory.mktemp("county"))


@pytest.fixture
def wait_until() -> Callable[..., Any]:
    """Waits for a condition and answers it; fails at a generous deadline."""
    return until


@pytest.fixture(scope="module")
def equipped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EquippedHall]:
    """The whole hall, well."""
    hall = EquippedHall(tmp_path_factory.mktemp("hall"))
    hall.start()
    try:
        hall.all_well()
        hall.a_page = hall.devices.camera.capture()
        yield hall
    finally:
        hall.stop()
