"""The independent fold of tickets: one step an event type (see :mod:`hallqueue.verify.witness`)."""

from __future__ import annotations

import json

from hallqueue import events as ev
from hallqueue.states import Verb
from hallqueue.verify.findings import Fault
from hallqueue.verify.witness import STEPS, Row, Witness, as_text


def _issued(w: Witness, body: ev.TicketIssued) -> None:
    if body.number in w.numbers:
        w.say(Fault.NUMBER_TWICE, f"{body.number} was given to ticket {w.numbers[body.number]} before")
    if body.number != f"{body.prefix}{body.ordinal:03d}":
        w.say(Fault.NUMBER_TWICE, f"{body.number} is not number {body.ordinal} of {body.prefix}")
    if body.reference in w.references:
        w.say(Fault.NUMBER_TWICE, f"{body.number} carries the reference of another ticket")
    w.count(f"number/{w.day}/{body.prefix}", body.ordinal)
    w.count("ticket", body.ticket)
    w.count("matter", body.matter)
    w.numbers[body.number] = body.ticket
    w.references.add(body.reference)
    w.tickets[body.ticket] = row = _new_ticket(w, body)
    w.matters[body.matter] = _new_matter(w, row, 0)
    w.begin(row, "waiting", 0, "")


def _new_ticket(w: Witness, body: ev.TicketIssued) -> Row:
    return {
        "id": body.ticket,
        "day": w.day,
        "number": body.number,
        "prefix": body.prefix,
        "ordinal": body.ordinal,
        "chosen": body.service,
        "service": body.matters[0] if body.matters else "",
        "matters": as_text(list(body.matters)),
        "matter": body.matter,
        "matter_index": 0,
        "state": "waiting",
        "priority": body.priority,
        "person": body.person,
        "masked_name": body.masked_name,
        "reference": body.reference,
        "channel": body.channel,
        "clock_ok": w.clock_ok,
        "arrival_ms": w.now,
        "place_ms": body.place_ms or w.now,
        "since_ms": w.now,
        "window": 0,
        "clerk": "",
        "to_window": 0,
        "recalls": 0,
        "ahead": body.ahead,
        "estimate_s": body.estimate_s,
        "estimate_basis": body.estimate_basis,
        "reason": "",
    }


def _new_matter(w: Witness, row: Row, position: int) -> Row:
    return {
        "id": row["matter"],
        "ticket": row["id"],
        "position": position,
        "service": row["service"],
        "window": 0,
        "clerk": "",
        "opened_ms": w.now,
        "started_ms": 0,
        "finished_ms": 0,
    }


def _called(w: Witness, body: ev.TicketCalled) -> None:
    row = w.ticket(body.ticket)
    if row is not None:
        window = w.windows.get(body.window)
        if window is None or window["state"] != "open":
            w.say(Fault.MOVE, f"window {body.window} is not open")
        w.grasp(row, body.window, body.clerk, Verb.CALL)
        row["recalls"] = row["to_window"] = 0
        w.begin(row, "called", body.window, body.clerk)


def _recalled(w: Witness, body: ev.TicketRecalled) -> None:
    row = w.ticket(body.ticket)
    if row is not None:
        since = row["since_ms"]
        w.belongs(row, body.window)
        w.moved(row, Verb.RECALL)
        row["recalls"], row["since_ms"] = body.times, since


def _started(w: Witness, body: ev.ServiceStarted) -> None:
    row = w.ticket(body.ticket)
    if row is not None:
        w.grasp(row, body.window, body.clerk, Verb.START)
        if body.matter != row["matter"]:
            w.say(Fault.MOVE, f"{row['number']} is at matter {row['matter']}, not {body.matter}")
        matter = w.matters.get(body.matter)
        if matter is not None:
            matter.update(window=body.window, clerk=body.clerk, started_ms=w.now)
        w.begin(row, "serving", body.window, body.clerk)


def _passed(w: Witness, body: ev.TicketPassed) -> None:
    row = w.ticket(body.ticket)
    if row is not None:
        w.belongs(row, body.window)
        w.loose(row)
        w.moved(row, Verb.PASS)
        w.stop(row)


