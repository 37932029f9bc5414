"""The console's lines: what a snapshot says about the window, as styled text. Pure; widths are the panes'."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from rich.cells import cell_len
from textual.content import Content

from hallkiosk.window.keys import Action
from hallkiosk.window.model import Desk
from hallkiosk.wording import Text, Words
from hallkiosk.wording.window import LEVELS
from hallqueue.plan import Plan
from hallqueue.states import PrintState, RatingState, TicketState, WindowState
from hallqueue.views import TicketView

HINT, STRONG, GOOD, WARN, FAULT = (
    "$hall-hint",
    "bold",
    "bold $hall-good",
    "bold $hall-warn",
    "bold $hall-fault",
)
_STATE_WORDS = {
    WindowState.CLOSED: "window.closed",
    WindowState.OPEN: "window.open",
    WindowState.PAUSED: "window.paused",
}
_PAPER_WORDS = {
    PrintState.QUEUED: ("window.paper-printing", HINT),
    PrintState.SENDING: ("window.paper-printing", HINT),
    PrintState.PRINTED: ("window.paper-printed", HINT),
    PrintState.FAILED: ("window.paper-failed", WARN),
    PrintState.UNKNOWN: ("window.paper-unknown", WARN),
}
_STEP_WORDS = {Action.START: "window.do-start", Action.FINISH: "window.do-finish"}


@dataclass(frozen=True, slots=True)
class Lines:
    """Words for one window's desk at a moment (`now_ms` since 1970 UTC, by the keeper's clock)."""

    plan: Plan
    words: Words
    desk: Desk
    now_ms: int

    # --- head and number -------------------------------------------------------------------------

    def title(self, width: int) -> str:
        """Window, state and clerk on the left, people waiting and the time on the right."""
        window = self.desk.window
        name = self.words.zh("window.title", number=window.number, name=window.name)
        state = self.words.zh(_STATE_WORDS[window.state])
        clerk = self.words.zh("window.clerk", clerk=window.clerk) if window.clerk else ""
        right = self.words.zh("window.waiting", count=window.waiting) + "  " + self._clock()
        for parts in ((name, state, clerk), (name, state), (f"{window.number}", state)):
            left = "  ".join(part for part in parts if part)
            spare = width - cell_len(left) - cell_len(right)
            if spare >= 2:
                return left + " " * spare + right
        return right

    def _clock(self) -> str:
        unsure = "" if self.desk.hall.clock_ok else self.words.zh("window.clock-unsure") + " "
        return unsure + self._time(self.now_ms)

    @property
    def big(self) -> str:
        """The number in hand, or the window's state."""
        window = self.desk.window
        if window.current:
            return window.current.number
        is_open = window.state is WindowState.OPEN
        return self.words.zh("window.idle" if is_open else _STATE_WORDS[window.state])

    def facts(self, width: int, rows: int) -> Content:
        """What is known of the ticket in hand; of the next one while there is none."""
        current = self.desk.window.current
        return _stack((self._ticket_facts(current, width) if current else self._idle_facts())[:rows])

    def _ticket_facts(self, ticket: TicketView, width: int) -> list[Content]:
        """The most important first; five lines at most."""
        is_called = ticket.state is TicketState.CALLED
        state = self.words.text("window.called" if is_called else "window.serving")
        since = self.words.zh("window.since", minutes=self._minutes(ticket.since_ms))
        recalls = self.words.zh("window.recalled", count=ticket.recalls) if ticket.recalls else ""
        first = Content.assemble((state.zh, WARN if is_called else GOOD), f" {since} {recalls}".rstrip())
        if first.cell_length + cell_len(state.en) + 1 <= width:
            first = Content.assemble(first, " ", (state.en, HINT))
        lines = [first, Content.styled(self._matter(ticket), STRONG)]
        priority = self._priority(ticket)
        person = [
            *([(self.words.zh("window.priority", name=priority), WARN)] if priority else ()),
            *([(self.words.zh("window.name", name=ticket.masked_name), "")] if ticket.masked_name else ()),
        ]
        if person:
            lines.append(_beside(*(Content.styled(*part) for part in person)))
        lines.append(Content.styled(self._arrived(ticket), HINT))
        if ticket.print_state in _PAPER_WORDS:
            key, style = _PAPER_WORDS[ticket.print_state]
            lines.append(Content.styled(self.words.zh(key), style))
        return lines

    def _idle_facts(self) -> list[Content]:
        window, hall = self.desk.window, self.desk.hall
        lines = []
        if hall.closed_reason:
            closed = self.words.zh("window.day-closed", reason=hall.closed_reason)
            lines.append(Content.styled(closed, WARN))
        if window.pause_reason and window.state is WindowState.PAUSED:
            why = self.words.zh("window.paused-why", reason=window.pause_reason)
            lines.append(Content.styled(why, WARN))
        lines.append(self.next())
        if window.next:
            lines.append(Content.styled(self._arrived(window.next), HINT))
        return lines

    def _matter(self, ticket: TicketView) -> str:
        text = self.words.zh("window.matter", name=ticket.service_name)
        if len(ticket.matters) > 1:
            text += self.words.zh(
                "window.matter-place", index=ticket.matter_index + 1, count=len(ticket.matters)
            )
        return text

    # --- the primary button ------------------------------------------------------------------------

    def primary(self) -> Text:
        """What Enter does now, with the number that it does it to."""
        window, step = self.desk.window, self.desk.step
        if step is Action.OPEN:
            is_paused = window.state is WindowState.PAUSED
            return self.words.text("window.do-reopen" if is_paused else "window.do-open")
        if step is Action.CALL:
            if window.next is None:
                return self.words.text("window.do-call-none")
            return self.words.text("window.do-call", number=window.next.number)
        current = window.current
        number = current.number if current else ""
        left = len(current.matters) - current.matter_index - 1 if current else 0
        if step is Action.FINISH and current and left > 0:
            return self.words.text(
                "window.do-finish-one", number=number, index=current.matter_index + 1, left=left
            )
        return self.words.text(_STEP_WORDS[step], number=number)

    # --- around it ---------------------------------------------------------------------------------

    def info(self, rows: int) -> Content:
        """The lists and figures in so many lines."""
        held, passed = self.held(), self.passed()
        # A free window has the next one beside its big word already.
        following = [self.next()] if self.desk.window.current else []
        if rows <= 3:
            first = _beside(*following, self.waiting())
            return _stack([first, self.rating(), _beside(held, passed)])
        if rows == 4:
            return _stack([*following, self.rating(), _beside(held, passed), self.today()])
        figures = _beside(self.today(), self.hall_today())
        return _stack([*following, self.rating(), held, passed, figures])

    def side(self, rows: int) -> Content:
        """The same beside the desk, each ticket on a line of its own; the waiting take what rows are left."""
        desk = self.desk
        head = [self.next(), Content(""), self.rating(), Content("")]
        foot = [Content(""), self.today(), self.hall_today()]
        held = [*self._listed(self.held(), desk.window.held, 5), Content("")]
        passed = [*self._listed(self.passed(), desk.hall.passed, 5), Content("")]
        left = max(1, rows - len(head) - len(held) - len(passed) - len(foot) - 1)
        waiting = self._listed(self.waiting(), desk.callable_waiting(self.plan), left)
        return _stack([*head, *held, *passed, *waiting, *foot][:rows])

    def _listed(self, heading: Content, tickets: tuple[TicketView, ...], most: int) -> list[Content]:
        """A heading and so many tickets; the last line counts those that have no room."""
        short = heading.truncate(cell_len(heading.plain.split(" ")[0]))
        lines = [Content(f"  {t.number}  {t.service_name}") for t in tickets]
        if len(lines) > most:
            lines = [*lines[: most - 1], Content.styled(f"  +{len(lines) - most + 1}", HINT)]
        return [short, *lines]

    def next(self) -> Content:
        """Whom the window would call now."""
        following = self.desk.window.next
        if following is None:
            return Content.styled(self.words.zh("window.next-none"), HINT)
        text = self.words.zh("window.next", number=following.number, service=following.service_name)
        priority = self._priority(following)
        if priority:
            text += self.words.zh("window.next-priority", priority=priority)
        return Content.styled(text, STRONG)

    def waiting(self) -> Content:
        """How many this window may call."""
        return Content.styled(self.words.zh("window.waiting", count=self.desk.window.waiting), STRONG)

    def held(self) -> Content:
        """挂起 here."""
        return self._numbers("window.held", self.desk.window.held)

    def passed(self) -> Content:
        """过号 of the hall that may still return."""
        return self._numbers("window.passed", self.desk.hall.passed)

    def _numbers(self, word: str, tickets: tuple[TicketView, ...]) -> Content:
        if not tickets:
            return Content.styled(self.words.zh(f"{word}-none"), HINT)
        head = self.words.zh(word, count=len(tickets))
        return Content.assemble((head, STRONG), " " + " ".join(t.number for t in tickets))

    def rating(self) -> Content:
        """The rating of the last matter finished here, live."""
        rating = self.desk.window.rating
        if rating is None:
            return Content.styled(self.words.zh("window.rating-none"), HINT)
        if rating.state is RatingState.OPEN:
            seconds = max(0, -(-(rating.until_ms - self.now_ms) // 1000))
            text = self.words.zh("window.rating-open", number=rating.number, seconds=seconds)
            return Content.styled(text, WARN)
        if rating.state is RatingState.RATED:
            level = LEVELS.get(rating.level, Text(rating.level)).zh
            text = self.words.zh("window.rating-rated", number=rating.number, level=level)
            return Content.styled(text, GOOD)
        return Content.styled(self.words.zh("window.rating-unrated", number=rating.number), HINT)

    def today(self) -> Content:
        """This window's figures."""
        window = self.desk.window
        text = self.words.zh("window.today", done=window.done_today, passed=window.passed_today)
        if window.stray_today:
            text += " " + self.words.zh("window.stray", count=window.stray_today)
        return Content.styled(text, HINT)

    def hall_today(self) -> Content:
        """The hall's figures."""
        hall = self.desk.hall
        return Content.styled(
            self.words.zh(
                "window.hall-today",
                issued=hall.issued_today,
                waiting=hall.waiting_total,
                rated=hall.rated_today,
                unrated=hall.unrated_today,
            ),
            HINT,
        )

    def papers(self) -> Text | None:
        """What is to be done about papers, if anything."""
        for word, jobs in (
            ("window.papers-unknown", self.desk.unknown_papers),
            ("window.papers-failed", self.desk.failed_papers),
        ):
            numbers = tuple(dict.fromkeys(job.ticket.number for job in jobs))
            if numbers:
                more = "…" if len(numbers) > 3 else ""
                return self.words.text(word, numbers=self.words.zh("window.joined").join(numbers[:3]) + more)
        return None

    # --- small things ------------------------------------------------------------------------------

    def _priority(self, ticket: TicketView) -> str:
        return next((p.name for p in self.plan.priorities if p.id == ticket.priority), ticket.priority)

    def _arrived(self, ticket: TicketView) -> str:
        return self.words.zh(
            "window.arrival", time=self._time(ticket.arrival_ms), minutes=self._minutes(ticket.arrival_ms)
        )

    def _minutes(self, since_ms: int) -> int:
        return max(0, self.now_ms - since_ms) // 60_000

    def _time(self, at_ms: int) -> str:
        offset = timedelta(minutes=self.plan.calendar.utc_offset_minutes)
        return (datetime.fromtimestamp(at_ms / 1000, UTC) + offset).strftime("%H:%M")


def _stack(lines: list[Content]) -> Content:
    return Content("\n").join(lines)


def _beside(*parts: Content) -> Content:
    return Content("   ").join(parts)
