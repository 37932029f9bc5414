"""The meaning of the status bits; the vectors are those of the manuals (Epson, Citizen, Bixolon)."""

import pytest

from halldrivers.errors import Actor, DeviceState, Fault
from halldrivers.printerline import Cover, Cutter, ErrorState, Online, Paper, PrinterStatus
from halldrivers.printerline.answers import AsbGroup, Query
from halldrivers.printerline.status import SILENT, from_asb, from_realtime


def realtime(printer: int, offline: int, error: int, paper: int) -> PrinterStatus:
    return from_realtime(
        {Query.PRINTER: printer, Query.OFFLINE_CAUSE: offline, Query.ERROR_CAUSE: error, Query.PAPER: paper}
    )


def first_fault(status: PrinterStatus) -> Fault:
    assert status.fault is not None
    return status.fault


HEALTHY = PrinterStatus(Online.ONLINE, Cover.CLOSED, Paper.FULL, Cutter.OK, ErrorState.NONE)


@pytest.mark.parametrize("printer", [0x12, 0x16])
def test_a_healthy_printer_is_online_whatever_its_drawer(printer: int) -> None:
    status = realtime(printer, 0x12, 0x12, 0x12)

    assert status == HEALTHY
    assert status.state is DeviceState.ONLINE
    assert status.faults == ()


def test_cover_open_is_the_clerks() -> None:
    status = realtime(0x1A, 0x16, 0x12, 0x12)

    assert status.cover is Cover.OPEN
    assert status.state is DeviceState.FAULT
    assert (first_fault(status).code, first_fault(status).who) == ("P-03", Actor.CLERK)


def test_paper_out_is_the_clerks() -> None:
    status = realtime(0x1A, 0x32, 0x12, 0x72)

    assert status.paper is Paper.OUT
    assert (first_fault(status).code, first_fault(status).who) == ("P-02", Actor.CLERK)


def test_paper_out_by_either_answer_counts() -> None:
    assert realtime(0x12, 0x32, 0x12, 0x12).paper is Paper.OUT
    assert realtime(0x12, 0x12, 0x12, 0x72).paper is Paper.OUT


@pytest.mark.parametrize(("offline", "paper"), [(0x16, 0x72), (0x36, 0x12), (0x36, 0x72), (0x16, 0x1E)])
def test_with_the_cover_open_the_paper_bits_are_not_believed(offline: int, paper: int) -> None:
    status = realtime(0x1A, offline, 0x12, paper)

    assert status.paper is Paper.UNKNOWN
    assert [fault.code for fault in status.faults] == ["P-03"]


def test_without_word_of_the_cover_the_paper_bits_are_believed() -> None:
    assert from_realtime({Query.PAPER: 0x72}).paper is Paper.OUT


@pytest.mark.parametrize(
    ("paper", "expected"), [(0x16, Paper.LOW), (0x1A, Paper.LOW), (0x32, Paper.OUT), (0x52, Paper.OUT)]
)
def test_one_bit_of_a_pair_is_enough(paper: int, expected: Paper) -> None:
    assert realtime(0x12, 0x12, 0x12, paper).paper is expected


@pytest.mark.parametrize(
    ("third", "expected"), [(0x01, Paper.LOW), (0x02, Paper.LOW), (0x04, Paper.OUT), (0x08, Paper.OUT)]
)
def test_one_bit_of_a_pair_in_an_automatic_status_is_enough(third: int, expected: Paper) -> None:
    assert from_asb(AsbGroup(bytes((0x10, 0x00, third, 0x00)))).paper is expected


def test_a_recoverable_error_is_the_clerks() -> None:
    status = realtime(0x1A, 0x52, 0x16, 0x12)

    assert status.error is ErrorState.RECOVERABLE
    assert (first_fault(status).code, first_fault(status).who) == ("P-09", Actor.CLERK)


def test_a_hand_on_the_feed_button_is_no_fault() -> None:
    assert realtime(0x12, 0x1A, 0x12, 0x12) == HEALTHY


