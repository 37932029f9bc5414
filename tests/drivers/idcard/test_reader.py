"""The reader as a driver, turn by turn under a hand clock, against a simulator in the same thread."""

from __future__ import annotations

import logging

import pytest
from tests.drivers.idcard.conftest import DirectWire

from halldrivers.errors import PortGone
from halldrivers.idcard.errors import (
    BaudNotChanged,
    LineDamaged,
    ReaderConfused,
    ReaderSilent,
    SelfTestFailed,
    Unlicensed,
)
from halldrivers.idcard.record import CardKind
from halldrivers.idcard.simcards import (
    BUS_CARD,
    CARDS,
    FOREIGN_2017,
    PERMIT,
    RESIDENT,
)
from halldrivers.idcard.trouble import CardTrouble
from halldrivers.idcard.visit import Pace

# `make_desk` and `desk` are fixtures of conftest.py; tests are not typed by their class there, because this
# folder is no package.

STX_URL = "tcp://10.0.0.7:10001?frames=stx"


def test_opening_asks_for_the_status_and_nothing_else(desk) -> None:
    assert desk.asked == ["11ff"]


def test_a_disarmed_reader_only_looks_after_its_health(desk) -> None:
    desk.sim.lay(RESIDENT)
    desk.run(21.0)
    assert [request.hex() for request in desk.sim.requests] == ["11ff"] * 11
    assert desk.cards == [] and desk.troubles == []


def test_an_armed_reader_polls_no_faster_than_every_300_ms(desk) -> None:
    desk.reader.arm()
    desk.run(3.0)
    polls = desk.sim.requests.count(b"\x20\x01")
    assert polls % 2 == 0, "each poll asks once more before it believes that there is no card"
    assert 8 <= polls // 2 <= 11
    assert b"\x11\xff" not in desk.sim.requests[1:]


@pytest.mark.parametrize("name", CARDS)
def test_every_kind_of_card_is_read_and_handed_over_once(desk, name: str) -> None:
    desk.reader.arm()
    desk.sim.lay(CARDS[name])
    record = desk.until_card()
    assert desk.asked == ["11ff", "2001", "2002", "3001", "3003"]
    assert record.number.reveal() in CARDS[name].text.decode("utf-16-le")
    desk.run(5.0)
    assert len(desk.cards) == 1
    assert desk.reader.counters["good_reads"] == 1 and desk.reader.counters["garbage"] == 0


def test_the_citizen_is_asked_to_take_the_card_and_the_request_ends(desk) -> None:
    desk.reader.arm()
    desk.sim.lay(RESIDENT)
    desk.until_card()
    assert desk.troubles == [CardTrouble.TAKE_AWAY]
    desk.sim.take_away()
    desk.run(4.0)
    assert desk.troubles == [CardTrouble.TAKE_AWAY, None]


def test_a_card_that_stays_is_not_read_again_on_either_make(make_desk) -> None:
    for finds_again in (False, True):
        desk = make_desk()
        desk.sim.finds_again = finds_again
        desk.reader.arm()
        desk.sim.lay(RESIDENT)
        desk.run(60.0)
        assert len(desk.cards) == 1
        assert desk.sim.requests.count(b"\x30\x01") == 1, "its text is asked for once"
        assert (desk.troubles[-1] is None) is (not finds_again)


def test_the_next_card_is_read_after_the_first_was_taken(desk) -> None:
    desk.reader.arm()
    desk.sim.lay(RESIDENT)
    desk.until_card()
    desk.sim.take_away()
    desk.run(0.5)
    desk.sim.lay(PERMIT)
    assert desk.until_card().kind is CardKind.HK_MACAO_TAIWAN


