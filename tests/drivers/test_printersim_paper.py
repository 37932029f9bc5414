"""The simulated paper: wrapping, sizes, pictures, and how a slip looks."""

import time
from pathlib import Path

import pytest
import zxingcpp

from halldrivers.printersim import CHINESE_58, PrinterSim, Slip, draw_slip
from halldrivers.printersim.draw import MARGIN_DOTS
from halldrivers.printersim.paper import Align, QrBlock, RasterBlock, TextLine
from halldrivers.printersim.slipfiles import SlipFiles

CUT = b"\x1d\x56\x00"
QR = (
    b"\x1d\x28\x6b\x04\x00\x31\x41\x32\x00\x1d\x28\x6b\x03\x00\x31\x43\x06\x1d\x28\x6b\x03\x00\x31\x45\x31"
    b"\x1d\x28\x6b\x0d\x00\x31\x50\x30HALL-7f3a9\x1d\x28\x6b\x03\x00\x31\x51\x30"
)
TONGXIN = b"\xcd\xac\xd0\xc4\xcf\xd8"  # 同心县


def printed(data: bytes, width_mm: int = 80) -> Slip:
    sim = PrinterSim(width_mm, clock=time.monotonic)
    sim.receive(data + CUT)
    assert sim.garbage == ()
    return sim.slips[-1]


def lines(slip: Slip) -> list[TextLine]:
    return [line for line in slip.lines if isinstance(line, TextLine)]


@pytest.mark.parametrize(("width_mm", "cells"), [(58, 32), (80, 48)])
def test_ascii_wraps_at_the_cells_of_the_paper(width_mm: int, cells: int) -> None:
    slip = printed(b"x" * (cells + 1) + b"\x0a", width_mm)

    assert [len(line.text) for line in lines(slip)] == [cells, 1]


@pytest.mark.parametrize(("width_mm", "han"), [(58, 16), (80, 24)])
def test_han_take_two_cells_each(width_mm: int, han: int) -> None:
    slip = printed(b"\xcd\xac" * (han + 1) + b"\x0a", width_mm)

    assert [len(line.text) for line in lines(slip)] == [han, 1]


def test_a_han_is_never_split_between_lines() -> None:
    slip = printed(b"x" * 31 + TONGXIN + b"\x0a", 58)

    assert slip.text() == "x" * 31 + "\n同心县"


def test_double_width_halves_the_line() -> None:
    assert [len(line.text) for line in lines(printed(b"\x1d\x21\x10" + b"x" * 25 + b"\x0a"))] == [24, 1]


def test_the_last_size_command_wins_for_han() -> None:
    slip = printed(b"\x1d\x21\x11\x1c\x21\x00" + TONGXIN + b"A\x0a")
    han, ascii_run = lines(slip)[0].runs

    assert (han.width_mul, han.height_mul) == (1, 1)
    assert (ascii_run.width_mul, ascii_run.height_mul) == (2, 2)


def test_sizes_hold_until_they_are_reset() -> None:
    slip = printed(b"\x1c\x21\x0c" + TONGXIN + b"\x0a" + TONGXIN + b"\x0a\x1b\x40" + TONGXIN + b"\x0a")

    assert [line.runs[0].width_mul for line in lines(slip)] == [2, 2, 1]


def test_alignment_counts_only_at_the_beginning_of_a_line() -> None:
    slip = printed(b"a\x1b\x61\x01b\x0a\x1b\x61\x01c\x0a")

    assert [line.align for line in lines(slip)] == [Align.LEFT, Align.CENTRE]


def test_line_spacing_moves_the_paper() -> None:
    assert lines(printed(b"\x1b\x33\x50a\x0a"))[0].height_dots == 80
    assert lines(printed(b"\x1b\x33\x00a\x0a"))[0].height_dots == 24


def test_feeding_adds_length() -> None:
    assert printed(b"a\x1b\x64\x05").height_dots == 150
    assert printed(b"\x1b\x4a\x50").height_dots == 80


def test_a_picture_keeps_its_dots() -> None:
    rows = bytes(range(100)) * 2
    (block,) = printed(b"\x1d\x76\x30\x00\x04\x00\x32\x00" + rows).lines

    assert block == RasterBlock(32, 50, rows, Align.LEFT)


def test_a_doubled_picture_is_twice_as_large() -> None:
    (block,) = printed(b"\x1d\x76\x30\x03\x01\x00\x01\x00\xa1").lines

    assert block == RasterBlock(16, 2, b"\xcc\x03" * 2, Align.LEFT)


