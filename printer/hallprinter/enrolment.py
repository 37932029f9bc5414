"""Enrolling a ticket printer: learn what it answers, print one slip, ask a person, and make its profile.

    line = PrinterLine(transport_for(url), time.monotonic); line.open()
    printer = enrol(line, url, "2026-03-02", ask=…, clock=time.monotonic)
    save_printer(folder, printer)

`ask` shows a question and answers with one of its choices; whoever wants to go step by step calls
`halldrivers.printerline.enrol.learn`, `send_slip` and then :func:`enrolled`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from halldrivers.check import Finding, unknown
from halldrivers.printerline import PrinterLine
from halldrivers.printerline.enrol import Learned, SlipProof, learn, send_slip
from hallprinter.enrolment_errors import SlipUnreadable
from hallprinter.enrolment_questions import LATE, NO, NONE, QUESTIONS, WIDTH, YES, Question, checked
from hallprinter.enrolment_slip import enrolment_slip
from hallprinter.profile import ConfirmRung, PrinterProfile, TextEncoding
from hallprinter.profilefile import ENROLLED, EnrolledPrinter, check_name

SLIP_S = 30.0
"""How long the slip's proof is waited for; at 9600 baud it is on the line for 4 s, and printing takes 2 s."""
QUICKEST_PROOF_S = 0.15
"""No printer moves 10 cm of paper and cuts it sooner: such a proof came before the paper did."""


def enrol(
    line: PrinterLine,
    url: str,
    date: str,
    ask: Callable[[Question], str],
    *,
    clock: Callable[[], float],
    name: str = ENROLLED,
) -> EnrolledPrinter:
    """Enrol the printer at an open line; one slip is printed, nothing is stored.

    Raises CannotEnrol, SlipUnreadable (when the person says so; the rest is then not asked), BadAnswer, and
    what the transport raises. `name` is the profile's.
    """
    check_name(name)
    learned = learn(line)
    proof = send_slip(line, enrolment_slip(learned.identity, url, date), learned, SLIP_S, clock)
    answers: dict[str, str] = {}
    for question in QUESTIONS:
        answers[question.key] = question.answer(ask(question))
        if answers[question.key] == NONE:
            raise SlipUnreadable(url)
    return enrolled(learned, proof, answers, url=url, date=date, name=name)


def enrolled(
    learned: Learned,
    proof: SlipProof,
    answers: Mapping[str, str],
    *,
    url: str,
    date: str,
    name: str = ENROLLED,
) -> EnrolledPrinter:
    """What follows from the probe, the slip and the answers; raises BadAnswer or SlipUnreadable."""
    said = checked(answers)
    if said[WIDTH.key] == NONE:
        raise SlipUnreadable(url)
    profile = PrinterProfile(
        name=name,
        width_dots=int(said[WIDTH.key]),
        encoding=_encoding(said),
        native_qr=said["own_qr"] == YES,
        has_cutter=said["cut"] == YES,
        kanji_big=said["han"] != NO and said["big"] == YES,
        confirm=ConfirmRung(proof.abilities.best.value),
        han_from_next_line=said["han"] == LATE,
    )
    return EnrolledPrinter(
        profile, proof.abilities, learned.identity, url, date, proof.proof_s, tuple(said.items())
    )


def doubts(printer: EnrolledPrinter) -> tuple[Finding, ...]:
    """What a technician should know before relying on this printer; nothing for most."""
    said = dict(printer.answers)
    rung = printer.profile.confirm
    found = (
        (
            said.get("own_qr") == said.get("drawn_qr") == NO,
            "两个二维码都扫不出：清洁打印头，调高打印浓度",
            "neither code can be read: clean the head, print darker",
        ),
        (
            said.get("drawn_qr") == NO and said.get("own_qr") == YES,
            "逐点画的图形打不好：生僻字可能缺笔画",
            "pictures come out badly: rare characters may lack strokes",
        ),
        (
            rung in (ConfirmRung.C, ConfirmRung.D),
            "这台打印机不能证明票打出来了：每张票记为“未知”，由办事员看一眼",
            "it cannot prove that a ticket came out: each is recorded as unknown, and the clerk has a look",
        ),
        (
            0 < printer.proof_s < QUICKEST_PROOF_S,
            f"确认来得比纸还快（{printer.proof_s:.2f}秒）：可能收到就应答，不是打完才应答",
            f"its proof came sooner than paper moves ({printer.proof_s:.2f} s): perhaps on receipt",
        ),
        (
            said.get("cut") == NO and printer.identity.says_cutter is True,
            "打印机自称有切刀却没有切：检查切刀和拨码开关",
            "it says that it has a cutter and did not cut: look at the cutter and its switches",
        ),
    )
    return tuple(unknown(zh, en) for holds, zh, en in found if holds)


def _encoding(said: Mapping[str, str]) -> TextEncoding:
    if said["han"] == NO:
        return TextEncoding.RASTER_ONLY
    if said["gbk"] == NO:
        return TextEncoding.GB2312
    return TextEncoding.GB18030 if said["gb18030"] == YES else TextEncoding.GBK
