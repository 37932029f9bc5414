"""A network scanner's own word is read from anything that answers, bounded and without harm."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from halldrivers.errors import DeviceError, DeviceTimeout
from halldrivers.scanner.errors import ScannerAbsent, ScannerDenied, ScannerIoError
from halldrivers.scanner.esclsim import EsclFault, EsclServer, EsclSim
from halldrivers.scanner.esclstatus import (
    MOST_ANSWER,
    EsclStatus,
    Feeder,
    parse_answer,
    parse_status,
    read_status,
)

HP = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<scan:ScannerStatus xmlns:scan="http://schemas.hp.com/imaging/escl/2011/05/03" '
    'xmlns:pwg="http://www.pwg.org/schemas/2010/12/sm">\n  <pwg:Version>2.63</pwg:Version>'
    "<pwg:State>{state}</pwg:State><scan:AdfState>{feeder}</scan:AdfState>"
    "<scan:Jobs><scan:JobInfo><pwg:JobUri>/eSCL/ScanJobs/1</pwg:JobUri>"
    "<pwg:JobState>Completed</pwg:JobState><pwg:State>Processing</pwg:State></scan:JobInfo></scan:Jobs>"
    "</scan:ScannerStatus>"
)
"""The shape of the Mopria specification's example; a state inside a job is not the scanner's."""


def document(state: str = "Idle", feeder: str = "ScannerAdfLoaded") -> bytes:
    return HP.format(state=state, feeder=feeder).encode()


@pytest.mark.parametrize(
    ("word", "feeder"),
    [
        ("ScannerAdfLoaded", Feeder.LOADED),
        ("ScannerAdfEmpty", Feeder.EMPTY),
        ("ScannerAdfJam", Feeder.JAMMED),
        ("ScannerAdfMultipickDetected", Feeder.JAMMED),
        ("ScannerAdfDoorOpen", Feeder.OPEN),
        ("ScannerAdfHatchOpen", Feeder.OPEN),
        ("ScannerAdfProcessing", Feeder.UNKNOWN),
        ("", Feeder.UNKNOWN),
    ],
)
def test_what_the_feeder_says(word: str, feeder: Feeder) -> None:
    assert parse_status(document(feeder=word)) == EsclStatus(is_busy=False, feeder=feeder)


@pytest.mark.parametrize(("word", "is_busy"), [("Idle", False), ("Processing", True), ("Testing", True)])
def test_whether_it_is_busy(word: str, is_busy: bool) -> None:
    assert parse_status(document(word)).is_busy is is_busy


def test_a_scanner_without_a_feeder() -> None:
    assert (
        parse_status(b"<s:ScannerStatus><p:State>Idle</p:State></s:ScannerStatus>").feeder is Feeder.UNKNOWN
    )


@pytest.mark.parametrize(
    ("data", "error", "text"),
    [
        (b"", ScannerIoError, "no HTTP"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", ScannerIoError, "no HTTP"),
        (b"HTTP/1.1 404 Not Found\r\n\r\n", ScannerIoError, "HTTP 404"),
        (b"HTTP/1.1 503 \r\n\r\n", ScannerIoError, "HTTP 503"),
        (b"HTTP/1.1 401 Unauthorized\r\n\r\n<html>", ScannerDenied, "HTTP 401"),
        (b"HTTP/1.0 200 OK\r\n\r\n", ScannerIoError, "no XML"),
        (b"HTTP/1.0 200 OK\r\n\r\n<html><body>hello</body></html>", ScannerIoError, "no scanner's status"),
        (b"HTTP/1.0 200 OK\r\n\r\n" + document()[:200], ScannerIoError, "no XML"),
        (b'HTTP/1.0 200 OK\r\n\r\n<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', ScannerIoError, "document type"),
    ],
)
def test_an_answer_that_is_no_status(data: bytes, error: type[DeviceError], text: str) -> None:
    with pytest.raises(error, match=text):
        parse_answer(data)


def test_chunks_that_nobody_asked_for() -> None:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(document()), document())
    assert parse_answer(head + chunked).feeder is Feeder.LOADED


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_a_status_or_an_error_of_ours(data: bytes) -> None:
    for ask in (parse_answer, parse_status):
        try:
            ask(b"HTTP/1.1 200 OK\r\n\r\n<" + data + b">" if ask is parse_answer else data)
        except (ScannerIoError, ScannerDenied):
            pass


# --- over the wire -------------------------------------------------------------------------------


@contextmanager
def answering(data: bytes, *, stays_open: bool = False) -> Iterator[int]:
    """A server that answers one connection with these bytes; its port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        done = threading.Event()

        def serve() -> None:
            wire, _ = listener.accept()
            with wire:
                wire.recv(4096)
                try:
                    wire.sendall(data)
                except OSError:
                    pass  # the other end has heard enough
                if stays_open:
                    done.wait(20)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            done.set()
            thread.join()


def status_at(port: int, timeout_s: float = 10.0) -> EsclStatus:
    return read_status("127.0.0.1", port, "/eSCL", timeout_s)


def test_a_scanner_is_asked() -> None:
    with EsclServer(EsclSim()) as server:
        assert status_at(server.port) == EsclStatus(is_busy=False, feeder=Feeder.EMPTY)
        server.sim.load(1)
        server.sim.jam()
        assert status_at(server.port).feeder is Feeder.JAMMED


def test_a_connection_that_stays_open_is_not_waited_for() -> None:
    with answering(b"HTTP/1.1 200 OK\r\n\r\n" + document() + b"\r\n", stays_open=True) as port:
        assert status_at(port).feeder is Feeder.LOADED


def test_nobody_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(ScannerAbsent, match="refused"):
        status_at(port)


def test_a_silent_scanner_costs_no_more_than_the_time() -> None:
    with EsclServer(EsclSim()) as server:
        server.sim.fault = EsclFault.SILENT
        with pytest.raises(DeviceTimeout):
            status_at(server.port, 0.2)


def test_an_endless_answer_is_cut() -> None:
    with answering(b"HTTP/1.1 200 OK\r\n\r\n<a>" + b"x" * (MOST_ANSWER * 3)) as port:
        with pytest.raises(ScannerIoError, match="no XML"):
            status_at(port)
