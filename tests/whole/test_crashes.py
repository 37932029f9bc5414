"""kill -9, 240 times: the keeper, the spooler, the clients and the rating desk, while people are served.

After each kill the database is looked at as it is at that instant, before anything is mended: what was
acknowledged is there, no number twice, one in hand, and after a keeper's death the log is proved. At
the end of a round everything is compared with what everybody saw. What must hold is the design's
section 2: all that anybody saw is there, no number twice, one touch one ticket, paper and record agree,
one call one person, one rating a matter, the log is proved.
"""

import json
import os
import random
import shutil
import signal
import sqlite3
import threading
import time
from collections import Counter, defaultdict
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from hallqueue.verify import verify
from hallqueue.views import EventLine

pytestmark = pytest.mark.xdist_group(name="whole-crashes")

SEEDS = (2026, 11, 23, 4)
KILLS = 60
WINDOWS = (1, 2, 3, 4)
SERVICES = "hukou-dengji,dibao,yanglao,shebaoka,manbing,shuiwu"
VICTIMS = {
    "queue": 38,
    "printer": 24,
    "terminal": 8,
    "pads": 8,
    **{f"window{n}": 4 for n in WINDOWS},
    "everything": 2,
}
LEVELS = {"1": "very_satisfied", "2": "satisfied", "3": "basically_satisfied", "4": "dissatisfied"}


class Watcher:
    """A screen that follows the log through every restart: what it was shown must be there for ever."""

    def __init__(self, hall: Any) -> None:
        self._client = hall.client("staff")
        self._client.start_follow(0)
        self._ending = threading.Event()
        self.seen: list[EventLine] = []
        self._thread = threading.Thread(target=self._follow)
        self._thread.start()

    def _follow(self) -> None:
        while not self._ending.is_set():
            push = self._client.next_push(0.2)
            if isinstance(push, EventLine):
                self.seen.append(push)

    def end(self) -> None:
        self._ending.set()
        self._thread.join()


