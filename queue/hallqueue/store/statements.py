"""All SQL that runs while people wait, in one place.

Every statement is a constant: sqlite3 keeps each prepared (``cached_statements``), and each finds its
rows through a primary key or one of the indexes that :mod:`hallqueue.store.schema` names.
"""

from __future__ import annotations

EVENT_ADD = "INSERT INTO event VALUES (?,?,?,?,?,?,?,?,?,?)"
EVENT_COLUMNS = "epoch.epoch, e.seq, e.at_ms, e.day, e.clock_ok, e.actor, e.type, e.body"
EVENTS_BETWEEN = (
    f"SELECT {EVENT_COLUMNS} FROM event e CROSS JOIN epoch ON epoch.ord = e.epoch"
    " WHERE e.id >= ? AND e.id < ? ORDER BY e.id"
)
EVENT_LAST = "SELECT id, epoch, seq, at_ms, day, chain FROM event ORDER BY id DESC LIMIT 1"

EPOCH_LAST = "SELECT ord, epoch, base FROM epoch ORDER BY ord DESC LIMIT 1"
EPOCH_ADD = "INSERT INTO epoch VALUES (?,?,?,?,?,?)"
EPOCH_FLOORS = "UPDATE epoch SET floors = json_patch(floors, ?) WHERE ord = ?"

COUNTER_GET = "SELECT value FROM counter WHERE name = ?"
COUNTER_SET = (
    "INSERT INTO counter VALUES (?,?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
    " WHERE value <> excluded.value"
)
COUNTERS = "SELECT name, value FROM counter"

META_GET = "SELECT value FROM meta WHERE key = ?"
META_SET = "INSERT INTO meta VALUES (?,?) ON CONFLICT (key) DO UPDATE SET value = excluded.value"

PLAN_LAST = "SELECT body FROM plan ORDER BY id DESC LIMIT 1"
PLAN_ADD = "INSERT INTO plan (since_event, body) VALUES (?,?)"

REQUEST_GET = "SELECT method, params, answer FROM request WHERE key = ?"
REQUEST_ADD = "INSERT INTO request (key, method, params, answer, at_ms) VALUES (?,?,?,?,?)"
REQUEST_OLDEST = "SELECT id, at_ms FROM request ORDER BY id LIMIT ?"
REQUEST_LAST = "SELECT max(id) FROM request"
REQUEST_DROP = "DELETE FROM request WHERE id <= ?"

TICKET_ADD = "INSERT INTO ticket VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
TICKET_CALLED = (
    "UPDATE ticket SET state = 'called', window = ?, clerk = ?, recalls = 0, to_window = 0,"
    " since_ms = ? WHERE id = ?"
)
TICKET_RECALLED = "UPDATE ticket SET recalls = ? WHERE id = ?"
TICKET_AT_WINDOW = "UPDATE ticket SET state = ?, window = ?, clerk = ?, since_ms = ? WHERE id = ?"
TICKET_STATE = "UPDATE ticket SET state = ?, since_ms = ? WHERE id = ?"
TICKET_FORWARDED = "UPDATE ticket SET state = ?, window = 0, recalls = 0, since_ms = ? WHERE id = ?"
TICKET_RETURNED = (
    "UPDATE ticket SET state = 'waiting', window = 0, recalls = 0, place_ms = ?, since_ms = ? WHERE id = ?"
)
TICKET_TRANSFERRED = (
    "UPDATE ticket SET state = 'transferred', service = ?, to_window = ?, window = 0, recalls = 0,"
    " matters = json_set(matters, '$[' || matter_index || ']', ?), since_ms = ? WHERE id = ?"
)
TICKET_MATTERS = "SELECT matters, matter_index FROM ticket WHERE id = ?"
TICKET_NEXT_MATTER = (
    "UPDATE ticket SET matter = ?, service = ?, matter_index = ?, matters = ?, to_window = 0 WHERE id = ?"
)
TICKET_VOIDED = "UPDATE ticket SET state = 'void', reason = ?, since_ms = ? WHERE id = ?"

MATTER_ADD = "INSERT INTO matter VALUES (?,?,?,?,?,?,?,?,?)"
MATTER_STARTED = "UPDATE matter SET window = ?, clerk = ?, started_ms = ? WHERE id = ?"
MATTER_SERVICE = "UPDATE matter SET service = ? WHERE id = (SELECT matter FROM ticket WHERE id = ?)"
MATTER_FINISHED = "UPDATE matter SET window = ?, clerk = ?, finished_ms = ? WHERE id = ?"

PERIOD_FIRST = "INSERT INTO period VALUES (?,?,'waiting',?,?,0,'',?,NULL)"
"""Of a new ticket, whose row is known without looking."""
PERIOD_ADD = (
    "INSERT INTO period SELECT id, ?, ?, matter, service, ?, CASE ? WHEN 'held' THEN clerk ELSE ? END, ?,"
    " NULL FROM ticket WHERE id = ?"
)
PERIOD_END = "UPDATE period SET end_ms = ? WHERE ticket = ? AND end_ms IS NULL"

