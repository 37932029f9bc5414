"""Broken configuration, no printer, peers that send nonsense or may not.

A clear error each, nothing lost, and nobody else notices.
"""

import json
import os
import shutil
import socket
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pytest

from halldrivers.printersim import PrinterSim, serve_tcp
from hallqueue.errors import NotAllowed
from hallqueue.syncclient import SyncHallClient
from hallqueue.verify import verify

pytestmark = pytest.mark.xdist_group(name="whole-halls")

NOBODY = 65534
GIGABYTE = 1 << 30


# --- configuration -----------------------------------------------------------------------------------


def break_syntax(text: str) -> str:
    return text.replace("[limits]", "[limits")


def add_unknown_key(text: str) -> str:
    return text.replace("[limits]", "[limits]\nmax_recals = 3")


def serve_nothing(text: str) -> str:
    return text + '\n[[window]]\nnumber = 9\nname = "空"\nserves = []\n'


def point_to_no_scheme(text: str) -> str:
    return text.replace('device = "tcp:', 'device = "carrier-pigeon:')


@pytest.mark.parametrize("change", [break_syntax, add_unknown_key, serve_nothing, point_to_no_scheme])
def test_a_keeper_with_a_broken_configuration_does_not_start_and_names_the_line(
    hall: Any, change: Callable[[str], str]
) -> None:
    keeper = hall.keeper()
    number = hall.issue()
    keeper.kill()
    good = hall.config.read_text(encoding="utf-8")
    bad = change(good)
    pairs = enumerate(zip_longest(bad.splitlines(), good.splitlines()), 1)
    changed = next(n for n, (new, old) in pairs if new != old)
    hall.config.write_text(bad, encoding="utf-8")
    refused = hall.hall("run", "queue", "--config", str(hall.config))
    assert refused.status == 2 and "Traceback" not in refused.err
    named = [f"{hall.config}:{n}:" for n in range(changed, changed + 5)]
    assert any(place in refused.err for place in named), (changed, refused.err)
    hall.config.write_text(good, encoding="utf-8")
    keeper.start()
    assert hall.numbers() == {number}


def test_a_configuration_that_is_not_there_is_named(hall: Any) -> None:
    missing = hall.folder / "nowhere.toml"
    refused = hall.hall("run", "queue", "--config", str(missing))
    assert refused.status == 2 and str(missing) in refused.err and "Traceback" not in refused.err
    assert not hall.database.exists()


def test_a_service_that_left_the_configuration_keeps_its_tickets(hall: Any) -> None:
    """A technician edits the file at noon: who already waits is not lost, and is listed."""
    keeper = hall.keeper()
    number = hall.issue("canlian")
    assert keeper.stop() == 0

    def drop(raw: dict[str, Any]) -> None:
        raw["service"] = [s for s in raw["service"] if s["id"] != "canlian"]
        for window in raw["window"]:
            window["serves"] = [s for s in window["serves"] if s != "canlian"]

    hall.configure(drop)
    keeper.start()
    assert hall.numbers() == {number}
    refused = hall.hall("ticket", "issue", "canlian", "--staff")
    assert refused.status == 1 and "Q-01" in refused.err
    assert hall.issue("shuiwu") != number


# --- no printer --------------------------------------------------------------------------------------


def test_without_a_printer_numbers_are_given_out_the_fault_says_who_acts_and_paper_comes_later(
    hall: Any, until: Any
) -> None:
    port = hall.server.port
    hall.server.close()
    hall.keeper()
    spooler = hall.role("printer")
    spooler.start()
    numbers = [hall.issue() for _ in range(3)]

    def told() -> Any:
        return next((x for x in hall.data("status")["troubles"] if x["subject"] == "printer"), None)

    trouble = until(told, "the printer's fault is reported")
    assert trouble["code"] and trouble["who"] in ("clerk", "technician", "vendor")
    assert trouble["what_zh"] and trouble["remedy_zh"]
    states = {t["number"]: t["print_state"] for t in hall.data("ticket", "list")}
    assert {states[number] for number in numbers} <= {"queued", "failed"}

    printer = PrinterSim(80, clock=time.monotonic)
    with serve_tcp(printer, port=port):
        until(lambda: len([s for s in printer.slips if not s.is_blank]) >= 3, "the paper comes")
        until(lambda: printed(hall) >= set(numbers), "and is recorded")
        texts = [slip.text() for slip in printer.slips if not slip.is_blank]
        for number in numbers:
            assert sum(number in text.split() for text in texts) == 1
        assert spooler.stop() == 0


