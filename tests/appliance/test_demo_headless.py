"""One simulated day through the real roles, and what it leaves behind."""

import json
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hall.config.load import load
from hall.demo.eyes import Slips
from hall.demo.measure import Witness, summary
from hall.demo.people import draw_visitors
from hall.demo.settings import DemoSettings, example_file, write_config
from hall.demo.verdict import judge
from hallqueue.rules.calendar import Hours

pytestmark = pytest.mark.xdist_group(name="demo")

VISITORS = 12


def hall(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-P", "-m", "hall", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=90)


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], Path]:
    state = tmp_path_factory.mktemp("day") / "state"
    done = hall("demo", "--headless", "--visitors", str(VISITORS), "--seed", "5", "--state", str(state))
    assert done.returncode == 0, done.stderr
    assert "取号" in done.stderr
    return json.loads(done.stdout), state


def test_every_invariant_holds_and_every_visitor_has_a_ticket(day: tuple[dict[str, Any], Path]) -> None:
    report, state = day
    assert report["ok"] is True
    names = [check["name"].split(" ")[0] for check in report["invariants"]]
    assert names == ["1", "2", "3", "4", "5,", "6", "4", "9", "10", "codes"]
    assert report["counts"]["tickets"] == VISITORS
    listed = json.loads(hall("ticket", "list", "--json", "--state", str(state)).stdout)
    too_late = sum(ticket["print_state"] == "expired" for ticket in listed)
    assert report["counts"]["slips"] + too_late == VISITORS, "a visit that is over needs no paper any more"
    assert report["counts"]["slips"] > 0
    assert report["counts"]["rated"] + report["counts"]["unrated"] == report["counts"]["matters_finished"]


def test_every_device_works_over_its_wire_and_tells_what_it_did(day: tuple[dict[str, Any], Path]) -> None:
    report, _ = day
    each = {f"{kind}-{n}" for kind in ("pad", "keypad", "sign") for n in range(1, 7)}
    assert set(report["devices"]) == {"printer", "idcard", "barcode", "camera", "scans"} | each
    assert "presses=" in report["devices"]["keypad-1"]


def test_faults_at_random_break_no_invariant(tmp_path: Path) -> None:
    done = hall(
        "demo", "--headless", "--faults", "--visitors", "15", "--seed", "11", "--state", str(tmp_path)
    )
    report = json.loads(done.stdout)
    assert done.returncode == 0, done.stderr
    assert len(report["counts"]["mishaps"]) >= 5, "different ones; each is tried in test_mishaps"
    assert hall("verify", "--state", str(tmp_path)).returncode == 0


def test_it_measures_every_latency_of_the_report(day: tuple[dict[str, Any], Path]) -> None:
    report, _ = day
    for name in ("touch_to_durable_ticket", "touch_to_paper", "call_to_screen", "press_to_durable_rating"):
        assert report["latency_ms"][name]["n"] > 0
        assert 0 < report["latency_ms"][name]["p50"] <= report["latency_ms"][name]["max"]


def test_verify_finds_nothing_in_what_it_leaves(day: tuple[dict[str, Any], Path]) -> None:
    _, state = day
    assert hall("verify", "--state", str(state)).returncode == 0


def test_tickets_are_listed_from_the_folder_without_a_keeper(day: tuple[dict[str, Any], Path]) -> None:
    _, state = day
    done = hall("ticket", "list", "--json", "--state", str(state))
    assert done.returncode == 0
    assert len(json.loads(done.stdout)) == VISITORS
    assert "副本" in done.stderr


def test_one_ticket_is_shown_by_its_number_without_a_keeper(day: tuple[dict[str, Any], Path]) -> None:
    _, state = day
    first = json.loads(hall("ticket", "list", "--json", "--state", str(state)).stdout)[0]
    shown = json.loads(hall("ticket", "show", first["number"], "--json", "--state", str(state)).stdout)
    assert shown == first


