"""``hall sim KIND URL``: each kind as a process of its own, the real driver at the near end of its wire.

What is printed goes into a ``hall.toml``, and the checks of ``hall test`` are carried out on it; what they
ask of a person, the test does by a line on the simulator's standard input.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner

from hall.cli import main
from hall.commands.sim import KINDS
from hall.commands.sim.attend import CommandLines
from hall.commands.sim.units import unit_numbers
from hall.commands.sim.words import Word, WrongWord, count, help_lines, obey, one_of, text_line
from hall.config.load import parse
from hall.config.model import HallConfig
from hall.devices.configured import check_from_here, configured_devices
from halldrivers.check import Checker, CheckLevel, Finding, Verdict

WAIT_S = 20.0
VILLAGE = (Path(__file__).parents[2] / "examples" / "village.toml").read_text(encoding="utf-8")
HALL = VILLAGE.replace(VILLAGE[VILLAGE.index("[pads]") : VILLAGE.index("[screen]")], "")
INTERNAL, EXTERNAL, INTERACTIVE = CheckLevel


class Standing:
    """A simulator that is ready."""

    def __init__(self, process: subprocess.Popen[str], urls: int) -> None:
        self.process = process
        assert process.stdout is not None
        self.urls = [process.stdout.readline().strip() for _ in range(urls)]
        self.said: list[str] = []
        self._heard = threading.Condition()
        self._listener = threading.Thread(target=self._listen)
        self._listener.start()

    @property
    def url(self) -> str:
        return self.urls[0]

    def do(self, *lines: str) -> None:
        """Type lines; each must be obeyed."""
        for line in lines:
            before = len(self.said)
            self.type(line)
            self.hears(f"好 / done: {line}", before)

    def type(self, line: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def hears(self, part: str, since: int = 0) -> str:
        """The first line of narration that has this in it, said already or to come."""

        def found() -> str | None:
            return next((line for line in self.said[since:] if part in line), None)

        with self._heard:
            line = self._heard.wait_for(found, WAIT_S)
            assert line is not None, f"not said: {part!r}, but {self.said}"
            return line

    def _listen(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            with self._heard:
                self.said.append(line.rstrip("\n"))
                self._heard.notify_all()

    def end(self, number: int = signal.SIGTERM) -> None:
        """End it; it must end well."""
        self.process.send_signal(number)
        try:
            assert self.process.wait(10) == 0
        finally:
            self.process.kill()
            self._listener.join()


@contextmanager
def standing(*arguments: str, urls: int = 1) -> Iterator[Standing]:
    """``hall sim`` with these arguments, and so many devices on its wire."""
    with subprocess.Popen(
        [sys.executable, "-m", "hall", "sim", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUTF8": "1"},
    ) as process:
        sim = Standing(process, urls)
        try:
            yield sim
        finally:
            if process.poll() is None:
                sim.end()


def hall_with(section: str) -> HallConfig:
    """A hall with this in its configuration."""
    return parse(f"{HALL}\n{section}\n".encode(), "hall.toml")


def findings(
    config: HallConfig, kind: str, level: CheckLevel, asked: Callable[[Finding], object]
) -> list[Finding]:
    """What ``hall test`` finds, but what it asks; ``asked`` does that."""
    (device,) = (device for device in configured_devices(config) if device.kind == kind)
    return heard_from(lambda level, tell: check_from_here(config, device, level, tell), level, asked)


def heard_from(checker: Checker, level: CheckLevel, asked: Callable[[Finding], object]) -> list[Finding]:
    found: list[Finding] = []

    def tell(finding: Finding) -> None:
        if finding.verdict is Verdict.ASK:
            asked(finding)
        else:
            found.append(finding)

    checker(level, tell)
    return found


def nobody(finding: Finding) -> None:
    pytest.fail(f"somebody is asked: {finding.en}")


def in_turn(sim: Standing, *lines: str) -> Callable[[Finding], None]:
    """A person who does the next of these each time when asked."""
    left = iter(lines)
    return lambda finding: sim.do(next(left))


def until(condition: Callable[[], bool]) -> None:
    """Wait for what the simulator's own thread does a moment after it was told."""
    deadline_s = time.monotonic() + WAIT_S
    while not condition():
        assert time.monotonic() < deadline_s
        time.sleep(0.01)


