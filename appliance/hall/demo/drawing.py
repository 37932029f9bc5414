"""Pictures of the paper, drawn beside the printing: a drawing takes longer than a print.

The simulated printer calls back while it holds its lock, so the slip only goes into a queue there; a thread
of its own draws one after the other.
"""

from __future__ import annotations

import logging
import threading
from pathlib import Path
from queue import SimpleQueue

from halldrivers.printersim import PrinterSim, Slip
from halldrivers.printersim.slipfiles import SlipFiles

log = logging.getLogger(__name__)

FINISH_WITHIN_S = 5.0
"""What is still to be drawn when the house closes is given this long."""


class SlipDrawer:
    """Saves each slip of a printer as ``slip-0001.png`` and so on; :meth:`close` ends its thread."""

    def __init__(self, printer: PrinterSim, folder: Path) -> None:
        self._files = SlipFiles(folder)
        self._folder = folder
        self._slips: SimpleQueue[Slip | None] = SimpleQueue()
        self.last: Path | None = None
        """The picture of the last slip that was drawn."""
        printer.on_slip(self._slips.put)
        self._thread = threading.Thread(target=self._draw, name="slip drawer", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Draw what is left and end; again is harmless."""
        self._slips.put(None)
        self._thread.join(FINISH_WITHIN_S)

    def _draw(self) -> None:
        while (slip := self._slips.get()) is not None:
            try:
                self._files.save(slip)
            except OSError as error:
                log.warning("a slip could not be drawn: %s", error)
            else:
                self.last = max(self._folder.glob("slip-*.png"), default=None)
