"""The spooler's word to the keeper: jobs begun and ended under keys that make every repetition harmless.

Rules, before the code:

1. A request that got no answer is repeated under its key until it is answered: it happened once.
2. Keys hold ``boot``, unguessable and new with each start, so that no start gets an earlier one's answer.
3. The outcome of a job in flight is held here until the keeper has it. A crash before that leaves the job in
   ``sending``, and the next start records it as unknown.
4. A refusal (the job expired, or the day ended it) is final: there is nothing to repeat.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Protocol, TypeVar

from halldrivers.check import Finding
from hallqueue.errors import HallError, KeeperFault, NotAllowed, Trouble
from hallqueue.plan import Plan
from hallqueue.states import PrintState
from hallqueue.views import DeviceView, EventLine, HallSnapshot, PrintView

T = TypeVar("T")

log = logging.getLogger("hall.spooler")

RETRY_FIRST_S = 0.1
RETRY_MOST_S = 2.0
MOST_FAULTS = 20
"""A program error of the keeper's is repeated this often; more would hold up every other ticket for one."""


class PrintHall(Protocol):
    """What the spooler asks of the hall; :class:`hallqueue.syncclient.SyncHallClient` is one."""

    def plan(self) -> Plan:
        """The hall as configured."""
        ...

    def snapshot(self) -> HallSnapshot:
        """The hall now."""
        ...

    def print_queue(self) -> tuple[PrintView, ...]:
        """The jobs that wait, and those in ``sending``."""
        ...

    def print_begin(self, job: int, *, key: str, printer: str) -> PrintView:
        """Durable before the first byte."""
        ...

    def print_end(
        self, job: int, *, key: str, state: PrintState, rung: str = "", reason: str = ""
    ) -> PrintView:
        """The outcome of a job."""
        ...

    def report_device(
        self,
        device: str,
        *,
        key: str,
        kind: str,
        state: str,
        code: str = "",
        who: str = "",
        what_zh: str = "",
        remedy_zh: str = "",
        what_en: str = "",
        remedy_en: str = "",
        counters: str = "",
    ) -> DeviceView:
        """The printer's state and counts."""
        ...

    def attend_device(self, device: str, *, state: str, code: str = "") -> bool:
        """This process still holds the printer; False when the record says something else."""
        ...

    def tell_test(
        self,
        test: int,
        *,
        key: str,
        verdict: str,
        zh: str,
        en: str,
        code: str = "",
        who: str = "",
        remedy_zh: str = "",
        remedy_en: str = "",
        is_last: bool = False,
    ) -> int:
        """One finding of a health check."""
        ...

    def start_follow(self, after: int, epoch: str = "") -> None:
        """Get every event after the cursor through ``next_push``."""
        ...

    def next_push(self, timeout_s: float) -> HallSnapshot | EventLine | None:
        """The next push, or None when there is none in time."""
        ...

    def close(self) -> None:
        """Close the connection."""
        ...


class PrintLedger:
    """Begins and ends jobs. ``pause`` waits so many seconds and answers False once waiting must end."""

    def __init__(self, hall: PrintHall, boot: str, device: str, pause: Callable[[float], bool]) -> None:
        self._hall = hall
        self._boot = boot
        self._device = device
        self._pause = pause
        self.epoch = ""
        """The epoch of the log that job numbers belong to."""

    def settle(self) -> tuple[Plan, HallSnapshot, bool] | None:
        """The start rule: what is in ``sending`` becomes unknown, for a crash happened.

        Answers the plan, the hall as it was before, and whether half a job may be in the printer; None when
        waiting had to end.
        """
        plan = self._insist("plan", self._hall.plan)
        hall = self._insist("snapshot", self._hall.snapshot)
        queue = self._insist("print_queue", self._hall.print_queue)
        if plan is None or hall is None or queue is None:
            return None
        self.epoch = hall.epoch
        left = [job for job in queue if job.state is PrintState.SENDING]
        for job in left:
            log.warning(
                "job %d (%s) was being sent when the spooler ended: unknown", job.job, job.ticket.number
            )
            self.end(job.job, 0, PrintState.UNKNOWN, reason="restart")
        unknown = any(job.state is PrintState.UNKNOWN for job in hall.print_troubles)
        return plan, hall, bool(left) or unknown

    def begin(self, job: int, attempt: int) -> PrintView | None:
        """Durable before the first byte; None when the keeper says that it is not to be printed any more."""
        key = self._key("begin", job, attempt)
        return self._insist(key, lambda: self._hall.print_begin(job, key=key, printer=self._device))

    def end(self, job: int, attempt: int, state: PrintState, rung: str = "", reason: str = "") -> None:
        """Record the outcome; returns once the keeper has it, or has no such job in flight."""
        key = self._key("end", job, attempt)
        self._insist(key, lambda: self._hall.print_end(job, key=key, state=state, rung=rung, reason=reason))

    def end_waiting(self, job: int, state: PrintState, reason: str) -> bool:
        """Record the end of a job that was not begun. One try: False when the keeper is not there now."""
        try:
            self._hall.print_end(job, key=self._key(state.value, job, 0), state=state, reason=reason)
        except Trouble:
            return False
        except HallError as refusal:
            log.debug("job %d: %s", job, refusal)
        return True

    def tell_test(self, test: int, number: int, finding: Finding, *, is_last: bool) -> None:
        """One finding of a health check; ``number`` is new with each."""
        key = f"test-{self.epoch}-{self._boot}-{test}-{number}"
        self._insist(
            key,
            lambda: self._hall.tell_test(
                test,
                key=key,
                **finding.words(),
                is_last=is_last,
            ),
        )

    def _key(self, verb: str, job: int, attempt: int) -> str:
        return f"{verb}-{self.epoch}-{self._boot}-{job}-{attempt}"

    def _insist(self, what: str, ask: Callable[[], T]) -> T | None:
        wait_s, faults, is_told = RETRY_FIRST_S, 0, False
        while True:
            try:
                return ask()
            except Trouble as trouble:
                faults += isinstance(trouble, KeeperFault)
                if faults >= MOST_FAULTS:
                    log.error("%s was given up: %s", what, trouble)
                    return None
                if not is_told:
                    log.warning("%s waits for the keeper: %s", what, trouble)
                    is_told = True
            except NotAllowed:
                raise  # no repetition will change the keeper's policy
            except HallError as refusal:
                log.info("%s was refused: %s", what, refusal)
                return None
            if not self._pause(wait_s):
                return None
            wait_s = min(RETRY_MOST_S, wait_s * 2)