def test_a_changing_verb_says_that_no_keeper_runs(day: tuple[dict[str, Any], Path]) -> None:
    _, state = day
    done = hall("ticket", "issue", "canlian", "--wait", "0.2", "--state", str(state))
    assert done.returncode == 1
    assert "S-07" in done.stderr


def test_reading_leaves_the_folder_as_it_was(day: tuple[dict[str, Any], Path]) -> None:
    _, state = day
    before = (state / "hall.db").read_bytes()
    hall("ticket", "list", "--state", str(state))
    assert (state / "hall.db").read_bytes() == before
    assert not (state / "hall.db-wal").exists()


def test_the_verdict_sees_a_lost_ticket_a_made_up_rating_and_paper_without_a_record(
    day: tuple[dict[str, Any], Path], tmp_path: Path
) -> None:
    _, state = day
    copy = tmp_path / "copy.db"
    copy.write_bytes((state / "hall.db").read_bytes())
    with sqlite3.connect(copy) as db:
        tickets = dict(db.execute("select id, number from ticket"))
        finished = db.execute("select matter, window from rating").fetchall()
        ratings = db.execute("select matter, raw_key from rating where state = 'rated'").fetchall()
    witness, slips = Witness(), Slips(Witness(), lambda: 0.0)
    witness.tickets = {**tickets, 999_999: "A999"}
    witness.finished = finished
    witness.pressed = dict(ratings[1:])
    slips.numbers = [*tickets.values(), "Z123"]
    wrong = {check.name[0]: check.detail for check in judge(copy, witness, slips) if not check.held}
    assert "ticket A999" in wrong["1"]
    assert "Z123: 1 on paper, no record" in wrong["4"]
    assert f"matter {ratings[0][0]} is rated and nobody pressed" in wrong["6"]


def test_a_killed_demo_leaves_no_role_running_and_its_folder_can_be_used_again(tmp_path: Path) -> None:
    command = [sys.executable, "-P", "-m", "hall", "demo", "--headless", "--state", str(tmp_path)]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, **quiet) as demo:  # type: ignore[call-overload]
        until(lambda: len(roles_of(tmp_path)) == 4)
        demo.kill()
    until(lambda: roles_of(tmp_path) == [])
    again = hall("demo", "--headless", "--visitors", "3", "--state", str(tmp_path))
    assert (again.returncode, json.loads(again.stdout)["ok"]) == (0, True), again.stderr


def roles_of(state: Path) -> list[str]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                words = (entry / "cmdline").read_bytes().decode().split("\0")
            except OSError:
                continue
            if str(state) in words and "run" in words:
                found.append(words[words.index("run") + 1])
    return found


def until(condition: Callable[[], bool], within_s: float = 30.0) -> None:
    deadline = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.parametrize("for_newcomers", [True, False])
def test_a_demo_takes_tickets_for_everything_at_any_time_of_the_day(
    tmp_path: Path, for_newcomers: bool
) -> None:
    plan = load(write_config(DemoSettings(folder=tmp_path, for_newcomers=for_newcomers), {})).plan
    midnight_ms = 1_772_380_800_000  # 2026-03-02 in China
    times_ms = [midnight_ms + minutes * 60_000 for minutes in (1, 8 * 60, 12 * 60 + 30, 17 * 60 + 45, 1439)]
    assert all(Hours(plan.calendar).is_open(at_ms) for at_ms in times_ms)
    assert not [service.name for service in plan.services if service.last_ticket]


def test_the_same_seed_draws_the_same_people() -> None:
    plan = load(example_file()).plan
    assert draw_visitors(plan, 30, 7, gap_s=5) == draw_visitors(plan, 30, 7, gap_s=5)
    assert draw_visitors(plan, 30, 7, gap_s=5) != draw_visitors(plan, 30, 8, gap_s=5)


def test_a_summary_is_in_milliseconds_by_nearest_rank() -> None:
    assert summary([0.001 * n for n in range(1, 101)]) == {"n": 100, "p50": 51.0, "p99": 100.0, "max": 100.0}
    assert summary([]) == {"n": 0}
