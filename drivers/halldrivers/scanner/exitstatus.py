"""Why ``scanimage`` ended: from its exit status, or from its last words if it hangs after them.

Never whether pages came: those are counted as files. Sources: sane.h, and every status seen from the test
backend of sane-backends 1.2.1.
"""

from __future__ import annotations

import re
import signal

from halldrivers.scanner.outcome import Ended
from halldrivers.scanner.settings import PageFormat

OF_CODE: dict[int, Ended] = {
    1: Ended.REFUSED,  # start-up: no such device, an option that it does not take
    2: Ended.STOPPED_AT_DEVICE,
    3: Ended.BUSY,
    4: Ended.REFUSED,  # invalid argument
    5: Ended.IO_ERROR,
    6: Ended.JAMMED,
    7: Ended.NO_PAPER,
    8: Ended.COVER_OPEN,
    9: Ended.IO_ERROR,
    10: Ended.IO_ERROR,  # out of memory
    11: Ended.DENIED,
    12: Ended.BUSY,  # warming up
    13: Ended.LOCKED,
    125: Ended.PROGRAM_MISSING,  # timeout(1) itself failed
    126: Ended.PROGRAM_MISSING,  # it cannot be executed
    127: Ended.PROGRAM_MISSING,
}
"""scanimage ends with the SANE status (sane.h), or with 1 for everything before the first page."""

NO_LENGTH = {PageFormat.JPEG: (1,), PageFormat.PNG: (-signal.SIGABRT, 128 + signal.SIGABRT)}
"""How it ends, with its half page left, when the backend does not say how long a page is: both libraries want
to know before the first line."""

LAST_WORDS = "Batch terminated"
_FAILED = re.compile(r"sane_(?:start|read): (.+)$", re.MULTILINE)
_CODE_OF_WORDS = {
    "Operation was canceled": 2,
    "Device busy": 3,
    "Invalid argument": 4,
    "Document feeder jammed": 6,
    "Document feeder out of documents": 7,
    "Scanner cover is open": 8,
    "Error during device I/O": 9,
    "Out of memory": 10,
    "Access to resource has been denied": 11,
}
"""sane_strstatus, for a program that hangs in its backend after its last words and has no exit status: the
test backend of 1.2.1 does so once in some thousand scans under load (observed: a thread is cancelled within
malloc). LC_ALL=C keeps the words stable."""


def code_of(words: str) -> int:
    """The status that scanimage would have ended with, by its last words."""
    failed = _FAILED.findall(words)
    return _CODE_OF_WORDS.get(failed[-1].strip(), 9) if failed else 0
