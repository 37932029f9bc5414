"""The keys of a keypad at a window; four bytes an event: scancode (two), what happened, time in 10 ms."""

from halldrivers.caller.keypad import KEYS, keys_of
from halldrivers.caller.keys import Key
from halldrivers.keysource import DOWN, Dropped, KeyEvent

_DROPPED = 3

MOST = 4000
"""Bytes of an input that are used: a thousand events."""

SEEDS = [
    bytes((0, 79, 1, 0, 0, 79, 0, 0, 0, 96, 1, 0)),
    bytes((0, 80, 1, 0, 0, 80, 2, 50, 0, 80, 2, 3, 0, 80, 0, 0)),
    bytes((1, 99, 1, 0, 0, 107, 1, 0, 0, 11, 1, 0)),
    bytes((0, 79, 1, 0, 0, 0, 3, 0, 0, 81, 1, 0)),
    bytes((0, 69, 1, 0, 0, 59, 1, 0, 0, 183, 1, 0)),
]


def run(data: bytes) -> None:
    events: list[KeyEvent | Dropped] = []
    at_s = 0.0
    data = data[:MOST]
    for high, low, what, wait in zip(data[::4], data[1::4], data[2::4], data[3::4], strict=False):
        at_s += wait / 100
        happened = what % 4
        code = (high << 8 | low) % 768
        events.append(Dropped(at_s) if happened == _DROPPED else KeyEvent(code, happened, at_s))
    presses = keys_of(tuple(events), KEYS)
    pieces = [press for event in events for press in keys_of((event,), KEYS)]
    assert presses == pieces, "however the events are cut"
    times = [moment for _, moment in presses]
    assert times == sorted(times)
    downs = [event for event in events if isinstance(event, KeyEvent) and event.value == DOWN]
    assert len(presses) <= len(downs) + sum(isinstance(event, Dropped) for event in events)
    lost = [moment for key, moment in presses if key is Key.LOST]
    assert lost == [event.at_s for event in events if isinstance(event, Dropped)], (
        "each loss is told, no more"
    )
