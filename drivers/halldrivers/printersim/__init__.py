"""A simulated ESC/POS printer that reads the bytes on its own and shows the paper.

It shares no code with the printer driver or the ticket encoder, so that it can contradict them.
"""

from halldrivers.printersim.abilities import CHINESE_58, CHINESE_80, EPSON, MUTE, SimAbilities
from halldrivers.printersim.draw import draw_slip
from halldrivers.printersim.paper import Slip
from halldrivers.printersim.server import PrinterServer, serve, serve_pty, serve_tcp, serve_transport
from halldrivers.printersim.sim import PrinterSim

__all__ = [
    "CHINESE_58",
    "CHINESE_80",
    "EPSON",
    "MUTE",
    "PrinterServer",
    "PrinterSim",
    "SimAbilities",
    "Slip",
    "draw_slip",
    "serve",
    "serve_pty",
    "serve_tcp",
    "serve_transport",
]
