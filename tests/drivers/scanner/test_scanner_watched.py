"""When a file of a watched folder is a page: whatever its writer does, whole, once, and in order."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from halldrivers.scanner.pagefile import Content
from halldrivers.scanner.watched import (
    HALF_S,
    Decision,
    FolderWatch,
    Reason,
    Seen,
    by_number,
    is_ignored,
)

STEADY_S = 2.0
WHOLE, HALF, FOREIGN = Content("image/jpeg", True), Content("image/jpeg", False), Content("", False)
SIZE = 1000


def seen(name: str = "scan.jpg", inode: int = 1, size: int = SIZE, mtime_ns: int = 1) -> Seen:
    return Seen(name, inode, size, mtime_ns)


@dataclass
class Desk:
    """A watch with a clock, and what it decided."""

    content: dict[int, Content | None] = field(default_factory=dict)
    now_s: float = 100.0
    watch: FolderWatch = field(default_factory=lambda: FolderWatch(STEADY_S, most_bytes=10_000))
    inspected: int = 0

    def look(self, *listing: Seen, after_s: float = 0.0) -> list[Decision]:
        self.now_s += after_s
        return self.watch.look(self.now_s, listing, self._inspect)

    def _inspect(self, seen: Seen) -> Content | None:
        self.inspected += 1
        return self.content.get(seen.inode, WHOLE)


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_a_file_is_taken_when_it_has_been_steady(desk: Desk) -> None:
    assert desk.look(seen()) == []
    assert desk.look(seen(), after_s=1.9) == []
    assert desk.inspected == 0
    assert desk.look(seen(), after_s=0.1) == [Decision(seen())]
    assert not desk.watch.is_waiting


@pytest.mark.parametrize("changed", [seen(size=1001), seen(mtime_ns=2), seen(name="scan.pdf")])
def test_every_change_begins_the_wait_anew(desk: Desk, changed: Seen) -> None:
    desk.look(seen())
    assert desk.look(changed, after_s=1.9) == []
    assert desk.look(changed, after_s=1.9) == []
    assert desk.look(changed, after_s=0.1) == [Decision(changed)]


def test_a_file_that_is_renamed_when_it_is_whole_is_taken_once_under_its_last_name(desk: Desk) -> None:
    desk.content[1] = HALF
    for step in range(5):
        assert desk.look(seen("upload.tmp", size=200 * step), after_s=1.0) == []
    desk.content[1] = WHOLE
    desk.look(seen("scan.jpg"), after_s=1.0)
    assert desk.look(seen("scan.jpg"), after_s=2.0) == [Decision(seen("scan.jpg"))]


@pytest.mark.parametrize(
    ("content", "size", "reason"),
    [
        (HALF, SIZE, Reason.HALF),
        (FOREIGN, SIZE, Reason.FOREIGN),
        (FOREIGN, 0, Reason.EMPTY),
        (None, SIZE, Reason.UNREADABLE),
    ],
)
def test_what_is_no_page_is_set_aside_with_its_reason_but_not_at_once(
    desk: Desk, content: Content | None, size: int, reason: Reason
) -> None:
    desk.content[1] = content
    file = seen(size=size)
    desk.look(file)
    assert desk.look(file, after_s=HALF_S - 0.1) == []
    assert desk.look(file, after_s=0.1) == [Decision(file, reason)]


def test_a_half_file_whose_writer_goes_on_is_taken_in_the_end(desk: Desk) -> None:
    desk.content[1] = HALF
    desk.look(seen(size=400))
    desk.look(seen(size=400), after_s=HALF_S - 1)
    desk.content[1] = WHOLE
    desk.look(seen(), after_s=0.5)
    assert desk.look(seen(), after_s=2.0) == [Decision(seen())]


def test_a_huge_file_is_set_aside_without_a_look_into_it(desk: Desk) -> None:
    huge = seen(size=10_001)
    desk.look(huge)
    assert desk.look(huge, after_s=2.0) == [Decision(huge, Reason.HUGE)]
    assert desk.inspected == 0


def test_a_link_or_a_pipe_is_never_opened(desk: Desk) -> None:
    link = replace(seen(), is_file=False)
    assert desk.look(link) == [Decision(link, Reason.NO_FILE)]
    assert desk.inspected == 0


def test_files_of_one_moment_come_in_the_order_of_their_numbers(desk: Desk) -> None:
    files = [seen(f"scan{number}.jpg", inode) for inode, number in enumerate((10, 2, 1, 11))]
    desk.look(*files)
    names = [decision.seen.name for decision in desk.look(*files, after_s=2.0)]
    assert names == ["scan1.jpg", "scan2.jpg", "scan10.jpg", "scan11.jpg"]


def test_a_small_second_page_waits_for_a_large_first_one(desk: Desk) -> None:
    first, second = seen("a.jpg", 1), seen("b.jpg", 2)
    desk.look(first)
    desk.look(replace(first, size=2000), second, after_s=1.0)
    assert desk.look(replace(first, size=3000), second, after_s=2.0) == []
    assert [decision.seen.name for decision in desk.look(replace(first, size=3000), second, after_s=2.0)] == [
        "a.jpg",
        "b.jpg",
    ]


def test_a_file_that_its_writer_takes_back_is_forgotten(desk: Desk) -> None:
    desk.look(seen())
    assert desk.look(after_s=1.0) == []
    assert not desk.watch.is_waiting
    desk.look(seen(), after_s=5.0)
    assert desk.look(seen(), after_s=1.9) == []


@pytest.mark.parametrize("name", ["Thumbs.db", "desktop.ini", ".DS_Store"])
def test_what_a_system_puts_there_is_left_alone(name: str) -> None:
    assert is_ignored(name)
    assert not is_ignored("scan.jpg")


def test_numbers_in_names_count_as_people_count() -> None:
    assert sorted(["s10", "s9", "s", "t1", "s9b"], key=by_number) == ["s", "s9", "s9b", "s10", "t1"]


# --- any writer ----------------------------------------------------------------------------------


@dataclass
class Writer:
    """What a machine does to one file, step by step: sizes, pauses, a rename at the end."""

    inode: int
    starts_s: float
    steps: list[tuple[float, int]]
    """Seconds of pause, then the size that it has; whole at SIZE."""
    renames: bool

    def at(self, now_s: float) -> Seen | None:
        if now_s < self.starts_s:
            return None
        time_s, size, changed_ns = self.starts_s, 0, 0
        for pause_s, grown in self.steps:
            time_s += pause_s
            if time_s > now_s:
                break
            size, changed_ns = grown, int(time_s * 1e9)
        is_done = size == SIZE
        name = f"{self.inode:03d}.{'tmp' if self.renames and not is_done else 'jpg'}"
        return Seen(name, self.inode, size, changed_ns)


writers = st.builds(
    lambda starts, pauses, cuts, renames: (starts, pauses, sorted(cuts), renames),
    st.floats(0, 20),
    st.lists(st.floats(0, 40), min_size=6, max_size=6),
    st.lists(st.integers(1, SIZE - 1), max_size=5),
    st.booleans(),
)


@settings(max_examples=80, deadline=None)
@given(st.lists(writers, min_size=1, max_size=4))
def test_whatever_its_writers_do_a_page_is_whole_and_decided_once(shapes: list[tuple]) -> None:  # type: ignore[type-arg]
    made = [
        Writer(inode, starts, list(zip(pauses, [*cuts, SIZE], strict=False)), renames)
        for inode, (starts, pauses, cuts, renames) in enumerate(shapes, 1)
    ]
    watch, gone, now_s = FolderWatch(STEADY_S), {}, 0.0
    patience_s = max(writer.starts_s + sum(pause for pause, _ in writer.steps) for writer in made)
    while now_s < patience_s + 4 * HALF_S + 10:
        listing = [
            here for writer in made if writer.inode not in gone and (here := writer.at(now_s)) is not None
        ]
        for decision in watch.look(now_s, listing, lambda file: WHOLE if file.size == SIZE else HALF):
            assert decision.seen.inode not in gone
            gone[decision.seen.inode] = decision
            if decision.reason is None:
                assert decision.seen.size == SIZE
                assert decision.seen.name.endswith(".jpg")
            else:
                assert decision.reason in (Reason.HALF, Reason.EMPTY)
                assert any(pause > HALF_S - 1 for pause, _ in made[decision.seen.inode - 1].steps)
        now_s += 0.5
    assert sorted(gone) == [writer.inode for writer in made]
