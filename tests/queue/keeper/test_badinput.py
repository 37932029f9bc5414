"""Peers that send garbage, half a message, a gigabyte, or nothing: told why, closed, bounded."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from hallqueue.errors import KeeperBusy
from hallqueue.keeper.serve import Limits
from hallqueue.wire.wire import LINE_MAX

HELLO = b'{"jsonrpc":"2.0","id":0,"method":"hello","params":{"role":"staff"}}\n'


@pytest.fixture(autouse=True)
def still_serving(process: Any) -> Any:
    """After each of these the keeper answers honest clients, and nothing was recorded."""
    yield
    with process.client() as client:
        assert client.snapshot().issued_today == 0
        assert client.issue("social", key="after").ticket.number == "A001"


@pytest.mark.parametrize(
    "line",
    [b"GET / HTTP/1.1\r", b"\x00\x01\x02\xff", b"{", b"[" * 50_000, b'"' + b"\\ud800" * 100, b""],
    ids=["http", "binary", "half", "deep", "surrogates", "empty"],
)
def test_garbage_is_answered_and_after_eight_times_the_connection_is_closed(peer: Any, line: bytes) -> None:
    peer.hello()
    peer.send((line + b"\n") * 8)
    answers = [msgspec.json.decode(answer) for answer in peer.read_to_end().splitlines()]
    assert len(answers) == 8
    assert all(answer["error"]["code"] in (-32700, -32600) for answer in answers)


def test_an_honest_line_in_between_forgives_the_broken_ones(peer: Any) -> None:
    peer.hello()
    for number in range(30):
        peer.send(b"garbage\n")
        assert "error" in peer.read_line()
        peer.ask(number, "plan", {})
        assert peer.read_line()["id"] == number


def test_a_gigabyte_is_cut_off_and_the_keepers_memory_stays_bounded(
    peer: Any, process: Any, memory_of: Callable[[int], int]
) -> None:
    peer.hello()
    before = memory_of(process.pid)
    block = b"x" * 1_000_000
    sent = 0
    with pytest.raises(OSError):
        while sent < 1_000_000_000:
            peer.send(block)
            sent += len(block)
    assert sent < 20_000_000
    assert memory_of(process.pid) - before < 16_000_000


def test_a_line_too_long_is_told_so(peer: Any) -> None:
    peer.hello()
    peer.send(b"x" * (LINE_MAX + 1))
    answer = peer.read_line()
    assert (answer["error"]["code"], answer["error"]["data"]["code"]) == (-32600, "S-08")
    assert peer.read_to_end() == b""


@pytest.mark.parametrize(
    ("method", "params", "code", "hall"),
    [
        ("rewrite", {}, -32601, "Q-30"),
        ("hello", {"role": "admin"}, -32601, "Q-30"),
        ("issue", {}, -32602, "Q-30"),
        ("issue", {"service": 1, "key": "k"}, -32602, "Q-30"),
        ("issue", {"service": "none", "key": "k"}, -32000, "Q-01"),
        ("call_next", {"window": 2**70, "key": "k"}, -32602, "Q-30"),
        ("tickets", {"limit": 100_000}, -32602, "Q-30"),
        ("follow", {"after": -5}, -32602, "Q-30"),
        ("press", {"window": 1, "key": "k", "level": "x", "raw_key": "", "device": ""}, -32000, "Q-32"),
    ],
)
def test_a_wrong_request_gets_its_error(
    peer: Any, method: str, params: dict[str, Any], code: int, hall: str
) -> None:
    peer.hello()
    peer.ask(7, method, params)
    answer = peer.read_line()
    assert (answer["id"], answer["error"]["code"], answer["error"]["data"]["code"]) == (7, code, hall)


def test_who_does_not_say_hello_is_closed(peer: Any) -> None:
    peer.ask(1, "snapshot", {})
    assert peer.read_line()["error"]["code"] == -32600
    assert peer.read_to_end() == b""


def test_requests_sent_with_a_refused_hello_are_not_done(peer: Any) -> None:
    peer.send(HELLO.replace(b"staff", b"king") + b'{"jsonrpc":"2.0","id":1,"method":"plan"}\n')
    answers = [msgspec.json.decode(line) for line in peer.read_to_end().splitlines()]
    assert [answer["id"] for answer in answers] == [0]


def test_a_client_that_asks_and_never_reads_costs_a_bounded_amount(
    peer: Any, process: Any, memory_of: Callable[[int], int]
) -> None:
    peer.hello()
    before = memory_of(process.pid)
    peer.line.settimeout(1)
    block = b"".join(b'{"jsonrpc":"2.0","id":%d,"method":"snapshot"}\n' % n for n in range(2000))
    with pytest.raises(TimeoutError):
        for _ in range(10_000):
            peer.send(block)
    assert memory_of(process.pid) - before < 32_000_000


async def test_silence_and_half_messages_are_closed_in_time(
    empty_house: Any, raw_peer: Callable[[Path], Any]
) -> None:
    await empty_house.start(limits=Limits(hello_s=0.2, line_s=0.2))
    silent, half = raw_peer(empty_house.path), raw_peer(empty_house.path)
    half.send(HELLO + b'{"jsonrpc":"2.0",')
    assert b"no hello in time" in await asyncio.to_thread(silent.read_to_end)
    assert b"half a message" in await asyncio.to_thread(half.read_to_end)


async def test_too_many_connections_are_told_so(empty_house: Any, raw_peer: Callable[[Path], Any]) -> None:
    await empty_house.start(limits=Limits(connections=2))
    for _ in range(2):
        await asyncio.to_thread(raw_peer(empty_house.path).hello)
    said = await asyncio.to_thread(raw_peer(empty_house.path).read_to_end)
    assert msgspec.json.decode(said)["error"]["data"]["code"] == KeeperBusy.code
