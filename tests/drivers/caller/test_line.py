"""Callers on one line, in virtual time at 9600 baud."""

from __future__ import annotations

from random import Random

import pytest

from halldrivers.caller.dialect import LCD21, POLLED, CallerDialect
from halldrivers.caller.frames import CallerFrame, encode
from halldrivers.caller.keys import Key
from halldrivers.caller.line import CallerLine
from halldrivers.caller.sim import CallerLineSim
from halldrivers.caller.unit import MOST_ACKS, REWRITE_S, CallerUnit
from halldrivers.errors import Actor, DeviceState, PortAbsent, PortBusy
from halldrivers.status import DeviceStatus, status_of_error

from .virtualline import VirtualLine  # type: ignore[import-not-found]

ONLINE, OFFLINE, ABSENT, UNKNOWN = "online", "offline", "absent", "unknown"


class Bench:
    """One line whose turns are taken by hand."""

    def __init__(
        self,
        addresses: tuple[int, ...] = (1, 2, 3),
        *,
        dialect: CallerDialect = LCD21,
        has_echo: bool = False,
        latency_s: float = 0.0,
        is_bridge: bool = False,
    ) -> None:
        self.sim = CallerLineSim(addresses, is_polled=dialect.is_polled)
        self.wire = VirtualLine(self.sim, latency_s=latency_s, has_echo=has_echo)
        self.line = CallerLine(self.wire, dialect, is_bridge=is_bridge, now_s=lambda: self.wire.now_s)
        self.keys: list[tuple[int, str]] = []
        self.times: list[float] = []
        self.words: dict[int, list[DeviceStatus]] = {}
        self.dialect = dialect
        self.units = {address: self.add(address) for address in addresses}
        self.line.open()

    def add(self, address: int) -> CallerUnit:
        self.words[address] = []

        def on_key(key: Key, at_s: float) -> None:
            self.keys.append((address, key.value))
            self.times.append(self.wire.now_s)

        unit = CallerUnit(
            address,
            self.dialect,
            on_key=on_key,
            on_trouble=self.words[address].append,
            on_close=self.line.remove,
        )
        self.line.add(unit)
        return unit

    def turn(self) -> None:
        rest_s = self.line.turn()
        self.wire.now_s += rest_s

    def run(self, seconds: float) -> None:
        until_s = self.wire.now_s + seconds
        while self.wire.now_s < until_s:
            self.turn()

    def states(self, address: int) -> list[str]:
        return [word.state.value for word in self.words[address]]


@pytest.fixture
def bench() -> Bench:
    return Bench()


@pytest.fixture
def polled() -> Bench:
    made = Bench(dialect=POLLED)
    made.run(0.5)
    return made


# -- callers that speak by themselves


def test_a_press_reaches_its_caller_alone_and_is_answered_with_the_same_frame(bench: Bench) -> None:
    bench.sim.press(2, "呼叫")
    bench.run(2.0)
    assert bench.keys == [(2, "next")]
    assert bench.wire.writes == bench.sim.callers[2].said == [bytes.fromhex("FF 68 03 03 68 02 01 0C 0F 16")]


def test_a_press_is_answered_within_a_tenth_of_a_second(bench: Bench) -> None:
    bench.run(0.3)
    pressed_s = bench.wire.now_s
    bench.sim.press(1, "重呼")
    bench.run(0.5)
    assert bench.times[0] - pressed_s < 0.1


def test_digits_come_before_the_key_that_ends_them(bench: Bench) -> None:
    bench.sim.press(1, "0", "1", "2", "呼叫")
    bench.run(0.5)
    assert bench.keys == [(1, "0"), (1, "1"), (1, "2"), (1, "call")]
    assert bench.units[1].counters["presses"] == 4


def test_a_caller_that_does_not_hear_the_answer_says_it_again_and_it_is_one_press(bench: Bench) -> None:
    bench.sim.callers[2].deaf = 2
    bench.sim.press(2, "呼叫")
    bench.run(3.0)
    assert bench.keys == [(2, "next")]
    assert len(bench.sim.callers[2].said) == len(bench.wire.writes) == 3
    assert bench.units[2].counters["dropped"] == 2


def test_a_frame_whose_answer_was_lost_with_the_line_presses_nothing_when_it_comes_again(
    bench: Bench,
) -> None:
    bench.sim.callers[2].deaf = 1
    bench.sim.press(2, "呼叫")
    bench.run(0.2)
    bench.line.close()
    bench.wire.now_s += 5.0
    bench.line.open()
    bench.run(1.0)
    assert bench.keys == [(2, "next")]
    assert len(bench.sim.callers[2].said) == 2


