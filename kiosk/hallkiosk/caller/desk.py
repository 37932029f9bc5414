"""The keypad of one window as rules: keys and news in, actions out; no time, no tasks, no device, no hall.

The states are the table of :mod:`.states`. Guards, as on the console (:mod:`.guards`): the primary key rests
for a moment after its meaning changed; what is asked carries the ticket that the display showed; a verb key
that repeats is one press. Times are seconds on one rising clock.
"""

from __future__ import annotations

from halldrivers.caller.keys import Key
from hallkiosk.caller.actions import Action, Beep, Failed, Send, Show
from hallkiosk.caller.asked import Asked, Typed
from hallkiosk.caller.errors import CallerLate
from hallkiosk.caller.face import Face
from hallkiosk.caller.guards import Guards
from hallkiosk.caller.keymap import CallerKeys, Meaning
from hallkiosk.caller.leads import Leads
from hallkiosk.caller.pace import CallerPace
from hallkiosk.caller.question import Doubt, Lead, No, Question
from hallkiosk.caller.reading import Reading
from hallkiosk.caller.request import Request, Seek
from hallkiosk.caller.sight import Sight, sight_of
from hallkiosk.caller.states import TRANSITIONS, Act, DeskState, Signal
from hallqueue.errors import HallError, KeeperGone
from hallqueue.plan import Plan
from hallqueue.views import HallSnapshot, TicketView


