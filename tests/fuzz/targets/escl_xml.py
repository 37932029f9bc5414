"""A network scanner's status: HTTP head, perhaps chunks, and the XML of eSCL's ScannerStatus."""

from halldrivers.scanner.errors import ScannerDenied, ScannerIoError
from halldrivers.scanner.esclstatus import parse_answer, parse_status

_DOCUMENT = (
    b'<?xml version="1.0"?><scan:ScannerStatus xmlns:scan="s" xmlns:pwg="p"><pwg:State>Idle</pwg:State>'
    b"<scan:AdfState>ScannerAdfLoaded</scan:AdfState></scan:ScannerStatus>"
)
SEEDS = [
    b"HTTP/1.1 200 OK\r\nServer: x\r\n\r\n" + _DOCUMENT,
    b"HTTP/1.0 200 OK\r\n\r\nb3\r\n" + _DOCUMENT + b"\r\n0\r\n\r\n",
    b"HTTP/1.1 403 Forbidden\r\n\r\n",
    _DOCUMENT,
    b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
    b"<ScannerStatus><State>Processing</State></ScannerStatus>",
]


def run(data: bytes) -> None:
    for parse in (parse_answer, parse_status):
        try:
            parse(data)
        except (ScannerIoError, ScannerDenied):
            pass
