"""The life of a ticket: every row of the table, and every pair that it refuses."""

from __future__ import annotations

import pytest

from hallqueue.errors import WrongState
from hallqueue.rules.moves import STATE_ZH, VERB_ZH, move
from hallqueue.states import ENDED, IN_HAND, IN_LINE, PRINT_MOVES, TRANSITIONS, PrintState, TicketState, Verb

ALLOWED = [(state, verb, after) for state, row in TRANSITIONS.items() for verb, after in row.items()]
REFUSED = [(state, verb) for state in TicketState for verb in Verb if verb not in TRANSITIONS[state]]

# Written by hand from the facts (queueing 3.3), not derived from the table under test.
EXPECTED = """
waiting call called | waiting void void | transferred call called | transferred void void
called recall called | called start serving | called pass passed | called transfer transferred
called void void
serving finish done | serving advance serving | serving forward waiting | serving hold held
serving transfer transferred | serving void void
held resume serving | held void void | passed return waiting | passed void void
"""


def test_the_table_holds_exactly_the_moves_that_the_facts_name() -> None:
    expected = {tuple(row.split()) for line in EXPECTED.split("\n") for row in line.split("|") if row.strip()}
    assert {(s.value, v.value, a.value) for s, v, a in ALLOWED} == expected


@pytest.mark.parametrize(("state", "verb", "after"), ALLOWED)
def test_a_listed_move_leads_where_the_table_says(state: TicketState, verb: Verb, after: TicketState) -> None:
    assert move(state, verb, "A001") is after


@pytest.mark.parametrize(("state", "verb"), REFUSED)
def test_an_unlisted_move_is_refused_in_words(state: TicketState, verb: Verb) -> None:
    with pytest.raises(WrongState) as caught:
        move(state, verb, "A001")
    assert caught.value.what_zh == f"A001现在是“{STATE_ZH[state]}”，不能{VERB_ZH[verb]}"
    assert caught.value.what_en == f"A001 is {state.value}: cannot {verb.value}"


def test_every_state_and_verb_has_a_row_and_a_name() -> None:
    assert set(TRANSITIONS) == set(STATE_ZH) == set(TicketState)
    assert set(VERB_ZH) == set(Verb)
    assert len(set(STATE_ZH.values())) == len(TicketState)


def test_nothing_leaves_an_end() -> None:
    assert all(not TRANSITIONS[state] for state in ENDED)


def test_in_line_in_hand_and_ended_do_not_overlap() -> None:
    assert not (IN_LINE & IN_HAND or IN_LINE & ENDED or IN_HAND & ENDED)


def test_an_unknown_paper_never_goes_back_to_the_printer() -> None:
    assert PrintState.SENDING not in PRINT_MOVES[PrintState.UNKNOWN]
    assert PrintState.QUEUED not in PRINT_MOVES[PrintState.UNKNOWN]


def test_printed_and_expired_are_ends_of_a_paper() -> None:
    assert not PRINT_MOVES[PrintState.PRINTED] and not PRINT_MOVES[PrintState.EXPIRED]
