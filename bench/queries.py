"""What the screens and the command ask, each as often as a clerk would have patience for."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, timedelta

from house import BenchHouse

Ask = Callable[[], object]


def screen_queries(house: BenchHouse, count: int) -> dict[str, list[float]]:
    """Seconds of each query, from the request to the decoded answer."""
    return {name: _time(ask, count) for name, ask in _asks(house).items()}


def _asks(house: BenchHouse) -> dict[str, Ask]:
    staff = house.client("staff")
    today = staff.tickets(limit=1)[0]
    asks: dict[str, Ask] = {
        "snapshot (every screen)": staff.snapshot,
        "estimate": lambda: staff.estimate("shuiwu"),
        "print queue": staff.print_queue,
        "open ratings": staff.ratings_open,
        "ticket of today by number": lambda: staff.ticket(today.number),
        "ticket of today by QR": lambda: staff.ticket(today.reference),
        "100 tickets of today": lambda: staff.tickets(limit=100),
        "100 waiting of today": lambda: staff.tickets(state="waiting", limit=100),
        "the last 200 events": lambda: staff.events(after=-1, limit=200),
        "200 events from the first": lambda: staff.events(after=0, limit=200),
    }
    yesterday = (date.fromisoformat(today.day) - timedelta(days=1)).isoformat()
    past = staff.tickets(day=yesterday, limit=1)
    if past:
        asks |= {
            "ticket of a past day by id": lambda: staff.ticket(str(past[0].ticket)),
            "ticket of a past day by QR": lambda: staff.ticket(past[0].reference),
            "100 tickets of a past day": lambda: staff.tickets(day=yesterday, limit=100),
            "100 done of a past day": lambda: staff.tickets(day=yesterday, state="done", limit=100),
        }
    return asks


def _time(ask: Ask, count: int) -> list[float]:
    ask()
    samples = []
    for _ in range(count):
        began = time.perf_counter()
        ask()
        samples.append(time.perf_counter() - began)
    return samples