def test_a_jammed_cutter_is_told_from_other_errors() -> None:
    status = realtime(0x1A, 0x52, 0x1A, 0x12)

    assert status.cutter is Cutter.JAMMED
    assert [fault.code for fault in status.faults] == ["P-04"]


def test_low_paper_warns_and_prints_on() -> None:
    status = realtime(0x12, 0x12, 0x12, 0x1E)

    assert status.paper is Paper.LOW
    assert status.state is DeviceState.ONLINE
    assert status.fault is None
    assert [fault.code for fault in status.warnings] == ["P-07"]


def test_a_hot_head_heals_by_itself() -> None:
    status = realtime(0x1A, 0x52, 0x52, 0x12)

    assert status.state is DeviceState.BUSY
    assert first_fault(status).who is Actor.NOBODY


def test_an_unrecoverable_error_is_the_vendors() -> None:
    assert first_fault(realtime(0x1A, 0x52, 0x32, 0x12)).who is Actor.VENDOR


def test_offline_without_a_cause_is_offline() -> None:
    status = realtime(0x1A, 0x12, 0x12, 0x12)

    assert status.state is DeviceState.OFFLINE
    assert first_fault(status).code == "P-08"


def test_silence_is_unknown_and_neither_empty_nor_fine() -> None:
    assert SILENT.paper is Paper.UNKNOWN
    assert SILENT.state is DeviceState.UNKNOWN
    assert not SILENT.blocks_printing
    assert first_fault(SILENT).code == "P-01"


def test_a_question_without_an_answer_leaves_its_fields_unknown() -> None:
    status = from_realtime({Query.PAPER: 0x12})

    assert status.paper is Paper.FULL
    assert status.cover is Cover.UNKNOWN
    assert status.state is DeviceState.UNKNOWN


@pytest.mark.parametrize(
    ("group", "expected"),
    [
        ("10000000", HEALTHY),
        ("14000000", HEALTHY),
        ("10000300", PrinterStatus(Online.ONLINE, Cover.CLOSED, Paper.LOW, Cutter.OK, ErrorState.NONE)),
        ("18000f00", PrinterStatus(Online.OFFLINE, Cover.CLOSED, Paper.OUT, Cutter.OK, ErrorState.NONE)),
        ("38000000", PrinterStatus(Online.OFFLINE, Cover.OPEN, Paper.UNKNOWN, Cutter.OK, ErrorState.NONE)),
        ("18080000", PrinterStatus(Online.OFFLINE, Cover.CLOSED, Paper.FULL, Cutter.JAMMED, ErrorState.NONE)),
        (
            "18040000",
            PrinterStatus(Online.OFFLINE, Cover.CLOSED, Paper.FULL, Cutter.OK, ErrorState.RECOVERABLE),
        ),
        ("10010000", HEALTHY),  # waits for a hand on its feed button
        ("10020000", HEALTHY),  # feed button pressed
        ("50000000", HEALTHY),  # feeding by that button
        ("18200000", PrinterStatus(Online.OFFLINE, Cover.CLOSED, Paper.FULL, Cutter.OK, ErrorState.FATAL)),
        ("18400000", PrinterStatus(Online.OFFLINE, Cover.CLOSED, Paper.FULL, Cutter.OK, ErrorState.HEALING)),
    ],
)
def test_an_automatic_status_tells_everything_at_once(group: str, expected: PrinterStatus) -> None:
    assert from_asb(AsbGroup(bytes.fromhex(group))) == expected


def test_every_fault_says_what_to_do_in_both_languages() -> None:
    for status in (
        SILENT,
        realtime(0x1A, 0x32, 0x7E, 0x72),
        realtime(0x1A, 0x16, 0x12, 0x12),
        realtime(0x1A, 0x12, 0x12, 0x12),
    ):
        for fault in status.faults:
            assert all(
                (fault.code, fault.what_zh, fault.what_en, fault.remedy_zh, fault.remedy_en, fault.who.zh)
            )
