"""The simulated printer at the far end of a wire, with its slips kept as files where that is wanted."""

from pathlib import Path

from halldrivers.printersim.sim import PrinterSim
from halldrivers.printersim.slipfiles import SlipFiles
from halldrivers.simwire import SimServer, serve_pty, serve_tcp, serve_transport
from halldrivers.simwire import serve as serve_machine

__all__ = ["PrinterServer", "serve", "serve_pty", "serve_tcp", "serve_transport"]

PrinterServer = SimServer[PrinterSim]


def serve(url: str, sim: PrinterSim, slips_dir: Path | None = None) -> PrinterServer:
    """Serve at `tcp://host:port`, `pty:` or `pty:///path/of/link`; raise `BadUrl` for anything else.

    With `slips_dir` each finished slip is saved there as `slip-0001.png` and `slip-0001.txt`.
    """
    if slips_dir is not None:
        sim.on_slip(SlipFiles(slips_dir).save)
    return serve_machine(url, sim)