def test_a_card_swapped_between_two_polls_is_noticed_once_the_field_was_free(make_desk) -> None:
    desk = make_desk()
    desk.sim.finds_again = True
    desk.reader.arm()
    desk.sim.lay(RESIDENT)
    desk.until_card()
    desk.sim.lay(PERMIT)
    desk.run(3.0)
    assert len(desk.cards) == 1 and desk.troubles[-1] is CardTrouble.TAKE_AWAY
    desk.sim.take_away()
    desk.run(1.0)
    desk.sim.lay(PERMIT)
    assert desk.until_card().kind is CardKind.HK_MACAO_TAIWAN


def test_the_same_card_laid_again_at_once_is_no_second_card(desk) -> None:
    desk.reader.arm()
    desk.sim.lay(RESIDENT)
    desk.until_card()
    for _ in range(3):
        desk.sim.take_away()
        desk.run(1.0)
        desk.sim.lay(RESIDENT)
        desk.run(1.0)
    assert len(desk.cards) == 1
    desk.sim.take_away()
    desk.run(6.0)
    desk.sim.lay(RESIDENT)
    desk.run(2.0)
    assert len(desk.cards) == 2


def test_disarming_in_the_middle_of_a_read_hands_nothing_over(desk) -> None:
    desk.sim.lay(RESIDENT)
    desk.reader.arm()
    while b"\x20\x02" not in desk.sim.requests:
        desk.clock.pass_s(desk.reader.turn())
    desk.reader.disarm()
    desk.run(4.0)
    assert desk.cards == [] and b"\x30\x01" not in desk.sim.requests


def test_disarming_during_the_last_answer_hands_nothing_over(desk) -> None:
    desk.sim.lay(RESIDENT)
    desk.reader.arm()
    while b"\x30\x01" not in desk.sim.requests:
        desk.clock.pass_s(desk.reader.turn())
    answer, desk.sim.send = desk.sim.send, lambda frame: (desk.reader.disarm(), answer(frame))
    desk.run(4.0)
    assert desk.cards == []
    assert desk.troubles == [CardTrouble.TAKE_AWAY, None]


def test_a_card_read_for_nobody_is_to_be_taken_away_before_the_next_is_read(make_desk) -> None:
    for finds_again in (False, True):
        desk = make_desk()
        desk.sim.finds_again = finds_again
        desk.sim.lay(RESIDENT)
        desk.reader.arm()
        while b"\x30\x01" not in desk.sim.requests:
            desk.clock.pass_s(desk.reader.turn())
        desk.reader.disarm()
        desk.reader.arm()
        desk.run(2.0)
        assert desk.cards == [] and desk.troubles == [CardTrouble.TAKE_AWAY]
        desk.sim.take_away()
        desk.run(1.0)
        desk.sim.lay(RESIDENT)
        desk.until_card()


def test_a_turn_that_comes_early_asks_nothing(desk) -> None:
    desk.reader.arm()
    while desk.reader.turn() == 0.0:
        pass
    before = len(desk.sim.requests)
    assert 0 < desk.reader.turn() <= 0.3
    assert len(desk.sim.requests) == before


def test_a_read_begun_for_one_person_does_not_go_on_for_the_next(desk) -> None:
    desk.sim.lay(RESIDENT)
    desk.reader.arm()
    while b"\x20\x02" not in desk.sim.requests:
        desk.clock.pass_s(desk.reader.turn())
    desk.reader.disarm()
    desk.reader.arm()
    before = len(desk.sim.requests)
    desk.until_card()
    assert desk.sim.requests[before] == b"\x20\x01"


def test_a_card_left_lying_is_not_read_for_the_next_person(make_desk) -> None:
    desk = make_desk()
    desk.sim.finds_again = True
    desk.reader.arm()
    desk.sim.lay(RESIDENT)
    desk.until_card()
    desk.reader.disarm()
    desk.run(400.0)
    desk.reader.arm()
    desk.run(5.0)
    assert len(desk.cards) == 1
    assert desk.troubles == [CardTrouble.TAKE_AWAY, CardTrouble.TAKE_AWAY]
    desk.sim.take_away()
    desk.run(4.0)
    desk.sim.lay(FOREIGN_2017)
    assert desk.until_card().kind is CardKind.FOREIGN_2017


