"""From a ticket's face to the job that goes to the printer.

Tickets and the test page take this one path, so a test page that comes out well proves that tickets will
(facts: lessons 7, where a test page worked and tickets did not).
"""

from __future__ import annotations

from dataclasses import dataclass

from hallprinter import wording
from hallprinter.encoder import MIN_MODULE_DOTS, JobEncoder, qr_module_dots
from hallprinter.face import TicketFace
from hallprinter.layout import BigNumber, Element, Gap, Line, QrCode, compose_ticket
from hallprinter.profile import PrinterProfile
from hallprinter.testpage import TestPageFace, compose_test_page


@dataclass(frozen=True, slots=True)
class RenderedJob:
    """One job, ready to be sent as it is."""

    payload: bytes
    """From `ESC @` to the cut; no status or confirmation command inside."""
    lines: tuple[str, ...]
    """What a reader sees on it, line by line; the QR code is named, its content is not."""
    width_mm: int
    is_within_buffer: bool
    """Whether the job fits the printer's buffer whole; only drawn tickets may not."""


def render_ticket(face: TicketFace, profile: PrinterProfile) -> RenderedJob:
    """Renders a ticket or its reprint."""
    return render(compose_ticket(face, profile.columns), profile)


def render_test_page(face: TestPageFace, profile: PrinterProfile) -> RenderedJob:
    """Renders the technician's test page through the path of the tickets."""
    return render(compose_test_page(face, profile), profile)


def render(elements: tuple[Element, ...], profile: PrinterProfile) -> RenderedJob:
    """Encodes a layout; a drawn QR code shrinks as far as phones read it to keep the job in the buffer."""
    payload = _encode(elements, profile, _largest_module(elements, profile))
    if not profile.native_qr:
        for module_dots in range(_largest_module(elements, profile) - 1, MIN_MODULE_DOTS - 1, -1):
            if len(payload) < profile.buffer_bytes:
                break
            payload = _encode(elements, profile, module_dots)
    lines = tuple(_reading(element) for element in elements if not isinstance(element, Gap))
    return RenderedJob(payload, lines, profile.width_mm, len(payload) < profile.buffer_bytes)


def warm_up(profile: PrinterProfile) -> None:
    """Loads fonts and the encoder, so that the day's first ticket is as fast as the second."""
    render_test_page(TestPageFace(printed_at=""), profile)


def _largest_module(elements: tuple[Element, ...], profile: PrinterProfile) -> int:
    sizes = [qr_module_dots(one.content, profile.width_dots) for one in elements if isinstance(one, QrCode)]
    return max(sizes, default=MIN_MODULE_DOTS)


def _encode(elements: tuple[Element, ...], profile: PrinterProfile, module_dots: int) -> bytes:
    encoder = JobEncoder(profile, module_dots)
    for element in elements:
        encoder.add(element)
    return encoder.finish()


def _reading(element: Element) -> str:
    match element:
        case Line() | BigNumber():
            return element.text
        case QrCode():
            return wording.QR_LINE
        case Gap():
            return ""
