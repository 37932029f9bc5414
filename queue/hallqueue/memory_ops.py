"""The changing operations of the hall in memory: each is the engine's, as one unit under its key."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import TypeVar

from hallqueue.rules.engine import HallEngine
from hallqueue.service import NO_CHECK
from hallqueue.states import PrintState
from hallqueue.unit import Moment
from hallqueue.views import (
    DeviceView,
    Finished,
    Issued,
    Pressed,
    PrintView,
    RatingView,
    ScanView,
    TicketView,
    WindowView,
)

T = TypeVar("T")


class MemoryOps(ABC):
    """The half of HallService that changes something. Names and parameters are the service's."""

    engine: HallEngine

    @abstractmethod
    async def _unit(self, key: str, request: tuple[object, ...], run: Callable[[Moment], T]) -> T:
        """Run once per key."""

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
        """取号."""
        return await self._unit(
            key,
            ("issue", service, priority, person, masked_name, channel, paper),
            lambda m: self.engine.issue(
                m,
                service,
                priority=priority,
                person=person,
                masked_name=masked_name,
                channel=channel,
                paper=paper,
            ),
        )

    async def void(self, ticket: int, *, key: str, reason: str) -> TicketView:
        """作废."""
        return await self._unit(
            key, ("void", ticket, reason), lambda m: self.engine.void(m, ticket, reason=reason)
        )

    async def return_passed(self, ticket: int, *, key: str) -> TicketView:
        """过号恢复: back into the line within the plan's limits."""
        return await self._unit(
            key, ("return_passed", ticket), lambda m: self.engine.return_passed(m, ticket)
        )

    async def call_next(self, window: int, *, key: str, expect: int = NO_CHECK) -> TicketView:
        """呼叫下一位."""
        return await self._unit(
            key, ("call_next", window, expect), lambda m: self.engine.call_next(m, window, expect=expect)
        )

    async def call_ticket(self, window: int, ticket: int, *, key: str, expect: int = NO_CHECK) -> TicketView:
        """Call one certain ticket that is in line and served here (点名呼叫)."""
        return await self._unit(
            key,
            ("call_ticket", window, ticket, expect),
            lambda m: self.engine.call_ticket(m, window, ticket, expect=expect),
        )

    async def recall(self, window: int, *, key: str, expect: int = NO_CHECK) -> TicketView:
        """重呼 the called ticket."""
        return await self._unit(
            key, ("recall", window, expect), lambda m: self.engine.recall(m, window, expect=expect)
        )

    async def start(self, window: int, *, key: str, expect: int = NO_CHECK) -> TicketView:
        """开始办理; closes a rating session still open at this window as superseded."""
        return await self._unit(
            key, ("start", window, expect), lambda m: self.engine.start(m, window, expect=expect)
        )

    async def finish(self, window: int, *, key: str, then: str = "", expect: int = NO_CHECK) -> Finished:
        """办结 the current matter; ``then`` names a further service for the same ticket (一票到底)."""
        return await self._unit(
            key,
            ("finish", window, then, expect),
            lambda m: self.engine.finish(m, window, then=then, expect=expect),
        )

    async def pass_ticket(self, window: int, *, key: str, expect: int = NO_CHECK) -> TicketView:
        """过号 the called ticket."""
        return await self._unit(
            key, ("pass_ticket", window, expect), lambda m: self.engine.pass_ticket(m, window, expect=expect)
        )

    async def hold(self, window: int, *, key: str, reason: str = "", expect: int = NO_CHECK) -> TicketView:
        """挂起 the ticket being served."""
        return await self._unit(
            key,
            ("hold", window, reason, expect),
            lambda m: self.engine.hold(m, window, reason=reason, expect=expect),
        )

    async def resume(self, window: int, ticket: int, *, key: str, expect: int = NO_CHECK) -> TicketView:
        """恢复办理 a ticket that this window holds."""
        return await self._unit(
            key,
            ("resume", window, ticket, expect),
            lambda m: self.engine.resume(m, window, ticket, expect=expect),
        )

    async def transfer(
        self, window: int, service: str, *, key: str, to_window: int = 0, expect: int = NO_CHECK
    ) -> TicketView:
        """转移 the ticket in hand; it keeps its number and its arrival."""
        return await self._unit(
            key,
            ("transfer", window, service, to_window, expect),
            lambda m: self.engine.transfer(m, window, service, to_window=to_window, expect=expect),
        )

    async def open_window(self, window: int, *, key: str, clerk: str = "") -> WindowView:
        """开窗, or back from a pause."""
        return await self._unit(
            key, ("open_window", window, clerk), lambda m: self.engine.open_window(m, window, clerk=clerk)
        )

    async def pause_window(self, window: int, *, key: str, reason: str = "") -> WindowView:
        """暂停: finishes what it has in hand, takes nobody new."""
        return await self._unit(
            key,
            ("pause_window", window, reason),
            lambda m: self.engine.pause_window(m, window, reason=reason),
        )

    async def close_window(self, window: int, *, key: str) -> WindowView:
        """关窗; refused while it has a ticket in hand or holds one."""
        return await self._unit(key, ("close_window", window), lambda m: self.engine.close_window(m, window))

    async def close_day(self, *, key: str, reason: str, force: bool = False) -> int:
        """解散: voids everyone in line, called, passed or held, with the reason."""
        return await self._unit(
            key, ("close_day", reason, force), lambda m: self.engine.close_day(m, reason=reason, force=force)
        )

    async def reopen_day(self, *, key: str) -> str:
        """Take a closing of this same day back."""
        return await self._unit(key, ("reopen_day",), self.engine.reopen_day)

    async def confirm_clock(self, *, key: str) -> str:
        """The clock is right: follow a leap that was held back."""
        return await self._unit(key, ("confirm_clock",), self.engine.confirm_clock)

    async def reprint(self, ticket: int, *, key: str) -> PrintView:
        """补打: a new job with the same number and the next copy mark."""
        return await self._unit(key, ("reprint", ticket), lambda m: self.engine.reprint(m, ticket))

    async def print_begin(self, job: int, *, key: str, printer: str) -> PrintView:
        """Durable before the first byte: from here on a crash means unknown."""
        return await self._unit(
            key, ("print_begin", job, printer), lambda m: self.engine.print_begin(m, job, printer=printer)
        )

    async def print_end(
        self, job: int, *, key: str, state: PrintState, rung: str = "", reason: str = ""
    ) -> PrintView:
        """The outcome of a job."""
        return await self._unit(
            key,
            ("print_end", job, state, rung, reason),
            lambda m: self.engine.print_end(m, job, state=state, rung=rung, reason=reason),
        )

    async def print_answer(self, job: int, *, key: str, came_out: bool) -> PrintView:
        """A person's answer to an unknown job: 出来了没有？"""
        return await self._unit(
            key,
            ("print_answer", job, came_out),
            lambda m: self.engine.print_answer(m, job, came_out=came_out),
        )

    async def press(
        self, window: int, *, key: str, level: str, raw_key: str, device: str, matter: int = NO_CHECK
    ) -> Pressed:
        """A press on the window's pad: rates the open session, or is counted as stray."""
        return await self._unit(
            key,
            ("press", window, level, raw_key, device, matter),
            lambda m: self.engine.press(
                m, window, level=level, raw_key=raw_key, device=device, matter=matter
            ),
        )

    async def rating_timeout(self, matter: int, *, key: str) -> RatingView:
        """Nobody pressed in time; a session that is no longer open is answered as it is."""
        return await self._unit(
            key, ("rating_timeout", matter), lambda m: self.engine.rating_timeout(m, matter)
        )

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
        return await self._unit(
            key,
            (
                "report_device",
                device,
                kind,
                state,
                code,
                who,
                what_zh,
                remedy_zh,
                what_en,
                remedy_en,
                counters,
            ),
            lambda m: self.engine.report_device(
                m,
                device,
                kind=kind,
                state=state,
                code=code,
                who=who,
                what_zh=what_zh,
                remedy_zh=remedy_zh,
                what_en=what_en,
                remedy_en=remedy_en,
                counters=counters,
            ),
        )

    async def ask_test(self, device: str, *, key: str, level: str) -> int:
        """Ask whoever holds the device for a health check."""
        return await self._unit(
            key, ("ask_test", device, level), lambda m: self.engine.ask_test(m, device, level=level)
        )

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
        """One finding of a test."""
        return await self._unit(
            key,
            ("tell_test", test, verdict, zh, en, code, who, remedy_zh, remedy_en, is_last),
            lambda m: self.engine.tell_test(
                m,
                test,
                verdict=verdict,
                zh=zh,
                en=en,
                code=code,
                who=who,
                remedy_zh=remedy_zh,
                remedy_en=remedy_en,
                is_last=is_last,
            ),
        )

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
        """A sealed material lies in the scan store."""
        what = (matter, material, sha256, page_hashes, size, device, sealed_for, scanned_ms, interrupted)
        return await self._unit(
            key,
            ("keep_scan", ticket, *what),
            lambda m: self.engine.keep_scan(
                m,
                ticket,
                matter=matter,
                material=material,
                sha256=sha256,
                page_hashes=page_hashes,
                size=size,
                device=device,
                sealed_for=sealed_for,
                scanned_ms=scanned_ms,
                interrupted=interrupted,
            ),
        )

    async def acknowledge_scan(self, scan: int, *, key: str) -> ScanView:
        """The county has it."""
        return await self._unit(
            key, ("acknowledge_scan", scan), lambda m: self.engine.acknowledge_scan(m, scan)
        )

    async def wipe_scan(self, scan: int, *, key: str, reason: str) -> ScanView:
        """The sealed file is gone."""
        return await self._unit(
            key, ("wipe_scan", scan, reason), lambda m: self.engine.wipe_scan(m, scan, reason=reason)
        )
