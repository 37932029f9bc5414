"""The printer line: status, jobs with proof, and recovery, over any transport.

Rules:

1. Nothing is sent to a printer that says it cannot print: the job is `failed`, with 0 bytes sent.
2. Once a byte of a job has left, only the proof of its rung makes it `printed`; anything else is `unknown`.
3. A job without its proof stays pending while the proof may come. Paper out in mid-job is no failure: the
   rest prints after the refill, and a second sending would give two tickets.
4. After anything uncertain the printer must answer in-band before the next job goes out, so that no job is
   swallowed by the rest of another, and no old confirmation counts for a new job.

Not for several threads at once.
"""

from collections.abc import Callable

from halldrivers.errors import Actor, DeviceError, PortGone
from halldrivers.printerline import recovery
from halldrivers.printerline.abilities import ConfirmBy, PrinterAbilities
from halldrivers.printerline.answers import AsbGroup, Event, Query
from halldrivers.printerline.job import ENABLE_ASB, JobResult, Outcome, PendingJob, Reason, ask_process_id
from halldrivers.printerline.link import PAUSE_LIFETIME_S, StatusLink
from halldrivers.printerline.status import SILENT, PrinterStatus, from_asb, from_realtime
from halldrivers.transport import Transport

STATUS_TIMEOUT_S = 0.5
_PUSH_S = 0.2
_POLL_S = 1.0
"""How often a waiting job asks for the state: some makes have no ASB."""


class JobInFlight(DeviceError, RuntimeError):
    """Raised when a job is sent while the one before may still be confirmed."""

    code = "P-20"
    what_zh = "上一张票还没有确认"
    what_en = "the job before is still unconfirmed"
    who = Actor.VENDOR
    remedy_zh = "程序错误：先等待确认或放弃上一个任务；请把日志发给开发者"
    remedy_en = "a programming error: await or abandon the job before; send the log to the developers"


