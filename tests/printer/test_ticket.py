from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from halldrivers.printersim import CHINESE_80, PrinterSim, SimAbilities
from hallprinter.encoder import number_scale, qr_module_dots
from hallprinter.face import TicketFace
from hallprinter.profile import EPSON_80, GENERIC_58, GENERIC_80, PROFILES, PrinterProfile, TextEncoding
from hallprinter.testpage import TestPageFace
from hallprinter.ticket import render_test_page, render_ticket

Make = Callable[..., TicketFace]
Read = Callable[[bytes], Any]

# ESC @, ESC M 0, ESC a 0, ESC E 0, ESC 2, FS S 0 0, FS &, FS ! 0, GS ! 0
PREAMBLE = bytes.fromhex("1b40 1b4d00 1b6100 1b4500 1b32 1c530000 1c26 1c2100 1d2100")

both_widths = pytest.mark.parametrize("profile", [GENERIC_58, GENERIC_80, EPSON_80], ids=lambda p: p.name)

NARROW_TEXT = PrinterProfile("text-58", 384, TextEncoding.GB2312, native_qr=True, kanji_big=True)
T88 = PrinterProfile("t88", 512, TextEncoding.GB18030, native_qr=True, kanji_big=True)
DRAWN_80 = PrinterProfile("drawn-80", 576, TextEncoding.RASTER_ONLY)
EVERY_KIND = [*PROFILES.values(), NARROW_TEXT, T88, DRAWN_80]


@both_widths
def test_every_job_begins_with_the_whole_preamble(profile: PrinterProfile, make_face: Make) -> None:
    assert render_ticket(make_face(), profile).payload.startswith(PREAMBLE)


def test_an_80_mm_ticket_ends_with_its_cut_and_no_status_command(make_face: Make) -> None:
    payload = render_ticket(make_face(), GENERIC_80).payload
    assert payload.endswith(bytes.fromhex("1b6406 1d5601"))
    assert not any(command in payload for command in (b"\x1da", b"\x1dr", b"\x1d(H", b"\x10\x04"))


def test_a_58_mm_printer_without_knife_gets_no_cut(make_face: Make, read_job: Read) -> None:
    payload = render_ticket(make_face(), GENERIC_58).payload
    assert read_job(payload).cuts == 0
    assert payload.endswith(b"\x1bd\x06")


@pytest.mark.parametrize("profile", EVERY_KIND, ids=lambda p: p.name)
def test_every_byte_of_a_ticket_is_a_known_command_or_text(
    profile: PrinterProfile, make_face: Make, read_job: Read
) -> None:
    paper = read_job(render_ticket(make_face(copy=1, matters=("结婚登记", "户口登记")), profile).payload)
    assert all(width <= profile.width_dots for width in paper.widths)
    assert all(stride * 8 <= profile.width_dots for stride, _ in paper.pictures)


@both_widths
def test_a_ticket_never_selects_a_code_page(profile: PrinterProfile, make_face: Make) -> None:
    """`ESC t` is what python-escpos sends before it turns Chinese punctuation into question marks."""
    payload = render_ticket(make_face(), profile).payload
    assert b"\x1bt" not in payload
    assert b"?" not in render_ticket(make_face(), GENERIC_80).payload


def test_the_paper_says_what_the_lines_say(make_face: Make, read_job: Read) -> None:
    job = render_ticket(make_face(), GENERIC_80)
    assert read_job(job.payload).texts == [line for line in job.lines if line != "〔二维码〕"]


def test_an_ordinary_ticket_reads_like_this(make_face: Make) -> None:
    rule = "─" * 24
    assert render_ticket(make_face(), GENERIC_80).lines == (
        "同心县丁塘镇民生服务中心",
        rule,
        "您的号码",
        "A012",
        "社保、医保业务",
        "前面还有3人",
        "约等10～15分钟",
        rule,
        "叫到号后请到",
        "1、2号窗口",
        rule,
        "〔二维码〕",
        "此码供窗口和自助机识别",
        rule,
        "过号请到窗口说明",
        "取号时间：2026-03-02 09:14",
        "仅限2026-03-02当日有效",
    )


def test_the_number_is_eight_times_as_large_on_80_mm(make_face: Make, read_job: Read) -> None:
    paper = read_job(render_ticket(make_face(), GENERIC_80).payload)
    assert paper.sizes[paper.texts.index("A012")] == 0x77


def test_the_number_is_six_times_as_large_on_58_mm_where_big_text_is_known(
    make_face: Make, read_job: Read
) -> None:
    paper = read_job(render_ticket(make_face(), NARROW_TEXT).payload)
    assert paper.sizes[paper.texts.index("A012")] == 0x55