def test_the_same_key_a_little_later_is_a_second_press(bench: Bench) -> None:
    bench.sim.press(2, "重呼")
    bench.run(1.2)
    bench.sim.press(2, "重呼")
    bench.run(1.0)
    assert bench.keys == [(2, "recall"), (2, "recall")]


def test_another_key_at_once_is_a_press(bench: Bench) -> None:
    bench.sim.press(2, "重呼")
    bench.run(0.1)
    bench.sim.press(2, "呼叫")
    bench.run(1.0)
    assert bench.keys == [(2, "recall"), (2, "next")]


def test_a_key_that_bounced_into_its_own_frame_presses_nothing_and_is_not_asked_for_again(
    bench: Bench,
) -> None:
    """One of the public programs leaves out data that end in 0C 0C: two calls would call two people."""
    bench.sim.say(2, b"\x0c\x0c")
    bench.run(1.0)
    assert bench.keys == [] and bench.units[2].counters["strays"] == 1
    assert len(bench.wire.writes) == 1


def test_two_callers_at_once_are_both_heard(bench: Bench) -> None:
    bench.sim.press(1, "呼叫")
    bench.sim.press(3, "呼叫")
    bench.run(1.0)
    assert bench.keys == [(1, "next"), (3, "next")]
    assert len(bench.sim.callers[1].said) == len(bench.sim.callers[3].said) == 1


def test_a_rating_pad_behind_a_caller_is_not_acknowledged_for_somebody_else(bench: Bench) -> None:
    bench.sim.answer(encode(CallerFrame(2, 0x11, b"\x03")))
    bench.run(0.5)
    assert (bench.keys, bench.wire.writes, bench.line.counters["strays"]) == ([], [], 1)


def test_a_caller_that_nobody_configured_is_named_and_not_answered() -> None:
    bench = Bench((1, 2, 9))
    bench.line.remove(bench.units[9])
    bench.sim.press(9, "呼叫")
    bench.run(0.2)
    assert (bench.keys, bench.wire.writes, bench.line.strangers) == ([], [], (9,))


def test_the_number_of_strangers_has_a_bound(bench: Bench) -> None:
    for address in range(100, 200):
        bench.sim.answer(encode(CallerFrame(address, 1, b"\x0c")))
    bench.run(3.0)
    assert len(bench.line.strangers) == 16


def test_corrupt_frames_are_garbage_and_the_caller_says_it_again(bench: Bench) -> None:
    bench.sim.callers[2].corrupt = 2
    bench.sim.press(2, "呼叫")
    bench.run(3.0)
    assert bench.keys == [(2, "next")]
    assert bench.line.counters["garbage"] >= 10


def test_a_collision_costs_nothing_but_the_time_to_say_it_again(bench: Bench) -> None:
    bench.sim.collide()
    bench.sim.press(2, "呼叫")
    bench.run(2.0)
    assert bench.keys == [(2, "next")]


def test_a_line_of_noise_is_a_warning_until_a_frame_comes(bench: Bench) -> None:
    bench.sim.collide(70)
    bench.run(0.5)
    fault = bench.line.warning
    assert fault is not None and (fault.code, fault.blocking) == ("K-04", False)
    bench.sim.press(1, "呼叫")
    bench.run(0.5)
    assert bench.line.warning is None


def test_a_half_frame_and_a_silence_do_not_hold_the_next_frame_back(bench: Bench) -> None:
    bench.sim.answer(bytes.fromhex("FF 68 40 40 68 02"))
    bench.run(0.2)
    bench.sim.press(2, "呼叫")
    bench.run(0.1)
    assert bench.keys == [(2, "next")]


def test_what_is_shown_stands_on_the_display(bench: Bench) -> None:
    bench.units[1].show("A012", 5)
    bench.units[3].show("", 12)
    bench.run(1.0)
    assert [bench.sim.display(address) for address in (1, 2, 3)] == ["012 05", "", "    12"]


def test_the_newest_show_wins_and_the_same_is_not_written_again(bench: Bench) -> None:
    for waiting in range(20):
        bench.units[1].show("A012", waiting)
    bench.run(1.0)
    bench.units[1].show("A012", 19)
    bench.run(1.0)
    assert bench.sim.display(1) == "012 19" and len(bench.wire.writes) == 1
    assert bench.units[1].counters["writes"] == 1


