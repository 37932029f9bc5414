"""The hall command by itself: help, usage, configuration and imports."""

import contextlib
import ctypes
import json
import os
import pwd
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from hall.cli import VERBS, main

EXAMPLES = Path(__file__).parents[2] / "examples"
TOWNSHIP = str(EXAMPLES / "township.toml")


@pytest.fixture
def hall() -> CliRunner:
    return CliRunner()


def imported_by(*arguments: str) -> set[str]:
    """The modules in a process that ran the command with these arguments."""
    program = (
        "import sys, contextlib, io\n"
        "from hall.cli import main\n"
        "with contextlib.suppress(SystemExit), contextlib.redirect_stdout(io.StringIO()):\n"
        f"    main({list(arguments)!r})\n"
        "print('\\n'.join(sys.modules))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=30
    )
    return set(done.stdout.split())


@pytest.mark.parametrize(
    "arguments",
    [("--help",), ("ticket", "--help"), ("run", "queue", "--help"), ("config", "check", TOWNSHIP)],
)
def test_help_and_check_import_no_screen_picture_or_device_library(arguments: tuple[str, ...]) -> None:
    loaded = imported_by(*arguments)
    assert "hall.cli" in loaded
    assert loaded.isdisjoint(
        {"textual", "PIL", "gpiozero", "escpos", "serial", "segno", "sqlite_utils", "rich"}
    )


def test_the_help_shows_every_verb_without_importing_any() -> None:
    loaded = imported_by("--help")
    assert not {
        name for name in loaded if name.startswith("hall.commands.") and name != "hall.commands.failure"
    }


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_every_verb_of_the_table_exists_and_has_help(hall: CliRunner, verb: str) -> None:
    result = hall.invoke(main, [verb, "--help"])
    assert result.exit_code == 0
    assert result.output.startswith(f"Usage: main {verb}")


def test_an_unknown_verb_is_wrong_usage(hall: CliRunner) -> None:
    result = hall.invoke(main, ["fly"])
    assert result.exit_code == 2
    assert "No such command 'fly'" in result.stderr


def test_check_of_a_right_file_says_so_on_stderr_and_answers_0(hall: CliRunner) -> None:
    result = hall.invoke(main, ["config", "check", TOWNSHIP])
    assert result.exit_code == 0
    assert result.stdout == "同心县清水镇民生服务中心（示例） 23个事项 6个窗口\n"
    assert "配置正确" in result.stderr


def test_check_lists_every_problem_with_file_line_and_fix_and_answers_2(
    hall: CliRunner, tmp_path: Path
) -> None:
    file = tmp_path / "hall.toml"
    file.write_text(
        Path(TOWNSHIP).read_text(encoding="utf-8").replace("max_held", "max_hold").replace('"A"', '"a"', 1),
        encoding="utf-8",
    )
    lines = file.read_text(encoding="utf-8").splitlines()
    result = hall.invoke(main, ["config", "check", str(file)])
    assert result.exit_code == 2
    assert result.stdout == ""
    prefix = lines.index('prefix = "a"') + 1
    assert f"{file}:{prefix}: C-24" in result.stderr
    held = next(number for number, line in enumerate(lines, 1) if line.startswith("max_hold"))
    assert f"{file}:{held}: C-10 不认识的项“max_hold”" in result.stderr
    assert "fix: did you mean 'max_held'?" in result.stderr


def test_check_as_json_is_one_document_on_stdout(hall: CliRunner, tmp_path: Path) -> None:
    file = tmp_path / "hall.toml"
    file.write_text("[hall\n", encoding="utf-8")
    result = hall.invoke(main, ["config", "check", str(file), "--json"])
    assert result.exit_code == 2
    told = json.loads(result.stdout)
    assert (told["ok"], told["problems"][0]["line"], told["problems"][0]["code"]) == (False, 1, "C-03")
    right = json.loads(hall.invoke(main, ["config", "check", TOWNSHIP, "--json"]).stdout)
    assert right == {"file": TOWNSHIP, "ok": True, "problems": []}


def test_the_configuration_is_found_by_option_then_variable(hall: CliRunner) -> None:
    village = str(EXAMPLES / "village.toml")
    by_variable = hall.invoke(main, ["config", "show"], env={"HALL_CONFIG": village})
    assert "柳树村" in by_variable.stdout
    by_option = hall.invoke(main, ["config", "show", "--config", TOWNSHIP], env={"HALL_CONFIG": village})
    assert "清水镇民生服务中心" in by_option.stdout


def test_show_as_json_has_the_whole_plan_with_defaults_filled_in(hall: CliRunner) -> None:
    shown = json.loads(hall.invoke(main, ["config", "show", "--config", TOWNSHIP, "--json"]).stdout)
    assert len(shown["plan"]["services"]) == 23
    assert shown["plan"]["calendar"]["utc_offset_minutes"] == 480
    assert shown["printer"]["profile"]["name"] == "generic-80"


@pytest.mark.parametrize("role", ["queue", "printer", "evaluator"])
def test_a_role_refuses_a_broken_configuration_with_2(hall: CliRunner, tmp_path: Path, role: str) -> None:
    file = tmp_path / "hall.toml"
    file.write_text("x = 1\n", encoding="utf-8")
    result = hall.invoke(main, ["run", role, "--config", str(file), "--state", str(tmp_path / "s")])
    assert result.exit_code == 2
    assert f"{file}:1: C-10" in result.stderr
    assert not (tmp_path / "s").exists()


