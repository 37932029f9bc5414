"""The materials that are in the folder ``open`` now, and when somebody last touched each."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from halldrivers.scanstore.sessionfolder import SessionFolder


class Register:
    """Sessions by id. Not thread-safe: the store's lock is held."""

    def __init__(self, monotonic: Callable[[], float], stale_s: float) -> None:
        self._monotonic, self._stale_s = monotonic, stale_s
        self._folders: dict[str, SessionFolder] = {}
        self._touched_s: dict[str, float] = {}

    def __iter__(self) -> Iterator[SessionFolder]:
        return iter(tuple(self._folders.values()))

    def add(self, folder: SessionFolder) -> None:
        """One more, touched now: how long one from before the start was left alone nobody can know."""
        self._folders[folder.meta.session] = folder
        self.touch(folder.meta.session)

    def touch(self, session: str) -> None:
        """Somebody is at it."""
        self._touched_s[session] = self._monotonic()

    def is_stale(self, folder: SessionFolder) -> bool:
        """Whether nobody touched it for too long."""
        return self._monotonic() - self._touched_s[folder.meta.session] >= self._stale_s

    def drop_gone(self) -> None:
        """Forget those of which nothing is left."""
        for folder in self:
            if folder.is_gone:
                del self._folders[folder.meta.session], self._touched_s[folder.meta.session]

    def clear(self) -> None:
        """Forget all."""
        self._folders.clear()
        self._touched_s.clear()

    @property
    def waiting(self) -> tuple[SessionFolder, ...]:
        """Those whose sealed file waits to be recorded."""
        return tuple(folder for folder in self if folder.is_sealed)

    @property
    def named(self) -> frozenset[str]:
        """Hashes of sealed files that a session names."""
        return frozenset(folder.meta.sealed.sha256 for folder in self if folder.meta.sealed is not None)

    @property
    def reserved(self) -> int:
        """Bytes that the open ones still need to be finished."""
        return sum(folder.sealed_size() for folder in self)