def test_a_column_picture_is_turned_upright() -> None:
    block = printed(b"\x1b\x33\x18\x1b\x2a\x21\x08\x00" + b"\x80\x00\x01" * 8 + b"\x0a").lines[0]

    assert block == RasterBlock(8, 24, b"\xff" + bytes(22) + b"\xff", Align.LEFT)


def test_a_code_keeps_its_data() -> None:
    (block,) = printed(QR).lines

    assert isinstance(block, QrBlock)
    assert (block.data, block.module_dots, block.level, block.modules) == (b"HALL-7f3a9", 6, "M", 21)


def test_without_a_cutter_the_paper_hangs_until_it_is_torn() -> None:
    sim = PrinterSim(58, CHINESE_58, clock=time.monotonic)
    sim.receive(b"A012\x0a" + CUT)

    assert sim.slips == ()
    assert sim.hanging.text() == "A012"
    assert not sim.hanging.cut


def test_paper_comes_out_line_by_line_as_time_passes() -> None:
    now = [0.0]
    sim = PrinterSim(80, clock=lambda: now[0], dots_per_s=300)
    sim.receive(b"a\x0ab\x0ac\x0a" + CUT)

    seen = []
    for instant in (0.0, 0.11, 0.21, 0.31):
        now[0] = instant
        seen.append((len(sim.hanging.lines), len(sim.slips)))

    assert seen == [(0, 0), (1, 0), (2, 0), (0, 1)]


def test_a_power_cycle_forgets_the_job_but_not_the_paper() -> None:
    now = [0.0]
    sim = PrinterSim(80, clock=lambda: now[0], dots_per_s=300)
    sim.receive(b"a\x0ab\x0a" + CUT)
    now[0] = 0.15
    sim.tick()
    sim.power_cycle()
    now[0] = 9.0

    assert sim.slips == ()
    assert sim.hanging.text() == "a"


@pytest.mark.parametrize(("width_mm", "dots"), [(58, 384), (80, 576)])
def test_the_picture_is_one_pixel_a_dot_with_a_margin(width_mm: int, dots: int) -> None:
    slip = printed(b"a\x0a", width_mm)

    assert draw_slip(slip).size == (dots + 2 * MARGIN_DOTS, 30 + 2 * MARGIN_DOTS)


def test_the_code_in_the_picture_can_be_read() -> None:
    slip = printed(b"\x1b\x61\x01\x1d\x21\x11" + TONGXIN + b"\x1d\x21\x00\x0a\x0a" + QR + b"\x0a\x0a")

    assert [code.text for code in zxingcpp.read_barcodes(draw_slip(slip))] == ["HALL-7f3a9"]


def test_drawn_han_stand_where_the_alignment_says() -> None:
    slip = printed(b"\x1b\x61\x01\x1c\x21\x0c" + TONGXIN + b"\x0a")
    inked = (
        draw_slip(slip).crop((4, 4, 576 + 2 * MARGIN_DOTS - 4, 60)).point(lambda value: 255 * (value < 128))
    )
    left, _, right, _ = inked.getbbox() or (0, 0, 0, 0)

    assert 120 <= right - left <= 6 * 24
    assert abs((left + right) / 2 + 4 - (576 / 2 + MARGIN_DOTS)) < 4


def test_bold_and_reverse_put_more_ink_on_the_paper() -> None:
    def ink(data: bytes) -> int:
        return sum(value < 128 for value in draw_slip(printed(data)).tobytes())

    plain = ink(b"A012\x0a")
    assert ink(b"\x1b\x45\x01A012\x0a") > plain
    assert ink(b"\x1d\x42\x01A012\x0a") > 2 * plain
    assert ink(b"\x1d\x21\x11A012\x0a") == 4 * plain


def test_each_slip_is_kept_as_picture_and_text(tmp_path: Path) -> None:
    sim = PrinterSim(58, clock=time.monotonic)
    sim.on_slip(SlipFiles(tmp_path / "slips").save)
    sim.receive(TONGXIN + b" A012\x0a" + CUT + b"A013\x0a" + CUT)

    assert sorted(path.name for path in (tmp_path / "slips").iterdir()) == [
        "slip-0001.png",
        "slip-0001.txt",
        "slip-0002.png",
        "slip-0002.txt",
    ]
    assert (tmp_path / "slips/slip-0001.txt").read_text(encoding="utf-8") == "同心县 A012\n"


def test_slip_numbers_go_on_after_a_restart(tmp_path: Path) -> None:
    for _ in range(2):
        sim = PrinterSim(58, clock=time.monotonic)
        sim.on_slip(SlipFiles(tmp_path).save)
        sim.receive(b"A012\x0a" + CUT)

    assert len(list(tmp_path.glob("slip-*.png"))) == 2
