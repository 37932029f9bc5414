"""Following the hall as the keeper pushes it, through as many restarts of the keeper as it takes."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from hallevaluator.delivery import Sleep, waits
from hallqueue.errors import Trouble
from hallqueue.service import HallService
from hallqueue.views import HallSnapshot

log = logging.getLogger(__name__)


async def follow_hall(
    service: HallService, saw: Callable[[HallSnapshot], None], who: str, *, sleep: Sleep = asyncio.sleep
) -> None:
    """Tell ``saw`` each picture of the hall until cancelled; ``who`` stands in the log.

    A keeper that is away is one warning, however often it is looked for. Raises a Refused when it will not
    have this peer.
    """
    pauses, loudness = waits(), logging.WARNING
    while True:
        try:
            async for hall in service.watch():
                saw(hall)
                pauses, loudness = waits(), logging.WARNING
        except Trouble as trouble:
            log.log(loudness, "%s lost sight of the hall: %s", who, trouble)
            loudness = logging.DEBUG
        await sleep(next(pauses))
