"""The simulated scanner itself: a feeder, a glass, jobs, and everything that goes wrong with them.

Pure but for its lock: :meth:`EsclSim.answer` takes a request and says what goes back; waiting, cutting and
hanging is done by the server as the :class:`Answer` tells it. Hands (load, jam, open) may come from any
thread.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace
from enum import StrEnum

from halldrivers.scanner.esclsim.answer import Answer, EsclFault
from halldrivers.scanner.esclsim.documents import Wish, capabilities, page_jpeg, status, wish_of

MOST_JOBS = 100
"""Jobs remembered; a scanner forgets the oldest."""


class Feeder(StrEnum):
    """The feeder's state, as eSCL names it."""

    LOADED = "ScannerAdfLoaded"
    EMPTY = "ScannerAdfEmpty"
    JAMMED = "ScannerAdfJam"
    OPEN = "ScannerAdfDoorOpen"


class Hand(StrEnum):
    """What happens to a feeder."""

    LOAD = "load"
    RUN_OUT = "run out"
    JAM = "jam"
    CLEAR = "clear"
    OPEN = "open"
    CLOSE = "close"


FEEDER: dict[Feeder, dict[Hand, Feeder]] = {
    Feeder.EMPTY: {Hand.LOAD: Feeder.LOADED, Hand.JAM: Feeder.JAMMED, Hand.OPEN: Feeder.OPEN},
    Feeder.LOADED: {
        Hand.LOAD: Feeder.LOADED,
        Hand.RUN_OUT: Feeder.EMPTY,
        Hand.JAM: Feeder.JAMMED,
        Hand.OPEN: Feeder.OPEN,
    },
    Feeder.JAMMED: {Hand.CLEAR: Feeder.LOADED, Hand.OPEN: Feeder.OPEN},
    Feeder.OPEN: {Hand.CLOSE: Feeder.LOADED},
}
"""A hand that is not listed changes nothing. A closed or cleared feeder with no sheet left is empty."""


@dataclass(slots=True)
class _Job:
    wish: Wish
    pages: int = 0
    back_of: int = 0
    """In duplex: the sheet whose back comes next."""
    is_over: bool = False


@dataclass(slots=True)
class Seen:
    """What a test may ask afterwards."""

    jobs: list[Wish] = field(default_factory=list)
    pages: int = 0
    cancelled: int = 0
    requests: int = 0


