"""What became of a print job, and the watch that is kept on the one job in flight."""

from dataclasses import dataclass
from enum import StrEnum

from halldrivers.errors import Fault
from halldrivers.printerline.abilities import ConfirmBy
from halldrivers.printerline.answers import AsbGroup, Event, PaperAnswer, ProcessId
from halldrivers.printerline.status import SILENT, PrinterStatus, from_asb

ENABLE_ASB = b"\x1d\x61\xff"
INITIALISE = b"\x1b\x40"
ASK_PAPER = b"\x1d\x72\x01"
PAPER_ANSWERS_NEEDED = 2
"""GS r is asked twice after the cut: one NUL from a glitch on a serial line looks just like its answer."""

JOB_ID_CHARS = 4


def ask_process_id(job_id: str) -> bytes:
    """GS ( H fn 48 for a job id of 4 printable ASCII characters."""
    if len(job_id) != JOB_ID_CHARS or not all(" " <= char <= "~" for char in job_id):
        raise ValueError(f"a job id is {JOB_ID_CHARS} printable ASCII characters, not {job_id!r}")
    return b"\x1d\x28\x48\x06\x00\x30\x30" + job_id.encode("ascii")


class Outcome(StrEnum):
    """The three ends of a print job; unknown never turns into another by itself."""

    PRINTED = "printed"
    UNKNOWN = "unknown"
    FAILED = "failed"


class Reason(StrEnum):
    """Why a job ended as it did, for the machine that decides what next."""

    CONFIRMED = "confirmed"
    REFUSED = "refused"
    """The printer said before the first byte that it cannot print; the status has the fault."""
    OUT_OF_STEP = "out_of_step"
    """The printer does not execute commands though it answers real-time questions: it waits for the rest of a
    half-sent block. Nothing of the job was sent; call `flush_half_job`."""
    NOT_ACCEPTED = "not_accepted"
    """The line took no byte in time."""
    PORT_GONE = "port_gone"
    CUT_SHORT = "cut_short"
    """The line took a part of the job; the rest is kept and sent by `await_confirmation`."""
    BLOCKED = "blocked"
    """No confirmation yet, and the printer reports a fault: the rest prints once it is cured."""
    NO_CONFIRMATION = "no_confirmation"
    INTERRUPTED = "interrupted"
    """Everything was processed, but a fault came in between and this rung cannot tell what was lost."""
    UNPROVABLE = "unprovable"
    """All bytes left; rungs C and D cannot prove more."""


@dataclass(frozen=True, slots=True)
class JobResult:
    """What is known about a job."""

    outcome: Outcome
    rung: ConfirmBy
    """The rung that was reached, not the one asked for."""
    bytes_sent: int
    """Bytes that left this machine, the confirmation commands included; 0 proves that nothing prints."""
    reason: Reason
    status: PrinterStatus
    """The last status heard; silent when none was."""
    interrupted: bool = False
    """A fault came while the job was in the printer: printed, but perhaps in two pieces of paper."""
    is_pending: bool = False
    """True while a confirmation may still come: call `await_confirmation`, or `abandon`."""

    @property
    def fault(self) -> Fault | None:
        """What a person must deal with, if the printer said so or said nothing."""
        return None if self.outcome is Outcome.PRINTED else self.status.fault


class PendingJob:
    """The one job in flight: what is still to be sent, and what its confirmation needs."""

    def __init__(self, job_id: str, rung: ConfirmBy, payload: bytes) -> None:
        self.job_id = job_id
        self.rung = rung
        self.remaining = self._wrap(payload)
        self.sent = 0
        self.is_confirmed = False
        self.interrupted = False
        self.status = SILENT
        self._paper_answers = 0

    @property
    def outcome(self) -> Outcome:
        """Printed as soon as the rung's proof is in; GS r after a fault proves too little."""
        proven = self.is_confirmed and not (self.interrupted and self.rung is ConfirmBy.PAPER_ANSWER)
        return Outcome.PRINTED if proven else Outcome.UNKNOWN

    def took(self, accepted: int) -> None:
        """Note that the line accepted so many bytes."""
        self.sent += accepted
        self.remaining = self.remaining[accepted:]

    def saw_status(self, status: PrinterStatus) -> None:
        """Note a status heard while the job is in the printer."""
        if status.is_silent:
            return
        self.status = status
        if status.blocks_printing:
            self.interrupted = True

    def on_event(self, event: Event) -> None:
        """Take one answer; those of other jobs and other kinds change nothing."""
        match event:
            case AsbGroup():
                self.saw_status(from_asb(event))
            case ProcessId() if self.rung is ConfirmBy.PROCESS_ID and event.job_id == self.job_id:
                self.is_confirmed = not self.remaining
            case PaperAnswer() if self.rung is ConfirmBy.PAPER_ANSWER and not self.remaining:
                self._took_paper_answer(event.value)

    def _took_paper_answer(self, value: int) -> None:
        if value & 0xF0:
            return  # not an answer to GS r 1, whatever it is
        if value & 0x0C:
            self.interrupted = True  # some clones answer at paper end instead of keeping silent
        self._paper_answers += 1
        self.is_confirmed = self._paper_answers >= PAPER_ANSWERS_NEEDED

    def _wrap(self, payload: bytes) -> bytes:
        """The payload between the commands of its rung.

        ASB is switched on behind the ESC @ with which every payload begins, because some makes switch it off
        there.
        """
        if not self.rung.can_prove:
            return payload
        body = payload.removeprefix(INITIALISE)
        proof = (
            ask_process_id(self.job_id)
            if self.rung is ConfirmBy.PROCESS_ID
            else ASK_PAPER * PAPER_ANSWERS_NEEDED
        )
        return INITIALISE + ENABLE_ASB + body + proof