class PrinterLine:
    """One ESC/POS printer on one transport; `clock` is a monotonic clock in seconds."""

    def __init__(
        self, transport: Transport, clock: Callable[[], float], abilities: PrinterAbilities | None = None
    ) -> None:
        self._link = StatusLink(transport, clock)
        self._link.listener = self._on_event
        self._clock = clock
        self._pending: PendingJob | None = None
        self._in_step = False
        self.abilities = abilities
        self.last_asb: PrinterStatus = SILENT
        """The newest state that the printer sent by itself; silent before the first."""

    @property
    def has_pending_job(self) -> bool:
        """True while a confirmation is awaited."""
        return self._pending is not None

    @property
    def link(self) -> StatusLink:
        """The questions and answers beneath, to find out what a printer knows; `JobInFlight` with a job."""
        self._refuse_second_job()
        return self._link

    @property
    def needs_flush(self) -> bool:
        """True when the last exchange left it open whether the printer is inside a half-sent block."""
        return not self._in_step

    def open(self) -> None:
        """Open the wire, again after a break as well; a job in flight is then beyond confirmation."""
        self._link.open()
        self._pending = None
        self._in_step = False
        self.last_asb = SILENT

    def close(self) -> None:
        """Close the wire; idempotent."""
        self._link.close()
        self._pending = None
        self._in_step = False

    def status(self, timeout_s: float = STATUS_TIMEOUT_S) -> PrinterStatus:
        """Ask for the state now; silence within `timeout_s` gives a silent status, every field unknown."""
        if self._pending is not None and self._pending.remaining:
            # A question in the middle of a half-sent block would become part of it.
            self._link.drain()
            return self._pending.status
        queries = Query if self.abilities is None else sorted(self.abilities.realtime)
        return from_realtime(self._link.ask(queries, timeout_s))

    def enable_asb(self, timeout_s: float = recovery.SYNC_TIMEOUT_S) -> bool:
        """Switch automatic status on; True when the printer answered with a group."""
        self._link.drain()
        self._link.send(ENABLE_ASB)
        return self._link.wait_for_asb(timeout_s) is not None

    def probe(self, timeout_s: float = 1.0) -> PrinterAbilities:
        """Find out which status commands are answered; kept in `abilities` and used from then on."""
        self._refuse_second_job()
        self.abilities = recovery.probe(self._link, timeout_s)
        return self.abilities

    def flush_half_job(
        self,
        timeout_s: float = recovery.SYNC_TIMEOUT_S,
        largest_block_bytes: int = recovery.LARGEST_BLOCK_BYTES,
        cut: bool = True,
    ) -> bool:
        """Get a printer out of a half-sent block and cut off what came out; False when it stays silent.

        Drops a pending job. Also to be called before the first job after this machine lost power. A printer
        that says it is out of paper (or the like) gets nothing and False: the filling would only pile up in
        its buffer.
        """
        self._pending = None
        self._in_step = False
        if self.status().blocks_printing:
            return False
        self._in_step = recovery.flush(self._link, timeout_s, largest_block_bytes, cut)
        return self._in_step

    def abandon(self) -> None:
        """Give up on the pending job's confirmation; its outcome stays unknown."""
        if self._pending is not None:
            self._pending = None
            self._in_step = False

    def send_job(self, payload: bytes, job_id: str, ladder: ConfirmBy, timeout_s: float) -> JobResult:
        """Send one job and wait up to `timeout_s` for its proof by the rung `ladder`.

        `job_id` is 4 printable ASCII characters, not reused soon. Raises `JobInFlight`; a broken wire is a
        result (`PORT_GONE`), and the line is then closed.
        """
        ask_process_id(job_id)  # a bad id must be refused before anything is sent
        self._refuse_second_job()
        try:
            refusal = self._preflight(ladder, timeout_s)
        except PortGone:
            return self._lost_wire(0, ladder)
        if refusal is not None:
            return refusal
        self._pending = PendingJob(job_id, ladder, payload)
        return self._carry_on(self._pending, timeout_s)

    def await_confirmation(self, timeout_s: float) -> JobResult:
        """Go on with the pending job: send what is left of it, and wait for its proof.

        Raises `ValueError` when no job is pending.
        """
        if self._pending is None:
            raise ValueError("no job is pending")
        return self._carry_on(self._pending, timeout_s)

    def _refuse_second_job(self) -> None:
        if self._pending is not None:
            raise JobInFlight(self._pending.job_id)

    def _preflight(self, ladder: ConfirmBy, timeout_s: float) -> JobResult | None:
        """The refusal when the printer cannot take a job now, else None; silence is no refusal."""
        if ladder is ConfirmBy.WRITE:
            self._link.drain()
            return None
        status = self.status(min(timeout_s, STATUS_TIMEOUT_S))
        if status.blocks_printing:
            return JobResult(Outcome.FAILED, ladder, 0, Reason.REFUSED, status)
        self._link.end_pause(PAUSE_LIFETIME_S)
        has_asb = self.abilities is None or self.abilities.asb
        if status.is_silent or self._in_step or not ladder.can_prove or not has_asb:
            return None
        self._in_step = recovery.is_in_step(self._link)
        if self._in_step:
            return None
        return JobResult(Outcome.FAILED, ladder, 0, Reason.OUT_OF_STEP, status)

    def _carry_on(self, job: PendingJob, timeout_s: float) -> JobResult:
        deadline = self._clock() + timeout_s
        self._in_step = False
        try:
            self._push(job, deadline)
            if job.remaining:
                return self._not_all_accepted(job)
            if not job.rung.can_prove:
                return self._without_proof(job)
            self._watch(job, deadline)
            return self._verdict(job)
        except PortGone as error:
            job.took(min(error.accepted, len(job.remaining)))
            return self._lost_wire(job.sent, job.rung)

    def _push(self, job: PendingJob, deadline: float) -> None:
        while job.remaining:
            left_s = deadline - self._clock()
            job.took(self._link.send_paced(job.remaining, max(0.0, min(left_s, _PUSH_S))))
            if job.remaining and self._clock() >= deadline:
                return

    def _watch(self, job: PendingJob, deadline: float) -> None:
        next_poll = self._clock() + _POLL_S
        while not job.is_confirmed and (now := self._clock()) < deadline:
            self._link.pump(min(deadline, next_poll) - now)
            if not job.is_confirmed and self._clock() >= next_poll:
                job.saw_status(self.status(min(STATUS_TIMEOUT_S, max(0.0, deadline - self._clock()))))
                next_poll = self._clock() + _POLL_S

    def _verdict(self, job: PendingJob) -> JobResult:
        if job.is_confirmed:
            self._pending = None
            self._in_step = True
            printed = job.outcome is Outcome.PRINTED
            reason = Reason.CONFIRMED if printed else Reason.INTERRUPTED
            return JobResult(job.outcome, job.rung, job.sent, reason, job.status, job.interrupted)
        job.saw_status(now := self.status())
        if job.is_confirmed:  # the proof came while the state was asked for
            return self._verdict(job)
        reason = Reason.BLOCKED if now.blocks_printing else Reason.NO_CONFIRMATION
        return JobResult(
            Outcome.UNKNOWN, ConfirmBy.WRITE, job.sent, reason, now, job.interrupted, is_pending=True
        )

    def _not_all_accepted(self, job: PendingJob) -> JobResult:
        if job.sent == 0:
            self._pending = None
            return JobResult(Outcome.FAILED, job.rung, 0, Reason.NOT_ACCEPTED, job.status)
        return JobResult(
            Outcome.UNKNOWN,
            ConfirmBy.WRITE,
            job.sent,
            Reason.CUT_SHORT,
            job.status,
            job.interrupted,
            is_pending=True,
        )

    def _without_proof(self, job: PendingJob) -> JobResult:
        self._pending = None
        status = self.status() if job.rung is ConfirmBy.STATE else SILENT
        rung = ConfirmBy.WRITE if status.is_silent else ConfirmBy.STATE
        reason = Reason.BLOCKED if status.blocks_printing else Reason.UNPROVABLE
        return JobResult(Outcome.UNKNOWN, rung, job.sent, reason, status)

    def _lost_wire(self, sent: int, rung: ConfirmBy) -> JobResult:
        self.close()
        outcome = Outcome.UNKNOWN if sent else Outcome.FAILED
        return JobResult(outcome, ConfirmBy.WRITE if sent else rung, sent, Reason.PORT_GONE, SILENT)

    def _on_event(self, event: Event) -> None:
        if isinstance(event, AsbGroup):
            self.last_asb = from_asb(event)
        if self._pending is not None:
            self._pending.on_event(event)
