"""A disk that is full, a folder that is read-only, a database that is newer, cut short, or kept twice.

Through the real command and real processes: a clear error each, and nothing lost.
"""

import hashlib
import os
import resource
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from hallqueue.errors import HallError
from hallqueue.verify import verify

pytestmark = pytest.mark.xdist_group(name="whole-halls")

CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 1, 2
AS_ORDINARY_USER = {"without": [CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH]} if os.geteuid() == 0 else {}
"""Root without these is held to file modes like everybody else, and can still read this checkout."""
ROOM = 40_000
"""Bytes that are left on the full disk."""


def is_clear(err: str, code: str) -> bool:
    """Code, words in both languages, who must act and what to do; never a traceback."""
    return code in err and "谁处理 / who:" in err and "怎么办 / do:" in err and "Traceback" not in err


class SmallDisk:
    """A state folder on a disk that can be filled: a small tmpfs where that may be mounted, else a file
    size limit on the keeper (then SQLite sees a failed write instead of a full disk)."""

    def __init__(self, state: Path) -> None:
        self.state = state
        state.mkdir()
        mount = ["mount", "-t", "tmpfs", "-o", "size=6m,mode=700", "tmpfs", str(state)]
        self.is_mounted = os.geteuid() == 0 and subprocess.run(mount, capture_output=True).returncode == 0
        self.codes = ("S-01",) if self.is_mounted else ("S-01", "S-05")

    def fill(self, pid: int) -> None:
        if not self.is_mounted:
            wal = (self.state / "hall.db-wal").stat().st_size
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (wal + ROOM, resource.RLIM_INFINITY))
            return
        info = os.statvfs(self.state)
        with (self.state / "ballast").open("wb") as ballast:
            ballast.write(bytes(info.f_bavail * info.f_frsize - ROOM))

    def free(self, pid: int) -> None:
        if self.is_mounted:
            (self.state / "ballast").unlink()
        else:
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))

    def close(self) -> None:
        if self.is_mounted:
            subprocess.run(["umount", "-l", str(self.state)], check=True)


@pytest.fixture
def small_disk(hall: Any) -> Iterator[SmallDisk]:
    made = SmallDisk(hall.state)
    yield made
    hall.close()
    made.close()


def fill_to_refusal(client: Any, most: int = 500) -> tuple[list[str], HallError]:
    """Issue until the keeper cannot; answers what was acknowledged, and the error."""
    given: list[str] = []
    for _ in range(most):
        try:
            given.append(client.issue("shuiwu", key=f"fill-{len(given)}").ticket.number)
        except HallError as error:
            return given, error
    raise AssertionError("the disk never filled")


def test_a_full_disk_is_said_nothing_acknowledged_is_lost_and_it_goes_on_when_there_is_space(
    hall: Any, small_disk: SmallDisk
) -> None:
    keeper = hall.keeper()
    before = [hall.issue() for _ in range(3)]
    small_disk.fill(keeper.pid)
    given, error = fill_to_refusal(hall.client("staff"))
    assert error.code in small_disk.codes
    refused = hall.hall("ticket", "issue", "shuiwu", "--staff")
    assert refused.status == 1 and refused.out == ""
    assert any(is_clear(refused.err, code) for code in small_disk.codes), refused.err
    listed = hall.data("ticket", "list", "--limit", "1000")
    assert [t["number"] for t in listed] == before + given, "reading goes on, and shows what is durable"

    small_disk.free(keeper.pid)
    client = hall.client("staff")
    again = client.issue("shuiwu", key=f"fill-{len(given)}").ticket.number
    assert again not in before + given, "the touch that was refused gets its number now"
    assert "nothing can be recorded" in keeper.said() and "storage works again" in keeper.said()
    keeper.kill()
    keeper.start()
    assert hall.numbers() == {*before, *given, again}
    assert keeper.stop() == 0
    assert verify(hall.database, scratch=hall.folder).findings == ()


def test_a_keeper_that_is_killed_on_the_full_disk_says_so_at_its_start_or_serves_what_there_was(
    hall: Any, small_disk: SmallDisk
) -> None:
    keeper = hall.keeper()
    small_disk.fill(keeper.pid)
    given, _ = fill_to_refusal(hall.client("staff"))
    keeper.kill()
    if small_disk.is_mounted:
        keeper.start(wait=False)
        keeper.nursery.order(wait=keeper.pid, within_s=1.0)
        keeper.kill()
        assert "Traceback" not in keeper.said()
        small_disk.free(0)
    keeper.start()
    listed = hall.data("ticket", "list", "--limit", "1000")
    assert [t["number"] for t in listed] == given
    assert not (hall.state / "damaged").exists(), "a full disk is no damage"
    assert keeper.stop() == 0
    assert verify(hall.database, scratch=hall.folder).findings == ()


