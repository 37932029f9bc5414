"""Measures the figures of docs/limits.md here: ``python bench/run.py [--quick] [--json FILE] [--write]``.

Nothing passes or fails here. Let the machine be quiet; the disk is the one of --folder.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from disk import fsync_samples
from figures import figure_of
from house import BenchHouse, write_config
from latency import call_to_screen, call_to_watcher, touch_to_durable, touch_to_paper
from past import settle_disk, write_past
from presses import poll_to_durable, press_to_durable
from queries import screen_queries
from report import Level, Report, markdown, write_between_markers
from roles import bare_wake_s, pss_bytes, whole_hall
from throughput import issue_together

from hall.config.load import load
from hallqueue.paths import StateFolder

LIMITS_FILE = Path(__file__).parents[1] / "docs" / "limits.md"
LEVELS = (0, 10_000, 100_000, 1_000_000)
QUICK = (0, 10_000)


def say(text: str) -> None:
    """Progress, on stderr."""
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


def measure(folder: Path, past: int) -> Level:
    """One level, in a state folder that ends with it."""
    state = StateFolder(folder / f"past-{past}")
    if past:
        say(f"writing {past:,} past tickets")
        example = folder / "plan.toml"
        write_config(example, "tcp://127.0.0.1:9100")
        plan = load(example).plan
        here = datetime.now(UTC) + timedelta(minutes=plan.calendar.utc_offset_minutes)
        write_past(state, plan, here.date() - timedelta(days=1), past)
        settle_disk()
    level = Level(past)
    level.database_mib = round(state.database.stat().st_size / 2**20, 1) if past else 0.0
    say(f"measuring with {past:,} past tickets")
    with BenchHouse(state.path) as house:
        level.keeper_start_s = round(house.starts_s["queue"], 2)
        figures = {
            "touch → durable ticket": lambda: touch_to_durable(house, 600),
            "call → screen's client": lambda: call_to_watcher(house, 100),
            "call → hall screen drawn": lambda: call_to_screen(house, 300),
            "pad press → durable rating": lambda: press_to_durable(house, 40),
            "Modbus pad, poll seen → durable rating": lambda: poll_to_durable(house, 40),
            "touch → last byte at the printer": lambda: touch_to_paper(house, 150),
        }
        for name, take in figures.items():
            level.figures[name] = figure_of(take())
            say(f"  {name}: p99 {level.figures[name].p99:.2f} ms")
        level.queries = {name: figure_of(s) for name, s in screen_queries(house, 100).items()}
        level.keeper_pss_mib = round(pss_bytes(house.roles["queue"].process.pid) / 2**20, 1)
    with BenchHouse(state.path) as house:
        issue_together(house.folder.socket, 200, "warm")  # pages that are read once after a start
        level.issued_a_second = round(issue_together(house.folder.socket, 1000))
    for file in state.database_files:
        file.unlink(missing_ok=True)
    return level


def machine() -> str:
    """This machine in general terms."""
    system = platform.freedesktop_os_release().get("PRETTY_NAME", platform.system())
    return f"{os.cpu_count()} cores, {system}, Python {platform.python_version()}, {date.today().isoformat()}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="only 0 and 10,000 past tickets")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write everything there as JSON")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/limits.md")
    parser.add_argument("--folder", type=Path, help="where the databases are written for the run")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="hall-bench-", dir=wanted.folder) as temporary:
        folder = Path(temporary)
        report = Report(machine(), figure_of(fsync_samples(folder)))
        for past in QUICK if wanted.quick else LEVELS:
            report.levels.append(measure(folder, past))
        say("the whole hall at rest")
        with BenchHouse(folder / "whole", every_device=True) as house:
            report.roles = whole_hall(house, idle_s=40.0)
        report.bare_wake_s = bare_wake_s()
    text = markdown(report)
    print(text)
    if wanted.json:
        wanted.json.write_text(json.dumps(report.as_json(), indent=1, ensure_ascii=False))
    if wanted.write:
        write_between_markers(LIMITS_FILE, text)


if __name__ == "__main__":
    main()
