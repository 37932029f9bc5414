"""The simulated printer reads ESC/POS by itself; every vector here is written out by hand."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from halldrivers.printersim.operations import (
    AskPaper,
    AskPrinted,
    AutoStatus,
    Columns,
    Cut,
    Feed,
    Garbage,
    Ignored,
    Initialise,
    LineFeed,
    Operation,
    QrPrint,
    QrSetting,
    QrStore,
    RasterRows,
    Set,
    Style,
    Text,
)
from halldrivers.printersim.parser import CommandParser
from halldrivers.printersim.realtime import ClearBuffers, RealtimeScanner, Recover, StatusQuestion


def parse(data: bytes, parser: CommandParser | None = None) -> list[Operation]:
    parser = parser or CommandParser()
    parser.push(data)
    operations = []
    while (operation := parser.next_operation()) is not None:
        operations.append(operation)
    return operations


@pytest.mark.parametrize(
    ("data", "operation"),
    [
        (b"\x1b\x40", Initialise()),
        (b"\x0a", LineFeed()),
        (b"\x1b\x61\x01", Set(Style.ALIGN, 1)),
        (b"\x1b\x61\x32", Set(Style.ALIGN, 2)),
        (b"\x1b\x45\x01", Set(Style.BOLD, 1)),
        (b"\x1b\x21\x38", Set(Style.MODE, 0x38)),
        (b"\x1d\x21\x11", Set(Style.SIZE, 0x11)),
        (b"\x1c\x21\x0c", Set(Style.HAN_MODE, 0x0C)),
        (b"\x1c\x53\x02\x03", Set(Style.HAN_SPACING, 0x203)),
        (b"\x1c\x28\x41\x02\x00\x30\x01", Set(Style.HAN_FONT, 1)),
        (b"\x1b\x32", Set(Style.LINE_SPACING, -1)),
        (b"\x1b\x33\x18", Set(Style.LINE_SPACING, 24)),
        (b"\x1b\x4d\x31", Set(Style.FONT, 1)),
        (b"\x1b\x64\x03", Feed(lines=3)),
        (b"\x1b\x4a\x50", Feed(dots=80)),
        (b"\x1b\x74\x00", Ignored(b"\x00")),
        (b"\x1d\x56\x00", Cut(feeds=False)),
        (b"\x1d\x56\x42\x03", Cut(feeds=True, feed_dots=3)),
        (b"\x1d\x61\xff", AutoStatus(255)),
        (b"\x1d\x72\x01", AskPaper(1)),
        (b"\x1d\x28\x48\x06\x00\x30\x30\x41\x30\x31\x32", AskPrinted(b"A012")),
        (b"\x1d\x28\x6b\x03\x00\x31\x43\x06", QrSetting(module_dots=6)),
        (b"\x1d\x28\x6b\x03\x00\x31\x45\x31", QrSetting(level="M")),
        (b"\x1d\x28\x6b\x05\x00\x31\x50\x30\x68\x69", QrStore(b"hi")),
        (b"\x1d\x28\x6b\x03\x00\x31\x51\x30", QrPrint()),
        (b"\x1b\x2a\x21\x02\x00\x01\x02\x03\x04\x05\x06", Columns(24, b"\x01\x02\x03\x04\x05\x06", 1)),
        (b"\x10\x04\x01", Ignored(b"\x10\x04\x01")),
        (b"\x1b\x01", Garbage(b"\x1b\x01")),
        (b"\x07", Garbage(b"\x07")),
    ],
)
def test_a_command_is_read(data: bytes, operation: Operation) -> None:
    assert parse(data) == [operation]


def test_chinese_in_kanji_mode_is_read_in_pairs() -> None:
    # 同 CDAC, 心 D0C4, 县 CFD8 in GBK
    assert parse(b"\x1c\x26\xcd\xac\xd0\xc4\xcf\xd8A012\x0a") == [
        Ignored(b"\x1c\x26"),
        Text("同心县", han=True),
        Text("A012", han=False),
        LineFeed(),
    ]


def test_a_han_may_end_in_an_ascii_byte() -> None:
    # 乗 81 5C: the second byte is a backslash
    assert parse(b"\x81\x5c\x41") == [Text("乗", han=True), Text("A", han=False)]


def test_a_four_byte_character_needs_a_gb18030_font() -> None:
    rare = b"\x95\x32\x82\x36"  # U+20000 is 95 32 82 36 in GB18030

    assert parse(rare, CommandParser("gb18030")) == [Text("\U00020000", han=True)]
    assert parse(rare, CommandParser("gbk")) != [Text("\U00020000", han=True)]


def test_without_kanji_mode_the_same_bytes_are_single_characters() -> None:
    operations = parse(b"\x1c\x2e\xcd\xac")

    assert operations[0] == Ignored(b"\x1c\x2e")
    assert all(isinstance(operation, Text) and not operation.han for operation in operations[1:])
    assert sum(len(operation.text) for operation in operations[1:] if isinstance(operation, Text)) == 2


def test_kanji_mode_at_power_on_is_a_property_of_the_model() -> None:
    assert CommandParser(han_at_power_on=True).is_han_mode
    assert not CommandParser(han_at_power_on=False).is_han_mode


def test_initialise_restores_the_kanji_mode_of_power_on() -> None:
    parser = CommandParser(han_at_power_on=True)
    parse(b"\x1c\x2e\x1b\x40", parser)

    assert parser.is_han_mode


def test_a_raster_picture_is_read_whole() -> None:
    rows = bytes(range(6))

    assert parse(b"\x1d\x76\x30\x00\x02\x00\x03\x00" + rows + b"\x0a") == [
        RasterRows(2, rows, True, 1, 1),
        LineFeed(),
    ]


def test_a_half_raster_swallows_what_follows() -> None:
    parser = CommandParser()
    half = b"\x1d\x76\x30\x00\x30\x00\x10\x00" + bytes(48 * 2)

    assert all(isinstance(operation, RasterRows) for operation in parse(half + b"\x1b\x40A013\x0a", parser))
    assert parser.is_inside_picture
    assert parse(bytes(48 * 14 - 7) + b"A014\x0a", parser)[-2:] == [Text("A014", han=False), LineFeed()]


def test_a_picture_that_claims_gigabytes_holds_no_memory() -> None:
    parser = CommandParser()
    parse(b"\x1d\x76\x30\x00\xff\xff\xff\xff" + bytes(200_000), parser)

    assert parser.waiting_bytes < 65536


def test_real_time_questions_are_seen_anywhere_and_in_any_cut() -> None:
    scanner = RealtimeScanner()

    assert scanner.feed(b"\x1d\x76\x30\x00\x10") == []
    assert scanner.feed(b"\x04") == []
    assert scanner.feed(b"\x02") == [StatusQuestion(2)]


def test_a_false_start_does_not_hide_a_real_time_question() -> None:
    assert RealtimeScanner().feed(b"\x10\x10\x04\x01\x10\x04\x10\x04\x04") == [
        StatusQuestion(1),
        StatusQuestion(4),
    ]


def test_recovery_commands_are_seen() -> None:
    assert RealtimeScanner().feed(b"\x10\x05\x01\x10\x05\x02\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08") == [
        Recover(clears=False),
        Recover(clears=True),
        ClearBuffers(),
    ]


def joined(operations: list[Operation]) -> list[object]:
    """Neighbouring texts and rows as one, because the cut of the bytes cuts them too."""
    result: list[object] = []
    for operation in operations:
        last = result[-1] if result else None
        if isinstance(operation, Text) and isinstance(last, Text) and operation.han == last.han:
            result[-1] = Text(last.text + operation.text, last.han)
        elif isinstance(operation, RasterRows) and isinstance(last, RasterRows) and not operation.first:
            result[-1] = RasterRows(last.width_bytes, last.data + operation.data, last.first, 1, 1)
        else:
            result.append(operation)
    return result


JOB = (
    b"\x1b\x40\x1c\x26\x1d\x21\x11\xcd\xac\xd0\xc4A012\x0a\x1d\x76\x30\x00\x02\x00\x03\x00abcdef"
    b"\x1d\x28\x6b\x05\x00\x31\x50\x30hi\x1d\x28\x6b\x03\x00\x31\x51\x30\x1d\x56\x42\x00\x1d\x72\x01"
)


@settings(deadline=None)
@given(st.lists(st.integers(0, len(JOB)), max_size=8))
def test_the_cut_of_the_bytes_does_not_change_what_is_read(cuts: list[int]) -> None:
    parser = CommandParser()
    operations = []
    edges = [0, *sorted(cuts), len(JOB)]
    for begin, end in pairwise(edges):
        operations += parse(JOB[begin:end], parser)

    assert joined(operations) == joined(parse(JOB))


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_make_the_parser_raise_or_stand_still(data: bytes) -> None:
    parser = CommandParser()
    parser.push(data)
    for _ in range(len(data) + 1):
        before = parser.waiting_bytes
        if parser.next_operation() is None:
            break
        assert parser.waiting_bytes < before


HAN = "票".encode("gbk")


def texts(data: bytes, parser: CommandParser) -> list[str]:
    return [one.text for one in parse(data, parser) if isinstance(one, Text)]


def test_a_make_that_switches_han_mode_late_does_so_with_the_line_feed() -> None:
    parser = CommandParser("gbk", han_at_power_on=False, han_from_next_line=True)
    garbled = HAN.decode("cp437")

    assert texts(b"\x1c&" + HAN + b"\x0a" + HAN + b"\x0a", parser) == [garbled, "票"]
    assert texts(b"\x1c." + HAN + b"\x0a" + HAN, parser) == ["票", garbled]


@pytest.mark.parametrize("forget", [b"\x1b@", None])
def test_a_late_switch_that_is_pending_is_forgotten_with_everything_else(forget: bytes | None) -> None:
    parser = CommandParser("gbk", han_at_power_on=False, han_from_next_line=True)
    parse(b"\x1c&", parser)
    if forget is None:
        parser.clear()

    assert texts((forget or b"") + b"\x0a" + HAN, parser) == [HAN.decode("cp437")]
