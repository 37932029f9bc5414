"""Enrolling simulated makes: the slip is looked at as a person would, and the profile says what was seen."""

from collections.abc import Callable
from dataclasses import replace

import pytest
import zxingcpp
from PIL import Image

from halldrivers.errors import Actor, PortGone
from halldrivers.printerline import PrinterAbilities, PrinterLine
from halldrivers.printerline.enrol import CannotEnrol, Learned, SlipProof
from halldrivers.printerline.enrolabout import Identity
from halldrivers.printerline.job import JobResult, Outcome, Reason
from halldrivers.printerline.status import SILENT
from halldrivers.printersim import CHINESE_58, CHINESE_80, EPSON, MUTE, PrinterSim, SimAbilities, draw_slip
from halldrivers.printersim.draw import MARGIN_DOTS
from halldrivers.printersim.paper import RasterBlock, Slip, TextLine
from hallprinter import enrolment_words as words
from hallprinter.enrolment import doubts, enrol, enrolled
from hallprinter.enrolment_errors import BadAnswer, SlipUnreadable
from hallprinter.enrolment_questions import QUESTIONS, WIDTH, Question
from hallprinter.enrolment_slip import enrolment_slip, ruler
from hallprinter.profile import ConfirmRung, PrinterProfile, TextEncoding
from hallprinter.profilefile import EnrolledPrinter
from hallprinter.raster import Bitmap, holds_realtime

URL = "usb://04b8:0e15"
DATE = "2026-03-02"
WELL = {
    "width": "576",
    "han": "yes",
    "gbk": "yes",
    "gb18030": "no",
    "big": "yes",
    "own_qr": "yes",
    "drawn_qr": "yes",
    "cut": "yes",
}