def are_well(found: list[Finding]) -> bool:
    return bool(found) and all(finding.verdict is Verdict.PASSED for finding in found)


def codes(found: list[Finding]) -> list[str]:
    return [finding.fault.code for finding in found if finding.fault is not None]


# --- each kind, and the driver that talks to it -------------------------------------------------------


def test_a_card_is_laid_on_the_id_card_reader_and_taken_away(tmp_path: Path) -> None:
    with standing("idcard", f"pty://{tmp_path}/reader") as sim:
        assert sim.url == f"serial://{tmp_path}/reader"
        hall = hall_with(f'[idcard]\ndevice = "{sim.url}"')
        found = findings(hall, "idcard", INTERACTIVE, in_turn(sim, "lay resident", "take"))
        assert are_well(found)
        assert found[0].en == "read a card (resident): 测** 1101**********002X"
        for question in ("status", "find", "select", "read"):
            sim.hears(f"asked: {question}")


def test_the_other_family_of_readers_says_so_in_its_url_and_can_fail_its_self_test() -> None:
    with standing("idcard", "tcp://127.0.0.1:0", "--frames", "stx", "--fault", "self-test") as sim:
        assert re.fullmatch(r"tcp://127\.0\.0\.1:\d+\?frames=stx", sim.url)
        hall = hall_with(f'[idcard]\ndevice = "{sim.url}"')
        found = findings(hall, "idcard", INTERACTIVE, in_turn(sim, "lay foreign-2023"))
        assert [finding.verdict for finding in found] == [Verdict.FAILED]
        sim.do("take", "well")
        assert are_well(findings(hall, "idcard", INTERACTIVE, in_turn(sim, "lay foreign-2023", "take")))


def test_a_code_is_scanned_and_one_with_control_characters_is_refused() -> None:
    with standing("barcode", "pty:", "--end", "crlf") as sim:
        assert sim.url.startswith("serial:///") and sim.url.endswith("?end=crlf")
        hall = hall_with(f'[barcode]\ndevice = "{sim.url}"')
        found = findings(hall, "barcode", INTERACTIVE, in_turn(sim, "scan HALL-2026 A012"))
        assert are_well(found)
        assert found[-1].en.startswith("read 14 characters")
        found = findings(hall, "barcode", INTERACTIVE, in_turn(sim, "control"))
        assert found[-1].verdict is Verdict.FAILED


def test_a_caller_presses_and_shows_what_the_hall_sends(tmp_path: Path) -> None:
    from hall.devices.windows import callers_of
    from halldrivers.caller.checks import caller_checker

    with standing("callers", f"pty://{tmp_path}/line", "--units", "1,2", urls=2) as sim:
        assert sim.urls == [f"caller://{tmp_path}/line?unit={unit}" for unit in (1, 2)]
        callers = callers_of(hall_with(f'[callers]\n1 = "{sim.urls[1]}"'))
        with_haste = caller_checker(callers, sim.urls[1], first_word_s=0.5, look_s=0.1)

        def asked(finding: Finding) -> None:
            if "press" in finding.en:
                sim.do("press 2 012 call")
                sim.hears("unit 2 sent: ff 68 06 06 68 02 01 00 01 02 0c 12 16")

        try:
            found = heard_from(with_haste, INTERACTIVE, asked)
        finally:
            callers.close()
        assert found[-1].verdict is Verdict.PASSED
        sim.hears("unit 2 shows: [123 05]")


def test_a_polled_caller_without_power_is_missed() -> None:
    with standing("callers", "tcp://127.0.0.1:0", "--polled", "--units", "7", "--fault", "dead 7") as sim:
        assert re.fullmatch(r"caller://127\.0\.0\.1:\d+\?unit=7&dialect=polled", sim.url)
        hall = hall_with(f'[callers]\n1 = "{sim.url}"')
        found = findings(hall, "keypad", EXTERNAL, nobody)
        assert [finding.verdict for finding in found] == [Verdict.PASSED, Verdict.FAILED]


