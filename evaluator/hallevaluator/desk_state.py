"""The rating desk of one window as rules: events in, actions out; no time, no tasks, no pad.

Rules, before the code:

1. A pad asks only while a session is open that was not answered yet, and takes exactly one press for it.
2. Nothing is thanked for before the keeper has it: from the press to its answer the desk is *taking*.
3. Further presses while a press is being taken or thanked for belong to the same hand and are
   dropped: they are neither a rating nor stray.
4. A press while nothing is asked is stray, and so is one that the pad cannot vouch for: the finger may
   have come before the question. It is sent as a press too, because the keeper counts, but at most one in
   ``stray_gap_s``: a child that hammers must not fill the log.
5. Silence until the session's end is told to the keeper as such, whether the pad works or not.
6. A fault is reported once down and once up; the press on its way survives it.

``matter`` is the id of the matter that is rated; 0 is none. Times are seconds on one rising clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

THANK_S = 3.0
"""How long the pad thanks."""
STRAY_GAP_S = 1.0
"""At most one stray press in this time is sent."""


class DeskState(StrEnum):
    """What the desk of one window is doing."""

    IDLE = "idle"
    ASKING = "asking"
    """The pad invites."""
    TAKING = "taking"
    """A press is on its way to the keeper."""
    THANKING = "thanking"
    FAULTY = "faulty"
    """The pad is not there: before it was opened, and after it failed."""


class Signal(StrEnum):
    """What moves the desk."""

    OPENED = "opened"
    """A session is open that this desk has not answered."""
    ENDED = "ended"
    """No such session any more."""
    PRESS = "press"
    """A finger that came after the pad had asked."""
    STRAY = "stray"
    """A finger that came before, or when nothing was asked."""
    RATED = "rated"
    """The keeper recorded a rating."""
    NOT_RATED = "not rated"
    """The press rated nothing: stray, refused, or given up."""
    EXPIRED = "expired"
    """The session's time is over."""
    THANKED = "thanked"
    """The time for thanks is over."""
    LOST = "lost"
    """The pad failed, or could not be opened."""
    BACK = "back"
    """The pad is open."""


class Act(StrEnum):
    """What the table tells the desk to do."""

    ARM = "arm"
    HEAR = "hear"
    THANK = "thank"
    DARKEN = "darken"
    SEND = "send"
    SEND_STRAY = "send stray"
    TIME_OUT = "time out"


_S, _N, _A = DeskState, Signal, Act

TRANSITIONS: dict[DeskState, dict[Signal, tuple[DeskState, tuple[Act, ...]]]] = {
    _S.IDLE: {
        _N.OPENED: (_S.ASKING, (_A.ARM,)),
        _N.PRESS: (_S.IDLE, (_A.SEND_STRAY,)),
        _N.STRAY: (_S.IDLE, (_A.SEND_STRAY,)),
        # A stray press that came while the keeper had just opened a session.
        _N.RATED: (_S.THANKING, (_A.THANK,)),
        # A desk that was started, or whose picture arrived, after the session's end.
        _N.EXPIRED: (_S.IDLE, (_A.TIME_OUT,)),
        _N.LOST: (_S.FAULTY, ()),
    },
    _S.ASKING: {
        _N.OPENED: (_S.ASKING, (_A.ARM,)),
        _N.ENDED: (_S.IDLE, (_A.DARKEN,)),
        _N.PRESS: (_S.TAKING, (_A.HEAR, _A.SEND)),
        # Latched or held since before: nobody's answer, and no reason to stop asking.
        _N.STRAY: (_S.ASKING, (_A.SEND_STRAY,)),
        _N.RATED: (_S.THANKING, (_A.THANK,)),
        _N.EXPIRED: (_S.IDLE, (_A.DARKEN, _A.TIME_OUT)),
        _N.LOST: (_S.FAULTY, ()),
    },
    _S.TAKING: {
        _N.RATED: (_S.THANKING, (_A.THANK,)),
        _N.NOT_RATED: (_S.IDLE, (_A.DARKEN,)),
        _N.LOST: (_S.FAULTY, ()),
    },
    _S.THANKING: {
        _N.THANKED: (_S.IDLE, (_A.DARKEN,)),
        _N.LOST: (_S.FAULTY, ()),
    },
    _S.FAULTY: {
        _N.EXPIRED: (_S.FAULTY, (_A.TIME_OUT,)),
        _N.BACK: (_S.IDLE, (_A.DARKEN,)),
    },
}
"""Where a signal leads and what is done; one that is not listed changes nothing."""


@dataclass(frozen=True, slots=True)
class Lamps:
    """Make the pad show something: ``act`` is ARM, HEAR, THANK or DARKEN."""

    act: Act
    raw_key: str = ""


