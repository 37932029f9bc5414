"""What a technician sees of the store, and its health checks."""

from __future__ import annotations

import logging
import re
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from halldrivers.check import CheckLevel, Verdict
from halldrivers.errors import Actor, DeviceState
from halldrivers.scanstore import errors, kepterrors
from halldrivers.scanstore.budget import Budget
from halldrivers.scanstore.errors import CertificateMissing, DiskFull, StoreError
from halldrivers.scanstore.options import StoreOptions


def missing() -> Any:
    raise CertificateMissing("/etc/hall/county.crt")


def test_a_quiet_store_has_nothing_to_say(world: Any) -> None:
    status = world.store.status()
    assert (status.open_sessions, status.waiting, status.sealed, status.aside) == (0, 0, 0, 0)
    assert (status.oldest_s, status.sealed_for, status.faults) == (None, "toy:1", ())
    assert status.as_device().state is DeviceState.ONLINE
    assert status.as_device().fault is None


def test_counts_and_ages_are_told(world: Any, kit: Any) -> None:
    world.scanned(1).finish()
    world.ledger.is_away = True
    world.scanned(2, key="touch-2").finish()
    world.scanned(3, 4, key="touch-3")
    world.store._clock_ms = lambda: kit.AT_MS + 90_500
    status = world.store.status()
    assert (status.open_sessions, status.open_pages, status.waiting, status.sealed) == (1, 2, 1, 2)
    assert status.oldest_s == 90
    assert status.used_bytes == sum(len(data) for _, data in world.disk.files())
    assert status.reserved_bytes > 2 * len(kit.picture(3))
    assert (status.most_bytes, status.free_bytes) == (4096 << 20, 10**12 - status.used_bytes)


def test_a_clock_that_was_set_back_gives_no_negative_age(world: Any, kit: Any) -> None:
    world.scanned(1).finish()
    world.store._clock_ms = lambda: 0
    assert world.store.status().oldest_s == 0


def test_what_stops_scanning_makes_it_a_fault(world: Any) -> None:
    world.sealer = missing
    device = world.store.status().as_device()
    assert (device.state, device.code) == (DeviceState.FAULT, "L-01")


def test_what_only_warns_leaves_it_online(world: Any) -> None:
    world.options = StoreOptions(budget=Budget(most_bytes=70_000, floor_bytes=0))
    world.again()
    session = world.scanned(1, 2)
    world.options = StoreOptions(budget=Budget(most_bytes=25_000, floor_bytes=0))
    world.again()
    device = world.store.status().as_device()
    assert (device.state, device.code) == (DeviceState.ONLINE, "L-11")
    assert session.missing == ()


def test_a_trouble_that_was_found_twice_is_told_once(world: Any) -> None:
    world.scanned(1)
    world.sealer = missing
    world.now_s += 600
    assert [fault.code for fault in world.store.sweep().faults] == ["L-01"]
    (fault,) = world.store.status().faults
    assert (fault.code, fault.blocking) == ("L-01", True)


def test_the_blocking_fault_comes_first(world: Any) -> None:
    world.disk.put(world.root / "sealed" / "stranger", b"x")
    world.again()
    world.sealer = missing
    assert [fault.code for fault in world.store.status().faults] == ["L-01", "L-34"]


# --- health checks -------------------------------------------------------------------------------------


def findings(world: Any, level: CheckLevel) -> list[Any]:
    told: list[Any] = []
    world.store.check(level, told.append)
    return told


def test_a_healthy_store_passes_inside(real: Any) -> None:
    told = findings(real, CheckLevel.INTERNAL)
    assert [finding.verdict for finding in told] == [Verdict.PASSED] * 3
    assert re.search(r"certificate sha256:[0-9a-f]{64}$", told[1].en)
    assert told[2].en.startswith("0 scans, 0 of 4096 MiB used, ")


@pytest.mark.parametrize("level", [CheckLevel.EXTERNAL, CheckLevel.INTERACTIVE])
def test_a_tiny_page_goes_through_everything_and_leaves_nothing(real: Any, level: CheckLevel) -> None:
    before = sorted(real.root.rglob("*"))
    told = findings(real, level)
    assert [finding.verdict for finding in told] == [Verdict.PASSED] * 3
    assert sorted(real.root.rglob("*")) == before
    assert real.store.counters.text() == ""


def test_a_missing_certificate_fails_both_checks_and_says_who_must_act(world: Any) -> None:
    world.sealer = missing
    inside, outside = findings(world, CheckLevel.INTERNAL), findings(world, CheckLevel.EXTERNAL)
    assert [finding.verdict for finding in inside] == [Verdict.PASSED, Verdict.FAILED, Verdict.PASSED]
    assert [finding.verdict for finding in outside] == [Verdict.PASSED, Verdict.FAILED]
    assert {finding.fault.code for finding in (*inside, *outside) if finding.fault} == {"L-01"}
    assert inside[1].fault.who is Actor.TECHNICIAN


