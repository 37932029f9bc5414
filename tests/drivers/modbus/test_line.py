"""One line on a real pseudo-terminal: opened with its first unit, closed with its last, lost and found."""

from __future__ import annotations

import logging
import socket
import threading
import time
from pathlib import Path

import pytest
from tests.drivers.modbus.conftest import QUICK, Probe, until

from halldrivers.errors import DeviceState
from halldrivers.modbusline.address import LineAddress, UnitAddress
from halldrivers.modbusline.errors import UnitTaken
from halldrivers.modbusline.line import ModbusLines
from halldrivers.modbussim import ModbusLineSim, modbus_url
from halldrivers.serialport import SerialTransport
from halldrivers.simwire import SimServer, serve_pty, serve_tcp

Server = SimServer[ModbusLineSim]


def at(server: Server, unit: int, think_s: float = 0.05) -> UnitAddress:
    return UnitAddress(LineAddress(path=server.path, baud=9600), unit, think_s)


def test_a_unit_is_told_online_when_it_answered_and_never_before(
    sim: ModbusLineSim, server: Server, lines: ModbusLines
) -> None:
    sim.add_pad(3)
    probe = Probe(at(server, 3))
    lines.attach(probe)
    until(lambda: probe.words != [])
    assert probe.states == [DeviceState.ONLINE]
    assert probe.bits
    lines.detach(probe)


def test_the_line_is_opened_with_its_first_unit_and_closed_with_its_last(
    sim: ModbusLineSim, server: Server, lines: ModbusLines
) -> None:
    probes = [Probe(at(server, number)) for number in (1, 2)]
    for probe in probes:
        sim.add_pad(probe.address.unit)
        lines.attach(probe)
    until(lambda: all(probe.bits for probe in probes))
    assert len(lines.open) == 1
    names = [thread.name for thread in threading.enumerate()]
    assert names.count(f"device modbus {server.path}") == 1
    lines.detach(probes[0])
    assert len(lines.open) == 1
    lines.detach(probes[1])
    assert lines.open == ()
    SerialTransport(server.path, 9600).open()  # nobody holds it


def test_the_adapter_is_ours_alone_while_it_is_open(
    sim: ModbusLineSim, server: Server, lines: ModbusLines
) -> None:
    sim.add_pad(1)
    probe = Probe(at(server, 1))
    lines.attach(probe)
    until(lambda: probe.bits != [])
    second = ModbusLines(retry=QUICK)
    other = Probe(at(server, 1))
    second.attach(other)
    until(lambda: other.words != [])
    assert other.codes == ["D-04"]
    second.detach(other)
    lines.detach(probe)


def test_a_unit_that_is_given_up_says_farewell(
    sim: ModbusLineSim, server: Server, lines: ModbusLines
) -> None:
    sim.add_pad(1)
    probe = Probe(at(server, 1))
    probe.to_write = True
    lines.attach(probe)
    until(lambda: sim.lamps(1) == (True,) * 4)
    lines.detach(probe)
    assert probe.last_word == "farewell"
    assert sim.lamps(1) == (False,) * 4
    lines.detach(probe)


def test_a_unit_number_belongs_to_one_at_a_time(
    sim: ModbusLineSim, server: Server, lines: ModbusLines
) -> None:
    sim.add_pad(1)
    first, second = Probe(at(server, 1)), Probe(at(server, 1))
    lines.attach(first)
    with pytest.raises(UnitTaken, match="M-05"):
        lines.attach(second)
    lines.detach(second)
    until(lambda: first.bits != [])
    lines.detach(first)
    lines.attach(second)
    until(lambda: second.bits != [])
    lines.detach(second)


def test_one_line_has_one_speed(sim: ModbusLineSim, server: Server, lines: ModbusLines) -> None:
    probe = Probe(at(server, 1))
    lines.attach(probe)
    other = Probe(UnitAddress(LineAddress(path=server.path, baud=19200), 2))
    with pytest.raises(UnitTaken, match="19200"):
        lines.attach(other)
    lines.detach(probe)


def test_a_dead_unit_is_offline_once_and_back_once_and_its_neighbours_hear_nothing_of_it(
    sim: ModbusLineSim, server: Server, lines: ModbusLines
) -> None:
    sim.add_pad(1)
    sim.add_pad(2)
    alive, dead = Probe(at(server, 1)), Probe(at(server, 2))
    lines.attach(alive)
    lines.attach(dead)
    until(lambda: alive.bits != [] and dead.bits != [])
    forgets = dead.forgets
    sim.kill(2)
    until(lambda: dead.states[-1] is DeviceState.OFFLINE)
    assert dead.codes[-1] == "M-02"
    assert dead.counters["timeouts"] >= 3
    sim.revive(2)
    until(lambda: dead.states[-1] is DeviceState.ONLINE)
    assert dead.states == [DeviceState.ONLINE, DeviceState.OFFLINE, DeviceState.ONLINE]
    assert dead.forgets == forgets + 1
    assert alive.states == [DeviceState.ONLINE]
    lines.detach(dead)
    lines.detach(alive)


