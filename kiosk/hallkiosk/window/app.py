"""The console alone in a terminal, as clerks have it all day over SSH or on the window's PC."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Mapping

from textual.app import ComposeResult

from hallkiosk.bigtext_cells import BigTextMode
from hallkiosk.chrome import HallApp
from hallkiosk.theme import HallTheme
from hallkiosk.window.pace import ConsolePace
from hallkiosk.window.widget import WindowConsole
from hallqueue.plan import Plan
from hallqueue.service import HallService


def press_key() -> str:
    """A key that no other press has."""
    return f"window/{uuid.uuid4().hex}"


class WindowApp(HallApp[None]):
    """The window console as a whole app; takes what `WindowConsole` takes. Ctrl+Q ends it."""

    def __init__(
        self,
        service: HallService,
        plan: Plan,
        number: int,
        clerk: str,
        *,
        clock: Callable[[], float] = time.monotonic,
        new_key: Callable[[], str] = press_key,
        staff: HallService | None = None,
        pace: ConsolePace | None = None,
        words: Mapping[str, str] | None = None,
        is_reachable: Callable[[], bool] | None = None,
        mode: BigTextMode = BigTextMode.SEXTANT,
        cell_aspect: float = 2.0,
        theme: HallTheme = HallTheme.BLUE,
    ) -> None:
        super().__init__(kiosk=False, theme=theme)
        self.console_widget = WindowConsole(
            service,
            plan,
            number,
            clerk,
            clock,
            new_key,
            staff=staff,
            pace=pace,
            words=words,
            is_reachable=is_reachable,
            mode=mode,
            cell_aspect=cell_aspect,
            id="window",
        )
        """The only widget."""

    def compose(self) -> ComposeResult:
        """The console."""
        yield self.console_widget

    def on_mount(self) -> None:
        """Keys go to the console."""
        self.console_widget.focus()


def run_window(
    service: HallService,
    plan: Plan,
    number: int,
    clerk: str,
    *,
    staff: HallService | None = None,
    pace: ConsolePace | None = None,
    words: Mapping[str, str] | None = None,
    is_reachable: Callable[[], bool] | None = None,
    mode: BigTextMode = BigTextMode.SEXTANT,
    cell_aspect: float = 2.0,
    theme: HallTheme = HallTheme.BLUE,
) -> int:
    """Show the console until the clerk leaves it; the exit code (not 0: it crashed).

    `service` connects at its first use (`HallClient` with the role `window`), because it belongs to the loop
    that runs here; `staff` likewise.
    """
    app = WindowApp(
        service,
        plan,
        number,
        clerk,
        staff=staff,
        pace=pace,
        words=words,
        is_reachable=is_reachable,
        mode=mode,
        cell_aspect=cell_aspect,
        theme=theme,
    )
    app.run()
    return app.return_code or 0
