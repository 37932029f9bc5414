"""A whole run, everything that it says and writes kept: no name, number, address or photo is in it."""

from __future__ import annotations

import io
import logging
import subprocess
import sys
from pathlib import Path

import pytest

from halldrivers.errors import DeviceError
from halldrivers.idcard.simcards import CARDS, FOREIGN_2017, RESIDENT
from halldrivers.idcard.trouble import CardTrouble

PHOTO = b"\xc5PHOTO-MARK" * 93 + b"\0"
SECRETS = (
    "11010519491231002X",
    "810000190001010026",
    "XXX000000000000",
    "911840190001010025",
    "测试一",
    "测试二",
    "测试三",
    "测试四",
    "SAMPLE",
    "同心县测试乡",
    "追加路",
    "H00000000",
    "PHOTO-MARK",
    "19491231",
    "1949-12-31",
)


def found_in(text: str) -> list[str]:
    return [secret for secret in SECRETS if secret in text]


def test_the_search_would_find_a_leak() -> None:
    assert found_in(f"card {RESIDENT.text.decode('utf-16-le')}")


@pytest.mark.parametrize("url", ["tcp://10.0.0.7:10001", "tcp://10.0.0.7:10001?frames=stx"])
def test_a_run_with_every_card_and_every_mishap_says_and_holds_nothing(make_desk, url: str) -> None:  # type: ignore[no-untyped-def]
    said = io.StringIO()
    handler = logging.StreamHandler(said)
    handler.setFormatter(logging.Formatter("%(levelname)s %(name)s %(message)s %(exc_info)s %(args)r"))
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        desk = make_desk(url)
        machine = desk.stx if "stx" in url else desk.sim
        desk.reader.open()
        desk.reader.arm()
        for card in CARDS.values():
            machine.lay(card.with_photo(PHOTO).with_addresses("宁夏同心县追加路9号"))
            desk.until_card()
            machine.take_away()
            desk.run(7.0)
            for mishap in (lambda: machine.damage_next(2), lambda: machine.cut_next(300), machine.shake):
                machine.lay(card.with_photo(PHOTO))
                mishap()
                try:
                    desk.run(7.0)
                except DeviceError as error:
                    print(error, repr(error), error.as_fault(), file=said)
                machine.take_away()
                desk.run(7.0)
        print(desk.cards, desk.troubles, desk.reader.counters.text(), file=said)
        print([vars(part) for part in (desk.reader, desk.reader._visit, desk.reader._link)], file=said)
        print(vars(desk.reader._visit._presence), desk.reader._sequence, file=said)
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
    assert len(desk.cards) >= 4 and CardTrouble.TAKE_AWAY in desk.troubles
    assert "测**" in said.getvalue(), "it did say something"
    assert found_in(said.getvalue()) == []


def test_a_process_that_reads_a_card_writes_no_file_and_prints_no_person(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(
        """
import logging, sys, threading, time, traceback
from halldrivers.idcard.address import parse_idcard
from halldrivers.idcard.reader import CardReader
from halldrivers.idcard.visit import Pace
from halldrivers.idcard.sim import CardReaderSim
from halldrivers.idcard.simcards import RESIDENT
from halldrivers.simwire import serve_tcp

logging.basicConfig(level=logging.DEBUG, stream=sys.stderr)
sim = CardReaderSim(clock=time.monotonic)
done = threading.Event()

def on_card(record):
    print("read", record, record.name, f"{record.number}", flush=True)
    done.set()
    raise RuntimeError(record.number.reveal())

with serve_tcp(sim) as server:
    reader = CardReader(parse_idcard(server.url), on_card=on_card, pace=Pace(poll_s=0.01))
    with reader.worker("idcard"):
        reader.arm()
        sim.lay(RESIDENT)
        assert done.wait(20)
        print(vars(reader))
"""
    )
    run = tmp_path / "run"
    run.mkdir()
    done = subprocess.run(
        [sys.executable, str(program)], cwd=run, capture_output=True, text=True, timeout=60, check=True
    )
    assert "read <CardRecord resident 测** 1101**********002X> 测** 1101**********002X" in done.stdout
    assert "a listener of the ID-card reader failed: RuntimeError" in done.stderr
    assert found_in(done.stdout + done.stderr) == []
    assert list(run.iterdir()) == []


def test_the_secrets_are_those_of_the_cards() -> None:
    assert "SAMPLE" in FOREIGN_2017.text.decode("utf-16-le")
