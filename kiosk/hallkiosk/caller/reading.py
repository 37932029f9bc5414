"""What a verb key leads to as a keypad stands: after typed digits, alone, or in a question."""

from __future__ import annotations

from dataclasses import dataclass

from halldrivers.caller.keys import Key
from hallkiosk.caller.asked import Asked, Typed
from hallkiosk.caller.guards import Guards
from hallkiosk.caller.keymap import CallerKeys, Meaning
from hallkiosk.caller.leads import Leads
from hallkiosk.caller.question import Doubt, Lead, No
from hallkiosk.caller.sight import Sight
from hallkiosk.caller.states import DeskState
from hallqueue.errors import KeeperGone, UnknownTicket

_TURNS = {Meaning.RECALL: 1, Meaning.PASS: -1}
"""In a question: the next choice, and the one before."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Reads the keys of one window's keypad; changes nothing."""

    keys: CallerKeys
    leads: Leads
    guards: Guards

    def turn_of(self, key: Key, typed: Typed, asked: Asked | None) -> int:
        """How many choices on the key goes in the question that stands; 0 when it does something else."""
        if typed or asked is None or not asked.turns or key not in self.keys.alone:
            return 0
        return _TURNS.get(self.keys.alone[key], 0)

    def lead_of(
        self,
        key: Key,
        now_s: float,
        *,
        state: DeskState,
        typed: Typed,
        asked: Asked | None,
        sight: Sight | None,
    ) -> Lead:
        """What a verb key leads to."""
        match state:
            case DeskState.READY | DeskState.TYPING:
                return self._meant(key, now_s, typed, sight)
            case DeskState.ASKING | DeskState.DOUBTING:
                return self._answer(key, now_s, typed, asked)
            case DeskState.AWAY:
                return No(KeeperGone(path=""))
            case _:
                return No()

    def _meant(self, key: Key, now_s: float, typed: Typed, sight: Sight | None) -> Lead:
        """What it leads to after what was typed."""
        if typed.is_too_long:
            return No(UnknownTicket(ticket=typed.digits))
        meaning = self.keys.meaning(key, typed.digits)
        if meaning is None or sight is None:
            return No()
        if not typed and self.guards.holds_back(meaning, now_s):
            return No()
        return self.leads.of(meaning, typed.digits.lstrip("0"), sight)

    def _answer(self, key: Key, now_s: float, typed: Typed, asked: Asked | None) -> Lead:
        """What it leads to in a question or a doubt."""
        if typed.is_too_long:
            return No(UnknownTicket(ticket=typed.digits))
        if asked is None:
            return No()
        is_meant = bool(typed) or (asked.is_settled(now_s) and not self.guards.is_at_rest(now_s))
        if isinstance(asked.what, Doubt):
            is_same = self.keys.meaning(key, typed.digits) is asked.what.request.what
            is_it = not typed or typed.value == asked.what.value
            return asked.what.request if is_same and is_it and is_meant else No()
        if self.keys.alone.get(key) is not Meaning.STEP or not is_meant:
            return No()
        return asked.what.typed(typed.digits) if typed else asked.choice.lead
