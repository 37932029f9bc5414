"""`HallScreen`: the electronic screen of the hall as one widget, alone on a panel or beside others.

It only ever reads: one subscription tells it the hall, newer snapshots replace older ones that were not
shown yet, and what is new follows from the call's own time. A restart therefore changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.events import Resize
from textual.widget import Widget
from textual.widgets import Static

from hallkiosk.bigtext import BigText, BigTextMode
from hallkiosk.feed import Feed, HallLost, HallSeen, reach_of
from hallkiosk.screen.layout import ScreenSizes, measure_screen
from hallkiosk.screen.panes import EntryList, WideLine
from hallkiosk.screen.picture import BLINK_MS, Pictures, ScreenPicture
from hallkiosk.screen.style import SCREEN_CSS
from hallkiosk.wording import Words
from hallkiosk.wording.screen import TEXTS
from hallqueue.plan import Plan
from hallqueue.service import HallService
from hallqueue.views import HallSnapshot

_LOOK_S = 1.0
"""Between two looks at the clock; while a call blinks it is looked at for each half of a blink."""


class HallScreen(Widget):
    """正在叫号, the last calls, people waiting, and who does not call. `clock` is monotonic seconds.

    `notice` stands at the bottom in place of the built-in line; `retry_s` passes between two tries to reach
    the keeper, and after `refresh_s` the hall is looked at again for its clock.
    """

    DEFAULT_CSS = SCREEN_CSS
    ALLOW_SELECT = False

    def __init__(
        self,
        service: HallService,
        plan: Plan,
        clock: Callable[[], float],
        *,
        notice: str = "",
        words: Mapping[str, str] | None = None,
        is_reachable: Callable[[], bool] | None = None,
        mode: BigTextMode = BigTextMode.SEXTANT,
        cell_aspect: float = 2.0,
        retry_s: float = 0.5,
        refresh_s: float = 20.0,
        id: str | None = None,  # noqa: A002 - Textual's name for it
    ) -> None:
        super().__init__(id=id)
        self._clock, self._mode, self._cell_aspect = clock, mode, cell_aspect
        self._words = Words(TEXTS, words or {})
        self._pictures = Pictures(plan, self._words, notice)
        self._is_reachable = is_reachable or reach_of(service)
        self._feed = Feed(service, self.post_message, retry_s=retry_s, refresh_s=refresh_s)
        self._snapshot: HallSnapshot | None = None
        self._seen_at = clock()
        self._is_lost = False
        self._sizes: ScreenSizes = measure_screen(80, 24)
        self._picture: ScreenPicture | None = None
        self._is_blinking = False

    def compose(self) -> ComposeResult:
        """Head, newest call, the two lists, and two lines."""
        big = (self._mode, self._cell_aspect)
        with Horizontal(id="screen-head"):
            yield WideLine(*big, id="hall-name")
            yield WideLine(*big, id="hall-time")
        with Vertical(id="now"):
            yield Static(id="now-label", markup=False)
            with Horizontal(id="now-call"):
                yield BigText(id="now-number", mode=self._mode, cell_aspect=self._cell_aspect)
                yield BigText(id="now-window", mode=self._mode, cell_aspect=self._cell_aspect)
        with Horizontal(id="lists"):
            yield EntryList(*big, id="calls")
            yield EntryList(*big, id="groups")
        yield WideLine(*big, id="windows")
        yield WideLine(*big, id="screen-notice")

    def on_mount(self) -> None:
        """Begin to listen to the hall and to look at the clock."""
        self.run_worker(self._feed.hear(), group="hear", name="hear")
        self.run_worker(self._feed.refresh(), group="refresh", name="refresh")
        self.set_interval(_LOOK_S, self.look, name="look")
        self.look()

    def on_resize(self, event: Resize) -> None:
        """Another panel, other sizes."""
        sizes = self._sizes = measure_screen(event.size.width, event.size.height)
        self.set_class(sizes.is_big, "-big")
        self.query_one("#screen-head").styles.height = sizes.head_rows
        self.query_one("#now").styles.height = sizes.now_rows + 1
        for name in ("#now-number", "#now-window"):
            self.query_one(name, BigText).rows = sizes.now_rows
        for name in ("#windows", "#screen-notice"):
            self.query_one(name).styles.height = sizes.foot_rows
        self._picture = None
        self.look()

    @property
    def picture(self) -> ScreenPicture | None:
        """What is shown; None before the first look."""
        return self._picture

    def look(self) -> None:
        """Show what follows from the hall and the clock."""
        picture = self._pictures.waiting()
        if self._snapshot is not None:
            passed_ms = max(0, round((self._clock() - self._seen_at) * 1000))
            is_connected = not self._is_lost and self._is_reachable()
            picture = self._pictures.of(
                self._snapshot, self._snapshot.at_ms + passed_ms, is_connected=is_connected
            )
        if picture != self._picture:
            self._picture = picture
            self._show(picture)
        if picture.is_fresh and not self._is_blinking:
            self._is_blinking = True
            self.set_timer(BLINK_MS / 1000, self._blink, name="blink")

    def _blink(self) -> None:
        self._is_blinking = False
        self.look()

    def _show(self, picture: ScreenPicture) -> None:
        sizes = self._sizes
        for name, is_on in (
            ("-fresh", picture.is_fresh),
            ("-lit", picture.is_lit),
            ("-warning", picture.is_warning),
        ):
            self.set_class(is_on, name)
        self.query_one("#hall-name", WideLine).show(picture.hall)
        clock = picture.time if sizes.is_big else f"{picture.date} {picture.time}".strip()
        self.query_one("#hall-time", WideLine).show(clock)
        label = f"▶▶ {picture.label} ◀◀" if picture.is_fresh else picture.label
        if sizes.is_big and picture.date:
            label = f"{label}    {picture.date}"
        self.query_one("#now-label", Static).update(Content(label))
        self.query_one("#now-number", BigText).set_text(picture.number)
        self.query_one("#now-window", BigText).set_text(picture.window)
        self._show_lists(picture)
        self.query_one("#windows", WideLine).show(picture.windows)
        self.query_one("#screen-notice", WideLine).show(picture.notice)

    def _show_lists(self, picture: ScreenPicture) -> None:
        """Big lists have no headings and no times: what is left can be read from afar."""
        sizes, groups = self._sizes, self.query_one("#groups", EntryList)
        calls, headings = picture.calls, ("", "")
        if sizes.is_big:
            calls = tuple(replace(call, right="") for call in calls)
        else:
            headings = (self._words.zh("screen.calls"), self._words.zh("screen.waiting"))
        self.query_one("#calls", EntryList).show(calls, sizes.call_rows, headings[0])
        groups.show(picture.groups, sizes.group_rows, headings[1], self._pictures.others)

    @on(HallSeen)
    def _hall_seen(self, event: HallSeen) -> None:
        event.stop()
        old, new = self._snapshot, event.snapshot
        self._is_lost = False
        if old is None or new.epoch != old.epoch or new.seq >= old.seq:
            self._snapshot, self._seen_at = new, self._clock()
        self.look()

    @on(HallLost)
    def _hall_lost(self, event: HallLost) -> None:
        event.stop()
        self._is_lost = True
        self.look()