RATING_ADD = "INSERT INTO rating VALUES (?,?,?,?,?,?,'open',?,?,0,'','','','')"
RATING_GIVEN = (
    "UPDATE rating SET state = 'rated', level = ?, raw_key = ?, device = ?, ended_ms = ? WHERE matter = ?"
)
RATING_LATER = "UPDATE rating SET until_ms = until_ms + ? WHERE matter = ?"
RATING_UNRATED = "UPDATE rating SET state = 'unrated', reason = ?, ended_ms = ? WHERE matter = ?"
STRAY = "INSERT INTO stray VALUES (?,?,1) ON CONFLICT (day, window) DO UPDATE SET presses = presses + 1"

PRINT_ADD = "INSERT INTO print_job VALUES (?,?,?,'queued',?,0,0,'','','')"
PRINT_BEGUN = (
    "UPDATE print_job SET state = 'sending', printer = ?, rung = '', reason = '', begun_ms = ? WHERE id = ?"
)
PRINT_ENDED = "UPDATE print_job SET state = ?, rung = ?, reason = ?, ended_ms = ? WHERE id = ?"

WINDOW_SET = (
    "INSERT INTO window VALUES (?,?,?,?,?) ON CONFLICT (number) DO UPDATE SET state = excluded.state,"
    " clerk = excluded.clerk, reason = excluded.reason, since_ms = excluded.since_ms"
)
WINDOW_PAUSED = "UPDATE window SET state = 'paused', reason = ?, since_ms = ? WHERE number = ?"
WINDOWS_NEW_DAY = (
    "UPDATE window SET state = 'closed', clerk = '', reason = '', since_ms = ? WHERE state <> 'closed'"
)
DEVICES_NEW_DAY = "DELETE FROM device"
DEVICE_SET = (
    "INSERT INTO device VALUES (?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT (id) DO UPDATE SET kind = excluded.kind,"
    " state = excluded.state, code = excluded.code, who = excluded.who, what_zh = excluded.what_zh,"
    " remedy_zh = excluded.remedy_zh, since_ms = excluded.since_ms, what_en = excluded.what_en,"
    " remedy_en = excluded.remedy_en, counters = excluded.counters"
)
DEVICE_COUNTED = "UPDATE device SET counters = ? WHERE id = ?"

SCAN_ADD = "INSERT INTO scan VALUES (?,?,'kept',?,?,?,?,?,?,?,?,?,?,0,0,'')"
SCAN_ACKNOWLEDGED = "UPDATE scan SET state = 'acknowledged', acknowledged_ms = ? WHERE id = ?"
SCAN_WIPED = "UPDATE scan SET state = 'wiped', wiped_ms = ?, reason = ? WHERE id = ?"
_SCAN_COLUMNS = (
    "id, sha256, state, ticket, matter, material, pages, size, device, sealed_for, kept_ms, interrupted"
)
SCANS_HERE = f"SELECT {_SCAN_COLUMNS} FROM scan WHERE state <> 'wiped' ORDER BY id"
"""Read at a start, through an index of its own: what is wiped costs nothing."""
SCANS_AFTER = f"SELECT {_SCAN_COLUMNS} FROM scan WHERE id > ? ORDER BY id LIMIT ?"
SCANS_OF_STATE = f"SELECT {_SCAN_COLUMNS} FROM scan WHERE id > ? AND state = ? ORDER BY id LIMIT ?"
TICKET_EXISTS = "SELECT 1 FROM ticket WHERE id = ?"

DEVICES = "SELECT id, kind, state, code, who, what_zh, remedy_zh, since_ms FROM device ORDER BY id"
WINDOWS = "SELECT number, state, clerk, reason, since_ms FROM window ORDER BY number"
DAY_OPENED = "INSERT INTO day VALUES (?,?,0,'') ON CONFLICT (day) DO NOTHING"
DAY_CLOSED = "UPDATE day SET closed_ms = ?, reason = ? WHERE day = ?"
DAY_REOPENED = "UPDATE day SET closed_ms = 0, reason = '' WHERE day = ?"

TICKET_COLUMNS = (
    "t.id, t.number, t.state, t.service, t.chosen, t.matter, t.matter_index, t.matters, t.priority,"
    " t.masked_name, t.day, t.arrival_ms, t.since_ms, t.window, t.recalls, t.reference, t.clock_ok,"
    " (SELECT state FROM print_job WHERE ticket = t.id ORDER BY id DESC LIMIT 1),"
    " (SELECT max(copy) FROM print_job WHERE ticket = t.id)"
)
TICKET_BY_ID = f"SELECT {TICKET_COLUMNS} FROM ticket t WHERE t.id = ?"
TICKET_BY_REFERENCE = f"SELECT {TICKET_COLUMNS} FROM ticket t WHERE t.reference = ?"
TICKET_BY_NUMBER = f"SELECT {TICKET_COLUMNS} FROM ticket t WHERE t.day = ? AND t.number = ?"
TICKETS_BETWEEN = f"SELECT {TICKET_COLUMNS} FROM ticket t WHERE t.id > ? AND t.id < ? ORDER BY t.id LIMIT ?"
TICKETS_OF_STATE = (
    f"SELECT {TICKET_COLUMNS} FROM ticket t WHERE t.id > ? AND t.id < ? AND t.state = ? ORDER BY t.id LIMIT ?"
)
EVENT_LINES = (
    f"SELECT {EVENT_COLUMNS} FROM event e CROSS JOIN epoch ON epoch.ord = e.epoch"
    " WHERE e.id > ? ORDER BY e.id LIMIT ?"
)
"""Cross-joined so that the events lead: ordered by their key, with no sorting."""