def test_what_is_shown_while_others_are_written_to_is_the_newest(bench: Bench) -> None:
    for address in (1, 2, 3):
        bench.units[address].show("A001", 1)
    bench.run(0.06)
    bench.units[3].show("A999", 9)
    bench.run(1.0)
    assert bench.sim.display(3) == "999 09" and len(bench.wire.writes) == 3


def test_a_caller_that_shows_something_new_all_the_time_keeps_the_others_from_nothing(bench: Bench) -> None:
    bench.units[2].show("A002", 2)
    for waiting in range(20):
        bench.units[1].show("A001", waiting)
        bench.run(0.05)
    assert bench.sim.display(2) == "002 02"


def test_a_display_is_written_again_after_a_press_and_now_and_then(bench: Bench) -> None:
    bench.units[1].show("A012", 5)
    bench.run(1.0)
    bench.sim.callers[1].display = "typed"
    bench.sim.press(1, "一米")
    bench.run(1.0)
    assert bench.sim.display(1) == "012 05"
    bench.sim.power_off(1)
    bench.sim.power_on(1)
    bench.run(REWRITE_S + 1.0)
    assert bench.sim.display(1) == "012 05"


def test_a_display_is_written_again_when_the_line_was_opened_again(bench: Bench) -> None:
    bench.units[1].show("A012", 5)
    bench.run(1.0)
    bench.sim.callers[1].display = ""
    bench.line.close()
    bench.line.open()
    bench.run(1.0)
    assert bench.sim.display(1) == "012 05"


def test_a_caller_that_was_never_shown_anything_is_left_alone(bench: Bench) -> None:
    bench.sim.press(1, "呼叫")
    bench.run(REWRITE_S + 2.0)
    assert len(bench.wire.writes) == 1


def test_beeps_are_made_and_do_not_pile_up(bench: Bench) -> None:
    bench.units[2].beep()
    bench.run(1.0)
    assert bench.sim.callers[2].beeps == 1
    for _ in range(50):
        bench.units[2].beep()
    bench.run(2.0)
    assert bench.sim.callers[2].beeps == 4


def test_beeps_that_nobody_heard_are_forgotten_with_the_line(bench: Bench) -> None:
    bench.units[2].beep()
    bench.line.close()
    bench.line.open()
    bench.run(1.0)
    assert bench.sim.callers[2].beeps == 0


def test_an_adapter_that_hears_itself_presses_nothing_and_starts_no_loop() -> None:
    bench = Bench(has_echo=True)
    bench.units[1].show("A012", 5)
    bench.run(1.0)
    bench.sim.press(2, "呼叫")
    bench.run(3.0)
    assert bench.keys == [(2, "next")] and bench.sim.display(1) == "012 05"
    assert bench.line.counters["garbage"] == 0 and bench.line.counters["strays"] == 0
    assert len(bench.wire.writes) == 2


def test_an_echo_that_comes_late_starts_no_endless_loop() -> None:
    bench = Bench(has_echo=True, latency_s=0.2)
    bench.sim.press(2, "呼叫")
    bench.run(20.0)
    assert bench.keys == [(2, "next")]
    assert len(bench.wire.writes) <= MOST_ACKS


def test_a_caller_is_unknown_until_it_is_heard(bench: Bench) -> None:
    bench.run(5.0)
    assert bench.units[1].status.state is DeviceState.UNKNOWN and bench.words[1] == []
    bench.sim.press(1, "呼叫")
    bench.run(0.5)
    assert bench.states(1) == [ONLINE] and bench.words[2] == []


def test_a_caller_that_nobody_has_pressed_says_so_once_its_line_is_well(bench: Bench) -> None:
    bench.line.says(DeviceStatus(DeviceState.ONLINE))
    bench.line.says(DeviceStatus(DeviceState.ONLINE))
    [word] = bench.words[1]
    fault = word.fault
    assert fault is not None and (word.state.value, fault.code, fault.who) == (UNKNOWN, "K-06", Actor.CLERK)
    assert fault.what_zh == "还没有人按过叫号器的键" and not fault.blocking
    assert fault.remedy_zh == "按任意功能键一次（例如“重呼”）"
    assert fault.remedy_en == "press any function key once (such as recall)"
    bench.sim.press(1, "重呼")
    bench.run(0.5)
    assert [(word.state.value, word.code) for word in bench.words[1]] == [(UNKNOWN, "K-06"), (ONLINE, "")]


def test_a_caller_that_is_asked_needs_no_key_to_be_known() -> None:
    bench = Bench(dialect=POLLED)
    bench.line.says(DeviceStatus(DeviceState.ONLINE))
    assert bench.words[1] == []
    bench.run(0.5)
    assert [(word.state.value, word.code) for word in bench.words[1]] == [(ONLINE, "")]


