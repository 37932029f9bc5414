"""Group commit: all that waits goes into one transaction, and is answered when that is on the disk.

Rules, before the code:

1. A batch is what was asked in one turn of the event loop. Its changing requests run in order in one
   ``BEGIN IMMEDIATE``, a savepoint each; one COMMIT (one fsync) stands for all of them.
2. Nothing is answered before the COMMIT has returned. Reads run after it, so they see committed state
   only; answers keep the order of the requests.
3. A request under a known key gets the stored answer; the same key with another request is
   KeyReused. Refusals are not stored: the same touch may succeed later.
4. A refusal has recorded nothing. A program error undoes its own savepoint, the day is folded again
   from the log, its asker gets KeeperFault, the others do not notice.
5. Damage ends the keeper: :meth:`Worker.run` raises StorageDamaged and is not to be called again.
   Any other storage error undoes the whole transaction; everyone who waited for it gets that error,
   the day is folded again, and the next batch tries anew: it recovers by itself when there is space.
"""

from __future__ import annotations

import hashlib
import logging
import sqlite3
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, Protocol, TypeVar

import msgspec

from hallqueue.errors import HallError, KeeperFault, KeyReused, Refused, StorageDamaged, Trouble
from hallqueue.events import Body, Event
from hallqueue.store.connection import storage_error
from hallqueue.store.store import StoredRequest
from hallqueue.unit import Log, Moment

log = logging.getLogger("hall.keeper")

E = TypeVar("E")
"""The rules: :class:`hallqueue.rules.engine.HallEngine`."""

BATCH_MAX = 512
"""Requests of one commit: bounds how long the first of them waits."""

_encode = msgspec.json.encode


class Ledger(Log, Protocol):
    """What a batch needs of the store. All may raise a :class:`~hallqueue.errors.Trouble`."""

    def begin(self) -> None:
        """BEGIN IMMEDIATE."""
        ...

    def savepoint(self) -> None:
        """Mark the start of one unit."""
        ...

    def release(self) -> None:
        """The unit stays part of the transaction."""
        ...

    def rollback_to(self) -> None:
        """Undo the unit; counters go back as well."""
        ...

    def commit(self) -> None:
        """Returns when the transaction is on the disk."""
        ...

    def rollback(self) -> None:
        """Undo the transaction; safe after a failed commit."""
        ...

    def request_get(self, key: str) -> StoredRequest | None:
        """What was kept under a key."""
        ...

    def request_put(self, key: str, method: str, params: bytes, answer: bytes, at_ms: int) -> None:
        """Keep an answer under its key, as part of the transaction."""
        ...


class Recorder:
    """The log that the rules write to: the store's, with a count of what was recorded."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self.count = 0

    def record(self, body: Body, moment: Moment) -> Event:
        """Append one event, as the store does."""
        self.count += 1
        return self._ledger.record(body, moment)


@dataclass(slots=True, eq=False)
class Ask(Generic[E]):
    """Something to do to the hall, or to read from it."""

    name: str
    act: Callable[[E, Moment], object]
    """Calls the rules. For a reading ask it must change nothing."""
    actor: str
    changes: bool
    key: str = ""
    """Empty for the keeper's own chores, which are not kept for repeating."""
    digest: bytes = b""
    """Of the method's parameters, to know a repeated request from another one."""
    result: bytes | None = None
    """The encoded answer, once there is one."""
    error: HallError | None = None


def digest_of(params: msgspec.Struct) -> bytes:
    """16 bytes that stand for the parameters: equal for equal ones, in any process."""
    return hashlib.blake2b(_encode(params), digest_size=16).digest()


