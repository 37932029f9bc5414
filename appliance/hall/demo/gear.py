"""The simulated devices of a demo: each at the far end of a real wire, where the hall's drivers find it.

Pads and signs are units of one RS-485 line, callers of another, ID-card reader and barcode reader are serial
devices, all on pseudo-terminals; the document camera puts its pictures into a folder; the printer is on TCP.
Nothing here knows the drivers.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

from halldrivers.barcode.sim import BarcodeSim
from halldrivers.caller.sim import CallerLineSim
from halldrivers.camera.sim import SCENES, CameraSim
from halldrivers.idcard.sim import CardReaderSim
from halldrivers.idcard.simcards import CARDS
from halldrivers.modbussim import ModbusLineSim
from halldrivers.printersim import PrinterServer, PrinterSim
from halldrivers.printersim import serve as serve_printer
from halldrivers.simwire import serve

FIRST_SIGN = 11
"""The unit of window 1's sign."""
SIGN_DIGITS = 4
PRESS_S = 0.25
"""How long a finger stays on a key."""
PICTURE = (1600, 1200)
"""Large enough to be judged, small enough to be drawn while somebody waits."""


class Gear:
    """All devices of one house; :meth:`start` and :meth:`close` them."""

    def __init__(self, folder: Path, *, width_mm: int, seed: int = 0) -> None:
        self.folder = folder / "dev"
        clock = time.monotonic
        self.printer = PrinterSim(width_mm=width_mm, clock=clock)
        self.windows = ModbusLineSim(clock=clock, baud=9600, seed=seed)
        """The line of pads and signs."""
        self.reader = CardReaderSim(clock=clock, seed=seed + 2)
        self.barcode = BarcodeSim(clock=clock, seed=seed + 3)
        self.callers: CallerLineSim
        self.camera: CameraSim
        self._stack = ExitStack()
        self._server: PrinterServer | None = None

    def start(self, windows: Sequence[int]) -> dict[str, Any]:
        """Put everything on its wire; answers the sections of ``hall.toml`` that name it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for window in windows:
            self.windows.add_pad(window, latching=True)
            self.windows.add_sign(self.sign_unit(window), digits=SIGN_DIGITS)
        self.callers = CallerLineSim(tuple(windows))
        self.camera = CameraSim(self.folder / "camera")
        self._server = self._stack.enter_context(serve_printer("tcp://127.0.0.1:0", self.printer))
        for name, sim in self._wires().items():
            self._stack.enter_context(serve(f"pty://{self.folder / name}", sim))
        line = f"modbus://{self.folder / 'windows'}"
        return {
            "printing": {"device": self._server.url},
            "idcard": {"device": f"serial://{self.folder / 'idcard'}?baud=115200"},
            "barcode": {"device": f"serial://{self.folder / 'barcode'}"},
            "camera": {"device": f"dir://{self.folder / 'camera'}"},
            "pads": {str(n): f"{line}?unit={n}" for n in windows},
            "callers": {str(n): f"caller://{self.folder / 'callers'}?unit={n}" for n in windows},
            "signs": {str(n): f"{line}?unit={self.sign_unit(n)}&digits={SIGN_DIGITS}" for n in windows},
        }

    def close(self) -> None:
        """Take everything away; again is harmless."""
        self._stack.close()

    # --- hands and eyes --------------------------------------------------------------------------

    def press(self, window: int, key: str) -> None:
        """A finger on a pad; takes as long as a finger takes."""
        self.windows.press(window, key, PRESS_S)
        time.sleep(PRESS_S)

    def lamps(self, window: int) -> tuple[bool, ...]:
        """The lamps of a window's pad."""
        return self.windows.lamps(window)

    def sign_unit(self, window: int) -> int:
        """The unit number of a window's sign."""
        return FIRST_SIGN + window - 1

    def sign(self, window: int) -> str:
        """What a window's sign shows."""
        with self.windows.lock:
            return str(self.windows.units[self.sign_unit(window)].text)  # type: ignore[attr-defined]

    def lay_card(self, name: str) -> None:
        """Lay one of the synthetic cards on the reader."""
        self.reader.lay(CARDS[name])

    def lay_page(self, name: str) -> None:
        """Put something under the camera: a scene's name (``form``, ``blur``, ``none``)."""
        self.camera.show(replace(SCENES[name], size=PICTURE))

    def _wires(self) -> dict[str, Any]:
        return {
            "windows": self.windows,
            "callers": self.callers,
            "idcard": self.reader,
            "barcode": self.barcode,
        }