def test_a_pad_of_a_line_is_pressed_while_it_asks_and_its_lamps_are_told(tmp_path: Path) -> None:
    with standing("pads", f"pty://{tmp_path}/pads", "--units", "3,4", urls=2) as sim:
        assert sim.urls == [f"modbus://{tmp_path}/pads?unit={unit}" for unit in (3, 4)]
        hall = hall_with(f'[pads]\n1 = "{sim.url}"')

        def asked(finding: Finding) -> None:
            sim.hears("3号灯 / unit 3 lamps: ●")
            sim.do("press 3 2")

        found = findings(hall, "pad", INTERACTIVE, asked)
        assert are_well(found)
        assert found[-1].en == "key 2 was heard"


def test_a_dead_pad_fails_and_is_well_when_it_is_plugged_in_again() -> None:
    with standing("pads", "tcp://127.0.0.1:0", "--units", "1", "--fault", "dead 1") as sim:
        assert re.fullmatch(r"modbus://127\.0\.0\.1:\d+\?framing=rtu&unit=1", sim.url)
        hall = hall_with(f'[pads]\n1 = "{sim.url}"')
        assert findings(hall, "pad", EXTERNAL, nobody)[-1].verdict is Verdict.FAILED
        sim.do("alive 1")
        assert are_well(findings(hall, "pad", EXTERNAL, nobody))


def test_a_sign_shows_the_test_picture(tmp_path: Path) -> None:
    from halldrivers.modbusline.line import ModbusLines
    from halldrivers.sign.address import parse_sign
    from halldrivers.sign.check import SignChecker
    from halldrivers.sign.sign import open_sign

    with standing("signs", f"pty://{tmp_path}/signs", "--units", "11", "--digits", "4") as sim:
        assert sim.url == f"modbus://{tmp_path}/signs?unit=11&digits=4"
        sign = open_sign(parse_sign(sim.url), ModbusLines())
        try:
            checker = SignChecker(sign, look_s=0)
            found = heard_from(checker, INTERACTIVE, lambda finding: sim.hears("unit 11 shows: [8.8.8.8.]"))
        finally:
            sign.close()
        assert are_well(found)


def test_a_sign_that_refuses_everything_fails(tmp_path: Path) -> None:
    with standing("signs", f"pty://{tmp_path}/signs", "--units", "11", "--fault", "refuse 11") as sim:
        hall = hall_with(f'[signs]\n1 = "{sim.url}"')
        assert findings(hall, "sign", EXTERNAL, nobody)[-1].verdict is Verdict.FAILED


@pytest.mark.parametrize(
    ("form", "presses"),
    [("table", ["press 4"]), ("line", ["press 3", "press 4"])],  # what is garbled takes its line with it
)
def test_a_box_names_the_section_that_it_needs_and_is_heard_behind_garbage(
    form: str, presses: list[str]
) -> None:
    with standing("pad", "pty:", "--form", form) as sim:
        assert sim.url.endswith(f"?{form}=sim")
        assert sim.hears("idle = ")
        assert sim.said[0] == f"[pad_{form}s.sim]"
        hall = hall_with("\n".join([*sim.said[:5], f'[pads]\n1 = "{sim.url}"']))

        def asked(finding: Finding) -> None:
            sim.hears("heard: 41 53 4b" if form == "line" else "heard: aa 01 10 55")
            sim.do("corrupt", *presses)

        found = findings(hall, "pad", INTERACTIVE, asked)
        assert are_well(found)
        assert found[-1].en == "key 4 was heard"


def test_a_page_is_shown_to_the_camera_and_goes_with_it(tmp_path: Path) -> None:
    pytest.importorskip("cv2", reason="without the extra 'pages' no page is found in a picture")
    with standing("camera", f"dir://{tmp_path}/camera") as sim:
        assert sim.url == f"dir://{tmp_path}/camera"
        hall = hall_with(f'[camera]\ndevice = "{sim.url}"')
        found = findings(hall, "camera", INTERACTIVE, in_turn(sim, "show blank", "show form"))
        assert are_well(found)
        sim.do("unplug")
        assert not (tmp_path / "camera").exists()
        assert codes(findings(hall, "camera", INTERNAL, nobody)) == ["D-02"]
    assert list((tmp_path / "camera").iterdir()) == []


