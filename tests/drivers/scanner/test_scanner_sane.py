"""The SANE scanner as a device: opened, looked after, scanned with, lost, found again, halted."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from halldrivers.errors import DeviceError, DeviceState, DeviceTimeout, PortClosed
from halldrivers.scanner.address import SaneAddress, parse_scanner
from halldrivers.scanner.errors import (
    ScannerAbsent,
    ScannerBusy,
    ScannerCrashed,
    ScannerDenied,
    ScannerProgramMissing,
    ScanStoreUnusable,
)
from halldrivers.scanner.outcome import Ended
from halldrivers.scanner.sanescanner import PROBE_S, SaneScanner
from halldrivers.scanner.scanfolder import left_over, new_scan_folder
from halldrivers.scanner.scanner import scanner_at
from halldrivers.scanner.settings import Mode, PageFormat, ScanLimits, ScanSettings, Source
from halldrivers.scanner.usbplace import UsbPlaces
from halldrivers.status import DeviceStatus
from halldrivers.worker import DeviceWorker, Retry

WITHIN_S = 20.0
QUICK = ScanLimits(page_s=20.0, batch_s=60.0, grace_s=1.0, probe_s=10.0, list_s=10.0)
Environment = Callable[..., dict[str, str]]
Fake = Callable[[str], str]

ABILITIES = "printf '    --source ADF [ADF]\\n    --resolution 200dpi [200]\\n'"


def address(text: str = "sane:test:0") -> SaneAddress:
    found = parse_scanner(text)
    assert isinstance(found, SaneAddress)
    return found


@pytest.fixture
def opened(sane_config: Environment, tmp_path: Path) -> Iterator[Callable[..., SaneScanner]]:
    made: list[SaneScanner] = []

    def make(text: str = "sane:test:0", fault: str = "Default", delay_us: int = 0, **how: Any) -> SaneScanner:
        environment = sane_config(fault, delay_us)
        how.setdefault("limits", QUICK)
        made.append(SaneScanner(address(text), tmp_path / "work", environment=environment, **how))
        made[-1].open()
        return made[-1]

    yield make
    for scanner in made:
        scanner.close()


def faked(
    fake_scanimage: Fake, tmp_path: Path, body: str, text: str = "sane:test:0", **how: Any
) -> SaneScanner:
    how.setdefault("limits", QUICK)
    return SaneScanner(
        address(text), tmp_path / "work", environment=dict(os.environ), program=fake_scanimage(body), **how
    )


# --- scanning ------------------------------------------------------------------------------------


def test_a_batch_from_the_feeder(opened: Callable[..., SaneScanner], taker: Any) -> None:
    scanner = opened()
    outcome = scanner.scan(None, taker, taker.stop.is_set)
    assert (outcome.ended, outcome.fault, len(outcome.pages)) == (Ended.DONE, None, 10)
    assert outcome.folder is not None
    assert outcome.folder.parent == scanner.work_dir
    assert outcome.folder.stat().st_mode & 0o777 == 0o700
    assert [name for name in os.listdir(outcome.folder) if not name.startswith("page-")] == []
    assert (scanner.counters["jobs"], scanner.counters["good_reads"], scanner.counters["bad_reads"]) == (
        1,
        10,
        0,
    )


def test_one_grey_page_from_the_glass_with_what_was_adapted(
    opened: Callable[..., SaneScanner], taker: Any
) -> None:
    settings = ScanSettings(Source.FLATBED, Mode.GRAY, 100, PageFormat.PNG)
    outcome = opened().scan(settings, taker, taker.stop.is_set)
    assert (outcome.ended, outcome.adapted) == (Ended.DONE, ())
    assert [page.media_type for page in outcome.pages] == ["image/png"]


def test_the_url_s_options_are_the_settings(opened: Callable[..., SaneScanner], taker: Any) -> None:
    scanner = opened("sane:test:1?source=flatbed&mode=lineart&resolution=75")
    outcome = scanner.scan(None, taker, taker.stop.is_set)
    assert [page.media_type for page in outcome.pages] == ["image/png"]


@pytest.mark.parametrize(
    ("fault", "ended", "bad_reads"),
    [
        ("SANE_STATUS_JAMMED", Ended.JAMMED, 1),
        ("SANE_STATUS_COVER_OPEN", Ended.COVER_OPEN, 1),
        ("SANE_STATUS_NO_DOCS", Ended.NO_PAPER, 0),
        ("SANE_STATUS_IO_ERROR", Ended.IO_ERROR, 1),
    ],
)
def test_a_failed_scan_leaves_nothing_and_is_counted(
    opened: Callable[..., SaneScanner], taker: Any, fault: str, ended: Ended, bad_reads: int
) -> None:
    scanner = opened(fault=fault)
    outcome = scanner.scan(None, taker, taker.stop.is_set)
    assert (outcome.ended, outcome.folder, outcome.pages) == (ended, None, ())
    assert outcome.fault is not None
    assert outcome.detail
    assert os.listdir(scanner.work_dir) == []
    assert scanner.counters["bad_reads"] == bad_reads


def test_pages_that_are_taken_away_leave_no_folder(
    opened: Callable[..., SaneScanner], tmp_path: Path
) -> None:
    scanner = opened()
    kept = tmp_path / "kept"
    kept.mkdir()
    outcome = scanner.scan(None, lambda page: page.path.replace(kept / page.path.name), lambda: False)
    assert (outcome.folder, len(os.listdir(kept))) == (None, 10)
    assert os.listdir(scanner.work_dir) == []


def test_a_scanner_that_tells_no_length_is_scanned_as_tiff_from_then_on(
    fake_scanimage: Fake, tmp_path: Path, taker: Any
) -> None:
    body = (
        f'case "$*" in *--all-options*) {ABILITIES};;\n'
        "*--format=jpeg*) read x; : > page-0001.jpg.part; exit 1;;\n"
        "*) read x; cp ../../whole.tif page-0001.tif; echo page-0001.tif; read x; exit 7;; esac"
    )
    from PIL import Image

    Image.new("L", (30, 30)).save(tmp_path / "whole.tif")
    scanner = faked(fake_scanimage, tmp_path, body)
    scanner.open()
    first = scanner.scan(None, taker, taker.stop.is_set)
    assert (first.ended, first.pages) == (Ended.LENGTH_UNKNOWN, ())
    assert first.fault is not None and first.fault.code == "N-13"
    second = scanner.scan(None, taker, taker.stop.is_set)
    assert (second.ended, taker.names) == (Ended.DONE, ["page-0001.tif"])


def test_a_scan_before_open_is_a_program_error(tmp_path: Path, taker: Any) -> None:
    scanner = SaneScanner(address(), tmp_path)
    with pytest.raises(PortClosed):
        scanner.scan(None, taker, taker.stop.is_set)
    with pytest.raises(PortClosed):
        scanner.abilities()


def test_a_work_folder_that_cannot_be_made_is_told(
    opened: Callable[..., SaneScanner], tmp_path: Path, taker: Any
) -> None:
    (tmp_path / "work").write_text("a file in its place")
    with pytest.raises(ScanStoreUnusable, match="File exists"):
        opened()
    (tmp_path / "work").unlink()
    scanner = opened()
    scanner.work_dir.rmdir()
    (tmp_path / "work").write_text("a file in its place")
    with pytest.raises(ScanStoreUnusable, match="File exists"):
        scanner.scan(None, taker, taker.stop.is_set)


# --- finding out what is wrong -------------------------------------------------------------------


def test_a_device_that_sane_does_not_have(opened: Callable[..., SaneScanner]) -> None:
    with pytest.raises(ScannerAbsent, match="nowhere:9: scanimage: open of device nowhere:9 failed"):
        opened("sane:nowhere:9")


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (
            "echo 'scanimage: open of device x failed: Access to resource has been denied' >&2; exit 1",
            ScannerDenied,
        ),
        ("echo 'scanimage: open of device x failed: Device busy' >&2; exit 1", ScannerBusy),
        ("echo 'scanimage: open of device x failed: Invalid argument' >&2; exit 1", ScannerAbsent),
        ("echo nothing useful; exit 0", ScannerAbsent),
        ("kill -SEGV $$", ScannerCrashed),
    ],
)
def test_why_it_does_not_open(
    fake_scanimage: Fake, tmp_path: Path, body: str, error: type[DeviceError]
) -> None:
    scanner = faked(fake_scanimage, tmp_path, body)
    with pytest.raises(error):
        scanner.open()
    assert not scanner.is_open


def test_a_device_that_hangs_when_it_is_opened(fake_scanimage: Fake, tmp_path: Path) -> None:
    limits = replace(QUICK, probe_s=0.2, grace_s=0.2)
    scanner = faked(fake_scanimage, tmp_path, "trap '' INT; while :; do sleep 0.05; done", limits=limits)
    with pytest.raises(DeviceTimeout):
        scanner.open()


def test_a_machine_without_the_program(tmp_path: Path) -> None:
    scanner = SaneScanner(address(), tmp_path, environment={"PATH": "/nowhere"})
    with pytest.raises(ScannerProgramMissing):
        scanner.open()


@pytest.mark.parametrize(
    ("then", "ended"),
    [
        ("exit 1", Ended.ABSENT),
        ("echo 'x: Device busy' >&2; exit 1", Ended.BUSY),
        ("echo 'x: Access to resource has been denied' >&2; exit 1", Ended.DENIED),
        (ABILITIES, Ended.REFUSED),
    ],
)
def test_status_1_of_a_scan_is_asked_what_it_was(
    fake_scanimage: Fake, tmp_path: Path, taker: Any, then: str, ended: Ended
) -> None:
    # scanimage says 1 for a scanner that is off and for an option that it does not know.
    body = (
        f'case "$*" in *--all-options*) if test -e {tmp_path}/scanned; then {then}; else {ABILITIES}; fi;;\n'
        f"*) : > {tmp_path}/scanned; exit 1;; esac"
    )
    scanner = faked(fake_scanimage, tmp_path, body)
    scanner.open()
    scanner.abilities()
    scanner._abilities[("--source=ADF",)] = scanner.abilities()
    outcome = scanner.scan(None, taker, taker.stop.is_set)
    assert (outcome.ended, outcome.pages) == (ended, ())
    assert outcome.fault is not None


def test_somebody_s_default_device_and_debugging_are_not_ours(fake_scanimage: Fake, tmp_path: Path) -> None:
    body = f"env > {tmp_path}/env; {ABILITIES}"
    program = fake_scanimage(body)
    dirty = dict(
        os.environ, SANE_DEFAULT_DEVICE="x", SANE_DEBUG_DLL="255", LC_ALL="zh_CN.UTF-8", LANG="zh_CN"
    )
    scanner = SaneScanner(address(), tmp_path, environment=dirty, program=program, limits=QUICK)
    scanner.open()
    seen = (tmp_path / "env").read_text().splitlines()
    assert "LC_ALL=C" in seen
    assert [line for line in seen if line.startswith("SANE_")] == []


# --- a USB scanner that moves --------------------------------------------------------------------


class Bus:
    """A USB bus as the file system shows it, and SANE's answers to what is plugged there."""

    def __init__(self, tmp_path: Path) -> None:
        self.root = tmp_path / "usb"
        (self.root / "001").mkdir(parents=True)
        self.listings = tmp_path / "listings"

    def plug(self, place: str) -> None:
        (self.root / place.replace(":", "/")).touch()

    def pull(self, place: str) -> None:
        (self.root / place.replace(":", "/")).unlink()

    @property
    def script(self) -> str:
        """Opens what is plugged; lists all of it, and counts how often it was asked to."""
        return (
            f'case "$*" in *--formatted*) echo x >> {self.listings}\n'
            f'for f in $(ls {self.root}/001); do echo "hall|epsonds:libusb:001:$f|E|D|s"; done;;\n'
            f'*) for f in $(ls {self.root}/001); do case "$*" in *:001:$f*) {ABILITIES}; exit 0;; esac\n'
            "done; exit 1;; esac"
        )

    @property
    def searched(self) -> int:
        return len(self.listings.read_text().splitlines()) if self.listings.exists() else 0