def test_appended_addresses_come_with_the_record(desk) -> None:
    desk.reader.arm()
    desk.sim.lay(RESIDENT.with_addresses("宁夏同心县新村2号", "宁夏同心县新村3号"))
    record = desk.until_card()
    lines = [line.reveal() for line in record.appended_addresses]
    assert lines == ["宁夏同心县新村2号", "宁夏同心县新村3号"] and record.has_all_addresses


def test_appended_addresses_need_not_be_read(make_desk) -> None:
    desk = make_desk(with_addresses=False)
    desk.reader.arm()
    desk.sim.lay(RESIDENT.with_addresses("宁夏同心县新村2号"))
    record = desk.until_card()
    assert record.appended_addresses == () and not record.has_all_addresses
    assert b"\x30\x03" not in desk.sim.requests


@pytest.mark.parametrize("prints", [(), (bytes(512),), (bytes(512), bytes(512))])
def test_fingerprints_are_never_asked_for_and_an_answer_with_them_is_read(desk, prints) -> None:
    desk.sim.has_fingerprint_form = True
    desk.sim.lay(type(RESIDENT)(RESIDENT.text, fingerprints=prints))
    desk.reader.arm()
    assert desk.until_card().masked_number == "1101**********002X"
    assert b"\x30\x10" not in desk.sim.requests


def test_iin_sn_and_card_words_that_are_not_zero_change_nothing(desk) -> None:
    desk.sim.iin, desk.sim.sn = b"\x00\x01\x02\x03", bytes(range(8))
    desk.sim.say_next("select", 0x81, sw1=0x69, sw2=0x82)
    desk.sim.lay(RESIDENT)
    desk.reader.arm()
    desk.until_card()
    assert desk.troubles == [CardTrouble.TAKE_AWAY]


def test_more_aa_before_answers_is_no_garbage(desk) -> None:
    desk.sim.extra_sync = 3
    desk.sim.lay(RESIDENT)
    desk.reader.arm()
    desk.until_card()
    assert desk.reader.counters["garbage"] == 0


def test_noise_before_answers_is_counted_and_costs_nothing(desk) -> None:
    desk.sim.noise = 1.0
    desk.sim.lay(RESIDENT)
    desk.reader.arm()
    desk.until_card()
    assert desk.reader.counters["garbage"] > 0


# --- what a citizen must do


def test_a_card_held_badly_is_asked_for_again_and_then_read(desk) -> None:
    desk.reader.arm()
    desk.sim.lay(RESIDENT)
    desk.sim.shake()
    desk.run(2.0)
    assert desk.troubles == [CardTrouble.REPLACE] and desk.cards == []
    assert desk.reader.counters["bad_reads"] == 1
    desk.sim.take_away()
    desk.run(0.5)
    desk.sim.lay(RESIDENT)
    desk.until_card()
    assert desk.troubles == [CardTrouble.REPLACE, CardTrouble.TAKE_AWAY]


@pytest.mark.parametrize("question", ["select", "read"])
def test_a_card_moved_away_in_the_middle_is_asked_for_again(desk, question: str) -> None:
    desk.reader.arm()
    desk.sim.lay(RESIDENT)
    desk.sim.leave_on(question)
    desk.run(2.0)
    assert desk.troubles == [CardTrouble.REPLACE]


def test_a_card_moved_away_after_its_text_was_read_counts_without_appended_addresses(desk) -> None:
    desk.reader.arm()
    desk.sim.lay(RESIDENT)
    desk.sim.leave_on("address")
    assert not desk.until_card().has_all_addresses


@pytest.mark.parametrize("word", [0x31, 0x32, 0x41, 0x47])
def test_bad_contact_asks_to_re_place_the_card_and_its_word_is_logged_once(
    desk, word: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "hall.device")
    desk.reader.arm()
    desk.sim.lay(RESIDENT.saying(read=word))
    desk.run(2.0)
    assert desk.troubles == [CardTrouble.REPLACE]
    assert caplog.messages == [f"ID card: not read: {word:02X}"]


