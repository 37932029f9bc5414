"""What stands on a display and waits for more: typed digits, and a question or a doubt with its times."""

from __future__ import annotations

from hallkiosk.caller.display import MOST_DIGITS, Picture, letter_place
from hallkiosk.caller.pace import CallerPace
from hallkiosk.caller.question import Choice, Doubt, Question


class Typed:
    """Digits that a verb is to end. One more than a number can have is kept: too long stays too long."""

    def __init__(self, pace: CallerPace) -> None:
        self._pace = pace
        self.digits = ""
        self.until_s = 0.0

    def __bool__(self) -> bool:
        return bool(self.digits)

    def add(self, digit: str, now_s: float) -> None:
        """One more."""
        self.digits = (self.digits + digit)[: MOST_DIGITS + 1]
        self.until_s = now_s + self._pace.typed_s

    def forget(self) -> None:
        """None any more."""
        self.digits = ""

    @property
    def is_too_long(self) -> bool:
        """Whether they are no number that there can be."""
        return len(self.digits) > MOST_DIGITS

    @property
    def value(self) -> int:
        """The number that they make."""
        return int(self.digits)


class Asked:
    """A question, whose choices come one after the other, or a doubt."""

    def __init__(self, what: Question | Doubt, pace: CallerPace, now_s: float) -> None:
        self.what = what
        self._pace = pace
        self._choices: tuple[Choice, ...] = what.choices if isinstance(what, Question) else ()
        self._place, self._since_s = 0, now_s
        self.until_s = 0.0
        self.renew(now_s)

    @property
    def choice(self) -> Choice:
        """The one that is shown."""
        return self._choices[self._place]

    @property
    def turns(self) -> bool:
        """Whether there is another choice to show."""
        return len(self._choices) > 1

    @property
    def due_s(self) -> float:
        """When there is something to do, if nothing is typed."""
        return min(self.until_s, self._since_s + self._pace.choice_s) if self.turns else self.until_s

    def is_settled(self, now_s: float) -> bool:
        """Whether what is shown has been there long enough to be meant."""
        after_s = self._pace.settle_s if self._choices else self._pace.guard_s
        return now_s >= self._since_s + after_s

    def renew(self, now_s: float) -> None:
        """Its whole time again, from the choice that it shows."""
        self._since_s = now_s
        rounds_s = 2 * len(self._choices) * self._pace.choice_s
        self.until_s = now_s + (max(self._pace.ask_s, rounds_s) if self._choices else self._pace.doubt_s)

    def turn(self, by: int, now_s: float) -> None:
        """Another choice, by hand."""
        self._place = (self._place + by) % len(self._choices)
        self.renew(now_s)

    def pass_time(self, now_s: float) -> None:
        """The choice whose turn it is."""
        # The same sum as in `due_s`: a quotient may come out just below 1 at the very moment that was named.
        while self.turns and now_s >= (next_s := self._since_s + self._pace.choice_s):
            self._place = (self._place + 1) % len(self._choices)
            self._since_s = next_s

    def picture(self, waiting: int) -> Picture:
        """What is shown of it."""
        if isinstance(self.what, Doubt):
            number = self.what.ticket.number
            return Picture(number, letter_place(number))
        mark = self.choice.mark
        return Picture(self.choice.text, waiting if mark is None else mark)
