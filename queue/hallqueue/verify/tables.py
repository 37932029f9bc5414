"""Comparing the tables with what the events explain, one day at a time.

Ids only rise from day to day, so the rows of a day are a range of ids: everything after the day before
up to the day's last. A row in the range that no event explains is found as well as a missing or a
different one; what lies behind the last day's range is found at the end.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Any

from hallqueue.verify.findings import Fault, Findings
from hallqueue.verify.witness import Row, Witness

_RANGED = {
    "ticket": ("id", "SELECT * FROM ticket WHERE id > ? AND id <= ? ORDER BY id"),
    "matter": ("id", "SELECT * FROM matter WHERE id > ? AND id <= ? ORDER BY id"),
    "print_job": ("id", "SELECT * FROM print_job WHERE id > ? AND id <= ? ORDER BY id"),
    "rating": ("matter", "SELECT * FROM rating WHERE matter > ? AND matter <= ? ORDER BY matter"),
}
_PERIODS = "SELECT * FROM period WHERE ticket > ? AND ticket <= ? ORDER BY ticket, opened_by"
_END = 2**62
"""Beyond every id in both directions: a row with an id of 0 or less is looked at too."""

_FAULTS = {"print_job": Fault.PRINT, "rating": Fault.RATING, "scan": Fault.SCAN}
"""What an unexplained or missing row is called; of other tables it is simply unexplained."""


class TableCheck:
    """Compares day after day; :meth:`finish` looks at what is left."""

    def __init__(self, connection: sqlite3.Connection, findings: Findings, floors: dict[str, int]) -> None:
        self._connection = connection
        self._findings = findings
        self._floors = floors
        self._seen = dict.fromkeys(("ticket", "matter", "print_job", "rating", "period"), -_END)
        self._days: set[str] = set()
        self.rows = 0

    def day(self, witness: Witness, *, last: bool = False) -> None:
        """Compare everything that belongs to the witness's day."""
        tops = {
            "ticket": witness.used.get("ticket", 0),
            "matter": witness.used.get("matter", 0),
            "print_job": witness.used.get("job", 0),
        }
        tops |= {"rating": tops["matter"], "period": tops["ticket"]}
        expected: dict[str, dict[int, Row]] = {
            "ticket": witness.tickets,
            "matter": witness.matters,
            "print_job": witness.jobs,
            "rating": witness.ratings,
        }
        for table, rows in expected.items():
            key, statement = _RANGED[table]
            found = self._rows(statement, (self._seen[table], _END if last else tops[table]))
            self._compare(table, rows, self._keyed(table, key, found))
            if table == "ticket":
                self._numbers(found)
                self._windows(found)
        found = self._rows(_PERIODS, (self._seen["period"], _END if last else tops["period"]))
        self._compare("period", witness.periods, {(r["ticket"], r["opened_by"]): r for r in found})
        self._two_at_once(found)
        self._seen = tops
        self._small(witness)

    def finish(self, witness: Witness) -> None:
        """Compare what outlives the days: windows, devices, scans, counters."""
        self._compare("window", witness.windows, {r["number"]: r for r in self._rows("SELECT * FROM window")})
        for table in ("day", "stray"):
            for (day,) in self._connection.execute(f"SELECT DISTINCT day FROM {table}"):
                if day not in self._days:
                    self._findings.say(Fault.UNEXPLAINED, f"{table} {day}", "no event opened that day")
        self._compare("device", witness.devices, {r["id"]: r for r in self._rows("SELECT * FROM device")})
        self._compare("scan", witness.scans, {r["id"]: r for r in self._rows("SELECT * FROM scan")})
        counters = dict(self._connection.execute("SELECT name, value FROM counter WHERE name <> 'event'"))
        for name in counters.keys() | witness.used.keys() | self._floors.keys():
            should = max(witness.used.get(name, 0), self._floors.get(name, 0))
            if counters.get(name, 0) != should:
                self._findings.say(Fault.COUNTER, name, f"is {counters.get(name, 0)}, should be {should}")

    def _small(self, witness: Witness) -> None:
        day = witness.day
        self._days.add(day)
        rows = self._rows("SELECT * FROM day WHERE day = ?", (day,))
        explained = {day: witness.day_row} if witness.day_row else {}
        self._compare("day", explained, {row["day"]: row for row in rows})
        strays = self._rows("SELECT * FROM stray WHERE day = ?", (day,))
        self._compare("stray", witness.strays, {row["window"]: row for row in strays})

    def _rows(self, statement: str, values: tuple[object, ...] = ()) -> list[Row]:
        cursor = self._connection.execute(statement, values)
        names = [column[0] for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor]
        self.rows += len(rows)
        return rows

    def _keyed(self, table: str, key: str, found: list[Row]) -> dict[Any, Row]:
        """The rows by their key, saying which come twice (someone rebuilt the table without its key)."""
        keyed: dict[Any, Row] = {}
        for row in found:
            if row[key] in keyed:
                fault = _FAULTS.get(table, Fault.UNEXPLAINED)
                self._findings.say(fault, f"{table} {row[key]}", "is there twice")
            keyed[row[key]] = row
        return keyed

    def _compare(self, table: str, explained: dict[Any, Row], found: dict[Any, Row]) -> None:
        other = _FAULTS.get(table, Fault.UNEXPLAINED)
        for key in found.keys() - explained.keys():
            self._findings.say(other, f"{table} {key}", "no event explains this row")
        for key in explained.keys() - found.keys():
            self._findings.say(other, f"{table} {key}", "the events explain a row that is not there")
        for key, should in explained.items():
            row = found.get(key, should)
            wrong = [
                f"{name} is {row[name]!r}, should be {should[name]!r}" for name in _differing(row, should)
            ]
            if wrong:
                self._findings.say(Fault.UNEXPLAINED, f"{table} {key}", "; ".join(wrong))

    def _numbers(self, tickets: list[Row]) -> None:
        seen: dict[tuple[str, str], int] = {}
        for row in tickets:
            other = seen.setdefault((row["day"], row["number"]), row["id"])
            if other != row["id"]:
                detail = f"{row['number']} on {row['day']} is also ticket {other}"
                self._findings.say(Fault.NUMBER_TWICE, f"ticket {row['id']}", detail)

    def _windows(self, tickets: list[Row]) -> None:
        seen: dict[int, str] = {}
        for row in tickets:
            if row["state"] in ("called", "serving"):
                other = seen.setdefault(row["window"], row["number"])
                if other != row["number"]:
                    detail = f"has {other} and {row['number']} in hand"
                    self._findings.say(Fault.WINDOW_TWO, f"window {row['window']}", detail)

    def _two_at_once(self, periods: list[Row]) -> None:
        running: dict[int, int] = {}
        for row in periods:
            if row["end_ms"] is None and row["kind"] in ("called", "serving"):
                other = running.setdefault(row["ticket"], row["window"])
                if other != row["window"]:
                    detail = f"is at the windows {other} and {row['window']}"
                    self._findings.say(Fault.TWO_WINDOWS, f"ticket {row['ticket']}", detail)


def _differing(row: Row, should: Row) -> Iterable[str]:
    return [name for name in should if row.get(name) != should[name]]