def test_a_forged_card_is_refused(desk) -> None:
    desk.reader.arm()
    desk.sim.lay(RESIDENT.saying(read=0x33))
    desk.run(2.0)
    assert desk.troubles == [CardTrouble.REFUSED] and desk.cards == []


def test_something_that_is_no_id_card_is_told_once(make_desk) -> None:
    desk = make_desk()
    desk.sim.finds_again = True
    desk.reader.arm()
    desk.sim.lay(BUS_CARD)
    desk.run(20.0)
    assert desk.troubles == [CardTrouble.NOT_ID_CARD]
    assert desk.reader.counters["bad_reads"] == 1
    desk.sim.take_away()
    desk.run(1.0)
    assert desk.troubles == [CardTrouble.NOT_ID_CARD, None]


def test_a_card_that_cannot_be_selected_twice_is_asked_for_again(desk) -> None:
    desk.reader.arm()
    desk.sim.lay(RESIDENT)
    desk.sim.say_next("select", 0x81, times=2)
    desk.run(0.2)
    assert desk.troubles == [CardTrouble.REPLACE]


# --- what is wrong with the reader or its line


def test_a_damaged_answer_is_asked_for_again(desk) -> None:
    desk.reader.arm()
    desk.sim.lay(RESIDENT)
    desk.clock.pass_s(desk.reader.turn())
    desk.sim.damage_next()
    desk.until_card()
    assert desk.sim.requests.count(b"\x20\x02") == 2


def test_answers_damaged_again_and_again_are_a_fault_of_the_line(desk) -> None:
    desk.reader.arm()
    desk.sim.damage_next(2)
    with pytest.raises(LineDamaged):
        desk.run(5.0)


def test_a_damaged_request_is_sent_again(desk) -> None:
    desk.reader.arm()
    desk.sim.lay(RESIDENT)
    desk.sim.say_next("read", 0x10)
    desk.until_card()
    assert desk.sim.requests.count(b"\x30\x01") == 2


def test_a_cut_answer_costs_a_time_out_and_the_citizen_is_asked(desk) -> None:
    desk.reader.arm()
    desk.sim.lay(RESIDENT)
    for _ in range(2):
        desk.clock.pass_s(desk.reader.turn())
    desk.sim.cut_next(700)
    desk.run(8.0)
    assert desk.troubles[0] is CardTrouble.REPLACE
    assert desk.reader.counters["timeouts"] == 1 and desk.reader.counters["garbage"] == 700


def test_the_broken_time_out_frame_is_a_time_out_and_hangs_nobody(desk) -> None:
    desk.reader.arm()
    desk.sim.lay(RESIDENT)
    for _ in range(2):
        desk.clock.pass_s(desk.reader.turn())
    desk.sim.time_out_next()
    before = desk.clock.now
    desk.reader.turn()
    assert desk.clock.now - before < 0.1
    assert desk.troubles == [CardTrouble.REPLACE]


def test_a_confused_module_is_reset_once_and_goes_on(desk) -> None:
    desk.reader.arm()
    desk.sim.lay(RESIDENT)
    desk.sim.say_next("select", 0x24)
    desk.until_card()
    assert desk.sim.requests.count(b"\x10\xff") == 1


def test_a_module_that_stays_confused_is_a_fault_and_the_citizen_is_asked(desk) -> None:
    desk.reader.arm()
    desk.sim.lay(RESIDENT)
    desk.sim.say_next("select", 0x24, times=2)
    with pytest.raises(ReaderConfused, match="24"):
        desk.run(5.0)
    assert desk.troubles == [CardTrouble.REPLACE]


@pytest.mark.parametrize("word", [0x11, 0x23, 0x77])
def test_a_word_to_report_is_a_fault_with_its_word(desk, word: int) -> None:
    desk.reader.arm()
    desk.sim.say_next("find", word)
    with pytest.raises(ReaderConfused, match=f"I-04 .*{word:02X}"):
        desk.run(5.0)


