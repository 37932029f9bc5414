"""The spooler: takes the hall's print jobs one by one to the printer and records what became of each.

One thread, one job in flight, no thread of its own. What to do next is the table's
(:mod:`hallprinter.spooler_state`); here is the work that each state stands for, in pieces of a second or so.
A new job arrives by the keeper's push; the idle printer is asked for its state every two seconds, because
paper out must be noticed before the next citizen touches the screen (facts: lessons 25).
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from halldrivers.counters import Counters
from halldrivers.printerline import JobResult, Outcome, PrinterAbilities, PrinterLine
from hallprinter.facefrom import local_text
from hallprinter.profile import PrinterProfile
from hallprinter.spooler_check import PrinterCheck
from hallprinter.spooler_flight import Flight, Patience
from hallprinter.spooler_inbox import Inbox
from hallprinter.spooler_ledger import PrintHall, PrintLedger
from hallprinter.spooler_line import LineTimes, Look, WatchedLine
from hallprinter.spooler_render import Renderer, Unprintable
from hallprinter.spooler_report import Reporter
from hallprinter.spooler_state import IN_FLIGHT, TRANSITIONS, Act, Signal, SpoolerState, signal_of
from hallprinter.spooler_stop import Stopping
from hallprinter.spooler_tests import PrinterTests
from hallprinter.testpage import TestPageFace
from hallqueue.clock import Clock
from hallqueue.plan import Plan
from hallqueue.service import ATTEND_EVERY_S
from hallqueue.states import PrintState
from hallqueue.views import PrintView

log = logging.getLogger("hall.spooler")

DEVICE = "printer"
"""The name under which the ticket printer is reported."""
COUNT_EVERY_S = 3600.0
"""How often what the printer has done is put on record."""
WAKE_S = 0.25
"""How soon a waiting spooler notices that it shall stop; it asks nobody anything then."""


class Spooler:
    """One printer's spooler; :meth:`run` returns once ``stop`` is set and the job in flight is settled.

    ``clock`` is the wall (expiry, times on paper), ``now_s`` a rising clock, ``random`` answers numbers in
    [0, 1), ``boot`` is unguessable and new with each start, ``url`` is where the line leads.
    """

    def __init__(
        self,
        hall: PrintHall,
        line: PrinterLine,
        profile: PrinterProfile,
        *,
        clock: Clock,
        now_s: Callable[[], float],
        random: Callable[[], float],
        boot: str,
        stop: threading.Event,
        url: str = "",
        device: str = DEVICE,
        patience: Patience | None = None,
        times: LineTimes | None = None,
        enrolled: PrinterAbilities | None = None,
    ) -> None:
        self.state = SpoolerState.STARTING
        self._clock, self._now_s = clock, now_s
        self._patience = patience or Patience()
        self._stopping = Stopping(stop, self._patience.grace_s, now_s)
        self._counters = Counters()
        """``opens`` and ``losses`` of its line, ``writes``: papers that were proved, ``failures``: others."""
        self._reporter = Reporter(hall, device, "printer", boot, self._counters)
        self._next_count_s = now_s() + COUNT_EVERY_S
        self._next_attend_s = now_s() + ATTEND_EVERY_S
        self._fonts = Reporter(hall, f"{device}-fonts", "fonts", boot)
        self._renderer = Renderer(profile, clock, self._fonts)
        self._ledger = PrintLedger(hall, boot, device, self._stopping.pause)
        self._line = WatchedLine(line, self._reporter, random, times or LineTimes(), enrolled)
        check = PrinterCheck(self._line, url, profile, self._test_page, now_s=now_s)
        self._tests = PrinterTests(device, check, self._ledger)
        self._inbox = Inbox(hall, now_s, self._tests.hear)
        self._plan: Plan | None = None
        self._flight: Flight | None = None
        self._next_look_s = 0.0
        self._work = {
            SpoolerState.STARTING: self._settle,
            SpoolerState.GONE: self._connect,
            SpoolerState.FLUSHING: self._prepare,
            SpoolerState.IDLE: self._take_job,
            SpoolerState.SENDING: self._send,
            SpoolerState.CONFIRMING: self._await_proof,
            SpoolerState.STALLED: self._await_proof,
            SpoolerState.BLOCKED: self._await_cure,
        }

    def run(self) -> None:
        """Print until ``stop``; the printer's line is closed at the end, whatever happens."""
        try:
            while not self._stopping.is_asked or self.state in IN_FLIGHT:
                self.step()
        finally:
            self._line.close()

    def step(self) -> None:
        """Do the present state's work once, and what its signal leads to."""
        signal = self._work[self.state]()
        if self._now_s() >= self._next_count_s:
            self._next_count_s = self._now_s() + COUNT_EVERY_S
            self._reporter.recount()
        if self._now_s() >= self._next_attend_s:
            self._next_attend_s = self._now_s() + ATTEND_EVERY_S
            self._reporter.attend()
            self._fonts.attend()
        self._reporter.tell()
        self._fonts.tell()
        if signal is not None:
            self._go(signal)
        if (lost := self._tests.work(self.state)) is not None:
            self._line.suspect()
            self._go(lost)

    def _go(self, signal: Signal) -> None:
        before = self.state
        self.state, acts = TRANSITIONS[before][signal]
        if self.state is not before:
            log.debug("%s: %s leads to %s", before, signal, self.state)
            self._next_look_s = 0.0
        for act in acts:
            match act:
                case Act.CLOSE:
                    self._counters.add("losses")
                    self._line.close()
                    self._next_look_s = self._now_s() + self._line.wait_s()
                case Act.SUSPECT:
                    self._line.suspect()
                case Act.ABANDON:
                    self._line.line.abandon()
                case Act.RECORD:
                    self._record()

    # --- without a job in flight -----------------------------------------------------------------

    def _settle(self) -> Signal | None:
        settled = self._ledger.settle()
        if settled is None:
            self._stopping.pause(WAKE_S)
            return None
        self._plan, hall, may_hang = settled
        self._inbox.begin(hall)
        # A job that ended unknown may have left half a slip behind, and the wire may have been dead since.
        self._line.suspect(may_hang)
        return Signal.SETTLED

    def _connect(self) -> Signal | None:
        if self._rests():
            return None
        if self._line.connect():
            self._counters.add("opens")
            return Signal.OPENED
        self._next_look_s = self._now_s() + self._line.wait_s()
        return None

    def _prepare(self) -> Signal | None:
        look = self._look()
        if look is Look.WELL:
            return Signal.READY if self._line.prepare() else Signal.LOST
        return _TROUBLE.get(look) if look else None

    def _await_cure(self) -> Signal | None:
        look = self._look()
        if look is Look.WELL:
            return Signal.CURED
        return Signal.LOST if look is Look.GONE else None

    def _take_job(self) -> Signal | None:
        self._refresh()
        job = self._inbox.jobs.due(self._now_s())
        is_due = self._now_s() >= self._next_look_s
        if not is_due and (job is None or self._line.missed):
            self._rests(wake_for_job=job is None)
            return None
        look = self._line.look() if is_due or not self._line.is_mute else Look.WELL
        self._next_look_s = self._now_s() + self._pause_after(look)
        if look is not Look.WELL:
            return _TROUBLE.get(look)
        if job is None:
            return None
        self._flight = Flight(job, self._inbox.jobs.attempt(job.job))
        return Signal.JOB

    def _look(self) -> Look | None:
        """A look when it is time for one, else a rest."""
        if self._rests():
            return None
        look = self._line.look()
        self._next_look_s = self._now_s() + self._pause_after(look)
        return look

    def _pause_after(self, look: Look) -> float:
        """Seconds until the next look at the printer."""
        patience = self._patience
        if look is Look.BLOCKED:
            return patience.blocked_look_s
        if look is Look.MISSED:
            return patience.missed_look_s
        return patience.mute_look_s if self._line.is_mute else patience.idle_look_s

    def _rests(self, wake_for_job: bool = False) -> bool:
        """Wait for a push or for the time of the next look; True when the time has not come yet.

        Jobs that become too old meanwhile are recorded as expired, so that nothing floods out later.
        """
        left_s = self._next_look_s - self._now_s()
        if left_s <= 0:
            return False
        if wake_for_job and (due_s := self._inbox.jobs.next_due_s()) is not None:
            left_s = min(left_s, max(0.0, due_s - self._now_s()))
        began_s = self._now_s()
        wait_s = min(WAKE_S, left_s)
        if not self._inbox.wait(wait_s) and self._now_s() - began_s < wait_s / 2:
            self._stopping.wait(wait_s / 2)  # the keeper is not there, and the client did not wait
        if not wake_for_job:
            self._refresh()
        return True

    def _refresh(self) -> None:
        fresh = self._inbox.refresh()
        if fresh is not None:
            self._plan = fresh
        if self._inbox.epoch != self._ledger.epoch:
            self._ledger.epoch = self._inbox.epoch
            self._reporter.forget()
            self._fonts.forget()
        jobs = self._inbox.jobs
        for job in jobs.expired(self._clock.now_ms()):
            if not self._ledger.end_waiting(job.job, PrintState.EXPIRED, "expired"):
                return
            jobs.drop(job.job)
        for job in jobs.void():
            if not self._ledger.end_waiting(job.job, PrintState.FAILED, "void"):
                return
            jobs.drop(job.job)

    def _test_page(self) -> TestPageFace:
        plan = self._plan
        assert plan is not None  # a check comes after the start
        return TestPageFace(local_text(self._clock.now_ms(), plan), plan.hall_name)

    # --- the job in flight -----------------------------------------------------------------------

    def _send(self) -> Signal:
        flight = self._flight
        assert flight is not None
        assert self._plan is not None
        rendered = self._renderer.render(flight.job, self._plan)
        if isinstance(rendered, Unprintable):
            self._has_no_paper(flight.job, rendered)
            self._flight = None
            return Signal.ENDED
        if self._ledger.begin(flight.job.job, flight.attempt) is None:
            self._inbox.jobs.drop(flight.job.job)
            self._flight = None
            return Signal.ENDED
        flight.size = len(rendered.payload)
        flight.begun(self._now_s(), self._patience)
        slice_s = self._patience.slice_s
        job_id = f"{flight.job.job % 10_000:04d}"
        return self._heard(self._line.line.send_job(rendered.payload, job_id, self._line.rung, slice_s))

    def _await_proof(self) -> Signal:
        flight = self._flight
        assert flight is not None
        self._inbox.wait(0.0)  # whoever asks for a check hears at once that it cannot be now
        signal = self._heard(self._line.line.await_confirmation(self._patience.slice_s))
        if signal in (Signal.PENDING, Signal.FAULT):
            flight.waited(signal is Signal.FAULT, self._now_s(), self._patience)
            if flight.is_over(self._now_s()) or self._stopping.is_over:
                return Signal.GAVE_UP
        return signal

    def _heard(self, result: JobResult) -> Signal:
        assert self._flight is not None
        self._flight.result = result
        self._line.saw(result.status)
        return signal_of(result)

    def _has_no_paper(self, job: PrintView, why: Unprintable) -> None:
        """Nothing was sent and nothing came out: the job failed, and may be tried again if that can help."""
        if why.is_lasting:
            self._inbox.jobs.give_up(job.job)
        else:
            self._inbox.jobs.failed(job.job, self._now_s())
        if job.state is PrintState.QUEUED:
            self._ledger.end_waiting(job.job, PrintState.FAILED, why.reason)

    def _record(self) -> None:
        """Tell the keeper the outcome of the job in flight, and insist."""
        flight, self._flight = self._flight, None
        if flight is None or flight.result is None:
            return
        result, number = flight.result, flight.job.ticket.number
        self._counters.add("writes" if result.outcome is Outcome.PRINTED else "failures")
        reason = result.reason.value + (f" {result.fault.code}" if result.fault else "")
        level = logging.INFO if result.outcome is Outcome.PRINTED else logging.WARNING
        log.log(
            level,
            "job %d (%s): %s by rung %s, %s",
            flight.job.job,
            number,
            result.outcome,
            result.rung,
            reason,
        )
        state = PrintState(result.outcome.value)
        self._ledger.end(flight.job.job, flight.attempt, state, result.rung.value, reason)
        if result.outcome is Outcome.FAILED:
            self._inbox.jobs.failed(flight.job.job, self._now_s())
            self._inbox.is_stale = True
        else:
            self._inbox.jobs.drop(flight.job.job)


_TROUBLE = {Look.BLOCKED: Signal.FAULT, Look.GONE: Signal.LOST}
