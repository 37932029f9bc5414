"""Looking into the past: tickets and events from the tables, as views.

Today's hall is answered from the state in memory; this is for earlier days, the paper's reference and
the listings. Each look-up goes through a key (:mod:`hallqueue.store.schema`), so a million past tickets cost
what none do.
"""

from __future__ import annotations

import sqlite3
from typing import Any

import msgspec

from hallqueue.errors import UnknownTicket
from hallqueue.paths import StateFolder
from hallqueue.plan import Plan
from hallqueue.rules.engine_scans import view_of
from hallqueue.rules.records import ScanRecord
from hallqueue.states import PrintState, ScanState, TicketState
from hallqueue.store import statements as sql
from hallqueue.store.connection import storage_error
from hallqueue.store.days import first_of_day
from hallqueue.store.epochs import last_epoch
from hallqueue.views import EventLine, ScanView, TicketView

LIMIT = 1000
"""Rows in one answer, whatever was asked for."""

_list = msgspec.json.Decoder(list[str]).decode


class Lookup:
    """Reads the keeper's connection; changes nothing. Methods raise a Trouble when SQLite fails."""

    def __init__(self, connection: sqlite3.Connection, folder: StateFolder, plan: Plan) -> None:
        self._connection = connection
        self._folder = folder
        self._names = {service.id: service.name for service in plan.services}

    def ticket(self, which: str, day: str) -> TicketView:
        """A ticket by id (digits), by ``day``'s number (A012) or by its reference.

        A reference may look like neither on purpose; all three are tried in that order. Raises
        UnknownTicket.
        """
        rows: list[Any] = []
        if which.isascii() and which.isdigit() and len(which) < 19:
            rows = self._rows(sql.TICKET_BY_ID, (int(which),))
        rows = rows or self._rows(sql.TICKET_BY_NUMBER, (day, which.upper()))
        rows = rows or self._rows(sql.TICKET_BY_REFERENCE, (which,))
        if not rows:
            raise UnknownTicket(ticket=which)
        return self._view(rows[0])

    def tickets(self, day: str, state: str = "", after: int = 0, limit: int = 100) -> tuple[TicketView, ...]:
        """A day's tickets by rising id after ``after``, of one state or (empty) of any."""
        try:
            first = first_of_day(self._connection, "ticket", day)
            end = first_of_day(self._connection, "ticket", day + "\x7f")
        except sqlite3.Error as error:
            raise storage_error(error, self._folder.database) from error
        start, limit = max(after, first - 1), max(0, min(limit, LIMIT))
        if state:
            rows = self._rows(sql.TICKETS_OF_STATE, (start, end, state, limit))
        else:
            rows = self._rows(sql.TICKETS_BETWEEN, (start, end, limit))
        return tuple(self._view(row) for row in rows)

    def has_ticket(self, ticket: int) -> bool:
        """Whether a ticket of any day has that id."""
        return bool(self._rows(sql.TICKET_EXISTS, (ticket,)))

    def scans_here(self) -> dict[int, ScanRecord]:
        """The scans whose files are not wiped, for the rules."""
        return {record.scan: record for record in map(_scan_record, self._rows(sql.SCANS_HERE, ()))}

    def scans(self, state: str = "", after: int = 0, limit: int = 100) -> tuple[ScanView, ...]:
        """Scans by rising id, of one state or (empty) of any."""
        limit = max(0, min(limit, LIMIT))
        if state:
            rows = self._rows(sql.SCANS_OF_STATE, (after, state, limit))
        else:
            rows = self._rows(sql.SCANS_AFTER, (after, limit))
        return tuple(view_of(_scan_record(row)) for row in rows)

    def events(self, after: int = 0, limit: int = 200) -> tuple[EventLine, ...]:
        """Events of the present epoch by number, after one; ``after=-1`` gives the last ``limit``.

        The last ``limit`` reach back over a change of epoch, so that a log panel is not empty after it.
        """
        limit = max(0, min(limit, LIMIT))
        try:
            epoch = last_epoch(self._connection)
        except sqlite3.Error as error:
            raise storage_error(error, self._folder.database) from error
        if epoch is None:
            return ()
        start = max(0, epoch.base + (epoch.last_seq - limit if after < 0 else after))
        rows = self._rows(sql.EVENT_LINES, (start, limit))
        return tuple(_line(row) for row in rows)

    def _rows(self, statement: str, values: tuple[object, ...]) -> list[Any]:
        try:
            return self._connection.execute(statement, values).fetchall()
        except sqlite3.Error as error:
            raise storage_error(error, self._folder.database) from error

    def _view(self, row: Any) -> TicketView:
        (ticket, number, state, service, chosen, matter, index, matters, priority, masked, day) = row[:11]
        (arrival_ms, since_ms, window, recalls, reference, clock_ok, print_state, copies) = row[11:]
        return TicketView(
            ticket=ticket,
            number=number,
            state=TicketState(state),
            service=service,
            service_name=self._names.get(service, service),
            chosen=chosen,
            matter=matter,
            matter_index=index,
            matters=tuple(self._names.get(name, name) for name in _list(matters)),
            priority=priority,
            masked_name=masked,
            day=day,
            arrival_ms=arrival_ms,
            since_ms=since_ms,
            window=window,
            recalls=recalls,
            reference=reference,
            # Without any paper the view says expired, as the view of today's state does.
            print_state=PrintState(print_state or PrintState.EXPIRED),
            copies=copies or 0,
            clock_ok=bool(clock_ok),
        )


def _scan_record(row: Any) -> ScanRecord:
    scan, sha256, state, ticket, matter, material, pages, size, device, sealed_for, kept_ms, interrupted = row
    return ScanRecord(
        scan=scan,
        sha256=sha256,
        ticket=ticket,
        matter=matter,
        material=material,
        pages=pages,
        size=size,
        device=device,
        sealed_for=sealed_for,
        kept_ms=kept_ms,
        is_interrupted=bool(interrupted),
        state=ScanState(state),
    )


def _line(row: Any) -> EventLine:
    epoch, seq, at_ms, day, clock_ok, actor, type_name, body = row
    return EventLine(
        epoch=epoch,
        seq=seq,
        at_ms=at_ms,
        day=day,
        clock_ok=bool(clock_ok),
        actor=actor,
        type=type_name,
        body=body,
    )
