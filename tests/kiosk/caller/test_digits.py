"""Digits that are typed: whatever they are, the key that ends them acts on that number or on nobody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from hallkiosk.caller.asked import Typed
from hallkiosk.caller.display import MOST_DIGITS
from hallkiosk.caller.keymap import Meaning
from hallkiosk.caller.pace import CallerPace
from hallqueue.errors import UnknownTicket

DIGITS = st.text("0123456789", min_size=1, max_size=9)
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@given(text=DIGITS)
def test_typed_digits_are_kept_as_they_are_or_are_too_long(text: str) -> None:
    typed = Typed(CallerPace())
    for n, digit in enumerate(text):
        typed.add(digit, float(n))
    assert typed.is_too_long is (len(text) > MOST_DIGITS)
    assert len(typed.digits) <= MOST_DIGITS + 1
    if not typed.is_too_long:
        assert (typed.digits, typed.value) == (text, int(text))
    assert typed.until_s == len(text) - 1 + CallerPace().typed_s


@given(text=DIGITS)
@example("2")
@example("002")
@example("0002")
@example("00002")
@example("20")
@example("0")
@QUICK
def test_any_digits_with_enter_call_that_ticket_or_nobody(make_bench: Callable[..., Any], text: str) -> None:
    bench = make_bench()
    bench.do("open_window", 1, clerk="李敏")
    for _ in range(3):
        bench.take("social")
    bench.rest()
    bench.press(f"{text}=")
    current = bench.view.current
    called = 0 if current is None else int(current.number[1:])
    number = int(text) if len(text) <= MOST_DIGITS else -1
    assert called == (number if number in (1, 2, 3) else 0)
    if number == 0:
        assert bench.whats == [Meaning.PAUSE]
    elif not called:
        assert (bench.whats, bench.failed, bench.shown[0]) == ([], [UnknownTicket.code], "E03")


@given(text=DIGITS, key=st.sampled_from(["+", "-", "*", "/", "."]))
@QUICK
def test_digits_with_any_sign_call_nobody(make_bench: Callable[..., Any], text: str, key: str) -> None:
    bench = make_bench()
    bench.do("open_window", 1, clerk="李敏")
    bench.take("social")
    bench.rest()
    bench.press(f"{text}{key}")
    bench.rest()
    assert bench.view.current is None
    assert Meaning.CALL not in bench.whats and Meaning.CALL_CERTAIN not in bench.whats


@given(text=st.text("0123456789", min_size=0, max_size=4), wait_s=st.sampled_from([5.01, 5.3, 5.79]))
@QUICK
def test_enter_just_after_digits_ran_out_calls_nobody(
    make_bench: Callable[..., Any], text: str, wait_s: float
) -> None:
    bench = make_bench()
    bench.do("open_window", 1, clerk="李敏")
    bench.take("social")
    bench.rest()
    bench.press(text or "1")
    bench.rest(wait_s)
    bench.press("=", gap_s=0.0)
    assert bench.sent == [] and bench.view.current is None
