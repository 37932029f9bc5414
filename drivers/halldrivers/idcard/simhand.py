"""What a hand and mishaps do to a simulated reader, whatever frames it speaks.

As with real modules, a card that was read answers "no card" until it is lifted and laid again, also after a
read that failed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from halldrivers.idcard.simcards import SimCard
from halldrivers.simwire import ByteMachine


class CardMachine(ByteMachine):
    """A reader with a field for one card.

    `listens_at` is its line speed; `line_baud` says at which speed the line is driven now, and a reader that
    listens at another one hears only noise. None is a wire without a speed.
    """

    def __init__(
        self,
        *,
        clock: Callable[[], float],
        seed: int = 0,
        noise: float = 0.0,
        listens_at: int = 115_200,
        line_baud: Callable[[], int] | None = None,
    ) -> None:
        super().__init__(clock=clock, seed=seed, noise=noise)
        self.listens_at = listens_at
        self.line_baud = line_baud
        self.is_well = True
        """False: its self-test failed."""
        self.is_licensed = True
        self.finds_again = False
        """True for makes that go on finding a card that was read and still lies there."""
        self.requests: list[bytes] = []
        """What was asked, without frames."""
        self.card: SimCard | None = None
        self._heard = b""
        """What may become a request."""
        self._is_spent = False
        self._is_shaken = False
        self._words: dict[str, list[tuple[int, int, int]]] = {}
        self._leaves_on = ""
        self._damage = 0
        self._cuts: list[int] = []

    # -- a hand

    def lay(self, card: SimCard) -> None:
        """Lay a card, in place of any other."""
        with self.lock:
            self.card = card
            self._is_spent = self._is_shaken = False
            self.lifted()

    def take_away(self) -> None:
        """Lift whatever lies there."""
        with self.lock:
            self.card = None
            self.lifted()

    def shake(self) -> None:
        """Hold the card badly: the next read of it fails, and it must then be lifted and laid again."""
        with self.lock:
            self._is_shaken = True

    def lifted(self) -> None:
        """The card is not the one that was found. Called with the lock held."""

    def leave_on(self, question: str) -> None:
        """Lift the card at the moment when this is asked (select, read, address)."""
        with self.lock:
            self._leaves_on = question

    # -- mishaps

    def say_next(self, question: str, word: int, *, sw1: int = 0, sw2: int = 0, times: int = 1) -> None:
        """Answer the next `question` (status, find, select, read, address, …) with this word instead."""
        with self.lock:
            self._words.setdefault(question, []).extend([(word, sw1, sw2)] * times)

    def damage_next(self, answers: int = 1) -> None:
        """Let a bit of the next answers flip on the line."""
        with self.lock:
            self._damage += answers

    def cut_next(self, at_byte: int) -> None:
        """Let the next answer end after so many bytes."""
        with self.lock:
            self._cuts.append(at_byte)

    def heal(self) -> None:
        """Let nothing be wrong with it any more; a pulled cable stays pulled."""
        with self.lock:
            self.is_well = self.is_licensed = True
            self._is_shaken = False
            self._words.clear()
            self._cuts.clear()
            self._leaves_on, self._damage = "", 0
            self.speak()
            self.answer_after(0.0)

    # -- for the machines

    def hears(self) -> bool:
        """Whether the line is driven at the speed that it listens at."""
        return self.line_baud is None or self.line_baud() == self.listens_at

    def told_word(self, question: str) -> tuple[int, int, int] | None:
        """The word that a test wants for this question; the moment at which a hand may take the card."""
        if question and question == self._leaves_on:
            self._leaves_on = ""
            self.take_away()
        words = self._words.get(question)
        return words.pop(0) if words else None

    def is_findable(self) -> bool:
        """Whether a find finds the card."""
        return self.card is not None and (self.finds_again or not self._is_spent)

    def read_outcome(self) -> int:
        """The word of a read; afterwards the card is spent."""
        assert self.card is not None
        self._is_spent = True
        shaken, self._is_shaken = self._is_shaken, False
        return 0x41 if shaken else self.card.read_word

    def send(self, frame: bytes) -> None:
        """Send an answer through whatever is wrong with the line."""
        if self._damage:
            self._damage -= 1
            at = len(frame) - 3
            frame = frame[:at] + bytes((frame[at] ^ 0x10,)) + frame[at + 1 :]
        if self._cuts:
            frame = frame[: self._cuts.pop(0)]
        if frame:
            self.answer(frame)


MISHAPS: Mapping[str, Callable[[CardMachine], None]] = {
    "silent": lambda machine: machine.go_silent(),
    "slow": lambda machine: machine.answer_after(2.0),
    "damaged": lambda machine: machine.damage_next(3),
    "cut": lambda machine: machine.cut_next(9),
    "shaken": lambda machine: machine.shake(),
    "self-test": lambda machine: setattr(machine, "is_well", False),
    "unlicensed": lambda machine: setattr(machine, "is_licensed", False),
    "well": lambda machine: machine.heal(),
}
"""By a name for the command line."""