def printed(hall: Any) -> set[str]:
    return {t["number"] for t in hall.data("ticket", "list") if t["print_state"] == "printed"}


def test_a_spooler_without_a_keeper_waits_and_prints_once_there_is_one(hall: Any, until: Any) -> None:
    spooler = hall.role("printer")
    spooler.start()
    keeper = hall.keeper()
    first = hall.issue()
    until(lambda: printed(hall) == {first}, "the first is printed")
    keeper.kill()
    keeper.start()
    second = hall.issue()
    until(lambda: printed(hall) == {first, second}, "the second is printed")
    assert spooler.stop() == 0


# --- peers -------------------------------------------------------------------------------------------


class Peer:
    """Anything that can connect to the keeper's socket."""

    def __init__(self, path: Path) -> None:
        self.line = socket.socket(socket.AF_UNIX)
        self.line.settimeout(30)
        self.line.connect(str(path))

    def send(self, data: bytes) -> None:
        self.line.sendall(data)

    def ask(self, method: str, **params: Any) -> Any:
        """One request and its answer."""
        self.send(
            json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode() + b"\n"
        )
        return self.answer()

    def answer(self) -> Any:
        found = b""
        while not found.endswith(b"\n"):
            data = self.line.recv(65536)
            assert data, "closed without a word"
            found += data
        return json.loads(found.splitlines()[0])

    def is_closed(self) -> bool:
        try:
            while self.line.recv(65536):
                pass
        except ConnectionResetError:
            pass
        return True


@pytest.fixture
def peer(hall: Any) -> Iterator[Callable[[], Peer]]:
    """Connects to the hall's keeper, which is started."""
    hall.keeper()
    made: list[Peer] = []

    def connect() -> Peer:
        made.append(Peer(hall.socket))
        return made[-1]

    yield connect
    for one in made:
        one.line.close()


