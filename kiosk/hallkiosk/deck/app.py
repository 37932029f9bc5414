"""`DeckApp`: a whole running hall in one terminal, for somebody who has never seen one.

Handlers own the state. Which panels stand where is :mod:`hallkiosk.deck.layout`'s answer to the size of the
terminal; what to do next is :mod:`hallkiosk.deck.guide`'s answer to the state of the hall.
"""

from __future__ import annotations

from typing import TypeVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Container
from textual.content import Content
from textual.events import DescendantFocus, Event, Key, Resize
from textual.geometry import Size
from textual.widget import Widget
from textual.widgets import Static

from hallkiosk.chrome import HallApp
from hallkiosk.deck import feed
from hallkiosk.deck.bars import GuideBar, Label, Tab, TabBar
from hallkiosk.deck.contents import contents, opening_key, titles
from hallkiosk.deck.devices import DevicesPanel
from hallkiosk.deck.frame import Frame
from hallkiosk.deck.guide import Step, next_step
from hallkiosk.deck.guidetext import guide_text
from hallkiosk.deck.layout import MIN_HEIGHT, MIN_WIDTH, arrange, overview_for
from hallkiosk.deck.log import LogPanel
from hallkiosk.deck.pads import PadsPanel
from hallkiosk.deck.panels import OVERVIEW_KEY, Panel
from hallkiosk.deck.paper import PaperPanel
from hallkiosk.deck.parts import DeckParts
from hallkiosk.deck.style import DECK_CSS
from hallkiosk.feed import Feed, HallLost, HallSeen, reach_of
from hallkiosk.terminal import CitizenTerminal
from hallkiosk.wording import Words
from hallkiosk.wording.deck import TEXTS
from hallqueue.views import HallSnapshot

GUIDE_ON_ONE_LINE_FROM = 114
"""Cells; below it the guide's English stands on a line of its own."""
LOOK_S = 0.2
RETRY_S = 0.5
REFRESH_S = 20.0
QUIT = "quit"

PanelWidget = TypeVar("PanelWidget", bound=Widget)


