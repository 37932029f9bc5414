"""Many at once: eight processes issue and four windows call, and nobody is doubled or lost."""

from collections import Counter
from typing import Any

import pytest

from hallqueue.verify import verify

pytestmark = pytest.mark.xdist_group(name="whole-halls")

ISSUERS, WINDOWS, EACH = 8, 4, 40
SERVICES = "hukou-dengji,shenfenzheng,dibao,tekun,yanglao,shebaoka,manbing,yidi-jiuyi"


def test_eight_issuing_and_four_calling_at_once_double_nothing_and_lose_nothing(
    hall: Any, until: Any
) -> None:
    keeper = hall.keeper()
    nobody_comes = hall.folder / "closed"
    issuers = [f"terminal{n}" for n in range(ISSUERS)]
    clerks = [f"window{n}" for n in range(1, WINDOWS + 1)]
    for n, name in enumerate(issuers):
        mine = SERVICES.split(",")[n % 4 * 2 : n % 4 * 2 + 2]
        hall.program(name, "terminal.py", ",".join(mine), EACH, 0).start()
    for n, name in enumerate(clerks, 1):
        hall.program(name, "clerk.py", n, 0, nobody_comes).start()
    for name in issuers:
        assert hall.roles[name].wait() == 0, hall.roles[name].said()
    nobody_comes.touch()
    for name in clerks:
        assert hall.roles[name].wait(120) == 0, hall.roles[name].said()

    issued = {n: [x["got"]["ticket"] for x in hall.read_diary(n) if "got" in x] for n in issuers}
    touches = [(name, ticket["number"]) for name in issuers for ticket in issued[name]]
    by_number = Counter(number for _, number in set(touches))
    assert len(by_number) == ISSUERS * EACH
    assert set(by_number.values()) == {1}, "one number went to two terminals"

    calls = [
        (x["got"]["ticket"], x["got"]["number"], name)
        for name in clerks
        for x in hall.read_diary(name)
        if "got" in x and x["got"].get("state") == "called" and asked(hall, name)[x["n"]] == "call_next"
    ]
    assert len(calls) == len({ticket for ticket, _, _ in calls}) == ISSUERS * EACH, "a ticket at two windows"
    assert {number for _, number, _ in calls} == set(by_number)

    done = hall.data("ticket", "list", "--only", "done", "--limit", "1000")
    assert {ticket["number"] for ticket in done} == set(by_number)
    assert keeper.stop() == 0
    assert verify(hall.database, scratch=hall.folder).findings == ()


def asked(hall: Any, name: str) -> dict[int, str]:
    return {x["n"]: x["ask"] for x in hall.read_diary(name) if "ask" in x}