def test_a_camera_is_not_put_into_a_folder_with_other_files(tmp_path: Path) -> None:
    (tmp_path / "letter.odt").touch()
    result = CliRunner().invoke(main, ["sim", "camera", f"dir://{tmp_path}"])
    assert result.exit_code == 2
    assert "the folder holds other files (letter.odt)" in result.stderr
    assert (tmp_path / "letter.odt").exists()


def test_a_camera_whose_folder_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    result = CliRunner().invoke(main, ["sim", "camera", f"dir://{tmp_path}/file"])
    assert result.exit_code == 2
    assert "the folder cannot be used" in result.stderr


@pytest.fixture
def has_sane() -> None:
    if shutil.which("scanimage") is None or not list(Path("/usr/lib").glob("**/sane/libsane-airscan.so*")):
        pytest.skip("needs Debian's sane-utils and sane-airscan")


@pytest.mark.usefixtures("has_sane")
def test_a_sheet_is_laid_into_the_scanner_and_a_jam_is_told() -> None:
    with standing("scanner", "escl://127.0.0.1:0") as sim:
        assert re.fullmatch(r"escl://127\.0\.0\.1:\d+/eSCL", sim.url)
        hall = hall_with(f'[scanner]\ndevice = "{sim.url}?resolution=75"')
        found = findings(hall, "scanner", INTERACTIVE, in_turn(sim, "load 1"))
        assert are_well(found)
        sim.hears("扫出页数 / pages: 1")
        sim.do("load", "jam")
        assert any(
            finding.verdict is Verdict.FAILED for finding in findings(hall, "scanner", EXTERNAL, nobody)
        )


def test_the_scanner_comes_back_at_its_address_when_its_cable_is_put_back() -> None:
    with standing("scanner", "escl://127.0.0.1:0", "--fault", "unplug") as sim:
        there = urlsplit(sim.url)
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection((there.hostname, there.port), timeout=5)
        sim.do("plug")
        socket.create_connection((there.hostname, there.port), timeout=5).close()


def test_a_printer_with_its_cover_open_fails_until_it_is_closed() -> None:
    with standing("printer", "tcp://127.0.0.1:0", "--make", "epson", "--fault", "open") as sim:
        hall = parse(HALL.replace("lp:///dev/usb/lp0", sim.url).encode(), "hall.toml")
        found = findings(hall, "printer", EXTERNAL, nobody)
        assert "the printer's cover is open" in " ".join(finding.en for finding in found)
        sim.do("close")
        assert are_well(findings(hall, "printer", EXTERNAL, nobody))


# --- what all kinds share -----------------------------------------------------------------------------


def test_a_pulled_cable_takes_the_node_away_until_it_is_put_back(tmp_path: Path) -> None:
    with standing("idcard", f"pty://{tmp_path}/reader", "--fault", "unplug") as sim:
        hall = hall_with(f'[idcard]\ndevice = "{sim.url}"')
        until(lambda: not (tmp_path / "reader").is_symlink())
        assert codes(findings(hall, "idcard", INTERNAL, nobody)) == ["D-02"]
        sim.do("plug")
        sim.hears("cable: 插着 / in")
        until((tmp_path / "reader").exists)
        assert are_well(findings(hall, "idcard", INTERNAL, nobody))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_and_takes_the_link_away(tmp_path: Path, number: signal.Signals) -> None:
    with standing("barcode", f"pty://{tmp_path}/reader") as sim:
        assert (tmp_path / "reader").is_symlink()
        sim.end(number)
    assert not (tmp_path / "reader").is_symlink()


def test_the_end_of_standard_input_does_not_end_it() -> None:
    with standing("barcode", "pty:") as sim:
        sim.type("noise")
        assert sim.process.stdin is not None
        sim.process.stdin.write("scan X1")  # without the end of its line
        sim.process.stdin.close()
        sim.hears("好 / done: scan X1")
        assert sim.process.poll() is None


