"""Who a printer says it is: GS I.

    n = 1, 2, 3    model, type and ROM number, one byte each; of the type, bit 0 says that it prints Han and
                   bit 1 that it has a cutter
    n = 65 … 69    firmware, maker, model, serial number, Han font (``CHINA GB18030``): 5F text 00

(Epson's manuals, from memory; many clones answer nothing, some only 66 and 67.) Text that differs from try to
try is noise and is left out.
"""

from __future__ import annotations

from dataclasses import dataclass

from halldrivers.printerline.answers import Block, Event, PaperAnswer
from halldrivers.printerline.enrolasking import TRIES, Asking, Wanted

MODEL_ID, TYPE_ID, ROM_ID = 1, 2, 3
FIRMWARE, MAKER, MODEL, SERIAL, HAN_FONT = 65, 66, 67, 68, 69
_TYPE_HAN, _TYPE_CUTTER = 0x01, 0x02
_TEXT_START = 0x5F


@dataclass(frozen=True, slots=True)
class Identity:
    """What a unit told of itself; empty and None where it told nothing."""

    maker: str = ""
    model: str = ""
    firmware: str = ""
    serial: str = ""
    han_font: str = ""
    model_id: int | None = None
    type_id: int | None = None
    rom_id: int | None = None

    @property
    def name(self) -> str:
        """Maker and model in one line; empty when it told neither."""
        return " ".join(text for text in (self.maker, self.model) if text)

    @property
    def says_han(self) -> bool | None:
        """Whether it says that it prints Han."""
        return None if self.type_id is None else bool(self.type_id & _TYPE_HAN)

    @property
    def says_cutter(self) -> bool | None:
        """Whether it says that it has a cutter."""
        return None if self.type_id is None else bool(self.type_id & _TYPE_CUTTER)

    def is_another(self, other: Identity) -> bool:
        """Whether both told something and it differs: another unit stands at the address."""
        pairs = ((self.maker, other.maker), (self.model, other.model), (self.serial, other.serial))
        return any(ours and theirs and ours != theirs for ours, theirs in pairs)


def ask_about(asking: Asking) -> Identity:
    """Everything that GS I tells; a printer that knows neither its maker nor its model is not asked on."""
    maker, model = _text(asking, MAKER), _text(asking, MODEL)
    type_id = _number(asking, TYPE_ID)
    if not maker and not model and type_id is None:
        return Identity()
    return Identity(
        maker=maker,
        model=model,
        firmware=_text(asking, FIRMWARE),
        serial=_text(asking, SERIAL),
        han_font=_text(asking, HAN_FONT),
        model_id=_number(asking, MODEL_ID),
        type_id=type_id,
        rom_id=_number(asking, ROM_ID),
    )


def _question(which: int) -> bytes:
    return b"\x1d\x49" + bytes((which,))


def _text(asking: Asking, which: int) -> str:
    said = _alike(asking, which, _is_text)
    return said.data[1:].decode("ascii").strip() if isinstance(said, Block) else ""


def _number(asking: Asking, which: int) -> int | None:
    said = _alike(asking, which, _is_number)
    return said.value if isinstance(said, PaperAnswer) else None


def _alike(asking: Asking, which: int, wanted: Wanted) -> Event | None:
    """What two tries say alike; None when they say nothing, or something else each time."""
    heard: list[Event | None] = []
    for _ in range(TRIES):
        said = asking.ask(_question(which), wanted)
        if said in heard:
            return said
        heard.append(said)
    return None


def _is_text(event: Event) -> bool:
    return isinstance(event, Block) and event.data[0] == _TEXT_START


def _is_number(event: Event) -> bool:
    return isinstance(event, PaperAnswer)