def _returned(w: Witness, body: ev.TicketReturned) -> None:
    row = w.ticket(body.ticket)
    if row is not None:
        w.moved(row, Verb.RETURN)
        row.update(window=0, recalls=0, place_ms=body.place_ms)
        w.begin(row, "waiting", 0, "")


def _held(w: Witness, body: ev.TicketHeld) -> None:
    row = w.ticket(body.ticket)
    if row is not None:
        w.belongs(row, body.window)
        w.loose(row)
        w.moved(row, Verb.HOLD)
        w.begin(row, "held", body.window, row["clerk"])


def _resumed(w: Witness, body: ev.TicketResumed) -> None:
    row = w.ticket(body.ticket)
    if row is not None:
        w.belongs(row, body.window)
        w.grasp(row, body.window, body.clerk, Verb.RESUME)
        w.begin(row, "serving", body.window, body.clerk)


def _transferred(w: Witness, body: ev.TicketTransferred) -> None:
    row = w.ticket(body.ticket)
    if row is not None:
        w.belongs(row, body.window)
        w.loose(row)
        w.moved(row, Verb.TRANSFER)
        services = json.loads(row["matters"])
        services[row["matter_index"]] = body.service
        row.update(
            service=body.service, to_window=body.to_window, window=0, recalls=0, matters=as_text(services)
        )
        w.matters[row["matter"]]["service"] = body.service
        w.begin(row, "waiting", body.to_window, "")


def _finished(w: Witness, body: ev.MatterFinished) -> None:
    row = w.ticket(body.ticket)
    if row is None:
        return
    w.belongs(row, body.window)
    if body.matter != row["matter"] or body.matter not in w.matters:
        w.say(Fault.MOVE, f"{row['number']} is at matter {row['matter']}, not {body.matter}")
        return
    if body.service != row["service"]:
        w.say(Fault.MOVE, f"{row['number']} is served for {row['service']}, not {body.service}")
    w.matters[body.matter].update(window=body.window, clerk=body.clerk, finished_ms=w.now)
    if body.matter in w.ratings:
        w.say(Fault.RATING, f"matter {body.matter} was asked for before")
    w.ratings[body.matter] = _new_rating(w, body)
    w.moved(row, Verb(body.verb))
    if body.next_matter:
        _go_on(w, row, body)
    else:
        w.loose(row)
        w.stop(row)


def _go_on(w: Witness, row: Row, body: ev.MatterFinished) -> None:
    w.count("matter", body.next_matter)
    services = json.loads(row["matters"])
    index = row["matter_index"] + 1
    del services[index : index + body.skipped]
    if index >= len(services) or services[index] != body.next_service:
        services.insert(index, body.next_service)
    row.update(
        matter=body.next_matter, service=body.next_service, matter_index=index, matters=as_text(services)
    )
    matter = w.matters[body.next_matter] = _new_matter(w, row, index)
    if body.verb == Verb.ADVANCE:
        matter.update(window=body.window, clerk=body.clerk, started_ms=w.now)
        w.begin(row, "serving", body.window, body.clerk)
    else:
        w.loose(row)
        row.update(window=0, recalls=0, to_window=0)
        w.begin(row, "waiting", 0, "")


def _new_rating(w: Witness, body: ev.MatterFinished) -> Row:
    return {
        "matter": body.matter,
        "ticket": body.ticket,
        "day": w.day,
        "service": body.service,
        "window": body.window,
        "clerk": body.clerk,
        "state": "open",
        "opened_ms": w.now,
        "until_ms": body.rate_until_ms,
        "ended_ms": 0,
        "level": "",
        "raw_key": "",
        "device": "",
        "reason": "",
    }


def _voided(w: Witness, body: ev.TicketVoided) -> None:
    row = w.ticket(body.ticket)
    if row is not None:
        w.loose(row)
        w.moved(row, Verb.VOID)
        row["reason"] = body.reason
        w.stop(row)


STEPS.update(
    {
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
    }
)
