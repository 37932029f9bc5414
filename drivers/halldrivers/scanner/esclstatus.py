"""What a network scanner says of itself between scans: eSCL's ScannerStatus, read by ourselves.

sane-airscan asks it only when a scan has failed. Asking it when idle shows a jam or an open cover before
anybody lays paper, costs one small request, and tells a scanner that is off from one that refuses within a
second (``scanimage`` would wait twenty for it). It is a hint, not a gate: scanners in the field say "empty"
with paper in, and "jam" for empty (sane-airscan's list of quirks), so no scan is refused because of it.

::

    <scan:ScannerStatus><pwg:State>Idle</pwg:State><scan:AdfState>ScannerAdfLoaded</scan:AdfState>…

Source: Mopria eSCL specification 2.x, and sane-airscan's reading of it.
"""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from xml.parsers import expat

from halldrivers.errors import DeviceTimeout
from halldrivers.scanner.errors import ScannerAbsent, ScannerDenied, ScannerIoError

MOST_ANSWER = 64 * 1024
"""Bytes; a status with a long list of finished jobs has ten thousand."""


class Feeder(StrEnum):
    """What a feeder says of itself."""

    LOADED = "loaded"
    EMPTY = "empty"
    JAMMED = "jammed"
    OPEN = "open"
    UNKNOWN = "unknown"
    """Nothing was said, or nothing that we know."""


@dataclass(frozen=True, slots=True)
class EsclStatus:
    """One status."""

    is_busy: bool
    feeder: Feeder


_FEEDER = {
    "ScannerAdfLoaded": Feeder.LOADED,
    "ScannerAdfEmpty": Feeder.EMPTY,
    "ScannerAdfJam": Feeder.JAMMED,
    "ScannerAdfMultipickDetected": Feeder.JAMMED,
    "ScannerAdfDoorOpen": Feeder.OPEN,
    "ScannerAdfHatchOpen": Feeder.OPEN,
}
_BUSY = ("Processing", "Testing")
_HEAD = re.compile(rb"HTTP/1\.[01] (\d{3})[ \r\n]")
_DOCUMENT_END = re.compile(rb"</[A-Za-z0-9_.:-]*ScannerStatus\s*>")


def parse_answer(data: bytes) -> EsclStatus:
    """The status in an HTTP answer, head and body as they came; raises ScannerIoError or ScannerDenied."""
    head = _HEAD.match(data)
    if head is None:
        raise ScannerIoError("the answer is no HTTP")
    code = int(head[1])
    if code in (401, 403):
        raise ScannerDenied(f"HTTP {code}")
    if code != 200:
        raise ScannerIoError(f"HTTP {code}")
    _, _, body = data.partition(b"\r\n\r\n")
    # From the first bracket to the last: an embedded server that sends chunks although asked for HTTP/1.0
    # puts their lengths around the document.
    start, end = body.find(b"<"), body.rfind(b">")
    return parse_status(body[start : end + 1] if 0 <= start < end else b"")


def parse_status(document: bytes) -> EsclStatus:
    """The status in a ScannerStatus document; raises ScannerIoError."""
    words: dict[str, str] = {}
    path: list[str] = []

    def begin(name: str, attributes: dict[str, str]) -> None:
        path.append(name.rpartition(":")[2])

    def end(name: str) -> None:
        path.pop()

    def text(data: str) -> None:
        # Only directly below the root: a job has a state of its own.
        if len(path) == 2 and path[0] == "ScannerStatus" and path[1] in ("State", "AdfState"):
            words[path[1]] = (words.get(path[1], "") + data)[:100]

    def refuse(*_: object) -> None:
        raise ScannerIoError("the status has a document type: no scanner sends one")

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = begin, end
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = text, refuse
    try:
        parser.Parse(document[:MOST_ANSWER], True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise ScannerIoError(f"the status is no XML: {error}") from error
    if "State" not in words:
        raise ScannerIoError("the answer is no scanner's status")
    feeder = _FEEDER.get(words.get("AdfState", "").strip(), Feeder.UNKNOWN)
    return EsclStatus(words["State"].strip() in _BUSY, feeder)


def read_status(
    host: str, port: int, path: str, timeout_s: float, now_s: Callable[[], float] = time.monotonic
) -> EsclStatus:
    """Ask a scanner; raises ScannerAbsent, DeviceTimeout, ScannerIoError or ScannerDenied within the time."""
    until_s = now_s() + timeout_s
    where = f"{host}:{port}"
    name = f"[{host}]" if ":" in host else host
    request = f"GET {path}/ScannerStatus HTTP/1.0\r\nHost: {name}:{port}\r\nConnection: close\r\n\r\n"
    try:
        with socket.create_connection((host, port), timeout_s) as wire:
            wire.sendall(request.encode("ascii"))
            return parse_answer(_read(wire, until_s, now_s))
    except TimeoutError as error:
        raise DeviceTimeout(where) from error
    except (ScannerIoError, ScannerDenied):
        raise
    except OSError as error:
        raise ScannerAbsent(f"{where}: {error.strerror or error}") from error


def _read(wire: socket.socket, until_s: float, now_s: Callable[[], float]) -> bytes:
    """What comes until the end of the connection, of the document, of our patience or of the time."""
    data = b""
    while len(data) < MOST_ANSWER:
        left_s = until_s - now_s()
        if left_s <= 0:
            raise TimeoutError
        wire.settimeout(left_s)
        piece = wire.recv(8192)
        data += piece
        if not piece or _DOCUMENT_END.search(data, max(0, len(data) - 8300)):
            break  # some keep the connection open all the same
    return data
