"""The wires: bounded in time, honest about what was accepted, able to come back."""

import os
import socket
import struct
import termios
import threading
import time
import tty
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from halldrivers import fdport
from halldrivers.errors import BadUrl, DeviceError, PortAbsent, PortBusy, PortClosed, PortGone
from halldrivers.lpport import LpTransport
from halldrivers.memoryport import memory_pair
from halldrivers.serialport import SerialTransport
from halldrivers.tcpport import TcpTransport
from halldrivers.transport import Transport, open_transport, transport_for

MUCH = bytes(8_000_000)


@dataclass
class FarEnd:
    """The other side of a wire, in the test's hands."""

    near: Transport
    fd: int
    spare: int | None = None

    def send(self, data: bytes) -> None:
        os.write(self.fd, data)

    def receive(self, count: int) -> bytes:
        data = b""
        while len(data) < count:
            data += os.read(self.fd, count - len(data))
        return data

    def vanish(self) -> None:
        fds, self.fd, self.spare = (self.fd, self.spare), -1, None
        for fd in fds:
            if fd is not None and fd >= 0:
                os.close(fd)


def tcp_wire() -> FarEnd:
    listener = socket.create_server(("127.0.0.1", 0))
    near = TcpTransport("127.0.0.1", listener.getsockname()[1])
    near.open()
    connection, _ = listener.accept()
    listener.close()
    return FarEnd(near, connection.detach())


def pty_wire(form: type[SerialTransport] | type[LpTransport]) -> FarEnd:
    master, slave = os.openpty()
    tty.setraw(slave)
    near = form(os.ttyname(slave))
    near.open()
    return FarEnd(near, master, slave)


@pytest.fixture(params=["tcp", "serial", "lp"])
def wire(request: pytest.FixtureRequest) -> Iterator[FarEnd]:
    forms = {"serial": SerialTransport, "lp": LpTransport}
    far = tcp_wire() if request.param == "tcp" else pty_wire(forms[request.param])
    yield far
    far.vanish()
    far.near.close()


def test_bytes_pass_both_ways(wire: FarEnd) -> None:
    assert wire.near.write(b"\x10\x04\x01", 1.0) == 3
    assert wire.receive(3) == b"\x10\x04\x01"
    wire.send(b"\x12")

    assert wire.near.read(10, 1.0) == b"\x12"


def test_every_byte_value_passes_unchanged(wire: FarEnd) -> None:
    wire.near.write(bytes(range(256)), 1.0)

    assert wire.receive(256) == bytes(range(256))


def test_silence_reads_as_nothing_after_the_timeout(wire: FarEnd) -> None:
    before = time.monotonic()

    assert wire.near.read(10, 0.05) == b""
    assert time.monotonic() - before >= 0.045


def test_a_peer_that_does_not_read_costs_the_timeout_and_the_count_is_true(wire: FarEnd) -> None:
    before = time.monotonic()
    accepted = wire.near.write(MUCH, 0.2)

    assert time.monotonic() - before < 2.0
    assert 0 < accepted < len(MUCH)
    assert wire.near.write(MUCH, 0.0) == 0


def test_a_wire_that_breaks_while_reading_is_gone(wire: FarEnd) -> None:
    timer = threading.Timer(0.05, wire.vanish)
    timer.start()

    with pytest.raises(PortGone):
        wire.near.read(10, 5.0)

    timer.join()


def test_a_wire_that_broke_must_be_opened_again(wire: FarEnd) -> None:
    wire.vanish()
    with pytest.raises(PortGone):
        wire.near.read(10, 5.0)

    with pytest.raises(PortClosed):
        wire.near.write(b"x", 0.1)


def test_closing_twice_is_harmless_and_a_closed_wire_says_so(wire: FarEnd) -> None:
    wire.near.close()
    wire.near.close()

    with pytest.raises(PortClosed):
        wire.near.read(1, 0.1)


def test_opening_twice_keeps_the_wire(wire: FarEnd) -> None:
    wire.near.open()

    assert wire.near.write(b"a", 1.0) == 1


def test_a_serial_wire_that_breaks_while_writing_says_what_was_accepted() -> None:
    far = pty_wire(SerialTransport)
    timer = threading.Timer(0.1, far.vanish)
    timer.start()

    with pytest.raises(PortGone) as caught:
        far.near.write(MUCH, 10.0)

    assert 0 < caught.value.accepted < len(MUCH)
    timer.join()


def test_a_serial_line_that_is_held_is_busy() -> None:
    far = pty_wire(SerialTransport)
    assert far.spare is not None
    second = SerialTransport(os.ttyname(far.spare))

    with pytest.raises(PortBusy):
        second.open()

    far.near.close()
    far.vanish()


