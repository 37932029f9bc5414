"""The technician's test page: one of everything a ticket can hold, and how to see that it is right."""

from __future__ import annotations

from dataclasses import dataclass

from hallprinter import wording
from hallprinter.layout import Align, BigNumber, Element, Line, QrCode, heading, paragraph, rule
from hallprinter.profile import PrinterProfile


@dataclass(frozen=True, slots=True)
class TestPageFace:
    """What stands on a test page beside the samples."""

    __test__ = False  # a name that pytest would take for a test class

    printed_at: str
    """Local date and time as text."""
    hall_name: str = ""
    notes: tuple[str, ...] = ()
    """For instance the device's URL and what the enrolment probe found."""


def compose_test_page(face: TestPageFace, profile: PrinterProfile) -> tuple[Element, ...]:
    """Lays out the test page: width ruler, Han, punctuation, drawn characters, big number, QR, cut."""
    columns = profile.columns
    ruler = ("1234567890" * columns)[:columns]
    width = wording.TEST_WIDTH.format(mm=profile.width_mm, dots=profile.width_dots, columns=columns)
    last = wording.TEST_CUT if profile.has_cutter else wording.TEST_TEAR
    facts = (wording.TEST_PROFILE.format(name=profile.name), width, *face.notes)
    samples = (wording.TEST_HAN, wording.TEST_PUNCTUATION, wording.TEST_DRAWN)
    return (
        *heading(wording.TEST_TITLE, columns, 1),
        *(heading(face.hall_name, columns, 2) if face.hall_name else ()),
        *(line for text in facts for line in paragraph(text, columns, align=Align.LEFT)),
        *paragraph(wording.TEST_PRINTED_AT.format(time=face.printed_at), columns, align=Align.LEFT),
        rule(columns),
        *paragraph(wording.TEST_RULER, columns, align=Align.LEFT),
        Line(ruler, align=Align.LEFT),
        *(line for text in samples for line in paragraph(text, columns, align=Align.LEFT)),
        *paragraph(wording.TEST_BIG, columns, 2, is_bold=True),
        BigNumber(wording.TEST_NUMBER),
        QrCode(wording.TEST_QR_CONTENT),
        *paragraph(wording.TEST_QR_CAPTION, columns),
        rule(columns),
        *paragraph(last, columns),
    )
