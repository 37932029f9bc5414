"""Slips as cells: what the simulated printer understood, at its size and place."""

import time

import pytest
from rich.cells import cell_len

from halldrivers.printersim import PrinterSim, Slip
from halldrivers.printersim.paper import Align, RasterBlock, TextLine, TextRun
from halldrivers.printersim.pictures import qr_modules
from hallkiosk.deck.papercells import slip_rows
from hallprinter.face import TicketFace
from hallprinter.profile import GENERIC_58, GENERIC_80
from hallprinter.ticket import render_ticket

REFERENCE = "0123456789abcdef0123"
FACE = TicketFace(
    hall_name="同心县清水镇民生服务中心",
    number="A012",
    service_name="居民身份证",
    issued_at="2026-03-02 09:14",
    business_day="2026-03-02",
    reference=REFERENCE,
    window_hint="1、5号窗口",
    ahead=0,
)


def printed(profile) -> Slip:
    sim = PrinterSim(width_mm=profile.width_mm, clock=time.monotonic)
    sim.receive(render_ticket(FACE, profile).payload)
    return sim.slips[-1] if sim.slips else sim.hanging


@pytest.mark.parametrize("is_tight", [False, True])
@pytest.mark.parametrize("profile", [GENERIC_80, GENERIC_58])
def test_every_row_is_exactly_as_wide_as_the_paper(profile, is_tight: bool) -> None:
    for row in slip_rows(printed(profile), is_tight=is_tight):
        assert cell_len(row.text) == profile.columns


@pytest.mark.parametrize("profile", [GENERIC_80, GENERIC_58])
def test_ordinary_text_is_there_word_for_word(profile) -> None:
    text = "\n".join(row.text for row in slip_rows(printed(profile)))
    assert "您的号码" in text
    assert "取号时间：2026-03-02 09:14" in text


def test_double_size_is_spelled_with_room_between() -> None:
    assert any("居  民  身  份  证" in row.text for row in slip_rows(printed(GENERIC_80)))


def test_the_number_is_drawn_big() -> None:
    rows = [row.text for row in slip_rows(printed(GENERIC_80))]
    assert not any("A012" in row for row in rows)
    caption = next(place for place, row in enumerate(rows) if "您的号码" in row)
    assert all("█" in row for row in rows[caption + 2 : caption + 6])


def test_a_rule_is_one_line() -> None:
    assert any(row.text == "─" * 48 for row in slip_rows(printed(GENERIC_80)))


def modules_in(rows: list[str]) -> list[list[int]]:
    dark = {" ": (0, 0), "▀": (1, 0), "▄": (0, 1), "█": (1, 1)}
    lines: list[list[int]] = []
    for row in rows:
        lines += [[dark[char][half] for char in row] for half in (0, 1)]
    return lines


@pytest.mark.parametrize("profile", [GENERIC_80, GENERIC_58])
def test_the_code_can_be_read_back_module_by_module(profile) -> None:
    rows = [row.text for row in slip_rows(printed(profile), is_tight=True)]
    modules = [list(line) for line in qr_modules(f"HALL:{REFERENCE}".encode(), "M")]
    found = modules_in([row for row in rows if set(row) <= set(" ▀▄█")])
    shown = ["".join(map(str, line)) for line in found]
    wanted = ["".join(map(str, line)) for line in modules]
    starts = range(len(shown) - len(wanted) + 1)
    assert any(all(line in shown[at + row] for row, line in enumerate(wanted)) for at in starts)


def test_a_tight_slip_has_the_same_words_in_fewer_rows() -> None:
    slip = printed(GENERIC_80)
    tight, airy = slip_rows(slip, is_tight=True), slip_rows(slip)
    assert len(tight) < len(airy)
    assert [row.text for row in tight if "号" in row.text] == [row.text for row in airy if "号" in row.text]


def test_alignment_is_kept() -> None:
    def line(align: Align) -> TextLine:
        return TextLine((TextRun("AB", False, 0, 12),), align, 30)

    slip = Slip(384, (line(Align.LEFT), line(Align.CENTRE), line(Align.RIGHT)), True)
    assert [row.text.index("AB") for row in slip_rows(slip)] == [0, 15, 30]


def test_a_tear_shows_as_teeth() -> None:
    line = TextLine((TextRun("AB", False, 0, 12),), Align.LEFT, 30)
    rows = [row.text for row in slip_rows(Slip(384, (line, line), True, tears=(1,)))]
    assert rows == ["AB" + " " * 30, "▀▄" * 16, "AB" + " " * 30]


def test_a_black_picture_is_black_and_a_white_one_is_white() -> None:
    for bits, char in ((b"\xff", "█"), (b"\x00", " ")):
        block = RasterBlock(96, 48, bits * 12 * 48, Align.LEFT)
        line = TextLine((TextRun("E", False, 0, 12),), Align.LEFT, 30)
        assert slip_rows(Slip(384, (block, line), True))[0].text[:4] == char * 4
