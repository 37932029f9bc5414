"""``hall print enrol``: one slip of the simulated printer, eight answers on standard input, one file."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from hall.cli import main
from hall.config.load import load
from halldrivers.printersim import MUTE, PrinterServer, PrinterSim, Slip, serve_tcp

TOWNSHIP = Path(__file__).parents[2] / "examples" / "township.toml"
GOOD = ["576", "yes", "yes", "yes", "yes", "yes", "yes", "yes"]


class Counting(PrinterSim):
    """A printer that counts the bytes that reach it."""

    bytes_in = 0

    def receive(self, data: bytes) -> int:
        self.bytes_in += len(data)
        return super().receive(data)


@pytest.fixture
def sim() -> Counting:
    return Counting(width_mm=80, clock=time.monotonic)


@pytest.fixture
def printer(sim: Counting) -> Iterator[PrinterServer]:
    with serve_tcp(sim) as server:
        yield server


@pytest.fixture
def config(tmp_path: Path, printer: PrinterServer) -> Path:
    """A township with this printer, enrolled as ``enrolled``."""
    text = TOWNSHIP.read_text(encoding="utf-8").replace("tcp://192.168.1.87:9100", printer.url)
    file = tmp_path / "hall.toml"
    file.write_text(text.replace('profile = "generic-80"', 'profile = "enrolled"'), encoding="utf-8")
    return file


def enrol(url: str, config: Path, answers: list[str], *more: str, state: Path | None = None) -> Result:
    where = ["--config", str(config), "--state", str(state or config.parent / "state")]
    arguments = ["print", "enrol", url, *where, *more]
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
    assert f"登记名 {name!r} 不能用：写小写字母、数字和 -" in told.stderr
    assert "cannot be the name of an enrolled printer" in told.stderr
    assert slips(printer) == (), "nothing was printed for it"


def test_somebody_who_goes_away_in_the_middle_leaves_nothing(printer: PrinterServer, config: Path) -> None:
    told = enrol(printer.url, config, ["576"])
    assert told.exit_code == 1
    assert not (config.parent / "printers").exists()


def test_where_no_profile_could_be_stored_no_byte_leaves(
    printer: PrinterServer, sim: Counting, config: Path
) -> None:
    (config.parent / "printers").write_text("not a folder")
    told = enrol(printer.url, config, GOOD)
    assert told.exit_code == 1
    assert told.stderr.startswith("P-36 不能读写打印机的登记文件")
    assert sim.bytes_in == 0
    assert (config.parent / "printers").read_text() == "not a folder"


# --- beside a running hall ---------------------------------------------------------------------------


def report(keeper: Any, state: str, code: str = "") -> None:
    keeper.client().report_device(
        "printer", key=f"printer-{time.monotonic()}", kind="printer", state=state, code=code
    )


@pytest.mark.parametrize("state", ["online", "absent", "unknown"])
def test_while_the_spooler_holds_the_printer_nothing_is_asked_and_it_is_told_what_to_stop(
    keeper: Any, printer: PrinterServer, sim: Counting, config: Path, state: str
) -> None:
    report(keeper, state)
    told = enrol(printer.url, config, GOOD, state=keeper.folder)
    assert told.exit_code == 1
    assert told.stderr.startswith("D-04 设备被其他程序占用")
    assert "先停打印程序：systemctl stop hall-printer" in told.stderr
    assert "stop the spooler first: systemctl stop hall-printer" in told.stderr
    assert "第1项" not in told.stderr
    assert sim.bytes_in == 0


def test_with_force_it_is_enrolled_all_the_same(keeper: Any, printer: PrinterServer, config: Path) -> None:
    report(keeper, "online")
    assert enrol(printer.url, config, GOOD, "--force", state=keeper.folder).exit_code == 0


def test_a_spooler_that_is_gone_holds_nothing(keeper: Any, printer: PrinterServer, config: Path) -> None:
    report(keeper, "unknown", "T-09")
    told = enrol(printer.url, config, GOOD, state=keeper.folder)
    assert told.exit_code == 0, told.output


def test_the_spooler_s_printer_is_no_hindrance_to_another_one(
    keeper: Any, printer: PrinterServer, config: Path
) -> None:
    text = TOWNSHIP.read_text(encoding="utf-8")  # its printer is at 192.168.1.87
    config.write_text(text, encoding="utf-8")
    report(keeper, "online")
    told = enrol(printer.url, config, GOOD, state=keeper.folder)
    assert told.exit_code == 0, told.output


# --- printers that never say a word ------------------------------------------------------------------


@pytest.fixture
def mute() -> Iterator[PrinterServer]:
    with serve_tcp(PrinterSim(width_mm=80, abilities=MUTE, clock=time.monotonic)) as server:
        yield server


def test_a_printer_that_answers_nothing_is_enrolled_when_its_slip_came_out(
    mute: PrinterServer, config: Path
) -> None:
    told = enrol(mute.url, config, ["maybe", "是", *GOOD])
    assert told.exit_code == 0, told.output
    assert told.stderr.count("小票出来了吗？\nDid the slip come out?") == 2
    assert told.stderr.index("小票出来了吗") < told.stderr.index("第1项")
    assert len(slips(mute)) == 1


def test_of_a_slip_that_did_not_come_out_nothing_is_asked(mute: PrinterServer, config: Path) -> None:
    told = enrol(mute.url, config, ["no", *GOOD])
    assert told.exit_code == 1
    assert "P-01 打印机没有应答，状态不明 (小票也没有出来)" in told.stderr
    assert "systemctl stop hall-printer" in told.stderr
    assert "第1项" not in told.stderr
    assert not (config.parent / "printers").exists()


def test_a_printer_that_answers_is_not_asked_about(printer: PrinterServer, config: Path) -> None:
    assert "小票出来了吗" not in enrol(printer.url, config, GOOD).stderr
