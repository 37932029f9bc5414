"""``hall print enrol``: one slip of the simulated printer, eight answers on standard input, one file."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hall.cli import main
from hall.config.load import load
from halldrivers.printersim import PrinterServer, PrinterSim, Slip, serve_tcp

TOWNSHIP = Path(__file__).parents[2] / "examples" / "township.toml"
GOOD = ["576", "yes", "yes", "yes", "yes", "yes", "yes", "yes"]


@pytest.fixture
def printer() -> Iterator[PrinterServer]:
    sim = PrinterSim(width_mm=80, clock=time.monotonic)
    with serve_tcp(sim) as server:
        yield server


@pytest.fixture
def config(tmp_path: Path, printer: PrinterServer) -> Path:
    """A township with this printer, enrolled as ``enrolled``."""
    text = TOWNSHIP.read_text(encoding="utf-8").replace("tcp://192.168.1.87:9100", printer.url)
    file = tmp_path / "hall.toml"
    file.write_text(text.replace('profile = "generic-80"', 'profile = "enrolled"'), encoding="utf-8")
    return file


def enrol(url: str, config: Path, answers: list[str], *more: str) -> Result:
    arguments = ["print", "enrol", url, "--config", str(config), *more]
    return CliRunner().invoke(main, arguments, input="\n".join(answers) + "\n")


def slips(printer: PrinterServer) -> tuple[Slip, ...]:
    return printer.sim.slips


def test_the_file_is_written_beside_the_configuration_which_then_is_right(
    printer: PrinterServer, config: Path
) -> None:
    told = enrol(printer.url, config, GOOD)
    assert told.exit_code == 0, told.output
    file = config.parent / "printers" / "enrolled.toml"
    assert f"已保存 / stored: {file}" in told.stderr
    assert file.is_file()
    assert told.stdout == f'[printing]\ndevice = "{printer.url}"\nprofile = "enrolled"\n'
    loaded = load(config)
    assert loaded.printer is not None
    assert loaded.printer.profile.name == "enrolled"
    assert loaded.printer.profile.width_dots == 576
    assert loaded.printer.abilities is not None


def test_exactly_one_slip_is_printed_and_the_printer_is_free_afterwards(
    printer: PrinterServer, config: Path
) -> None:
    assert enrol(printer.url, config, GOOD).exit_code == 0
    assert len(slips(printer)) == 1
    assert slips(printer)[0].cut
    socket.create_connection(("127.0.0.1", printer.port), timeout=5).close()


def test_every_question_is_asked_in_both_languages_with_its_choices(
    printer: PrinterServer, config: Path
) -> None:
    told = enrol(printer.url, config, GOOD)
    assert "第1项：横线上最右边，还完整的数字是几？\n1: which is the last number" in told.stderr
    assert "    1 384 / 2 512 / 3 576 / 没有 none" in told.stderr
    assert told.stderr.count("是 yes / 否 no") == 7


def test_a_second_enrolment_replaces_the_first(printer: PrinterServer, config: Path) -> None:
    assert enrol(printer.url, config, GOOD).exit_code == 0
    narrow = ["384", *GOOD[1:]]
    assert enrol(printer.url, config, narrow).exit_code == 0
    loaded = load(config)
    assert loaded.printer is not None and loaded.printer.profile.width_dots == 384
    assert [file.name for file in (config.parent / "printers").iterdir()] == ["enrolled.toml"]


def test_an_answer_that_is_no_choice_is_asked_again(printer: PrinterServer, config: Path) -> None:
    told = enrol(printer.url, config, ["wide", "", "3", "maybe", "是", *GOOD[2:]])
    assert told.exit_code == 0, told.output
    assert told.stderr.count("第1项") >= 2
    assert told.stderr.count("1 384 / 2 512 / 3 576 / 没有 none") >= 2
    loaded = load(config)
    assert loaded.printer is not None and loaded.printer.profile.width_dots == 576


def test_a_slip_that_nobody_can_read_is_no_enrolment(printer: PrinterServer, config: Path) -> None:
    told = enrol(printer.url, config, ["none"])
    assert told.exit_code == 1
    assert "谁处理 / who" in told.stderr
    assert "第2项" not in told.stderr, "the rest is not asked"
    assert not (config.parent / "printers").exists()


def test_a_printer_in_trouble_is_not_enrolled_and_says_why(printer: PrinterServer, config: Path) -> None:
    printer.sim.open_cover()
    told = enrol(printer.url, config, GOOD)
    assert told.exit_code == 1
    assert told.stderr.splitlines()[1].startswith("P-30 ")
    assert "谁处理 / who" in told.stderr and "怎么办 / do" in told.stderr
    assert told.stdout == ""
    assert slips(printer) == ()
    assert not (config.parent / "printers").exists()


def test_a_printer_that_is_not_there_is_absent(printer: PrinterServer, config: Path) -> None:
    printer.close()
    told = enrol(printer.url, config, GOOD)
    assert told.exit_code == 1
    assert "D-" in told.stderr and "Traceback" not in told.stderr


@pytest.mark.parametrize("name", ["generic-80", "../etc", "a b", ""])
def test_a_name_that_cannot_be_a_profile_s_is_wrong_usage(
    printer: PrinterServer, config: Path, name: str
) -> None:
    told = enrol(printer.url, config, GOOD, "--name", name)
    assert told.exit_code == 2
    assert slips(printer) == (), "nothing was printed for it"


def test_somebody_who_goes_away_in_the_middle_leaves_nothing(printer: PrinterServer, config: Path) -> None:
    told = CliRunner().invoke(main, ["print", "enrol", printer.url, "--config", str(config)], input="576\n")
    assert told.exit_code == 1
    assert not (config.parent / "printers").exists()
