"""One move of a ticket: the table decides, this says no in words."""

from __future__ import annotations

from hallqueue.errors import WrongState
from hallqueue.states import TRANSITIONS, TicketState, Verb

STATE_ZH: dict[TicketState, str] = {
    TicketState.WAITING: "排队中",
    TicketState.CALLED: "叫号中",
    TicketState.SERVING: "办理中",
    TicketState.HELD: "挂起",
    TicketState.PASSED: "过号",
    TicketState.TRANSFERRED: "已转移，排队中",
    TicketState.DONE: "办结",
    TicketState.VOID: "作废",
}
"""What staff call each state."""

VERB_ZH: dict[Verb, str] = {
    Verb.CALL: "叫号",
    Verb.RECALL: "重呼",
    Verb.START: "开始办理",
    Verb.FINISH: "办结",
    Verb.ADVANCE: "办结并办下一项",
    Verb.FORWARD: "办结并转下一项",
    Verb.HOLD: "挂起",
    Verb.RESUME: "恢复办理",
    Verb.PASS: "过号",
    Verb.RETURN: "过号恢复",
    Verb.TRANSFER: "转移",
    Verb.VOID: "作废",
}
"""What staff call each verb."""


def move(state: TicketState, verb: Verb, number: str = "") -> TicketState:
    """The state that follows; raises WrongState, which names ``number``, when the table has no such move."""
    after = TRANSITIONS[state].get(verb)
    if after is None:
        raise WrongState(
            number=number,
            state=STATE_ZH[state],
            verb=VERB_ZH[verb],
            state_en=state.value,
            verb_en=verb.value,
        )
    return after
