"""A file's bytes by place: from a descriptor, or from memory for tests and fuzzing."""

from __future__ import annotations

import os
from typing import Protocol


class Reader(Protocol):
    """Bytes of a known length that are read by place."""

    @property
    def size(self) -> int:
        """How many there are; a file that is cut meanwhile gives fewer."""

    def at(self, place: int, count: int) -> bytes:
        """So many bytes from a place; fewer at the end, none beyond it."""


class FileReader:
    """An open descriptor, which stays its owner's."""

    def __init__(self, fd: int) -> None:
        self._fd = fd
        self._size = os.fstat(fd).st_size

    @property
    def size(self) -> int:
        """When it was opened."""
        return self._size

    def at(self, place: int, count: int) -> bytes:
        """As :class:`Reader`."""
        return os.pread(self._fd, count, place) if place < self._size else b""


class BytesReader:
    """Bytes in memory."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    @property
    def size(self) -> int:
        """How many."""
        return len(self._data)

    def at(self, place: int, count: int) -> bytes:
        """As :class:`Reader`."""
        return self._data[place : place + count]
