"""The three health checks say what is well, what is not, who must act and what to do."""

from __future__ import annotations

import io
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image

from halldrivers.check import CheckLevel, Finding, Verdict
from halldrivers.scanner.address import FolderAddress
from halldrivers.scanner.checks import checker_for
from halldrivers.scanner.esclsim import EsclFault, EsclServer
from halldrivers.scanner.folderscanner import FolderScanner
from halldrivers.scanner.sanescanner import SaneScanner
from halldrivers.scanner.scanner import Scanner, scanner_at
from halldrivers.scanner.settings import ScanLimits

QUICK = ScanLimits(page_s=20.0, grace_s=1.0, probe_s=15.0)
Environment = Callable[..., dict[str, str]]


def found(scanner: Scanner, level: CheckLevel) -> list[Finding]:
    findings: list[Finding] = []
    checker_for(scanner, patience_s=0.0)(level, findings.append)
    for finding in findings:
        assert finding.zh and finding.en
        assert (finding.fault is not None) == (finding.verdict is Verdict.FAILED)
    return findings


def verdicts(findings: list[Finding]) -> list[Verdict]:
    return [finding.verdict for finding in findings]


@pytest.fixture
def test_device(sane_config: Environment, tmp_path: Path) -> Callable[..., Scanner]:
    def make(url: str = "sane:test:0", fault: str = "Default") -> Scanner:
        return scanner_at(url, tmp_path / "work", environment=sane_config(fault), limits=QUICK)

    return make


@pytest.fixture
def network(escl: EsclServer, tmp_path: Path) -> Iterator[SaneScanner]:
    url = f"{escl.url}?resolution=75"
    made = scanner_at(url, tmp_path / "work", environment=dict(os.environ), limits=QUICK)
    assert isinstance(made, SaneScanner)
    yield made
    assert not made.is_open, "a check leaves the scanner as it found it"
    assert made._config is None


# --- SANE ----------------------------------------------------------------------------------------


def test_inside_a_known_scanner_is_well(test_device: Callable[..., Scanner]) -> None:
    findings = found(test_device(), CheckLevel.INTERNAL)
    assert verdicts(findings) == [Verdict.PASSED] * 3
    assert findings[-1].en == "SANE knows this scanner: Noname frontend-tester"


def test_inside_an_unknown_scanner_is_told_with_those_that_are_there(
    test_device: Callable[..., Scanner],
) -> None:
    (*_, last) = found(test_device("sane:epsonds:libusb:001:005"), CheckLevel.INTERNAL)
    assert last.fault is not None and last.fault.code == "N-22"
    assert "test:0, test:1" in last.en
    assert "sane:名字" in last.fault.remedy_zh


def test_inside_a_machine_without_the_program_is_told_what_to_install(tmp_path: Path) -> None:
    scanner = scanner_at("sane:test:0", tmp_path / "work", environment={"PATH": "/nowhere"})
    (*_, last) = found(scanner, CheckLevel.INTERNAL)
    assert last.fault is not None and last.fault.code == "N-01"


def test_inside_a_work_folder_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    (tmp_path / "work").write_text("a file in its place")
    (last,) = found(scanner_at("sane:test:0", tmp_path / "work"), CheckLevel.INTERNAL)
    assert last.fault is not None and last.fault.code == "N-23"


def test_outside_it_says_what_it_can_do(test_device: Callable[..., Scanner]) -> None:
    findings = found(test_device("sane:test:0?source=duplex"), CheckLevel.EXTERNAL)
    assert findings[0].en == (
        "the scanner answers: sources Flatbed, Automatic Document Feeder; modes Gray, Color; "
        "resolutions 1-1200 dpi"
    )
    assert findings[1].en == "it lacks source=duplex and uses one side"
    assert verdicts(findings) == [Verdict.PASSED] * 3


def test_outside_one_that_is_not_there(test_device: Callable[..., Scanner]) -> None:
    (last,) = found(test_device("sane:nowhere:0"), CheckLevel.EXTERNAL)
    assert last.fault is not None and last.fault.code == "N-02"


def test_one_page_with_a_person_is_scanned_and_thrown_away(
    test_device: Callable[..., Scanner], tmp_path: Path
) -> None:
    findings = found(test_device(), CheckLevel.INTERACTIVE)
    assert verdicts(findings) == [Verdict.ASK, Verdict.PASSED]
    assert findings[1].en.startswith("one page: image/jpeg, ")
    assert os.listdir(tmp_path / "work") == []


def test_with_a_person_who_lays_no_paper(test_device: Callable[..., Scanner]) -> None:
    findings = found(test_device(fault="SANE_STATUS_NO_DOCS"), CheckLevel.INTERACTIVE)
    assert verdicts(findings) == [Verdict.ASK, Verdict.FAILED]
    assert findings[1].fault is not None and findings[1].fault.code == "N-03"


# --- a network scanner ---------------------------------------------------------------------------


def test_inside_a_network_scanner_the_backend_is_there(network: SaneScanner, escl: EsclServer) -> None:
    findings = found(network, CheckLevel.INTERNAL)
    assert findings[-1].en == "sane-airscan, for scanners without driver, is there"
    assert escl.sim.seen.requests == 0, "the internal check touches no scanner"


