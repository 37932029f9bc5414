"""The health checks of a printer, on a machine in a folder and over a simulated unit."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from halldrivers.buses import Roots
from halldrivers.check import CheckLevel, Finding, Verdict, passed
from halldrivers.errors import Actor
from halldrivers.memoryport import memory_pair
from halldrivers.printerline.check import findings_of, printer_checker
from halldrivers.printerline.checkport import check_port
from halldrivers.printerline.enrolabout import Identity
from halldrivers.printerline.status import SILENT, Cover, Online, Paper, PrinterStatus
from halldrivers.printersim import CHINESE_58, EPSON, MUTE, PrinterSim, SimAbilities
from halldrivers.printersim.server import serve_tcp, serve_transport
from halldrivers.usbport import UsbLibraryMissing

P, F, U = Verdict.PASSED, Verdict.FAILED, Verdict.UNKNOWN


@pytest.fixture
def roots(tmp_path: Path) -> Roots:
    for name in ("dev", "sys", "proc"):
        (tmp_path / name).mkdir()
    return Roots(tmp_path / "dev", tmp_path / "sys", tmp_path / "proc")


@pytest.fixture
def node(roots: Roots) -> Iterator[str]:
    """A character device at /dev/usb/lp0 of the folder."""
    master, slave = os.openpty()
    (roots.dev / "usb").mkdir()
    (roots.dev / "usb/lp0").symlink_to(os.ttyname(slave))
    yield "/dev/usb/lp0"
    os.close(master)
    os.close(slave)


def usb_printer(roots: Roots, socket: str = "1-1", serial: str = "X1", driver: str = "usblp") -> None:
    folder = roots.sys / "bus/usb/devices" / socket
    interface = folder / f"{socket}:1.0"
    interface.mkdir(parents=True)
    number = 10 + len(list((roots.sys / "bus/usb/devices").iterdir()))
    for name, value in (
        ("idVendor", "04b8"),
        ("idProduct", "0e15"),
        ("busnum", "1"),
        ("devnum", str(number)),
        ("product", "TM-T82III"),
        ("serial", serial),
    ):
        (folder / name).write_text(value)
    (interface / "bInterfaceNumber").write_text("00")
    (interface / "bInterfaceClass").write_text("07")
    if driver:
        home = roots.sys / "bus/usb/drivers" / driver
        home.mkdir(parents=True, exist_ok=True)
        (interface / "driver").symlink_to(home)
    bus = roots.dev / "bus/usb/001"
    bus.mkdir(parents=True, exist_ok=True)
    (bus / f"{number:03d}").touch()


def process(roots: Roots, pid: int, name: str, *holds: str) -> None:
    folder = roots.proc / str(pid)
    (folder / "fd").mkdir(parents=True)
    (folder / "comm").write_text(f"{name}\n")
    for number, target in enumerate(holds):
        (folder / "fd" / str(number)).symlink_to(target)


def check(level: CheckLevel, url: str, **more: object) -> list[Finding]:
    told: list[Finding] = []
    printer_checker(url, **more)(level, told.append)  # type: ignore[arg-type]
    return told


def internal(roots: Roots, url: str) -> list[Finding]:
    return check(CheckLevel.INTERNAL, url, roots=roots)


def verdicts(told: list[Finding]) -> list[Verdict]:
    return [finding.verdict for finding in told]


# --- internal


def test_a_wrong_url_is_told_with_its_fix(roots: Roots) -> None:
    (finding,) = internal(roots, "tcp://10.0.0.7")

    assert finding.fault is not None
    assert (finding.verdict, finding.fault.code) == (F, "D-01")


def test_a_network_printer_has_nothing_to_look_at_here(roots: Roots) -> None:
    assert verdicts(internal(roots, "tcp://10.0.0.7:9100")) == [P]


def test_a_node_that_is_there_and_free_is_well(roots: Roots, node: str) -> None:
    (finding,) = internal(roots, f"lp://{node}")

    assert finding.verdict is P
    assert finding.en == "the node is there and may be used: /dev/usb/lp0"


def test_a_link_is_shown_with_where_it_leads(roots: Roots, node: str) -> None:
    (roots.dev / "hall").mkdir()
    (roots.dev / "ttyUSB0").write_text("")
    (roots.dev / "hall/printer").symlink_to("../ttyUSB0")

    (finding,) = internal(roots, "serial:///dev/hall/printer?baud=9600")

    assert "not a character device" in finding.en


def test_a_node_that_is_not_there_is_absent(roots: Roots) -> None:
    (finding,) = internal(roots, "lp:///dev/usb/lp0")

    assert finding.fault is not None
    assert (finding.verdict, finding.fault.code, finding.fault.who) == (F, "D-02", Actor.CLERK)


def test_without_rights_the_group_is_named(roots: Roots, node: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: False)

    (finding,) = internal(roots, f"lp://{node}")

    assert finding.fault is not None
    assert finding.fault.code == "D-03"
    assert "group lp" in finding.en
    assert "group dialout" in internal(roots, f"serial://{node}")[0].en


def test_cups_on_the_node_is_a_fault(roots: Roots, node: str) -> None:
    process(roots, 812, "cups-usb", "/dev/usb/lp0")

    told = internal(roots, f"lp://{node}")

    assert verdicts(told) == [P, F]
    assert told[1].fault is not None
    assert told[1].fault.code == "D-04"
    assert "cups-usb (pid 812)" in told[1].en


def test_somebody_else_on_the_node_is_named_and_left_open(roots: Roots, node: str) -> None:
    process(roots, 900, "hall", "/dev/null", "/dev/usb/lp0")
    process(roots, 901, "bash", "/dev/null")

    told = internal(roots, f"lp://{node}")

    assert verdicts(told) == [P, U]
    assert "hall (pid 900)" in told[1].zh


def test_cups_that_runs_is_told_for_usb_and_not_for_serial(roots: Roots, node: str) -> None:
    process(roots, 700, "cupsd")

    assert "cupsd is running" in internal(roots, f"lp://{node}")[-1].en
    assert verdicts(internal(roots, f"serial://{node}")) == [P]
    assert verdicts(internal(roots, "tcp://10.0.0.7:9100")) == [P]


def test_a_raw_usb_printer_is_looked_for_on_the_bus(roots: Roots) -> None:
    usb_printer(roots)
    told: list[Finding] = []

    check_port("usb://04b8:0e15", roots, told.append, library=lambda: None)

    assert verdicts(told) == [P, P]
    assert told[0].en == "the USB printer is in socket 1-1: 04b8:0e15 TM-T82III"
    assert "usblp has it now" in told[1].en


def test_a_raw_usb_printer_without_a_driver_says_nothing_of_one(roots: Roots) -> None:
    usb_printer(roots, driver="")
    told: list[Finding] = []

    check_port("usb://04b8:0e15?serial=X1", roots, told.append, library=lambda: None)

    assert verdicts(told) == [P]


def test_the_missing_library_is_told_after_the_printer_was_found(
    roots: Roots, monkeypatch: pytest.MonkeyPatch
) -> None:
    import usb.backend.libusb1

    usb_printer(roots)
    monkeypatch.setattr(usb.backend.libusb1, "get_backend", lambda: None)

    told = internal(roots, "usb://04b8:0e15")

    assert verdicts(told) == [P, F]
    assert told[1].zh.startswith(UsbLibraryMissing.what_zh)


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("usb://04b8:0e16", "D-02"),
        ("usb://04b8:0e15?serial=X9", "D-02"),
        ("usb://04b8:0e15?port=1-9", "D-02"),
        ("usb://04b8:0e15", "U-02"),
    ],
)
def test_a_raw_usb_printer_that_is_not_the_one_is_told(roots: Roots, url: str, code: str) -> None:
    usb_printer(roots, "1-1", "X1")
    usb_printer(roots, "1-2", "X2")

    (finding,) = internal(roots, url)

    assert finding.fault is not None
    assert finding.fault.code == code


def test_a_raw_usb_printer_without_rights_names_the_rule(
    roots: Roots, monkeypatch: pytest.MonkeyPatch
) -> None:
    usb_printer(roots)
    monkeypatch.setattr(os, "access", lambda path, mode: False)

    (finding,) = internal(roots, "usb://04b8:0e15")

    assert 'ATTR{idVendor}=="04b8"' in finding.zh


# --- external


@contextmanager
def unit(
    make: SimAbilities = EPSON, hand: Callable[[PrinterSim], None] = lambda sim: None
) -> Iterator[tuple[Callable[[str], object], PrinterSim]]:
    sim = PrinterSim(80, make, clock=time.monotonic)
    hand(sim)
    near, far = memory_pair()
    with serve_transport(sim, far):
        yield lambda url: near, sim
        near.close()


def external(make_transport: object, **more: object) -> list[Finding]:
    return check(CheckLevel.EXTERNAL, "lp:///dev/usb/lp0", make_transport=make_transport, **more)


def test_a_printer_that_is_well_says_so_in_words() -> None:
    with unit() as (make_transport, sim):
        told = external(make_transport)

        assert verdicts(told) == [P, P, P]
        assert told[1].zh == "联机、有纸、上盖合好、切刀正常"
        assert told[1].en == "online, paper, cover closed, cutter well"
        assert (sim.slips, sim.hanging.height_dots) == ((), 0)


def test_every_fault_is_told() -> None:
    def hand(sim: PrinterSim) -> None:
        sim.break_down()
        sim.jam_cutter()
        sim.remove_paper()

    with unit(EPSON, hand) as (make_transport, _):
        told = external(make_transport)

    codes = [finding.fault.code for finding in told if finding.fault]
    assert verdicts(told) == [P, F, F, F]
    assert codes == ["P-02", "P-04", "P-05"]


def test_with_the_cover_open_nothing_is_said_of_the_paper() -> None:
    def hand(sim: PrinterSim) -> None:
        sim.open_cover()
        sim.remove_paper()

    with unit(EPSON, hand) as (make_transport, _):
        told = external(make_transport)

    assert [finding.fault.code for finding in told if finding.fault] == ["P-03"]


def test_little_paper_is_a_warning_and_no_fault() -> None:
    with unit(EPSON, PrinterSim.near_paper_end) as (make_transport, _):
        told = external(make_transport)

    assert verdicts(told) == [P, P, P, P]
    assert told[1].en == "online, paper low, cover closed, cutter well"
    assert told[2].fault is not None
    assert told[2].fault.code == "P-07"


def test_a_printer_that_says_nothing_is_unknown() -> None:
    with unit(MUTE) as (make_transport, _):
        told = external(make_transport)

    assert verdicts(told) == [P, U]
    assert told[1].fault is not None
    assert told[1].fault.code == "P-01"


def test_a_printer_that_answers_in_turn_only_tells_its_state_so() -> None:
    with unit(replace(EPSON, realtime=frozenset())) as (make_transport, _):
        told = external(make_transport)

    assert verdicts(told) == [P, P, P]
    assert "paper" in told[1].en


def test_a_printer_that_answers_questions_only_is_told_as_that() -> None:
    with unit(CHINESE_58) as (make_transport, _):
        told = external(make_transport)

    assert verdicts(told) == [P, P, U]
    assert "real-time questions only" in told[2].en


def test_another_unit_than_the_enrolled_one_is_told() -> None:
    with unit() as (make_transport, _):
        same = external(make_transport, enrolled=Identity("EPSON", "TM-T82III", serial="SIM0000001"))
    with unit() as (make_transport, _):
        other = external(make_transport, enrolled=Identity("EPSON", "TM-T88VI"))

    assert same[-1].en == "it is the one that was enrolled: EPSON TM-T82III"
    assert other[-1].verdict is U
    assert "EPSON TM-T88VI was enrolled, this is EPSON TM-T82III" in other[-1].en


def test_a_printer_that_is_not_there_is_told_and_nothing_is_left_open() -> None:
    sim = PrinterSim(80, EPSON, clock=time.monotonic)
    with serve_tcp(sim) as server:
        url = server.url
        assert verdicts(check(CheckLevel.EXTERNAL, url)) == [P, P, P]
        assert verdicts(check(CheckLevel.EXTERNAL, url)) == [P, P, P], "the line was let go"

    (finding,) = check(CheckLevel.EXTERNAL, url)
    assert finding.fault is not None
    assert finding.fault.code == "D-02"


def test_a_wrong_url_is_told_by_the_external_check_as_well() -> None:
    assert verdicts(check(CheckLevel.EXTERNAL, "lp:")) == [F]


def test_a_state_known_in_part_tells_what_is_known() -> None:
    (finding,) = findings_of(PrinterStatus(online=Online.ONLINE, paper=Paper.FULL))

    assert finding == passed("联机、有纸", "online, paper")
    assert findings_of(SILENT)[0].verdict is U
    assert findings_of(PrinterStatus(cover=Cover.OPEN))[0].verdict is F


# --- interactive


def test_the_test_page_is_the_spooler_s() -> None:
    told = check(CheckLevel.INTERACTIVE, "lp:///dev/usb/lp0", test_page=lambda tell: tell(passed("好", "ok")))

    assert [finding.en for finding in told] == ["ok"]


def test_without_the_spooler_no_page_is_pretended() -> None:
    assert verdicts(check(CheckLevel.INTERACTIVE, "lp:///dev/usb/lp0")) == [U]
