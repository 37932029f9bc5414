"""What all sessions of one store share: the lock, the limits, the room, and the way to be finished."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from halldrivers.counters import Counters
from halldrivers.scanstore.aside import Aside
from halldrivers.scanstore.budget import Usage, demand, measure
from halldrivers.scanstore.errors import StoreError
from halldrivers.scanstore.files import Files
from halldrivers.scanstore.finishing import Finisher
from halldrivers.scanstore.kepterrors import LedgerAway, StoreClosed
from halldrivers.scanstore.layout import Layout
from halldrivers.scanstore.ledger import SealedScan
from halldrivers.scanstore.options import StoreOptions
from halldrivers.scanstore.page import Limits
from halldrivers.scanstore.recovery import clean, load_sessions
from halldrivers.scanstore.register import Register
from halldrivers.scanstore.sessionfolder import SessionFolder

log = logging.getLogger("hall.device")


class Workroom:
    """A :class:`~halldrivers.scanstore.session.SessionOwner`, and the folder while this process has it."""

    def __init__(
        self,
        files: Files,
        layout: Layout,
        aside: Aside,
        register: Register,
        finisher: Finisher,
        options: StoreOptions,
        counters: Counters,
    ) -> None:
        self.files, self.layout, self.aside, self.register = files, layout, aside, register
        self.options, self.counters = options, counters
        self._finisher = finisher
        self.lock = threading.RLock()
        """Held while anything is done in the folder."""
        self._release: Callable[[], None] | None = None

    # --- the folder ------------------------------------------------------------------------------

    @property
    def is_open(self) -> bool:
        """Whether this process has the folder."""
        return self._release is not None

    def take(self) -> tuple[int, list[StoreError]]:
        """Take the folder, clean up and load what lies there; holds nothing when it fails.

        Answers how many leftovers were taken away, and what could not be understood.
        """
        self.files.make_folder(self.layout.root)
        self._release = self.files.hold(self.layout.lock)
        try:
            for folder in self.layout.folders[1:]:
                self.files.make_folder(folder)
            cleaned = clean(self.files, self.layout)
            folders, errors = load_sessions(self.files, self.layout, self.aside)
        except BaseException:
            self.leave()
            raise
        for session in folders:
            self.register.add(session)
        return cleaned, errors

    def leave(self) -> None:
        """Let go of the folder; harmless when this process does not have it."""
        release, self._release = self._release, None
        self.register.clear()
        if release is not None:
            release()

    # --- what a session asks ---------------------------------------------------------------------

    @property
    def limits(self) -> Limits:
        """How much a material may be."""
        return self.options.limits

    @property
    def keeps_originals(self) -> bool:
        """Whether originals are kept beside the pages."""
        return self.options.keep_originals

    def needs_open(self) -> None:
        """StoreClosed unless this process has the folder."""
        if not self.is_open:
            raise StoreClosed(str(self.layout.root))

    def usage(self) -> Usage:
        """How the room stands."""
        return measure(self.files, self.layout.root, self.register.reserved)

    def demand(self, more: int) -> None:
        """BudgetFull or DiskFull unless so many bytes more may be written."""
        demand(self.options.budget, self.usage(), more)

    def touched(self, session: str) -> None:
        """Somebody is at it."""
        self.register.touch(session)

    def finish(self, folder: SessionFolder) -> SealedScan:
        """Seal a material and record it.

        Once it is sealed this does not fail any more: while the keeper is away, or the disk will not delete,
        the rest waits for the next sweep, which tells what is wrong.
        """
        was_sealed = folder.is_sealed
        scan = self._finisher.seal(folder)
        if not was_sealed:
            self.counters.add("writes")
        if not folder.is_gone:
            try:
                self._finisher.record(folder)
            except LedgerAway:
                pass  # which the keeper's own line says already
            except StoreError as error:
                log.warning("scan store: %s waits: %s", folder.meta.session, error)
            finally:
                self.register.drop_gone()
        return scan

    def cancel(self, folder: SessionFolder) -> None:
        """Erase a material."""
        try:
            folder.remove()
        finally:
            self.register.drop_gone()