def test_help_and_what_is_not_understood_are_told_in_both_languages() -> None:
    with standing("pads", "pty:", urls=4) as sim:
        sim.type("help")
        assert sim.hears("press UNIT KEY [MS]").endswith("按一下键 / press a key, for so many ms")
        sim.type("dance")
        assert sim.hears("没有命令 dance，可用 / no such command, known: press hold")
        sim.type("dead 9")
        assert sim.hears("UNIT 没有 9，可用 / no such UNIT, known: 1 2 3 4")


@pytest.mark.parametrize("kind", KINDS)
def test_the_help_of_a_kind_lists_its_words_and_an_unknown_fault_does_too(kind: str, tmp_path: Path) -> None:
    urls = {"camera": f"dir://{tmp_path}", "scanner": "escl://127.0.0.1:0"}
    shown = CliRunner().invoke(main, ["sim", kind, "--help"]).stdout
    assert "拔掉" in shown and "unplug" in shown
    result = CliRunner().invoke(main, ["sim", kind, urls.get(kind, "pty:"), "--fault", "dance"])
    assert result.exit_code == 2
    assert "没有命令 dance" in result.stderr
    assert "unplug" in result.stderr


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://x", "it must begin with tcp://, pty://"),
        ("pty://reader", "the device path must be absolute"),
        ("pty:reader", "the device path must be absolute"),
        ("pty:///no-such-folder/reader", "there is no folder /no-such-folder"),
        ("tcp://127.0.0.1:0?unit=3", "unknown option unit"),
    ],
)
def test_a_url_at_which_nothing_can_stand_is_refused_with_the_fix(url: str, why: str) -> None:
    result = CliRunner().invoke(main, ["sim", "idcard", url])
    assert result.exit_code == 2
    assert why in result.stderr


def test_a_file_where_the_link_shall_be_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "notes").write_text("mine")
    result = CliRunner().invoke(main, ["sim", "idcard", f"pty://{tmp_path}/notes"])
    assert result.exit_code == 2
    assert "there is a file at this place" in result.stderr
    assert (tmp_path / "notes").read_text() == "mine"


@pytest.mark.parametrize(
    ("kind", "url"), [("idcard", "tcp://127.0.0.1:80"), ("scanner", "escl://127.0.0.1:80")]
)
def test_a_port_that_is_not_for_everybody_is_refused_with_what_helps(
    kind: str, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def bind(listener: socket.socket, place: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(socket.socket, "bind", bind)
    result = CliRunner().invoke(main, ["sim", kind, url])
    assert result.exit_code == 1
    assert result.stderr.startswith("D-03 没有权限使用设备")
    assert "1024 以下的端口要加 sudo" in result.stderr
    assert "a port below 1024 needs sudo, or take one above 1023" in result.stderr
    assert "dialout" not in result.stderr


@pytest.mark.parametrize("text", ["", "0", "3-1", "1,x", "1-33", "9999999999"])
def test_unit_numbers_that_make_no_sense_are_refused(text: str) -> None:
    result = CliRunner().invoke(main, ["sim", "pads", "pty:", "--units", text])
    assert result.exit_code == 2


def test_unit_numbers_are_taken_once_and_in_their_order() -> None:
    assert unit_numbers("5,1-3,2", 1, 247) == (5, 1, 2, 3)


# --- the tables of words ------------------------------------------------------------------------------

TABLE = {
    "lay": Word("放", "lay", lambda device, card: device.append(card), (one_of("CARD", {"a": 1, "b": 2}),)),
    "press": Word(
        "按", "press", lambda device, *values: device.append(values), (count("N", 9, 3), text_line("T"))
    ),
}


@pytest.mark.parametrize(
    ("line", "done"),
    [("lay a", 1), ("  lay\u3000b ", 2), ("press 4 two  words", (4, "two  words"))],
)
def test_a_line_is_obeyed(line: str, done: object) -> None:
    device: list[object] = []
    obey(TABLE, device, line)
    assert device == [done]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("lay", "缺少 CARD，写法：lay CARD / CARD is missing: write as shown"),
        ("lay c", "CARD 没有 c，可用 / no such CARD, known: a b"),
        ("lay a b", "多了 b，写法：lay CARD / b is too much: write as shown"),
        ("press 10 x", "N 要写 0 到 9 的整数 / N is a number from 0 to 9"),
        ("press 1", "缺少 T，写法：press [N] T / T is missing: write as shown"),
        ("fly", "没有命令 fly，可用 / no such command, known: lay press"),
    ],
)
def test_a_line_that_is_not_understood_does_nothing_and_says_why(line: str, why: str) -> None:
    device: list[object] = []
    with pytest.raises(WrongWord) as wrong:
        obey(TABLE, device, line)
    assert str(wrong.value) == why
    assert device == []