def test_inside_without_sane_airscan_it_is_told(tmp_path: Path, fake_scanimage: Callable[[str], str]) -> None:
    scanner = scanner_at("escl://10.0.0.20", tmp_path / "work")
    assert isinstance(scanner, SaneScanner)
    without = SaneScanner(scanner.address, tmp_path / "work", program=fake_scanimage("exit 0"))
    (*_, last) = found(without, CheckLevel.INTERNAL)
    assert last.fault is not None and last.fault.code == "N-01"
    assert "sane-airscan" in last.en


def test_outside_the_feeder_s_state_is_told(network: SaneScanner, escl: EsclServer) -> None:
    assert found(network, CheckLevel.EXTERNAL)[-1].en == "the feeder is empty"
    escl.sim.load(1)
    assert found(network, CheckLevel.EXTERNAL)[-1].en == "there is paper in the feeder"
    escl.sim.jam()
    (*_, last) = found(network, CheckLevel.EXTERNAL)
    assert last.fault is not None and last.fault.code == "N-04"


def test_outside_a_scanner_that_copies_just_now(network: SaneScanner, escl: EsclServer) -> None:
    escl.sim.fault = EsclFault.BUSY
    verdict = found(network, CheckLevel.EXTERNAL)[-2]
    assert (verdict.verdict, verdict.en) == (
        Verdict.UNKNOWN,
        "the scanner is at work: check again when it is done",
    )


def test_one_page_of_a_network_scanner(network: SaneScanner, escl: EsclServer) -> None:
    escl.sim.load(2)
    findings = found(network, CheckLevel.INTERACTIVE)
    assert verdicts(findings) == [Verdict.ASK, Verdict.PASSED]


def test_a_person_has_time_to_lay_the_sheet(network: SaneScanner, escl: EsclServer) -> None:
    findings: list[Finding] = []
    check = checker_for(network, sleep=lambda pause_s: escl.sim.load(1))
    check(CheckLevel.INTERACTIVE, findings.append)
    assert verdicts(findings) == [Verdict.ASK, Verdict.PASSED]
    assert network.counters["jobs"] == 2


def test_a_check_that_is_stopped_waits_for_nobody(network: SaneScanner) -> None:
    findings: list[Finding] = []
    waits: list[float] = []
    checker_for(network, lambda: True, sleep=waits.append)(CheckLevel.INTERACTIVE, findings.append)
    assert verdicts(findings) == [Verdict.ASK, Verdict.UNKNOWN]
    assert waits == []


def test_a_scanner_that_is_open_stays_open(network: SaneScanner) -> None:
    network.open()
    found(network, CheckLevel.EXTERNAL)
    found(network, CheckLevel.INTERNAL)
    assert network.is_open
    network.close()


# --- a watched folder ----------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> FolderScanner:
    (tmp_path / "in").mkdir()
    limits = ScanLimits(quiet_s=0.3)
    return FolderScanner(FolderAddress(tmp_path / "in", 1), tmp_path / "work", limits=limits, poll_s=0.05)


def test_a_folder_is_well(folder: FolderScanner) -> None:
    assert verdicts(found(folder, CheckLevel.INTERNAL)) == [Verdict.PASSED] * 2
    assert verdicts(found(folder, CheckLevel.EXTERNAL)) == [Verdict.PASSED]


def test_a_folder_that_is_missing(folder: FolderScanner) -> None:
    folder.address.folder.rmdir()
    (last,) = found(folder, CheckLevel.INTERNAL)
    assert last.fault is not None and last.fault.code == "N-17"


def test_files_that_nobody_asked_for_are_told(folder: FolderScanner) -> None:
    (folder.address.folder / "x").write_bytes(b"x")
    (finding,) = found(folder, CheckLevel.EXTERNAL)
    assert finding.verdict is Verdict.UNKNOWN
    assert finding.en.startswith("1 files wait")


def test_one_page_through_a_folder(folder: FolderScanner) -> None:
    findings: list[Finding] = []
    data = io.BytesIO()
    Image.new("L", (20, 20)).save(data, "JPEG")

    def tell(finding: Finding) -> None:
        findings.append(finding)
        if finding.verdict is Verdict.ASK:
            threading.Timer(
                0.15, lambda: (folder.address.folder / "a.jpg").write_bytes(data.getvalue())
            ).start()

    patient = ScanLimits(quiet_s=15.0)
    scanner = FolderScanner(folder.address, folder.work_dir, limits=patient, poll_s=0.05)
    checker_for(scanner)(CheckLevel.INTERACTIVE, tell)
    assert verdicts(findings) == [Verdict.ASK, Verdict.PASSED]
    assert os.listdir(folder.work_dir) == []


def test_nothing_through_a_folder(folder: FolderScanner) -> None:
    findings = found(folder, CheckLevel.INTERACTIVE)
    assert verdicts(findings) == [Verdict.ASK, Verdict.FAILED]
    assert findings[1].fault is not None and findings[1].fault.code == "N-19"
