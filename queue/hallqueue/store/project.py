"""What each event changes in the tables: a projection, written in the event's own transaction.

One small function an event type, found through a table. They only copy what the event says; whether
it was allowed is decided before (:mod:`hallqueue.rules.engine`) and checked afterwards by code that shares
nothing with this (:mod:`hallqueue.verify`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

import msgspec

from hallqueue import events as ev
from hallqueue.rules.periods import period_change
from hallqueue.states import Verb
from hallqueue.store import statements as sql


class Execute(Protocol):
    """``Connection.execute`` as the projection needs it."""

    def __call__(self, statement: str, values: Sequence[object], /) -> Any:
        """Run one statement."""
        ...


Stamp = tuple[int, int, str, bool]
"""The event's id over all epochs, its time, its day, and whether the clock was trusted."""

_list = msgspec.json.Decoder(list[str]).decode


def _text(services: Sequence[str]) -> str:
    return msgspec.json.encode(services).decode()


def _day_opened(run: Execute, stamp: Stamp, body: ev.DayOpened) -> None:
    run(sql.DAY_OPENED, (body.day, stamp[1]))
    run(sql.WINDOWS_NEW_DAY, (stamp[1],))
    run(sql.DEVICES_NEW_DAY, ())


def _day_closed(run: Execute, stamp: Stamp, body: ev.DayClosed) -> None:
    run(sql.DAY_CLOSED, (stamp[1], body.reason, body.day))


def _day_reopened(run: Execute, stamp: Stamp, body: ev.DayReopened) -> None:
    run(sql.DAY_REOPENED, (body.day,))


def _clock_stepped(run: Execute, stamp: Stamp, body: ev.ClockStepped) -> None:
    for matter in body.matters:
        run(sql.RATING_LATER, (body.by_ms, matter))


def _issued(run: Execute, stamp: Stamp, body: ev.TicketIssued) -> None:
    event, now, day, clock_ok = stamp
    first = body.matters[0]
    run(
        sql.TICKET_ADD,
        (
            *(body.ticket, day, body.number, body.prefix, body.ordinal, body.service, first),
            *(_text(body.matters), body.matter, 0, "waiting", body.priority, body.person, body.masked_name),
            *(body.reference, body.channel, clock_ok, now, body.place_ms or now, now, 0, "", 0, 0),
            *(body.ahead, body.estimate_s, body.estimate_basis, ""),
        ),
    )
    run(sql.MATTER_ADD, (body.matter, body.ticket, 0, first, 0, "", now, 0, 0))
    run(sql.PERIOD_FIRST, (body.ticket, event, body.matter, first, now))


def _called(run: Execute, stamp: Stamp, body: ev.TicketCalled) -> None:
    run(sql.TICKET_CALLED, (body.window, body.clerk, stamp[1], body.ticket))


def _recalled(run: Execute, stamp: Stamp, body: ev.TicketRecalled) -> None:
    run(sql.TICKET_RECALLED, (body.times, body.ticket))


def _started(run: Execute, stamp: Stamp, body: ev.ServiceStarted) -> None:
    run(sql.TICKET_AT_WINDOW, ("serving", body.window, body.clerk, stamp[1], body.ticket))
    run(sql.MATTER_STARTED, (body.window, body.clerk, stamp[1], body.matter))


def _passed(run: Execute, stamp: Stamp, body: ev.TicketPassed) -> None:
    run(sql.TICKET_STATE, ("passed", stamp[1], body.ticket))


def _returned(run: Execute, stamp: Stamp, body: ev.TicketReturned) -> None:
    run(sql.TICKET_RETURNED, (body.place_ms, stamp[1], body.ticket))


def _held(run: Execute, stamp: Stamp, body: ev.TicketHeld) -> None:
    run(sql.TICKET_STATE, ("held", stamp[1], body.ticket))


def _resumed(run: Execute, stamp: Stamp, body: ev.TicketResumed) -> None:
    run(sql.TICKET_AT_WINDOW, ("serving", body.window, body.clerk, stamp[1], body.ticket))


def _transferred(run: Execute, stamp: Stamp, body: ev.TicketTransferred) -> None:
    run(sql.TICKET_TRANSFERRED, (body.service, body.to_window, body.service, stamp[1], body.ticket))
    run(sql.MATTER_SERVICE, (body.service, body.ticket))


def _finished(run: Execute, stamp: Stamp, body: ev.MatterFinished) -> None:
    now, ticket, window, clerk = stamp[1], body.ticket, body.window, body.clerk
    run(sql.MATTER_FINISHED, (window, clerk, now, body.matter))
    run(
        sql.RATING_ADD,
        (body.matter, ticket, stamp[2], body.service, window, clerk, now, body.rate_until_ms),
    )
    if not body.next_matter:
        run(sql.TICKET_STATE, ("done", now, ticket))
        return
    text, index = run(sql.TICKET_MATTERS, (ticket,)).fetchone()
    services = _list(text)
    del services[index + 1 : index + 1 + body.skipped]
    if services[index + 1 : index + 2] != [body.next_service]:
        services.insert(index + 1, body.next_service)
    run(sql.TICKET_NEXT_MATTER, (body.next_matter, body.next_service, index + 1, _text(services), ticket))
    stays = body.verb == Verb.ADVANCE
    at = (window, clerk, now, now) if stays else (0, "", now, 0)
    run(sql.MATTER_ADD, (body.next_matter, ticket, index + 1, body.next_service, *at, 0))
    run(sql.TICKET_STATE if stays else sql.TICKET_FORWARDED, ("serving" if stays else "waiting", now, ticket))