@pytest.mark.parametrize(("role", "table"), [("printer", "[printing]"), ("evaluator", "[pads]")])
def test_a_role_without_its_device_in_the_configuration_is_wrong_usage(
    hall: CliRunner, tmp_path: Path, role: str, table: str
) -> None:
    text = (EXAMPLES / "village.toml").read_text(encoding="utf-8")
    file = tmp_path / "hall.toml"
    file.write_text(
        "\n".join(t for t in text.splitlines() if not t.startswith(("device", "1 ="))), encoding="utf-8"
    )
    result = hall.invoke(main, ["run", role, "--config", str(file), "--state", str(tmp_path)])
    assert result.exit_code == 2
    assert table in result.stderr


def test_a_window_that_the_hall_does_not_have_is_refused(hall: CliRunner) -> None:
    result = hall.invoke(main, ["window", "9", "--config", TOWNSHIP])
    assert result.exit_code == 1
    assert "Q-02 没有9号窗口 / there is no window 9" in result.stderr


def test_without_a_keeper_a_verb_says_who_must_act_and_answers_1(hall: CliRunner, tmp_path: Path) -> None:
    result = hall.invoke(main, ["ticket", "list", "--state", str(tmp_path), "--wait", "0"])
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.startswith("S-07 连不上队列服务")
    assert "谁处理 / who" in result.stderr and "怎么办 / do" in result.stderr


def test_status_without_a_keeper_names_the_unit_to_look_at(hall: CliRunner, tmp_path: Path) -> None:
    result = hall.invoke(main, ["status", "--state", str(tmp_path), "--wait", "0", "--json"])
    assert result.exit_code == 1
    [trouble] = json.loads(result.stdout)["troubles"]
    assert (trouble["code"], trouble["who"]) == ("S-07", "technician")
    assert "systemctl status hall-queue" in trouble["remedy_zh"]


def test_verify_of_a_database_that_is_not_there_is_wrong_usage(hall: CliRunner, tmp_path: Path) -> None:
    result = hall.invoke(main, ["verify", "--state", str(tmp_path)])
    assert result.exit_code == 2
    assert "there is no database" in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("sim", "printer", "http://x"),
        ("sim", "idcard", "foo"),
        ("sim", "printer", "tcp://127.0.0.1:99999"),
        ("sim", "scanner", "tcp://127.0.0.1:0"),
        ("print", "enrol", "foo", "--config", TOWNSHIP),
    ],
)
def test_a_wrong_url_on_the_command_line_is_wrong_usage_and_the_remedy_says_where(
    hall: CliRunner, arguments: tuple[str, ...]
) -> None:
    result = hall.invoke(main, arguments)
    assert result.exit_code == 2
    assert result.stderr.startswith("D-01 设备地址写错了")
    assert "命令行里的地址" in result.stderr and "the URL on the command line" in result.stderr
    assert "hall.toml" not in result.stderr


# --- a state folder that is somebody else's ----------------------------------------------------------


@contextlib.contextmanager
def closed(folder: Path) -> Iterator[None]:
    """A folder into which this thread may not go, whoever runs the tests: root gives its rights up for it."""
    fsuid = ctypes.CDLL(None).setfsuid
    folder.chmod(0)
    fsuid(65_534) if os.geteuid() == 0 else None
    try:
        yield
    finally:
        fsuid(os.geteuid())
        folder.chmod(0o700)


@pytest.fixture
def state() -> Iterator[Path]:
    """A state folder that is beside one that everybody may enter."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        state = Path(folder) / "state"
        state.mkdir()
        yield state


@pytest.mark.parametrize(
    ("verb", "arguments"),
    [
        ("status", ["--config", TOWNSHIP, "--wait", "0"]),
        ("doctor", ["--config", TOWNSHIP, "--wait", "0"]),
        ("ticket list", ["--wait", "0"]),
        ("call", ["1", "--wait", "0"]),
        ("run queue", ["--config", TOWNSHIP]),
        ("verify", []),
        ("status", ["--config", TOWNSHIP, "--socket", "{state}/hall.sock", "--wait", "0"]),
    ],
)
def test_somebody_who_may_not_enter_the_state_folder_is_told_whom_to_be(
    hall: CliRunner, state: Path, verb: str, arguments: list[str]
) -> None:
    command = [*verb.split(), "--state", str(state), *(word.format(state=state) for word in arguments)]
    if verb != "run queue":
        hall.invoke(main, command)  # so that all is imported while it can be read
    with closed(state):
        result = hall.invoke(main, command)
    user = pwd.getpwuid(os.geteuid()).pw_name
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    assert result.stderr.endswith(
        f"当前用户不能进入 {state}，请用 sudo -u {user} hall {verb} / "
        f"this user may not enter {state}: use sudo -u {user} hall {verb}\n"
    )


def test_a_keeper_that_listens_elsewhere_needs_no_way_into_its_folder(hall: CliRunner, state: Path) -> None:
    socket = str(state.parent / "hall.sock")
    arguments = ["status", "--state", str(state), "--socket", socket, "--wait", "0"]
    none = {"HALL_CONFIG": str(state.parent / "none.toml")}
    hall.invoke(main, [*arguments, "--config", TOWNSHIP])
    with closed(state):
        result = hall.invoke(main, [*arguments, "--config", TOWNSHIP])
        without = hall.invoke(main, arguments, env=none)
    assert (result.exit_code, without.exit_code) == (1, 1)
    assert "S-07" in result.stdout and "S-07" in without.stdout