def test_a_self_test_that_fails_while_armed_or_not_is_a_fault(make_desk) -> None:
    for arm in (True, False):
        desk = make_desk()
        desk.reader.open()
        if arm:
            desk.reader.arm()
        desk.sim.is_well = False
        with pytest.raises(SelfTestFailed):
            desk.run(10.0)
        desk.sim.is_well, desk.sim.is_licensed = True, False
        with pytest.raises(Unlicensed):
            desk.run(10.0)
        assert desk.troubles == []


def test_a_silent_reader_is_a_time_out_at_every_turn_until_it_speaks(desk) -> None:
    desk.sim.go_silent()
    desk.clock.pass_s(5.0)
    for _ in range(5):
        with pytest.raises(ReaderSilent):
            desk.reader.turn()
    desk.sim.speak()
    assert desk.reader.turn() > 0


def test_no_turn_passes_for_well_between_two_silences(desk) -> None:
    desk.reader.arm()
    desk.sim.go_silent()
    for _ in range(3):
        with pytest.raises(ReaderSilent):
            desk.reader.turn()
    desk.reader.disarm()
    with pytest.raises(ReaderSilent):
        desk.reader.turn()


def test_after_three_silences_the_wire_is_opened_anew(desk) -> None:
    desk.sim.go_silent()
    desk.clock.pass_s(5.0)
    for _ in range(4):
        with pytest.raises(ReaderSilent):
            desk.reader.turn()
    assert desk.speeds == [0, 0]


def test_a_pulled_cable_is_passed_on_and_the_reader_can_be_opened_again(desk) -> None:
    desk.reader.arm()
    desk.sim.unplug_after(0)
    with pytest.raises(PortGone):
        desk.reader.turn()
    desk.reader.close()
    desk.reader.close()
    desk.sim.plug()
    desk.reader.open()
    desk.sim.lay(RESIDENT)
    desk.until_card()


@pytest.mark.parametrize("at", [*range(1, 60), *range(60, 1351, 75)])
def test_a_cable_pulled_at_any_byte_of_an_answer_is_survived(desk, at: int) -> None:
    desk.reader.arm()
    desk.sim.lay(RESIDENT)
    take, left = desk.sim.take_output, [at]

    def take_until_pulled() -> bytes:
        data = take()[: left[0]]
        left[0] -= len(data)
        if left[0] == 0:
            desk.sim.unplug_after(0)
            desk.sim.take_output = take
        return data

    desk.sim.take_output = take_until_pulled
    with pytest.raises(PortGone):
        desk.run(5.0)
    desk.reader.close()
    desk.sim.plug()
    desk.reader.open()
    desk.sim.lay(RESIDENT)
    desk.run(8.0)
    assert len(desk.cards) == 1


@pytest.mark.parametrize("at", range(1, 41))
def test_a_cable_pulled_at_any_byte_of_a_read_is_survived(desk, at: int) -> None:
    desk.reader.arm()
    desk.sim.lay(RESIDENT)
    desk.sim.unplug_after(at)
    with pytest.raises(PortGone):
        desk.run(5.0)
    desk.reader.close()
    desk.sim.plug()
    desk.reader.open()
    desk.until_card()
    assert len(desk.cards) == 1


# --- line speed and identity


def test_the_line_speed_is_searched_for_and_remembered(make_desk) -> None:
    desk = make_desk("serial:///dev/hall/idcard")
    desk.sim.listens_at = 9600
    desk.reader.open()
    assert desk.speeds == [115200, 57600, 38400, 19200, 9600] and desk.reader.baud == 9600
    desk.reader.close()
    desk.reader.open()
    assert desk.speeds[5:] == [9600]


