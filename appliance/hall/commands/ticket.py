"""``hall ticket``: what the terminal and the desk do with tickets, for scripts."""

from __future__ import annotations

from pathlib import Path

import click

from hall.commands.archive import reader_of
from hall.commands.connect import keeper_of
from hall.commands.failure import say
from hall.commands.options import json_option, key_option, state_option, wait_option
from hall.commands.output import PRINT_ZH, local_time, print_json, print_ticket, print_tickets
from hallqueue.states import TicketState


@click.group()
def ticket() -> None:
    """Tickets: issue, list, show, void, reprint, return.

    A TICKET is today's number (A012), an id, or the reference in its QR code.
    """


@ticket.command()
@click.argument("service")
@click.option("--priority", default="", help="A priority class of the plan, such as laonian.")
@click.option("--staff", is_flag=True, help="Issued by staff: also outside the hours.")
@click.option("--no-paper", is_flag=True, help="Queue no print.")
@key_option
@state_option
@wait_option
@json_option
def issue(
    service: str,
    priority: str,
    staff: bool,
    no_paper: bool,
    key: str,
    state: Path,
    wait: float,
    as_json: bool,
) -> None:
    """取号 for a SERVICE (its id in hall.toml)."""
    channel = "staff" if staff else "script"
    with keeper_of(state, wait) as hall:
        issued = hall.issue(service, key=key, priority=priority, channel=channel, paper=not no_paper)
    if as_json:
        print_json(issued)
    else:
        print_ticket(issued.ticket, False)
        say(f"前方等待{issued.estimate.ahead}人 / {issued.estimate.ahead} ahead")


@ticket.command("list")
@click.option("--day", default="", help="YYYY-MM-DD; default today.")
@click.option("--only", type=click.Choice([s.value for s in TicketState]), help="Only in this state.")
@click.option("--after", default=0, help="Only ids above this one, for the next page.")
@click.option("--limit", default=100, type=click.IntRange(1, 1000), show_default=True)
@state_option
@wait_option
@json_option
def list_(
    day: str, only: str | None, after: int, limit: int, state: Path, wait: float, as_json: bool
) -> None:
    """Tickets of a day by rising id."""
    with reader_of(state, wait) as hall:
        found = hall.tickets(day=day, state=only or "", after=after, limit=limit)
        plan = hall.plan()
    if as_json:
        print_json(found)
    else:
        print_tickets(found, plan)
        if len(found) == limit:
            say(f"还有更多：--after {found[-1].ticket} / perhaps more: --after {found[-1].ticket}")


@ticket.command()
@click.argument("which", metavar="TICKET")
@state_option
@wait_option
@json_option
def show(which: str, state: Path, wait: float, as_json: bool) -> None:
    """One ticket with all that is known of it."""
    with reader_of(state, wait) as hall:
        found = hall.ticket(which)
        offset = hall.plan().calendar.utc_offset_minutes
    if as_json:
        print_json(found)
        return
    print_ticket(found, False)
    click.echo(f"  取号 {local_time(found.arrival_ms, offset)}  现状自 {local_time(found.since_ms, offset)}")
    click.echo(f"  事项 {'、'.join(found.matters)}（第 {found.matter_index + 1} 项）")
    click.echo(f"  打印 {PRINT_ZH[found.print_state]}，补打 {found.copies} 次  ID {found.ticket}")


@ticket.command()
@click.argument("which", metavar="TICKET")
@click.option("--reason", required=True, help="Why; it is recorded.")
@key_option
@state_option
@wait_option
@json_option
def void(which: str, reason: str, key: str, state: Path, wait: float, as_json: bool) -> None:
    """作废 a ticket."""
    with keeper_of(state, wait) as hall:
        print_ticket(hall.void(hall.ticket(which).ticket, key=key, reason=reason), as_json)


@ticket.command("return")
@click.argument("which", metavar="TICKET")
@key_option
@state_option
@wait_option
@json_option
def return_(which: str, key: str, state: Path, wait: float, as_json: bool) -> None:
    """过号恢复: a passed ticket stands in line again."""
    with keeper_of(state, wait) as hall:
        print_ticket(hall.return_passed(hall.ticket(which).ticket, key=key), as_json)


@ticket.command()
@click.argument("which", metavar="TICKET")
@key_option
@state_option
@wait_option
@json_option
def reprint(which: str, key: str, state: Path, wait: float, as_json: bool) -> None:
    """补打: print it again with the same number and the mark 补打."""
    with keeper_of(state, wait) as hall:
        job = hall.reprint(hall.ticket(which).ticket, key=key)
    if as_json:
        print_json(job)
    else:
        click.echo(f"{job.ticket.number} 补打第 {job.copy} 次，任务 {job.job}")
