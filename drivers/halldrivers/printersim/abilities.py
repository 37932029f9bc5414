"""What a simulated make of printer answers."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SimAbilities:
    """Which status commands are answered, and what the body has."""

    realtime: frozenset[int] = frozenset((1, 2, 3, 4))
    asb: bool = True
    paper_answer: bool = True
    process_id: bool = True
    cutter: bool = True
    asb_off_at_init: bool = True
    """ESC @ switches automatic status off, the harsher of the two behaviours found."""
    own_qr: bool = True
    """It draws QR codes itself; one that does not skips the command."""
    han_from_next_line: bool = False
    """FS & and FS . count only once a line feed has come."""
    xon_xoff: bool = False
    """It asks for a pause with XOFF when its buffer is nearly full, instead of taking no more; what comes all
    the same is lost once the buffer is full."""
    about: tuple[tuple[int, bytes], ...] = ()
    """What it tells to GS I n, whole: one byte for n = 1 to 3, a block `5F … 00` for 65 to 69."""

    def tells(self, which: int) -> bytes:
        """The answer to GS I; empty when it knows none."""
        return dict(self.about).get(which, b"")


EPSON = SimAbilities(
    about=(
        (1, b"\x20"),
        (2, b"\x03"),
        (3, b"\x05"),
        (65, b"_10.02 ESC/POS\0"),
        (66, b"_EPSON\0"),
        (67, b"_TM-T82III\0"),
        (68, b"_SIM0000001\0"),
        (69, b"_CHINA GB18030\0"),
    )
)
"""Everything, GS ( H included (TM-T82III and its family)."""
CHINESE_80 = SimAbilities(process_id=False, about=((66, b"_SIM\0"), (67, b"_POS-80\0")))
"""A usual 80 mm unit: real-time status, ASB and GS r, no GS ( H."""
CHINESE_58 = SimAbilities(asb=False, paper_answer=False, process_id=False, cutter=False, own_qr=False)
"""A small 58 mm unit: real-time status only, tear bar instead of a cutter."""
MUTE = SimAbilities(frozenset(), asb=False, paper_answer=False, process_id=False)
"""Prints and never says a word (a one-way line)."""