def test_a_reader_that_tests_itself_first_is_found_again_before_all_speeds_were_tried(make_desk) -> None:
    desk = make_desk("serial:///dev/hall/idcard")
    desk.sim.listens_at = 9600
    desk.reader.open()
    desk.reader.close()
    plugged_in_s = desk.clock.now
    desk.sim.line_baud = lambda: desk.speeds[-1] if desk.clock.now >= plugged_in_s + 0.8 else 0
    desk.reader.open()
    assert desk.speeds[5:] == [9600, 115200, 9600]
    assert desk.clock.now - plugged_in_s < 1.5


def test_a_reader_that_was_exchanged_is_found_at_its_own_speed(make_desk) -> None:
    desk = make_desk("serial:///dev/hall/idcard")
    desk.reader.open()
    desk.reader.close()
    desk.sim.listens_at = 9600
    desk.reader.open()
    assert desk.reader.baud == 9600 and desk.speeds[-1] == 9600


def test_a_fixed_line_speed_is_not_searched_for(make_desk) -> None:
    desk = make_desk("serial:///dev/hall/idcard?baud=19200")
    desk.sim.listens_at = 9600
    with pytest.raises(ReaderSilent, match="19200 baud"):
        desk.reader.open()
    assert desk.speeds == [19200]


def test_another_reader_on_the_same_line_is_found_at_its_own_speed(make_desk) -> None:
    desk = make_desk("serial:///dev/hall/idcard?baud=auto")
    desk.reader.open()
    desk.reader.arm()
    desk.sim.listens_at = 38400
    for _ in range(3):
        with pytest.raises(ReaderSilent):
            desk.reader.turn()
    desk.sim.lay(RESIDENT)
    desk.until_card()
    assert desk.reader.baud == 38400


def test_a_technician_changes_the_line_speed(make_desk) -> None:
    desk = make_desk("serial:///dev/hall/idcard?baud=115200")
    desk.reader.open()
    desk.reader.set_baud(19200)
    assert desk.sim.listens_at == 19200 and desk.speeds == [115200, 19200]
    desk.reader.arm()
    desk.sim.lay(RESIDENT)
    desk.until_card()


