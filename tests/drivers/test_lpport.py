"""What usblp does and an ordinary file does not; a stand-in for the kernel behaves as its source says.

Facts: printing 1.6, read in the kernel's usblp.c.
"""

import errno
import os
import select
import stat
from types import SimpleNamespace

import pytest

from halldrivers import fdport, lpport
from halldrivers.errors import PortBusy, PortGone
from halldrivers.lpport import LpTransport

FD = 1234


class Usblp:
    """One printer node: `reads` and `writes` say what each call does, in turn."""

    def __init__(self) -> None:
        self.reads: list[bytes | int] = []
        """Data, or the errno of a failure; at the end nothing is ready."""
        self.writes: list[int] = []
        """The errno of a failure, 0 to take what is given; at the end all is taken."""
        self.blocks: list[int] = []
        """How many bytes each write brought."""
        self.open_errno = 0
        self.log: list[str] = []
        self.polls: list[tuple[int, float]] = []

    def open(self, path: str, flags: int) -> int:
        if self.open_errno:
            raise OSError(self.open_errno, os.strerror(self.open_errno))
        assert flags & os.O_NONBLOCK and flags & os.O_RDWR == os.O_RDWR
        return FD

    def fstat(self, fd: int) -> object:
        return SimpleNamespace(st_mode=stat.S_IFCHR)

    def read(self, fd: int, count: int) -> bytes:
        does = self.reads.pop(0)
        if isinstance(does, int):
            raise OSError(does, os.strerror(does))
        return does

    def write(self, fd: int, data: bytes) -> int:
        does = self.writes.pop(0) if self.writes else 0
        if does:
            raise OSError(does, os.strerror(does))
        self.blocks.append(len(data))
        return len(data)

    def close(self, fd: int) -> None:
        self.log.append("close")

    def poll(self) -> "Poller":
        return Poller(self)


class Poller:
    """`select.poll` over that node: it can be written at once, and read while `reads` has something."""

    def __init__(self, node: Usblp) -> None:
        self._node = node
        self._events = 0

    def register(self, fd: int, events: int) -> None:
        assert fd == FD
        self._events = events

    def poll(self, timeout_ms: float) -> list[tuple[int, int]]:
        self._node.polls.append((self._events, timeout_ms))
        if self._events == select.POLLOUT:
            self._node.log.append("writable")
            return [(FD, select.POLLOUT)]
        if self._events == select.POLLIN and self._node.reads:
            return [(FD, select.POLLIN)]
        return []


@pytest.fixture
def node(monkeypatch: pytest.MonkeyPatch) -> Usblp:
    made = Usblp()
    calls = SimpleNamespace(
        open=made.open,
        fstat=made.fstat,
        read=made.read,
        write=made.write,
        close=made.close,
        O_RDWR=os.O_RDWR,
        O_NONBLOCK=os.O_NONBLOCK,
        O_NOCTTY=os.O_NOCTTY,
        O_CLOEXEC=os.O_CLOEXEC,
    )
    polls = SimpleNamespace(
        poll=made.poll,
        POLLIN=select.POLLIN,
        POLLOUT=select.POLLOUT,
        POLLHUP=select.POLLHUP,
        POLLERR=select.POLLERR,
        POLLNVAL=select.POLLNVAL,
    )
    for module in (fdport, lpport):
        monkeypatch.setattr(module, "os", calls)
        monkeypatch.setattr(module, "select", polls)
    return made


@pytest.fixture
def printer(node: Usblp) -> LpTransport:
    made = LpTransport("/dev/usb/lp0")
    made.open()
    return made


def test_a_one_way_printer_is_silent_and_stays_open(node: Usblp, printer: LpTransport) -> None:
    node.reads = [errno.EINVAL]

    assert printer.read(16, 0.01) == b""
    assert printer.write(b"ticket", 0.5) == 6


def test_a_one_way_printer_costs_the_time_of_the_silence_and_no_busy_loop(
    node: Usblp, printer: LpTransport
) -> None:
    node.reads = [errno.EINVAL]
    printer.read(16, 0.2)

    pauses = [timeout_ms for events, timeout_ms in node.polls if events == 0]
    assert len(pauses) == 1
    assert 0 < pauses[0] <= 200


@pytest.mark.parametrize("code", [errno.EIO, errno.ENODEV])
def test_any_other_failure_of_a_read_is_a_printer_that_is_gone(
    node: Usblp, printer: LpTransport, code: int
) -> None:
    node.reads = [code]

    with pytest.raises(PortGone, match=os.strerror(code)):
        printer.read(16, 0.5)


def test_an_empty_read_is_not_the_end(node: Usblp, printer: LpTransport) -> None:
    node.reads = [b"", b"", b"\x12"]

    assert printer.read(16, 5.0) == b"\x12"


def test_empty_reads_to_the_end_of_the_time_are_silence(node: Usblp, printer: LpTransport) -> None:
    node.reads = [b""]

    assert printer.read(16, 0.0) == b""
    assert printer.write(b"x", 0.5) == 1


def test_paper_out_while_writing_is_a_true_count_and_not_an_error(node: Usblp, printer: LpTransport) -> None:
    node.writes = [0, errno.ENOSPC]

    assert printer.write(bytes(20_000), 5.0) == 8192
    assert printer.write(b"more", 0.5) == 4


def test_a_write_that_breaks_says_what_was_accepted(node: Usblp, printer: LpTransport) -> None:
    node.writes = [0, errno.ENODEV]

    with pytest.raises(PortGone) as caught:
        printer.write(bytes(20_000), 5.0)

    assert caught.value.accepted == 8192


def test_no_block_exceeds_what_usblp_takes(node: Usblp, printer: LpTransport) -> None:
    assert printer.write(bytes(20_000), 5.0) == 20_000
    assert node.blocks == [8192, 8192, 3616]


def test_closing_waits_until_the_last_block_is_delivered(node: Usblp, printer: LpTransport) -> None:
    printer.write(b"ticket", 0.5)
    node.log.clear()
    node.polls.clear()
    printer.close()

    assert node.log == ["writable", "close"]
    ((events, timeout_ms),) = node.polls
    assert events == select.POLLOUT
    assert 500 <= timeout_ms <= 5000, "bounded, and long enough for a block"


def test_a_node_that_somebody_else_holds_is_busy(node: Usblp) -> None:
    node.open_errno = errno.EBUSY

    with pytest.raises(PortBusy, match="lp:///dev/usb/lp0"):
        LpTransport("/dev/usb/lp0").open()


def test_a_printer_on_usb_is_no_slow_line(printer: LpTransport, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fdport.os, "isatty", lambda fd: False, raising=False)

    assert printer.unsent_bytes() is None