def test_the_help_shows_each_word_once_and_the_values_of_its_slots() -> None:
    assert list(help_lines(TABLE)) == ["lay CARD     放 / lay", "press [N] T  按 / press", "CARD: a b"]


def test_every_fault_of_the_simulated_scanner_has_its_word() -> None:
    from hall.commands.sim.scanner import WORDS
    from halldrivers.scanner.esclsim import FAULT_WORDS

    assert set(FAULT_WORDS) <= set(WORDS)


def test_every_mishap_and_card_of_the_simulated_reader_can_be_told() -> None:
    from hall.commands.sim.idcard import LYING, SAM_WORDS
    from halldrivers.idcard.simcards import CARDS
    from halldrivers.idcard.simhand import MISHAPS

    names = {"damaged": "corrupt", "shaken": "shake"}
    assert {names.get(mishap, mishap) for mishap in MISHAPS} <= set(SAM_WORDS)
    assert set(CARDS) <= set(LYING)


def test_what_a_reader_is_asked_all_day_is_told_once_and_not_kept() -> None:
    from hall.commands.sim.idcard import asked
    from halldrivers.idcard.sim import QUESTIONS, CardReaderSim

    reader = CardReaderSim(clock=time.monotonic)
    look = asked(reader, QUESTIONS)
    reader.requests += [b"\x20\x01", b"\x20\x01"]
    assert look() == ["被问 / asked: find"]
    reader.requests += [b"\x20\x01", b"\x30\x01", b"\x77\x77"]
    assert look() == ["被问 / asked: read", "被问 / asked: 7777"]
    assert reader.requests == []


@pytest.mark.parametrize(("is_polled", "told"), [(False, ["1号发出 / unit 1 sent: ff 16"]), (True, [])])
def test_frames_of_callers_are_told_unless_they_come_all_day_and_not_kept(
    is_polled: bool, told: list[str]
) -> None:
    from hall.commands.sim.callers import said
    from halldrivers.caller.sim import CallerLineSim

    line = CallerLineSim((1,), is_polled=is_polled)
    line.callers[1].said.append(b"\xff\x16")
    assert said(line) == told
    assert line.callers[1].said == []


def test_a_command_comes_in_pieces_and_one_that_never_ends_is_left_out(
    capsys: pytest.CaptureFixture[str],
) -> None:
    out, into = os.pipe()
    try:
        lines = CommandLines(out)
        os.write(into, "scan 票".encode()[:-1])
        assert lines.wait(0) == []
        os.write(into, "票".encode()[-1:] + b"\n\nhelp\n")
        assert lines.wait(0) == ["scan 票", "help"]
        os.write(into, b"x" * 9000)
        assert lines.wait(0) == lines.wait(0) == []
        assert "too long" in capsys.readouterr().err
        os.write(into, b"help\n")
        assert lines.wait(0) == ["help"]
    finally:
        os.close(out)
        os.close(into)


def test_a_terminal_is_read_on_behind_ctrl_d_and_not_when_it_is_gone(
    capsys: pytest.CaptureFixture[str],
) -> None:
    keyboard, screen = os.openpty()
    try:
        lines = CommandLines(screen)
        assert lines.is_terminal
        os.write(keyboard, b"\x04")
        assert lines.wait(WAIT_S) == []
        assert "Ctrl-C ends" in capsys.readouterr().err
        os.write(keyboard, b"help\n")
        assert lines.wait(WAIT_S) == ["help"]
    finally:
        os.close(keyboard)
    assert lines.wait(WAIT_S) == lines.wait(0) == []
    assert capsys.readouterr().err == ""
    os.close(screen)
