"""kill -9 at any instant: what was acknowledged is there, and the chain holds. And a disk that is full."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path
from typing import Any

from hallqueue.verify import verify

WRITER = """
import resource, sys
from itertools import count
from pathlib import Path
from hallqueue import events as ev
from hallqueue.clock import SystemClock
from hallqueue.errors import HallError
from hallqueue.store.lock import KeeperLock
from hallqueue.paths import StateFolder
from hallqueue.store.store import Store
from hallqueue.unit import Moment

folder = StateFolder(Path(sys.argv[1]))
lock = KeeperLock(folder)
store = Store.open(folder, SystemClock(), lambda: "epoch", boot=lambda: "boot")
day = "2026-03-02"

def record(*bodies):
    store.begin()
    for body in bodies:
        store.savepoint()
        store.record(body() if callable(body) else body, Moment(1_772_400_000_000, day, True, "t"))
        store.release()
    store.commit()

def issue():
    take = store.counters.take
    ordinal, ticket = take(f"number/{day}/A"), take("ticket")
    return ev.TicketIssued(
        ticket=ticket, number=f"A{ordinal:03d}", prefix="A", ordinal=ordinal, service="s", matters=("s",),
        matter=take("matter"), priority="", person="", masked_name="", reference=f"r{ticket}",
        channel="script", ahead=0, estimate_s=-1, estimate_basis="",
    )

if store.head.seq == 0:
    record(ev.DayOpened(day=day))
print("open", store.head.seq, store.recovery is None, flush=True)
if len(sys.argv) > 2:
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]),) * 2)
try:
    for batch in count(1):
        record(*[issue] * (batch % 7 + 1))
        print(store.head.seq, store.counters.value("ticket"), flush=True)
        if batch % 50 == 0:
            store.checkpoint()
except HallError as error:
    print("refused", error.code, flush=True)
    print("still", store.head.seq, store.connection.in_transaction, flush=True)
"""


def start(folder: Path, *values: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WRITER, str(folder), *map(str, values)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_a_writer_killed_twenty_times_loses_nothing_that_it_acknowledged(
    tmp_path: Path, open_hall: Any
) -> None:
    dice = random.Random(20)
    folder = tmp_path / "state"
    acknowledged = (0, 0)
    for _ in range(20):
        with start(folder) as writer:
            assert writer.stdout is not None
            word, seq, sound = writer.stdout.readline().split()
            assert (word, sound) == ("open", "True")
            assert int(seq) >= acknowledged[0]
            for _ in range(dice.randrange(1, 60)):
                line = writer.stdout.readline()
            writer.kill()
            rest = writer.stdout.read().splitlines(keepends=True)
        whole = [text for text in (line, *rest) if text.endswith("\n")]
        last_seq, last_ticket = whole[-1].split()
        acknowledged = int(last_seq), int(last_ticket)
        report = verify(folder / "hall.db")
        assert report.findings == ()
        assert report.counts["events"] >= acknowledged[0]
    tickets = open_hall(path=folder).store.connection.execute("SELECT count(*) FROM ticket").fetchone()[0]
    assert tickets >= acknowledged[1]


def test_a_file_that_may_not_grow_is_a_clear_error_and_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    with start(folder, 600_000) as writer:
        out, err = writer.communicate(timeout=60)
    lines = out.splitlines()
    assert err == ""
    assert lines[-2].split()[0] == "refused"
    assert lines[-2].split()[1] in ("S-01", "S-05")
    acknowledged = int(lines[-3].split()[0])
    assert lines[-1] == f"still {acknowledged} False"
    report = verify(folder / "hall.db")
    assert report.findings == ()
    assert report.counts["events"] == acknowledged
    with start(folder) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline().split() == ["open", str(acknowledged), "True"]
        assert int(writer.stdout.readline().split()[0]) > acknowledged
        writer.kill()