def test_a_caller_that_joins_is_told_how_its_line_is(bench: Bench) -> None:
    for word in (DeviceStatus(DeviceState.ONLINE), status_of_error(PortAbsent("/dev/hall/callers"))):
        bench.line.says(word)
        late = bench.add(7 + len(bench.words))
        assert bench.words[late.address] == [], "not from a thread that is not the line's"
        bench.turn()
    assert [[word.state.value for word in words] for words in bench.words.values()][-2:] == [
        [UNKNOWN, ABSENT],
        [ABSENT],
    ]


def test_a_lost_line_is_told_to_each_caller_once_and_what_is_known_begins_anew(bench: Bench) -> None:
    bench.sim.press(1, "呼叫")
    bench.run(0.5)
    lost = status_of_error(PortAbsent("/dev/hall/callers"))
    bench.line.says(lost)
    bench.line.says(lost)
    bench.line.says(DeviceStatus(DeviceState.ONLINE))
    assert bench.states(1) == [ONLINE, ABSENT, UNKNOWN]
    assert bench.states(2) == [ABSENT, UNKNOWN]
    bench.sim.press(1, "重呼")
    bench.run(0.5)
    assert bench.states(1) == [ONLINE, ABSENT, UNKNOWN, ONLINE]


def test_noise_on_the_line_is_told_as_a_warning_of_each_caller(bench: Bench) -> None:
    bench.sim.collide(70)
    bench.run(0.5)
    bench.line.says(DeviceStatus(DeviceState.ONLINE, bench.line.warning))
    assert [(word.state.value, word.code) for word in bench.words[2]] == [(UNKNOWN, "K-04")]
    bench.line.says(DeviceStatus(DeviceState.ONLINE))
    assert [(word.state.value, word.code) for word in bench.words[2]] == [
        (UNKNOWN, "K-04"),
        (UNKNOWN, "K-06"),
    ]


def test_an_address_is_one_caller_s(bench: Bench) -> None:
    with pytest.raises(PortBusy, match="unit 2"):
        bench.add(2)


def test_a_caller_that_leaves_is_heard_no_more(bench: Bench) -> None:
    bench.units[2].close()
    bench.units[2].close()
    bench.sim.press(2, "呼叫")
    bench.run(0.5)
    assert bench.keys == []


def test_nothing_is_called_after_a_close(bench: Bench) -> None:
    unit = bench.units[2]
    unit.close()
    unit.spoke(b"\x0c", bench.wire.now_s)
    unit.line_says(status_of_error(PortAbsent("/dev/hall/callers")))
    assert bench.keys == [] and bench.words[2] == []


def test_a_listener_that_fails_costs_nothing_but_a_log_line(caplog: pytest.LogCaptureFixture) -> None:
    def fails(*args: object) -> None:
        raise ZeroDivisionError

    unit = CallerUnit(1, LCD21, on_key=fails, on_trouble=fails, on_close=fails)
    assert unit.spoke(b"\x0c", 1.0)
    assert [record.getMessage() for record in caplog.records] == ["the listener of caller 1 failed"] * 2


# -- callers that are asked


def test_a_polled_caller_is_online_and_its_press_is_one(polled: Bench) -> None:
    assert polled.states(2) == [ONLINE]
    polled.sim.press(2, "1", "2", "呼叫")
    polled.run(2.0)
    assert polled.keys == [(2, "1"), (2, "2"), (2, "call")]


def test_an_answer_whose_acknowledgement_was_lost_is_repeated_and_is_one_press(polled: Bench) -> None:
    polled.sim.callers[2].deaf = 5
    polled.sim.press(2, "呼叫")
    polled.run(2.0)
    assert polled.keys == [(2, "next")]


def test_the_same_key_twice_is_two_presses(polled: Bench) -> None:
    polled.sim.press(2, "重呼")
    polled.run(0.4)
    polled.sim.press(2, "重呼")
    polled.run(0.4)
    assert polled.keys == [(2, "recall"), (2, "recall")]


def test_what_was_pressed_before_anybody_listened_calls_nobody() -> None:
    bench = Bench(dialect=POLLED)
    bench.sim.press(2, "呼叫")
    bench.run(1.0)
    assert bench.keys == [] and bench.units[2].counters["dropped"] == 1
    bench.sim.press(2, "重呼")
    bench.run(1.0)
    assert bench.keys == [(2, "recall")]