class DeckApp(HallApp[None]):
    """The deck. Number keys or clicks choose a panel; everything else goes to the panel that was chosen."""

    CSS = DECK_CSS

    def __init__(self, parts: DeckParts) -> None:
        super().__init__(kiosk=False)
        self._parts = parts
        self._words = Words(TEXTS)
        names, widgets = titles(parts, self._words), contents(parts, self._words)
        keys_here = self._words.text("deck.keys-here")
        self._frames = {panel: Frame(panel, names[panel], keys_here, widgets[panel]) for panel in Panel}
        overview, leave = self._words.text("deck.tab-overview"), self._words.text("deck.tab-quit")
        self._labels = (
            *(Label(panel.key, panel.key, names[panel]) for panel in Panel),
            Label(OVERVIEW_KEY, OVERVIEW_KEY, overview),
            Label(QUIT, self._words.zh("deck.quit-key"), leave, self._words.zh("deck.quit-key-short")),
        )
        self._tabs, self._guide = TabBar(self._labels), GuideBar()
        self._extent = Size(80, 24)
        self._recent = list(Panel)
        self._wants_overview = True
        self._is_leaving = self._is_refusing = False
        self._hall: HallSnapshot | None = None
        self._watch = parts.service_for("screen", 0)
        self._is_reachable = reach_of(self._watch)
        self._is_lost = False

    # --- what is shown -------------------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        """Tabs, panels, guide."""
        yield self._tabs
        with Container(id="body"):
            yield from self._frames.values()
        yield self._guide
        yield Static(id="too-small", markup=False)

    def on_mount(self) -> None:
        """Begin to listen, let the clerks open their windows, and give the terminal the keys."""
        parts = self._parts
        hall = Feed(self._watch, self.post_message, retry_s=RETRY_S, refresh_s=REFRESH_S)
        self.run_worker(hall.hear(), name="hear")
        log = parts.service_for("staff", 0)
        self.run_worker(feed.follow(log, self.post_message, RETRY_S), name="follow")
        desks = {number: parts.service_for("window", number) for number in parts.windows}
        clerks = dict(parts.clerks)
        self.run_worker(feed.open_windows(desks, clerks, opening_key, RETRY_S), name="open")
        self.set_interval(LOOK_S, self.look, name="look")
        self.choose(Panel.TERMINAL)

    def on_resize(self, event: Resize) -> None:
        """Another size, another arrangement; the app itself still has the old size here."""
        self._extent = event.size
        self._arrange()

    @property
    def chosen(self) -> Panel:
        """The panel that has the keys."""
        return self._recent[0]

    @property
    def step(self) -> Step:
        """What the guide leads to."""
        is_there = not self._is_lost and self._is_reachable()
        is_down = self._panel(Panel.PAPER, PaperPanel).condition.is_down
        return next_step(self._hall if is_there else None, self._parts.windows, is_printer_down=is_down)

    def choose(self, panel: Panel) -> None:
        """Show a panel and give it the keys."""
        self._prefer(panel)
        self._arrange()
        self._frames[panel].target.focus(scroll_visible=False)

    def look(self) -> None:
        """Write the guide and mark the tabs."""
        if not self._is_up:
            return
        step = self.step
        guide = self._guide
        if self._is_leaving:
            guide.say(self._words.text("deck.leave"))
        elif self._is_refusing:
            guide.say(self._words.text("deck.no-overview"))
        else:
            terminal = self._panel(Panel.TERMINAL, CitizenTerminal).visit.step
            guide.say(guide_text(self._words, step, self.chosen, terminal))
        chosen = [self.chosen.key, *([OVERVIEW_KEY] if self._has_overview else [])]
        hidden = [] if self._overview_fits else [OVERVIEW_KEY]
        following = step.panel.key if step.panel is not self.chosen else ""
        self._tabs.show(chosen, following, hidden, self._extent.width)

    @property
    def _is_up(self) -> bool:
        """Whether the panels stand; timers and messages may come while the deck is taken down."""
        return self._tabs.is_attached and all(frame.content.is_attached for frame in self._frames.values())

    def _panel(self, panel: Panel, kind: type[PanelWidget]) -> PanelWidget:
        content = self._frames[panel].content
        assert isinstance(content, kind)
        return content

    @property
    def _body_size(self) -> tuple[int, int]:
        return self._extent.width, self._extent.height - 1 - self._guide_rows

    @property
    def _guide_rows(self) -> int:
        return 1 if self._extent.width >= GUIDE_ON_ONE_LINE_FROM else 2

    @property
    def _overview_fits(self) -> bool:
        return overview_for(*self._body_size) is not None

    @property
    def _has_overview(self) -> bool:
        return self._wants_overview and self._overview_fits

    def _prefer(self, panel: Panel) -> None:
        self._recent.remove(panel)
        self._recent.insert(0, panel)

    def _arrange(self) -> None:
        if not self._is_up:
            return
        width, height = self._extent
        is_small = width < MIN_WIDTH or height < MIN_HEIGHT
        small = self.query_one("#too-small", Static)
        small.display = is_small
        for part in ("#tabs", "#body", "#guide"):
            self.query_one(part).display = not is_small
        if is_small:
            need = self._words.text("deck.small", width=MIN_WIDTH, height=MIN_HEIGHT)
            now = self._words.text("deck.small-now", width=width, height=height)
            small.update(Content(f"{need.zh}\n{need.en}\n\n{now.zh}\n{now.en}"))
            return
        guide = self._guide
        guide.styles.height = self._guide_rows
        guide.write()
        places = {p.panel: p for p in arrange(*self._body_size, self._recent, self._wants_overview)}
        for panel, frame in self._frames.items():
            place = places.get(panel)
            frame.display = place is not None
            if place is not None:
                frame.styles.offset = (place.x, place.y)
                frame.styles.width, frame.styles.height = place.width, place.height
                frame.mark(is_chosen=panel is self.chosen, has_head=len(places) > 1)
        self.look()

    # --- what a person does --------------------------------------------------------------------------

    async def on_event(self, event: Event) -> None:
        """Any other key than Q takes the question of leaving back; an event passes here twice."""
        if isinstance(event, Key) and not event.is_forwarded:
            self._is_refusing = False
            if event.key.lower() != "q":
                self._is_leaving = False
        await super().on_event(event)

    def on_key(self, event: Key) -> None:
        """What no panel wanted: numbers choose, Q leaves."""
        if event.key.lower() == "q":
            self._ask_to_leave()
        elif event.key == OVERVIEW_KEY:
            self._toggle_overview()
        elif event.key in {panel.key for panel in Panel}:
            self.choose(Panel(int(event.key)))
        self.look()

    @on(Tab.Chosen)
    def _tab_chosen(self, event: Tab.Chosen) -> None:
        self._is_refusing = False
        if event.name == QUIT:
            self._ask_to_leave()
        else:
            self._is_leaving = False
            if event.name == OVERVIEW_KEY:
                self._toggle_overview()
            else:
                self.choose(Panel(int(event.name)))
        self.look()

    @on(GuideBar.Followed)
    def _guide_followed(self) -> None:
        self._is_leaving = self._is_refusing = False
        self.choose(self.step.panel)

    def _ask_to_leave(self) -> None:
        if self._is_leaving:
            self.exit()
        self._is_leaving = True

    def _toggle_overview(self) -> None:
        if self._overview_fits:
            self._wants_overview = not self._wants_overview
            self._arrange()
            self._frames[self.chosen].target.focus(scroll_visible=False)
        else:
            self._is_refusing = True

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """Tab key or mouse moved the keys to another panel."""
        frame = next((node for node in event.widget.ancestors_with_self if isinstance(node, Frame)), None)
        if frame is not None and frame.panel is not self.chosen:
            self._prefer(frame.panel)
            self._arrange()

    # --- what the hall says --------------------------------------------------------------------------

    @on(HallSeen)
    def _hall_seen(self, event: HallSeen) -> None:
        self._hall, self._is_lost = event.snapshot, False
        if self._is_up:
            self._panel(Panel.PADS, PadsPanel).show_hall(event.snapshot)
            self._panel(Panel.DEVICES, DevicesPanel).show_hall(event.snapshot)
        self.look()

    @on(HallLost)
    def _hall_lost(self) -> None:
        self._is_lost = True
        self.look()

    @on(feed.EventSeen)
    def _event_seen(self, event: feed.EventSeen) -> None:
        self._panel(Panel.LOG, LogPanel).add(event.line)


def run_deck(parts: DeckParts) -> int:
    """Show the deck until somebody leaves it; the exit code.

    The services belong to the loop that runs here: they connect at their first use.
    """
    app = DeckApp(parts)
    app.run()
    return app.return_code or 0
