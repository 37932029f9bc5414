"""What each role starts: the one place where the rooms are wired to a configuration.

Everything is imported in the function that needs it, so that a role's process holds only its own.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
import signal
import sys
from collections.abc import Coroutine
from logging.handlers import SysLogHandler
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hall.config.model import HallConfig
from hall.memory import collect_rarely, keep_loaded
from hallqueue.keeper.access import Allowed, Policy, Role
from hallqueue.paths import StateFolder

if TYPE_CHECKING:
    from hall.devices.scanledger import KeeperLedger
    from hall.devices.terminal import Heard, TerminalDevices
    from hallqueue.client import HallClient

JOURNAL = "/dev/log"
ASK_S = 1.0
LEDGER_WAITS_S = 5.0
"""A scan that the keeper cannot record within it waits sealed in the store."""

log = logging.getLogger("hall.roles")


def log_to_stderr() -> None:
    """Logs go to stderr, where journald takes them and adds time and unit."""
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")


class _Journal(SysLogHandler):
    """The system's journal; while it is not there nothing is said, and the next record tries again."""

    def handleError(self, record: logging.LogRecord) -> None:
        """Not a traceback on stderr, which is the picture."""


def log_beside_screen(journal: str = JOURNAL) -> None:
    """A role with a screen logs to the system's journal, where there is one: stderr is the picture."""
    handler: logging.Handler = logging.NullHandler()
    with contextlib.suppress(OSError):
        handler = _Journal(journal)
        handler.setFormatter(logging.Formatter("hall: %(levelname)s %(name)s: %(message)s"))
    logging.getLogger().addHandler(handler)
    logging.getLogger().setLevel(logging.INFO)


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


def _say_if_alone(socket: Path) -> None:
    """A role that waits for the keeper says so once; it goes on by itself when the keeper comes."""
    from hallqueue.wire.sockets import connect

    try:
        connect(socket, ASK_S).close()
    except OSError as error:
        log.warning(
            "队列服务还没有应答，等它启动 / the keeper does not answer yet, waiting: %s: %s", socket, error
        )


def printer(config: HallConfig, socket: Path) -> None:
    """Print until SIGTERM. The configuration has a printer (the command asked)."""
    assert config.printer is not None
    _say_if_alone(socket)
    from hallprinter.spooler import run_spooler

    run_spooler(
        socket,
        config.printer.url,
        config.printer.profile,
        enrolled=config.printer.abilities,
        ready=lambda: log.info("the spooler is ready: %s", config.printer.url if config.printer else ""),
    )


def evaluator(config: HallConfig, socket: Path) -> None:
    """Ask for ratings at every window that has a pad, and keep the signs, until SIGTERM."""
    _say_if_alone(socket)
    asyncio.run(_evaluate(config, socket))


async def _evaluate(config: HallConfig, socket: Path) -> None:
    from hall.devices.hub import DeviceHub
    from hall.devices.testing import DeviceTests
    from hall.devices.windows import PadsAndSigns
    from hallevaluator.desk import RatingDesk
    from hallevaluator.keymap import KeyMap
    from hallevaluator.signs import WindowSigns
    from hallqueue.client import HallClient
    from hallqueue.clock import SystemClock

    levels = tuple(config.keys[key] for key in sorted(config.keys))
    devices = PadsAndSigns(config)
    async with HallClient(socket, Role.EVALUATOR) as hall:
        desk = RatingDesk(hall, devices.open_pads(), KeyMap(levels), clock=SystemClock())
        tests = DeviceTests(hall, devices.pad_checkers(desk), boot=secrets.token_hex(8))
        hub = DeviceHub(hall, devices.attended_signs())
        hub.start()
        signs = WindowSigns(hall, devices.signs)
        await _until_told(desk.run(), tests.run(), hub.run(), signs.run())


def keypad(config: HallConfig, socket: Path) -> None:
    """Serve the clerks' keypads until SIGTERM."""
    _say_if_alone(socket)
    asyncio.run(_call(config, socket))


async def _call(config: HallConfig, socket: Path) -> None:
    from hall.devices.hub import DeviceHub
    from hall.devices.windows import attended, fitted_desk

    numbers = sorted(one.window for one in config.callers)
    async with contextlib.AsyncExitStack() as stack:
        # A session for each window: the keeper lets it act for that window alone.
        sessions = {
            number: await stack.enter_async_context(_client(socket, Role.WINDOW, number))
            for number in numbers
        }
        fitted = fitted_desk(config, sessions.__getitem__)
        hub = DeviceHub(sessions[numbers[0]], [attended(device) for device in fitted.devices])
        hub.start()
        await _until_told(fitted.desk.run(), hub.run())


async def _until_told(*works: Coroutine[Any, Any, None]) -> None:
    """Do all of them until SIGTERM or SIGINT, or until one fails."""
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(work) for work in works]
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, lambda: [task.cancel() for task in tasks])


def terminal(config: HallConfig, folder: StateFolder, socket: Path, kiosk: bool) -> int:
    """The citizen terminal on this terminal, with its devices; answers the exit status."""
    from hall.devices.hubthread import HubThread
    from hallkiosk.terminal import Pace, run_terminal

    log_beside_screen()
    keep_loaded()
    with HubThread(socket, Role.TERMINAL, terminal_devices(config, folder, socket).attended()):
        return run_terminal(
            _client(socket, Role.TERMINAL),
            config.plan,
            pace=Pace(idle_s=config.screen.idle_s),
            words=config.wording,
            kiosk=kiosk,
        )


def terminal_devices(
    config: HallConfig, folder: StateFolder, socket: Path, heard: Heard | None = None
) -> TerminalDevices:
    """The devices that the terminal's process holds; nothing is started yet."""
    from hall.devices.terminal import Heard, TerminalDevices

    def ledger() -> KeeperLedger:
        from hall.devices.scanledger import KeeperLedger
        from hallqueue.syncclient import SyncHallClient

        return KeeperLedger(SyncHallClient(socket, Role.TERMINAL, give_up_s=LEDGER_WAITS_S))

    return TerminalDevices(config, folder.path, ledger, heard or Heard())


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
