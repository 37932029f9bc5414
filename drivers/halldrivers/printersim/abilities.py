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


EPSON = SimAbilities()
"""Everything, GS ( H included (TM-T82III and its family)."""
CHINESE_80 = SimAbilities(process_id=False)
"""A usual 80 mm unit: real-time status, ASB and GS r, no GS ( H."""
CHINESE_58 = SimAbilities(asb=False, paper_answer=False, process_id=False, cutter=False)
"""A small 58 mm unit: real-time status only, tear bar instead of a cutter."""
MUTE = SimAbilities(frozenset(), asb=False, paper_answer=False, process_id=False)
"""Prints and never says a word (a one-way line)."""
