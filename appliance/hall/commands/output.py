"""Data on stdout: JSON for programs, tables for people."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

import click
import msgspec

from hallqueue.plan import Plan
from hallqueue.rules.moves import STATE_ZH
from hallqueue.states import PrintState
from hallqueue.views import TicketView

PRINT_ZH: dict[PrintState, str] = {
    PrintState.QUEUED: "待打印",
    PrintState.SENDING: "打印中",
    PrintState.PRINTED: "已打印",
    PrintState.FAILED: "未打出",
    PrintState.UNKNOWN: "不明",
    PrintState.EXPIRED: "已过期",
}


def print_json(data: Any) -> None:
    """One JSON document; enums by name, dataclasses as objects."""
    click.echo(msgspec.json.format(msgspec.json.encode(data), indent=2).decode())


def print_table(header: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Columns by cell width: a Chinese character takes two cells."""
    from wcwidth import wcswidth

    texts = [[str(cell) for cell in row] for row in (header, *rows)]
    widths = [max(wcswidth(row[column]) for row in texts) for column in range(len(header))]
    for row in texts:
        cells = (text + " " * (width - wcswidth(text)) for text, width in zip(row, widths, strict=True))
        click.echo("  ".join(cells).rstrip())


def local_time(at_ms: int, utc_offset_minutes: int) -> str:
    """A moment as the clock on the hall's wall showed it."""
    zone = datetime.timezone(datetime.timedelta(minutes=utc_offset_minutes))
    return datetime.datetime.fromtimestamp(at_ms / 1000, zone).strftime("%Y-%m-%d %H:%M:%S")


def print_tickets(tickets: Sequence[TicketView], plan: Plan) -> None:
    """A list of tickets for people."""
    offset = plan.calendar.utc_offset_minutes
    print_table(
        ("票号", "状态", "事项", "窗口", "取号时间", "打印", "ID"),
        [
            (
                ticket.number,
                STATE_ZH[ticket.state],
                ticket.service_name,
                ticket.window or "-",
                local_time(ticket.arrival_ms, offset),
                PRINT_ZH[ticket.print_state],
                ticket.ticket,
            )
            for ticket in tickets
        ],
    )


def print_ticket(ticket: TicketView, as_json: bool) -> None:
    """What became of one ticket: its number alone tells a person enough."""
    if as_json:
        print_json(ticket)
    else:
        window = f" {ticket.window}号窗口" if ticket.window else ""
        click.echo(f"{ticket.number} {STATE_ZH[ticket.state]}{window} {ticket.service_name}")