@dataclass(frozen=True, slots=True)
class SendPress:
    """Tell the keeper of a press, until it has answered; ``matter`` 0 is a stray, told once."""

    matter: int
    raw_key: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a press."""

    rated: int
    """The matter that it rated; 0 is none."""
    over: bool = True
    """False: the press failed, and its session may still be answered by another one."""


@dataclass(frozen=True, slots=True)
class SendTimeout:
    """Tell the keeper that nobody pressed."""

    matter: int


Action = Lamps | SendPress | SendTimeout


@dataclass(frozen=True, slots=True)
class Asked:
    """The open session as the keeper shows it."""

    matter: int
    until_s: float


class WindowDesk:
    """The desk of one window."""

    def __init__(self, *, thank_s: float = THANK_S, stray_gap_s: float = STRAY_GAP_S) -> None:
        self._thank_s, self._stray_gap_s = thank_s, stray_gap_s
        self._state = DeskState.FAULTY
        self._session: Asked | None = None
        self._spent = 0
        """The newest matter this desk is done with; a picture of the hall may lag behind its answer."""
        self._asking = 0
        """The matter that the pad asks about, or asked about last."""
        self._taking = 0
        """The matter whose press is on its way."""
        self._raw_key = ""
        self._thank_until_s = 0.0
        self._last_stray_s: float | None = None

    @property
    def state(self) -> DeskState:
        """What it is doing."""
        return self._state

    @property
    def due_s(self) -> float | None:
        """When :meth:`tick` has something to do."""
        if self._state is DeskState.THANKING:
            return self._thank_until_s
        asked = self._open_session()
        if asked is None or Signal.EXPIRED not in TRANSITIONS[self._state]:
            return None
        return asked.until_s

    def saw(self, session: Asked | None, now_s: float) -> list[Action]:
        """The keeper's picture: the open session of this window, or None."""
        if session is None or self._session is None or session.matter != self._session.matter:
            self._session = session
        elif self._state is DeskState.ASKING:
            return []
        return self._look(now_s)

    def pressed(self, raw_key: str, now_s: float, *, is_answer: bool = True) -> list[Action]:
        """One press of the pad; an answer if the pad vouches that it came after the question."""
        if self._state in (DeskState.IDLE, DeskState.ASKING):
            self._raw_key = raw_key
        return self._signal(Signal.PRESS if is_answer else Signal.STRAY, now_s)

    def answered(self, sent: SendPress, answer: Answer, now_s: float) -> list[Action]:
        """What became of a press that was sent."""
        if sent.matter:
            self._taking = 0
            if answer.over:
                self._spent = sent.matter
        if answer.rated:
            self._spent = answer.rated
            return self._signal(Signal.RATED, now_s)
        return (self._signal(Signal.NOT_RATED, now_s) if sent.matter else []) + self._look(now_s)

    def tick(self, now_s: float) -> list[Action]:
        """Let time pass until ``now_s``."""
        if self._state is DeskState.THANKING:
            if now_s < self._thank_until_s:
                return []
            return self._signal(Signal.THANKED, now_s) + self._look(now_s)
        asked = self._open_session()
        if asked is None or now_s < asked.until_s:
            return []
        return self._signal(Signal.EXPIRED, now_s)

    def pad_lost(self, now_s: float) -> list[Action]:
        """The pad failed or could not be opened."""
        return self._signal(Signal.LOST, now_s)

    def pad_back(self, now_s: float) -> list[Action]:
        """The pad is open and dark."""
        return self._signal(Signal.BACK, now_s) + self._look(now_s)

    def _open_session(self) -> Asked | None:
        """The session that still waits for this desk."""
        session = self._session
        if session is None or session.matter in (self._spent, self._taking):
            return None
        return session

    def _look(self, now_s: float) -> list[Action]:
        """Ask, time out or fall silent, as the open session demands."""
        asked = self._open_session()
        if asked is None:
            return self._signal(Signal.ENDED, now_s)
        if self._state is DeskState.ASKING and asked.matter == self._asking and now_s < asked.until_s:
            return []  # asked already: asking again would make a stray of the finger that is on its way
        return self._signal(Signal.EXPIRED if now_s >= asked.until_s else Signal.OPENED, now_s)

    def _signal(self, signal: Signal, now_s: float) -> list[Action]:
        row = TRANSITIONS[self._state].get(signal)
        if row is None:
            return []
        self._state, acts = row
        actions: list[Action] = []
        for act in acts:
            actions += self._do(act, now_s)
        return actions

    def _do(self, act: Act, now_s: float) -> list[Action]:
        match act:
            case Act.ARM:
                asked = self._open_session()
                self._asking = asked.matter if asked is not None else 0
                return [Lamps(act)]
            case Act.DARKEN:
                return [Lamps(act)]
            case Act.HEAR:
                return [Lamps(act, self._raw_key)]
            case Act.THANK:
                self._thank_until_s = now_s + self._thank_s
                return [Lamps(act, self._raw_key)]
            case Act.SEND:
                asked = self._open_session()
                self._taking = asked.matter if asked is not None else 0
                return [SendPress(self._taking, self._raw_key)]
            case Act.SEND_STRAY:
                return self._stray(now_s)
            case Act.TIME_OUT:
                asked = self._open_session()
                self._spent = asked.matter if asked is not None else self._spent
                return [SendTimeout(self._spent)]

    def _stray(self, now_s: float) -> list[Action]:
        if self._last_stray_s is not None and now_s - self._last_stray_s < self._stray_gap_s:
            return []
        self._last_stray_s = now_s
        return [SendPress(0, self._raw_key)]