class EsclSim:
    """One scanner with a feeder and a glass. ``root`` is the path that its resources lie under."""

    def __init__(
        self,
        model: str = "Hall Simulated MFP",
        *,
        root: str = "/eSCL",
        slow_s: float = 1.0,
        has_flatbed: bool = True,
        has_feeder: bool = True,
    ) -> None:
        self.model, self.root, self.slow_s = model, root.rstrip("/"), slow_s
        self.has_flatbed, self.has_feeder = has_flatbed, has_feeder
        self.seen = Seen()
        self.fault = EsclFault.NONE
        self._lock = threading.RLock()
        self._feeder = Feeder.EMPTY
        self._sheets = self._sheet = 0
        self._jam_after: int | None = None
        self._jobs: dict[str, _Job] = {}
        self._numbers = 0

    # --- hands -----------------------------------------------------------------------------------

    @property
    def feeder(self) -> Feeder:
        """What the feeder's sensors say."""
        with self._lock:
            return self._feeder

    @property
    def sheets(self) -> int:
        """Sheets still in the feeder."""
        with self._lock:
            return self._sheets

    def load(self, sheets: int) -> None:
        """Lay sheets into the feeder."""
        with self._lock:
            self._sheets += sheets
            self._hand(Hand.LOAD)

    def jam_after(self, sheets: int) -> None:
        """The feeder jams after so many sheets more."""
        with self._lock:
            self._jam_after = sheets

    def jam(self) -> None:
        """A sheet is stuck."""
        self._hand(Hand.JAM)

    def clear_jam(self) -> None:
        """The stuck sheet is taken out."""
        self._hand(Hand.CLEAR)

    def open_cover(self) -> None:
        """Somebody opens the feeder's cover."""
        self._hand(Hand.OPEN)

    def close_cover(self) -> None:
        """And closes it."""
        self._hand(Hand.CLOSE)

    def fail(self, word: str) -> None:
        """Let something go wrong, by one of :data:`FAULT_WORDS`; raises ValueError for another."""
        match word:
            case "empty":
                with self._lock:
                    self._sheets = 0
                    self._hand(Hand.RUN_OUT)
            case "jam":
                self.jam()
            case "cover":
                self.open_cover()
            case _:
                self.fault = EsclFault(word)

    def _hand(self, hand: Hand) -> None:
        with self._lock:
            self._feeder = FEEDER[self._feeder].get(hand, self._feeder)
            if self._feeder is Feeder.LOADED and not self._sheets:
                self._feeder = Feeder.EMPTY

    # --- the wire --------------------------------------------------------------------------------

    def answer(self, method: str, path: str, body: bytes) -> Answer:
        """What a request gets."""
        with self._lock:
            self.seen.requests += 1
            if self.fault is EsclFault.SILENT:
                return Answer(200, is_silent=True)
            if self.fault is EsclFault.ERROR:
                return Answer(500)
            answer = self._route(method, path.removeprefix(self.root).strip("/").split("/"), body)
        if self.fault is EsclFault.BAD_XML and answer.body and answer.kind == "text/xml":
            return replace(answer, body=answer.body[: len(answer.body) // 2])
        return answer

    def _route(self, method: str, words: list[str], body: bytes) -> Answer:
        match method, words:
            case "GET", ["ScannerCapabilities"]:
                document = capabilities(self.model, has_flatbed=self.has_flatbed, has_feeder=self.has_feeder)
                return Answer(200, document)
            case "GET", ["ScannerStatus"]:
                works = any(not job.is_over for job in self._jobs.values())
                busy = works or self.fault is EsclFault.BUSY
                return Answer(200, status("Processing" if busy else "Idle", self._feeder))
            case "POST", ["ScanJobs"]:
                return self._begin(wish_of(body))
            case "GET", ["ScanJobs", number, "NextDocument"] if number in self._jobs:
                return self._next(self._jobs[number])
            case "DELETE", ["ScanJobs", number] if number in self._jobs:
                self.seen.cancelled += not self._jobs[number].is_over
                self._jobs[number].is_over = True
                return Answer(200)
        return Answer(404)

    def _begin(self, wish: Wish) -> Answer:
        if self.fault is EsclFault.DENIED:
            return Answer(403)
        if self.fault is EsclFault.BUSY or any(not job.is_over for job in self._jobs.values()):
            return Answer(503)
        if wish.source == "Feeder" and self._feeder is not Feeder.LOADED:
            return Answer(409)
        self._numbers += 1
        self._jobs[str(self._numbers)] = _Job(wish)
        while len(self._jobs) > MOST_JOBS:
            del self._jobs[next(iter(self._jobs))]
        self.seen.jobs.append(wish)
        return Answer(201, location=f"{self.root}/ScanJobs/{self._numbers}")

    def _next(self, job: _Job) -> Answer:
        if job.is_over:
            return Answer(404)
        if job.wish.source == "Feeder":
            drawn = self._feed(job)
        else:
            drawn = (1, "glass") if not job.pages else None
        if drawn is None:
            job.is_over = True
            return Answer(404)
        job.pages += 1
        self.seen.pages += 1
        return self._with_fault(page_jpeg(*drawn, job.wish))

    def _feed(self, job: _Job) -> tuple[int, str] | None:
        if job.back_of:
            sheet, job.back_of = job.back_of, 0
            return sheet, "back"
        if self._jam_after == 0 and self._feeder is Feeder.LOADED:
            self._jam_after = None
            self._hand(Hand.JAM)
        if self._feeder is not Feeder.LOADED:
            return None
        if self._jam_after is not None:
            self._jam_after -= 1
        self._sheets -= 1
        self._sheet += 1
        if not self._sheets:
            self._hand(Hand.RUN_OUT)
        job.back_of = self._sheet if job.wish.is_duplex else 0
        return self._sheet, "front"

    def _with_fault(self, page: bytes) -> Answer:
        answer = Answer(200, page, "image/jpeg", wait_s=self.slow_s if self.fault is EsclFault.SLOW else 0.0)
        match self.fault:
            case EsclFault.BROKEN:
                return replace(answer, breaks_at=len(page) // 2)
            case EsclFault.SHORT:
                return replace(answer, declared=len(page) + 5000)
            case EsclFault.LONG:
                return replace(answer, declared=len(page) // 2)
            case EsclFault.GARBAGE:
                return replace(answer, body=b"\x00garbage" * 500)
        return answer
