"""How big text is drawn on the terminal at hand: fine where the terminal is known to have sextants.

A stranger's terminal is not ours to choose. Half-blocks are right everywhere; sextants (U+1FB00, Unicode
13) are three times finer, and boxes with numbers in them where font and terminal lack them. The list is
what draws them itself, whatever the font: foot, kitty, WezTerm, Ghostty, Contour, and VTE since 0.62 (from
memory).
"""

from __future__ import annotations

from collections.abc import Mapping

from hallkiosk.bigtext_cells import BigTextMode

CHOICE = "HALL_BIG_TEXT"
"""`sextant` or `half` in the environment decides by hand."""
_TERMS = ("foot", "xterm-kitty", "xterm-ghostty", "wezterm", "contour")
_MARKS = ("KITTY_WINDOW_ID", "WEZTERM_PANE", "GHOSTTY_RESOURCES_DIR")
_VTE_WITH_SEXTANTS = 6200


def mode_for(environment: Mapping[str, str]) -> BigTextMode:
    """The finest mode that this terminal is known to show."""
    chosen = environment.get(CHOICE, "").strip().upper()
    if chosen in BigTextMode.__members__:
        return BigTextMode[chosen]
    vte = environment.get("VTE_VERSION", "")
    is_known = (
        environment.get("TERM", "").startswith(_TERMS)
        or any(environment.get(mark) for mark in _MARKS)
        or (vte.isdecimal() and int(vte) >= _VTE_WITH_SEXTANTS)
    )
    return BigTextMode.SEXTANT if is_known else BigTextMode.HALF
