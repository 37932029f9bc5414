"""A card is handed over once, and what to do is told once; under a hand clock."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from halldrivers.counters import Counters
from halldrivers.idcard.arming import Arming
from halldrivers.idcard.cardtext import decode_text
from halldrivers.idcard.presence import Presence
from halldrivers.idcard.record import CardRecord
from halldrivers.idcard.simcards import PERMIT, RESIDENT
from halldrivers.idcard.trouble import CardTrouble, Prompter
from halldrivers.idcard.visit import Pace, Visit, Want

A = decode_text(RESIDENT.text)
B = decode_text(PERMIT.text)
NUMBER = "11010519491231002X"


@dataclass
class Stand:
    cards: list[CardRecord] = field(default_factory=list)
    troubles: list[CardTrouble | None] = field(default_factory=list)
    counters: Counters = field(default_factory=Counters)

    def visit(self) -> Visit:
        arming = Arming(self.cards.append, self.troubles.append)
        made = Visit(arming, self.counters, Pace(), lambda count: bytes(count))
        arming.arm()
        assert made.is_new()
        return made


@pytest.fixture
def stand() -> Stand:
    return Stand()


def presence() -> Presence:
    return Presence(lambda count: bytes(count), debounce_s=5.0)


def test_a_number_is_news_and_soon_after_it_is_not() -> None:
    seen = presence()
    assert seen.read(NUMBER, 0.0)
    assert not seen.read(NUMBER, 4.9)


def test_the_debounce_time_counts_from_when_the_card_was_seen_last() -> None:
    seen = presence()
    seen.read(NUMBER, 0.0)
    seen.still_there(4.0)
    assert not seen.read(NUMBER, 8.9)
    assert seen.read(NUMBER, 13.9)


def test_another_number_is_news_at_once() -> None:
    seen = presence()
    seen.read(NUMBER, 0.0)
    assert seen.read("640324190001010013", 0.1)
    assert seen.read(NUMBER, 0.2)


def test_a_card_that_was_read_lies_there_until_the_field_was_free() -> None:
    seen = presence()
    assert not seen.lies
    seen.read(NUMBER, 0.0)
    assert seen.lies
    seen.field_is_free()
    assert not seen.lies


def test_no_number_is_kept_between_two_reads() -> None:
    seen = presence()
    seen.read(NUMBER, 0.0)
    held = [getattr(seen, name) for name in vars(seen)]
    assert NUMBER not in repr(held) and NUMBER.encode() not in [
        item for item in held if isinstance(item, bytes)
    ]
    assert presence()._last != seen._last


def test_the_kept_hash_depends_on_the_salt_of_this_run() -> None:
    one, other = presence(), Presence(lambda count: b"\x01" * count)
    one.read(NUMBER, 0.0)
    other.read(NUMBER, 0.0)
    assert one._last != other._last


def test_a_request_is_told_once_and_its_end_after_a_while() -> None:
    told: list[CardTrouble | None] = []
    prompter = Prompter(told.append, hold_s=3.0)
    assert prompter.say(CardTrouble.REPLACE, 0.0)
    assert not prompter.say(CardTrouble.REPLACE, 1.0)
    prompter.field_is_free(2.9)
    assert told == [CardTrouble.REPLACE]
    prompter.field_is_free(3.0)
    prompter.field_is_free(9.0)
    assert told == [CardTrouble.REPLACE, None]


def test_a_second_try_that_fails_is_told_again() -> None:
    told: list[CardTrouble | None] = []
    prompter = Prompter(told.append, hold_s=3.0)
    prompter.say(CardTrouble.REPLACE, 0.0)
    prompter.field_is_free(1.0)
    assert prompter.say(CardTrouble.REPLACE, 1.5)
    assert not prompter.say(CardTrouble.REPLACE, 1.8)
    prompter.field_is_free(4.0)
    assert told == [CardTrouble.REPLACE, CardTrouble.REPLACE]
    prompter.field_is_free(4.5)
    assert told == [CardTrouble.REPLACE, CardTrouble.REPLACE, None]


def test_requests_have_codes_and_both_languages() -> None:
    assert [trouble.code for trouble in CardTrouble] == ["I-11", "I-12", "I-13", "I-14"]
    assert all(trouble.zh and trouble.en for trouble in CardTrouble)
    assert CardTrouble.TAKE_AWAY.zh == "请取走身份证"


def test_a_card_is_handed_over_and_then_asked_to_be_taken_away(stand: Stand) -> None:
    visit = stand.visit()
    assert visit.want(0.0) is Want.CARD
    visit.card_read(A, 0.0)
    assert stand.cards == [A] and stand.troubles == [CardTrouble.TAKE_AWAY]
    assert visit.want(0.3) is Want.LOOK
    assert stand.counters["good_reads"] == 1


def test_after_the_field_was_free_the_next_card_is_wanted(stand: Stand) -> None:
    visit = stand.visit()
    visit.card_read(A, 0.0)
    visit.no_card(0.3)
    assert visit.want(0.6) is Want.CARD
    visit.card_read(B, 1.0)
    assert stand.cards == [A, B]
    assert stand.troubles == [CardTrouble.TAKE_AWAY, CardTrouble.TAKE_AWAY]


def test_the_same_card_moved_is_no_second_card_and_may_be_later(stand: Stand) -> None:
    visit = stand.visit()
    visit.card_read(A, 0.0)
    for at_s in (0.3, 2.0, 4.0):
        visit.no_card(at_s)
        visit.card_read(A, at_s + 0.5)
    assert stand.cards == [A]
    visit.no_card(4.8)
    visit.card_read(A, 9.6)
    assert stand.cards == [A, A]


def test_a_forgotten_card_is_not_read_for_the_next_person(stand: Stand) -> None:
    visit = stand.visit()
    visit.card_read(A, 0.0)
    visit.arming.disarm()
    assert visit.want(500.0) is Want.NOTHING
    visit.arming.arm()
    assert visit.is_new()
    assert visit.want(500.0) is Want.LOOK, "it is looked for, and never read"
    visit.card_lies(500.0)
    assert stand.cards == [A]
    assert stand.troubles == [CardTrouble.TAKE_AWAY, CardTrouble.TAKE_AWAY], "the next person is told anew"
    visit.no_card(501.0)
    assert visit.want(501.3) is Want.CARD


def test_a_disarmed_reader_looks_for_a_lying_card_only_for_a_while(stand: Stand) -> None:
    visit = stand.visit()
    visit.card_read(A, 0.0)
    visit.arming.disarm()
    assert visit.want(119.0) is Want.LOOK
    assert visit.want(120.0) is Want.NOTHING


def test_a_taken_card_ends_the_request_though_nobody_is_armed(stand: Stand) -> None:
    visit = stand.visit()
    visit.card_read(A, 0.0)
    visit.arming.disarm()
    visit.no_card(0.3)
    assert visit.want(1.0) is Want.LOOK, "the request is still shown"
    visit.no_card(3.0)
    assert stand.troubles == [CardTrouble.TAKE_AWAY, None]
    assert visit.want(3.3) is Want.NOTHING


def test_a_card_read_for_nobody_is_not_handed_over(stand: Stand) -> None:
    visit = stand.visit()
    visit.arming.disarm()
    visit.card_read(A, 0.0)
    assert stand.cards == [] and stand.troubles == [CardTrouble.TAKE_AWAY]


def test_a_card_read_for_somebody_before_is_not_handed_over_to_the_next(stand: Stand) -> None:
    visit = stand.visit()
    visit.arming.disarm()
    visit.arming.arm()
    visit.card_read(A, 0.0)
    assert stand.cards == []
    assert visit.is_new() and not visit.is_new()


def test_a_card_that_cannot_be_read_is_asked_for_once_and_counted_once(stand: Stand) -> None:
    visit = stand.visit()
    assert visit.citizen_must(CardTrouble.REPLACE, 0.0)
    assert not visit.citizen_must(CardTrouble.REPLACE, 0.3)
    assert visit.citizen_must(CardTrouble.NOT_ID_CARD, 0.6)
    assert stand.troubles == [CardTrouble.REPLACE, CardTrouble.NOT_ID_CARD]
    assert stand.counters["bad_reads"] == 2


def test_a_request_does_not_vanish_with_the_first_no_card(stand: Stand) -> None:
    visit = stand.visit()
    visit.citizen_must(CardTrouble.REPLACE, 0.0)
    visit.no_card(0.3)
    assert stand.troubles == [CardTrouble.REPLACE]
    visit.no_card(3.1)
    assert stand.troubles == [CardTrouble.REPLACE, None]


def test_nobody_is_asked_while_nobody_is_armed(stand: Stand) -> None:
    visit = stand.visit()
    visit.arming.disarm()
    assert not visit.citizen_must(CardTrouble.REPLACE, 0.0)
    assert stand.troubles == []


def test_whatever_lies_there_when_only_looking_is_to_be_taken_away(stand: Stand) -> None:
    visit = stand.visit()
    visit.card_read(A, 0.0)
    visit.citizen_must(CardTrouble.NOT_ID_CARD, 1.0)
    assert stand.troubles == [CardTrouble.TAKE_AWAY]


def test_a_listener_that_fails_is_not_the_reader_s_fault_and_shows_nothing(
    stand: Stand, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(record: CardRecord) -> None:
        raise ValueError(record.number.reveal())

    arming = Arming(fail, stand.troubles.append)
    visit = Visit(arming, stand.counters, Pace(), lambda count: bytes(count))
    visit.arming.arm()
    visit.is_new()
    visit.card_read(A, 0.0)
    assert caplog.messages == ["a listener of the ID-card reader failed: ValueError"]
    assert NUMBER not in caplog.text
    assert stand.troubles == [CardTrouble.TAKE_AWAY]


def test_arming_what_is_armed_changes_nothing(stand: Stand) -> None:
    visit = stand.visit()
    visit.arming.arm()
    assert not visit.is_new()
    visit.card_read(A, 0.0)
    assert stand.cards == [A]


def test_a_borrowed_reader_hands_its_card_to_the_borrower(stand: Stand) -> None:
    visit = stand.visit()
    visit.arming.disarm()
    cards: list[CardRecord] = []
    troubles: list[CardTrouble | None] = []
    assert visit.arming.borrow(cards.append, troubles.append)
    assert visit.is_new() and visit.want(0.0) is Want.CARD
    visit.card_read(A, 0.0)
    assert (cards, troubles, stand.cards, stand.troubles) == ([A], [CardTrouble.TAKE_AWAY], [], [])
    visit.arming.disarm()
    assert visit.arming.is_armed, "the owner's disarming is not meant for the borrower"
    visit.arming.give_back()
    visit.arming.give_back()
    assert not visit.arming.is_armed
    visit.no_card(5.0)
    assert stand.troubles == [None]


def test_a_reader_that_serves_a_citizen_is_not_lent(stand: Stand) -> None:
    visit = stand.visit()
    assert not visit.arming.borrow(stand.cards.append, stand.troubles.append)
    assert not visit.is_new()


def test_a_citizen_takes_a_borrowed_reader_back_and_gets_no_card_of_the_borrower(stand: Stand) -> None:
    visit = stand.visit()
    visit.arming.disarm()
    cards: list[CardRecord] = []
    assert visit.arming.borrow(cards.append, lambda trouble: None)
    assert visit.is_new()
    visit.arming.arm()
    visit.card_read(A, 0.0)
    assert (cards, stand.cards) == ([], [])
    assert visit.is_new()
    visit.arming.give_back()
    assert visit.arming.is_armed, "what was taken back cannot be given back"
    visit.no_card(0.3)
    visit.card_read(B, 0.6)
    assert stand.cards == [B]


def test_the_usual_pace_is_no_faster_than_the_modules_want() -> None:
    assert Pace().poll_s >= 0.3
