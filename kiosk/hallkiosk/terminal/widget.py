"""`CitizenTerminal`: the self-service terminal as one widget, alone on a panel or beside others in a deck.

Handlers own the state: a touch or a worker's message changes the visit through the journey's table, and the
picture that follows from it is shown. Keys act only while the terminal has the focus.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.events import Click, Key, MouseDown, Resize
from textual.widget import Widget
from textual.widgets import Static

from hallkiosk.bigtext_cells import BigTextMode
from hallkiosk.feed import HallLost, HallSeen, reach_of
from hallkiosk.idle import IdleState
from hallkiosk.terminal import feed
from hallkiosk.terminal.facts import refusal_reasons
from hallkiosk.terminal.model import DIGITS, Picture, Scene, Shortcuts, World
from hallkiosk.terminal.pace import Pace, paper_of, timer_for
from hallkiosk.terminal.panes import ChoiceGrid, NoticePane, TouchButton
from hallkiosk.terminal.pictures import Pictures
from hallkiosk.terminal.steps import Journey, Step, Visit
from hallkiosk.terminal.style import TERMINAL_CSS, heading, title_bar
from hallkiosk.wording import Words
from hallkiosk.wording.terminal import TEXTS
from hallqueue.plan import Plan
from hallqueue.service import HallService
from hallqueue.views import HallSnapshot


class CitizenTerminal(Widget, can_focus=True):
    """取号: groups, services, check, number. Takes the hall as a service and keeps no rule of its own.

    `clock` is monotonic seconds, `new_key` gives each touch its issue key, `words` replaces texts
    (`[wording]`), `is_reachable` tells whether the keeper is there (by default the client's own state).
    """

    DEFAULT_CSS = TERMINAL_CSS
    ALLOW_SELECT = False

    def __init__(
        self,
        service: HallService,
        plan: Plan,
        clock: Callable[[], float],
        new_key: Callable[[], str],
        *,
        shortcuts: Shortcuts = DIGITS,
        pace: Pace | None = None,
        words: Mapping[str, str] | None = None,
        is_reachable: Callable[[], bool] | None = None,
        mode: BigTextMode = BigTextMode.SEXTANT,
        cell_aspect: float = 2.0,
        id: str | None = None,  # noqa: A002 - Textual's name for it
    ) -> None:
        super().__init__(id=id)
        self._plan, self._clock, self._new_key = plan, clock, new_key
        self._pace = pace or Pace()
        self._words = Words(TEXTS, words or {})
        self._shortcuts, self._mode, self._cell_aspect = shortcuts, mode, cell_aspect
        self._is_reachable = is_reachable or reach_of(service)
        self._feed = feed.TerminalFeed(
            service, self.post_message, retry_s=self._pace.retry_s, refresh_s=self._pace.refresh_s
        )
        self._journey = Journey(plan)
        self._pictures = Pictures(plan, self._journey, self._words, shortcuts)
        self._snapshot: HallSnapshot | None = None
        self._is_lost = False
        self._visit = self._journey.home
        self._picture: Picture | None = None
        self._seen: tuple[Visit, World] | None = None
        """What the picture was made of."""
        self._changed_at = self._stepped_at = clock()
        self._idle = timer_for(self._visit, self._visit, self._pace, clock)

    # --- what is on the panel ------------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        """Title, question, notice, choices, foot; each picture uses what it needs."""
        yield Static(id="terminal-title", classes="title", markup=False)
        yield Static(id="question", markup=False)
        yield NoticePane(self._mode, self._cell_aspect, id="notice")
        yield ChoiceGrid(id="choices")
        with Horizontal(id="foot"):
            yield TouchButton(id="back")
            yield Static(id="foot-note", classes="hint", markup=False)
            yield TouchButton(id="go")

    def on_mount(self) -> None:
        """Begin to listen to the hall and to look at the clock."""
        self.run_worker(self._feed.hear(), group="hear", name="hear")
        self.run_worker(self._feed.refresh(), group="refresh", name="refresh")
        self.set_interval(self._pace.look_s, self.look, name="look")
        self.look()

    def on_resize(self, event: Resize) -> None:
        """Larger panels get more air."""
        is_tall = event.size.height >= 22
        self.set_class(is_tall, "-tall")
        self.query_one("#terminal-title").styles.height = 3 if is_tall else 1
        self.set_class(event.size.height >= 34, "-portrait")
        self._write_head()

    @property
    def visit(self) -> Visit:
        """Where the person stands; the home visit when nobody is there."""
        return self._visit

    @property
    def picture(self) -> Picture | None:
        """What is shown; None before the first look."""
        return self._picture

    def look(self) -> None:
        """Compare the clock and the hall with what is shown, and show what follows from them."""
        if self._idle.is_expired:
            self._enter(self._journey.leave(self._visit))
        seen = (self._visit, self._world())
        if seen == self._seen:
            return
        self._seen = seen
        picture = self._pictures.of(*seen)
        if picture == self._picture:
            return
        if self._picture is None or picture.scene is not self._picture.scene:
            self._changed_at = self._clock()
        self._picture = picture
        self._show(picture)

    def _world(self) -> World:
        remaining = self._idle.remaining_s
        waited = self._clock() - self._stepped_at
        slow_s = self._pace.slow_s if self._visit.step is Step.ISSUING else self._pace.paper_slow_s
        return World(
            snapshot=self._snapshot,
            is_reachable=not self._is_lost and self._is_reachable(),
            is_asking=self._idle.state is IdleState.WARNING,
            is_slow=waited >= slow_s,
            remaining_s=None if remaining is None else int(-(-remaining // 1)),
        )

    def _show(self, picture: Picture) -> None:
        for scene in Scene:
            self.set_class(scene is picture.scene, f"-{scene.value}")
        self._write_head()
        self.query_one(NoticePane).show(picture.big, picture.lines)
        self.query_one(ChoiceGrid).show(picture.faces, is_strip=picture.has_notice)
        self.query_one("#back", TouchButton).show(picture.back)
        self.query_one("#go", TouchButton).show(picture.go)
        self.query_one("#foot-note", Static).update(Content(picture.note))
        self.query_one("#foot").display = bool(picture.back or picture.go or picture.note)

    def _write_head(self) -> None:
        width = max(0, self.size.width - 2)
        title = title_bar(self._plan.hall_name, self._words.text("terminal.title"), width)
        self.query_one("#terminal-title", Static).update(Content(title))
        if self._picture is not None:
            is_tall = self.has_class("-tall")
            self.query_one("#question", Static).update(heading(self._picture.question, width, is_tall))

    # --- what a person does --------------------------------------------------------------------------

    @on(TouchButton.Pressed)
    def _touched(self, event: TouchButton.Pressed) -> None:
        event.stop()
        if self._is_settling():
            return
        name = event.button.id or ""
        if name == "back":
            self._go_back()
        elif name == "go":
            self._go_on()
        else:
            self._choose(int(name.removeprefix("choice-")) - 1)

    def _is_settling(self) -> bool:
        """Whether the picture is so new that a touch may be the second half of a double tap."""
        return self._clock() - self._changed_at < self._pace.settle_s

    def on_mouse_down(self, event: MouseDown) -> None:
        """A finger is here; while 您还在吗 is asked, only a whole touch answers (see `on_click`)."""
        if self._idle.state is not IdleState.WARNING or self._visit.step is Step.TAKE:
            self._idle.reset()

    def on_click(self, event: Click) -> None:
        """A touch beside the buttons answers 您还在吗."""
        self._idle.reset()
        self.look()

    def on_key(self, event: Key) -> None:
        """A choice, Enter for 取号 and 完成, Escape for 返回; any other key says that somebody is here."""
        was_asking = self._picture is not None and self._picture.scene is Scene.ASKING
        place = self._shortcuts.place(event.character)
        if event.key in ("escape", "backspace"):
            self._go_back()
        elif event.key == "enter":
            if not (self._visit.step is Step.TAKE and self._is_settling()):
                self._go_on()
        elif place is not None and not was_asking:
            self._choose(place)
        elif place is None and event.key in ("tab", "shift+tab"):
            return
        self._idle.reset()
        self.look()
        if place is not None or event.key in ("enter", "escape", "backspace"):
            event.stop()

    def _choose(self, place: int) -> None:
        picture = self._picture
        if picture is None or place >= len(picture.faces) or not picture.faces[place].is_enabled:
            return
        visit, journey = self._visit, self._journey
        if picture.scene is Scene.GROUPS:
            self._enter(journey.pick_group(visit, journey.groups[place].id))
        elif picture.scene is Scene.SERVICES:
            self._enter(journey.pick_service(visit, journey.services(visit.group)[place].id))
        elif picture.scene is Scene.CONFIRM:
            self._enter(journey.toggle_priority(visit, journey.priorities[place].id))

    def _go_back(self) -> None:
        picture = self._picture
        if picture is None or picture.back is None:
            return
        if picture.scene is Scene.TAKE:
            self._idle.reset()
        elif picture.scene in (Scene.ISSUING, Scene.ASKING):
            self._enter(self._journey.leave(self._visit))
        else:
            self._enter(self._journey.back(self._visit))

    def _go_on(self) -> None:
        picture = self._picture
        if picture is None or picture.go is None:
            return
        if picture.scene is Scene.ASKING:
            self._idle.reset()
            self.look()
        elif picture.scene is Scene.CONFIRM:
            self._take()
        else:
            self._enter(self._journey.leave(self._visit))

    def _take(self) -> None:
        visit = self._journey.go(self._visit, self._new_key())
        if visit is self._visit:
            return
        self._enter(visit)
        request = feed.Request(visit.key, visit.service, visit.priority)
        self.run_worker(self._feed.issue(request), group="issue", name="issue", exclusive=True)

    # --- what the hall says --------------------------------------------------------------------------

    @on(HallSeen)
    def _hall_seen(self, event: HallSeen) -> None:
        self._snapshot, self._is_lost = event.snapshot, False
        self.look()

    @on(HallLost)
    def _hall_lost(self) -> None:
        self._is_lost = True
        self.look()

    @on(feed.KeeperAway)
    def _keeper_away(self, event: feed.KeeperAway) -> None:
        self._enter(self._journey.away(self._visit, event.key))

    @on(feed.TicketGiven)
    def _ticket_given(self, event: feed.TicketGiven) -> None:
        issued = event.issued
        visit = self._journey.issued(
            self._visit, event.key, issued.ticket, issued.estimate, has_paper=issued.job > 0
        )
        if visit is self._visit:
            return
        self._enter(visit)
        self._feed.track(issued.ticket.ticket)
        self.run_worker(self._feed.look(), group="ticket", name="ticket")

    @on(feed.TicketRefused)
    def _ticket_refused(self, event: feed.TicketRefused) -> None:
        reasons = refusal_reasons(event.error, self._words)
        self._enter(self._journey.refused(self._visit, event.key, reasons))

    @on(feed.TicketSeen)
    def _ticket_seen(self, event: feed.TicketSeen) -> None:
        self._enter(self._journey.seen(self._visit, event.ticket))

    # --- from one step to the next -------------------------------------------------------------------

    def _enter(self, visit: Visit) -> None:
        before, self._visit = self._visit, visit
        if visit.step is not before.step:
            self._stepped_at = self._clock()
        if visit.step is not Step.TAKE:
            self._feed.track(0)
        if before.step is Step.ISSUING and visit.step is not Step.ISSUING:
            self.workers.cancel_group(self, "issue")
        if visit.step is not before.step or paper_of(visit) is not paper_of(before):
            self._idle = timer_for(visit, self._journey.home, self._pace, self._clock)
        self.look()
