"""An ESC/POS printer as a device: its answers, its state, and the proof that a job came out.

The printer is given finished bytes; what a ticket looks like is decided elsewhere.
"""

from halldrivers.printerline.abilities import ConfirmBy, PrinterAbilities
from halldrivers.printerline.answers import Query, StatusDecoder
from halldrivers.printerline.device import JobInFlight, PrinterLine
from halldrivers.printerline.job import JobResult, Outcome, Reason
from halldrivers.printerline.status import Cover, Cutter, ErrorState, Online, Paper, PrinterStatus

__all__ = [
    "ConfirmBy",
    "Cover",
    "Cutter",
    "ErrorState",
    "JobInFlight",
    "JobResult",
    "Online",
    "Outcome",
    "Paper",
    "PrinterAbilities",
    "PrinterLine",
    "PrinterStatus",
    "Query",
    "Reason",
    "StatusDecoder",
]
