"""The eyes and ears of a simulated hall: the calls that sound, the screen, the paper that comes out."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable

import msgspec

from hall.demo.crowd import Crowd
from hall.demo.measure import Witness
from halldrivers.printersim import Slip
from hallqueue.service import HallService

NUMBER = re.compile(r"(?<![A-Z0-9])[A-HJ-NP-Z]{1,2}\d{3,4}(?!\d)")
"""A ticket number as a person would read it off the paper."""


class Slips:
    """Every piece of paper that came out, with the number that a person reads on it."""

    def __init__(self, witness: Witness, clock: Callable[[], float]) -> None:
        self._witness, self._clock = witness, clock
        self.numbers: list[str] = []
        """Numbers on whole, cut slips, in the order of printing."""
        self.spoiled = 0
        """Pieces that are torn, uncut or without a readable number."""
        self.on_pieces: list[str] = []
        """Numbers on such pieces: paper that ended in mid-job comes out in two."""

    def came_out(self, slip: Slip) -> None:
        """Called by the printer, in its thread, for each finished slip."""
        now = self._clock()
        if slip.is_blank:
            return
        found = NUMBER.search(slip.text())
        if found is None or not slip.cut or slip.tears:
            self.spoiled += 1
            if found is not None:
                self.on_pieces.append(found.group())
            return
        self.numbers.append(found.group())
        touched = self._witness.touches.get(found.group())
        if touched is not None:
            self._witness.touch_to_paper.append(now - touched)


async def listen(hall: HallService, crowd: Crowd, witness: Witness, clock: Callable[[], float]) -> None:
    """Hear every call and see every rating as it is recorded, until cancelled."""
    steps: set[asyncio.Task[None]] = set()
    cursor = (await hall.snapshot()).seq
    async for line in hall.follow(cursor):
        if line.type in ("TicketCalled", "TicketRecalled"):
            ticket = msgspec.json.decode(line.body)["ticket"]
            step = asyncio.create_task(crowd.hear(ticket))
            steps.add(step)
            step.add_done_callback(steps.discard)
        elif line.type == "RatingGiven":
            window = msgspec.json.decode(line.body)["window"]
            began = witness.press_began.pop(window, None)
            if began is not None:
                witness.press_to_rating.append(clock() - began)


async def look(hall: HallService, witness: Witness, clock: Callable[[], float]) -> None:
    """Look at the hall screen and note when each call appears, until cancelled."""
    shown = 0
    async for snapshot in hall.watch():
        now = clock()
        for call in reversed(snapshot.calls):
            if call.seq <= shown:
                continue
            shown = call.seq
            began = witness.call_began.pop((call.ticket, call.window), None)
            if began is not None:
                witness.call_to_screen.append(now - began)