def test_two_missing_answers_are_no_news(sim: ModbusLineSim, server: Server, lines: ModbusLines) -> None:
    pad = sim.add_pad(1)
    probe = Probe(at(server, 1))
    lines.attach(probe)
    until(lambda: probe.bits != [])
    pad.corrupts = 2
    until(lambda: pad.corrupts == 0)
    before = len(probe.bits)
    until(lambda: len(probe.bits) > before)
    assert probe.states == [DeviceState.ONLINE]
    assert probe.counters["garbage"] == 2
    lines.detach(probe)


def test_damaged_answers_are_told_as_a_matter_of_the_wires(
    sim: ModbusLineSim, server: Server, lines: ModbusLines
) -> None:
    sim.add_pad(1).corrupts = 1000
    probe = Probe(at(server, 1))
    lines.attach(probe)
    until(lambda: probe.words != [])
    assert (probe.states, probe.codes) == ([DeviceState.FAULT], ["M-04"])
    lines.detach(probe)


def test_two_units_that_answer_under_one_number_are_told_as_damage(
    sim: ModbusLineSim, server: Server, lines: ModbusLines
) -> None:
    sim.add_pad(1).answers_as = 2
    probe = Probe(at(server, 1))
    lines.attach(probe)
    until(lambda: probe.words != [])
    assert probe.codes == ["M-04"]
    lines.detach(probe)


def test_a_unit_that_refuses_is_a_fault_of_the_configuration(
    sim: ModbusLineSim, server: Server, lines: ModbusLines
) -> None:
    sim.add_pad(1).refusal = 2
    probe = Probe(at(server, 1))
    lines.attach(probe)
    until(lambda: probe.words != [])
    assert (probe.states, probe.codes) == ([DeviceState.FAULT], ["M-03"])
    lines.detach(probe)


def test_a_pulled_adapter_takes_every_unit_down_once_and_brings_each_back_once(
    sim: ModbusLineSim, server: Server, lines: ModbusLines, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "hall.device")
    probes = [Probe(at(server, number)) for number in (1, 2, 3)]
    for probe in probes:
        sim.add_pad(probe.address.unit)
        lines.attach(probe)
    until(lambda: all(probe.bits for probe in probes))
    sim.unplug_after(0)
    until(lambda: all(probe.states[-1] is DeviceState.ABSENT for probe in probes))
    assert {probe.codes[-1] for probe in probes} == {"M-01"}
    sim.plug()
    until(lambda: all(probe.states[-1] is DeviceState.ONLINE for probe in probes))
    for probe in probes:
        assert probe.states == [DeviceState.ONLINE, DeviceState.ABSENT, DeviceState.ONLINE]
        assert probe.forgets >= 2, "what it shows, and which keys are down, is not known any more"
        lines.detach(probe)
    assert [r.levelname for r in caplog.records if "modbus" in r.getMessage()] == ["INFO", "WARNING", "INFO"]


@pytest.mark.parametrize("after", range(1, 9))
def test_a_line_pulled_at_any_byte_of_a_question_comes_back(
    sim: ModbusLineSim, server: Server, lines: ModbusLines, after: int
) -> None:
    sim.add_pad(1)
    probe = Probe(at(server, 1))
    lines.attach(probe)
    until(lambda: probe.bits != [])
    sim.unplug_after(after)
    until(lambda: not sim.is_connected)
    sim.plug()
    before = len(probe.bits)
    until(lambda: len(probe.bits) > before)
    assert probe.states[-1] is DeviceState.ONLINE
    lines.detach(probe)


def test_a_unit_that_joins_a_lost_line_hears_of_it_at_once(
    sim: ModbusLineSim, server: Server, lines: ModbusLines
) -> None:
    probe = Probe(at(server, 1))
    lines.attach(probe)
    sim.unplug_after(0)
    until(lambda: probe.states[-1:] == [DeviceState.ABSENT])
    late = Probe(at(server, 2))
    lines.attach(late)
    assert late.codes == ["M-01"]
    lines.detach(probe)
    lines.detach(late)


