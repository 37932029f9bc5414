"""The terminal alone on its panel: full screen, no way out, back on its first screen when left."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Mapping

from textual.app import ComposeResult

from hallkiosk.bigtext_cells import BigTextMode
from hallkiosk.chrome import HallApp
from hallkiosk.terminal.pace import Pace
from hallkiosk.terminal.widget import CitizenTerminal
from hallkiosk.theme import HallTheme
from hallqueue.plan import Plan
from hallqueue.service import HallService


def touch_key() -> str:
    """An issue key that no other touch has."""
    return f"terminal/{uuid.uuid4().hex}"


class TerminalApp(HallApp[None]):
    """The citizen terminal as a whole app; takes what `CitizenTerminal` takes."""

    def __init__(
        self,
        service: HallService,
        plan: Plan,
        *,
        clock: Callable[[], float] = time.monotonic,
        new_key: Callable[[], str] = touch_key,
        pace: Pace | None = None,
        words: Mapping[str, str] | None = None,
        is_reachable: Callable[[], bool] | None = None,
        mode: BigTextMode = BigTextMode.SEXTANT,
        cell_aspect: float = 2.0,
        kiosk: bool = True,
        theme: HallTheme = HallTheme.BLUE,
    ) -> None:
        super().__init__(kiosk=kiosk, theme=theme)
        self.terminal = CitizenTerminal(
            service,
            plan,
            clock,
            new_key,
            pace=pace,
            words=words,
            is_reachable=is_reachable,
            mode=mode,
            cell_aspect=cell_aspect,
            id="terminal",
        )
        """The only widget."""

    def compose(self) -> ComposeResult:
        """The terminal."""
        yield self.terminal

    def on_mount(self) -> None:
        """Keys go to the terminal."""
        self.terminal.focus()


def run_terminal(
    service: HallService,
    plan: Plan,
    *,
    pace: Pace | None = None,
    words: Mapping[str, str] | None = None,
    is_reachable: Callable[[], bool] | None = None,
    mode: BigTextMode = BigTextMode.SEXTANT,
    cell_aspect: float = 2.0,
    kiosk: bool = True,
    theme: HallTheme = HallTheme.BLUE,
) -> int:
    """Show the terminal until it is ended; the exit code (not 0: it crashed and is to be started again).

    `service` connects at its first use (`HallClient`), because it belongs to the loop that runs here.
    """
    app = TerminalApp(
        service,
        plan,
        pace=pace,
        words=words,
        is_reachable=is_reachable,
        mode=mode,
        cell_aspect=cell_aspect,
        kiosk=kiosk,
        theme=theme,
    )
    app.run()
    return app.return_code or 0