def memory_of(pid: int) -> int:
    """Resident bytes."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE")


@pytest.mark.parametrize(
    "garbage",
    [
        b"\x00\xff\xfe\x1b@" * 200 + b"\n",
        b"GET / HTTP/1.1\r\nHost: hall\r\n\r\n",
        b"[" * 30_000 + b"\n",
        b'{"jsonrpc":"2.0","id":1,"method":"issue","params":{"service":"shuiwu","key":"k","extra":1}}\n',
        '{"jsonrpc":"2.0","id":1,"method":"hello","params":{"role":"皇帝"}}\n'.encode(),
    ],
    ids=["bytes", "http", "brackets", "before-hello", "no-such-role"],
)
def test_garbage_is_answered_with_an_error_and_the_others_do_not_notice(
    hall: Any, peer: Callable[[], Peer], garbage: bytes
) -> None:
    number = hall.issue()
    bad = peer()
    bad.send(garbage)
    assert "error" in bad.answer()
    assert hall.numbers() == {number}
    assert hall.issue() != number


def test_half_a_message_and_a_broken_line_change_nothing(hall: Any, peer: Callable[[], Peer]) -> None:
    number = hall.issue()
    half = peer()
    assert "result" in half.ask("hello", role="terminal")
    half.send(b'{"jsonrpc":"2.0","id":2,"method":"issue","params":{"service":"shuiwu","key":"ha')
    second = hall.issue()
    half.line.close()
    assert hall.numbers() == {number, second}


def test_a_gigabyte_without_an_end_is_cut_off_early_and_costs_no_memory(
    hall: Any, peer: Callable[[], Peer]
) -> None:
    keeper = next(iter(hall.roles.values()))
    number = hall.issue()
    before = memory_of(keeper.pid)
    flood = peer()
    assert "result" in flood.ask("hello", role="terminal")
    block, sent = b"x" * (1 << 20), 0
    with pytest.raises((BrokenPipeError, ConnectionResetError)):
        while sent < GIGABYTE:
            flood.send(block)
            sent += len(block)
    assert sent < GIGABYTE // 10
    assert memory_of(keeper.pid) - before < 8 << 20
    assert hall.issue() != number


def test_a_gigabyte_of_proper_requests_whose_answers_nobody_reads_costs_no_memory(
    hall: Any, peer: Callable[[], Peer]
) -> None:
    keeper = next(iter(hall.roles.values()))
    number = hall.issue()
    before = memory_of(keeper.pid)
    deaf = peer()
    assert "result" in deaf.ask("hello", role="terminal")
    deaf.line.settimeout(1.0)
    request = b'{"jsonrpc":"2.0","id":7,"method":"snapshot","params":{}}\n' * 1000
    sent = 0
    try:
        while sent < GIGABYTE:
            deaf.send(request)
            sent += len(request)
    except (TimeoutError, BrokenPipeError, ConnectionResetError):
        pass
    assert sent < GIGABYTE // 10, "the keeper stops reading from a peer that does not read"
    assert memory_of(keeper.pid) - before < 24 << 20
    assert hall.issue() != number


def test_a_peer_may_do_what_its_role_may_and_nothing_else(hall: Any, peer: Callable[[], Peer]) -> None:
    peer()
    number = hall.issue()
    ticket = hall.data("ticket", "show", number)["ticket"]
    attempts: list[tuple[str, int, str, dict[str, Any]]] = [
        ("screen", 0, "issue", {"service": "shuiwu"}),
        ("terminal", 0, "call_next", {"window": 5}),
        ("window", 4, "call_next", {"window": 5}),
        ("printer", 0, "void", {"ticket": ticket, "reason": "x"}),
        ("admin", 0, "press", {"window": 5, "level": "very_satisfied", "raw_key": "1", "device": "x"}),
        ("terminal", 0, "close_day", {"reason": "x", "force": True}),
    ]
    for role, window, method, params in attempts:
        with pytest.raises(NotAllowed) as refused:
            getattr(hall.client(role, window), method)(key=f"{role}-{method}", **params)
        assert refused.value.code == "Q-32"
    assert hall.numbers() == {number}
    assert hall.data("ticket", "show", number)["state"] == "waiting"


IS_ROOT = os.geteuid() == 0
"""Only root can try it as somebody else; without root it is tried as the keeper's own user, who may."""

ISSUE_AS_TERMINAL = """
import sys
from pathlib import Path
from hallqueue.syncclient import SyncHallClient
with SyncHallClient(Path(sys.argv[1]), "terminal", give_up_s=20) as hall:
    print(hall.issue("shuiwu", key="foreign").ticket.number)
"""


@pytest.fixture
def open_place() -> Iterator[Path]:
    """A folder that every user can reach, unlike pytest's own."""
    path = Path(tempfile.mkdtemp(prefix="hall-socket-"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)


def test_another_user_is_refused_every_role_that_the_configuration_does_not_give_them(
    hall: Any, open_place: Path
) -> None:
    outside = open_place / "hall.sock"
    program = open_place / "issue.py"
    program.write_text(ISSUE_AS_TERMINAL)
    hall.configure(lambda raw: raw.update(access={"terminal": [str(NOBODY)]}))
    keeper = hall.role("queue", "--socket", str(outside))
    keeper.start()
    who = {"uid": NOBODY} if IS_ROOT else {}

    arguments = ("ticket", "issue", "shuiwu", "--socket", str(outside), "--wait", "20")
    as_staff = hall.nursery.hall(open_place, *arguments, **who)
    assert as_staff.status == int(IS_ROOT), as_staff
    assert ("Q-32" in as_staff.err and "技术员" in as_staff.err) == IS_ROOT, as_staff
    as_terminal = hall.nursery.run(open_place, program=[str(program), str(outside)], **who)
    assert as_terminal.status == 0, as_terminal
    with SyncHallClient(outside, "admin") as admin:
        assert [t.number for t in admin.tickets()][-1] == as_terminal.out.strip()
        assert len(admin.tickets()) == (1 if IS_ROOT else 2)
    assert keeper.stop() == 0
    assert verify(hall.database, scratch=hall.folder).findings == ()