def test_the_number_is_drawn_where_big_text_is_not_known(make_face: Make, read_job: Read) -> None:
    paper = read_job(render_ticket(make_face(), GENERIC_58).payload)
    assert "A012" not in paper.texts
    assert max(paper.sizes) == 0x11
    stride, _ = paper.pictures[0]
    assert stride * 8 >= 4 * 12 * 4


@given(st.from_regex(r"[A-HJ-NP-Z][0-9]{3,7}", fullmatch=True), st.sampled_from([384, 512, 576]))
def test_a_number_of_any_length_fits_the_paper(number: str, width_dots: int) -> None:
    assert number_scale(number, width_dots) * 12 * len(number) <= width_dots


@both_widths
def test_a_plain_ticket_fits_the_printers_buffer(profile: PrinterProfile, make_face: Make) -> None:
    job = render_ticket(make_face(copy=2), profile)
    assert len(job.payload) < 4096
    assert job.is_within_buffer


def test_a_ticket_that_had_to_be_drawn_says_that_it_exceeds_the_buffer(make_face: Make) -> None:
    assert not render_ticket(make_face(), DRAWN_80).is_within_buffer


def test_the_qr_code_holds_the_reference_and_neither_number_nor_name(make_face: Make, read_job: Read) -> None:
    face = make_face(masked_name="张*", priority_name="老年人")
    assert read_job(render_ticket(face, GENERIC_80).payload).qr == [b"HALL:K7Q2M9XW4T8ZB3RC"]


def test_the_qr_code_may_be_a_short_address(make_face: Make, read_job: Read) -> None:
    face = make_face(qr_text="https://hall.example/t/K7Q2M9XW4T8ZB3RC")
    assert read_job(render_ticket(face, GENERIC_80).payload).qr == [
        b"https://hall.example/t/K7Q2M9XW4T8ZB3RC"
    ]


def test_the_reference_stays_out_of_the_readable_lines(make_face: Make) -> None:
    assert "K7Q2M9XW4T8ZB3RC" not in "".join(render_ticket(make_face(), GENERIC_80).lines)


def test_without_a_native_qr_code_it_is_drawn_as_large_as_the_buffer_lets_it(make_face: Make) -> None:
    roomy = PrinterProfile("roomy-58", 384, buffer_bytes=16384)
    small = render_ticket(make_face(), GENERIC_58)
    large = render_ticket(make_face(), roomy)
    assert small.is_within_buffer
    assert len(large.payload) > 4096
    assert qr_module_dots("HALL:K7Q2M9XW4T8ZB3RC", 384) > 3


@both_widths
def test_a_reprint_says_so_at_the_top_and_at_the_bottom(profile: PrinterProfile, make_face: Make) -> None:
    lines = render_ticket(make_face(copy=2), profile).lines
    assert lines[1] == "补打票（第2次）"
    assert lines[-1] == "补打票（第2次）"
    assert "A012" in lines


def test_an_original_never_says_reprint(make_face: Make) -> None:
    assert "补打" not in "".join(render_ticket(make_face(), GENERIC_80).lines)


def test_a_rare_name_is_drawn_and_the_rest_stays_text(make_face: Make, read_job: Read) -> None:
    job = render_ticket(make_face(masked_name="𠮷*"), GENERIC_80)
    paper = read_job(job.payload)
    assert "姓名：𠮷*" in job.lines
    assert not any("姓名" in text for text in paper.texts)
    assert [stride for stride, _ in paper.pictures] == [14]  # nine cells of 12 dots
    assert len(paper.texts) == len(job.lines) - 2


def test_a_foreign_letter_beside_han_is_two_bytes_like_the_han(make_face: Make) -> None:
    """python-escpos sends é as one byte of a code page, and the second one is then read as half a Han."""
    job = render_ticket(make_face(notes=("é中文é", "过号请到窗口说明")), GENERIC_80)
    line = "é中文é".encode("gbk")
    assert len(line) == 8
    assert b"\x1c&" + line + b"\n" in job.payload


def test_a_letter_without_two_bytes_is_drawn_and_the_next_line_is_text_again(
    make_face: Make, read_job: Read
) -> None:
    job = render_ticket(make_face(notes=("ñ中文ñ", "过号请到窗口说明")), GENERIC_80)
    paper = read_job(job.payload)
    assert "ñ中文ñ" in job.lines
    assert not any("中文" in text for text in paper.texts)
    assert len(paper.pictures) == 1
    behind = job.payload.index(b"\x1dv0\x00")
    assert b"\x1c&" + "过号请到窗口说明".encode("gbk") + b"\n" in job.payload[behind:]