@pytest.mark.parametrize(
    ("level", "option", "value"),
    [
        (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1),
        (socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 5),
        (socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 2),
        (socket.IPPROTO_TCP, socket.TCP_KEEPCNT, 3),
        (socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, 10_000),
        (socket.IPPROTO_TCP, socket.TCP_NODELAY, 1),
    ],
)
def test_a_plug_that_is_pulled_is_noticed_in_seconds(level: int, option: int, value: int) -> None:
    far = tcp_wire()
    assert isinstance(far.near, TcpTransport)
    assert far.near._fd is not None
    with socket.socket(fileno=os.dup(far.near._fd)) as connection:
        assert connection.getsockopt(level, option) == value

    far.near.close()
    far.vanish()


def test_a_serial_line_says_what_still_waits_on_this_side(monkeypatch: pytest.MonkeyPatch) -> None:
    def ioctl(fd: int, request: int, data: bytes) -> bytes:
        assert (request, len(data)) == (termios.TIOCOUTQ, 4)
        return struct.pack("i", 321)

    far = pty_wire(SerialTransport)
    assert isinstance(far.near, SerialTransport)
    assert far.near.unsent_bytes() == 0
    monkeypatch.setattr(fdport.fcntl, "ioctl", ioctl)

    assert far.near.unsent_bytes() == 321
    monkeypatch.undo()
    far.near.close()
    far.vanish()


def test_a_network_wire_is_no_slow_line() -> None:
    far = tcp_wire()
    assert isinstance(far.near, TcpTransport)

    assert far.near.unsent_bytes() is None
    far.near.close()
    far.vanish()


def test_nobody_listening_is_absent() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

    with pytest.raises(PortAbsent):
        open_transport(f"tcp://127.0.0.1:{port}")


@pytest.mark.parametrize("form", ["serial", "lp"])
def test_a_node_that_is_not_there_is_absent(form: str, tmp_path: Path) -> None:
    with pytest.raises(PortAbsent, match="No such file"):
        open_transport(f"{form}://{tmp_path}/printer")


def test_a_plain_file_is_no_usb_printer(tmp_path: Path) -> None:
    (tmp_path / "lp0").write_text("")

    with pytest.raises(BadUrl, match="not a character device"):
        open_transport(f"lp://{tmp_path}/lp0")


@pytest.mark.parametrize(
    ("url", "fix"),
    [
        ("", "must begin with tcp://"),
        ("10.0.0.7:9100", "must begin with tcp://"),
        ("http://10.0.0.7", "must begin with tcp://"),
        ("tcp://10.0.0.7", "write tcp://10.0.0.7:9100"),
        ("tcp://:9100", "the host is missing"),
        ("tcp://10.0.0.7:x", "x"),
        ("tcp://10.0.0.7:99999", "from 1 to 65535"),
        ("tcp://10.0.0.7:9100/queue", "nothing may follow"),
        ("tcp://10.0.0.7:9100?speed=1", "unknown option speed"),
        ("serial://dev/ttyUSB0", "three slashes"),
        ("serial:///dev/ttyUSB0?baud=fast", "write baud=9600"),
        ("serial:///dev/ttyUSB0?baud=１１５２００", "write baud=9600"),
        ("serial:///dev/ttyUSB0?bauds=9600", "known here: baud"),
        ("lp://", "three slashes"),
    ],
)
def test_a_bad_url_names_the_fix(url: str, fix: str) -> None:
    with pytest.raises(BadUrl) as caught:
        transport_for(url)

    assert fix in str(caught.value)


def test_a_good_url_makes_its_form() -> None:
    assert repr(transport_for("tcp://h:9100")) == "<TcpTransport tcp://h:9100 closed>"
    assert (
        repr(transport_for("serial:///dev/x?baud=9600"))
        == "<SerialTransport serial:///dev/x?baud=9600 closed>"
    )
    assert repr(transport_for("serial:///dev/x")) == "<SerialTransport serial:///dev/x?baud=115200 closed>"
    assert repr(transport_for("lp:///dev/usb/lp0")) == "<LpTransport lp:///dev/usb/lp0 closed>"


def test_a_memory_pair_passes_bytes_both_ways() -> None:
    near, far = memory_pair()
    with near, far:
        assert near.write(b"ask", 1.0) == 3
        assert far.read(2, 1.0) == b"as"
        assert far.read(2, 1.0) == b"k"
        far.write(b"answer", 1.0)
        assert near.read(99, 1.0) == b"answer"


def test_a_full_memory_pair_stalls_like_a_line() -> None:
    near, far = memory_pair(capacity=10)
    with near, far:
        assert near.write(bytes(15), 0.02) == 10
        assert near.write(b"x", 0.0) == 0
        far.read(4, 1.0)
        assert near.write(bytes(15), 0.02) == 4


def test_a_memory_pair_breaks_and_comes_back() -> None:
    near, far = memory_pair()
    near.open()
    far.open()
    far.close()

    with pytest.raises(PortGone):
        near.read(1, 1.0)
    far.open()
    near.open()

    assert near.write(b"again", 1.0) == 5
    assert far.read(9, 1.0) == b"again"


def test_every_wire_error_is_a_device_error() -> None:
    near, _ = memory_pair()

    with pytest.raises(DeviceError):
        near.read(1, 0.0)
