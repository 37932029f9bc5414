"""pymodbus's own server as the far end: pads and signs over a pseudo-terminal pair and over TCP."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from tests.drivers.modbus.conftest import load_measure, until

from halldrivers.errors import DeviceState
from halldrivers.modbusline.line import ModbusLines
from halldrivers.ratingpad.address import ModbusPadAddress, parse_pad
from halldrivers.ratingpad.lamps import LampState
from halldrivers.ratingpad.modbuspad import ModbusRatingPad
from halldrivers.ratingpad.telling import PadTrouble, RawPress
from halldrivers.sign.address import parse_sign
from halldrivers.sign.sign import open_sign
from halldrivers.status import DeviceStatus

measure = load_measure()


@pytest.fixture(params=["rtu", "tcp"])
def far(request: pytest.FixtureRequest) -> Any:
    """Opens the far end of some units; yields how a unit's URL begins."""

    @contextmanager
    def opened(*units: Any) -> Iterator[str]:
        if request.param == "tcp":
            with measure.far_end(list(units)) as port:
                yield f"modbus://127.0.0.1:{port}?"
            return
        wire = measure.Wire()
        try:
            with measure.far_end(list(units), wire.far):
                yield f"modbus://{wire.near}?"
        finally:
            wire.close()

    return opened


class Pad:
    """A pad at a URL, and what it told."""

    def __init__(self, url: str, lines: ModbusLines) -> None:
        address = parse_pad(url)
        assert isinstance(address, ModbusPadAddress)
        self.presses: list[RawPress] = []
        self.troubles: list[PadTrouble | None] = []
        self.pad = ModbusRatingPad(
            address, lines, on_press=self.presses.append, on_trouble=self.troubles.append
        )


def test_a_press_is_heard_and_the_lamps_are_switched(far: Any, lines: ModbusLines) -> None:
    unit = measure.FarUnit(3)
    with far(unit) as url:
        seen = Pad(f"{url}unit=3", lines)
        until(lambda: seen.troubles == [None])
        arming = seen.pad.arm()
        until(lambda: unit.coils == {0: True, 1: True, 2: True, 3: True})
        unit.inputs = 0b0100
        until(lambda: seen.presses != [])
        assert [(press.key, press.arming) for press in seen.presses] == [("3", arming)]
        unit.inputs = 0
        seen.pad.thank("3")
        until(lambda: unit.coils == {0: False, 1: False, 2: True, 3: False})
        assert seen.pad.showing is LampState.THANKS
        seen.pad.close()
        assert not any(unit.coils.values())


def test_keys_and_lamps_may_begin_anywhere(far: Any, lines: ModbusLines) -> None:
    unit = measure.FarUnit(1)
    with far(unit) as url:
        seen = Pad(f"{url}unit=1&keys=4&lamps=8", lines)
        seen.pad.arm()
        until(lambda: unit.coils.get(11) is True)
        assert set(unit.coils) == {8, 9, 10, 11}
        unit.inputs = 0b0001_0000
        until(lambda: [press.key for press in seen.presses] == ["1"])
        seen.pad.close()


def test_a_press_that_the_board_kept_from_before_is_read_away(far: Any, lines: ModbusLines) -> None:
    unit = measure.FarUnit(1)
    unit.latched = True
    with far(unit) as url:
        seen = Pad(f"{url}unit=1", lines)
        until(lambda: seen.troubles == [None])
        unit.inputs = 0b0001
        arming = seen.pad.arm()
        until(lambda: len(seen.presses) == 1)
        until(lambda: unit.inputs == 0)
        unit.inputs = 0b0010
        until(lambda: len(seen.presses) == 2)
        assert [(press.key, press.arming) for press in seen.presses] == [("1", 0), ("2", arming)]
        assert (seen.pad.counters["strays"], seen.pad.counters["presses"]) == (1, 1)
        seen.pad.close()


def test_a_board_without_function_15_gets_its_lamps_one_by_one(far: Any, lines: ModbusLines) -> None:
    unit = measure.FarUnit(1)
    unit.refuses = frozenset({15})
    with far(unit) as url:
        seen = Pad(f"{url}unit=1", lines)
        seen.pad.arm()
        until(lambda: unit.coils == {0: True, 1: True, 2: True, 3: True})
        assert seen.troubles == [None], "nothing is wrong with it"
        seen.pad.close()
        assert not any(unit.coils.values())


def test_a_dead_unit_among_living_ones_is_told_and_slows_nobody(far: Any, lines: ModbusLines) -> None:
    units = [measure.FarUnit(number) for number in range(1, 5)]
    with far(*units) as url:
        pads = [Pad(f"{url}unit={number}", lines) for number in range(1, 6)]
        until(lambda: all(pad.troubles == [None] for pad in pads[:4]))
        until(lambda: pads[4].troubles != [])
        [trouble] = pads[4].troubles
        assert trouble is not None and trouble.status.code == "M-02" and trouble.heals
        for pad in pads[:4]:
            pad.pad.arm()
        until(lambda: all(unit.coils.get(0) for unit in units))
        for unit in units:
            unit.inputs = 0b1000
        until(lambda: all([press.key for press in pad.presses] == ["4"] for pad in pads[:4]))
        for pad in pads:
            pad.pad.close()


def test_a_sign_shows_what_it_is_told(far: Any, lines: ModbusLines) -> None:
    unit = measure.FarUnit(11)
    words: list[DeviceStatus] = []
    with far(unit) as url:
        sign = open_sign(parse_sign(f"{url}unit=11&digits=4"), lines, words.append)
        until(lambda: [word.state for word in words] == [DeviceState.ONLINE])
        sign.show("A012")
        until(lambda: unit.registers.get(0x80) == 0x773F)
        assert unit.registers[0x81] == 0x065B
        sign.show("7")
        until(lambda: unit.registers.get(0) == 7)
        sign.close()
        assert unit.registers[0x80] == unit.registers[0x81] == 0


def test_a_sign_of_the_other_style_gets_ascii(far: Any, lines: ModbusLines) -> None:
    unit = measure.FarUnit(11)
    with far(unit) as url:
        sign = open_sign(parse_sign(f"{url}unit=11&digits=4&style=dm36"), lines)
        sign.show("A012")
        until(lambda: [unit.registers.get(n) for n in range(4)] == list(b"A012"))
        sign.close()


def test_ten_pads_at_9600_baud_with_one_dead_are_all_heard_in_time() -> None:
    figures = measure.bench(seconds=1.0)
    assert figures["presses"] >= 1
    # The promise is 300 ms and is proven by virtual time; here a busy machine is forgiven.
    assert figures["between_answers_ms_median"] < 1000
