"""What a USB printer says of itself: its IEEE 1284 device id.

    MFG:EPSON;CMD:ESC/POS;MDL:TM-T82III;CLS:PRINTER;DES:…;SN:…;

Pairs of a name and a value joined by semicolons; names may be long (MANUFACTURER) or short (MFG), values may
be missing, and no-name units leave out whatever they like or put their padding in. The kernel has taken off
the two bytes of length (usblp, ``ieee1284_id``).
"""

from __future__ import annotations

from dataclasses import dataclass

MOST_CHARS = 1024
MOST_TEXT = 64
"""Characters kept of one value: a name that is longer is not one for people."""

_LONG = {"MANUFACTURER": "MFG", "MODEL": "MDL", "COMMAND SET": "CMD", "SERIALNUMBER": "SN", "SERN": "SN"}
_OFFICE = ("PCL", "PJL", "POSTSCRIPT", "ESCPL2", "ESC/P-R", "URF", "PWG", "ZJS", "XPS", "PDF")
"""Languages of page printers, which understand no receipt."""


@dataclass(frozen=True, slots=True)
class PrinterId:
    """A printer's own words, empty where it has none."""

    maker: str = ""
    model: str = ""
    languages: str = ""
    serial: str = ""

    @property
    def is_office(self) -> bool:
        """Whether the languages that it names are those of a page printer and not of a receipt printer."""
        words = self.languages.upper().replace("ESC/POS", "").replace("ESCPOS", "")
        return words == self.languages.upper() and any(word in words for word in _OFFICE)


def parse_printer_id(text: str) -> PrinterId:
    """Read a device id, however damaged."""
    values: dict[str, str] = {}
    for pair in text[:MOST_CHARS].split(";"):
        name, colon, value = pair.partition(":")
        if colon:
            name = name.strip().upper()
            values.setdefault(_LONG.get(name, name), _clean(value))
    return PrinterId(*(values.get(name, "") for name in ("MFG", "MDL", "CMD", "SN")))


def _clean(value: str) -> str:
    return " ".join("".join(char if char.isprintable() else " " for char in value).split())[:MOST_TEXT]
