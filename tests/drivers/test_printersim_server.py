"""The simulated printer at the end of a real wire, and what the rooms import."""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from halldrivers.errors import BadUrl, DeviceError, PortBusy
from halldrivers.printerline import ConfirmBy, Outcome, PrinterLine
from halldrivers.printersim import PrinterServer, PrinterSim, serve, serve_pty, serve_tcp
from halldrivers.transport import open_transport

TICKET = b"\x1b\x40\xcd\xac\xd0\xc4 A013\x0a\x1d\x56\x42\x00"


def new_sim() -> PrinterSim:
    return PrinterSim(80, clock=time.monotonic)


@pytest.mark.parametrize("serve_somewhere", [serve_tcp, serve_pty])
def test_a_ticket_passes_a_real_wire(serve_somewhere: Callable[[PrinterSim], PrinterServer]) -> None:
    sim = new_sim()
    with serve_somewhere(sim) as server:
        line = PrinterLine(open_transport(server.url), time.monotonic)
        line.open()
        result = line.send_job(TICKET, "A013", ConfirmBy.PROCESS_ID, 5.0)
        line.close()

    assert result.outcome is Outcome.PRINTED
    assert sim.slips[0].text() == "同心 A013"


@pytest.mark.parametrize("serve_somewhere", [serve_tcp, serve_pty])
def test_closing_leaves_no_thread_no_port_and_no_link(
    serve_somewhere: Callable[[PrinterSim], PrinterServer],
) -> None:
    before = set(threading.enumerate())
    server = serve_somewhere(new_sim())
    line = PrinterLine(open_transport(server.url), time.monotonic)
    line.open()
    server.close()
    server.close()

    assert set(threading.enumerate()) <= before
    assert not os.path.lexists(server.path)
    line.close()
    with pytest.raises(DeviceError):
        open_transport(server.url)


def test_one_connection_is_served_at_a_time() -> None:
    with serve_tcp(new_sim()) as server:
        first = socket.create_connection(("127.0.0.1", server.port))
        first.sendall(b"\x10\x04\x01")
        first.settimeout(5)
        assert first.recv(1) == b"\x12"

        second = socket.create_connection(("127.0.0.1", server.port))
        second.sendall(b"\x10\x04\x01")
        second.settimeout(0.2)
        with pytest.raises(TimeoutError):
            second.recv(1)

        first.close()
        second.settimeout(5)
        assert second.recv(1) == b"\x12"
        second.close()


def test_a_taken_port_is_busy_or_absent_with_a_remedy() -> None:
    with serve_tcp(new_sim()) as server, pytest.raises(DeviceError) as caught:
        serve_tcp(new_sim(), port=server.port)

    assert str(server.port) in str(caught.value)
    assert isinstance(caught.value, PortBusy)


@pytest.mark.parametrize("url", ["", "sim:", "tcp://127.0.0.1", "serial:///dev/x", "tcp://127.0.0.1:x"])
def test_an_address_that_cannot_be_served_names_the_fix(url: str) -> None:
    with pytest.raises(BadUrl):
        serve(url, new_sim())


def test_serving_by_url_keeps_the_slips(tmp_path: Path) -> None:
    sim = new_sim()
    with serve(f"pty://{tmp_path}/printer", sim, slips_dir=tmp_path / "slips") as server:
        assert server.path == f"{tmp_path}/printer"
        line = PrinterLine(open_transport(server.url), time.monotonic)
        line.open()
        line.send_job(TICKET, "A013", ConfirmBy.PROCESS_ID, 5.0)
        line.close()

    assert (tmp_path / "slips/slip-0001.txt").read_text(encoding="utf-8") == "同心 A013\n"


def imported_by(module: str) -> set[str]:
    code = f"import sys, {module}; print('\\n'.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_the_simulator_shares_no_code_with_the_driver_or_the_encoder() -> None:
    modules = imported_by("halldrivers.printersim")

    assert not {
        name for name in modules if name.startswith(("halldrivers.printerline", "hallprinter", "escpos"))
    }


def test_the_driver_starts_lean() -> None:
    modules = imported_by("halldrivers.printerline, halldrivers.transport, halldrivers.fonts")

    assert not modules & {"PIL", "serial", "segno", "asyncio"}


def test_pyserial_is_imported_in_one_module_only() -> None:
    import halldrivers

    root = Path(halldrivers.__file__).parent
    users = [path.name for path in root.rglob("*.py") if "import serial" in path.read_text(encoding="utf-8")]

    assert users == ["serialport.py"]
