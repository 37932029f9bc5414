"""One simulator has a link at a time, and touches nothing that is not its own."""

from __future__ import annotations

import os
import pty
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from halldrivers.barcode.sim import BarcodeSim
from halldrivers.errors import Actor
from halldrivers.simwire import serve_pty, serve_tcp
from halldrivers.simwire.link import LinkUnusable

WITHIN_S = 20.0
SERVES_UNTIL_KILLED = """
import sys
from pathlib import Path
from halldrivers.barcode.sim import BarcodeSim
from halldrivers.simwire import serve_pty
with serve_pty(BarcodeSim(), Path(sys.argv[1])):
    print("ready", flush=True)
    sys.stdin.read()
"""


def until(condition: Callable[[], bool]) -> None:
    deadline_s = time.monotonic() + WITHIN_S
    while not condition():
        assert time.monotonic() < deadline_s
        threading.Event().wait(0.01)


def refusal(link: Path) -> LinkUnusable:
    with pytest.raises(LinkUnusable) as caught:
        serve_pty(BarcodeSim(), link)
    return caught.value


@pytest.fixture
def other(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that serves the link ``device``."""
    with subprocess.Popen(
        [sys.executable, "-c", SERVES_UNTIL_KILLED, str(tmp_path / "device")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield process
        process.kill()


def test_a_link_that_another_process_serves_is_refused_and_stays_with_it(
    other: subprocess.Popen[str], tmp_path: Path
) -> None:
    link = tmp_path / "device"
    target = os.readlink(link)

    fault = refusal(link).as_fault()

    assert (fault.code, fault.who) == ("D-09", Actor.TECHNICIAN)
    assert fault.what_zh == f"模拟设备的位置用不了 ({link}：另一个模拟器正在用)"
    assert fault.what_en.endswith(f"({link}: another simulator serves it)")
    assert os.readlink(link) == target and other.poll() is None


def test_the_link_of_a_killed_simulator_is_replaced(other: subprocess.Popen[str], tmp_path: Path) -> None:
    link = tmp_path / "device"
    other.kill()
    other.wait()
    assert link.is_symlink(), "it could not tidy up"

    with serve_pty(BarcodeSim(), link):
        assert link.exists()
    assert not os.path.lexists(link)


def test_a_dead_link_whose_terminal_belongs_to_somebody_else_by_now_is_replaced(tmp_path: Path) -> None:
    link = tmp_path / "device"
    ends = pty.openpty()
    link.symlink_to(os.ttyname(ends[1]))

    with serve_pty(BarcodeSim(), link):
        assert os.readlink(link) != os.ttyname(ends[1])
    for end in ends:
        os.close(end)


def test_a_link_is_taken_under_every_spelling(tmp_path: Path) -> None:
    (tmp_path / "same").symlink_to(tmp_path)
    with serve_pty(BarcodeSim(), tmp_path / "device"):
        assert "another simulator" in str(refusal(tmp_path / "same" / "device"))


def test_a_link_is_free_again_after_its_simulator(tmp_path: Path) -> None:
    for _ in range(2):
        with serve_pty(BarcodeSim(), tmp_path / "device"):
            pass


def test_a_link_stays_reserved_while_the_cable_is_out(tmp_path: Path) -> None:
    link = tmp_path / "device"
    with serve_pty(sim := BarcodeSim(), link):
        sim.unplug_after(0)
        until(lambda: not os.path.lexists(link))
        assert "another simulator" in str(refusal(link))
        sim.plug()
        until(link.exists)


@pytest.mark.parametrize("make", [Path.mkdir, Path.touch, lambda path: path.symlink_to("/dev/null")])
def test_what_no_simulator_has_made_is_left_alone(tmp_path: Path, make: Callable[[Path], None]) -> None:
    link = tmp_path / "device"
    make(link)
    assert "no simulator made this" in str(refusal(link))
    assert os.path.lexists(link)


def test_a_link_that_leads_elsewhere_by_now_is_not_taken_away(tmp_path: Path) -> None:
    link = tmp_path / "device"
    with serve_pty(BarcodeSim(), link):
        link.unlink()
        link.symlink_to("/dev/null")
    assert os.readlink(link) == "/dev/null"


def test_a_link_in_a_folder_that_is_not_there_says_so(tmp_path: Path) -> None:
    assert "No such file or directory" in str(refusal(tmp_path / "no" / "device"))
    (tmp_path / "no").mkdir()
    with serve_pty(BarcodeSim(), tmp_path / "no" / "device"):
        pass


def test_refused_links_leave_no_descriptor_open(tmp_path: Path) -> None:
    def count() -> int:
        return len(os.listdir("/proc/self/fd"))

    with serve_pty(BarcodeSim(), tmp_path / "device"):
        before, times = count(), 40
        for _ in range(times):
            refusal(tmp_path / "device")
            refusal(tmp_path / "no" / "device")
        assert count() < before + times, "threads of other halls in this process open some as well"


def test_a_link_that_was_taken_while_the_cable_was_out_is_served_once_it_is_free(tmp_path: Path) -> None:
    link = tmp_path / "device"
    with serve_pty(sim := BarcodeSim(), link):
        sim.unplug_after(0)
        until(lambda: not os.path.lexists(link))
        link.touch()
        sim.plug()
        threading.Event().wait(0.3)  # several tries; none may end the thread or take the file away
        assert link.is_file() and not link.is_symlink()
        link.unlink()
        until(link.is_symlink)


def test_a_port_that_was_taken_while_the_cable_was_out_is_served_once_it_is_free() -> None:
    with serve_tcp(sim := BarcodeSim()) as server:
        place = ("127.0.0.1", server.port)
        sim.unplug_after(0)
        with socket.socket() as stranger:
            stranger.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            until(lambda: has_bound(stranger, place))
            stranger.listen()
            sim.plug()
            threading.Event().wait(0.3)  # several tries; none may end the thread
        until(lambda: can_connect(place))


def has_bound(stranger: socket.socket, place: tuple[str, int]) -> bool:
    try:
        stranger.bind(place)
    except OSError:
        return False
    return True


def can_connect(place: tuple[str, int]) -> bool:
    try:
        socket.create_connection(place, WITHIN_S).close()
    except OSError:
        return False
    return True
