"""A USB printer's own description of itself: short clean words, whatever it says."""

from halldrivers.buses.ieee1284 import MOST_TEXT, parse_printer_id

SEEDS = [
    b"MFG:EPSON;CMD:ESC/POS;MDL:TM-T82III;CLS:PRINTER;DES:EPSON TM-T82III;",
    b"MANUFACTURER:HP;COMMAND SET:PJL,PCL;MODEL:LaserJet;SERN:V1",
    b"MFG:;MDL:;",
    b";;;:::",
]


def run(data: bytes) -> None:
    tells = parse_printer_id(data.decode("utf-8", "replace"))
    assert isinstance(tells.is_office, bool)
    for word in (tells.maker, tells.model, tells.languages, tells.serial):
        assert len(word) <= MOST_TEXT
        assert word.isprintable()
