"""Adapters that hear themselves."""

from __future__ import annotations

from halldrivers.caller.echo import EchoFilter


def test_what_was_sent_is_taken_off_what_is_read_next() -> None:
    echo = EchoFilter()
    echo.sent(b"ASK")
    assert echo.feed(b"ASKANSWER", 0.0) == b"ANSWER"
    assert echo.feed(b"ASK", 0.0) == b"ASK"


def test_an_echo_may_come_in_pieces() -> None:
    echo = EchoFilter()
    echo.sent(b"ASK")
    assert [echo.feed(piece, 0.0) for piece in (b"A", b"", b"SK", b"ANSWER")] == [b"", b"", b"", b"ANSWER"]


def test_two_sendings_have_two_echoes() -> None:
    echo = EchoFilter()
    echo.sent(b"ONE")
    echo.sent(b"TWO")
    assert echo.feed(b"ONETWOX", 0.0) == b"X"


def test_bytes_that_only_begin_alike_are_given_back_whole() -> None:
    echo = EchoFilter()
    echo.sent(b"ASK-ME")
    assert echo.feed(b"ASK", 0.0) == b""
    assert echo.feed(b"-YOU", 0.0) == b"ASK-YOU"
    assert echo.feed(b"ASK-ME", 0.0) == b"ASK-ME"


def test_an_echo_that_is_too_late_is_none() -> None:
    echo = EchoFilter()
    echo.sent(b"ASK", until_s=1.0)
    assert echo.feed(b"ASK", 1.1) == b"ASK"


def test_half_an_echo_is_given_back_when_its_time_is_over() -> None:
    echo = EchoFilter()
    echo.sent(b"ASK", until_s=1.0)
    assert echo.feed(b"AS", 0.9) == b""
    assert echo.feed(b"", 0.95) == b""
    assert echo.feed(b"", 1.1) == b"AS"


def test_a_cleared_filter_expects_nothing() -> None:
    echo = EchoFilter()
    echo.sent(b"ASK")
    echo.clear()
    assert echo.feed(b"ASK", 0.0) == b"ASK"
