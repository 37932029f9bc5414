"""What a printer answers, and which proof of printing that allows: the confirmation ladder."""

from dataclasses import dataclass
from enum import StrEnum

from halldrivers.printerline.answers import Query


class ConfirmBy(StrEnum):
    """The rungs of the ladder, the strongest first; the rung reached is stored with each job."""

    PROCESS_ID = "A"
    """GS ( H after the cut: answered when the job has been printed."""
    PAPER_ANSWER = "B"
    """GS r 1 after the cut, with no fault reported in between: data and cut were processed in order."""
    STATE = "C"
    """DLE EOT before and after: says nothing about this job, only that the printer was well."""
    WRITE = "D"
    """The write was accepted: says nothing."""

    @property
    def can_prove(self) -> bool:
        """True for the rungs that can prove that a job came out."""
        return self in (ConfirmBy.PROCESS_ID, ConfirmBy.PAPER_ANSWER)


@dataclass(frozen=True, slots=True)
class PrinterAbilities:
    """Which of the status commands a printer answered when it was probed."""

    realtime: frozenset[Query]
    """The questions n of DLE EOT n that it answers."""
    asb: bool
    paper_answer: bool
    process_id: bool

    @property
    def best(self) -> ConfirmBy:
        """The strongest rung that this printer supports.

        GS r proves something only together with ASB, which would report a fault in between.
        """
        if self.process_id:
            return ConfirmBy.PROCESS_ID
        if self.paper_answer and self.asb:
            return ConfirmBy.PAPER_ANSWER
        return ConfirmBy.STATE if self.realtime else ConfirmBy.WRITE