def test_a_visit_through_several_matters_lists_them_in_order(make_face: Make) -> None:
    lines = render_ticket(make_face(matters=("结婚登记", "出生登记", "户口登记")), GENERIC_80).lines
    at = lines.index("一次办理3件事")
    assert lines[at + 1 : at + 4] == ("1.结婚登记", "2.出生登记", "3.户口登记")


def test_the_second_line_of_a_long_matter_hangs_under_the_first(make_face: Make) -> None:
    lines = render_ticket(make_face(matters=("城乡居民基本养老保险参保登记",)), GENERIC_58).lines
    at = lines.index("1.城乡居民基本养")
    assert lines[at + 1] == "  老保险参保登记"


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (10, 15, "约等10～15分钟"),
        (15, 10, "约等10～15分钟"),
        (0, 5, "约等1～5分钟"),
        (8, 8, "约等8分钟"),
        (None, 20, "约等20分钟"),
        (0, 1, "很快轮到您"),
    ],
)
def test_the_estimate_is_said_honestly(low: int | None, high: int | None, said: str, make_face: Make) -> None:
    assert said in render_ticket(make_face(minutes_low=low, minutes_high=high), GENERIC_80).lines


def test_no_estimate_and_no_count_say_nothing(make_face: Make) -> None:
    lines = render_ticket(make_face(minutes_low=None, minutes_high=None, ahead=None), GENERIC_80).lines
    assert not any("等" in line or "前面" in line for line in lines)


def test_nobody_ahead_is_said_in_words(make_face: Make) -> None:
    assert "前面没有人" in render_ticket(make_face(ahead=0), GENERIC_80).lines


def test_without_a_known_window_people_are_told_to_watch_the_screen(make_face: Make) -> None:
    lines = render_ticket(make_face(window_hint=""), GENERIC_80).lines
    assert "请留意叫号和大屏幕" in lines
    assert "叫到号后请到" not in lines


def test_a_time_before_the_clock_was_set_says_so(make_face: Make) -> None:
    assert "时钟未校准，时间仅供参考" in render_ticket(make_face(clock_suspect=True), GENERIC_80).lines


LONG = st.text(st.sampled_from("同心县民生服务中心社保医保公安（、）A1-𠮷¥· "), min_size=1, max_size=60)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(hall=LONG, service=LONG, note=LONG, profile=st.sampled_from(EVERY_KIND))
def test_names_of_any_length_stay_on_the_paper(
    hall: str, service: str, note: str, profile: PrinterProfile, make_face: Make, read_job: Read
) -> None:
    face = make_face(hall_name="厅" + hall, service_name="业" + service, notes=(note,), masked_name="𠮷*")
    job = render_ticket(face, profile)
    paper = read_job(job.payload)
    assert all(width <= profile.width_dots for width in paper.widths)
    assert all(stride * 8 <= profile.width_dots for stride, _ in paper.pictures)
    assert not any("?" in text for text in paper.texts)
    assert not any(command in job.payload for command in (b"\x10\x04", b"\x10\x05", b"\x10\x14"))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20, deadline=None)
@given(evil=st.text(st.characters(max_codepoint=0x20), min_size=1, max_size=12))
def test_control_characters_in_a_name_are_not_printer_commands(
    evil: str, make_face: Make, read_job: Read
) -> None:
    plain = render_ticket(make_face(service_name="社保业务"), GENERIC_80).payload
    hostile = render_ticket(make_face(service_name=f"社保{evil}业务"), GENERIC_80).payload
    assert read_job(hostile).commands == read_job(plain).commands


@pytest.mark.parametrize("profile", EVERY_KIND, ids=lambda p: p.name)
def test_the_test_page_takes_the_tickets_path(profile: PrinterProfile, read_job: Read) -> None:
    face = TestPageFace(
        printed_at="2026-03-02 08:00", hall_name="同心县丁塘镇民生服务中心", notes=("端口正常",)
    )
    job = render_test_page(face, profile)
    paper = read_job(job.payload)
    assert job.payload.startswith(PREAMBLE)
    assert paper.pictures, "the rare characters must be drawn on every printer"
    assert ("1234567890" * 5)[: profile.columns] in job.lines
    assert f"型号：{profile.name}" in job.lines