@pytest.fixture
def bus(tmp_path: Path) -> Bus:
    return Bus(tmp_path)


@pytest.fixture
def usb_scanner(bus: Bus, fake_scanimage: Fake, tmp_path: Path) -> SaneScanner:
    where = "sane:epsonds:libusb:001:005"
    return faked(fake_scanimage, tmp_path, bus.script, where, usb=UsbPlaces(bus.root))


def test_a_usb_scanner_is_found_where_it_is_plugged_next(bus: Bus, usb_scanner: SaneScanner) -> None:
    bus.plug("001:005")
    usb_scanner.open()
    usb_scanner.turn()
    bus.pull("001:005")
    with pytest.raises(ScannerAbsent):
        usb_scanner.turn()
    usb_scanner.close()
    bus.plug("001:009")
    usb_scanner.open()
    assert usb_scanner.device == "epsonds:libusb:001:009"
    usb_scanner.turn()


def test_while_nothing_is_plugged_sane_is_searched_once(bus: Bus, usb_scanner: SaneScanner) -> None:
    for _ in range(4):
        with pytest.raises(ScannerAbsent):
            usb_scanner.open()
    assert bus.searched == 1
    bus.plug("001:030")
    usb_scanner.open()
    assert bus.searched == 2


def test_of_two_scanners_alike_neither_is_taken(bus: Bus, usb_scanner: SaneScanner) -> None:
    bus.plug("001:010")
    bus.plug("001:011")
    with pytest.raises(ScannerAbsent):
        usb_scanner.open()