class KeypadDesk:
    """The desk of one window's keypad. Every method answers what is to be done."""

    def __init__(self, plan: Plan, number: int, keys: CallerKeys, pace: CallerPace) -> None:
        self._number, self._keys, self._pace = number, keys, pace
        self._leads = Leads(plan, number)
        self._state = DeskState.FAULTY
        self._sight: Sight | None = None
        self._is_seen = False
        self._under_way: Send | None = None
        self._count = 0
        self._typed = Typed(pace)
        self._asked: Asked | None = None
        self._guards, self._face = Guards(pace), Face(pace)
        self._reading = Reading(keys, self._leads, self._guards)
        # What the acts of the table work on.
        self._digit = ""
        self._early: Key | None = None
        """The verb that came, with digits before it, while a request was under way: it may come again."""
        self._lead: Lead = No()

    @property
    def state(self) -> DeskState:
        """What it is doing."""
        return self._state

    @property
    def is_blind(self) -> bool:
        """Whether somebody should look at the hall."""
        return not self._is_seen

    @property
    def due_s(self) -> float | None:
        """When :meth:`tick` has something to do."""
        error_until_s = self._face.error_until_s
        times = [] if error_until_s is None else [error_until_s]
        if self._typed:
            times.append(self._typed.until_s)
        elif self._asked is not None:
            times.append(self._asked.due_s)
        return min(times, default=None)

    # --- what happens --------------------------------------------------------------------------------

    def pressed(self, key: Key, now_s: float) -> list[Action]:
        """A key of the keypad."""
        actions = self._pass_time(now_s)
        if self._guards.is_repeated(key, now_s):
            return self._look(actions)
        self._face.clear_error()
        if key is Key.LOST:
            actions += self._signal(Signal.STALE, now_s)
        elif key.digit is not None:
            if self._early is not None:
                actions += self._signal(Signal.CANCEL, now_s)
                self._early = None
            self._digit, self._lead = str(key.digit), No(KeeperGone(path=""))
            actions += self._signal(Signal.DIGIT, now_s)
        elif self._keys.alone.get(key) is Meaning.CANCEL:
            actions += self._signal(Signal.CANCEL, now_s)
        elif self._asked is not None and (by := self._reading.turn_of(key, self._typed, self._asked)):
            self._asked.turn(by, now_s)
        else:
            if self._early not in (None, key):
                # Digits that were typed for one verb, which came too early, are not for another.
                actions += self._signal(Signal.STALE, now_s)
            self._early = key if self._typed and self._state is DeskState.WORKING else None
            actions += self._follow(self._lead_of(key, now_s), now_s)
        return self._look(actions)

    def tick(self, now_s: float) -> list[Action]:
        """Let time pass until ``now_s``."""
        return self._look(self._pass_time(now_s))

    def saw(self, hall: HallSnapshot, now_s: float) -> list[Action]:
        """The hall as it is now."""
        self._accept(hall, now_s)
        return self._look(self._signal(Signal.SEEN if self._is_seen else Signal.UNSEEN, now_s))

    def unseen(self, now_s: float) -> list[Action]:
        """The hall is not seen any more."""
        self._is_seen = False
        return self._look(self._signal(Signal.UNSEEN, now_s))

    def answered(
        self, sent: Send, error: HallError | None, hall: HallSnapshot | None, now_s: float
    ) -> list[Action]:
        """What came of a request, and the hall right after it (None when it could not be seen)."""
        if sent != self._under_way:
            return []
        self._under_way = None
        self._is_seen = False
        if hall is not None:
            self._accept(hall, now_s)
        self._lead = No(error)
        actions = self._signal(Signal.DONE if error is None else Signal.REFUSED, now_s)
        return self._look(actions + self._settle(now_s))

    def found(self, sent: Send, tickets: tuple[TicketView, ...], now_s: float) -> list[Action]:
        """The tickets that were looked for."""
        if sent != self._under_way or not isinstance(sent.what, Seek):
            return []
        self._under_way = None
        actions = self._follow(self._leads.found(sent.what, tickets), now_s, otherwise=Signal.REFUSED)
        return self._look(actions + self._settle(now_s))

    def too_late(self, now_s: float) -> list[Action]:
        """A key was pressed so long ago that whoever pressed it does not wait for it any more."""
        actions = self.pressed(Key.LOST, now_s)
        error = CallerLate()
        self._face.tell(error, now_s)
        return self._look([*actions, Beep(), Failed(error)])

    def lost(self, now_s: float) -> list[Action]:
        """The keypad is away."""
        self._face.clear_error()
        return self._look(self._signal(Signal.LOST, now_s))

    def back(self, now_s: float) -> list[Action]:
        """The keypad is there, and shows nothing that we know of."""
        self._face.is_unknown()
        actions = self._signal(Signal.BACK, now_s)
        if self._under_way is not None:
            actions += self._signal(Signal.PENDING, now_s)
        elif self._is_seen:
            actions += self._signal(Signal.SEEN, now_s)
        return self._look(actions)

    # --- the table -----------------------------------------------------------------------------------

    def _pass_time(self, now_s: float) -> list[Action]:
        """Everything whose time has come, so that a late timer lets nothing be used too late."""
        self._face.pass_time(now_s)
        if self._typed:
            return self._signal(Signal.STALE, now_s) if now_s >= self._typed.until_s else []
        if self._asked is None:
            return []
        if now_s >= self._asked.until_s:
            return self._signal(Signal.EXPIRED, now_s)
        self._asked.pass_time(now_s)
        return []

    def _lead_of(self, key: Key, now_s: float) -> Lead:
        return self._reading.lead_of(
            key, now_s, state=self._state, typed=self._typed, asked=self._asked, sight=self._sight
        )

    def _follow(self, lead: Lead, now_s: float, otherwise: Signal = Signal.NO) -> list[Action]:
        self._lead = lead
        match lead:
            case Request() | Seek():
                return self._signal(Signal.SEND, now_s)
            case Question():
                return self._signal(Signal.ASK, now_s)
            case Doubt():
                return self._signal(Signal.DOUBT, now_s)
            case No():
                return self._signal(otherwise, now_s)

    def _settle(self, now_s: float) -> list[Action]:
        """After an answer: digits that were typed meanwhile, and a hall that went away meanwhile."""
        actions = self._signal(Signal.KEPT, now_s) if self._typed else []
        return actions if self._is_seen else actions + self._signal(Signal.UNSEEN, now_s)

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
            case Act.TYPE:
                self._typed.add(self._digit, now_s)
            case Act.FORGET:
                self._typed.forget()
                self._early = None
            case Act.PUT if isinstance(self._lead, Question | Doubt):
                self._asked = Asked(self._lead, self._pace, now_s)
            case Act.RENEW if self._asked is not None:
                self._asked.renew(now_s)
            case Act.DROP:
                self._asked = None
            case Act.SEND if isinstance(self._lead, Request | Seek):
                self._count += 1
                self._under_way = Send(self._count, self._lead)
                return [self._under_way]
            case Act.REST:
                self._guards.rest(now_s)
            case Act.TELL if isinstance(self._lead, No) and self._lead.error is not None:
                self._face.tell(self._lead.error, now_s)
                return [Failed(self._lead.error)]
            case Act.BEEP:
                return [Beep()]
        return []

    # --- what is seen and shown ----------------------------------------------------------------------

    def _accept(self, hall: HallSnapshot, now_s: float) -> None:
        """Take a newer hall, and let the primary key rest when it comes to mean something else."""
        self._is_seen = True
        old = self._sight
        if old is not None and hall.epoch == old.hall.epoch and hall.seq < old.hall.seq:
            return
        self._sight = sight_of(hall, self._number)
        if self._sight is None:
            self._is_seen = False
        elif old is not None and self._sight.step_identity != old.step_identity:
            self._guards.step_changed(now_s)

    def _look(self, actions: list[Action]) -> list[Action]:
        """The actions, and the picture if there is another one to show."""
        if self._state is DeskState.FAULTY:
            return actions
        picture = self._face.news(self._sight, self._typed, self._asked)
        return actions if picture is None else [*actions, Show(picture)]
