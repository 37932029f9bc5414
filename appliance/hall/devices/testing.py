"""Health checks that a technician asked for, carried out by the process that holds the device.

The keeper's log is the way in and out: ``DeviceTestAsked`` is heard by whoever holds the device, and each
finding goes back as ``DeviceTestTold``. So a test needs no port of its own, works for a role under another
user, and stands in the log with who asked for it.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from collections.abc import Awaitable, Callable, Mapping
from itertools import count

import msgspec

from halldrivers.check import Checker, CheckLevel, Finding, Verdict
from hallqueue.errors import HallError, Refused, Trouble
from hallqueue.events import DeviceTestAsked
from hallqueue.service import HallService
from hallqueue.views import EventLine

RETRY_S = 0.5
LASTS_S = 120.0
"""A check that takes longer has lost its person, or its device; the keeper forgets it after three minutes."""
FIRST_WORD_S = 2.0
"""Whoever asked is told after it that somebody is at it: without a word they would look for themselves."""
UNDER_WAY = Finding(Verdict.PASSED, "正在检查，请稍候", "the check is under way, please wait")
CRASHED = Finding(Verdict.UNKNOWN, "测试程序出错，请看日志", "the check met a program error: see the log")
OVERDUE = Finding(Verdict.UNKNOWN, "测试没有在两分钟内结束", "the check did not end within two minutes")
DONE = Finding(Verdict.PASSED, "测试完毕", "the check is over")

log = logging.getLogger("hall.devices")
_asked = msgspec.json.Decoder(DeviceTestAsked)


class DeviceTests:
    """Answers the tests of some devices. ``boot`` is unguessable and new with each start."""

    def __init__(
        self,
        service: HallService,
        checkers: Mapping[str, Checker],
        *,
        boot: str,
        on_lent: Callable[[str, bool], None] = lambda device, is_lent: None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._service, self._checkers, self._boot, self._sleep = service, checkers, boot, sleep
        self._on_lent = on_lent
        """Told when a person gets the device into their hands, and when it is back."""
        self._numbers = count(1)
        self._running: set[asyncio.Task[None]] = set()
        self.is_heard = asyncio.Event()
        """From then on, whoever asks is answered."""

    async def run(self) -> None:
        """Listen and answer, until cancelled. Tests that were asked for before the start are not answered."""
        try:
            await self._listen()
        finally:
            for task in self._running:
                task.cancel()

    async def _listen(self) -> None:
        cursor = -1
        while True:
            try:
                if cursor < 0:
                    cursor = (await self._service.snapshot()).seq
                    self.is_heard.set()
                async for line in self._service.follow(cursor):
                    cursor = line.seq
                    self._heard(line)
            except Trouble as trouble:
                log.debug("tests of devices cannot be heard: %s", trouble)
            await self._sleep(RETRY_S)

    def _heard(self, line: EventLine) -> None:
        if line.type != DeviceTestAsked.__name__:
            return
        asked = _asked.decode(line.body)
        checker = self._checkers.get(asked.device)
        if checker is None:
            return
        task = asyncio.ensure_future(self._carry_out(line.seq, asked, checker))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _carry_out(self, test: int, asked: DeviceTestAsked, checker: Checker) -> None:
        loop = asyncio.get_running_loop()
        findings: asyncio.Queue[Finding | None] = asyncio.Queue()

        def tell(finding: Finding | None) -> None:
            with contextlib.suppress(RuntimeError):  # the role has ended: nobody listens any more
                loop.call_soon_threadsafe(findings.put_nowait, finding)

        def work() -> None:
            try:
                checker(CheckLevel(asked.level), tell)
            except Exception:  # border: whoever asked must hear of it
                log.exception("the check of %s failed", asked.device)
                tell(CRASHED)
            finally:
                tell(None)

        log.info("%s: %s check, asked for", asked.device, asked.level)
        is_lent = asked.level == CheckLevel.INTERACTIVE
        if is_lent:
            self._on_lent(asked.device, True)
        # A thread of its own: one that hangs takes no worker from others, and holds up no end of the role.
        threading.Thread(target=work, name=f"check {asked.device}", daemon=True).start()
        try:
            async with asyncio.timeout(LASTS_S):
                try:
                    finding = await asyncio.wait_for(findings.get(), FIRST_WORD_S)
                except TimeoutError:
                    await self._tell(test, UNDER_WAY)
                    finding = await findings.get()
                while finding is not None:
                    await self._tell(test, finding)
                    finding = await findings.get()
        except TimeoutError:
            await self._tell(test, OVERDUE)
        finally:
            if is_lent:
                self._on_lent(asked.device, False)
        await self._tell(test, DONE, is_last=True)

    async def _tell(self, test: int, finding: Finding, *, is_last: bool = False) -> None:
        key = f"test:{test}:{self._boot}:{next(self._numbers)}"
        while True:
            try:
                await self._service.tell_test(
                    test,
                    key=key,
                    **finding.words(),
                    is_last=is_last,
                )
                return
            except Refused as refusal:
                log.warning("a finding comes too late: %s", refusal)
                return
            except HallError:
                await self._sleep(RETRY_S)