def test_the_module_has_5_ms_to_change_its_line_speed_before_the_line_opens_again(
    make_desk, clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = make_desk("serial:///dev/hall/idcard?baud=115200")
    desk.reader.open()
    happened: list[tuple[str, float]] = []
    for name in ("open", "close"):
        method = getattr(DirectWire, name)

        def watched(wire, name: str = name, method=method) -> None:
            happened.append((name, clock.now))
            method(wire)

        monkeypatch.setattr(DirectWire, name, watched)
    desk.reader.set_baud(19200)
    [(first, closed_s), (second, opened_s)] = happened
    assert (first, second) == ("close", "open")
    assert opened_s - closed_s == pytest.approx(0.005)


@pytest.mark.parametrize(
    ("url", "baud"),
    [
        ("serial:///dev/hall/idcard", 4800),
        ("tcp://10.0.0.7:10001", 9600),
        ("serial:///dev/hall/idcard?frames=stx", 9600),
    ],
)
def test_a_line_speed_that_cannot_be_changed_is_refused(make_desk, url: str, baud: int) -> None:
    desk = make_desk(url)
    desk.reader.open()
    with pytest.raises(BaudNotChanged):
        desk.reader.set_baud(baud)
    assert desk.reader.turn() > 0


def test_a_line_speed_that_the_reader_refuses_stays(make_desk) -> None:
    desk = make_desk("serial:///dev/hall/idcard?baud=115200")
    desk.reader.open()
    desk.sim.say_next("baud", 0x23)
    with pytest.raises(BaudNotChanged, match="23"):
        desk.reader.set_baud(9600)
    assert desk.reader.baud == 115200


def test_the_module_id_is_read(desk) -> None:
    assert desk.reader.identity() == "05.01-20230101-0000123456-0987654321"


def test_a_module_id_that_fails_is_an_error(desk) -> None:
    desk.sim.say_next("id", 0x23)
    with pytest.raises(ReaderConfused):
        desk.reader.identity()


# --- multi-function readers


@pytest.mark.parametrize("name", list(CARDS))
@pytest.mark.parametrize("head", ["01000000", "01000400", "0100", ""])
def test_a_multi_function_reader_reads_text_without_a_photo(make_desk, name: str, head: str) -> None:
    desk = make_desk(STX_URL)
    desk.stx.text_head = bytes.fromhex(head)
    desk.reader.open()
    desk.reader.arm()
    desk.stx.lay(CARDS[name])
    assert desk.until_card().number.reveal() in CARDS[name].text.decode("utf-16-le")
    assert b"\xca\x01\x00" not in desk.stx.requests
    desk.stx.take_away()
    desk.run(4.0)
    assert desk.troubles == [CardTrouble.TAKE_AWAY, None]


def test_a_multi_function_reader_reads_only_what_is_wanted(make_desk) -> None:
    desk = make_desk(f"{STX_URL}&read=number")
    desk.reader.open()
    desk.reader.arm()
    desk.stx.lay(RESIDENT)
    record = desk.until_card()
    assert record.masked_number == "1101**********002X" and not record.name
    desk.run(3.0)
    assert {request for request in desk.stx.requests if request[0] == 0xCA} == {b"\xca\x01\x01"}


def test_a_foreigner_s_number_alone_comes_without_the_country_behind_it(make_desk) -> None:
    desk = make_desk(f"{STX_URL}&read=name")
    desk.reader.open()
    desk.reader.arm()
    desk.stx.lay(FOREIGN_2017)
    record = desk.until_card()
    assert record.kind is CardKind.FOREIGN_2017 and record.number.reveal() == "XXX000000000000"


@pytest.mark.parametrize("finds_again", [False, True])
def test_a_card_that_stays_on_a_multi_function_reader_is_handed_over_once(
    make_desk, finds_again: bool
) -> None:
    desk = make_desk(STX_URL)
    desk.stx.finds_again = finds_again
    desk.reader.open()
    desk.reader.arm()
    desk.stx.lay(RESIDENT)
    desk.run(20.0)
    assert len(desk.cards) == 1
    assert (desk.stx.requests.count(b"\xca\x01\x03") == 1) is finds_again, (
        "while it lies, it is only looked for"
    )


@pytest.mark.parametrize(
    ("card", "trouble"),
    [
        (RESIDENT.saying(read=0x41), CardTrouble.REPLACE),
        (RESIDENT.saying(read=0x33), CardTrouble.REFUSED),
        (BUS_CARD, CardTrouble.NOT_ID_CARD),
    ],
)
def test_a_multi_function_reader_s_refusals_are_told(make_desk, card, trouble: CardTrouble) -> None:
    desk = make_desk(STX_URL)
    desk.reader.open()
    desk.reader.arm()
    desk.stx.lay(card)
    desk.run(1.0)
    assert desk.troubles == [trouble]


def test_a_multi_function_reader_says_what_it_is(make_desk) -> None:
    desk = make_desk(STX_URL)
    desk.reader.open()
    assert "ID-READER-1" in desk.reader.identity()


def test_a_text_of_unknown_form_asks_the_citizen_and_logs_sizes_only(
    make_desk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    desk = make_desk(STX_URL)
    desk.stx.text_head = b"\x77"
    desk.reader.open()
    desk.reader.arm()
    desk.stx.lay(RESIDENT)
    desk.run(1.0)
    assert desk.troubles == [CardTrouble.REPLACE]
    assert "I-08" in caplog.text and "257 bytes" in caplog.text


# --- pace


def test_the_pace_is_a_parameter(make_desk) -> None:
    desk = make_desk(pace=Pace(poll_s=1.0))
    desk.reader.open()
    desk.reader.arm()
    desk.run(10.0)
    assert 9 <= desk.sim.requests.count(b"\x20\x01") // 2 <= 11