def test_a_read_only_state_folder_is_refused_with_its_path_and_left_as_it_is(hall: Any) -> None:
    keeper = hall.keeper()
    number = hall.issue()
    assert keeper.stop() == 0
    before = contents(hall.state)
    modes = [(path, path.stat().st_mode) for path in (hall.state, *hall.state.iterdir())]
    try:
        for path, mode in modes:
            path.chmod(mode & 0o555)
        refused = hall.hall("run", "queue", "--config", str(hall.config), **AS_ORDINARY_USER)
    finally:
        for path, mode in modes:
            path.chmod(mode)
    assert refused.status == 1
    assert is_clear(refused.err, "S-02") and str(hall.state) in refused.err
    assert contents(hall.state) == before
    keeper.start()
    assert hall.numbers() == {number}


def test_a_database_from_a_newer_version_is_refused_and_not_touched(hall: Any) -> None:
    keeper = hall.keeper()
    number = hall.issue()
    assert keeper.stop() == 0
    newer = "insert into _sqlite_migrations (migration_set, name, applied_at) values ('hall', '0999_x', '')"
    alter(hall.database, newer)
    before = {name: contents(hall.state)[name] for name in ("hall.db", "numbers.json")}
    refused = hall.hall("run", "queue", "--config", str(hall.config))
    assert refused.status == 1
    assert is_clear(refused.err, "S-03") and "0999_x" in refused.err
    after = contents(hall.state)
    assert {name: after[name] for name in ("hall.db", "numbers.json")} == before
    proof = hall.hall("verify")
    assert proof.status == 1 and is_clear(proof.err, "S-03")
    alter(hall.database, "delete from _sqlite_migrations where name = '0999_x'")
    keeper.start()
    assert hall.numbers() == {number}


@pytest.mark.parametrize("share", [0.0, 0.3, 0.8], ids=["emptied", "cut-early", "cut-late"])
def test_a_truncated_database_is_kept_aside_and_the_hall_goes_on_without_repeating_a_number(
    hall: Any, share: float
) -> None:
    keeper = hall.keeper()
    with hall.client("staff") as client:
        given = [client.issue("shuiwu", key=f"k{n}").ticket.number for n in range(120)]
    assert keeper.stop() == 0
    size = hall.database.stat().st_size
    os.truncate(hall.database, int(size * share))
    damaged = hall.database.read_bytes()

    keeper.start()
    with hall.client("staff") as client:
        after = [client.issue("shuiwu", key=f"m{n}").ticket.number for n in range(120)]
    assert not set(after) & set(given), "a number of the day was given out twice"
    kept = list((hall.state / "damaged").rglob("hall.db"))
    assert [path.read_bytes() for path in kept] == [damaged], "the damaged file is kept as it was"
    said = keeper.said()
    assert "数据库损坏" in said and "was damaged" in said and str(kept[0].parent) in said
    assert keeper.stop() == 0
    report = verify(hall.database, scratch=hall.folder)
    assert report.findings == () and report.counts["epochs"] >= 1
    with closing(sqlite3.connect(hall.database)) as db:
        assert db.execute("select reason from epoch order by ord desc").fetchone() == ("damaged",)


def test_of_ten_keepers_started_at_once_one_keeps_the_hall_and_nine_name_it(hall: Any, until: Any) -> None:
    roles = [hall.role("queue") for _ in range(10)]
    for n, role in enumerate(roles):
        role.out = hall.folder / f"keeper{n}"
        role.start(wait=False)
    until(lambda: sum(role.is_running() for role in roles) == 1, "one is left")
    winner = next(role for role in roles if role.is_running())
    winner.wait_ready()
    for role in roles:
        if role is not winner:
            assert is_clear(role.said(), "S-06"), role.said()
    number = hall.issue()
    refused = hall.hall("run", "queue", "--config", str(hall.config))
    assert refused.status == 1 and f"process {winner.pid}" in refused.err
    winner.kill()
    roles[0].pid = 0
    roles[0].start()
    assert hall.numbers() == {number}, "a lock needs no breaking after kill -9"


def contents(folder: Path) -> dict[str, str]:
    """Every file of a folder, by its content."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def alter(database: Path, statement: str) -> None:
    with closing(sqlite3.connect(database)) as db, db:
        db.execute(statement)
