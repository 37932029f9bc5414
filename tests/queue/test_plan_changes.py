"""The configuration changes while people are in the hall: nobody is stuck, nothing breaks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from hallqueue.errors import UnknownWindow
from hallqueue.plan import Plan
from hallqueue.rules.engine import HallEngine
from hallqueue.states import TicketState


def restart(bench: Any, **changes: Any) -> None:
    """The keeper starts again with another plan, on the same log."""
    bench.plan = replace(bench.plan, **changes)
    bench.state = bench.refolded()
    old = bench.engine
    bench.engine = HallEngine(bench.plan, bench.state, old._counters, bench.log, old._reference)


def without(plan: Plan, *, window: int = 0, service: str = "") -> dict[str, Any]:
    """The plan's windows without one, and without one service anywhere."""
    windows = tuple(
        replace(
            w,
            serves=tuple(s for s in w.serves if s != service),
            overflow=tuple(s for s in w.overflow if s != service),
        )
        for w in plan.windows
        if w.number != window
    )
    return {"windows": windows, "services": tuple(s for s in plan.services if s.id != service)}


def test_whoever_was_bound_to_a_window_that_is_gone_goes_to_any_of_the_service(bench: Any) -> None:
    ticket = bench.take("social")
    bench.serve(2)
    bench.transfer(2, "social", to_window=1)
    restart(bench, **without(bench.plan, window=1))
    assert bench.snapshot().windows[0].waiting == 1
    assert bench.call(2) == ticket


def test_whoever_was_bound_to_a_window_that_no_longer_serves_it_goes_to_any_of_the_service(
    bench: Any,
) -> None:
    ticket = bench.take("social")
    bench.serve(2)
    bench.transfer(2, "social", to_window=1)
    windows = (replace(bench.plan.windows[0], serves=("tax",)), *bench.plan.windows[1:])
    restart(bench, windows=windows)
    assert bench.call(2) == ticket


@pytest.mark.parametrize("gone", ["service", "windows"])
def test_a_visit_is_done_when_nobody_can_do_what_remains(gone: str, bench: Any) -> None:
    ticket = bench.take("family")
    bench.call_ticket(3, ticket)
    bench.start(3)
    changed = without(bench.plan, service="birth")
    if gone == "windows":
        del changed["services"]
    restart(bench, **changed)
    finished = bench.finish(3)
    assert finished.ticket.state is TicketState.DONE
    assert bench.refolded().dump() == bench.state.dump()


def test_a_matter_that_nobody_can_do_is_left_out_between_two_others(bench: Any) -> None:
    bench.take("social")
    bench.serve(1)
    bench.finish(1, then="tax")
    bench.call(2)
    bench.start(2)
    ticket = bench.take("family")
    family = replace(bench.plan.services[4], matters=("marry", "birth", "tax"))
    restart(bench, services=(*bench.plan.services[:4], family))
    ticket = bench.take("family")
    bench.call_ticket(3, ticket)
    bench.start(3)
    restart(bench, **without(bench.plan, service="birth"))
    bench.finish(2)
    bench.finish(3)
    view = bench.ticket(str(ticket))
    assert (view.service, view.matters) == ("tax", ("婚姻登记", "税务"))
    bench.call_ticket(2, ticket)
    bench.start(2)
    assert bench.finish(2).ticket.state is TicketState.DONE
    assert bench.refolded().dump() == bench.state.dump()


def test_people_at_a_window_that_is_gone_can_be_voided_and_the_day_can_end(bench: Any) -> None:
    in_hand, waiting = bench.take("social"), bench.take("marry")
    bench.serve(1)
    restart(bench, **without(bench.plan, window=1, service="marry"))
    assert bench.snapshot().waiting_total == 1
    assert bench.ticket(str(waiting)).service_name == "marry"
    with pytest.raises(UnknownWindow):
        bench.finish(1)
    assert bench.void(in_hand, reason="窗口已撤").state is TicketState.VOID
    assert bench.close_day(reason="下班", force=True) == 1
    bench.at("2026-03-03 09:00")
    assert bench.roll()
