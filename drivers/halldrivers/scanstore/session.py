"""One material while it is being scanned, as the screen or the window uses it."""

from __future__ import annotations

import hashlib
import threading
from enum import StrEnum
from typing import Protocol

from halldrivers.counters import Counters
from halldrivers.scanstore.errors import MaterialFull, NoSuchPage, PageMismatch, SessionEnded
from halldrivers.scanstore.ledger import SealedScan
from halldrivers.scanstore.meta import SessionMeta, checked_id, checked_time
from halldrivers.scanstore.page import Limits, Page, PageInfo
from halldrivers.scanstore.picture import Picture, examine, kind_of
from halldrivers.scanstore.sessionfolder import SessionFolder


class SessionState(StrEnum):
    """Where a material stands."""

    OPEN = "open"
    FINISHED = "finished"
    """Its sealed file is durable; the pages are gone."""
    CANCELLED = "cancelled"


class Step(StrEnum):
    """What may be done with it."""

    ADD = "add"
    DROP = "drop"
    FINISH = "finish"
    CANCEL = "cancel"


NEXT: dict[SessionState, dict[Step, SessionState]] = {
    SessionState.OPEN: {
        Step.ADD: SessionState.OPEN,
        Step.DROP: SessionState.OPEN,
        Step.FINISH: SessionState.FINISHED,
        Step.CANCEL: SessionState.CANCELLED,
    },
    SessionState.FINISHED: {Step.FINISH: SessionState.FINISHED},
    SessionState.CANCELLED: {Step.CANCEL: SessionState.CANCELLED},
}
"""A step that is not here raises SessionEnded. Finishing and cancelling may be repeated."""


class SessionOwner(Protocol):
    """What a session asks of its store."""

    @property
    def lock(self) -> threading.RLock:
        """Held while anything is done in the folder."""

    @property
    def limits(self) -> Limits:
        """How much a material may be."""

    @property
    def keeps_originals(self) -> bool:
        """Whether originals are kept beside the pages."""

    def demand(self, more: int) -> None:
        """BudgetFull or DiskFull unless so many bytes more may be written."""

    def needs_open(self) -> None:
        """StoreClosed unless the store is open."""

    def touched(self, session: str) -> None:
        """Somebody is at it."""

    @property
    def counters(self) -> Counters:
        """What is counted."""

    def finish(self, folder: SessionFolder) -> SealedScan:
        """Seal it and record it."""

    def cancel(self, folder: SessionFolder) -> None:
        """Erase it."""