def _voided(run: Execute, stamp: Stamp, body: ev.TicketVoided) -> None:
    run(sql.TICKET_VOIDED, (body.reason, stamp[1], body.ticket))


def _window_opened(run: Execute, stamp: Stamp, body: ev.WindowOpened) -> None:
    run(sql.WINDOW_SET, (body.window, "open", body.clerk, "", stamp[1]))


def _window_paused(run: Execute, stamp: Stamp, body: ev.WindowPaused) -> None:
    run(sql.WINDOW_PAUSED, (body.reason, stamp[1], body.window))


def _window_closed(run: Execute, stamp: Stamp, body: ev.WindowClosed) -> None:
    run(sql.WINDOW_SET, (body.window, "closed", "", "", stamp[1]))


def _print_queued(run: Execute, stamp: Stamp, body: ev.PrintQueued) -> None:
    run(sql.PRINT_ADD, (body.job, body.ticket, body.copy, stamp[1]))


def _print_begun(run: Execute, stamp: Stamp, body: ev.PrintBegun) -> None:
    run(sql.PRINT_BEGUN, (body.printer, stamp[1], body.job))


def _print_ended(run: Execute, stamp: Stamp, body: ev.PrintEnded) -> None:
    run(sql.PRINT_ENDED, (body.state, body.rung, body.reason, stamp[1], body.job))


def _rated(run: Execute, stamp: Stamp, body: ev.RatingGiven) -> None:
    run(sql.RATING_GIVEN, (body.level, body.raw_key, body.device, stamp[1], body.matter))


def _unrated(run: Execute, stamp: Stamp, body: ev.RatingUnrated) -> None:
    run(sql.RATING_UNRATED, (body.reason, stamp[1], body.matter))


def _stray(run: Execute, stamp: Stamp, body: ev.StrayPress) -> None:
    run(sql.STRAY, (stamp[2], body.window))


def _device(run: Execute, stamp: Stamp, body: ev.DeviceChanged) -> None:
    values = (body.kind, body.state, body.code, body.who, body.what_zh, body.remedy_zh)
    more = (body.what_en, body.remedy_en, body.counters)
    run(sql.DEVICE_SET, (body.device, *values, body.since_ms or stamp[1], *more))


def _device_counted(run: Execute, stamp: Stamp, body: ev.DeviceCounted) -> None:
    run(sql.DEVICE_COUNTED, (body.counters, body.device))


def _nothing(run: Execute, stamp: Stamp, body: ev.Body) -> None:
    """A test of a device is in the log alone."""


def _scan_kept(run: Execute, stamp: Stamp, body: ev.ScanKept) -> None:
    run(
        sql.SCAN_ADD,
        (
            *(body.scan, body.sha256, body.ticket, body.matter, body.material, len(body.page_hashes)),
            *(body.size, body.device, body.sealed_for, int(body.interrupted), body.scanned_ms, stamp[1]),
        ),
    )


def _scan_acknowledged(run: Execute, stamp: Stamp, body: ev.ScanAcknowledged) -> None:
    run(sql.SCAN_ACKNOWLEDGED, (stamp[1], body.scan))


def _scan_wiped(run: Execute, stamp: Stamp, body: ev.ScanWiped) -> None:
    run(sql.SCAN_WIPED, (stamp[1], body.reason, body.scan))


PROJECTION: dict[type[ev.Body], Callable[[Execute, Stamp, Any], None]] = {
    ev.DayOpened: _day_opened,
    ev.DayClosed: _day_closed,
    ev.DayReopened: _day_reopened,
    ev.ClockStepped: _clock_stepped,
    ev.TicketIssued: _issued,
    ev.TicketCalled: _called,
    ev.TicketRecalled: _recalled,
    ev.ServiceStarted: _started,
    ev.TicketPassed: _passed,
    ev.TicketReturned: _returned,
    ev.TicketHeld: _held,
    ev.TicketResumed: _resumed,
    ev.TicketTransferred: _transferred,
    ev.MatterFinished: _finished,
    ev.TicketVoided: _voided,
    ev.WindowOpened: _window_opened,
    ev.WindowPaused: _window_paused,
    ev.WindowClosed: _window_closed,
    ev.PrintQueued: _print_queued,
    ev.PrintBegun: _print_begun,
    ev.PrintEnded: _print_ended,
    ev.RatingGiven: _rated,
    ev.RatingUnrated: _unrated,
    ev.StrayPress: _stray,
    ev.DeviceChanged: _device,
    ev.DeviceCounted: _device_counted,
    ev.DeviceTestAsked: _nothing,
    ev.DeviceTestTold: _nothing,
    ev.ScanKept: _scan_kept,
    ev.ScanAcknowledged: _scan_acknowledged,
    ev.ScanWiped: _scan_wiped,
}
"""Every event type; a test holds that none is missing."""

_NO_MORE = frozenset({ev.TicketIssued, ev.PrintQueued})
"""The touch's own events, told apart without asking: a new ticket's period was written with it, and
paper changes none."""


def project(run: Execute, stamp: Stamp, body: ev.Body) -> None:
    """Bring the tables up to date with one event, periods included. Raises sqlite3.Error."""
    kind_of = type(body)
    PROJECTION[kind_of](run, stamp, body)
    if kind_of in _NO_MORE:
        return
    change = period_change(body)
    if change is None:
        return
    if change.closes:
        run(sql.PERIOD_END, (stamp[1], change.ticket))
    if change.opens is not None:
        kind = change.opens.value
        run(sql.PERIOD_ADD, (stamp[0], kind, change.window, kind, change.clerk, stamp[1], change.ticket))
