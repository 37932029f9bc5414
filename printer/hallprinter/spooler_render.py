"""From a job to its bytes, or to the reason why there are none."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from halldrivers.errors import DeviceError, DeviceState
from halldrivers.status import DeviceStatus
from hallprinter.facefrom import face_of
from hallprinter.profile import PrinterProfile
from hallprinter.spooler_report import Reporter
from hallprinter.ticket import RenderedJob, render_ticket
from hallqueue.clock import Clock
from hallqueue.plan import Plan
from hallqueue.views import PrintView

log = logging.getLogger("hall.spooler")


@dataclass(frozen=True, slots=True)
class Unprintable:
    """Nothing can be sent for a job."""

    reason: str
    is_lasting: bool
    """Trying again would fail the same way."""


class Renderer:
    """Renders jobs for one printer; a missing font is reported as a device of its own until it is there."""

    def __init__(self, profile: PrinterProfile, clock: Clock, fonts: Reporter) -> None:
        self._profile = profile
        self._clock = clock
        self._fonts = fonts
        self._has_warned = False

    def render(self, job: PrintView, plan: Plan) -> RenderedJob | Unprintable:
        """The bytes of one job."""
        try:
            rendered = render_ticket(face_of(job, plan, self._clock), self._profile)
        except ValueError as error:
            log.error("job %d cannot be printed: %s", job.job, error)
            return Unprintable("content", is_lasting=True)
        except DeviceError as error:
            log.error("job %d cannot be drawn: %s", job.job, error)
            self._fonts.note(DeviceStatus(DeviceState.FAULT, error.as_fault()))
            return Unprintable(error.code, is_lasting=False)
        if self._fonts.is_down:
            self._fonts.note(DeviceStatus(DeviceState.ONLINE))
        self._warn_once(rendered)
        return rendered

    def _warn_once(self, rendered: RenderedJob) -> None:
        """All tickets of a hall are about as long, so the first one that is too long speaks for them."""
        if rendered.is_within_buffer or self._has_warned:
            return
        self._has_warned = True
        log.warning(
            "a ticket of %d bytes is more than the printer's buffer of %d: when paper ends in it, half of it "
            "waits here (fewer notes make it shorter)",
            len(rendered.payload),
            self._profile.buffer_bytes,
        )
