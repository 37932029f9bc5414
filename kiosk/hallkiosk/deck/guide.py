"""The next step for somebody who has never seen a hall: a table from the state of the hall. Pure.

The first rule that finds something wins, from the end of a visit to its beginning, so that a visit that was
begun is led to its end before another is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum

from hallkiosk.deck.panels import Panel
from hallqueue.states import RatingState, TicketState, WindowState
from hallqueue.views import HallSnapshot, WindowView


class Next(Enum):
    """What to do."""

    CONNECT = "connect"
    """Wait: the hall is not there."""
    RATE = "rate"
    FINISH = "finish"
    START = "start"
    CALL = "call"
    OPEN = "open"
    """Somebody waits and no window of the deck takes people."""
    RESUME = "resume"
    MEND = "mend"
    """The printer cannot print."""
    AGAIN = "again"
    """A whole visit was made."""
    UNRATED = "unrated"
    """The same, and nobody pressed the pad."""
    TAKE = "take"


@dataclass(frozen=True, slots=True)
class Step:
    """The next step, where it is done and what it is about."""

    next: Next
    panel: Panel
    window: int = 0
    number: str = ""


@dataclass(frozen=True, slots=True)
class Scene:
    """What the rules look at."""

    hall: HallSnapshot
    windows: tuple[WindowView, ...]
    """Those of the deck, in its order."""
    is_printer_down: bool


Found = tuple[int, str]
"""A window's place in the deck, and a ticket number."""


def _rating(scene: Scene) -> Found | None:
    for place, window in enumerate(scene.windows):
        if window.rating is not None and window.rating.state is RatingState.OPEN:
            return place, window.rating.number
    return None


def _in_hand(state: TicketState) -> Callable[[Scene], Found | None]:
    def find(scene: Scene) -> Found | None:
        for place, window in enumerate(scene.windows):
            if window.current is not None and window.current.state is state:
                return place, window.current.number
        return None

    return find


def _callable(scene: Scene) -> Found | None:
    for place, window in enumerate(scene.windows):
        if window.state is WindowState.OPEN and window.next is not None:
            return place, window.next.number
    return None


def _shut(scene: Scene) -> Found | None:
    is_open = any(window.state is WindowState.OPEN for window in scene.windows)
    if is_open or not scene.hall.waiting_total or not scene.windows:
        return None
    return 0, ""


def _held(scene: Scene) -> Found | None:
    for place, window in enumerate(scene.windows):
        if window.held:
            return place, window.held[0].number
    return None


def _printer_down(scene: Scene) -> Found | None:
    return (0, "") if scene.is_printer_down else None


def _ended(state: RatingState) -> Callable[[Scene], Found | None]:
    def find(scene: Scene) -> Found | None:
        last = max(
            (window.rating for window in scene.windows if window.rating is not None),
            key=lambda rating: rating.opened_ms,
            default=None,
        )
        if last is None or last.state is not state:
            return None
        return next(place for place, window in enumerate(scene.windows) if window.rating is last), last.number

    return find


RULES: tuple[tuple[Next, Panel | None, Callable[[Scene], Found | None]], ...] = (
    (Next.RATE, Panel.PADS, _rating),
    (Next.FINISH, None, _in_hand(TicketState.SERVING)),
    (Next.START, None, _in_hand(TicketState.CALLED)),
    (Next.CALL, None, _callable),
    (Next.OPEN, None, _shut),
    (Next.RESUME, None, _held),
    (Next.MEND, Panel.PAPER, _printer_down),
    (Next.AGAIN, Panel.TERMINAL, _ended(RatingState.RATED)),
    (Next.UNRATED, Panel.TERMINAL, _ended(RatingState.UNRATED)),
)
"""What is found, and the panel where it is dealt with (None: the window's own)."""

_WINDOW_PANELS = (Panel.WINDOW_A, Panel.WINDOW_B)


def next_step(hall: HallSnapshot | None, windows: Sequence[int], *, is_printer_down: bool = False) -> Step:
    """The next step with this hall; `windows` are the numbers of the deck's windows."""
    if hall is None:
        return Step(Next.CONNECT, Panel.TERMINAL)
    views = {window.number: window for window in hall.windows}
    scene = Scene(hall, tuple(views[number] for number in windows if number in views), is_printer_down)
    for what, panel, find in RULES:
        found = find(scene)
        if found is not None:
            place, number = found
            return Step(what, panel or _WINDOW_PANELS[place], scene.windows[place].number, number)
    return Step(Next.TAKE, Panel.TERMINAL)
