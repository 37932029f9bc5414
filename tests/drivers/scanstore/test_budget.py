"""The room for scans: refused before anything is written, warned of early, and never made by deleting."""

from __future__ import annotations

from typing import Any

import pytest

from halldrivers.scanstore.budget import Budget, Usage, demand, warning
from halldrivers.scanstore.errors import BudgetFull, DiskFull
from halldrivers.scanstore.options import StoreOptions

MIB = 1 << 20
BUDGET = Budget(most_bytes=100 * MIB, floor_bytes=50 * MIB)


@pytest.mark.parametrize(
    ("usage", "more", "error"),
    [
        (Usage(used=0, reserved=0, free=1000 * MIB), MIB, None),
        (Usage(used=99 * MIB, reserved=0, free=1000 * MIB), MIB, None),
        (Usage(used=99 * MIB, reserved=0, free=1000 * MIB), MIB + 1, BudgetFull),
        (Usage(used=90 * MIB, reserved=10 * MIB, free=1000 * MIB), 1, BudgetFull),
        (Usage(used=0, reserved=0, free=51 * MIB), MIB, None),
        (Usage(used=0, reserved=0, free=51 * MIB), MIB + 1, DiskFull),
        (Usage(used=0, reserved=MIB, free=51 * MIB), 1, DiskFull),
    ],
)
def test_a_page_must_fit_the_budget_and_leave_the_floor(usage: Usage, more: int, error: Any) -> None:
    if error is None:
        demand(BUDGET, usage, more)
    else:
        with pytest.raises(error):
            demand(BUDGET, usage, more)


@pytest.mark.parametrize(
    ("usage", "code", "blocking"),
    [
        (Usage(79 * MIB, 0, 1000 * MIB), None, False),
        (Usage(80 * MIB, 0, 1000 * MIB), "L-11", False),
        (Usage(70 * MIB, 10 * MIB, 1000 * MIB), "L-11", False),
        (Usage(100 * MIB, 0, 1000 * MIB), "L-10", True),
        (Usage(0, 0, 50 * MIB - 1), "L-12", True),
        (Usage(0, 1, 50 * MIB), "L-12", True),
    ],
)
def test_a_person_is_told_from_four_fifths_on(usage: Usage, code: str | None, blocking: bool) -> None:
    fault = warning(BUDGET, usage)
    assert (fault and fault.code) == code
    if fault is not None:
        assert (fault.blocking, fault.who) == (blocking, "technician")


def test_what_is_full_says_so_in_both_languages() -> None:
    with pytest.raises(BudgetFull) as told:
        demand(BUDGET, Usage(100 * MIB, 0, 1000 * MIB), 1)
    fault = told.value.as_fault()
    assert fault.what_zh == "扫描件存储已满，等待上传 (需要 101 MiB，上限 100 MiB)"
    assert fault.what_en == "the room for scans is full, they wait for the county (101 of 100 MiB)"


def fill(world: Any, kit: Any, most: int) -> tuple[int, Any]:
    """Scan until there is no room; answers how many materials were finished, and the error."""
    world.options = StoreOptions(budget=Budget(most_bytes=most, floor_bytes=0))
    world.again()
    for count in range(100):
        try:
            session = world.begin(f"touch-{count}")
            for number in (1, 2):
                session.add_page(kit.numbered(number))
        except (BudgetFull, DiskFull) as error:
            return count, error
        session.finish()
    raise AssertionError("it never was full")


def test_a_page_that_would_break_the_budget_is_refused_before_anything_is_written(
    world: Any, kit: Any
) -> None:
    session = world.scanned(1)
    world.options = StoreOptions(
        budget=Budget(most_bytes=world.store.status().used_bytes + 20_000, floor_bytes=0)
    )
    world.again()
    session = world.store.resume(12, "hukou-ben")
    before = dict(world.disk.files())
    calls = world.disk.calls
    with pytest.raises(BudgetFull):
        session.add_page(kit.numbered(2))
    assert (dict(world.disk.files()), world.disk.calls) == (before, calls)


def test_what_was_accepted_can_be_finished_and_stays_within_the_budget(world: Any, kit: Any) -> None:
    most = 120_000
    count, error = fill(world, kit, most)
    assert type(error) is BudgetFull
    assert count > 10
    assert world.store.status().used_bytes <= most
    for session in world.store.sessions():
        session.finish() if session.pages() else session.cancel()
    assert len(world.ledger.rows) >= count
    assert world.store.status().used_bytes <= most


def test_nothing_that_the_county_does_not_have_is_deleted_for_room(world: Any, kit: Any) -> None:
    fill(world, kit, 120_000)
    before = set(world.blobs())
    world.store.sweep()
    world.again()
    assert set(world.blobs()) == before


def test_room_comes_back_when_the_county_acknowledges(world: Any, kit: Any) -> None:
    fill(world, kit, 120_000)
    with pytest.raises(BudgetFull):
        world.scanned(5, 6, 7, 8, key="again")
    for row, _ in list(world.ledger.rows.values()):
        world.ledger.acknowledge(row.sha256)
    world.store.sweep()
    world.scanned(5, 6, 7, 8, key="again").finish()


def test_the_floor_of_free_space_is_kept(world: Any, kit: Any) -> None:
    session = world.scanned(1)
    world.options = StoreOptions(budget=Budget(floor_bytes=1_000_000))
    world.again()
    session = world.store.resume(12, "hukou-ben")
    world.disk.room = 1_010_000
    with pytest.raises(DiskFull, match="1 MiB must stay free"):
        session.add_page(kit.numbered(2))
    world.disk.room = 2_000_000
    session.add_page(kit.numbered(2))


def test_things_set_aside_count_too(world: Any) -> None:
    before = world.store.status().used_bytes
    world.store.close()
    world.disk.put(world.root / "sealed" / "stranger", bytes(5000))
    world.open()
    assert world.store.status().used_bytes == before + 5000
