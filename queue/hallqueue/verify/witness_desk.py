"""The independent fold of days, windows, papers and ratings (see :mod:`.witness`)."""

from __future__ import annotations

from hallqueue import events as ev
from hallqueue.states import PRINT_MOVES, Level, PrintState
from hallqueue.verify.findings import Fault
from hallqueue.verify.witness import STEPS, Witness

LATEST_PRESS_MS = 1_000
"""A rating may come this long after its deadline: the lamp was lit when the finger moved."""


def _day_opened(w: Witness, body: ev.DayOpened) -> None:
    if body.day <= w.day:
        w.say(Fault.MOVE, f"day {body.day} after day {w.day}")
    w.clear(body.day)
    w.day_row = {"day": body.day, "opened_ms": w.now, "closed_ms": 0, "reason": ""}
    for row in w.windows.values():
        if row["state"] != "closed":
            row.update(state="closed", clerk="", reason="", since_ms=w.now)


def _day_closed(w: Witness, body: ev.DayClosed) -> None:
    if body.day != w.day:
        w.say(Fault.MOVE, f"day {body.day} is not the open day {w.day}")
        return
    w.day_row.update(closed_ms=w.now, reason=body.reason)


def _day_reopened(w: Witness, body: ev.DayReopened) -> None:
    if body.day != w.day or not w.day_row.get("closed_ms"):
        w.say(Fault.MOVE, f"day {body.day} is not closed")
        return
    w.day_row.update(closed_ms=0, reason="")


def _clock_stepped(w: Witness, body: ev.ClockStepped) -> None:
    for matter in body.matters:
        row = w.ratings.get(matter)
        if row is None or row["state"] != "open":
            w.say(Fault.RATING, f"matter {matter} is not asked for a rating")
            continue
        row["until_ms"] += body.by_ms


def _window_opened(w: Witness, body: ev.WindowOpened) -> None:
    w.windows[body.window] = {
        "number": body.window,
        "state": "open",
        "clerk": body.clerk,
        "reason": "",
        "since_ms": w.now,
    }


def _window_paused(w: Witness, body: ev.WindowPaused) -> None:
    row = w.windows.get(body.window)
    if row is None or row["state"] == "closed":
        w.say(Fault.MOVE, f"window {body.window} is not open")
        return
    row.update(state="paused", reason=body.reason, since_ms=w.now)


def _window_closed(w: Witness, body: ev.WindowClosed) -> None:
    if body.window in w.in_hand:
        w.say(Fault.MOVE, f"window {body.window} has somebody in hand")
    w.windows[body.window] = {
        "number": body.window,
        "state": "closed",
        "clerk": "",
        "reason": "",
        "since_ms": w.now,
    }


def _print_queued(w: Witness, body: ev.PrintQueued) -> None:
    w.count("job", body.job)
    if body.ticket not in w.tickets:
        w.say(Fault.PRINT, f"job {body.job} prints ticket {body.ticket}, which was not issued")
    w.jobs[body.job] = {
        "id": body.job,
        "ticket": body.ticket,
        "copy": body.copy,
        "state": "queued",
        "queued_ms": w.now,
        "begun_ms": 0,
        "ended_ms": 0,
        "printer": "",
        "rung": "",
        "reason": "",
    }


def _print_moves(w: Witness, job: int, after: str) -> bool:
    row = w.jobs.get(job)
    if row is None:
        w.say(Fault.PRINT, f"job {job} became {after} and was never queued")
        return False
    if after not in PRINT_MOVES[PrintState(row["state"])]:
        w.say(Fault.MOVE, f"job {job} is {row['state']}: cannot become {after}")
    return True


def _print_begun(w: Witness, body: ev.PrintBegun) -> None:
    if _print_moves(w, body.job, PrintState.SENDING):
        w.jobs[body.job].update(state="sending", printer=body.printer, begun_ms=w.now, rung="", reason="")


def _print_ended(w: Witness, body: ev.PrintEnded) -> None:
    if _print_moves(w, body.job, body.state):
        w.jobs[body.job].update(state=body.state, rung=body.rung, reason=body.reason, ended_ms=w.now)


def _may_end(w: Witness, matter: int, window: int) -> bool:
    row = w.ratings.get(matter)
    if row is None:
        w.say(Fault.RATING, f"matter {matter} is not a finished one of {w.day}")
        return False
    if row["state"] != "open":
        w.say(Fault.RATING, f"matter {matter} is {row['state']} already")
    if row["window"] != window:
        w.say(Fault.RATING, f"matter {matter} was finished at window {row['window']}, not {window}")
    return True


def _rated(w: Witness, body: ev.RatingGiven) -> None:
    if body.level not in list(Level):
        w.say(Fault.RATING, f"no level {body.level}")
    if _may_end(w, body.matter, body.window):
        if w.now > w.ratings[body.matter]["until_ms"] + LATEST_PRESS_MS:
            w.say(
                Fault.RATING, f"matter {body.matter} was asked for until {w.ratings[body.matter]['until_ms']}"
            )
        w.ratings[body.matter].update(
            state="rated", level=body.level, raw_key=body.raw_key, device=body.device, ended_ms=w.now
        )


def _unrated(w: Witness, body: ev.RatingUnrated) -> None:
    if _may_end(w, body.matter, body.window):
        w.ratings[body.matter].update(state="unrated", reason=body.reason, ended_ms=w.now)


def _stray(w: Witness, body: ev.StrayPress) -> None:
    row = w.strays.setdefault(body.window, {"day": w.day, "window": body.window, "presses": 0})
    row["presses"] += 1


STEPS.update(
    {
        ev.DayOpened: _day_opened,
        ev.DayClosed: _day_closed,
        ev.DayReopened: _day_reopened,
        ev.ClockStepped: _clock_stepped,
        ev.WindowOpened: _window_opened,
        ev.WindowPaused: _window_paused,
        ev.WindowClosed: _window_closed,
        ev.PrintQueued: _print_queued,
        ev.PrintBegun: _print_begun,
        ev.PrintEnded: _print_ended,
        ev.RatingGiven: _rated,
        ev.RatingUnrated: _unrated,
        ev.StrayPress: _stray,
    }
)
