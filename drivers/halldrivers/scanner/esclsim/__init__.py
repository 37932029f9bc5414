"""A simulated network scanner that speaks eSCL (AirScan) from the far end.

Shares no code with the scanner's driver: it has its own XML, its own feeder and its own HTTP. sane-airscan
scans from it through the real ``scanimage``.
"""

from halldrivers.scanner.esclsim.answer import FAULT_WORDS, Answer, EsclFault
from halldrivers.scanner.esclsim.machine import EsclSim, Feeder
from halldrivers.scanner.esclsim.server import EsclServer, serve

__all__ = ["FAULT_WORDS", "Answer", "EsclFault", "EsclServer", "EsclSim", "Feeder", "serve"]