class ScanSession:
    """One material of one ticket. Everything raises StoreErrors, and has changed nothing that counts then."""

    def __init__(self, owner: SessionOwner, folder: SessionFolder) -> None:
        self._owner, self._folder = owner, folder

    @property
    def meta(self) -> SessionMeta:
        """What it is."""
        return self._folder.meta

    @property
    def state(self) -> SessionState:
        """Where it stands."""
        if self._folder.is_sealed:
            return SessionState.FINISHED
        return SessionState.CANCELLED if self._folder.is_gone else SessionState.OPEN

    @property
    def missing(self) -> tuple[int, ...]:
        """Numbers of pages that were kept and cannot be read back: add them again (``at``) or drop them."""
        return self._folder.missing

    def pages(self) -> tuple[PageInfo, ...]:
        """The pages that are kept, in the order of their numbers."""
        with self._owner.lock:
            return self._folder.pages

    def picture(self, number: int) -> bytes:
        """A kept page's picture, to be looked at. NoSuchPage; PageDamaged when it cannot be read back."""
        with self._owner.lock:
            self._owner.needs_open()
            return self._folder.read_picture(self._page(number))

    def add_page(self, page: Page, original: bytes | None = None, *, at: int | None = None) -> PageInfo:
        """Keep a page; it is on the disk when this returns. The same page (hash and time) again is kept once.

        ``at`` puts it in the place of one that was dropped or damaged. ``original`` is what the device
        delivered; it is kept when the store is told to. Raises PageUnreadable and PageMismatch, MaterialFull,
        BudgetFull or DiskFull before anything is written; DiskFull and DiskBroken while it is.
        """
        with self._owner.lock:
            self._step(Step.ADD)
            try:
                picture = self._check(page, original)
            except ValueError:  # all three kinds of a page that is refused for itself
                self._owner.counters.add("bad_reads")
                raise
            for kept in self._folder.pages:
                if (kept.sha256, kept.at_ms, kept.device) == (page.sha256, page.at_ms, page.device):
                    return kept
            kept_original = original if original and self._owner.keeps_originals else b""
            info = PageInfo(
                number=self._place(at),
                sha256=page.sha256,
                original_sha256=page.original_sha256,
                width=page.width,
                height=page.height,
                device=page.device,
                at_ms=page.at_ms,
                size=len(page.data),
                original_size=len(kept_original),
                embedded_size=picture.embedded_size,
                suffix=picture.suffix,
                original_suffix=kind_of(kept_original) if kept_original else "",
            )
            self._keep(info, page.data, kept_original)
            return info

    def drop_page(self, number: int) -> None:
        """Delete a page, durably; for one that is damaged it means to go without. NoSuchPage."""
        with self._owner.lock:
            self._step(Step.DROP)
            if number not in self._folder.infos and number not in self._folder.missing:
                raise NoSuchPage(str(number))
            self._folder.forget_seal()
            self._folder.drop_page(number)
            self._owner.touched(self.meta.session)

    def finish(self) -> SealedScan:
        """Seal all pages into one file for the county and record it; again gives the same.

        Once this returns the pages cannot be read here any more. While the keeper is away the sealed file
        waits and this returns all the same. Raises NoPages, PageDamaged, what a SealerSource raises, DiskFull
        and DiskBroken; the pages are then kept and it can be tried again.
        """
        with self._owner.lock:
            self._step(Step.FINISH)
            return self._owner.finish(self._folder)

    def cancel(self) -> None:
        """Erase the pages; nothing is kept of the material."""
        with self._owner.lock:
            self._step(Step.CANCEL)
            self._owner.cancel(self._folder)

    def _step(self, step: Step) -> None:
        self._owner.needs_open()
        if step not in NEXT[self.state]:
            raise SessionEnded(f"{self.meta.session}: {self.state}, {step}")

    def _page(self, number: int) -> PageInfo:
        try:
            return self._folder.infos[number]
        except KeyError:
            raise NoSuchPage(str(number)) from None

    def _check(self, page: Page, original: bytes | None) -> Picture:
        checked_id(page.device, "device")
        checked_time(page.at_ms, "at_ms")
        if _sha256(page.data) != page.sha256:
            raise PageMismatch("sha256")
        if original is not None and _sha256(original) != page.original_sha256:
            raise PageMismatch("original_sha256")
        picture = examine(page.data, self._owner.limits)
        if (picture.width, picture.height) != (page.width, page.height):
            raise PageMismatch(f"{page.width} x {page.height}, it is {picture.width} x {picture.height}")
        return picture

    def _place(self, at: int | None) -> int:
        taken = self._folder.infos
        last = max((*taken, *self._folder.missing), default=0)
        if at is None:
            return last + 1
        if not 1 <= at <= last + 1 or at in taken:
            raise NoSuchPage(str(at))
        return at

    def _keep(self, info: PageInfo, data: bytes, original: bytes) -> None:
        limits, folder = self._owner.limits, self._folder
        if len(folder.infos) >= limits.pages or info.number > _LAST_NUMBER:
            raise MaterialFull(f"{limits.pages} pages", f"最多 {limits.pages} 页")
        if folder.size + info.size + info.original_size > limits.material_bytes:
            raise MaterialFull(f"{limits.material_bytes} bytes", f"最多 {limits.material_bytes} 字节")
        self._owner.demand(folder.cost_of(info))
        folder.forget_seal()
        folder.put_page(info, data, original)
        self._owner.touched(self.meta.session)
        self._owner.counters.add("good_reads")


_LAST_NUMBER = 9999
"""A page's file name has four digits."""


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