class Day:
    """A hall at work whose processes are killed one after the other."""

    def __init__(self, hall: Any, until: Any, seed: int) -> None:
        self.hall, self.until = hall, until
        self.dice = random.Random(seed)
        self.kills: Counter[str] = Counter()
        self.roles = {
            "queue": hall.role("queue"),
            "printer": hall.role("printer"),
            "terminal": hall.program("terminal", "terminal.py", SERVICES, 0, 0.03),
            "pads": hall.program("pads", "pads.py", ",".join(map(str, WINDOWS))),
        }
        for n in WINDOWS:
            self.roles[f"window{n}"] = hall.program(f"window{n}", "clerk.py", n, 0.04, "-")
        for role in self.roles.values():
            role.start()
        self.watcher = Watcher(hall)
        self.looks = 0
        self._acknowledged: set[str] = set()
        self._read: Counter[str] = Counter()

    def kill(self, total: int) -> None:
        """Kill until that many have died, each at a random moment of its work."""
        while sum(self.kills.values()) < total:
            victim = self.dice.choices(list(VICTIMS), list(VICTIMS.values()))[0]
            self._await_work(victim)
            time.sleep(self.dice.uniform(0, 0.03))
            names = list(self.roles) if victim == "everything" else [victim]
            for name in names:
                self.kills[name] += self.roles[name].kill()
            self.look(proves="queue" in names)
            # One in four is killed again while it still starts.
            is_patient = self.dice.random() < 0.75
            for name in names:
                self.roles[name].start(wait=is_patient)

    def look(self, *, proves: bool) -> None:
        """The database as a start after this kill would find it."""
        acknowledged = self._heard_so_far()
        image = self._image()
        with closing(sqlite3.connect(image)) as db:
            kept = {key for (key,) in db.execute("select key from request")}
            doubles = "select day, number from ticket group by day, number having count(*) > 1"
            in_hand = "select window from ticket where state in ('called', 'serving')"
            assert acknowledged <= kept, f"acknowledged and gone: {acknowledged - kept}"
            assert db.execute(doubles).fetchall() == []
            assert db.execute(f"{in_hand} group by window having count(*) > 1").fetchall() == []
        if proves:
            assert verify(image, scratch=self.hall.folder).findings == ()
        self.looks += 1

    def _image(self) -> Path:
        """The files of this instant; a keeper that lives is stopped meanwhile."""
        keeper, image = self.roles["queue"].pid, Path(self.hall.folder) / "image.db"
        if keeper:
            os.kill(keeper, signal.SIGSTOP)
        try:
            for end in ("", "-wal"):
                source = Path(f"{self.hall.database}{end}")
                target = Path(f"{image}{end}")
                target.unlink(missing_ok=True)
                if source.exists():
                    shutil.copyfile(source, target)
        finally:
            if keeper:
                os.kill(keeper, signal.SIGCONT)
        return image

    def _heard_so_far(self) -> set[str]:
        """The keys of all requests that anybody wrote down an answer to."""
        for name in ("terminal", *(f"window{n}" for n in WINDOWS)):
            file = self.hall.diary(name)
            if not file.exists():
                continue
            with file.open("rb") as diary:
                diary.seek(self._read[name])
                for line in diary:
                    if not line.endswith(b"\n"):
                        break
                    self._read[name] += len(line)
                    words = json.loads(line)
                    if "got" in words:
                        self._acknowledged.add(f"{name}-{words['n']}")
        return self._acknowledged

    def _await_work(self, victim: str) -> None:
        """Let the victim have something in hand, if that comes soon."""
        deadline = time.monotonic() + 0.3
        if victim == "printer":
            while not self.hall.sim.is_busy and time.monotonic() < deadline:
                time.sleep(0.001)
            return
        name = "terminal" if victim in ("queue", "everything") else victim
        before = self._written(name)
        while self._written(name) == before and time.monotonic() < deadline:
            time.sleep(0.001)

    def _written(self, name: str) -> int:
        file = self.hall.diary(name)
        return int(file.stat().st_size) if file.exists() else 0

    def settle(self) -> None:
        """The last lives: what nobody heard the answer of is asked again, and the paper comes out."""
        self.roles["queue"].wait_ready()
        for name in ("terminal", *(f"window{n}" for n in WINDOWS)):
            self.roles[name].kill()
            window = name.removeprefix("window") if name.startswith("window") else 0
            kind = "window" if window else "terminal"
            last = self.hall.program(name, "settle.py", kind, window)
            last.start()
            assert last.wait() == 0, last.said()
        client = self.hall.client("admin")
        self.until(lambda: not client.print_queue(), "every paper has its end", 90)
        self.until(lambda: not self.hall.sim.is_busy, "the printer is at rest")
        self.until(lambda: not client.ratings_open(), "every question for a rating has its end")
        self.until(lambda: self._is_shown(client.snapshot().seq), "the watcher saw everything")
        self.watcher.end()
        self.roles["pads"].kill()
        assert self.roles["printer"].stop() == 0
        assert self.roles["queue"].stop() == 0

    def _is_shown(self, seq: int) -> bool:
        return bool(self.watcher.seen) and self.watcher.seen[-1].seq >= seq


@pytest.mark.parametrize("seed", SEEDS)
def test_whoever_is_killed_at_any_moment_nothing_that_was_seen_is_lost_or_doubled(
    make_hall: Any, until: Any, seed: int
) -> None:
    day = Day(make_hall(dots_per_s=12_000), until, seed)
    day.kill(KILLS)
    day.settle()
    hall = day.hall
    assert len(SEEDS) * sum(day.kills.values()) >= 200, day.kills
    assert day.looks * len(SEEDS) >= 160, day.looks
    assert min(day.kills["queue"], day.kills["printer"], day.kills["terminal"]) > 0, day.kills
    report = verify(hall.database, scratch=hall.folder)
    assert report.findings == (), (seed, report.findings)
    facts = read_facts(hall)
    check_shown(day.watcher.seen, facts["events"])
    check_answers(hall, facts)
    check_hands(facts["events"])
    check_paper(hall, facts)
    check_ratings(hall, facts)


def read_facts(hall: Any) -> dict[str, Any]:
    """What the hall kept, read by SQL alone from the closed database."""
    with closing(sqlite3.connect(f"file:{hall.database}?mode=ro", uri=True)) as db:
        db.row_factory = sqlite3.Row

        def all_of(question: str) -> list[dict[str, Any]]:
            return [dict(row) for row in db.execute(question)]

        return {
            "events": all_of("select seq, type, body from event order by id"),
            "tickets": all_of("select id, day, number, reference from ticket"),
            "jobs": all_of(
                "select j.id, j.copy, j.state, t.number, t.reference"
                " from print_job j join ticket t on t.id = j.ticket"
            ),
            "ratings": all_of("select matter, window, state, level, raw_key from rating"),
            "requests": all_of("select key, method from request"),
        }


