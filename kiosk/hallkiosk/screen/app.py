"""The hall screen alone on its panel: full screen, nothing to press, no way out."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from textual.app import ComposeResult

from hallkiosk.bigtext_cells import BigTextMode
from hallkiosk.chrome import HallApp
from hallkiosk.screen.widget import HallScreen
from hallkiosk.theme import HallTheme
from hallqueue.plan import Plan
from hallqueue.service import HallService


class ScreenApp(HallApp[None]):
    """The hall screen as a whole app; takes what `HallScreen` takes."""

    def __init__(
        self,
        service: HallService,
        plan: Plan,
        *,
        clock: Callable[[], float] = time.monotonic,
        notice: str = "",
        words: Mapping[str, str] | None = None,
        is_reachable: Callable[[], bool] | None = None,
        mode: BigTextMode = BigTextMode.SEXTANT,
        cell_aspect: float = 2.0,
        kiosk: bool = True,
        theme: HallTheme = HallTheme.BLUE,
    ) -> None:
        super().__init__(kiosk=kiosk, theme=theme)
        self.hall_screen = HallScreen(
            service,
            plan,
            clock,
            notice=notice,
            words=words,
            is_reachable=is_reachable,
            mode=mode,
            cell_aspect=cell_aspect,
            id="hall-screen",
        )
        """The only widget."""

    def compose(self) -> ComposeResult:
        """The screen."""
        yield self.hall_screen


def run_screen(
    service: HallService,
    plan: Plan,
    *,
    notice: str = "",
    words: Mapping[str, str] | None = None,
    is_reachable: Callable[[], bool] | None = None,
    mode: BigTextMode = BigTextMode.SEXTANT,
    cell_aspect: float = 2.0,
    kiosk: bool = True,
    theme: HallTheme = HallTheme.BLUE,
) -> int:
    """Show the screen until it is ended; the exit code (not 0: it crashed and is to be started again).

    `service` connects at its first use (`HallClient` with the role `screen`).
    """
    app = ScreenApp(
        service,
        plan,
        notice=notice,
        words=words,
        is_reachable=is_reachable,
        mode=mode,
        cell_aspect=cell_aspect,
        kiosk=kiosk,
        theme=theme,
    )
    app.run()
    return app.return_code or 0
