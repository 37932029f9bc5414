"""What a deck is made of: a hall, its printer, its pads and its devices, handed in by whoever runs them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from halldrivers.printersim.paper import Slip
from hallkiosk.bigtext_cells import BigTextMode
from hallkiosk.wording import Text
from hallqueue.plan import Plan
from hallqueue.service import HallService
from hallqueue.states import Level


@dataclass(frozen=True, slots=True)
class PrinterCondition:
    """What a look at the printer tells."""

    is_cover_open: bool = False
    is_paper_out: bool = False
    is_jammed: bool = False
    is_unplugged: bool = False
    is_busy: bool = False
    """Something is left to print."""

    @property
    def is_down(self) -> bool:
        """Whether it cannot print now."""
        return self.is_cover_open or self.is_paper_out or self.is_jammed or self.is_unplugged


class PrinterHands(Protocol):
    """A visitor's hands and eyes at the printer. Nothing here may block."""

    def slips(self) -> Sequence[Slip]:
        """The paper that was cut off, the oldest first."""
        ...

    def hanging(self) -> Slip:
        """The paper that hangs in the printer."""
        ...

    def condition(self) -> PrinterCondition:
        """How the printer is."""
        ...

    def set_cover(self, is_open: bool) -> None:
        """Open or close the cover."""
        ...

    def set_paper(self, is_out: bool) -> None:
        """Take the roll out, or load a new one."""
        ...

    def set_jam(self, is_jammed: bool) -> None:
        """Jam the cutter, or free it."""
        ...

    def set_cable(self, is_unplugged: bool) -> None:
        """Pull the data cable, or put it back."""
        ...


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that a hand can do at a device."""

    text: Text
    """Short, as it stands on a button: 放身份证, lay a card."""
    act: Callable[[], None]
    """May block for as long as a hand does; is called in a thread; raises nothing."""


@dataclass(frozen=True, slots=True)
class DeckDevice:
    """A device of the hall as a visitor of the deck sees and touches it."""

    name: str
    """As the keeper knows it (`idcard`, `pad-1`): its state is in `HallSnapshot.devices`."""
    title: Text
    deeds: tuple[Deed, ...]
    """At most four."""
    reading: Callable[[], Text]
    """What it last read or shows now, masked; empty texts for nothing. Must not block."""


@dataclass(frozen=True, slots=True)
class DeckParts:
    """Everything that the deck shows and touches."""

    service_for: Callable[[str, int], HallService]
    """The hall for a role (`terminal`, `window`, `screen`, `staff`) and a window (0 for none)."""
    plan: Plan
    printer: PrinterHands
    press: Callable[[int, str], None]
    """A finger on a key of a window's pad; may block for as long as the finger does."""
    lamps: Callable[[int], Sequence[bool]]
    """The lamps of a window's pad, the first key's first."""
    clock: Callable[[], float]
    """Monotonic seconds."""
    windows: tuple[int, int] = (1, 2)
    clerks: Mapping[int, str] = field(default_factory=dict)
    """Window to who sits there; they open their windows when the deck starts."""
    levels: Sequence[Level] = (
        Level.VERY_SATISFIED,
        Level.SATISFIED,
        Level.BASICALLY_SATISFIED,
        Level.DISSATISFIED,
    )
    """What the keys of a pad mean, the first key's first."""
    last_picture: Callable[[], Path | None] = lambda: None
    """The picture of the last slip, once it is drawn."""
    state_text: str = ""
    """Where the hall keeps its records, for people."""
    notice: str = ""
    """The notice line of the hall screen."""
    devices: Sequence[DeckDevice] = ()
    """Those of the panel 设备, in its order."""
    mode: BigTextMode = BigTextMode.HALF
    """How big text is drawn; half-blocks are right on every terminal."""
