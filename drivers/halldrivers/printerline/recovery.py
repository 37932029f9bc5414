"""Getting a printer back into step, and finding out what it can answer.

A raster block that was cut off (power cut, cable) leaves the printer waiting for the rest: it swallows the
next job as picture data. Real-time questions are answered meanwhile, so only an in-band answer shows it. The
cure is receiptio's: `ESC @ GS a 255` must bring an ASB group; if not, NUL bytes fill the open block.
"""

from halldrivers.printerline.abilities import PrinterAbilities
from halldrivers.printerline.answers import PaperAnswer, ProcessId, Query
from halldrivers.printerline.job import ASK_PAPER, ENABLE_ASB, INITIALISE, ask_process_id
from halldrivers.printerline.link import StatusLink

SYNC_TIMEOUT_S = 2.0
FILL_BYTES = 8192
LARGEST_BLOCK_BYTES = 65536
"""More than any block that we send (a 576-dot picture of 900 rows); the filling must exceed it."""
FEED_AND_CUT = b"\x1d\x56\x42\x00"
_PROBE_ID = "HALL"


def is_in_step(link: StatusLink, timeout_s: float = SYNC_TIMEOUT_S) -> bool:
    """Ask in-band for an ASB group: True proves that everything sent before was taken as commands."""
    link.drain()
    link.send(INITIALISE + ENABLE_ASB)
    if link.wait_for_asb(timeout_s) is None:
        return False
    link.end_pause()  # its buffer is empty
    return True


def flush(link: StatusLink, timeout_s: float, largest_block_bytes: int, cut: bool) -> bool:
    """Fill an open block until the printer answers in-band again, and cut off what came out.

    The filling stops as soon as it has worked. The cut keeps a person's half ticket from hanging on the next
    one's. False when the printer stays silent.
    """
    in_step = is_in_step(link, timeout_s)
    filled = 0
    while not in_step and filled <= largest_block_bytes:
        accepted = link.send(bytes(FILL_BYTES), timeout_s)
        filled += accepted
        if accepted < FILL_BYTES:
            return False
        in_step = is_in_step(link, timeout_s)
    if in_step and (cut or filled):
        link.send(FEED_AND_CUT)
    return in_step


def probe(link: StatusLink, timeout_s: float) -> PrinterAbilities:
    """Try each status command alone and see which is answered within `timeout_s`."""
    link.drain()
    realtime = frozenset(query for query in Query if link.ask([query], timeout_s))
    link.send(ENABLE_ASB)
    asb = link.wait_for_asb(timeout_s) is not None
    link.send(ASK_PAPER)
    paper = link.wait_for(lambda event: isinstance(event, PaperAnswer), timeout_s)
    link.send(ask_process_id(_PROBE_ID))
    block = link.wait_for(lambda event: isinstance(event, ProcessId) and event.job_id == _PROBE_ID, timeout_s)
    return PrinterAbilities(realtime, asb, paper is not None, block is not None)
