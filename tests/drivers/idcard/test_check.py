"""The three health checks."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from halldrivers.check import CheckLevel, Finding, Verdict
from halldrivers.errors import DeviceState, PortBusy
from halldrivers.idcard.address import parse_idcard
from halldrivers.idcard.check import held_idcard_checker, idcard_checker
from halldrivers.idcard.reader import CardReader
from halldrivers.idcard.sim import CardReaderSim
from halldrivers.idcard.simcards import RESIDENT
from halldrivers.idcard.simstx import StxReaderSim
from halldrivers.idcard.visit import Pace
from halldrivers.simwire import SimServer, serve_pty, serve_tcp
from halldrivers.tcpport import TcpTransport
from halldrivers.transport import Transport
from halldrivers.worker import DeviceWorker

QUICK = Pace(poll_s=0.01, hold_s=0.05)


class Findings:
    """What a check found, as it comes."""

    def __init__(self) -> None:
        self.all: list[Finding] = []
        self._changed = threading.Condition()

    def __call__(self, finding: Finding) -> None:
        with self._changed:
            self.all.append(finding)
            self._changed.notify_all()

    def until(self, part: str) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: any(part in one.en for one in self.all), 10.0), self.all

    @property
    def verdicts(self) -> list[Verdict]:
        return [finding.verdict for finding in self.all]


@pytest.fixture
def found() -> Findings:
    return Findings()


@pytest.fixture
def sim() -> CardReaderSim:
    return CardReaderSim(clock=time.monotonic)


@pytest.fixture
def server(sim: CardReaderSim) -> Iterator[SimServer[CardReaderSim]]:
    with serve_tcp(sim) as made:
        yield made


def test_a_device_node_that_is_there_passes(found: Findings, sim: CardReaderSim) -> None:
    with serve_pty(sim) as server:
        idcard_checker(parse_idcard(server.url))(CheckLevel.INTERNAL, found)
        assert sim.bytes_in == 0
    assert found.verdicts == [Verdict.PASSED]


def test_a_device_node_that_is_not_there_says_who_must_act(found: Findings, tmp_path: Path) -> None:
    idcard_checker(parse_idcard(f"serial://{tmp_path}/idcard"))(CheckLevel.INTERNAL, found)
    [finding] = found.all
    assert finding.verdict is Verdict.FAILED and finding.fault is not None and finding.fault.code == "D-02"


def test_a_plain_file_is_no_device_node(found: Findings, tmp_path: Path) -> None:
    (tmp_path / "idcard").write_text("")
    idcard_checker(parse_idcard(f"serial://{tmp_path}/idcard"))(CheckLevel.INTERNAL, found)
    assert found.verdicts == [Verdict.FAILED]


def test_the_address_of_a_bridge_is_all_there_is_to_see(found: Findings) -> None:
    idcard_checker(parse_idcard("tcp://10.0.0.7:10001"))(CheckLevel.INTERNAL, found)
    assert found.all == [Finding(Verdict.PASSED, "地址正确：10.0.0.7:10001", "address: 10.0.0.7:10001")]


@pytest.mark.parametrize(("ids", "verdict"), [("c35a", Verdict.PASSED), ("0001", Verdict.FAILED)])
def test_a_usb_reader_is_looked_for_on_the_bus(
    found: Findings, tmp_path: Path, ids: str, verdict: Verdict
) -> None:
    (tmp_path / "1-1").mkdir()
    (tmp_path / "1-1" / "idVendor").write_text("0400\n")
    (tmp_path / "1-1" / "idProduct").write_text(f"{ids}\n")
    check = idcard_checker(parse_idcard("usb://0400:c35a"), usb_devices=tmp_path)
    check(CheckLevel.INTERNAL, found)
    assert found.verdicts == [verdict]


def test_a_reader_that_answers_tells_its_speed_and_its_id(found: Findings, sim: CardReaderSim) -> None:
    with serve_pty(sim) as server:
        idcard_checker(parse_idcard(server.url))(CheckLevel.EXTERNAL, found)
    assert [finding.en for finding in found.all] == [
        "the reader answers and is well at 115200 baud",
        "the reader's id: 05.01-20230101-0000123456-0987654321",
    ]
    assert found.verdicts == [Verdict.PASSED] * 2


def test_a_multi_function_reader_is_checked_too(found: Findings) -> None:
    with serve_tcp(StxReaderSim(clock=time.monotonic)) as server:
        idcard_checker(parse_idcard(f"{server.url}?frames=stx"))(CheckLevel.EXTERNAL, found)
    assert found.verdicts == [Verdict.PASSED] * 2 and "ID-READER-1" in found.all[1].en


def test_a_reader_that_is_not_well_says_who_must_act(
    found: Findings, sim: CardReaderSim, server: SimServer[CardReaderSim]
) -> None:
    sim.is_well = False
    idcard_checker(parse_idcard(server.url))(CheckLevel.EXTERNAL, found)
    [finding] = found.all
    assert finding.fault is not None and finding.fault.code == "I-02"


ID = "读卡器编号：05.01-20230101-0000123456-0987654321"


@pytest.mark.parametrize("serve", [serve_tcp, serve_pty])
@pytest.mark.parametrize("options", ["", "baud=9600"])
def test_a_reader_without_a_licence_tells_the_id_that_the_vendor_asks_for(
    found: Findings,
    sim: CardReaderSim,
    serve: Callable[[CardReaderSim], SimServer[CardReaderSim]],
    options: str,
) -> None:
    sim.say_next("status", 0x66, times=1000)
    with serve(sim) as server:
        url = f"{server.url}?{options}" if options and serve is serve_pty else server.url
        idcard_checker(parse_idcard(url))(CheckLevel.EXTERNAL, found)
    assert found.verdicts == [Verdict.FAILED, Verdict.PASSED]
    assert found.all[0].fault is not None and found.all[0].fault.code == "I-03"
    assert found.all[1].zh == ID


def test_a_reader_that_keeps_its_id_to_itself_has_it_on_its_plate(
    found: Findings, sim: CardReaderSim, server: SimServer[CardReaderSim]
) -> None:
    sim.is_licensed = False
    idcard_checker(parse_idcard(server.url))(CheckLevel.EXTERNAL, found)
    assert found.verdicts == [Verdict.FAILED, Verdict.UNKNOWN]
    assert found.all[1].zh == "读卡器不肯说编号：报修时抄它铭牌上的编号"
    assert found.all[1].en == "the reader does not tell its id: quote the one on its plate"


def test_an_id_is_not_waited_for_where_another_program_has_the_port(
    found: Findings, sim: CardReaderSim, server: SimServer[CardReaderSim], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("halldrivers.idcard.check.BESIDE_S", 0.2)
    sim.say_next("status", 0x66, times=1000)
    address = parse_idcard(server.url)

    class Busy(TcpTransport):
        def open(self) -> None:
            raise PortBusy("another")

    def open_wire(baud: int) -> Transport:
        is_worker = threading.current_thread().name.startswith("device ")
        return address.wire(baud) if is_worker else Busy(address.host, address.port)

    idcard_checker(address, open_wire=open_wire)(CheckLevel.EXTERNAL, found)
    assert found.verdicts == [Verdict.FAILED, Verdict.UNKNOWN]


def test_a_reader_that_loses_its_licence_in_use_tells_its_id_over_its_own_worker(
    found: Findings, held: tuple[CardReader, DeviceWorker], sim: CardReaderSim
) -> None:
    sim.say_next("status", 0x66, times=1000)
    held_idcard_checker(*held)(CheckLevel.EXTERNAL, found)
    assert found.verdicts == [Verdict.FAILED, Verdict.PASSED] and found.all[1].zh == ID


def test_a_card_is_read_as_in_production_and_shown_masked(
    found: Findings, sim: CardReaderSim, server: SimServer[CardReaderSim]
) -> None:
    check = idcard_checker(parse_idcard(server.url), pace=QUICK, wait_s=10.0)
    person = threading.Thread(target=lambda: check(CheckLevel.INTERACTIVE, found))
    person.start()
    found.until("lay an ID card")
    sim.lay(RESIDENT)
    found.until("read a card")
    sim.take_away()
    person.join(10.0)
    assert not person.is_alive()
    assert [finding.zh for finding in found.all] == [
        "请把身份证平放在读卡区",
        "读到居民身份证：测** 1101**********002X",
        "请取走身份证",
        "读卡区已没有证",
    ]
    assert found.verdicts == [Verdict.ASK, Verdict.PASSED, Verdict.ASK, Verdict.PASSED]


def test_nobody_lays_a_card_and_nothing_can_be_told(
    found: Findings, server: SimServer[CardReaderSim]
) -> None:
    check = idcard_checker(parse_idcard(server.url), pace=QUICK, wait_s=0.1)
    check(CheckLevel.INTERACTIVE, found)
    assert found.verdicts == [Verdict.ASK, Verdict.UNKNOWN]


def test_a_card_that_stays_is_told(
    found: Findings, sim: CardReaderSim, server: SimServer[CardReaderSim]
) -> None:
    sim.finds_again = True
    sim.lay(RESIDENT)
    check = idcard_checker(parse_idcard(server.url), pace=QUICK, wait_s=0.5)
    check(CheckLevel.INTERACTIVE, found)
    assert found.all[-1].en == "the card still lies on the reader: take it away"


def test_a_reader_that_is_away_fails_the_interactive_check(found: Findings, tmp_path: Path) -> None:
    check = idcard_checker(parse_idcard(f"serial://{tmp_path}/idcard"), wait_s=10.0)
    check(CheckLevel.INTERACTIVE, found)
    assert found.verdicts == [Verdict.ASK, Verdict.FAILED]
    assert found.all[-1].fault is not None and found.all[-1].fault.code == "D-02"
    check(CheckLevel.EXTERNAL, found)
    assert found.all[-1].fault is not None and found.all[-1].fault.code == "D-02"


@pytest.fixture
def held(server: SimServer[CardReaderSim]) -> Iterator[tuple[CardReader, DeviceWorker]]:
    """A reader that a terminal holds."""
    reader = CardReader(parse_idcard(server.url), on_card=lambda record: None, pace=QUICK)
    with reader.worker("idcard") as worker:
        deadline_s = time.monotonic() + 10.0
        while worker.status.state is not DeviceState.ONLINE:
            assert time.monotonic() < deadline_s
            time.sleep(0.005)
        yield reader, worker


def test_a_reader_in_use_is_checked_over_its_own_worker(
    found: Findings, held: tuple[CardReader, DeviceWorker], sim: CardReaderSim
) -> None:
    check = held_idcard_checker(*held, wait_s=10.0)
    check(CheckLevel.INTERNAL, found)
    check(CheckLevel.EXTERNAL, found)
    assert found.verdicts == [Verdict.PASSED] * 3
    person = threading.Thread(target=lambda: check(CheckLevel.INTERACTIVE, found))
    person.start()
    found.until("lay an ID card")
    sim.lay(RESIDENT)
    found.until("read a card")
    sim.take_away()
    person.join(10.0)
    assert found.all[-1].en == "no card answers any more"
    assert not held[0].is_armed


def test_a_reader_that_serves_a_citizen_is_not_taken_for_a_check(
    found: Findings, held: tuple[CardReader, DeviceWorker]
) -> None:
    held[0].arm()
    held_idcard_checker(*held)(CheckLevel.INTERACTIVE, found)
    assert [finding.en for finding in found.all] == ["it is reading for a citizen: try again later"]
    assert held[0].is_armed


def test_a_fault_in_the_middle_of_a_check_ends_it(
    found: Findings, held: tuple[CardReader, DeviceWorker], sim: CardReaderSim
) -> None:
    person = threading.Thread(target=lambda: held_idcard_checker(*held)(CheckLevel.INTERACTIVE, found))
    person.start()
    found.until("lay an ID card")
    sim.is_well = False
    person.join(10.0)
    assert not person.is_alive()
    assert found.all[-1].fault is not None and found.all[-1].fault.code == "I-02"
    held_idcard_checker(*held)(CheckLevel.EXTERNAL, found)
    assert found.all[-1].fault is not None and found.all[-1].fault.code == "I-02"


def test_a_node_without_rights_is_told(
    found: Findings, sim: CardReaderSim, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda node, mode: False)  # root may use every node
    with serve_pty(sim) as server:
        idcard_checker(parse_idcard(server.url))(CheckLevel.INTERNAL, found)
    assert found.all[0].fault is not None and found.all[0].fault.code == "D-03"