class Worker(Generic[E]):
    """Runs batches against the rules and the store. Knows no sockets."""

    def __init__(
        self,
        ledger: Ledger,
        fold: Callable[[Recorder], E],
        moment: Callable[[E, str], Moment],
    ) -> None:
        self._ledger = ledger
        self._fold = fold
        self._moment = moment
        self._recorder = Recorder(ledger)
        self._healthy = True
        self._damage: StorageDamaged | None = None
        self.hall = fold(self._recorder)
        """The rules with the state of the day."""

    def run(self, batch: Sequence[Ask[E]]) -> bool:
        """Fill in ``result`` or ``error`` of each; True when events were committed.

        Raises StorageDamaged when the storage is damaged, from then on always.
        """
        if self._damage is not None:
            raise self._damage
        try:
            return self._run(batch)
        except StorageDamaged as damage:
            self._damage = damage
            raise

    def _run(self, batch: Sequence[Ask[E]]) -> bool:
        writes = [ask for ask in batch if ask.changes]
        before = self._recorder.count
        committed = bool(writes) and self._commit(writes)
        for ask in batch:
            if not ask.changes:
                self._read(ask)
        return committed and self._recorder.count > before

    def _commit(self, writes: Sequence[Ask[E]]) -> bool:
        before = self._recorder.count
        try:
            self._ledger.begin()
            for ask in writes:
                self._unit(ask)
            self._ledger.commit()
        except StorageDamaged:
            # Nobody is answered: clients ask the next keeper again, which has a sound database.
            raise
        except Trouble as trouble:
            self._abandon(writes, trouble, self._recorder.count > before)
            return False
        except sqlite3.Error as error:
            failed = storage_error(error, Path("hall.db"))
            if isinstance(failed, StorageDamaged):
                raise failed from error
            self._abandon(writes, failed, self._recorder.count > before)
            return False
        if not self._healthy and self._recorder.count > before:
            self._healthy = True
            log.warning("storage works again")
        return True

    def _abandon(self, writes: Sequence[Ask[E]], trouble: Trouble, changed: bool) -> None:
        if self._healthy:
            self._healthy = False
            log.error("nothing can be recorded: %s", trouble)
        self._ledger.rollback()
        if changed:
            self.hall = self._fold(self._recorder)
        for ask in writes:
            ask.result, ask.error = None, trouble

    def _unit(self, ask: Ask[E]) -> None:
        if ask.key and self._repeated(ask):
            return
        before = self._recorder.count
        moment = self._moment(self.hall, ask.actor)
        self._ledger.savepoint()
        try:
            ask.result = _encode(ask.act(self.hall, moment))
            if ask.key:
                self._ledger.request_put(ask.key, ask.name, ask.digest, ask.result, moment.now_ms)
        except Refused as refusal:
            ask.error = refusal
            self._ledger.rollback_to()
            if self._recorder.count > before:
                log.error("%s recorded events and then refused with %s", ask.name, refusal.code)
                self.hall = self._fold(self._recorder)
        except (Trouble, sqlite3.Error):
            raise
        except Exception as error:  # border: one request's program error is not the hall's end
            report(ask.name, error)
            ask.result, ask.error = None, KeeperFault()
            self._ledger.rollback_to()
            self.hall = self._fold(self._recorder)
        else:
            self._ledger.release()

    def _repeated(self, ask: Ask[E]) -> bool:
        known = self._ledger.request_get(ask.key)
        if known is None:
            return False
        if known.method == ask.name and known.params == ask.digest:
            ask.result = known.answer
        else:
            ask.error = KeyReused()
        return True

    def _read(self, ask: Ask[E]) -> None:
        try:
            ask.result = _encode(ask.act(self.hall, self._moment(self.hall, ask.actor)))
        except StorageDamaged:
            raise
        except HallError as error:
            ask.error = error
        except Exception as error:  # border: as above
            report(ask.name, error)
            ask.error = KeeperFault()


def report(name: str, error: Exception) -> None:
    """Log where it happened; not the error's text, which may quote what a person gave."""
    frames = "".join(traceback.format_tb(error.__traceback__))
    log.error("program error in %s: %s\n%s", name, type(error).__name__, frames)