def test_a_full_disk_fails_the_check(world: Any) -> None:
    world.disk.is_full = True
    told = findings(world, CheckLevel.EXTERNAL)
    assert told[-1].fault.code == "L-12"
    assert list(world.disk.files()) == []


def test_a_disk_that_lies_fails_the_check(world: Any) -> None:
    read = world.disk.read
    world.disk.read = lambda path, most: bytes(len(read(path, most)))
    assert findings(world, CheckLevel.EXTERNAL)[-1].fault.code == "L-13"
    assert list(world.disk.files()) == []


# --- errors --------------------------------------------------------------------------------------------


def leaves() -> list[type[StoreError]]:
    return [
        value
        for value in {**vars(errors), **vars(kepterrors)}.values()
        if isinstance(value, type) and issubclass(value, StoreError) and value is not StoreError
    ]


def test_every_error_has_its_own_code_and_both_languages() -> None:
    codes = [leaf.code for leaf in leaves()]
    assert len(set(codes)) == len(codes) > 25
    for leaf in leaves():
        assert re.fullmatch(r"L-\d\d", leaf.code)
        assert re.search(r"[\u4e00-\u9fff]", leaf.what_zh) and re.search(r"[\u4e00-\u9fff]", leaf.remedy_zh)
        assert leaf.what_en.isascii() and leaf.remedy_en.isascii()
        assert isinstance(leaf.who, Actor)
        assert " " not in re.sub(r"[ -~]+", "", leaf.what_zh)


def test_errors_are_the_fitting_builtins_too() -> None:
    assert issubclass(DiskFull, OSError) and issubclass(CertificateMissing, FileNotFoundError)


def test_no_library_is_loaded_before_a_page_comes() -> None:
    code = (
        "import sys, halldrivers.scanstore.store;"
        "print([m for m in ('PIL', 'img2pdf', 'pikepdf', 'cryptography', 'numpy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


# --- threads -------------------------------------------------------------------------------------------


def test_scanning_sweeping_and_looking_at_once_loses_nothing(world: Any, kit: Any) -> None:
    troubles: list[BaseException] = []
    scans: list[Any] = []
    is_over = threading.Event()

    def scan(name: str) -> None:
        try:
            for turn in range(6):
                session = world.begin(f"{name}-{turn}", ticket=turn)
                for number in (1, 2):
                    session.add_page(kit.numbered(number))
                scans.append(session.finish())
        except BaseException as error:
            troubles.append(error)

    def look() -> None:
        try:
            while not is_over.is_set():
                assert world.store.sweep().faults == ()
                world.store.status()
                for scan in list(scans):
                    world.ledger.acknowledge(scan.sha256)
        except BaseException as error:
            troubles.append(error)

    workers = [threading.Thread(target=scan, args=(name,)) for name in ("a", "b")]
    looker = threading.Thread(target=look)
    for thread in (*workers, looker):
        thread.start()
    for thread in workers:
        thread.join(60)
    is_over.set()
    looker.join(60)
    assert troubles == []
    assert len({scan.sha256 for scan in scans}) == 12
    assert {row.sha256 for row, _ in world.ledger.rows.values()} == {scan.sha256 for scan in scans}
    world.store.sweep()
    world.store.sweep()
    assert world.store.aside() == ()


# --- privacy -------------------------------------------------------------------------------------------


def test_no_file_no_name_and_no_log_says_anything_of_a_person(
    real: Any, kit: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    real.ledger.refuses = True
    number, name = "110105199001011234", "张三"
    for wrong in (number, name):
        with pytest.raises(StoreError) as told:
            real.begin(material=wrong)
        assert wrong not in str(told.value) + told.value.as_fault().what_zh
    real.scanned(1, 2).finish()
    real.scanned(3, key="touch-2")
    paths = [path for path in real.root.rglob("*")]
    everything = "".join(map(str, paths)) + caplog.text
    everything += "".join(path.read_bytes().decode("latin-1") for path in paths if path.is_file())
    assert not re.search(r"(?<![0-9a-f])\d{17}[\dX](?![0-9a-f])", everything)
    assert number not in everything and name not in everything
    allowed = r"(open|sealed|aside|lock|key|session\.json|\d{4}\.page|[0-9a-f]{64}\.p7m|[0-9a-f]{16})"
    assert all(re.fullmatch(allowed, path.name) for path in paths), [path.name for path in paths]


def test_a_page_in_a_log_line_shows_no_picture(kit: Any) -> None:
    assert "data" not in repr(kit.numbered(1)) and "JFIF" not in repr(kit.numbered(1))


def test_a_session_s_facts_are_ids_and_numbers(world: Any) -> None:
    import json

    session = world.scanned(1)
    path: Path = world.root / "open" / session.meta.session / "session.json"
    assert json.loads(world.disk.read(path, 10**9)) == {
        "session": session.meta.session,
        "key": "touch-1",
        "ticket": 12,
        "matter": 3,
        "material": "hukou-ben",
        "begun_ms": session.meta.begun_ms,
        "damaged": [],
        "sealed": None,
        "version": 1,
    }
