"""Slips that cannot be kept are told in words, and before the first one."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import pytest

from halldrivers.errors import Actor
from halldrivers.printersim import PrinterSim, serve
from halldrivers.printersim.paper import Slip
from halldrivers.printersim.slipfiles import SlipFiles, SlipsNotKept


@pytest.mark.parametrize("folder", ["/proc/x", "/proc"])
def test_a_folder_that_takes_no_files_is_told_at_the_start(folder: str) -> None:
    with pytest.raises(SlipsNotKept) as caught:
        serve("tcp://127.0.0.1:0", PrinterSim(80, clock=time.monotonic), Path(folder))

    fault = caught.value.as_fault()
    assert (fault.code, fault.who) == ("D-08", Actor.TECHNICIAN)
    assert fault.what_zh.startswith(f"模拟打印机的小票存不下来 ({folder}: ")
    assert "--slips /tmp/slips" in fault.remedy_zh


def test_a_file_is_no_folder_for_slips(tmp_path: Path) -> None:
    (tmp_path / "slips").touch()
    with pytest.raises(SlipsNotKept):
        SlipFiles(tmp_path / "slips")


def test_looking_whether_a_folder_takes_files_leaves_none(tmp_path: Path) -> None:
    SlipFiles(tmp_path / "slips")
    assert list((tmp_path / "slips").iterdir()) == []


def test_a_folder_that_goes_away_is_told_in_the_same_words(tmp_path: Path) -> None:
    slips: list[Slip] = []
    sim = PrinterSim(80, clock=time.monotonic)
    sim.on_slip(slips.append)
    sim.receive(b"A012\x0a\x1d\x56\x42\x00")
    files = SlipFiles(tmp_path / "slips")
    shutil.rmtree(tmp_path / "slips")

    with pytest.raises(SlipsNotKept):
        files.save(slips[0])