def check_shown(seen: list[EventLine], events: list[dict[str, Any]]) -> None:
    """1, 7: what a screen was shown is in the log, in its order, once, without a gap."""
    assert [(e.seq, e.type, e.body) for e in seen] == [(e["seq"], e["type"], e["body"]) for e in events]


def check_answers(hall: Any, facts: dict[str, Any]) -> None:
    """1, 2, 3: every acknowledged request is there; a key has one answer; a number one ticket."""
    tickets = {t["id"]: t["number"] for t in facts["tickets"]}
    assert len({(t["day"], t["number"]) for t in facts["tickets"]}) == len(tickets)
    kept = Counter(r["key"] for r in facts["requests"])
    touched: Counter[int] = Counter()
    heard = 0
    for name in ("terminal", *(f"window{n}" for n in WINDOWS)):
        answers: dict[int, list[Any]] = defaultdict(list)
        asked: dict[int, str] = {}
        for line in hall.read_diary(name):
            if "ask" in line:
                asked[line["n"]] = line["ask"]
            if "got" in line:
                answers[line["n"]].append(line["got"])
        for n, given in answers.items():
            heard += 1
            assert kept[f"{name}-{n}"] == 1, f"{name}-{n} was acknowledged and is gone"
            assert all(answer == given[0] for answer in given), f"{name}-{n} has two answers: {given}"
            if asked[n] == "issue":
                ticket = given[0]["ticket"]
                assert tickets[ticket["ticket"]] == ticket["number"]
                touched[ticket["ticket"]] += 1
    assert set(touched.values()) == {1}, "two touches got one ticket"
    assert set(touched) == set(tickets), "a ticket that nobody touched for"
    calls = sum(e["type"] == "TicketCalled" for e in facts["events"])
    assert heard > 100 and calls > 10, (heard, calls)


def check_hands(events: list[dict[str, Any]]) -> None:
    """5: a window has one in hand, a ticket is in the hand of one window; by a fold of its own."""
    hand: dict[int, int] = {}
    ends = ("TicketPassed", "TicketHeld", "TicketTransferred", "MatterFinished", "TicketVoided")
    for event in events:
        body = json.loads(event["body"])
        if event["type"] in ("TicketCalled", "TicketResumed"):
            assert body["window"] not in hand, event
            assert body["ticket"] not in hand.values(), event
            hand[body["window"]] = body["ticket"]
        elif event["type"] in ends and body["ticket"] in hand.values():
            hand = {window: ticket for window, ticket in hand.items() if ticket != body["ticket"]}


def check_paper(hall: Any, facts: dict[str, Any]) -> None:
    """4: printed is one whole slip, failed and expired are none, unknown is at most one."""
    slips = [s for s in (*hall.sim.slips, hall.sim.hanging) if not s.is_blank]
    words = [(slip, slip.text(), set(slip.text().split())) for slip in slips]
    numbers = {job["number"] for job in facts["jobs"]}
    for _, text, on_it in words:
        assert len(numbers & on_it) <= 1, f"two tickets on one slip: {text}"
    for job in facts["jobs"]:
        mark = f"补打票（第{job['copy']}次）" if job["copy"] else ""
        mine = [
            (slip, text)
            for slip, text, on_it in words
            if job["number"] in on_it and (mark in text if mark else "补打" not in text)
        ]
        if job["state"] == "printed":
            assert len(mine) == 1, (job, [text for _, text in mine])
            slip, text = mine[0]
            assert slip.cut and f"HALL:{job['reference']}" in text and "当日有效" in text, (job, text)
        elif job["state"] == "unknown":
            assert len(mine) <= 1, (job, [text for _, text in mine])
        else:
            assert not mine, (job, [text for _, text in mine])
    assert any(job["state"] == "printed" for job in facts["jobs"])


def check_ratings(hall: Any, facts: dict[str, Any]) -> None:
    """6: a matter is rated once, with a key that a finger pressed at its window; silence stays silence."""
    given = Counter(json.loads(e["body"])["matter"] for e in facts["events"] if e["type"] == "RatingGiven")
    assert set(given.values()) <= {1}
    pressed = Counter((x["window"], x["press"]) for x in hall.read_diary("pads"))
    rated: Counter[tuple[int, str]] = Counter()
    for rating in facts["ratings"]:
        assert (rating["state"] == "rated") == (rating["matter"] in given) == bool(rating["level"]), rating
        if rating["state"] == "rated":
            assert LEVELS[rating["raw_key"]] == rating["level"], rating
            rated[rating["window"], rating["raw_key"]] += 1
    assert rated <= pressed, (rated, pressed)
