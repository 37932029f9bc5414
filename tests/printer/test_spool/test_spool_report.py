"""What the hall is told of the printer, and that it goes on being told."""

from __future__ import annotations

from typing import Any

from halldrivers.errors import DeviceState
from halldrivers.status import DeviceStatus
from hallprinter.spooler_report import Reporter
from hallqueue.errors import DeviceHeld, KeeperGone

ONLINE = DeviceStatus(DeviceState.ONLINE)


class Hall:
    """Writes down what it is told; ``knows`` is what it answers to whoever attends."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str]] = []
        self.attended: list[tuple[str, str, str]] = []
        self.knows: bool | Exception = True

    def report_device(self, device: str, *, key: str, **what: Any) -> None:
        self.told.append((key, what["state"]))

    def attend_device(self, device: str, *, state: str, code: str = "") -> bool:
        self.attended.append((device, state, code))
        if isinstance(self.knows, Exception):
            raise self.knows
        return self.knows


def reporter(hall: Hall) -> Reporter:
    made = Reporter(hall, "printer", "printer", "boot")  # type: ignore[arg-type]
    made.note(ONLINE)
    made.tell()
    assert [state for _, state in hall.told] == ["online"]
    return made


def test_a_printer_whose_record_is_right_is_attended_and_told_no_more() -> None:
    hall = Hall()
    made = reporter(hall)
    made.attend()
    made.tell()
    assert hall.attended == [("printer", "online", "")]
    assert len(hall.told) == 1


def test_a_record_that_is_wrong_is_told_anew_under_another_key() -> None:
    hall = Hall()
    made = reporter(hall)
    hall.knows = False
    made.attend()
    made.tell()
    assert [state for _, state in hall.told] == ["online", "online"]
    assert len({key for key, _ in hall.told}) == 2, "the old key would get the old answer"


def test_a_keeper_that_is_away_or_refuses_stops_nothing() -> None:
    hall = Hall()
    made = reporter(hall)
    for hall.knows in (KeeperGone(path="x"), DeviceHeld(device="printer", pid=1)):
        made.attend()
        made.tell()
    assert len(hall.told) == 1


def test_nothing_is_attended_before_anything_was_told() -> None:
    hall = Hall()
    Reporter(hall, "printer", "printer", "boot").attend()  # type: ignore[arg-type]
    assert hall.attended == []
