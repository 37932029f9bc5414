"""A material while it is scanned: what is kept, what is refused, what can be done when."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from halldrivers.scanstore.errors import (
    BadScanField,
    CertificateMissing,
    MaterialFull,
    NoPages,
    NoSuchPage,
    PageMismatch,
    PageUnreadable,
    SessionEnded,
)
from halldrivers.scanstore.kepterrors import StoreClosed
from halldrivers.scanstore.options import StoreOptions
from halldrivers.scanstore.page import Limits
from halldrivers.scanstore.session import NEXT, SessionState, Step


def test_a_finished_material_is_one_sealed_file_and_one_row(world: Any, kit: Any) -> None:
    scan = world.scanned(1, 2).finish()
    assert list(world.blobs()) == [f"{scan.sha256}.p7m"]
    assert [row for row, _ in world.ledger.rows.values()] == [scan]
    assert world.pages_in(scan.sha256) == [kit.numbered(1).sha256, kit.numbered(2).sha256]


def test_what_was_sealed_says_what_the_log_needs(world: Any, kit: Any) -> None:
    session = world.scanned(1, 2)
    scan = session.finish()
    assert (scan.ticket, scan.matter, scan.material, scan.device) == (12, 3, "hukou-ben", "camera-1")
    assert (scan.begun_ms, scan.scanned_ms) == (kit.AT_MS, kit.AT_MS + 2000)
    assert (scan.sealed_for, scan.sealing, scan.interrupted, scan.missing) == ("toy:1", "toy", False, ())
    assert scan.size == len(world.blobs()[f"{scan.sha256}.p7m"])
    assert [page.page for page in scan.pages] == [kit.numbered(1).sha256, kit.numbered(2).sha256]


def test_nothing_of_a_finished_material_is_left_but_its_sealed_file(world: Any) -> None:
    scan = world.scanned(1, 2).finish()
    assert {name for name, _ in world.disk.files()} == {f"/scans/sealed/{scan.sha256}.p7m"}
    assert world.store.sessions() == ()


def test_finishing_again_gives_the_same(world: Any) -> None:
    session = world.scanned(1)
    assert session.finish() == session.finish()
    assert len(world.ledger.rows) == 1


def test_pages_come_in_the_order_in_which_they_were_added(world: Any, kit: Any) -> None:
    session = world.scanned(3, 1, 2)
    assert [info.number for info in session.pages()] == [1, 2, 3]
    assert [info.sha256 for info in session.pages()] == [kit.numbered(n).sha256 for n in (3, 1, 2)]


def test_a_kept_page_can_be_looked_at(world: Any, kit: Any) -> None:
    session = world.scanned(1, 2)
    assert session.picture(2) == kit.picture(2)
    with pytest.raises(NoSuchPage):
        session.picture(3)


def test_a_dropped_page_is_not_in_the_file(world: Any, kit: Any) -> None:
    session = world.scanned(1, 2, 3)
    session.drop_page(2)
    scan = session.finish()
    assert world.pages_in(scan.sha256) == [kit.numbered(1).sha256, kit.numbered(3).sha256]


def test_a_page_can_be_scanned_again_in_its_place(world: Any, kit: Any) -> None:
    session = world.scanned(1, 2, 3)
    session.drop_page(2)
    assert session.add_page(kit.numbered(9), at=2).number == 2
    scan = session.finish()
    assert world.pages_in(scan.sha256) == [kit.numbered(n).sha256 for n in (1, 9, 3)]


@pytest.mark.parametrize("at", [0, 2, 4, -1])
def test_a_page_goes_to_no_place_that_is_taken_or_far(world: Any, kit: Any, at: int) -> None:
    session = world.scanned(1, 2)
    with pytest.raises(NoSuchPage):
        session.add_page(kit.numbered(9), at=at)
    assert len(session.pages()) == 2


def test_the_same_page_twice_is_kept_once(world: Any, kit: Any) -> None:
    session = world.scanned(1, 2)
    assert session.add_page(kit.numbered(1)).number == 1
    assert len(session.pages()) == 2


def test_the_same_picture_at_another_time_is_another_page(world: Any, kit: Any) -> None:
    session = world.scanned(1)
    session.add_page(replace(kit.numbered(1), at_ms=kit.AT_MS + 9))
    assert len(session.pages()) == 2


def test_the_same_key_begins_the_same_material(world: Any, kit: Any) -> None:
    first = world.scanned(1)
    second = world.begin()
    assert second.meta == first.meta
    assert len(second.pages()) == 1
    with pytest.raises(BadScanField, match="another material has it"):
        world.begin(material="other")


def test_the_same_key_after_the_end_begins_anew_and_mixes_nothing_up(world: Any, kit: Any) -> None:
    first = world.scanned(1).finish()
    second = world.scanned(2).finish()
    assert {row.sha256 for row, _ in world.ledger.rows.values()} == {first.sha256, second.sha256}
    assert world.pages_in(second.sha256) == [kit.numbered(2).sha256]


def test_a_cancelled_material_leaves_nothing(world: Any) -> None:
    session = world.scanned(1, 2)
    session.cancel()
    assert list(world.disk.files()) == []
    assert (session.state, session.pages(), world.ledger.rows) == (SessionState.CANCELLED, (), {})
    session.cancel()


@pytest.mark.parametrize("end", ["finish", "cancel"])
def test_the_key_is_overwritten_in_its_place_before_it_is_deleted(world: Any, end: str) -> None:
    session = world.scanned(1)
    key = world.disk.node(world.root / "open" / session.meta.session / "key")
    assert len(set(key.safe_data)) > 8
    getattr(session, end)()
    assert (key.data, key.safe_data) == (bytes(32), bytes(32))


def test_nothing_is_finished_without_a_page(world: Any) -> None:
    with pytest.raises(NoPages):
        world.begin().finish()
    session = world.scanned(1, key="touch-2")
    session.drop_page(1)
    with pytest.raises(NoPages):
        session.finish()


STEPS = {
    Step.ADD: lambda session, kit: session.add_page(kit.numbered(7)),
    Step.DROP: lambda session, kit: session.drop_page(1),
    Step.FINISH: lambda session, kit: session.finish(),
    Step.CANCEL: lambda session, kit: session.cancel(),
}


@pytest.mark.parametrize("state", SessionState)
@pytest.mark.parametrize("step", Step)
def test_every_row_of_the_table_of_states(world: Any, kit: Any, state: SessionState, step: Step) -> None:
    session = world.scanned(1, 2)
    if state is SessionState.FINISHED:
        session.finish()
    elif state is SessionState.CANCELLED:
        session.cancel()
    assert session.state is state
    if step in NEXT[state]:
        STEPS[step](session, kit)
        assert session.state is NEXT[state][step]
    else:
        with pytest.raises(SessionEnded):
            STEPS[step](session, kit)
        assert session.state is state


def test_dropping_a_page_that_is_not_there_is_refused(world: Any) -> None:
    session = world.scanned(1)
    with pytest.raises(NoSuchPage):
        session.drop_page(2)


def test_a_page_is_what_its_hashes_say(world: Any, kit: Any) -> None:
    session, page = world.begin(), kit.numbered(1)
    for wrong in (
        replace(page, sha256="0" * 64),
        replace(page, width=page.width + 1),
        replace(page, height=1),
    ):
        with pytest.raises(PageMismatch):
            session.add_page(wrong)
    with pytest.raises(PageMismatch):
        session.add_page(page, original=b"something else")
    assert session.pages() == ()
    assert world.store.counters["bad_reads"] == 4


def test_a_picture_that_is_none_is_refused_before_anything_is_written(world: Any, kit: Any) -> None:
    session = world.begin()
    before = world.disk.calls
    data = b"%PDF-1.7 this is no picture"
    page = replace(kit.numbered(1), data=data, sha256=kit.sha256_of(data))
    with pytest.raises(PageUnreadable):
        session.add_page(page)
    assert world.disk.calls == before


def test_a_material_has_an_end(world: Any, kit: Any) -> None:
    world.options = StoreOptions(limits=Limits(pages=2))
    world.again()
    session = world.scanned(1, 2)
    with pytest.raises(MaterialFull, match="2 pages"):
        session.add_page(kit.numbered(3))
    assert len(world.pages_in(session.finish().sha256)) == 2


def test_a_material_has_a_size(world: Any, kit: Any) -> None:
    world.options = StoreOptions(limits=Limits(material_bytes=len(kit.picture(1)) + 10))
    world.again()
    session = world.scanned(1)
    with pytest.raises(MaterialFull, match="bytes"):
        session.add_page(kit.numbered(2))


@pytest.mark.parametrize(
    "name", ["张三", "a b", "", "-x", "a/b", "..", "x" * 101, "a\n", "110105199001011234"]
)
def test_an_id_that_could_say_something_of_a_person_is_refused(world: Any, name: str) -> None:
    with pytest.raises(BadScanField) as told:
        world.begin(material=name)
    with pytest.raises(BadScanField):
        world.begin(key=name)
    assert not name or name not in str(told.value)
    assert list(world.disk.files()) == []


@pytest.mark.parametrize("numbers", [(-1, 0), (2**53, 0), (1, -1)])
def test_numbers_are_numbers(world: Any, numbers: tuple[int, int]) -> None:
    with pytest.raises(BadScanField):
        world.store.begin(*numbers, "hukou-ben", key="touch-1")


def test_a_page_s_device_and_time_are_looked_at_too(world: Any, kit: Any) -> None:
    session = world.begin()
    for wrong in (
        replace(kit.numbered(1), device="张三"),
        replace(kit.numbered(1), at_ms=-1),
        replace(kit.numbered(1), at_ms=253_402_300_800_000),
    ):
        with pytest.raises(BadScanField):
            session.add_page(wrong)
    session.add_page(replace(kit.numbered(1), at_ms=253_402_300_799_999))
    session.finish()


def test_without_the_county_s_key_nothing_is_begun(world: Any) -> None:
    def missing() -> Any:
        raise CertificateMissing("/etc/hall/county.crt")

    world.sealer = missing
    with pytest.raises(CertificateMissing):
        world.begin()
    assert list(world.disk.files()) == []


def test_a_key_that_goes_missing_keeps_the_pages_until_it_is_back(world: Any, kit: Any) -> None:
    session = world.scanned(1, 2)

    def missing() -> Any:
        raise CertificateMissing("/etc/hall/county.crt")

    there, world.sealer = world.sealer, missing
    with pytest.raises(CertificateMissing):
        session.finish()
    assert len(session.pages()) == 2
    world.sealer = there
    assert len(world.pages_in(session.finish().sha256)) == 2


def test_a_closed_store_does_nothing(world: Any, kit: Any) -> None:
    session = world.scanned(1)
    world.store.close()
    for step in STEPS.values():
        with pytest.raises(StoreClosed):
            step(session, kit)
    with pytest.raises(StoreClosed):
        world.begin()
    world.store.close()


def test_counters_tell_pages_and_materials(world: Any) -> None:
    world.scanned(1, 2).finish()
    assert world.store.counters.text() == "good_reads=2 writes=1"
