"""The hall command against a real keeper in a process of its own."""

import json
import os
import queue
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hall.cli import main
from halldrivers.printersim import PrinterSim, Slip, serve_tcp

TOWNSHIP = Path(__file__).parents[2] / "examples" / "township.toml"
COMMAND = [sys.executable, "-c", "from hall.cli import main; main()"]


@dataclass(frozen=True)
class Running:
    """A keeper and the command on its state folder."""

    state: Path
    process: "subprocess.Popen[str]"

    def hall(self, *arguments: str) -> Result:
        return CliRunner().invoke(main, list(arguments), env={"HALL_STATE": str(self.state)})

    def data(self, *arguments: str) -> dict[str, object]:
        result = self.hall(*arguments, "--json")
        assert result.exit_code == 0, result.stderr
        answer: dict[str, object] = json.loads(result.stdout)
        return answer


@contextmanager
def keeper_on(state: Path, *more: str) -> Iterator[Running]:
    """A keeper that is ready; it must end well."""
    process = subprocess.Popen(
        [*COMMAND, "run", "queue", "--config", str(TOWNSHIP), "--state", str(state), *more],
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    with process.stderr as said:
        try:
            assert any("the keeper is ready" in line for line in said)
            yield Running(state, process)
        finally:
            process.terminate()
            status = process.wait(10)
    assert status == 0


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    with tempfile.TemporaryDirectory() as folder, keeper_on(Path(folder)) as keeper:
        yield keeper


def issue(running: Running, service: str, *more: str) -> str:
    result = running.hall("ticket", "issue", service, "--staff", *more)
    assert result.exit_code == 0, result.stderr
    return result.stdout.split()[0]


def test_a_whole_visit_from_the_shell(running: Running) -> None:
    number = issue(running, "dibao")
    assert running.hall("at", "2", "open", "--clerk", "测试员").exit_code == 0
    assert running.hall("call", "2", "--ticket", number).stdout == f"{number} 叫号中 2号窗口 低保与临时救助\n"
    assert running.hall("at", "2", "recall").exit_code == 0
    assert running.hall("at", "2", "start").stdout.startswith(f"{number} 办理中")
    assert running.hall("at", "2", "hold", "--reason", "补材料").stdout.startswith(f"{number} 挂起")
    assert running.hall("at", "2", "resume", number).stdout.startswith(f"{number} 办理中")
    assert running.hall("at", "2", "finish").stdout.startswith(f"{number} 办结")
    assert running.data("ticket", "show", number)["state"] == "done"


def test_the_log_names_the_window_and_the_clerk_of_what_the_shell_did(running: Running) -> None:
    number = issue(running, "yanglao")
    running.hall("at", "3", "open", "--clerk", "测试员")
    running.hall("call", "3", "--clerk", "测试员")
    shown = running.data("ticket", "show", number)
    assert (shown["state"], shown["window"]) == ("called", 3)
    assert running.hall("at", "3", "pass").stdout.startswith(f"{number} 过号")
    assert running.hall("ticket", "return", number).stdout.startswith(f"{number} 排队中")
    assert running.hall("ticket", "void", number, "--reason", "测试").stdout.startswith(f"{number} 作废")


def test_a_transfer_keeps_the_number(running: Running) -> None:
    number = issue(running, "manbing")
    running.hall("at", "4", "open")
    running.hall("call", "4")
    moved = running.hall("at", "4", "transfer", "weijian")
    assert moved.stdout.startswith(f"{number} 已转移")
    running.hall("ticket", "void", number, "--reason", "测试")
    assert running.hall("at", "4", "pause", "--reason", "午休").stdout.startswith("4号窗口 暂停")
    assert running.hall("at", "4", "close").stdout.startswith("4号窗口 未开窗")


def test_the_same_key_gives_the_same_ticket(running: Running) -> None:
    first = running.data("ticket", "issue", "shuiwu", "--staff", "--key", "k-1")
    again = running.data("ticket", "issue", "shuiwu", "--staff", "--key", "k-1")
    assert first == again


def test_a_refusal_is_code_words_actor_and_remedy_with_status_1(running: Running) -> None:
    running.hall("at", "1", "open")
    result = running.hall("call", "1")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr == (
        "Q-10 暂无排队 / nobody is waiting\n"
        "    谁处理 / who: 办事员 / clerk\n"
        "    怎么办 / do:  有人取号后会提示 / you will see when someone takes a ticket\n"
    )


def test_tickets_are_listed_for_people_and_for_programs(running: Running) -> None:
    number = issue(running, "gaoling", "--no-paper")
    table = running.hall("ticket", "list").stdout
    assert table.splitlines()[0].split() == ["票号", "状态", "事项", "窗口", "取号时间", "打印", "ID"]
    assert any(line.startswith(number) for line in table.splitlines())
    listed = json.loads(running.hall("ticket", "list", "--only", "waiting", "--json").stdout)
    assert number in [ticket["number"] for ticket in listed]
    assert {ticket["state"] for ticket in listed} == {"waiting"}


def test_a_print_job_is_listed_until_its_printer_takes_it_and_can_be_reprinted(running: Running) -> None:
    number = issue(running, "canlian")
    jobs = json.loads(running.hall("print", "list", "--json").stdout)
    assert number in [job["ticket"]["number"] for job in jobs]
    assert running.hall("ticket", "reprint", number).stdout.startswith(f"{number} 补打第 1 次")
    refused = running.hall("print", "answer", str(jobs[0]["job"]), "--came-out", "yes")
    assert refused.exit_code == 1
    assert refused.stderr.startswith("Q-")


def test_status_names_a_line_that_no_open_window_serves(running: Running) -> None:
    issue(running, "jiuye")
    running.hall("at", "3", "pause")
    result = running.hall("status", "--json")
    assert result.exit_code == 1
    troubles = {trouble["code"]: trouble for trouble in json.loads(result.stdout)["troubles"]}
    assert troubles["T-02"]["who"] == "clerk"
    assert "没有开着的窗口能办" in running.hall("status").stdout


def test_a_backup_is_a_database_that_verify_accepts(running: Running, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    assert running.data("backup", str(copy))["bytes"] == copy.stat().st_size
    result = running.hall("verify", "--db", str(copy))
    assert result.exit_code == 0, result.stdout + result.stderr


def test_verify_works_beside_a_running_keeper(running: Running) -> None:
    result = running.hall("verify", "--json")
    assert result.exit_code == 0, result.stdout + result.stderr
    assert json.loads(result.stdout)["ok"] is True


def test_verify_answers_1_when_an_event_was_altered(running: Running, tmp_path: Path) -> None:
    import sqlite3

    copy = tmp_path / "copy.db"
    running.hall("backup", str(copy))
    altered = sqlite3.connect(copy)
    with altered:
        altered.execute("update event set actor = 'nobody' where seq = 3")
    altered.close()
    result = running.hall("verify", "--db", str(copy), "--json")
    assert result.exit_code == 1
    told = json.loads(result.stdout)
    assert told["ok"] is False and told["findings"]
    for_people = running.hall("verify", "--db", str(copy))
    assert "V-02" in for_people.stdout and "怎么办 / do" in for_people.stdout


def test_a_second_keeper_on_the_folder_is_refused_with_the_pid_of_the_first(running: Running) -> None:
    done = subprocess.run(
        [*COMMAND, "run", "queue", "--config", str(TOWNSHIP), "--state", str(running.state)],
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert done.returncode == 1
    assert "S-06" in done.stderr and f"process {running.process.pid}" in done.stderr


def test_a_keeper_does_not_start_for_users_that_the_machine_lacks_and_names_the_line(tmp_path: Path) -> None:
    file = tmp_path / "hall.toml"
    text = TOWNSHIP.read_text(encoding="utf-8")
    file.write_text(text.replace("[access]", '[access]\nscreen = ["no-such-user-here"]'), encoding="utf-8")
    line = 1 + file.read_text(encoding="utf-8").split("\n").index('screen = ["no-such-user-here"]')
    done = subprocess.run(
        [*COMMAND, "run", "queue", "--config", str(file), "--state", str(tmp_path / "s")],
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert (done.returncode, CliRunner().invoke(main, ["config", "check", str(file)]).exit_code) == (2, 0)
    assert f"{file}:{line}" in done.stderr and "C-74" in done.stderr and "useradd" in done.stderr


def test_the_socket_may_be_elsewhere(tmp_path: Path) -> None:
    socket = tmp_path / "hall.sock"
    with keeper_on(tmp_path / "s", "--socket", str(socket)):
        result = CliRunner().invoke(main, ["ticket", "list", "--socket", str(socket), "--json"])
        assert (result.exit_code, result.stdout) == (0, "[]\n")


def test_closing_the_day_voids_who_still_waits(tmp_path: Path) -> None:
    with keeper_on(tmp_path) as running:
        number = issue(running, "shuiwu")
        assert running.data("day", "close", "--reason", "停电") == {"dissolved": 1}
        assert running.data("ticket", "show", number)["state"] == "void"
        refused = running.hall("ticket", "issue", "shuiwu", "--staff")
        assert refused.exit_code == 1 and refused.stderr.startswith("Q-04")


def test_a_closing_is_taken_back_and_the_clock_is_vouched_for(tmp_path: Path) -> None:
    with keeper_on(tmp_path) as running:
        first = issue(running, "shuiwu")
        running.data("day", "close", "--reason", "错按")
        day = running.data("day", "reopen")["day"]
        assert issue(running, "shuiwu") > first
        assert running.data("day", "confirm-clock") == {"day": day}
        assert f"大厅现在是 {day}" in running.hall("day", "confirm-clock").stdout


def test_a_simulated_printer_says_its_url_and_keeps_the_slips(tmp_path: Path) -> None:
    import socket
    from urllib.parse import urlsplit

    process = subprocess.Popen(
        [*COMMAND, "sim", "printer", "tcp://127.0.0.1:0", "--slips", str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONUTF8": "1"},
    )
    assert process.stdout is not None and process.stderr is not None
    with process.stdout, process.stderr:
        url = urlsplit(process.stdout.readline().strip())
        with socket.create_connection((url.hostname, url.port), timeout=5) as line:
            line.sendall(b"\x1b@\x1c&" + "票号".encode("gbk") + b"\n\x1dV\x00")
            assert "票号" in process.stderr.readline()
        process.terminate()
        assert process.wait(10) == 0
    assert (tmp_path / "slip-0001.txt").read_text(encoding="utf-8").strip() == "票号"
    assert (tmp_path / "slip-0001.png").is_file()


def test_the_printer_role_prints_what_the_shell_issued_and_the_record_says_so(tmp_path: Path) -> None:
    slips: queue.Queue[Slip] = queue.Queue()
    printer = PrinterSim(clock=time.monotonic)
    printer.on_slip(slips.put)
    with serve_tcp(printer) as server:
        config = tmp_path / "hall.toml"
        text = TOWNSHIP.read_text(encoding="utf-8").replace("tcp://192.168.1.87:9100", server.url)
        config.write_text(text, encoding="utf-8")
        with keeper_on(tmp_path / "s") as running:
            number = issue(running, "shuiwu")
            spooler = subprocess.Popen(
                [*COMMAND, "run", "printer", "--config", str(config), "--state", str(running.state)],
                stderr=subprocess.DEVNULL,
            )
            try:
                assert number in slips.get(timeout=20).text()
                deadline = time.monotonic() + 10
                while (state := running.data("ticket", "show", number)["print_state"]) != "printed":
                    assert state in ("queued", "sending") and time.monotonic() < deadline
            finally:
                spooler.terminate()
                status = spooler.wait(10)
            assert status == 0


def test_the_evaluator_role_reports_pads_that_it_cannot_reach(tmp_path: Path) -> None:
    with keeper_on(tmp_path / "s") as running:
        desk = subprocess.Popen(
            [*COMMAND, "run", "evaluator", "--config", str(TOWNSHIP), "--state", str(running.state)],
            stderr=subprocess.DEVNULL,
            env={**os.environ, "GPIOZERO_PIN_FACTORY": "no-such-factory"},
        )
        try:
            deadline = time.monotonic() + 20
            subjects: set[str] = set()
            while not {"pad-1", "pad-2", "pad-3"} <= subjects:
                assert time.monotonic() < deadline
                told = json.loads(running.hall("status", "--json").stdout)
                subjects = {trouble["subject"] for trouble in told["troubles"]}
        finally:
            desk.terminate()
            status = desk.wait(10)
        assert status == 0
