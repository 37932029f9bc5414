"""One hall in the keeper: the rules, the store and the log readers put together. Knows no sockets."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec

from hallqueue.clock import Clock, SteadyClock
from hallqueue.errors import StorageDamaged, Trouble, UnknownTicket
from hallqueue.keeper.cursors import LogReader
from hallqueue.keeper.pushes import Cursor
from hallqueue.keeper.work import Ask, Recorder, Worker
from hallqueue.plan import Plan
from hallqueue.rules.clockwatch import CLOCK
from hallqueue.rules.day import BrokenLog, DayState
from hallqueue.rules.engine import HallEngine
from hallqueue.rules.engine_base import KEEPER
from hallqueue.store.backup import refuse_target
from hallqueue.store.lookup import Lookup
from hallqueue.store.recover import RecoveryReport
from hallqueue.store.store import Store
from hallqueue.unit import Moment
from hallqueue.views import EventLine, HallSnapshot, ScanView, TicketView
from hallqueue.wire.methods import Method

log = logging.getLogger("hall.keeper")

BACKUP_PAUSE_S = 0.002
"""Between two steps of a copy the keeper serves people for this long."""
CARE_EVERY_MS = 600_000
"""How often old request keys go and the write-ahead log is merged."""
COUNTERS = ("ticket", "matter", "job", "scan")
"""Ids that count up over the life of the database."""
NOTE_EVERY_S = 60.0
"""How often the end of the log is put on file beside the database."""


class Hall:
    """The hall's operations as units of batches, and its committed state for pushes."""

    def __init__(
        self,
        store: Store,
        plan: Plan,
        clock: Clock,
        reference: Callable[[], str],
        steady_s: Callable[[], float] = time.monotonic,
    ) -> None:
        """Raises a Trouble when the day cannot be folded or the first unit after a loss not recorded."""
        self._store = store
        self._plan = plan
        self._prefixes = sorted({service.prefix for service in plan.services})
        self._clock = clock
        self._reference = reference
        self._log = LogReader(store.connection, store.folder.database)
        self._lookup = Lookup(store.connection, store.folder, plan)
        self._steady_s = steady_s
        self._cared_ms, self._noted_s = clock.now_ms(), steady_s()
        self._worker: Worker[HallEngine] = Worker(store, self._fold, self._moment)
        self._copying = asyncio.Lock()
        self.opened_on = store.last_day
        """The business day that the log was on; empty for a new hall."""
        self._run_chore("plan", lambda engine, moment: store.keep_plan(plan))
        if store.recovery is not None and not store.head.seq:
            self._go_on_after_loss(store.recovery)

    def _go_on_after_loss(self, report: RecoveryReport) -> None:
        """The first unit of the new epoch; nobody is served before it is durable."""

        def act(engine: HallEngine, moment: Moment) -> None:
            engine.after_loss(moment, self._store.marked_day)
            if not report.numbers_known:
                engine.roll_if_due(self._clock.now_ms(), self._clock.synchronised())
                lines = [f"number/{engine.state.day}/{prefix}" for prefix in self._prefixes]
                self._store.skip_ahead([*COUNTERS, *lines])

        ask = Ask(name="after_loss", act=act, actor=KEEPER, changes=True)
        self._worker.run([ask])
        if ask.error is not None:
            raise ask.error

    def _fold(self, recorder: Recorder) -> HallEngine:
        """The rules with the state of the day that the log is on."""
        state = DayState(self._plan)
        day = self._store.last_day
        if day:
            try:
                for event in self._store.events_of_day(day):
                    state.apply(event)
            except BrokenLog as broken:
                self._store.suspect()
                raise StorageDamaged(path=f"{self._store.folder.database}: {broken}") from broken
        state.scans = self._lookup.scans_here()
        return HallEngine(self._plan, state, self._store.counters, recorder, self._reference)

    def _moment(self, engine: HallEngine, actor: str) -> Moment:
        return engine.moment(self._clock.now_ms(), self._clock.synchronised(), actor)

    # --- requests --------------------------------------------------------------------------------

    def operation(self, method: Method, params: msgspec.Struct) -> Callable[[HallEngine, Moment], object]:
        """What a request does, for an :class:`~hallqueue.keeper.work.Ask`."""
        name, arguments = method.name, method.arguments(params)
        special = _WITH_STORE.get(name)
        if special is not None:
            return lambda engine, moment: special(self, engine, moment, **arguments)
        return lambda engine, moment: getattr(engine, name)(moment, **arguments)

    def run(self, asks: Sequence[Ask[HallEngine]]) -> bool:
        """Run a batch; True when events were committed."""
        return self._worker.run(asks)

    def _ticket(self, engine: HallEngine, moment: Moment, which: str) -> TicketView:
        try:
            return engine.ticket(moment, which)
        except UnknownTicket:
            return self._lookup.ticket(which, engine.state.day)

    def _tickets(
        self, engine: HallEngine, moment: Moment, day: str, state: str, after: int, limit: int
    ) -> tuple[TicketView, ...]:
        if day in ("", engine.state.day):
            return engine.tickets(moment, day=day, state=state, after=after, limit=limit)
        return self._lookup.tickets(day, state, after, limit)

    def _events(self, engine: HallEngine, moment: Moment, after: int, limit: int) -> tuple[EventLine, ...]:
        return self._lookup.events(after, limit)

    def _keep_scan(self, engine: HallEngine, moment: Moment, ticket: int, **arguments: Any) -> ScanView:
        """A scan may be finished days after its ticket: a machine that was off goes on where it was."""
        if ticket not in engine.state.tickets and not self._lookup.has_ticket(ticket):
            raise UnknownTicket(ticket=ticket)
        return engine.keep_scan(moment, ticket, **arguments)

    def _scans(
        self, engine: HallEngine, moment: Moment, state: str, after: int, limit: int
    ) -> tuple[ScanView, ...]:
        return self._lookup.scans(state, after, limit)

    # --- the keeper's own work -------------------------------------------------------------------

    def tick(self) -> bool:
        """What time does: the day rolls, papers expire, ratings end. True when events were committed."""
        now_ms = self._clock.now_ms()
        changed = self._run_chore("tick", self._pass_time)
        if now_ms - self._cared_ms >= CARE_EVERY_MS or now_ms < self._cared_ms:
            self._cared_ms = now_ms
            self._run_chore("care", lambda engine, moment: self._prune(moment))
            self._store.checkpoint()
        self._note_end()
        return changed

    def _prune(self, moment: Moment) -> int:
        return self._store.prune_requests(moment.now_ms, self._steady_s())

    def _note_end(self) -> None:
        if self._steady_s() - self._noted_s >= NOTE_EVERY_S:
            self._noted_s = self._steady_s()
            try:
                self._store.note_durable()
            except Trouble as trouble:
                log.warning("the end of the log is not on file: %s", trouble)

    def _pass_time(self, engine: HallEngine, moment: Moment) -> None:
        if engine.roll_if_due(self._clock.now_ms(), self._clock.synchronised()):
            moment = self._moment(engine, KEEPER)
        engine.tick(moment, self._clock.steady_ms() if isinstance(self._clock, SteadyClock) else None)

    def lose_devices(self, devices: Sequence[str]) -> bool:
        """Nobody holds these any more. True when events were committed; raises a Trouble."""
        ask = Ask[HallEngine](
            name="lose_devices",
            act=lambda engine, moment: engine.lose_devices(moment, devices),
            actor=KEEPER,
            changes=True,
        )
        changed = self._worker.run([ask])
        if ask.error is not None:
            raise ask.error
        return changed

    def _run_chore(self, name: str, act: Callable[[HallEngine, Moment], object]) -> bool:
        return self._worker.run([Ask(name=name, act=act, actor=KEEPER, changes=True)])

    async def backup(self, path: Path) -> int:
        """A consistent copy while serving goes on; answers its bytes.

        Raises BadRequest for a target that would harm the hall, or a Trouble.
        """
        refuse_target(self._store.folder, path)
        async with self._copying:
            return await asyncio.to_thread(self._store.backup_to, path, _pause)

    async def snapshot_now(self) -> None:
        """A new file in ``snapshots/``, for a start after damage. Raises a Trouble."""
        async with self._copying:
            self._store.note_durable()
            await asyncio.to_thread(self._store.snapshot_now, _pause)

    def suspect(self) -> None:
        """Damage was met: the next start looks at everything."""
        self._store.suspect()

    def reserve_ahead(self) -> None:
        """Reserve the next numbers where few are left, so that no touch waits for it. Raises a Trouble."""
        day = self.day
        lines = [f"number/{day}/{prefix}" for prefix in self._prefixes]
        self._store.counters.reserve_ahead([*COUNTERS, *lines])

    def merge_log(self) -> None:
        """Merge the write-ahead log while nobody waits. Raises a Trouble."""
        self._store.checkpoint()

    def close(self) -> None:
        """End in order."""
        self._store.close()

    # --- committed state (hallqueue.keeper.pushes.Source) -----------------------------------------------

    @property
    def day(self) -> str:
        """The business day that the hall is on."""
        return self._worker.hall.state.day

    @property
    def devices(self) -> tuple[str, ...]:
        """The devices on record, without the keeper's own."""
        return tuple(device for device in self._worker.hall.state.devices if device != CLOCK)

    def snapshot(self) -> HallSnapshot:
        """The hall now."""
        engine = self._worker.hall
        return engine.snapshot(self._moment(engine, KEEPER))

    def head(self) -> Cursor:
        """The end of the log."""
        head = self._store.head
        return (head.epoch, head.seq)

    def present(self) -> Cursor:
        """The cursor that snapshots show: still the old epoch's right after a recovery."""
        state = self._worker.hall.state
        return (state.epoch, state.seq) if state.epoch else self.head()

    def cursor(self, epoch: str, after: int) -> Cursor:
        """Where a follower goes on. Raises BadRequest for a cursor beyond the end."""
        return self._log.cursor(epoch, after, self.present())

    def events_after(self, cursor: Cursor, limit: int) -> tuple[EventLine, ...]:
        """Committed events after the cursor. Raises a Trouble."""
        return self._log.events_after(cursor, limit)


def _pause() -> None:
    time.sleep(BACKUP_PAUSE_S)


_WITH_STORE: dict[str, Callable[..., Any]] = {
    "ticket": Hall._ticket,
    "tickets": Hall._tickets,
    "events": Hall._events,
    "scans": Hall._scans,
    "keep_scan": Hall._keep_scan,
}
"""Operations that need the store: past days, the log."""
