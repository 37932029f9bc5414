"""The wire: one table of methods, strict lines, errors that stay themselves."""

from __future__ import annotations

import inspect

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hallqueue import errors
from hallqueue.client import HallClient
from hallqueue.service import HallService
from hallqueue.syncclient import SyncHallClient
from hallqueue.wire.methods import METHODS, SUBSCRIPTIONS
from hallqueue.wire.wire import (
    LINE_MAX,
    BadLine,
    LineBuffer,
    TooLong,
    checked_line,
    decode_incoming,
    decode_request,
    hall_error_line,
)

OPERATIONS = [name for name in vars(HallService) if not name.startswith("_")]
LEAVES = [
    cls
    for cls in vars(errors).values()
    if isinstance(cls, type) and issubclass(cls, errors.HallError) and "code" in vars(cls)
]
LEAVES.remove(errors.HallError)


def test_the_table_knows_every_operation_of_the_service() -> None:
    assert set(METHODS) | SUBSCRIPTIONS == set(OPERATIONS)


@pytest.mark.parametrize("name", sorted(METHODS))
def test_both_clients_offer_every_operation_with_its_name_and_words(name: str) -> None:
    for client in (HallClient, SyncHallClient):
        method = getattr(client, name)
        assert method.__name__ == name
        assert method.__doc__ == getattr(HallService, name).__doc__


@pytest.mark.parametrize("name", sorted(METHODS))
def test_an_operation_changes_the_hall_exactly_when_it_takes_a_key(name: str) -> None:
    assert METHODS[name].changes == ("key" in inspect.signature(getattr(HallService, name)).parameters)


@pytest.mark.parametrize(
    ("params", "why"),
    [
        (b'{"service":"a"}', "key"),
        (b'{"service":"a","key":""}', "length"),
        (b'{"service":1,"key":"k"}', "Expected `str`"),
        (b'{"service":"a","key":"k","paper":1}', "Expected `bool`"),
        (b'{"service":"a","key":"k","colour":"red"}', "unknown field"),
        (b'{"service":"\\u001b[2J","key":"k"}', "regex"),
        (b'{"service":"\\udc00","key":"k"}', "regex|surrogate|truncated|malformed"),
        (b'{"service":"' + b"a" * 501 + b'","key":"k"}', "length"),
        (b"[]", "Expected `object`"),
        (b"7", "Expected `object`"),
    ],
)
def test_parameters_of_another_kind_are_refused(params: bytes, why: str) -> None:
    with pytest.raises(msgspec.DecodeError, match=why):
        METHODS["issue"].decode_params(params)


@pytest.mark.parametrize("number", ["9007199254740993", "-2", "1e400", "1.5", "true", '"1"'])
def test_numbers_that_a_database_could_not_keep_are_refused(number: str) -> None:
    with pytest.raises(msgspec.DecodeError):
        METHODS["recall"].decode_params(b'{"window":%s,"key":"k"}' % number.encode())


def test_defaults_on_the_wire_are_those_of_the_service() -> None:
    params = METHODS["issue"].decode_params(b'{"service":"a","key":"k"}')
    assert METHODS["issue"].arguments(params) == {
        "service": "a",
        "priority": "",
        "person": "",
        "masked_name": "",
        "channel": "terminal",
        "paper": True,
    }


@pytest.mark.parametrize("cls", LEAVES, ids=lambda cls: cls.__name__)
def test_an_error_is_the_same_class_with_the_same_words_at_the_client(cls: type[errors.HallError]) -> None:
    sent = cls(number="A001", window=3, why="x")
    incoming = decode_incoming(hall_error_line(5, sent))
    assert incoming.id == 5 and incoming.error is not None
    got = incoming.error.raised()
    assert type(got) is cls
    assert (str(got), got.details) == (str(sent), sent.details)


def test_codes_are_not_used_twice() -> None:
    codes = [cls.code for cls in LEAVES]
    assert len(codes) == len(set(codes))


@given(st.binary(max_size=300))
def test_garbage_is_refused_as_a_bad_line_and_never_raises_anything_else(line: bytes) -> None:
    try:
        decode_request(line)
    except BadLine as bad:
        answer = msgspec.json.decode(bad.answer)
        assert answer["error"]["code"] in (-32700, -32600)
        assert answer["error"]["data"]["code"] in ("S-08", "Q-30")


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b"", -32700),
        (b"{", -32700),
        (b"\xff\xfe", -32700),
        (b"[" * 60_000, -32600),
        (b'{"jsonrpc":"2.0","id":1,"method":"plan","params":' + b"[" * 60_000, -32700),
        (b'[{"jsonrpc":"2.0","id":1,"method":"plan"}]', -32600),
        (b'{"jsonrpc":"2.0","method":"plan"}', -32600),
        (b'{"jsonrpc":"1.0","id":1,"method":"plan"}', -32600),
        (b'{"jsonrpc":"2.0","id":null,"method":"plan"}', -32600),
        (b'{"jsonrpc":"2.0","id":1,"method":"plan","extra":1}', -32600),
    ],
)
def test_what_is_no_request_gets_the_json_rpc_error_for_it(line: bytes, code: int) -> None:
    with pytest.raises(BadLine) as caught:
        decode_request(line)
    assert msgspec.json.decode(caught.value.answer)["error"]["code"] == code


def test_a_request_that_the_keeper_would_cut_off_is_refused_before_it_is_sent() -> None:
    params = METHODS["backup"].params("x" * LINE_MAX)  # type: ignore[call-arg]
    with pytest.raises(errors.BadRequest):
        checked_line(1, "backup", params)


@given(st.lists(st.binary(max_size=40).map(lambda b: b.replace(b"\n", b"")), max_size=8), st.data())
def test_lines_come_out_whole_however_the_bytes_are_cut(lines: list[bytes], data: st.DataObject) -> None:
    stream = b"".join(line + b"\n" for line in lines)
    buffer, out, at = LineBuffer(64), [], 0
    while at < len(stream):
        step = data.draw(st.integers(1, 30))
        out += buffer.feed(stream[at : at + step])
        at += step
    assert out == lines


def test_a_line_without_an_end_is_given_up_at_the_bound() -> None:
    buffer = LineBuffer(64)
    buffer.feed(b"x" * 64)
    with pytest.raises(TooLong):
        buffer.feed(b"x")