def test_without_numbers_a_key_counts_again_only_after_no_key() -> None:
    keys: list[str] = []
    plain = CallerDialect("plain", is_polled=True, is_numbered=False)
    unit = CallerUnit(
        1, plain, on_key=lambda key, at_s: keys.append(key.value), on_trouble=lambda word: None,
        on_close=lambda unit: None,
    )  # fmt: skip
    for data in (b"\xff", b"\x0c", b"\x0c", b"\x0d", b"\x0c", b"\xff", b"\x0c", b"\x0c"):
        unit.answered(data, 1.0)
    assert keys == ["next", "recall", "next", "next"]


def test_a_dead_caller_is_told_after_three_misses_and_is_back_with_its_display(polled: Bench) -> None:
    polled.units[2].show("A012", 5)
    polled.run(0.5)
    polled.sim.power_off(2)
    polled.run(1.0)
    assert polled.states(2) == [ONLINE, OFFLINE] and polled.states(1) == [ONLINE]
    assert polled.words[2][-1].code == "K-03"
    polled.sim.power_on(2)
    polled.run(3.0)
    assert polled.states(2) == [ONLINE, OFFLINE, ONLINE]
    assert (polled.sim.display(2), polled.sim.callers[2].waiting) == ("012", "005")


def test_one_missed_answer_is_no_news(polled: Bench) -> None:
    polled.sim.callers[2].corrupt = 2
    polled.run(1.0)
    assert polled.states(2) == [ONLINE] and polled.line.counters["timeouts"] == 2


@pytest.mark.parametrize("dead", [(), (4,), (1, 3, 5, 7, 9)])
def test_ten_callers_answer_within_300_ms_and_a_dead_one_slows_nobody(dead: tuple[int, ...]) -> None:
    bench = Bench(tuple(range(1, 11)), dialect=POLLED)
    for address in dead:
        bench.sim.power_off(address)
    bench.run(3.0)
    alive = [address for address in range(1, 11) if address not in dead]
    longest_s = 0.0
    random = Random(1)
    for _ in range(200):
        bench.run(random.uniform(0.0, 0.5))
        address = random.choice(alive)
        before, pressed_s = len(bench.times), bench.wire.now_s
        bench.sim.press(address, "呼叫")
        while len(bench.times) == before:
            bench.turn()
        longest_s = max(longest_s, bench.times[-1] - pressed_s)
    assert longest_s < 0.3
    assert {key for _, key in bench.keys} == {"next"} and len(bench.keys) == 200


def test_a_caller_that_answers_too_late_is_missed_and_answers_for_nobody_else(polled: Bench) -> None:
    polled.sim.callers[2].slow_s = 0.08
    polled.sim.press(2, "呼叫")
    polled.run(3.0)
    assert polled.states(2)[-1] == OFFLINE and polled.keys == []
    assert polled.states(1) == [ONLINE] and polled.states(3) == [ONLINE]


def test_a_caller_that_talks_out_of_turn_presses_nothing(polled: Bench) -> None:
    asked = polled.line._plan.next(polled.wire.now_s + 1.0)
    other = next(address for address in (1, 2, 3) if address != asked)
    polled.sim.say(other, b"\x0c\x07")
    polled.turn()
    polled.run(0.5)
    assert polled.keys == [] and polled.line.counters["strays"] == 1


def test_a_polled_line_whose_adapter_hears_itself() -> None:
    bench = Bench(dialect=POLLED, has_echo=True)
    bench.run(0.5)
    bench.sim.press(2, "呼叫")
    bench.units[1].show("A012", 5)
    bench.run(1.0)
    assert bench.keys == [(2, "next")] and bench.sim.display(1) == "012"
    assert bench.line.counters["strays"] == 0 and bench.line.counters["garbage"] == 0
    bench.sim.power_off(3)
    bench.run(1.0)
    assert bench.states(3) == [ONLINE, OFFLINE], "its echo must not pass for an answer"


def test_a_bridge_is_given_more_time() -> None:
    bench = Bench((1, 2), dialect=POLLED, latency_s=0.1, is_bridge=True)
    bench.run(1.0)
    bench.sim.press(1, "呼叫")
    bench.run(2.0)
    assert bench.states(1) == [ONLINE] and bench.keys == [(1, "next")]


def test_digits_that_were_followed_by_nothing_are_told_as_lost_with_the_line() -> None:
    bench = Bench()
    bench.sim.say(2, b"\x01")
    bench.run(0.3)
    bench.line.close()
    bench.line.open()
    assert bench.keys == [(2, "1"), (2, "lost")]


def test_a_polled_line_without_callers_rests() -> None:
    bench = Bench((), dialect=POLLED)
    assert bench.line.turn() > 0.05
