"""The simulated readers, against bytes that were computed elsewhere (facts/id-card.md 1.9) and by hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from halldrivers.idcard.sim import CardReaderSim
from halldrivers.idcard.simcards import BUS_CARD, CARDS, RESIDENT, SimCard
from halldrivers.idcard.simhand import MISHAPS
from halldrivers.idcard.simstx import StxReaderSim

HELLO = "AA AA AA 96 69 00 03 11 FF ED"
FIND = "AA AA AA 96 69 00 03 20 01 22"
SELECT = "AA AA AA 96 69 00 03 20 02 21"
READ = "AA AA AA 96 69 00 03 30 01 32"
PRINTS = "AA AA AA 96 69 00 03 30 10 23"
ADDRESS = "AA AA AA 96 69 00 03 30 03 30"


@pytest.fixture
def sim(clock: Callable[[], float]) -> CardReaderSim:
    return CardReaderSim(clock=clock)


def ask(sim: CardReaderSim | StxReaderSim, text: str) -> bytes:
    sim.receive(bytes.fromhex(text))
    return sim.take_output()


def says(sim: CardReaderSim | StxReaderSim, text: str) -> str:
    return ask(sim, text).hex(" ").upper()


def read(sim: CardReaderSim, card: SimCard, request: str = READ) -> bytes:
    sim.lay(card)
    ask(sim, FIND)
    ask(sim, SELECT)
    return ask(sim, request)


def test_its_answers_are_those_of_the_facts(sim: CardReaderSim) -> None:
    assert says(sim, HELLO) == "AA AA AA 96 69 00 04 00 00 90 94"
    assert says(sim, FIND) == "AA AA AA 96 69 00 04 00 00 80 84"
    assert says(sim, SELECT) == "AA AA AA 96 69 00 04 00 00 81 85"
    sim.lay(RESIDENT)
    assert says(sim, FIND) == "AA AA AA 96 69 00 08 00 00 9F 00 00 00 00 97"
    assert says(sim, SELECT) == "AA AA AA 96 69 00 0C 00 00 90 00 00 00 00 00 00 00 00 9C"
    assert says(sim, "AA AA AA 96 69 00 03 12 FF EE") == (
        "AA AA AA 96 69 00 14 00 00 90 05 00 01 00 D5 AF 34 01 40 E2 01 00 B1 68 DE 3A 51"
    )


@pytest.mark.parametrize(
    ("name", "check"), [("resident", 0x50), ("permit", 0xE8), ("foreign-2017", 0x96), ("foreign-2023", 0x49)]
)
def test_its_cards_have_the_checksums_of_the_facts(sim: CardReaderSim, name: str, check: int) -> None:
    answer = read(sim, CARDS[name])
    assert len(answer) == 1295 and answer[-1] == check
    assert answer[:14].hex(" ").upper() == "AA AA AA 96 69 05 08 00 00 90 01 00 04 00"


@pytest.mark.parametrize(
    ("prints", "length", "total"),
    [((), "05 0A", 1297), ((bytes(512),), "07 0A", 1809), ((bytes(512),) * 2, "09 0A", 2321)],
)
def test_its_fingerprint_answers_have_the_sizes_of_the_facts(
    sim: CardReaderSim, prints: tuple[bytes, ...], length: str, total: int
) -> None:
    answer = read(sim, SimCard(RESIDENT.text, fingerprints=prints), PRINTS)
    assert len(answer) == total and answer[5:7].hex(" ").upper() == length


def test_a_card_that_was_read_answers_80_until_it_is_laid_again(sim: CardReaderSim) -> None:
    read(sim, RESIDENT)
    assert says(sim, FIND).endswith("80 84")
    sim.lay(RESIDENT)
    assert says(sim, FIND).endswith("00 97")


def test_appended_addresses_are_70_bytes_each_or_91(sim: CardReaderSim) -> None:
    read(sim, RESIDENT)
    assert says(sim, ADDRESS) == "AA AA AA 96 69 00 04 00 00 91 95"
    read(sim, RESIDENT.with_addresses("甲", "乙"))
    assert len(ask(sim, ADDRESS)) == 11 + 140


def test_a_read_before_a_select_is_a_wrong_order(sim: CardReaderSim) -> None:
    assert says(sim, READ) == "AA AA AA 96 69 00 04 00 00 21 25"


def test_a_damaged_request_is_told(sim: CardReaderSim) -> None:
    assert says(sim, "AA AA AA 96 69 00 03 11 FF EC") == "AA AA AA 96 69 00 04 00 00 10 14"


def test_an_unknown_request_is_told(sim: CardReaderSim) -> None:
    assert says(sim, "AA AA AA 96 69 00 03 01 FF FD") == "AA AA AA 96 69 00 04 00 00 21 25"


def test_it_finds_a_request_in_dirt_and_in_pieces(sim: CardReaderSim) -> None:
    assert says(sim, "FF AA AA AA 96 69 FF FF 00 AA AA AA AA 96 69 00 03") == ""
    assert says(sim, "11 FF ED") == "AA AA AA 96 69 00 04 00 00 90 94"


def test_at_another_speed_it_hears_nothing(clock: Callable[[], float]) -> None:
    speed = [9600]
    sim = CardReaderSim(clock=clock, listens_at=115_200, line_baud=lambda: speed[0])
    assert says(sim, HELLO) == ""
    speed[0] = 115_200
    assert says(sim, HELLO) != ""


def test_a_change_of_speed_is_answered_at_the_old_one(clock: Callable[[], float]) -> None:
    speed = [115_200]
    sim = CardReaderSim(clock=clock, line_baud=lambda: speed[0])
    assert says(sim, "AA AA AA 96 69 00 03 60 04 67") == "AA AA AA 96 69 00 04 00 00 90 94"
    assert says(sim, HELLO) == ""
    speed[0] = 9600
    assert says(sim, HELLO) != ""


def test_its_mishaps_show(sim: CardReaderSim) -> None:
    sim.say_next("status", 0x81, sw1=0x69, sw2=0x82)
    assert says(sim, HELLO) == "AA AA AA 96 69 00 04 69 82 81 6E"
    sim.damage_next()
    assert says(sim, HELLO) == "AA AA AA 96 69 00 04 00 10 90 94"
    sim.cut_next(5)
    assert says(sim, HELLO) == "AA AA AA 96 69"
    sim.time_out_next()
    assert says(sim, HELLO) == "AA AA AA 96 69 00 05 05 05 05"
    sim.extra_sync = 2
    assert says(sim, HELLO).startswith("AA AA AA AA AA 96 69")


def test_a_slow_reader_answers_late(sim: CardReaderSim, clock: Callable[[], float]) -> None:
    sim.answer_after(2.0)
    assert says(sim, HELLO) == ""
    clock.pass_s(2.0)  # type: ignore[attr-defined]
    assert sim.take_output() != b""


def test_a_power_cycle_makes_a_lying_card_new(sim: CardReaderSim) -> None:
    read(sim, RESIDENT)
    sim.power_cycle()
    assert says(sim, FIND).endswith("00 97")


@pytest.mark.parametrize("make", [CardReaderSim, StxReaderSim])
def test_every_mishap_of_the_command_line_can_be_told_to_it(
    make: type[CardReaderSim], clock: Callable[[], float]
) -> None:
    for mishap in MISHAPS.values():
        mishap(make(clock=clock))


def test_after_every_mishap_it_can_be_made_well_again(clock: Callable[[], float]) -> None:
    sim = CardReaderSim(clock=clock)
    for mishap in MISHAPS.values():
        mishap(sim)
    sim.time_out_next()
    sim.say_next("status", 0x60)
    sim.leave_on("status")
    sim.lay(RESIDENT)
    assert says(sim, "AA AA AA 96 69 00 03 11 FF ED") != "AA AA AA 96 69 00 04 00 00 90 94"
    sim.lay(RESIDENT)
    sim.heal()
    assert says(sim, "AA AA AA 96 69 00 03 11 FF ED") == "AA AA AA 96 69 00 04 00 00 90 94"
    assert sim.card is RESIDENT


def test_text_that_does_not_fit_a_card_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes do not fit into 30"):
        RESIDENT.with_text_at(0, 30, "名" * 16)


def test_the_multi_function_reader_speaks_by_its_document(clock: Callable[[], float]) -> None:
    sim = StxReaderSim(clock=clock)
    assert says(sim, "02 00 02 31 12 23 03") == "02 00 02 00 00 00 03"
    assert says(sim, "02 00 03 CA 01 00 CB 03") == "02 00 02 80 00 80 03"
    sim.lay(RESIDENT)
    answer = ask(sim, "02 00 03 CA 01 00 CB 03")
    assert len(answer) == 1291 and answer[:9].hex(" ").upper() == "02 05 06 90 00 01 00 04 00"
    sim.lay(RESIDENT)
    assert ask(sim, "02 00 03 CA 01 01 CA 03")[5:-2] == RESIDENT.text[122:158]
    sim.lay(BUS_CARD)
    assert says(sim, "02 00 03 CA 01 03 C8 03") == "02 00 02 40 00 40 03"
    assert says(sim, "02 00 02 31 12 24 03") == "02 00 02 00 F3 F3 03"
    assert says(sim, "02 00 02 77 77 00 03") == "02 00 02 00 F4 F4 03"
    assert says(sim, "FF 02 FF FF 02 00 02 31 12 23 04") == "02 00 02 00 F1 F1 03"
