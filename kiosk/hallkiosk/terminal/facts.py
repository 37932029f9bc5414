"""What a line, an estimate and a paper are in words: one thing each, from the service's own records."""

from __future__ import annotations

from hallkiosk.terminal.model import Line, Tone, World
from hallkiosk.terminal.steps import Visit
from hallkiosk.wording import Text, Words
from hallqueue.errors import Actor, HallError
from hallqueue.states import IN_HAND, PrintState
from hallqueue.views import Estimate, HallSnapshot, LineView, TicketView

_COMING = frozenset({PrintState.QUEUED, PrintState.SENDING})
_FAILED = frozenset({PrintState.FAILED, PrintState.EXPIRED})


def line_of(snapshot: HallSnapshot | None, service: str) -> LineView | None:
    """The line of a service, as last seen."""
    if snapshot is None:
        return None
    return next((line for line in snapshot.lines if line.service == service), None)


def waiting_status(line: LineView, words: Words) -> str:
    """How many wait for a service and about how long, or why it gives out no tickets."""
    if not line.open:
        return line.refusal_zh or words.zh("terminal.no-tickets")
    return _status(line.waiting, line.estimate.wait_s, words)


def _status(waiting: int, wait_s: int, words: Words) -> str:
    if wait_s < 0:
        return words.zh("terminal.waiting-closed" if waiting else "terminal.nobody-closed", count=waiting)
    if wait_s > 0:
        return words.zh("terminal.waiting-about", count=waiting, minutes=in_minutes(wait_s))
    if waiting == 0 and wait_s == 0:
        return words.zh("terminal.nobody-waits")
    return words.zh("terminal.waiting", count=waiting)


def in_minutes(seconds: int) -> int:
    """Whole minutes, rounded up: nobody is told less than was reckoned."""
    return -(-seconds // 60)


def wait_lines(estimate: Estimate, words: Words) -> tuple[Line, ...]:
    """People ahead, the estimated wait, and what it was computed from."""
    ahead = (
        words.text("terminal.ahead", count=estimate.ahead)
        if estimate.ahead
        else words.text("terminal.ahead-none")
    )
    wait = _wait(estimate, words)
    lines = [
        Line(f"{ahead.zh}，{wait.zh}", Tone.PLAIN),
        Line(f"{ahead.en}, {wait.en}", Tone.HINT, rank=2),
    ]
    if estimate.wait_s > 0:
        key = "terminal.basis-measured" if estimate.samples else "terminal.basis-usual"
        basis = words.text(key, windows=estimate.windows, samples=estimate.samples)
        lines += [Line(basis.zh, Tone.HINT, rank=1), Line(basis.en, Tone.HINT, rank=4)]
    return tuple(lines)


def _wait(estimate: Estimate, words: Words) -> Text:
    if estimate.wait_s < 0:
        return words.text("terminal.wait-unknown")
    if estimate.wait_s == 0:
        return words.text("terminal.wait-none")
    return words.text("terminal.wait", minutes=in_minutes(estimate.wait_s))


def paper_lines(visit: Visit, world: World, words: Words) -> tuple[Line, ...]:
    """What became of the paper; 请取票 only once the printer has confirmed it."""
    ticket = visit.ticket
    if ticket is None:
        return ()
    key, tone = _paper(visit, ticket, world)
    text = words.text(key, number=ticket.number)
    lines = [Line(text.zh, tone), Line(text.en, tone if tone is Tone.GOOD else Tone.PLAIN, rank=1)]
    if tone is Tone.FAULT:
        valid = words.text("terminal.number-holds")
        lines += [Line(valid.zh, Tone.STRONG, rank=2), Line(valid.en, Tone.HINT, rank=5)]
    return tuple(lines)


def _paper(visit: Visit, ticket: TicketView, world: World) -> tuple[str, Tone]:
    state = ticket.print_state
    if not visit.has_paper:
        return "terminal.paper-none", Tone.STRONG
    if state is PrintState.PRINTED:
        return "terminal.paper-take", Tone.GOOD
    if not world.is_reachable:
        return "terminal.paper-unseen", Tone.STRONG
    if state in _FAILED:
        return "terminal.paper-failed", Tone.FAULT
    if state in _COMING:
        return ("terminal.paper-slow" if world.is_slow else "terminal.paper-coming"), Tone.STRONG
    return "terminal.paper-unknown", Tone.FAULT


def called_lines(ticket: TicketView, words: Words) -> tuple[Line, ...]:
    """Said when the number is called while its owner still looks at the terminal."""
    if ticket.state not in IN_HAND or ticket.window <= 0:
        return ()
    text = words.text("terminal.called", window=ticket.window)
    return (Line(text.zh, Tone.WARN), Line(text.en, Tone.HINT, rank=3))


def refusal_reasons(error: HallError, words: Words) -> tuple[Text, ...]:
    """What the service answered and what to do; whom to ask where a citizen cannot mend it."""
    reasons = (Text(error.what_zh, error.what_en), Text(error.remedy_zh, error.remedy_en))
    if error.who is Actor.CITIZEN:
        return reasons
    return (*reasons, words.text("terminal.tell-staff", code=error.code))
