"""A scanning program ends, whatever it does: it hangs, babbles, forks, ignores its signals, or loses us."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from halldrivers.scanner.errors import ScannerProgramMissing
from halldrivers.scanner.process import (
    MOST_LINE,
    MOST_WORDS,
    Finished,
    Supervised,
    find_program,
    run,
)

WITHIN_S = 20.0
ENVIRONMENT = {"PATH": os.environ["PATH"], "LC_ALL": "C"}


def shell(script: str, folder: Path, **limits: float) -> Finished:
    return run(
        ["sh", "-c", script],
        folder=folder,
        environment=ENVIRONMENT,
        most_s=limits.get("most_s", WITHIN_S),
        grace_s=limits.get("grace_s", 0.2),
        most_bytes=int(limits.get("most_bytes", 10_000)),
    )


@pytest.fixture
def started(tmp_path: Path) -> Iterator[Callable[..., Supervised]]:
    programs: list[Supervised] = []

    def start(script: str, grace_s: float = 0.2) -> Supervised:
        command = ["sh", "-c", script]
        programs.append(
            Supervised(command, folder=tmp_path, environment=ENVIRONMENT, most_s=WITHIN_S, grace_s=grace_s)
        )
        return programs[-1]

    yield start
    for program in programs:
        program.close()


def until_code(program: Supervised) -> list[str]:
    lines: list[str] = []
    until_s = time.monotonic() + WITHIN_S
    while program.code is None:
        assert time.monotonic() < until_s
        lines += program.lines(0.05)
    return lines


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def until_gone(pid: int) -> None:
    until_s = time.monotonic() + WITHIN_S
    while is_alive(pid):
        assert time.monotonic() < until_s, f"process {pid} is still there"
        time.sleep(0.02)


def test_its_output_and_its_last_words_are_kept_apart(tmp_path: Path) -> None:
    assert shell("echo out; echo err >&2; exit 7", tmp_path) == Finished(7, "out\n", "err")


def test_what_it_writes_with_its_last_breath_is_read(tmp_path: Path) -> None:
    assert shell("sleep 0.25; printf last", tmp_path).output == "last"


def test_its_time_is_limited(tmp_path: Path) -> None:
    done = shell("exec sleep 60", tmp_path, most_s=0.2)
    assert (done.code, done.was_too_slow) == (124, True)


def test_one_that_ignores_the_interrupt_is_killed_after_the_grace(tmp_path: Path) -> None:
    done = shell("trap '' INT; while :; do sleep 0.05; done", tmp_path, most_s=0.2, grace_s=0.2)
    assert done.code in (-signal.SIGKILL, 128 + signal.SIGKILL)
    assert done.was_too_slow


def test_one_that_somebody_else_kills_was_not_too_slow(tmp_path: Path) -> None:
    done = shell("kill -KILL $$", tmp_path)
    assert done.code in (-signal.SIGKILL, 128 + signal.SIGKILL)
    assert not done.was_too_slow


def test_output_without_end_ends_the_program(tmp_path: Path) -> None:
    done = shell("yes", tmp_path, most_bytes=1000)
    assert len(done.output) == 1000
    assert done.code != 0


def test_words_without_end_are_bounded(tmp_path: Path) -> None:
    done = shell("head -c 200000 /dev/zero | tr '\\0' w >&2; echo; echo end >&2", tmp_path)
    assert len(done.words) <= MOST_WORDS
    assert done.words.endswith("wend")


def test_a_line_without_end_is_dropped(started: Callable[..., Supervised]) -> None:
    program = started(f"head -c {MOST_LINE * 3} /dev/zero | tr '\\0' x; echo; echo short")
    assert until_code(program)[-1] == "short"


def test_a_child_that_holds_the_pipes_open_is_not_waited_for(
    started: Callable[..., Supervised], tmp_path: Path
) -> None:
    program = started("sleep 60 & echo $!; exit 3")
    lines = until_code(program)
    assert program.code == 3
    until_gone(int(lines[0]))


COUNTING = """
import os, signal, sys, time
heard, tell = os.pipe()
os.set_blocking(tell, False)
signal.signal(signal.SIGINT, lambda *_: None)
signal.set_wakeup_fd(tell)
print("ready", flush=True)
first = os.read(heard, 100)
until = time.monotonic() + 0.3
while time.monotonic() < until:
    time.sleep(0.05)
os.set_blocking(heard, False)
try:
    more = os.read(heard, 100)
except BlockingIOError:
    more = b""
print(len(first + more))
"""
"""Counts the SIGINTs that are delivered; a shell would take two for one."""


def test_it_is_asked_once_to_stop(tmp_path: Path) -> None:
    # A second SIGINT makes scanimage exit at once and leave the scanner running (observed).
    command = [sys.executable, "-c", COUNTING]
    with Supervised(
        command, folder=tmp_path, environment=ENVIRONMENT, most_s=WITHIN_S, grace_s=5.0
    ) as program:
        lines: list[str] = []
        while not lines:
            lines += program.lines(0.05)
        program.interrupt()
        lines += until_code(program)
    assert lines == ["ready", "1"]


def test_stopping_takes_the_grace_at_most(started: Callable[..., Supervised]) -> None:
    program = started("trap '' INT TERM; echo ready; while :; do sleep 0.05; done")
    while not program.lines(0.05):
        pass
    program.stop()
    assert program.code is not None
    program.stop()
    program.close()


def test_telling_one_that_has_ended_is_no_error(started: Callable[..., Supervised]) -> None:
    program = started("exec <&-; echo gone; sleep 0.1")
    while not program.lines(0.05):
        pass
    for _ in range(3):
        program.tell(b"\n")
    until_code(program)
    program.tell(b"\n")
    program.interrupt()


def test_what_it_makes_is_nobody_else_s(tmp_path: Path) -> None:
    shell("echo page > page", tmp_path)
    assert (tmp_path / "page").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("name", ["scanimage-of-nowhere", "setpriv", "timeout"])
def test_a_missing_program_is_told_with_what_to_install(name: str) -> None:
    with pytest.raises(ScannerProgramMissing) as caught:
        find_program(name, {"PATH": "/nowhere"})
    assert name in str(caught.value)
    assert "apt-get install sane-utils" in caught.value.remedy_zh


def test_a_program_outlives_our_death_no_longer_than_the_grace(tmp_path: Path) -> None:
    # It ignores the interrupt, as a scanimage does that hangs in its backend.
    script = "trap '' INT; echo $$ > pid.new; mv pid.new pid; while :; do sleep 0.05; done"
    code = (
        "import sys, pathlib\n"
        "from halldrivers.scanner.process import Supervised\n"
        f"program = Supervised(['sh', '-c', {script!r}], folder=pathlib.Path({str(tmp_path)!r}),\n"
        f"    environment={ENVIRONMENT!r}, most_s=600.0, grace_s=0.3)\n"
        "while True:\n"
        "    program.lines(1.0)\n"
    )
    with subprocess.Popen([sys.executable, "-c", code]) as holder:
        until_s = time.monotonic() + WITHIN_S
        while not (tmp_path / "pid").exists():
            assert time.monotonic() < until_s
            time.sleep(0.02)
        pid = int((tmp_path / "pid").read_text())
        assert is_alive(pid)
        holder.kill()
    until_gone(pid)


def test_no_descriptor_is_left_open(tmp_path: Path) -> None:
    shell("true", tmp_path)
    before = sorted(os.listdir("/proc/self/fd"))
    for _ in range(3):
        shell("echo x; echo y >&2", tmp_path)
    assert sorted(os.listdir("/proc/self/fd")) == before
