"""Asking a printer what it answers, so that neither a stray byte nor a lost one decides.

A question is asked until two tries agree. An answer that comes when nothing was asked, or another kind of
answer than the one asked for, most likely belongs to an earlier question: then none of the verdicts can be
trusted, and everything is to be asked again with more patience (:class:`Late`). Asked patiently, it is only a
printer that says strange things.
"""

from __future__ import annotations

from collections.abc import Callable

from halldrivers.printerline.answers import Event, PaperAnswer, ProcessId, RealTime
from halldrivers.printerline.link import MOST_DRAIN_READS, StatusLink

TRIES = 3

Wanted = Callable[[Event], bool]


class Late(Exception):
    """An answer belongs to an earlier question."""


class Asking:
    """Questions over one link; `timeout_s` is how long one answer is waited for.

    Raises Late unless it `is_patient`.
    """

    def __init__(self, link: StatusLink, timeout_s: float, is_patient: bool = False) -> None:
        self.link = link
        self.timeout_s = timeout_s
        self._is_patient = is_patient

    def answers(self, question: bytes, wanted: Wanted) -> bool:
        """Whether it answers: what two tries say alike."""
        tries = [self.ask(question, wanted) is not None for _ in range(2)]
        if tries[0] != tries[1]:
            tries.append(self.ask(question, wanted) is not None)
        return sum(tries) * 2 > len(tries)

    def ask(self, question: bytes, wanted: Wanted) -> Event | None:
        """One try; the answer, or None after silence."""
        self.quiet()
        self.link.send(question)
        if self._is_patient:
            return self.link.wait_for(wanted, self.timeout_s)
        said = self.link.wait_for(lambda event: wanted(event) or is_answer(event), self.timeout_s)
        late = self.link.wait_for(is_answer, self.timeout_s) if said is None else None
        if late is not None or (said is not None and not wanted(said)):
            raise Late
        return said

    def quiet(self) -> None:
        """Read away what waits."""
        for _ in range(MOST_DRAIN_READS):
            events = self.link.pump(0.0)
            if not events:
                return
            if not self._is_patient and any(is_answer(event) for event in events):
                raise Late

    def says_anything(self, question: bytes, patience: int) -> bool:
        """Whether any byte comes back within so many time-outs; reads on until the line is quiet again."""
        self.link.drain()
        self.link.send(question)
        if self.link.wait_for(lambda event: True, self.timeout_s * patience) is None:
            return False
        for _ in range(MOST_DRAIN_READS):
            if not self.link.pump(self.timeout_s):
                break
        return True


def is_answer(event: Event) -> bool:
    """Whether only a question brings it; automatic status comes by itself, noise and XON as well."""
    return isinstance(event, RealTime | PaperAnswer | ProcessId)