def test_the_paper_width_goes_with_the_job(make_face: Make) -> None:
    assert render_ticket(make_face(), GENERIC_58).width_mm == 58
    assert render_ticket(make_face(), GENERIC_80).width_mm == 80


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"masked_name": "张三"}, "must be masked"),
        ({"notes": ("证件640000190001010000",)}, "full ID number"),
        ({"service_name": "64000019000101000X"}, "full ID number"),
        ({"number": ""}, "1 to 8 letters"),
        ({"number": "A\x1b@"}, "1 to 8 letters"),
        ({"reference": "short"}, "8 to 64"),
        ({"qr_text": "https://hall.example/t/other"}, "must hold the reference"),
        ({"qr_text": "K7Q2M9XW4T8ZB3RC二维码"}, "visible ASCII"),
        ({"hall_name": " "}, "needs the hall's"),
        ({"copy": -1}, "negative"),
        ({"ahead": -1}, "negative"),
    ],
)
def test_a_face_refuses_what_must_not_reach_paper(
    changes: dict[str, Any], message: str, make_face: Make
) -> None:
    with pytest.raises(ValueError, match=message):
        make_face(**changes)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"width_dots": 400}, "384, 512, 576"),
        ({"max_fragment_height": 0}, "1 to 72 rows at 384 dots"),
        ({"max_fragment_height": 73}, "1 to 72 rows at 384 dots"),
        ({"width_dots": 512, "max_fragment_height": 55}, "1 to 54 rows at 512 dots"),
        ({"width_dots": 576, "max_fragment_height": 256}, "1 to 48 rows at 576 dots"),
        ({"buffer_bytes": 0}, "at least 1"),
    ],
)
def test_a_profile_refuses_what_no_printer_is(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        PrinterProfile(**({"name": "x", "width_dots": 384} | changes))


def test_columns_follow_from_the_width() -> None:
    assert [GENERIC_58.columns, T88.columns, GENERIC_80.columns] == [32, 42, 48]


def test_the_caption_promises_progress_only_where_the_code_is_an_address(make_face: Make) -> None:
    address = make_face(qr_text="https://hall.example/t/K7Q2M9XW4T8ZB3RC")
    assert "微信扫码看排队进度" in render_ticket(address, GENERIC_80).lines
    assert "微信扫码看排队进度" not in render_ticket(make_face(), GENERIC_80).lines


def test_a_drawn_qr_code_stands_on_white_paper_four_modules_wide(make_face: Make, read_job: Read) -> None:
    only_the_code_is_drawn = PrinterProfile("drawn-code", 384, kanji_big=True)
    payload = render_ticket(make_face(), only_the_code_is_drawn).payload
    blocks = read_job(payload).pictures
    stride, rows = blocks[0][0], [row for _, block in blocks for row in block]
    finder = f"{int.from_bytes(rows[0], 'big'):b}".index("0")
    module_dots = finder // 7
    at = payload.index(b"\x1dv0\x00")
    assert payload[:at].endswith(b"\x1bd\x01")
    assert payload[at + 8 * len(blocks) + stride * len(rows) :].startswith(b"\x1bd\x01")
    assert 3 <= module_dots <= 30 // 4, "a fed line is 30 dots"
    assert (384 - stride * 8) // 2 >= 4 * module_dots


def printed(make_face: Make, profile: PrinterProfile) -> list[str]:
    """The lines that a make prints whose Han mode is off at power-on and comes with the next line."""
    make = replace(CHINESE_80, han_from_next_line=True)
    sim = PrinterSim(80, make, clock=lambda: 0.0, encoding="gbk", han_at_power_on=False)
    sim.receive(render_ticket(make_face(), profile).payload)
    (slip,) = sim.slips
    return slip.text().split("\n")


def test_where_han_counts_from_the_next_line_a_job_begins_with_an_empty_one(make_face: Make) -> None:
    late = replace(GENERIC_80, name="late-80", han_from_next_line=True)

    assert render_ticket(make_face(), late).payload.startswith(PREAMBLE[:-6] + b"\n" + PREAMBLE[-6:])
    lines = printed(make_face, late)
    assert (lines[0], lines[1].strip()) == ("", "同心县丁塘镇民生服务中心")


def test_without_the_empty_line_such_a_make_garbles_the_first(make_face: Make) -> None:
    lines = printed(make_face, GENERIC_80)

    assert "民生服务中心" not in lines[0]
    assert "您的号码" in "".join(lines[1:])


@pytest.mark.parametrize("make", [CHINESE_80, replace(CHINESE_80, han_from_next_line=True)])
def test_han_that_is_on_at_power_on_needs_no_empty_line(make: SimAbilities, make_face: Make) -> None:
    sim = PrinterSim(80, make, clock=lambda: 0.0, encoding="gbk")
    sim.receive(render_ticket(make_face(), GENERIC_80).payload)

    assert sim.slips[0].text().split("\n")[0].strip() == "同心县丁塘镇民生服务中心"
