"""``hall demo``: the deck on a running house, in this terminal."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import select
import signal
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from hall.demo.house import House
from hall.demo.settings import DemoSettings
from hallqueue.errors import HallError

if TYPE_CHECKING:
    from hallkiosk.deck import DeckParts

WINDOWS = (1, 2)
CLERKS = {1: "李敏", 2: "王芳"}
"""Made-up names."""
HANG_UP_LOOK_S = 1.0
ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def play(settings: DemoSettings) -> int:
    """Run a house and the deck on it until somebody leaves; the exit status. Leaves no process behind."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        _tell("演示需要终端；没有终端请用 hall demo --headless / a deck needs a terminal: use --headless")
        return 2
    with contextlib.suppress(KeyboardInterrupt):
        return asyncio.run(_play(replace(settings, for_newcomers=True)))
    return 130


async def _play(settings: DemoSettings) -> int:
    house = House(settings)
    me = asyncio.current_task()
    assert me is not None
    log_handler: logging.Handler | None = None
    try:
        with _on_ending(me.cancel):
            _tell("正在启动演示大厅 / starting the hall")
            await house.start()
            log_handler = _log_to(house)
            _tell("大厅已就绪 / the hall is ready")
        return await _show(house)
    except asyncio.CancelledError:
        return 130
    except HallError as error:
        _tell(f"{error.code} {error.what_zh}。{error.remedy_zh} / {error.what_en}: {error.remedy_en}")
        return 1
    finally:
        # A second Ctrl+C while closing must not leave the keeper running.
        with _on_ending(lambda: None):
            await house.stop()
        if log_handler is not None:
            logging.getLogger().removeHandler(log_handler)
            log_handler.close()
        _tell("演示结束 / the demo is over")


async def _show(house: House) -> int:
    from hallkiosk.deck import DeckApp

    app = DeckApp(_parts(house))
    watch = asyncio.create_task(_leave_with_terminal(app.exit))
    try:
        with _on_ending(app.exit):
            await app.run_async()
    finally:
        watch.cancel()
    return app.return_code or 0


async def _leave_with_terminal(leave: Callable[[], object]) -> None:
    """A terminal that is gone sends SIGHUP only to those whom it controls; we may be started otherwise."""
    hang_up = select.poll()
    hang_up.register(sys.stdin.fileno(), 0)
    while not hang_up.poll(0):
        await asyncio.sleep(HANG_UP_LOOK_S)
    leave()


def _parts(house: House) -> DeckParts:
    from hall.demo.deckdevices import deck_devices
    from hallkiosk.deck import DeckParts, SimHands
    from hallkiosk.deck.bigmode import mode_for

    config = house.config
    return DeckParts(
        service_for=lambda role, window: house.client(role, window, CLERKS.get(window, "")),
        plan=config.plan,
        printer=SimHands(house.gear.printer),
        press=house.press,
        lamps=house.gear.lamps,
        clock=time.monotonic,
        windows=WINDOWS,
        clerks=CLERKS,
        levels=tuple(level for _, level in sorted(config.keys.items())),
        last_picture=lambda: house.last_picture,
        state_text=str(house.state),
        notice=config.screen.notice,
        mode=mode_for(os.environ),
        devices=deck_devices(house, WINDOWS),
    )


@contextlib.contextmanager
def _on_ending(act: Callable[[], object]) -> Iterator[None]:
    """What ends a program does this instead, as long as the block runs."""
    loop = asyncio.get_running_loop()
    for number in ENDINGS:
        loop.add_signal_handler(number, act)
    try:
        yield
    finally:
        for number in ENDINGS:
            loop.remove_signal_handler(number)


def _log_to(house: House) -> logging.Handler:
    """Warnings go to a file: on the terminal they would fall into the picture."""
    handler = logging.FileHandler(house.state / "logs" / "demo.log", encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.getLogger().addHandler(handler)
    return handler


def _tell(text: str) -> None:
    with contextlib.suppress(OSError):  # the terminal may be gone
        print(text, file=sys.stderr, flush=True)