def test_a_line_that_is_not_there_when_it_is_opened_is_found_later(
    tmp_path: Path, lines: ModbusLines
) -> None:
    sim = ModbusLineSim(clock=time.monotonic)
    sim.add_pad(1)
    probe = Probe(UnitAddress(LineAddress(path=str(tmp_path / "pads"), baud=9600), 1))
    lines.attach(probe)
    until(lambda: probe.codes == ["M-01"])
    with serve_pty(sim, tmp_path / "pads"):
        until(lambda: probe.states == [DeviceState.ABSENT, DeviceState.ONLINE])
        lines.detach(probe)


def test_a_unit_that_hangs_does_not_delay_the_others(
    sim: ModbusLineSim, server: Server, lines: ModbusLines
) -> None:
    for number in range(1, 6):
        sim.add_pad(number)
    sim.units[5].delay_s = 3600.0
    probes = [Probe(at(server, number), calm_s=0.05) for number in range(1, 6)]
    for probe in probes:
        lines.attach(probe)
    until(lambda: probes[4].states == [DeviceState.OFFLINE])
    counts = [len(probe.bits) for probe in probes[:4]]
    until(lambda: all(len(p.bits) >= n + 20 for p, n in zip(probes[:4], counts, strict=True)))
    assert all(probe.states == [DeviceState.ONLINE] for probe in probes[:4])
    for probe in probes:
        lines.detach(probe)


def test_an_adapter_with_echo_works_like_one_without(lines: ModbusLines) -> None:
    sim = ModbusLineSim(clock=time.monotonic, echo=True)
    sim.add_pad(1)
    with serve_pty(sim) as server:
        probe = Probe(at(server, 1))
        probe.to_write = True
        lines.attach(probe)
        until(lambda: len(probe.bits) > 5 and probe.writes == 1)
        assert sim.lamps(1) == (True,) * 4
        sim.press(1, "2", hold_s=5.0)
        until(lambda: probe.bits[-1] == (False, True, False, False))
        lines.detach(probe)


def test_noise_on_the_line_costs_single_answers_and_no_unit(lines: ModbusLines) -> None:
    sim = ModbusLineSim(clock=time.monotonic, noise=0.1, seed=5)
    sim.add_pad(1)
    with serve_pty(sim) as server:
        probe = Probe(at(server, 1))
        lines.attach(probe)
        until(lambda: len(probe.bits) > 12)
        lines.detach(probe)
        assert probe.states[-1] is DeviceState.ONLINE


def test_a_serial_server_that_passes_frames_through_works_like_an_adapter(lines: ModbusLines) -> None:
    sim = ModbusLineSim(clock=time.monotonic)
    sim.add_pad(1)
    with serve_tcp(sim) as server:
        assert modbus_url(server, 1) == f"modbus://127.0.0.1:{server.port}?framing=rtu&unit=1"
        probe = Probe(UnitAddress(LineAddress(host="127.0.0.1", port=server.port), 1))
        lines.attach(probe)
        until(lambda: probe.bits != [])
        sim.unplug_after(0)
        until(lambda: probe.codes[-1] == "M-01")
        sim.plug()
        until(lambda: probe.states[-1] is DeviceState.ONLINE)
        lines.detach(probe)


def test_a_gateway_that_is_not_there_is_told_and_given_up_soon(lines: ModbusLines) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    probe = Probe(UnitAddress(LineAddress(host="127.0.0.1", port=port), 1))
    lines.attach(probe)
    until(lambda: probe.codes == ["M-01"])
    lines.detach(probe)


def test_what_is_counted_on_a_line_can_be_read(
    sim: ModbusLineSim, server: Server, lines: ModbusLines
) -> None:
    sim.add_pad(1)
    probe = Probe(at(server, 1))
    lines.attach(probe)
    until(lambda: len(probe.bits) > 3)
    [line] = lines.open
    assert line.counters["opens"] == 1
    assert line.counters["bytes_out"] >= 3 * 8
    assert line.counters["bytes_in"] >= 3 * 6
    assert line.status.state is DeviceState.ONLINE
    lines.detach(probe)


def test_a_program_error_in_one_unit_is_told_and_ends_no_line(
    sim: ModbusLineSim, server: Server, lines: ModbusLines, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken(Probe):
        def ask(self, wire: object) -> None:
            raise RuntimeError("of ours")

    sim.add_pad(1)
    broken, healthy = Broken(at(server, 1)), Probe(at(server, 2))
    sim.add_pad(2)
    lines.attach(broken)
    lines.attach(healthy)
    until(lambda: healthy.codes[:1] == ["D-99"])
    lines.detach(broken)
    until(lambda: healthy.states[-1] is DeviceState.ONLINE)
    lines.detach(healthy)
