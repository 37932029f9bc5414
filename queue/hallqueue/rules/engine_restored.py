"""What is done first after the database came back older than it was."""

from __future__ import annotations

from dataclasses import replace

from hallqueue.events import PrintEnded
from hallqueue.rules.calendar import local_date
from hallqueue.rules.engine_day import DayOps
from hallqueue.states import PrintState
from hallqueue.unit import Moment

RESTORED = "restored"
"""The reason of papers about which the restored database cannot know."""


class RestoredOps(DayOps):
    """The first unit of a new epoch."""

    def after_loss(self, moment: Moment, not_before: str) -> None:
        """Papers that were still to come may have come: a person must look before they come again.

        ``not_before`` is the newest business day on which numbers may have been given out, or empty:
        the hall goes on there even if its clock went back, or those numbers would be given out again.
        """
        self._record(
            moment,
            *(
                PrintEnded(job=job, state=PrintState.UNKNOWN.value, rung="", reason=RESTORED)
                for job in tuple(self.state.pending_jobs)
            ),
        )
        if not_before > self.state.day:
            plausible = local_date(self._plan.calendar, moment.now_ms) >= not_before
            self.roll_day(replace(moment, day=not_before, clock_ok=moment.clock_ok and plausible))
