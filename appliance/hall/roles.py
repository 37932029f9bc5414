"""What each role starts: the one place where the rooms are wired to a configuration.

Everything is imported in the function that needs it, so that a role's process holds only its own.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from hall.config.model import HallConfig
from hall.memory import collect_rarely, keep_loaded
from hallqueue.keeper.access import Allowed, Policy, Role
from hallqueue.paths import StateFolder

if TYPE_CHECKING:
    from hallqueue.client import HallClient

log = logging.getLogger("hall.roles")


def log_to_stderr() -> None:
    """Logs go to stderr, where journald takes them and adds time and unit."""
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")


def policy_of(config: HallConfig) -> Policy:
    """Who may take which role; raises BadRequest for a user or group that this machine does not have."""
    return Policy({Role(role): Allowed.named(*names) for role, names in config.access.items()})


def queue(config: HallConfig, folder: StateFolder, socket: Path) -> None:
    """Keep the hall until SIGTERM."""
    from hallqueue.clock import SystemClock
    from hallqueue.keeper.run import run_keeper

    def ready() -> None:
        collect_rarely()
        log.info("the keeper is ready: %s", socket)

    policy = policy_of(config)
    asyncio.run(
        run_keeper(config.plan, folder, SystemClock(), policy=policy, socket_path=socket, ready=ready)
    )


def printer(config: HallConfig, socket: Path) -> None:
    """Print until SIGTERM. The configuration has a printer (the command asked)."""
    assert config.printer is not None
    from hallprinter.spooler import run_spooler

    run_spooler(
        socket,
        config.printer.url,
        config.printer.profile,
        ready=lambda: log.info("the spooler is ready: %s", config.printer.url if config.printer else ""),
    )


def evaluator(config: HallConfig, socket: Path) -> None:
    """Ask for ratings at every window that has a pad, until SIGTERM."""
    asyncio.run(_evaluate(config, socket))


async def _evaluate(config: HallConfig, socket: Path) -> None:
    from hallevaluator.desk import RatingDesk
    from hallevaluator.keymap import KeyMap
    from hallevaluator.pads import gpio_pad
    from hallqueue.client import HallClient
    from hallqueue.clock import SystemClock

    levels = tuple(config.keys[key] for key in sorted(config.keys))
    async with HallClient(socket, Role.EVALUATOR) as hall:
        pads = {pad.window: gpio_pad(pad.url) for pad in config.pads}
        desk = RatingDesk(hall, pads, KeyMap(levels), clock=SystemClock())
        work = asyncio.ensure_future(desk.run())
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, work.cancel)
        with contextlib.suppress(asyncio.CancelledError):
            await work


def terminal(config: HallConfig, socket: Path, kiosk: bool) -> int:
    """The citizen terminal on this terminal; answers the exit status."""
    from hallkiosk.terminal import Pace, run_terminal

    keep_loaded()
    return run_terminal(
        _client(socket, Role.TERMINAL),
        config.plan,
        pace=Pace(idle_s=config.screen.idle_s),
        words=config.wording,
        kiosk=kiosk,
    )


def window(config: HallConfig, socket: Path, number: int, clerk: str) -> int:
    """The console of one window on this terminal; answers the exit status.

    Closing the day is the staff's: the console asks for it in that role, if this user may take it.
    """
    from hallkiosk.window import run_window

    keep_loaded()
    return run_window(
        _client(socket, Role.WINDOW, number, clerk),
        config.plan,
        number,
        clerk,
        staff=_client(socket, Role.STAFF, clerk=clerk),
        words=config.wording,
    )


def screen(config: HallConfig, socket: Path) -> int:
    """The hall screen on this terminal; answers the exit status."""
    from hallkiosk.screen import run_screen

    keep_loaded()
    return run_screen(
        _client(socket, Role.SCREEN),
        config.plan,
        notice=config.screen.notice,
        words=config.wording,
    )


def _client(socket: Path, role: Role, number: int = 0, clerk: str = "") -> HallClient:
    from hallqueue.client import HallClient

    return HallClient(socket, role, number, clerk)
