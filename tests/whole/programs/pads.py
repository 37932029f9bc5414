"""The rating desk with a finger at each window's pad: ``pads.py SOCKET DIARY WINDOWS``.

The finger presses what lights up, after it was written down; one in six citizens ignores the lamps, and
one in ten presses a pad that asks nothing.
"""

import asyncio
import json
import os
import random
import sys
from pathlib import Path

from halldrivers.ratingpad.sim import PadSim
from hallevaluator.desk import RatingDesk
from hallevaluator.pads import gpio_pad
from hallqueue.client import HallClient
from hallqueue.clock import SystemClock

PAD_URL = "gpio://?keys=5,6,13,19&lamps=16,20,21,26"


async def finger(pad: PadSim, window: int, diary: int) -> None:
    while True:
        await asyncio.sleep(random.uniform(0.005, 0.03))
        is_asked = all(pad.lamps())
        if not is_asked and random.random() > 0.01:
            continue
        if is_asked and random.random() < 1 / 6:
            await asyncio.sleep(0.2)
            continue
        key = random.choice("1234")
        os.write(diary, json.dumps({"press": key, "window": window}).encode() + b"\n")
        await asyncio.to_thread(pad.press, key, hold_s=0.06)


async def main() -> None:
    pads = {int(number): PadSim() for number in sys.argv[3].split(",")}
    opens = {number: gpio_pad(PAD_URL, pin_factory=pad.factory) for number, pad in pads.items()}
    diary = os.open(sys.argv[2], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    async with HallClient(Path(sys.argv[1]), "evaluator") as hall, asyncio.TaskGroup() as group:
        group.create_task(RatingDesk(hall, opens, clock=SystemClock()).run())
        for number, pad in pads.items():
            group.create_task(finger(pad, number, diary))


asyncio.run(main())
