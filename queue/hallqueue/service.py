"""``HallService``: every operation of the hall, in one protocol with three forms.

In the keeper (:mod:`hallqueue.keeper.keeper`), over the socket (:mod:`hallqueue.client`, async and sync),
and a fake for the tests of screens. Each method that changes something takes ``key``: the
idempotency key of the touch, kept in the database. The same key again gives the same answer and
changes nothing; the same key with another request is :class:`~hallqueue.errors.KeyReused`.

``expect`` is the guard against misclicks: the ticket id that the caller's screen showed in hand at
the window (0 for none, -1 to skip the check); if the window has another one by now,
:class:`~hallqueue.errors.StaleView` is raised and nothing changes.

Who may do what is decided by the peer's role (:mod:`hallqueue.keeper.access`); a window session may only
act for its own window.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Protocol

from hallqueue.plan import Plan
from hallqueue.states import PrintState
from hallqueue.views import (
    DeviceView,
    Estimate,
    EventLine,
    Finished,
    HallSnapshot,
    Issued,
    Pressed,
    PrintView,
    RatingView,
    ScanView,
    TicketView,
    WindowView,
)

ATTEND_EVERY_S = 15.0
"""How often a process says that it still holds its devices."""
NO_CHECK = -1
"""For ``expect``: the caller does not claim to know what the window has in hand."""


class HallService(Protocol):
    """The hall's operations. All may raise a :class:`~hallqueue.errors.HallError`."""

    # --- tickets ---------------------------------------------------------------------------------

    async def issue(
        self,
        service: str,
        *,
        key: str,
        priority: str = "",
        person: str = "",
        masked_name: str = "",
        channel: str = "terminal",
        paper: bool = True,
    ) -> Issued:
        """取号. ``person`` is a keyed hash. ``channel`` ``staff`` may issue outside the hours."""
        ...

    async def void(self, ticket: int, *, key: str, reason: str) -> TicketView:
        """作废."""
        ...

    async def return_passed(self, ticket: int, *, key: str) -> TicketView:
        """过号恢复: back into the line within the plan's limits."""
        ...

    # --- a window's work -------------------------------------------------------------------------

    async def call_next(self, window: int, *, key: str, expect: int = NO_CHECK) -> TicketView:
        """呼叫下一位."""
        ...

    async def call_ticket(self, window: int, ticket: int, *, key: str, expect: int = NO_CHECK) -> TicketView:
        """Call one certain ticket that is in line and served here (点名呼叫)."""
        ...

    async def recall(self, window: int, *, key: str, expect: int = NO_CHECK) -> TicketView:
        """重呼 the called ticket."""
        ...

    async def start(self, window: int, *, key: str, expect: int = NO_CHECK) -> TicketView:
        """开始办理; closes a rating session still open at this window as superseded."""
        ...

    async def finish(self, window: int, *, key: str, then: str = "", expect: int = NO_CHECK) -> Finished:
        """办结 the current matter; ``then`` names a further service for the same ticket (一票到底)."""
        ...

    async def pass_ticket(self, window: int, *, key: str, expect: int = NO_CHECK) -> TicketView:
        """过号 the called ticket."""
        ...

    async def hold(self, window: int, *, key: str, reason: str = "", expect: int = NO_CHECK) -> TicketView:
        """挂起 the ticket being served."""
        ...

    async def resume(self, window: int, ticket: int, *, key: str, expect: int = NO_CHECK) -> TicketView:
        """恢复办理 a ticket that this window holds."""
        ...

    async def transfer(
        self, window: int, service: str, *, key: str, to_window: int = 0, expect: int = NO_CHECK
    ) -> TicketView:
        """转移 the ticket in hand; it keeps its number and its arrival."""
        ...

    async def open_window(self, window: int, *, key: str, clerk: str = "") -> WindowView:
        """开窗, or back from a pause."""
        ...

    async def pause_window(self, window: int, *, key: str, reason: str = "") -> WindowView:
        """暂停: finishes what it has in hand, takes nobody new."""
        ...

    async def close_window(self, window: int, *, key: str) -> WindowView:
        """关窗; refused while it has a ticket in hand or holds one."""
        ...

    async def close_day(self, *, key: str, reason: str, force: bool = False) -> int:
        """解散: voids everyone in line, called, passed or held, with the reason. Answers how many.

        Refused with StillServing while a window serves, unless ``force`` (then those are voided too).
        """
        ...

    async def reopen_day(self, *, key: str) -> str:
        """Take a closing of this same day back: tickets are given out again. Answers the day.

        Who was voided stays void; the windows are as they were. A day that is not closed stays as it is.
        """
        ...

    async def confirm_clock(self, *, key: str) -> str:
        """A technician looked: the clock is right. The hall follows a leap that it held back.

        Answers the day it is on then. Until this (or until the clock is set) such a leap shows as a
        fault of the device ``clock``, and the hall stays on its old day.
        """
        ...

    # --- paper -----------------------------------------------------------------------------------

    async def reprint(self, ticket: int, *, key: str) -> PrintView:
        """补打: a new job with the same number and the next copy mark."""
        ...

    async def print_queue(self) -> tuple[PrintView, ...]:
        """The jobs that are queued, sending or failed and not expired, oldest first."""
        ...

    async def print_begin(self, job: int, *, key: str, printer: str) -> PrintView:
        """Durable before the first byte: from here on a crash means unknown."""
        ...

    async def print_end(
        self, job: int, *, key: str, state: PrintState, rung: str = "", reason: str = ""
    ) -> PrintView:
        """The outcome of a job."""
        ...

    async def print_answer(self, job: int, *, key: str, came_out: bool) -> PrintView:
        """A person's answer to an unknown job: 出来了没有？

        Either answer ends the job. One that did not come out is not printed again by itself: the
        person who looked asks for a 补打 if one is still wanted.
        """
        ...

    # --- rating ----------------------------------------------------------------------------------

    async def ratings_open(self) -> tuple[RatingView, ...]:
        """The rating sessions that are open now."""
        ...

    async def press(
        self, window: int, *, key: str, level: str, raw_key: str, device: str, matter: int = NO_CHECK
    ) -> Pressed:
        """A press on the window's pad: rates the open session, or is counted as stray.

        ``matter`` is the one that the pad asked about: 0 when it asked nothing, -1 when it does not
        say. A press that asked about another matter than the open one is stray, however late it comes.
        """
        ...

    async def rating_timeout(self, matter: int, *, key: str) -> RatingView:
        """Nobody pressed in time; a session that is no longer open is answered as it is.

        Refused with BadRequest more than a second before the session's end.
        """
        ...

    # --- devices ---------------------------------------------------------------------------------

    async def report_device(
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
        """A device's state and counts; an event is written only when one of them changed."""
        ...

    async def attend_device(self, device: str, *, state: str, code: str = "") -> bool:
        """This process still holds the device; False when the record says something else: report it again.

        To be said every ATTEND_EVERY_S; a device of which nothing is heard is unknown after 100 s. Like
        ``report_device`` refused with DeviceHeld while another process holds it.
        """
        ...

    async def ask_test(self, device: str, *, key: str, level: str) -> int:
        """Ask whoever holds the device for a health check; answers the test's id, its event's number.

        What is found comes as ``DeviceTestTold`` events. Refused while the device is being tested.
        """
        ...

    async def tell_test(
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
    ) -> bool:
        """One finding of a test that this process carries out; answers whether more may be told."""
        ...

    # --- scans -----------------------------------------------------------------------------------

    async def keep_scan(
        self,
        ticket: int,
        *,
        key: str,
        matter: int,
        material: str,
        sha256: str,
        page_hashes: str,
        size: int,
        device: str,
        sealed_for: str,
        scanned_ms: int,
        interrupted: bool = False,
    ) -> ScanView:
        """A sealed material lies in the scan store, bound to a ticket of any day.

        ``page_hashes`` are the pages' SHA-256 joined by commas. The same file again changes nothing.
        """
        ...

    async def acknowledge_scan(self, scan: int, *, key: str) -> ScanView:
        """The county has it."""
        ...

    async def wipe_scan(self, scan: int, *, key: str, reason: str) -> ScanView:
        """The sealed file is gone: ``acknowledged`` by the county, or ``lost``."""
        ...

    async def scans(self, *, state: str = "", after: int = 0, limit: int = 100) -> tuple[ScanView, ...]:
        """Scans by rising id, of one state or of any, wiped ones included."""
        ...

    # --- looking ---------------------------------------------------------------------------------

    async def plan(self) -> Plan:
        """The hall as configured."""
        ...

    async def snapshot(self) -> HallSnapshot:
        """The hall now."""
        ...

    async def estimate(self, service: str) -> Estimate:
        """等待时间 for a ticket taken now."""
        ...

    async def ticket(self, which: str) -> TicketView:
        """A ticket by id (digits), by today's number (A012) or by its reference."""
        ...

    async def tickets(
        self, *, day: str = "", state: str = "", after: int = 0, limit: int = 100
    ) -> tuple[TicketView, ...]:
        """Tickets by rising id, of a day (default today) and a state, after a ticket id."""
        ...

    async def events(self, *, after: int = 0, limit: int = 200) -> tuple[EventLine, ...]:
        """Events by number, after one; ``after=-1`` gives the last ``limit``."""
        ...

    async def backup(self, path: str) -> int:
        """A consistent copy of the database at ``path`` on the keeper's machine; answers its bytes."""
        ...

    def watch(self) -> AsyncIterator[HallSnapshot]:
        """The hall now and again whenever it changed; may skip in-between ones, never the last."""
        ...

    def follow(self, after: int) -> AsyncIterator[EventLine]:
        """Every event after the cursor, in order, without gaps, then as they happen."""
        ...
