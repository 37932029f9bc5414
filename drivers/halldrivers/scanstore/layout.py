"""Names and places in the store's folder. No name says anything of a person: ids, numbers and hashes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

GONE = ".gone-"
"""A session's folder that is done with."""
META, KEY = "session.json", "key"
BLOB_SUFFIX, PAGE_SUFFIX = ".p7m", ".page"
_BLOB = re.compile(r"([0-9a-f]{64})\.p7m\Z")
_PAGE = re.compile(r"([0-9]{4})\.page\Z")
_SESSION = re.compile(r"[0-9a-f]{16}\Z")
_HASH = re.compile(r"[0-9a-f]{64}\Z")


@dataclass(frozen=True, slots=True)
class Layout:
    """Where things are."""

    root: Path

    @property
    def open(self) -> Path:
        """Materials in progress, a folder each."""
        return self.root / "open"

    @property
    def sealed(self) -> Path:
        """Finished materials."""
        return self.root / "sealed"

    @property
    def aside(self) -> Path:
        """What could not be understood."""
        return self.root / "aside"

    @property
    def lock(self) -> Path:
        """Held by the process that uses the folder."""
        return self.root / "lock"

    @property
    def folders(self) -> tuple[Path, ...]:
        """All of them, in the order in which they are made."""
        return self.root, self.open, self.sealed, self.aside

    def blob(self, sha256: str) -> Path:
        """The sealed file with this hash."""
        return self.sealed / blob_name(sha256)


def blob_name(sha256: str) -> str:
    """Name of a sealed file."""
    return f"{sha256}{BLOB_SUFFIX}"


def hash_in(name: str) -> str:
    """The hash that a sealed file's name tells; empty when it is no such name."""
    found = _BLOB.match(name)
    return found[1] if found else ""


def page_name(number: int) -> str:
    """Name of a page's file."""
    return f"{number:04}{PAGE_SUFFIX}"


def number_in(name: str) -> int:
    """The number that a page file's name tells; 0 when it is no such name."""
    found = _PAGE.match(name)
    return int(found[1]) if found else 0


def is_session(name: str) -> bool:
    """Whether it is a session's id."""
    return _SESSION.match(name) is not None


def is_hash(text: str) -> bool:
    """Whether it is a SHA-256 in hexadecimal."""
    return _HASH.match(text) is not None
