"""Any order of scanning, dropping, finishing, cutting, acknowledging and sweeping, against a simple model."""

from __future__ import annotations

import errno
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from halldrivers.scanstore.errors import NoPages, StoreError
from halldrivers.scanstore.kepterrors import LedgerAway
from halldrivers.scanstore.ledger import ScanState

KEYS = st.integers(0, 3)
PAGES = st.integers(1, 12)


def broken(what: str) -> Exception:
    return LedgerAway("timeout") if what == "ledger" else OSError(errno.EIO, "Input/output error")


@dataclass
class Material:
    """What somebody who watched would say of one material."""

    pages: dict[int, str] = field(default_factory=dict)
    """Hash by number: kept for certain."""
    maybe: dict[int, str | None] = field(default_factory=dict)
    """What may be there instead, after an operation that did not answer."""
    ending: str = ""
    """``finish`` or ``cancel``: it was under way and did not answer."""


class ScanHall(RuleBasedStateMachine):
    """A store on a disk that forgets. ``kit`` is set on the subclass of the test."""

    kit: Any

    def __init__(self) -> None:
        super().__init__()
        root = Path("/hall/scans")
        self.world = self.kit.World(root, self.kit.PowerDisk(root), self.kit.ToySealer, self.kit.toy_unseal)
        self.world.ledger.before = self.world.disk.step
        self.materials: dict[str, Material] = {}
        self.finished: dict[str, list[str]] = {}
        """Hashes of the pages of what was certainly finished, by session."""
        self.sessions: dict[str, Any] = {}
        self.cuts = 0

    @initialize()
    def start(self) -> None:
        self.world.open()

    # what people do

    @rule(key=KEYS)
    def begin(self, key: int) -> None:
        name = f"touch-{key}"

        def step() -> None:
            session = self.world.begin(name)
            if session.state == "finished":  # it waits for the keeper, and its key is still taken
                assert session.meta.session in self.finished
                return
            self.sessions[name] = session
            self.materials.setdefault(name, Material())

        self.attempt(name, step)

    @rule(key=KEYS, numbers=st.lists(PAGES, min_size=1, max_size=4, unique=True))
    def scan(self, key: int, numbers: list[int]) -> None:
        self.begin(key)
        for number in numbers:
            if f"touch-{key}" in self.sessions:
                self.add(f"touch-{key}", number)

    @precondition(lambda self: self.sessions)
    @rule(data=st.data(), number=PAGES)
    def scan_one_more(self, data: Any, number: int) -> None:
        self.add(data.draw(st.sampled_from(sorted(self.sessions))), number)

    def add(self, name: str, number: int) -> None:
        material, page = self.materials[name], self.kit.numbered(number)

        def step() -> None:
            info = self.sessions[name].add_page(page)
            material.maybe.clear()
            material.pages[info.number] = page.sha256

        material.maybe = {max(material.pages, default=0) + 1: page.sha256}
        self.attempt(name, step)

    @precondition(lambda self: any(material.pages for material in self.materials.values()))
    @rule(data=st.data())
    def drop(self, data: Any) -> None:
        name = data.draw(st.sampled_from(sorted(n for n, m in self.materials.items() if m.pages)))
        material = self.materials[name]
        number = data.draw(st.sampled_from(sorted(material.pages)))
        sha256 = material.pages.pop(number)
        material.maybe = {number: sha256}

        def step() -> None:
            self.sessions[name].drop_page(number)
            material.maybe.clear()

        self.attempt(name, step)

    @precondition(lambda self: self.sessions)
    @rule(data=st.data())
    def finish(self, data: Any) -> None:
        full = [name for name, material in self.materials.items() if material.pages]
        name = data.draw(st.sampled_from(sorted(full or self.sessions)))
        self.materials[name].ending = "finish"

        def step() -> None:
            scan = self.sessions[name].finish()
            assert not scan.interrupted
            self.settle(name, scan)

        self.attempt(name, step)

    @precondition(lambda self: self.sessions)
    @rule(data=st.data())
    def cancel(self, data: Any) -> None:
        name = data.draw(st.sampled_from(sorted(self.sessions)))
        self.materials[name].ending = "cancel"

        def step() -> None:
            self.sessions[name].cancel()
            del self.sessions[name], self.materials[name]

        self.attempt(name, step)

    # what happens

    @rule(after=st.integers(1, 25))
    def set_a_cut(self, after: int) -> None:
        self.world.disk.failure = lambda _: self.kit.PowerCut()
        self.world.disk.fail_at = self.world.disk.calls + after

    @rule(after=st.integers(1, 25))
    def set_an_error(self, after: int) -> None:
        self.world.disk.failure = broken
        self.world.disk.fail_at = self.world.disk.calls + after

    @rule(seed=st.integers(0, 2**16))
    def cut_now(self, seed: int) -> None:
        self.recover(seed)

    @rule()
    def restart(self) -> None:
        self.world.disk.fail_at = 0
        self.world.again()
        self.look_again()

    @rule(is_away=st.booleans())
    def keeper(self, is_away: bool) -> None:
        self.world.ledger.is_away = is_away

    @rule(data=st.data())
    def county_acknowledges(self, data: Any) -> None:
        kept = [scan.sha256 for scan, state in self.world.ledger.rows.values() if state is ScanState.KEPT]
        if kept:
            self.world.ledger.acknowledge(data.draw(st.sampled_from(kept)))

    @rule(is_late=st.booleans())
    def sweep(self, is_late: bool) -> None:
        if is_late:
            self.world.now_s += 600

        def step() -> None:
            report = self.world.store.sweep()
            assert {fault.code for fault in report.faults} <= {"L-13", "L-30"}
            self.look_again()

        self.attempt("", step)

    # the model

    def attempt(self, name: str, step: Any) -> None:
        """Do it; after a cut, recover; after an error, look what is there."""
        try:
            step()
        except self.kit.PowerCut:
            self.cuts += 1
            self.recover(self.cuts)
        except NoPages:
            assert not self.materials[name].pages
            self.materials[name].ending = ""
            self.materials[name].maybe = {}
        except StoreError:
            self.world.disk.fail_at = 0
            self.world.again()
            self.look_again()

    def recover(self, seed: int) -> None:
        self.world.disk.cut(seed)
        report = self.world.open()
        assert {fault.code for fault in report.faults} <= {"L-30"}
        assert not [path for path, _ in self.world.disk.files() if "/." in path]
        self.look_again()

    def look_again(self) -> None:
        """What the store says is taken for true, if it is one of the things that may be true."""
        here = {s.meta.key: s for s in self.world.store.sessions() if s.state == "open"}
        for name, session in here.items():
            found = {info.number: info.sha256 for info in session.pages()}
            self.check_pages(name, found)
            self.materials[name] = Material(found)
        for name in set(self.materials) - set(here):
            self.check_end(name)
            self.materials.pop(name, None)
        self.sessions = here

    def check_pages(self, name: str, found: dict[int, str]) -> None:
        material = self.materials.get(name, Material())
        for number, sha256 in material.pages.items():
            assert found.get(number) == sha256, "a page is lost"
        for number in set(found) - set(material.pages):
            assert material.maybe.get(number) == found[number], "a page too many"

    def check_end(self, name: str) -> None:
        """It is not open any more: it was finished, or nothing was to be kept."""
        material = self.materials[name]
        scans = [scan for scan in self.known_scans() if scan.session == self.session_id(name)]
        if scans:
            (scan,) = scans
            self.settle(name, scan)
        else:
            assert material.ending == "cancel" or not material.pages, "a material is lost"

    def session_id(self, name: str) -> str:
        return str(self.sessions[name].meta.session) if name in self.sessions else ""

    def known_scans(self) -> list[Any]:
        waiting = [s.meta.sealed for s in self.world.store.sessions() if s.meta.sealed is not None]
        return waiting + [
            scan
            for scan, _ in self.world.ledger.rows.values()
            if scan.sha256 not in {w.sha256 for w in waiting}
        ]

    def settle(self, name: str, scan: Any) -> None:
        material = self.materials[name]
        found = [page.page for page in scan.pages]
        kept = [material.pages[number] for number in sorted(material.pages)]
        extra = [sha256 for sha256 in found if sha256 not in kept]
        assert [sha256 for sha256 in found if sha256 in kept] == kept, "a page is lost"
        assert set(extra) <= set(material.maybe.values()), "a page too many"
        self.finished[scan.session] = found
        self.sessions.pop(name, None)
        self.materials.pop(name, None)

    @invariant()
    def everything_holds(self) -> None:
        if self.world.disk.is_dead or not self.world.store._room.is_open:
            return
        rows = self.world.ledger.rows.values()
        sessions = [scan.session for scan, _ in rows]
        assert len(set(sessions)) == len(sessions), "recorded twice"
        blobs = self.world.blobs()
        for scan, state in rows:
            if state is ScanState.KEPT:
                assert self.kit.sha256_of(blobs[f"{scan.sha256}.p7m"]) == scan.sha256
            if state is ScanState.WIPED:
                assert f"{scan.sha256}.p7m" not in blobs
        assert self.world.store.aside() == ()

    def teardown(self) -> None:
        """In the end, with keeper and disk well, all that was finished is recorded and nothing waits."""
        self.world.disk.fail_at = 0
        self.world.ledger.is_away = False
        self.world.disk.cut(1)
        assert self.world.open().faults == ()
        recorded = {
            scan.session: [page.page for page in scan.pages] for scan, _ in self.world.ledger.rows.values()
        }
        for session, pages in self.finished.items():
            assert recorded[session] == pages
        for session in self.world.store.sessions():
            assert session.state == "open"
            session.cancel()
        kept = {f"{s.sha256}.p7m" for s, state in self.world.ledger.rows.values() if state is ScanState.KEPT}
        assert set(self.world.blobs()) == kept
        names = [name for name, _ in self.world.disk.files()]
        assert sorted(names) == sorted(f"/scans/sealed/{name}" for name in kept)
        self.world.store.close()


@pytest.mark.parametrize("examples", [40])
def test_no_order_of_events_breaks_the_store(kit: Any, examples: int) -> None:
    machine = type("Machine", (ScanHall,), {"kit": kit})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