# --- in its worker -------------------------------------------------------------------------------


class Heard:
    def __init__(self) -> None:
        self.words: list[DeviceStatus] = []
        self._changed = threading.Condition()

    def __call__(self, word: DeviceStatus) -> None:
        with self._changed:
            self.words.append(word)
            self._changed.notify_all()

    def until(self, state: DeviceState) -> DeviceStatus:
        with self._changed:
            assert self._changed.wait_for(
                lambda: bool(self.words) and self.words[-1].state is state, WITHIN_S
            )
            return self.words[-1]


def test_in_its_worker_it_is_online_and_scans(opened: Callable[..., SaneScanner], taker: Any) -> None:
    scanner, heard = opened(), Heard()
    with DeviceWorker("scanner", scanner, on_status=heard, counters=scanner.counters) as worker:
        heard.until(DeviceState.ONLINE)
        outcome = worker.call(lambda: scanner.scan(None, taker, taker.stop.is_set), 60)
        scanner.halt()
    assert len(outcome.pages) == 10
    assert not scanner.is_open


def test_a_scanner_that_is_switched_off_is_absent_and_back(bus: Bus, usb_scanner: SaneScanner) -> None:
    heard = Heard()
    retry = Retry(0.01, 0.05)
    with DeviceWorker("scanner", usb_scanner, on_status=heard, retry=retry) as worker:
        word = heard.until(DeviceState.ABSENT)
        assert word.code == "N-02"
        bus.plug("001:007")
        heard.until(DeviceState.ONLINE)
        bus.pull("001:007")
        worker.wake()
        heard.until(DeviceState.ABSENT)
        bus.plug("001:008")
        heard.until(DeviceState.ONLINE)
        assert [word.state for word in heard.words] == [
            DeviceState.ABSENT, DeviceState.ONLINE, DeviceState.ABSENT, DeviceState.ONLINE
        ]  # fmt: skip


