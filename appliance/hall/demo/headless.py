"""``hall demo --headless``: simulated people drive the real hall; ends with one verdict."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import shutil
import sys
import tempfile
import time
from collections.abc import Coroutine
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from hall.demo.callerhand import CallerHand
from hall.demo.clerks import Clerk
from hall.demo.crowd import Crowd
from hall.demo.eyes import Slips, listen, look
from hall.demo.house import House
from hall.demo.measure import Witness
from hall.demo.mishaps import Mishaps
from hall.demo.people import draw_visitors
from hall.demo.settings import DemoSettings
from hall.demo.terminaldesk import TerminalDesk
from hall.demo.verdict import judge
from hall.demo.verdict_devices import judge_devices
from hall.devices.configured import ConfiguredDevice, configured_devices
from halldrivers.printersim import draw_slip

ARRIVE_EVERY_S = 26.0
"""Simulated seconds between two visitors: a little faster than six windows can serve."""
PAPER_WITHIN_S = 20.0
TELL_EVERY_S = 2.0
STEADY_S = 0.8
"""A lamp that is lit for so long does not flash; where nothing fails nobody need look so long."""
BY_CALLER = (1, 2)
"""Windows whose clerks call by the keys of their callers, not by the console."""
BACK_WITHIN_S = 20.0
"""Every device is back within three seconds of its cable; a role that was killed needs some to start."""
WELL = ("online", "busy")


class Day:
    """One simulated day in one house."""

    def __init__(self, house: House, visitors: int) -> None:
        self._house, self._count = house, visitors
        self._speed = house.settings.speed
        self.witness = Witness()
        self.slips = Slips(self.witness, time.monotonic)

    async def run(self) -> dict[str, Any]:
        """Everything from the first touch to the verdict."""
        house, settings = self._house, self._house.settings
        began = time.monotonic()
        house.gear.printer.on_slip(self.slips.came_out)
        await house.start()
        try:
            plan = house.config.plan
            mishaps = Mishaps(
                house.gear, house.roles, [window.number for window in plan.windows], settings.seed
            )
            run = f"demo-{time.time_ns():x}"
            await self._clear_the_hall(run)
            crowd = Crowd(
                house.client("terminal"),
                self.witness,
                pad=house,
                desk=TerminalDesk(house.gear, house.touch, self.witness, today=date.today()),
                clock=time.monotonic,
                speed=self._speed,
                rating_wait_s=plan.rating.timeout_s,
                thanks_s=STEADY_S if settings.faults else 0.0,
                touch_keys=(f"{run}-touch-{n}" for n in itertools.count(1)),
            )
            clerks = [
                Clerk(
                    window,
                    plan,
                    house.client("window", window.number),
                    crowd,
                    self.witness,
                    run=run,
                    seed=settings.seed,
                    speed=self._speed,
                    clock=time.monotonic,
                    play_with_pad=lambda number: house.press(number, "2"),
                    caller=CallerHand(house.gear.callers, house.client("screen"), window.number)
                    if window.number in BY_CALLER
                    else None,
                )
                for window in plan.windows
            ]
            visitors = draw_visitors(plan, self._count, settings.seed, gap_s=ARRIVE_EVERY_S)
            others = [
                listen(house.client("staff"), crowd, self.witness, time.monotonic),
                look(house.client("screen"), self.witness, time.monotonic),
                self._tell(),
            ]
            if settings.faults:
                others.append(mishaps.run())
            await self._live(clerks, [crowd.arrive(v) for v in visitors], others)
            await mishaps.mend()
            away = await self._all_back()
            await self._paper_settled()
            # Not in the state folder: no backup may lie there.
            copy = Path(tempfile.mkdtemp(prefix="hall-demo-")) / "verdict.db"
            await house.client("admin").backup(str(copy))
            hall = await house.client("screen").snapshot()
            strays = sum(window.stray_today for window in hall.windows)
            counted = {device.device: device.counters for device in hall.devices}
        finally:
            await house.stop()
        self._draw_last(settings.folder / "slips")
        checks = judge(copy, self.witness, self.slips, strict=not settings.faults)
        checks += judge_devices(copy, settings.folder, self.witness, house.county, away)
        shutil.rmtree(copy.parent)
        return {
            "ok": all(check.held for check in checks),
            "visitors": self._count,
            "seed": settings.seed,
            "speed": self._speed,
            "took_s": round(time.monotonic() - began, 1),
            "counts": {
                "tickets": len(self.witness.tickets),
                "double_taps": len(self.witness.double_taps),
                "slips": len(self.slips.numbers),
                "spoiled_slips": self.slips.spoiled,
                "calls": len(self.witness.calls),
                "matters_finished": len(self.witness.finished),
                "rated": hall.rated_today,
                "unrated": hall.unrated_today,
                "stray_presses": strays - self.witness.strays_before,
                "cards_read": self.witness.cards_read,
                "cards_unread": self.witness.cards_unread,
                "codes_read": sum(bool(read) for _, read in self.witness.codes),
                "codes_unread": sum(not read for _, read in self.witness.codes),
                "scans_kept": len(self.witness.scans),
                "scans_failed": self.witness.scans_failed,
                "mishaps": dict(sorted(mishaps.happened.items())),
                "visits": dict(sorted(self.witness.ended.items())),
            },
            "latency_ms": self.witness.latencies(),
            "devices": counted,
            "invariants": [asdict(check) for check in checks],
            "state": str(settings.folder),
        }

    async def _clear_the_hall(self, run: str) -> None:
        """Void whom an earlier run in the same folder left behind; their citizens are gone."""
        staff = self._house.client("staff")
        while True:
            hall = await staff.snapshot()
            at_windows = [t for w in hall.windows for t in (*([w.current] if w.current else []), *w.held)]
            left = [*at_windows, *hall.waiting]
            if not left:
                self.witness.strays_before = sum(window.stray_today for window in hall.windows)
                return
            for ticket in left:
                await staff.void(ticket.ticket, key=f"{run}-clear-{ticket.ticket}", reason="演示重新开始")

    async def _live(
        self,
        clerks: list[Clerk],
        arrivals: list[Coroutine[Any, Any, None]],
        others: list[Coroutine[Any, Any, None]],
    ) -> None:
        """Visitors come, clerks serve until nobody is left; any failure ends the run."""
        async with asyncio.TaskGroup() as group:
            background = [group.create_task(other) for other in others]
            working = [group.create_task(clerk.work()) for clerk in clerks]
            await asyncio.gather(*(group.create_task(arrival) for arrival in arrivals))
            hall = self._house.client("screen")
            async for snapshot in hall.watch():
                if snapshot.waiting_total == 0 and all(
                    w.current is None and not w.held for w in snapshot.windows
                ):
                    break
            for clerk in clerks:
                clerk.go_home()
            await asyncio.gather(*working)
            # The last citizens may still be pressing; their sessions end by themselves.
            async for snapshot in hall.watch():
                if all(w.rating is None or w.rating.state != "open" for w in snapshot.windows):
                    break
            for task in background:
                task.cancel()

    async def _paper_settled(self) -> None:
        hall = self._house.client("screen")
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PAPER_WITHIN_S):
                while await hall.print_queue():
                    await asyncio.sleep(0.05)

    async def _all_back(self) -> list[str]:
        """Wait until every device works again; answers those that do not."""
        hall = self._house.client("screen")
        until = time.monotonic() + BACK_WITHIN_S
        while True:
            for window in self._house.config.plan.windows:
                # A caller says nothing by itself: somebody has to press a key to know that it is there.
                self._house.gear.callers.press(window.number, "取消")
            snapshot = await hall.snapshot()
            away = [f"{d.device}: {d.state} {d.code}" for d in snapshot.devices if d.state not in WELL]
            names = {device.device for device in snapshot.devices}
            away += [f"{d.name}: never reported" for d in self._devices() if d.name not in names]
            if not away or time.monotonic() > until:
                return away
            await asyncio.sleep(0.5)

    def _devices(self) -> tuple[ConfiguredDevice, ...]:
        return configured_devices(self._house.config)

    async def _tell(self) -> None:
        """Progress on stderr."""
        hall = self._house.client("screen")
        while True:
            now = await hall.snapshot()
            print(
                f"取号 {now.issued_today}/{self._count}  等候 {now.waiting_total}  办结 {now.done_today}  "
                f"评价 {now.rated_today}  小票 {len(self.slips.numbers)}",
                file=sys.stderr,
                flush=True,
            )
            await asyncio.sleep(TELL_EVERY_S)

    def _draw_last(self, folder: Path) -> None:
        if self._house.gear.printer.slips:
            folder.mkdir(exist_ok=True)
            draw_slip(self._house.gear.printer.slips[-1]).save(folder / "last.png")


async def run_headless(settings: DemoSettings, visitors: int) -> dict[str, Any]:
    """Run a simulated day and answer its report; ``ok`` says whether every invariant held."""
    return await Day(House(settings), visitors).run()
