"""One keeper per state folder."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from hallqueue.errors import KeeperRunning
from hallqueue.paths import StateFolder
from hallqueue.store.lock import KeeperLock

HOLD = """
import sys
from pathlib import Path
from hallqueue.store.lock import KeeperLock
from hallqueue.paths import StateFolder
lock = KeeperLock(StateFolder(Path(sys.argv[1])))
print("held", flush=True)
sys.stdin.read()
"""


def test_the_folder_is_created_for_its_owner_alone(tmp_path: Path) -> None:
    folder = StateFolder(tmp_path / "a" / "state")
    with KeeperLock(folder):
        assert folder.path.stat().st_mode & 0o777 == 0o700
        assert folder.lock.read_text() == f"{os.getpid()}\n"


def test_a_second_keeper_is_told_who_holds_the_folder(tmp_path: Path) -> None:
    folder = StateFolder(tmp_path / "state")
    with KeeperLock(folder), pytest.raises(KeeperRunning) as refused:
        KeeperLock(folder)
    assert refused.value.details == {"path": str(folder.path), "pid": str(os.getpid())}


def test_a_released_folder_can_be_held_again(tmp_path: Path) -> None:
    folder = StateFolder(tmp_path / "state")
    lock = KeeperLock(folder)
    lock.release()
    lock.release()
    KeeperLock(folder).release()


def test_a_killed_keeper_holds_nothing(tmp_path: Path) -> None:
    folder = StateFolder(tmp_path / "state")
    command = [sys.executable, "-c", HOLD, str(folder.path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(KeeperRunning) as refused:
            KeeperLock(folder)
        assert refused.value.details["pid"] == str(holder.pid)
        holder.kill()
        holder.wait(timeout=20)
        KeeperLock(folder).release()
