"""What stands on the display."""

from __future__ import annotations

from typing import Any

import pytest

from hallkiosk.caller.display import error_code, letter_place
from hallkiosk.caller.errors import CallerUnanswered
from hallqueue.errors import (
    HallError,
    KeeperFault,
    KeeperGone,
    QueueEmpty,
    RecallLimit,
    Refused,
    StorageFull,
    Trouble,
)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (QueueEmpty(window=1), "E10"),
        (RecallLimit(number="A001", limit=2), "E15"),
        (KeeperGone(path=""), "F07"),
        (StorageFull(), "F01"),
        (KeeperFault(), "F10"),
        (CallerUnanswered(seconds=20), "F30"),
    ],
)
def test_codes_in_three_places(error: HallError, code: str) -> None:
    assert error_code(error) == code


def test_no_two_errors_share_a_code_on_the_display() -> None:
    def leaves(kind: type[HallError]) -> list[type[HallError]]:
        below = [leaf for child in kind.__subclasses__() for leaf in leaves(child)]
        return below or [kind]

    queue = [e for kind in (Refused, Trouble) for e in leaves(kind) if e.code[:1] in "QS"]
    shown = [error_code(kind()) for kind in [*queue, CallerUnanswered]]
    assert len(set(shown)) == len(shown)
    assert all(len(code) == 3 for code in shown)


@pytest.mark.parametrize(
    ("number", "place"), [("A012", 1), ("b1", 2), ("Z1000", 26), ("AB01", 1), ("12", 0), ("", 0)]
)
def test_the_letter_s_place_in_the_alphabet(number: str, place: int) -> None:
    assert letter_place(number) == place


def test_a_keypad_that_comes_back_is_shown_the_same_picture_again(at_work: Any) -> None:
    """It may have lost its power, or be another one."""
    before = list(at_work.pictures)
    at_work.take_in(at_work.desk.lost(at_work.now_s))
    at_work.take_in(at_work.desk.back(at_work.now_s))
    assert at_work.pictures == [*before, before[-1]]
