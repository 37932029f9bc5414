"""Scans and device tests through the keeper: who may, what outlives a restart, what a follower hears."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from hallqueue.errors import NotAllowed, UnknownTicket
from hallqueue.states import ScanState

PAGES = ",".join(f"{n:064x}" for n in range(200))
SCAN = {
    "matter": 0,
    "material": "id-copy",
    "page_hashes": PAGES,
    "size": 5_000_000,
    "device": "camera",
    "sealed_for": "county-2026",
    "scanned_ms": 1,
}


async def test_a_scan_of_two_hundred_pages_is_kept_found_again_and_outlives_the_keeper(house: Any) -> None:
    terminal, admin = house.client("terminal"), house.client("admin")
    ticket = (await terminal.issue("social", key="t")).ticket.ticket
    kept = await terminal.keep_scan(ticket, key="s", sha256="a" * 64, **SCAN)
    assert (kept.pages, kept.state) == (200, ScanState.KEPT)
    assert await terminal.keep_scan(ticket, key="s", sha256="a" * 64, **SCAN) == kept, "repeated"
    await house.stop()
    await house.start()
    assert await terminal.scans() == (kept,)
    acknowledged = await admin.acknowledge_scan(kept.scan, key="a")
    assert acknowledged.state is ScanState.ACKNOWLEDGED
    await terminal.wipe_scan(kept.scan, key="w", reason="acknowledged")
    assert await terminal.scans(state="kept") == ()
    assert [scan.state for scan in await terminal.scans(state="wiped")] == [ScanState.WIPED]


async def test_a_scan_of_a_ticket_that_never_was_is_refused(house: Any) -> None:
    with pytest.raises(UnknownTicket):
        await house.client("terminal").keep_scan(4711, key="s", sha256="b" * 64, **SCAN)


async def test_a_screen_may_neither_scan_nor_test_and_a_terminal_may_not_acknowledge(house: Any) -> None:
    with pytest.raises(NotAllowed):
        await house.client("screen").ask_test("camera", key="t", level="internal")
    with pytest.raises(NotAllowed):
        await house.client("screen").keep_scan(1, key="s", sha256="c" * 64, **SCAN)
    with pytest.raises(NotAllowed):
        await house.client("terminal").acknowledge_scan(1, key="a")


async def test_whoever_holds_a_device_hears_that_it_is_to_be_tested_and_the_asker_hears_the_finding(
    house: Any,
) -> None:
    admin, terminal = house.client("admin"), house.client("terminal")
    start = (await admin.snapshot()).seq
    test = await admin.ask_test("idcard", key="ask", level="external")
    heard: list[Any] = []
    async for line in terminal.follow(start):
        heard.append(msgspec.json.decode(line.body))
        if line.type == "DeviceTestAsked":
            assert line.seq == test and heard[-1] == {"device": "idcard", "level": "external"}
            said = {"verdict": "passed", "zh": "读卡器应答正常", "en": "it answers"}
            await terminal.tell_test(test, key="tell", **said, is_last=True)
        if line.type == "DeviceTestTold":
            assert heard[-1]["zh"] == "读卡器应答正常" and heard[-1]["is_last"]
            break
