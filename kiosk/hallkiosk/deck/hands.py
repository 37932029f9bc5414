"""A visitor's hands at the simulated printer."""

from __future__ import annotations

from collections.abc import Sequence

from halldrivers.printersim.paper import Slip
from halldrivers.printersim.sim import PrinterSim
from hallkiosk.deck.parts import PrinterCondition


class SimHands:
    """:class:`~hallkiosk.deck.parts.PrinterHands` on a :class:`PrinterSim`."""

    def __init__(self, sim: PrinterSim) -> None:
        self._sim = sim

    def slips(self) -> Sequence[Slip]:
        """The paper that was cut off."""
        return self._sim.slips

    def hanging(self) -> Slip:
        """The paper that hangs in the printer."""
        return self._sim.hanging

    def condition(self) -> PrinterCondition:
        """How the printer is."""
        with self._sim.lock:
            body = self._sim.body
            return PrinterCondition(
                is_cover_open=body.cover_open,
                is_paper_out=body.paper_out,
                is_jammed=body.cutter_error,
                is_unplugged=not self._sim.is_connected,
                is_busy=self._sim.is_busy,
            )

    def set_cover(self, is_open: bool) -> None:
        """Open or close the cover."""
        (self._sim.open_cover if is_open else self._sim.close_cover)()

    def set_paper(self, is_out: bool) -> None:
        """Take the roll out, or load a new one."""
        (self._sim.remove_paper if is_out else self._sim.load_paper)()

    def set_jam(self, is_jammed: bool) -> None:
        """Jam the cutter, or free it."""
        (self._sim.jam_cutter if is_jammed else self._sim.clear_jam)()

    def set_cable(self, is_unplugged: bool) -> None:
        """Pull the data cable, or put it back."""
        if is_unplugged:
            self._sim.unplug_after(0)
        else:
            self._sim.plug()
