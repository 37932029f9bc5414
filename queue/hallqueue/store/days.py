"""Where a business day begins among rows whose ids and days both only rise.

The business day never runs backwards and ids count up, so bisection over the primary key answers in
some twenty look-ups among a million rows, and no index by day has to be written with each row.
"""

from __future__ import annotations

import sqlite3
from typing import Literal

_NEAREST = {
    "event": "SELECT id, day FROM event WHERE id >= ? ORDER BY id LIMIT 1",
    "ticket": "SELECT id, day FROM ticket WHERE id >= ? ORDER BY id LIMIT 1",
}
_LAST = {"event": "SELECT max(id) FROM event", "ticket": "SELECT max(id) FROM ticket"}


def first_of_day(connection: sqlite3.Connection, table: Literal["event", "ticket"], day: str) -> int:
    """The smallest id whose row is of ``day`` or later; past the last id when there is none.

    Holes in the ids do no harm. Raises sqlite3.Error.
    """
    low, high = 1, (connection.execute(_LAST[table]).fetchone()[0] or 0) + 1
    while low < high:
        middle = (low + high) // 2
        row = connection.execute(_NEAREST[table], (middle,)).fetchone()
        if row is None or row[1] >= day:
            high = middle
        else:
            low = row[0] + 1
    return low