class Wire:
    """A printer's wire in virtual time."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self.sim: PrinterSim | None = None

    def clock(self) -> float:
        return self.now_s

    def open(self) -> None: ...

    def close(self) -> None: ...

    def read(self, max_bytes: int, timeout_s: float) -> bytes:
        assert self.sim is not None
        deadline = self.now_s + timeout_s
        while True:
            if not self.sim.is_connected:
                raise PortGone("unplugged")
            data = self.sim.take_output()
            if data or self.now_s >= deadline:
                return data
            event_s = self.sim.next_event_s()
            self.now_s = min(deadline, self.now_s + (timeout_s if event_s is None else max(event_s, 0.001)))

    def write(self, data: bytes, timeout_s: float) -> int:
        assert self.sim is not None
        taken = self.sim.receive(data)
        self.now_s += 0.001 if taken else timeout_s
        return taken


class Eye:
    """A person who looks at the slip in their hand and answers what they see."""

    def __init__(self, sim: PrinterSim) -> None:
        self.sim = sim
        self.asked: list[str] = []

    def __call__(self, question: Question) -> str:
        self.asked.append(question.key)
        slip = self.slip
        match question.key:
            case "width":
                return self._width(slip)
            case "own_qr":
                return self._yes(words.QR_OWN in self._codes(slip))
            case "drawn_qr":
                return self._yes(words.QR_DRAWN in self._codes(slip))
            case "cut":
                return self._yes(slip.cut)
            case "big":
                runs = [run for line in slip.lines if isinstance(line, TextLine) for run in line.runs]
                tall = [run.text for run in runs if (run.width_mul, run.height_mul) == (4, 4)]
                return self._yes("".join(tall) == words.BIG)
        sample = {"han": words.HAN, "gbk": words.GBK_ONLY, "gb18030": words.FOUR_BYTES}[question.key]
        lines = slip.text().split("\n")
        reads = any(line.endswith(sample) for line in lines)
        if question.key == "han" and reads and lines[0].strip() != words.TITLE:
            return "late"
        return self._yes(reads)

    @property
    def slip(self) -> Slip:
        return self.sim.slips[0] if self.sim.slips else self.sim.hanging

    @staticmethod
    def _yes(holds: bool) -> str:
        return "yes" if holds else "no"

    @staticmethod
    def _width(slip: Slip) -> str:
        rule = next(one for one in slip.lines if isinstance(one, RasterBlock) and one.width_dots == 576)
        top = rule.bits[:72]
        seen = [dots for dots in (384, 512, 576) if dots <= slip.width_dots and top[dots // 8 - 1] & 1]
        return str(max(seen))

    @staticmethod
    def _codes(slip: Slip) -> set[str]:
        picture = draw_slip(slip)
        twice = picture.resize((picture.width * 2, picture.height * 2), Image.Resampling.NEAREST)
        return {code.text for code in zxingcpp.read_barcodes(twice)}


def rig(
    make: SimAbilities,
    width_mm: int = 80,
    encoding: str = "gbk",
    dots_per_s: float | None = 1500.0,
    han_at_power_on: bool = True,
) -> tuple[PrinterLine, Wire, Eye]:
    wire = Wire()
    sim = PrinterSim(
        width_mm,
        make,
        clock=wire.clock,
        encoding=encoding,
        dots_per_s=dots_per_s,
        han_at_power_on=han_at_power_on,
    )
    wire.sim = sim
    return PrinterLine(wire, wire.clock), wire, Eye(sim)  # type: ignore[arg-type]


def enrol_on(make: SimAbilities, **body: object) -> tuple[EnrolledPrinter, Eye]:
    line, wire, eye = rig(make, **body)  # type: ignore[arg-type]
    line.open()
    printer = enrol(line, URL, DATE, settled(wire, eye), clock=wire.clock)
    return printer, eye


def settled(wire: Wire, eye: Eye) -> Callable[[Question], str]:
    """The person waits until the printer has stopped."""

    def ask(question: Question) -> str:
        while eye.sim.is_busy:
            wire.now_s += 0.1
        return eye(question)

    return ask


# --- simulated makes


@pytest.mark.parametrize(
    ("make", "body", "profile"),
    [
        (
            EPSON,
            {"encoding": "gb18030"},
            PrinterProfile(
                "enrolled", 576, TextEncoding.GB18030, True, True, kanji_big=True, confirm=ConfirmRung.A
            ),
        ),
        (
            CHINESE_80,
            {"encoding": "gbk"},
            PrinterProfile(
                "enrolled", 576, TextEncoding.GBK, True, True, kanji_big=True, confirm=ConfirmRung.B
            ),
        ),
        (
            CHINESE_58,
            {"encoding": "gb2312", "width_mm": 58},
            PrinterProfile(
                "enrolled", 384, TextEncoding.GB2312, False, False, kanji_big=True, confirm=ConfirmRung.C
            ),
        ),
        (
            MUTE,
            {"encoding": "gbk", "width_mm": 58},
            PrinterProfile(
                "enrolled", 384, TextEncoding.GBK, True, True, kanji_big=True, confirm=ConfirmRung.D
            ),
        ),
    ],
)
def test_each_make_gets_the_profile_that_fits_it(
    make: SimAbilities, body: dict[str, object], profile: PrinterProfile
) -> None:
    printer, eye = enrol_on(make, **body)

    assert printer.profile == profile
    assert eye.asked == [question.key for question in QUESTIONS]
    assert len(eye.sim.slips) == make.cutter  # one slip, or one that hangs


def test_who_it_is_where_it_stands_and_when_are_kept() -> None:
    printer, _ = enrol_on(EPSON)

    assert (printer.identity.name, printer.url, printer.date) == ("EPSON TM-T82III", URL, DATE)
    assert dict(printer.answers).keys() == WELL.keys()
    assert printer.proof_s > 0.4


def test_the_slip_says_what_it_is_of() -> None:
    _, eye = enrol_on(EPSON)
    text = eye.slip.text()

    assert "型号：EPSON TM-T82III" in text
    assert f"地址：{URL}" in text
    assert f"日期：{DATE}" in text


def test_a_printer_out_of_paper_is_told_before_anything_is_asked() -> None:
    line, wire, eye = rig(EPSON)
    line.open()
    eye.sim.remove_paper()

    with pytest.raises(CannotEnrol):
        enrol(line, URL, DATE, eye, clock=wire.clock)

    assert eye.asked == []


def test_when_nothing_can_be_read_nothing_more_is_asked() -> None:
    line, wire, _ = rig(EPSON)
    line.open()
    asked: list[str] = []

    def ask(question: Question) -> str:
        asked.append(question.key)
        return "没有"

    with pytest.raises(SlipUnreadable) as caught:
        enrol(line, URL, DATE, ask, clock=wire.clock)

    assert asked == ["width"]
    assert caught.value.code == "P-31"


@pytest.mark.parametrize("name", ["epson-80", "generic-58", "Enrolled", "../x", "", "a" * 33])
def test_a_name_that_cannot_be_one_is_refused_before_anything_is_printed(name: str) -> None:
    line, wire, eye = rig(EPSON)

    with pytest.raises(ValueError, match="cannot be the name of an enrolled printer"):
        enrol(line, URL, DATE, eye, clock=wire.clock, name=name)

    assert eye.sim.hanging.height_dots == 0


# --- the slip


def test_the_slip_fits_a_small_printer_s_buffer() -> None:
    identity = Identity("A maker of a long name", "A model of a long name")

    assert len(enrolment_slip(identity, URL, DATE)) < 4096


def test_no_picture_on_the_slip_holds_a_real_time_command() -> None:
    assert not holds_realtime(enrolment_slip(Identity(), URL, DATE))


def test_the_four_bytes_are_sent_as_they_are_in_han_mode() -> None:
    line = b"\x1c&  " + "此字".encode("gbk") + "𠮷".encode("gb18030") + b"\n"

    assert line in enrolment_slip(Identity(), URL, DATE)


def test_the_slip_is_understood_byte_by_byte() -> None:
    _, eye = enrol_on(CHINESE_80, encoding="gb18030")

    assert eye.sim.garbage == ()


def test_the_rulers_numbers_end_before_their_widths() -> None:
    picture = ruler()

    assert (picture.width, picture.height < 32) == (576, True)
    assert all(row == b"\xff" * 72 for row in picture.rows[-4:])
    for dots in (384, 512, 576):
        assert all(row[dots // 8 - 1] & 0b111 == 0b111 for row in picture.rows), "a tick of three dots"
    for dots in (384, 512, 576):
        left, right = (dots - 24, dots - 6), (dots - 6, dots - 3)
        assert any(dark(picture, row, *left) for row in range(picture.height - 4)), "the number"
        assert not any(dark(picture, row, *right) for row in range(picture.height - 4)), "and a gap"
    between = [row[384 // 8 : (512 - 40) // 8] for row in picture.rows[:-4]]
    assert not any(any(part) for part in between), "nothing stands right of a tick"


def dark(picture: Bitmap, row: int, begin: int, end: int) -> int:
    """How many dots of a row are black between two columns."""
    bits = int.from_bytes(picture.rows[row], "big") >> (picture.width - end)
    return (bits & (1 << end - begin) - 1).bit_count()


@pytest.mark.parametrize(("width_mm", "whole"), [(58, "1"), (80, "3")])
def test_narrow_paper_shows_only_the_first_number(width_mm: int, whole: str) -> None:
    _, eye = enrol_on(MUTE, width_mm=width_mm)
    choice = next(one for one in WIDTH.choices if one.value == eye._width(eye.slip))

    assert choice.zh == whole
    assert draw_slip(eye.slip).width == eye.slip.width_dots + 2 * MARGIN_DOTS


def test_the_samples_tell_the_codes_apart() -> None:
    for char in words.GBK_ONLY:
        assert len(char.encode("gbk")) == 2
        with pytest.raises(UnicodeEncodeError):
            char.encode("gb2312")
    assert len(words.FOUR_BYTES.encode("gb18030")) == 4
    with pytest.raises(UnicodeEncodeError):
        words.FOUR_BYTES.encode("gbk")
    assert words.HAN.encode("gb2312")


# --- the answers


def learned(**identity: object) -> Learned:
    return Learned(PrinterAbilities(frozenset(), True, True, True), Identity(**identity))  # type: ignore[arg-type]


def proof(abilities: PrinterAbilities | None = None, proof_s: float = 1.5) -> SlipProof:
    all_of_them = abilities or PrinterAbilities(frozenset(), True, True, True)
    result = JobResult(Outcome.PRINTED, all_of_them.best, 9, Reason.CONFIRMED, SILENT)
    return SlipProof(result, all_of_them, proof_s)


def printer_for(answers: dict[str, str], **more: object) -> EnrolledPrinter:
    return enrolled(learned(**more), proof(), WELL | answers, url=URL, date=DATE)


@pytest.mark.parametrize(
    ("answers", "encoding"),
    [
        ({}, TextEncoding.GBK),
        ({"gb18030": "yes"}, TextEncoding.GB18030),
        ({"gbk": "no"}, TextEncoding.GB2312),
        ({"gbk": "no", "gb18030": "yes"}, TextEncoding.GB2312),
        ({"han": "no"}, TextEncoding.RASTER_ONLY),
        ({"han": "no", "gb18030": "yes"}, TextEncoding.RASTER_ONLY),
        ({"han": "late"}, TextEncoding.GBK),
        ({"han": "late", "gb18030": "yes"}, TextEncoding.GB18030),
    ],
)
def test_the_code_is_the_poorest_that_came_out_right(answers: dict[str, str], encoding: TextEncoding) -> None:
    assert printer_for(answers).profile.encoding is encoding


@pytest.mark.parametrize(("said", "late"), [("yes", False), ("no", False), ("late", True)])
def test_a_garbled_title_over_good_han_is_a_printer_that_switches_late(said: str, late: bool) -> None:
    profile = printer_for({"han": said}).profile

    assert profile.han_from_next_line is late
    assert profile.kanji_big is (said != "no")


def test_a_make_that_switches_late_is_found_out_by_its_slip_and_prints_well_from_then_on() -> None:
    make = replace(CHINESE_80, han_from_next_line=True)
    printer, eye = enrol_on(make, encoding="gbk", han_at_power_on=False)

    assert words.TITLE not in eye.slip.text()
    assert words.HAN in eye.slip.text()
    assert dict(printer.answers)["han"] == "late"
    assert printer.profile.han_from_next_line


def test_a_printer_without_han_is_not_asked_for_big_ones() -> None:
    assert not printer_for({"han": "no"}).profile.kanji_big


@pytest.mark.parametrize("width", ["384", "512", "576"])
def test_every_width_makes_a_profile(width: str) -> None:
    assert printer_for({"width": width}).profile.width_dots == int(width)


@pytest.mark.parametrize("said", ["yes", "是", " YES "])
def test_an_answer_may_be_the_word_on_the_screen(said: str) -> None:
    assert printer_for({"own_qr": said}).profile.native_qr


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ({"width": "400"}, "width: '400' (384, 512, 576, none)"),
        ({"han": ""}, "han: '' (yes, no, late)"),
        ({"colour": "red"}, "there is no question colour"),
    ],
)
def test_an_answer_that_is_none_is_refused_with_what_can_be_said(answers: dict[str, str], told: str) -> None:
    with pytest.raises(BadAnswer) as caught:
        printer_for(answers)

    assert caught.value.detail == told
    assert caught.value.who is Actor.TECHNICIAN


def test_an_answer_that_is_missing_is_refused() -> None:
    with pytest.raises(BadAnswer, match="cut"):
        enrolled(learned(), proof(), {key: WELL[key] for key in WELL if key != "cut"}, url=URL, date=DATE)


def test_every_question_has_both_languages_and_choices_of_its_own() -> None:
    assert len({question.key for question in QUESTIONS}) == len(QUESTIONS) == 8
    for question in QUESTIONS:
        assert question.zh
        assert question.en
        assert len({choice.value for choice in question.choices}) == len(question.choices) >= 2


# --- doubts


def test_a_good_printer_raises_no_doubt() -> None:
    assert doubts(printer_for({})) == ()


@pytest.mark.parametrize(
    ("printer", "told"),
    [
        (printer_for({"own_qr": "no", "drawn_qr": "no"}), "neither code can be read"),
        (printer_for({"drawn_qr": "no"}), "pictures come out badly"),
        (printer_for({"cut": "no"}, type_id=3), "says that it has a cutter and did not cut"),
        (replace(printer_for({}), proof_s=0.02), "sooner than paper moves (0.02 s)"),
        (
            enrolled(
                learned(),
                proof(PrinterAbilities(frozenset(), False, False, False), 0.0),
                WELL,
                url=URL,
                date=DATE,
            ),
            "cannot prove that a ticket came out",
        ),
    ],
)
def test_what_a_technician_should_know_is_told(printer: EnrolledPrinter, told: str) -> None:
    (finding,) = doubts(printer)

    assert told in finding.en
    assert finding.zh