def test_halting_ends_a_scan_under_way_and_the_worker_with_it(
    opened: Callable[..., SaneScanner], taker: Any
) -> None:
    scanner, heard = opened(delay_us=200_000), Heard()
    worker = DeviceWorker("scanner", scanner, on_status=heard).start()
    heard.until(DeviceState.ONLINE)
    outcomes: list[Any] = []
    settings = ScanSettings(resolution_dpi=1200)
    call = threading.Thread(
        target=lambda: outcomes.append(worker.call(lambda: scanner.scan(settings, taker, lambda: False), 60))
    )
    call.start()
    until_s = time.monotonic() + WITHIN_S
    while not list(scanner.work_dir.glob("scan-*/*.part")):
        assert time.monotonic() < until_s
        time.sleep(0.01)
    scanner.halt()
    worker.close()
    call.join()
    assert outcomes[0].ended is Ended.CANCELLED
    assert os.listdir(scanner.work_dir) == []
    assert not any(thread.name == "device scanner" for thread in threading.enumerate())


def test_halting_ends_a_probe_under_way(fake_scanimage: Fake, tmp_path: Path) -> None:
    scanner = faked(fake_scanimage, tmp_path, f": > {tmp_path}/begun; exec sleep 60")

    def open_it() -> None:
        with pytest.raises(DeviceError):
            scanner.open()

    opener = threading.Thread(target=open_it)
    opener.start()
    while not (tmp_path / "begun").exists():
        time.sleep(0.01)
    scanner.halt()
    opener.join(WITHIN_S)
    assert not opener.is_alive()


