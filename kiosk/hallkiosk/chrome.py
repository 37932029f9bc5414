"""The base of every hall screen: themes, shared styles, and the keys that must not end a public one."""

from typing import ClassVar, TypeVar

from textual.app import App
from textual.binding import Binding, BindingType

from hallkiosk.theme import BASE_CSS, COLOURS, THEMES, HallTheme

Result = TypeVar("Result")


class HallApp(App[Result]):
    """Themes registered, no command palette, no text selection, no animation, keys under control.

    With `kiosk=True` (citizen terminal, hall screen) ctrl+q, ctrl+c and ctrl+z do nothing; without it (demo
    deck, staff console) ctrl+q and ctrl+c quit. ctrl+z never suspends: Textual's `suspend` can deadlock
    (issues 6692 and 6333).
    """

    ENABLE_COMMAND_PALETTE = False
    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "leave", show=False, priority=True),
        Binding("ctrl+c", "leave", show=False, priority=True),
        Binding("ctrl+z", "swallow", show=False, priority=True),
        Binding("ctrl+p", "swallow", show=False, priority=True),
    ]

    def __init__(self, *, kiosk: bool = False, theme: HallTheme = HallTheme.BLUE) -> None:
        super().__init__()
        self.is_kiosk = kiosk
        self.animation_level = "none"
        for known in THEMES:
            self.register_theme(known)
        self.theme = theme.value
        # Below the app's own CSS and above every widget's defaults.
        self.stylesheet.add_source(
            BASE_CSS, read_from=("hallkiosk/theme.py", "BASE_CSS"), is_default_css=False, tie_breaker=-1
        )

    def use_theme(self, theme: HallTheme) -> None:
        """Change the look of everything at once."""
        self.theme = theme.value

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Our variables under any theme, so that a style sheet always parses."""
        return dict(COLOURS[HallTheme.BLUE])

    def action_leave(self) -> None:
        """Quit, where people are allowed to."""
        if not self.is_kiosk:
            self.exit()

    def action_swallow(self) -> None:
        """Take a key and do nothing, so that neither Textual nor a widget acts on it."""
