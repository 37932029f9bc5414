"""The body of the printer: paper, cover, cutter, and the status bytes that they give.

The bits are those of the Epson TM manuals (DLE EOT n and GS a), written down here a second time on purpose:
what checks the driver must not share its tables.
"""

from dataclasses import dataclass

_NEAR_END_PAIR = 0x0C
_END_PAIR = 0x60


@dataclass(slots=True)
class Mechanism:
    """What a hand could change at the printer."""

    cover_open: bool = False
    paper_out: bool = False
    near_end: bool = False
    cutter_error: bool = False
    jams_at_next_cut: bool = False
    fatal: bool = False
    head_hot: bool = False
    paper_left_dots: int | None = None
    """Paper until the end sensor speaks; None is a whole roll."""

    @property
    def is_offline(self) -> bool:
        """True when it does not print and does not execute commands in order."""
        return self.cover_open or self.paper_out or self.cutter_error or self.fatal or self.head_hot

    def pull(self, dots: int) -> bool:
        """Move the paper; False, and out of paper from then on, when the roll ends before."""
        if self.paper_left_dots is None:
            return True
        if self.paper_left_dots < dots:
            self.paper_out = True
            return False
        self.paper_left_dots -= dots
        return True

    def realtime(self, query: int) -> int:
        """The answer to DLE EOT `query` (1 to 4)."""
        value = 0x12
        if query == 1:
            value |= 0x08 * self.is_offline
        elif query == 2:
            error = self.cutter_error or self.fatal or self.head_hot
            value |= 0x04 * self.cover_open | 0x20 * self.paper_out | 0x40 * error
        elif query == 3:
            value |= 0x08 * self.cutter_error | 0x20 * self.fatal | 0x40 * self.head_hot
        elif self.paper_out:
            value |= _END_PAIR
        elif self.near_end:
            value |= _NEAR_END_PAIR
        return value

    def automatic(self) -> bytes:
        """The four bytes of automatic status."""
        first = 0x10 | 0x08 * self.is_offline | 0x20 * self.cover_open
        second = 0x08 * self.cutter_error | 0x20 * self.fatal | 0x40 * self.head_hot
        return bytes((first, second, self.paper_answer(), 0))

    def paper_answer(self) -> int:
        """The answer to GS r 1, which is also the third byte of automatic status."""
        return 0x03 * (self.near_end or self.paper_out) | 0x0C * self.paper_out
