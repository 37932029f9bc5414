"""What the external check may say of a printer behind a network."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator

import pytest

from halldrivers.check import CheckLevel, Finding, Verdict
from halldrivers.printerline.check import printer_checker
from halldrivers.printersim import EPSON, MUTE, PrinterServer, PrinterSim, serve_pty, serve_tcp


def external(url: str) -> list[Finding]:
    told: list[Finding] = []
    printer_checker(url)(CheckLevel.EXTERNAL, told.append)
    return told


@pytest.fixture
def server() -> Iterator[PrinterServer]:
    with serve_tcp(PrinterSim(80, EPSON, clock=time.monotonic)) as made:
        yield made


def test_a_network_printer_that_another_program_holds_is_not_called_ours(server: PrinterServer) -> None:
    with socket.create_connection(("127.0.0.1", server.port)) as spooler:
        spooler.sendall(b"\x10\x04\x01")
        assert spooler.recv(1), "it is served"
        told = external(server.url)

    assert [finding.verdict for finding in told] == [Verdict.PASSED, Verdict.UNKNOWN, Verdict.UNKNOWN]
    assert told[0].zh == "网络连上了"
    assert told[2].zh == (
        "网络打印机一次只应答一个程序，也许另一个程序正占着它："
        "先停打印服务（systemctl stop hall-printer）再查"
    )
    assert "another one may hold it: stop the spooler" in told[2].en


def test_a_network_printer_that_answers_is_nobody_elses(server: PrinterServer) -> None:
    told = external(server.url)

    assert [finding.verdict for finding in told] == [Verdict.PASSED] * 3
    assert not any("独占" in finding.zh for finding in told)


def test_a_port_of_this_machine_that_is_open_is_ours_alone() -> None:
    with serve_pty(PrinterSim(80, MUTE, clock=time.monotonic)) as server:
        told = external(server.url)

    assert [finding.verdict for finding in told] == [Verdict.PASSED, Verdict.UNKNOWN]
    assert told[0].zh == "打印机已连上，由本程序独占"
