"""What travels between the keeper and its clients: JSON-RPC 2.0, one message a line.

Requests and answers are UTF-8 JSON objects ended by a newline (a newline inside a JSON text is always
escaped, so a line is a message). Batch arrays and requests without an id are refused: an operation
whose answer nobody reads would be one that nobody knows the outcome of.

Bounds: a request line is at most 64 KiB, an answer at most 8 MiB. Errors follow the JSON-RPC 2.0
specification, section 5.1; the hall's own errors travel as code -32000 with ``data`` holding the
hall's code and details, and are the same class again at the client.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Annotated

import msgspec

from hallqueue.errors import BadRequest, HallError, ProtocolBroken
from hallqueue.wire.methods import TEXT_MAX
from hallqueue.wire.raised import error_from_wire

LINE_MAX = 64 * 1024
"""Bytes of a request line. The largest honest request (a backup path) needs 5 KiB."""
ANSWER_MAX = 8 * 1024 * 1024
"""Bytes of an answer. A listing of 1,000 tickets needs about 1 MiB."""

_encode = msgspec.json.encode
_EMPTY = msgspec.Raw(b"{}")
_NULL = msgspec.Raw(b"null")


class Rpc(IntEnum):
    """Error codes of JSON-RPC 2.0, and the one for the hall's own errors."""

    PARSE = -32700
    INVALID = -32600
    NO_METHOD = -32601
    PARAMS = -32602
    INTERNAL = -32603
    HALL = -32000


class Request(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A request line."""

    method: Annotated[str, msgspec.Meta(max_length=64)]
    id: Annotated[int, msgspec.Meta(ge=-(2**53), le=2**53)] | Annotated[str, msgspec.Meta(max_length=64)]
    jsonrpc: Annotated[str, msgspec.Meta(max_length=8)]
    params: msgspec.Raw = _EMPTY


class Hello(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The first request of a connection: who speaks. SO_PEERCRED decides whether that is true."""

    role: Annotated[str, msgspec.Meta(max_length=32)]
    window: Annotated[int, msgspec.Meta(ge=0, le=9999)] = 0
    clerk: Annotated[str, msgspec.Meta(max_length=TEXT_MAX, pattern=r"^[^\x00-\x1f\x7f\ud800-\udfff]*\Z")] = (
        ""
    )


class Welcome(msgspec.Struct, frozen=True):
    """The answer to ``hello``."""

    epoch: str
    seq: int
    """Number of the last event."""
    pid: int
    """The keeper's process."""


class Follow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Asks for every event after a cursor; without an epoch the cursor is of the present one."""

    after: Annotated[int, msgspec.Meta(ge=0, le=2**53)]
    epoch: Annotated[str, msgspec.Meta(max_length=128)] = ""


class ErrorData(msgspec.Struct, frozen=True):
    """The hall's part of an error."""

    code: str
    details: dict[str, str | int] = {}


class WireError(msgspec.Struct, frozen=True):
    """The error member of an answer."""

    code: int
    message: str
    data: ErrorData | None = None

    def raised(self) -> HallError:
        """The error to raise at the client; what is not the hall's own is a broken protocol."""
        if self.data is None:
            return ProtocolBroken(why=f"{self.code} {self.message}")
        return error_from_wire(self.data.code, self.data.details)


class Incoming(msgspec.Struct, frozen=True):
    """Any line that the keeper sends: an answer (with an id) or a push (with a method)."""

    id: int | str | None = None
    result: msgspec.Raw = _NULL
    """Raw is not optional to msgspec: without an answer it is the text ``null``."""
    error: WireError | None = None
    method: str = ""
    params: msgspec.Raw = _EMPTY


_request = msgspec.json.Decoder(Request)
_incoming = msgspec.json.Decoder(Incoming)


class BadLine(Exception):
    """A line that is no proper request; ``answer`` is what its sender gets."""

    def __init__(self, answer: bytes) -> None:
        self.answer = answer
        super().__init__("not a proper request")


def decode_request(line: bytes) -> Request:
    """The request in a line; raises :class:`BadLine` with the fitting JSON-RPC error."""
    try:
        request = _request.decode(line)
    except msgspec.ValidationError as wrong:
        raise BadLine(error_line(None, Rpc.INVALID, BadRequest(why=str(wrong)))) from wrong
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as wrong:
        raise BadLine(error_line(None, Rpc.PARSE, ProtocolBroken(why=str(wrong)))) from wrong
    if request.jsonrpc != "2.0":
        raise BadLine(error_line(request.id, Rpc.INVALID, BadRequest(why="jsonrpc is not 2.0")))
    return request


def decode_incoming(line: bytes) -> Incoming:
    """A line from the keeper; raises :class:`~hallqueue.errors.ProtocolBroken`."""
    try:
        return _incoming.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as wrong:
        raise ProtocolBroken(why=str(wrong)) from wrong


def request_line(number: int, method: str, params: msgspec.Struct) -> bytes:
    """A request as it is sent."""
    return b'{"jsonrpc":"2.0","id":%d,"method":"%s","params":%s}\n' % (
        number,
        method.encode("ascii"),
        _encode(params),
    )


def checked_line(number: int, method: str, params: msgspec.Struct) -> bytes:
    """A request that the keeper will read. Raises BadRequest instead of being cut off for its length."""
    line = request_line(number, method, params)
    if len(line) > LINE_MAX:
        raise BadRequest(why=f"a request of {len(line)} bytes; at most {LINE_MAX}")
    return line


def answer_line(request_id: int | str, result: bytes) -> bytes:
    """An answer around a result that is already JSON."""
    return b'{"jsonrpc":"2.0","id":%s,"result":%s}\n' % (_encode(request_id), result)


def push_line(method: str, params: bytes) -> bytes:
    """A push (a JSON-RPC notification) around parameters that are already JSON."""
    return b'{"jsonrpc":"2.0","method":"%s","params":%s}\n' % (method.encode("ascii"), params)


def error_line(request_id: int | str | None, code: Rpc, error: HallError) -> bytes:
    """An error answer that carries the hall's code and details."""
    body = WireError(int(code), str(error), ErrorData(error.code, error.details))
    return b'{"jsonrpc":"2.0","id":%s,"error":%s}\n' % (_encode(request_id), _encode(body))


def hall_error_line(request_id: int | str, error: HallError) -> bytes:
    """The answer for an error of the hall itself."""
    return error_line(request_id, Rpc.HALL, error)


class TooLong(Exception):
    """A line grew beyond its bound before its newline came."""


class LineBuffer:
    """Cuts a byte stream into lines; holds at most one unfinished line of ``limit`` bytes."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._rest = b""

    def __len__(self) -> int:
        return len(self._rest)

    def feed(self, data: bytes) -> list[bytes]:
        """The lines completed by ``data``, without newlines; raises :class:`TooLong`."""
        if self._rest:
            data = self._rest + data
        *lines, self._rest = data.split(b"\n")
        if len(self._rest) > self._limit or any(len(line) > self._limit for line in lines):
            raise TooLong
        return lines
