"""The hall that is measured: the real roles as processes, a simulated printer, clients on the socket."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios
import threading
import time
import tomllib
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self

import tomli_w

from hall.config.load import load
from hall.demo.county import DemoCounty
from hall.demo.gear import Gear
from halldrivers.printersim import PrinterSim, serve
from hallqueue.paths import StateFolder
from hallqueue.syncclient import SyncHallClient

TOWNSHIP = Path(__file__).parents[1] / "examples" / "township.toml"
ALWAYS = [{"weekdays": [1, 2, 3, 4, 5, 6, 7], "start": "00:00", "end": "24:00"}]
WITHIN_S = 60.0


def wait_until(holds: Callable[[], Any], what: str, within_s: float = WITHIN_S) -> None:
    """Wait for a condition; raises TimeoutError at the deadline."""
    deadline = time.monotonic() + within_s
    while not holds():
        if time.monotonic() > deadline:
            raise TimeoutError(what)
        time.sleep(0.001)


def write_config(
    file: Path, printer_url: str, devices: Mapping[str, Mapping[str, Any]] | None = None
) -> None:
    """The township centre, open round the clock, with a printer that is simulated, and more such devices."""
    raw = tomllib.loads(TOWNSHIP.read_text(encoding="utf-8"))
    raw["calendar"] = {"sessions": ALWAYS}
    for section, lines in (devices or {}).items():
        raw[section] = dict(lines)
    raw["printing"] = {**raw["printing"], "device": printer_url, "profile": "epson-80"}
    file.write_text(tomli_w.dumps(raw), encoding="utf-8")


class RoleProcess:
    """One ``hall`` process; ``ready_s`` is the time from its start to its first sign of work."""

    def __init__(self, name: str, command: list[str], log: Path, *, on_terminal: bool) -> None:
        self.name, self._log = name, log
        self._master = -1
        self.painted = 0
        began = time.monotonic()
        environ = {**os.environ, "GPIOZERO_PIN_FACTORY": "mock", "TERM": "xterm-256color"}
        command = [sys.executable, "-P", "-m", "hall", *command]
        self._output = log.open("wb")
        stdio: dict[str, Any] = {
            "stdin": subprocess.DEVNULL,
            "stdout": self._output,
            "stderr": self._output,
        }
        slave = -1
        if on_terminal:
            self._master, slave = pty.openpty()
            fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
            # Textual draws on stderr.
            stdio = {"stdin": slave, "stdout": slave, "stderr": slave}
        self.process = subprocess.Popen(command, env=environ, **stdio)
        self.began = began
        if on_terminal:
            os.close(slave)
            threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        while True:
            try:
                data = os.read(self._master, 65536)
            except OSError:
                return
            self.painted += len(data)

    def said(self, text: str) -> bool:
        """Whether it wrote that to its log."""
        if self.process.poll() is not None:
            raise RuntimeError(f"{self.name} ended: {self._log.read_text()[-2000:]}")
        return text in self._log.read_text()

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._output.close()


class BenchHouse:
    """One state folder with its keeper, and whatever else is started; ends with the ``with``."""

    def __init__(self, folder: Path, *, every_device: bool = False) -> None:
        self.folder = StateFolder(folder)
        self._every_device = every_device
        self._closing = ExitStack()
        self.printer = PrinterSim(80, clock=time.monotonic)
        self.roles: dict[str, RoleProcess] = {}
        self.starts_s: dict[str, float] = {}
        self.config_file = folder.parent / f"{folder.name}.toml"

    def __enter__(self) -> Self:
        self.folder.prepare()
        server = self._closing.enter_context(serve("tcp://127.0.0.1:0", self.printer))
        write_config(self.config_file, server.url, self._devices() if self._every_device else None)
        self.config = load(self.config_file)
        self.start("queue", "run", "queue", ready=lambda role: role.said("the keeper is ready"))
        return self

    def _devices(self) -> dict[str, Any]:
        """Simulated devices of every kind; they live in this process, so their work is part of no figure."""
        gear = Gear(self.folder.path.parent / f"{self.folder.path.name}-gear", width_mm=80)
        self._closing.callback(gear.close)
        windows = [row["number"] for row in tomllib.loads(TOWNSHIP.read_text("utf-8"))["window"]]
        devices = gear.start(windows)
        certificate = DemoCounty().write_certificate(gear.folder)
        return devices | {"scans": {"certificate": str(certificate)}}

    def __exit__(self, *_: object) -> None:
        self._closing.close()

    def start(
        self, name: str, *command: str, ready: Callable[[RoleProcess], Any], on_terminal: bool = False
    ) -> RoleProcess:
        """Start a role and wait until it works; notes how long that took."""
        arguments = [*command, "--config", str(self.config_file), "--state", str(self.folder.path)]
        log = self.folder.path.parent / f"{self.folder.path.name}-{name}.log"
        role = self.roles[name] = RoleProcess(name, arguments, log, on_terminal=on_terminal)
        self._closing.callback(role.stop)
        wait_until(lambda: ready(role), f"{name} is ready")
        self.starts_s[name] = time.monotonic() - role.began
        return role

    def start_spooler(self) -> None:
        """The spooler, with a printer that answers."""
        self.start("printer", "run", "printer", ready=lambda role: role.said("the spooler is ready"))
        screen = self.client("screen")
        wait_until(lambda: any(d.state == "online" for d in screen.snapshot().devices), "printer online")

    def client(self, role: str, window: int = 0) -> SyncHallClient:
        """A client, closed with the house."""
        return self._closing.enter_context(
            SyncHallClient(self.folder.socket, role, window, give_up_s=WITHIN_S)
        )
