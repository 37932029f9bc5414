"""Mishaps while visitors come: cables pulled, devices silent, jammed or noisy, roles killed; all are mended.

What happens when is drawn from the seed; what it does depends on the moment, as in a hall.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random

from hall.demo.gear import Gear
from hall.demo.processes import RoleProcess
from halldrivers.simwire import ByteMachine

EVERY_S = (0.3, 1.2)
"""Real seconds between two mishaps."""
LASTS_S = (0.2, 2.5)
"""Real seconds until a hand mends one."""

Act = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Mishap:
    """Something that happens, and what mends it."""

    name: str
    happen: Act
    mend: Act


class Mishaps:
    """All that can happen in a house; :meth:`run` lets it, :meth:`mend` puts everything right."""

    def __init__(self, gear: Gear, roles: Mapping[str, RoleProcess], windows: list[int], seed: int) -> None:
        self._random = Random(f"mishaps-{seed}")
        self.all = (*_of_printer(gear), *_of_lines(gear, windows), *_of_terminal(gear), *_of_roles(roles))
        self._deck: list[Mishap] = []
        self._open: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self.happened: Counter[str] = Counter()

    async def run(self) -> None:
        """Let things happen until cancelled."""
        while True:
            await asyncio.sleep(self._random.uniform(*EVERY_S))
            mishap = self._draw()
            if mishap.name in self._open:
                continue
            task = asyncio.create_task(self._let(mishap, self._random.uniform(*LASTS_S)))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def _draw(self) -> Mishap:
        """From a shuffled deck: each has happened once before one happens again."""
        if not self._deck:
            self._deck = self._random.sample(self.all, len(self.all))
        return self._deck.pop()

    async def mend(self) -> None:
        """Put everything right, at once."""
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _let(self, mishap: Mishap, lasts_s: float) -> None:
        self._open.add(mishap.name)
        self.happened[mishap.name] += 1
        try:
            await asyncio.to_thread(mishap.happen)
            await asyncio.sleep(lasts_s)
        finally:
            await asyncio.shield(asyncio.to_thread(mishap.mend))
            self._open.discard(mishap.name)


def _nothing() -> None:
    """Some mishaps are over as soon as they have happened."""


def _of_printer(gear: Gear) -> list[Mishap]:
    printer = gear.printer
    return [
        Mishap("printer unplugged", lambda: printer.unplug_after(0), printer.plug),
        Mishap("printer unplugged within a job", lambda: printer.unplug_after(400), printer.plug),
        Mishap("printer out of paper", lambda: printer.leave_paper(300), printer.load_paper),
        Mishap("printer open", printer.open_cover, printer.close_cover),
        Mishap("cutter jammed", printer.jam_at_next_cut, printer.clear_jam),
        Mishap("printer silent", printer.go_silent, printer.speak),
        Mishap("printer switched off and on", printer.power_cycle, _nothing),
    ]


def _of_machine(name: str, machine: ByteMachine) -> list[Mishap]:
    """What can happen to any device with a cable."""

    def noisy() -> None:
        machine.noise = 0.3

    def quiet() -> None:
        machine.noise = 0.0

    return [
        Mishap(f"{name} unplugged", lambda: machine.unplug_after(0), machine.plug),
        Mishap(f"{name} unplugged within a frame", lambda: machine.unplug_after(3), machine.plug),
        Mishap(f"{name} silent", machine.go_silent, machine.speak),
        Mishap(f"{name} noisy", noisy, quiet),
    ]


def _of_lines(gear: Gear, windows: list[int]) -> list[Mishap]:
    found = [
        *_of_machine("line of pads and signs", gear.windows),
        *_of_machine("caller line", gear.callers),
    ]
    for number in windows:
        found += [
            Mishap(
                f"pad {number} dead",
                lambda number=number: gear.windows.kill(number),  # type: ignore[misc]
                lambda number=number: gear.windows.revive(number),  # type: ignore[misc]
            ),
            Mishap(
                f"pad {number} corrupt",
                lambda number=number: setattr(gear.windows.units[number], "corrupts", 3),  # type: ignore[misc]
                _nothing,
            ),
        ]
    sign = gear.sign_unit(windows[0])
    found.append(Mishap("sign dead", lambda: gear.windows.kill(sign), lambda: gear.windows.revive(sign)))
    caller = windows[0]
    found.append(
        Mishap(
            "caller dead",
            lambda: gear.callers.power_off(caller),
            lambda: gear.callers.power_on(caller),
        )
    )
    return found


def _of_terminal(gear: Gear) -> list[Mishap]:
    reader, barcode = gear.reader, gear.barcode
    return [
        *_of_machine("ID-card reader", reader),
        Mishap("card held badly", reader.shake, _nothing),
        Mishap("ID-card reader corrupt", lambda: reader.damage_next(3), _nothing),
        Mishap("answer of the ID-card reader cut", lambda: reader.cut_next(9), _nothing),
        *_of_machine("barcode reader", barcode),
        Mishap("hostile codes", lambda: barcode.flood(8), _nothing),
        Mishap("garbage at the barcode reader", barcode.send_garbage, _nothing),
        Mishap("camera unplugged", gear.camera.unplug, gear.camera.plug),
    ]


def _of_roles(roles: Mapping[str, RoleProcess]) -> list[Mishap]:
    return [Mishap(f"{name} killed", role.kill, _nothing) for name, role in roles.items()]
