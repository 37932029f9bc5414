"""What could not be understood: moved out of the way whole, reported, deleted by a person's word alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from halldrivers.scanstore.erase import erase_tree
from halldrivers.scanstore.files import HIDDEN, Files
from halldrivers.scanstore.kepterrors import NoSuchItem
from halldrivers.scanstore.layout import BLOB_SUFFIX, PAGE_SUFFIX


@dataclass(frozen=True, slots=True)
class AsideItem:
    """One thing in the folder aside."""

    name: str
    """``session-…``, ``page-…``, ``sealed-…`` with their ids, or ``odd-…`` for what the store never wrote."""
    size: int
    """Bytes; of a folder, all in it."""
    changed_ms: int
    """By the machine's clock."""


class Aside:
    """The folder aside."""

    def __init__(self, files: Files, folder: Path, new_id: Callable[[], str]) -> None:
        self._files, self._folder, self._new_id = files, folder, new_id

    def take(self, path: Path, what: str) -> None:
        """Move a file or a folder aside, durably. A stranger's own name may say who he is: it is not kept."""
        suffix = path.suffix if path.suffix in (PAGE_SUFFIX, BLOB_SUFFIX) else ""
        self._files.rename(path, self._folder / f"{what}-{self._new_id()}{suffix}")

    def items(self) -> tuple[AsideItem, ...]:
        """What lies there."""
        found = []
        for name in self._files.names(self._folder):
            entry = self._files.look(self._folder / name)
            if entry is not None and not name.startswith(HIDDEN):
                found.append(AsideItem(name, self._files.size_of(self._folder / name), entry.changed_ms))
        return tuple(found)

    def discard(self, name: str) -> None:
        """Delete one thing for good. NoSuchItem when there is none of that name."""
        if name not in self._files.names(self._folder):
            raise NoSuchItem(name)
        erase_tree(self._files, self._folder / name)