def test_an_idle_scanner_is_opened_rarely(fake_scanimage: Fake, tmp_path: Path) -> None:
    now = [1000.0]
    scanner = faked(
        fake_scanimage, tmp_path, f"echo x >> {tmp_path}/opened; {ABILITIES}", now_s=lambda: now[0]
    )
    scanner.open()
    for _ in range(20):
        assert scanner.turn() == 2.0
    assert len((tmp_path / "opened").read_text().splitlines()) == 1
    now[0] += PROBE_S
    scanner.turn()
    scanner.turn()
    assert len((tmp_path / "opened").read_text().splitlines()) == 2


def test_after_a_broken_scan_it_is_looked_at_in_the_next_turn(
    fake_scanimage: Fake, tmp_path: Path, taker: Any
) -> None:
    body = f'case "$*" in *--all-options*) echo x >> {tmp_path}/opened; {ABILITIES};; *) exit 9;; esac'
    scanner = faked(fake_scanimage, tmp_path, body)
    scanner.open()
    assert scanner.scan(None, taker, taker.stop.is_set).ended is Ended.IO_ERROR
    before = len((tmp_path / "opened").read_text().splitlines())
    scanner.turn()
    assert len((tmp_path / "opened").read_text().splitlines()) == before + 1


# --- when we die ---------------------------------------------------------------------------------


def test_killed_in_mid_batch_we_leave_no_scanimage_and_no_half_page(
    sane_config: Environment, tmp_path: Path
) -> None:
    work = tmp_path / "work"
    code = (
        "import os, pathlib\n"
        "from halldrivers.scanner.scanner import scanner_at\n"
        "from halldrivers.scanner.settings import ScanLimits, ScanSettings\n"
        f"scanner = scanner_at('sane:test:0', pathlib.Path({str(work)!r}), environment=dict(os.environ),\n"
        "    limits=ScanLimits(grace_s=2.0))\n"
        "scanner.open()\n"
        "tell = lambda page: print(page.number, flush=True)\n"
        "scanner.scan(ScanSettings(resolution_dpi=100), tell, lambda: False)\n"
    )
    environment = sane_config(delay_us=20_000)
    holder = subprocess.Popen([sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE)
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"1\n"
        until_s = time.monotonic() + WITHIN_S
        while not list(work.glob("scan-*/page-0002.jpg.part")):
            assert time.monotonic() < until_s
        scanning = _processes_in(work)
        assert scanning
        holder.send_signal(signal.SIGKILL)
    while _processes_in(work):
        assert time.monotonic() < until_s, "an orphan is left"
        time.sleep(0.02)
    (folder,) = left_over(work)
    names = sorted(os.listdir(folder))
    assert names in (["page-0001.jpg"], ["page-0001.jpg", "page-0002.jpg"])


def _processes_in(work: Path) -> list[int]:
    """Processes whose working folder is one of the scans'."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cwd"):
        try:
            if work in path.readlink().parents:
                found.append(int(path.parent.name))
        except OSError:
            continue
    return found


def test_what_a_killed_process_left_is_whole_pages_only(tmp_path: Path) -> None:
    work = tmp_path / "work"
    assert left_over(work) == ()
    with_page, with_half, empty = (new_scan_folder(work) for _ in range(3))
    (with_page / "page-0001.jpg").write_bytes(b"x")
    (with_page / "page-0002.jpg.part").write_bytes(b"x")
    (with_half / "page-0001.coming").write_bytes(b"x")
    (work / "other").mkdir()
    (work / "sane-x").mkdir()
    assert left_over(work) == (with_page,)
    assert os.listdir(with_page) == ["page-0001.jpg"]
    assert not with_half.exists() and not empty.exists()
    assert sorted(os.listdir(work)) == sorted(["other", with_page.name])


def test_the_url_chooses_the_kind(tmp_path: Path) -> None:
    kinds = {
        url: type(scanner_at(url, tmp_path)).__name__
        for url in ("sane:test:0", "escl://10.0.0.20", "dir:///srv/scans")
    }
    assert list(kinds.values()) == ["SaneScanner", "SaneScanner", "FolderScanner"]
