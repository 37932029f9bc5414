"""Files that are there whole or not at all, however and whenever the power goes.

``put`` is the only way in which a file comes to be: a temporary file in the same folder, its bytes synced,
renamed, the folder synced. A cut before the rename leaves a temporary file, which :meth:`Files.clean` takes
away; a cut after it leaves the file, whole. An error on the way leaves what was there before.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable
from pathlib import Path

from halldrivers.scanstore.disk import Disk, Entry, told
from halldrivers.scanstore.errors import DiskBroken, StoreError

HIDDEN = "."
"""First letter of every name that recovery may delete without understanding it."""
TEMPORARY = ".tmp-"
_PIECE = 1 << 20


class Files:
    """What the store does with files. Every method raises StoreErrors only."""

    def __init__(self, disk: Disk, new_id: Callable[[], str]) -> None:
        self._disk, self._new_id = disk, new_id

    def put(self, folder: Path, name: str, data: bytes) -> None:
        """A file, durable when this returns; in the place of one of that name."""
        self.commit(self.stage(folder, data), name)

    def stage(self, folder: Path, data: bytes) -> Path:
        """The bytes, durable under a temporary name: what follows needs no room any more."""
        path = folder / f"{TEMPORARY}{self._new_id()}"
        with told(path):
            try:
                file = self._disk.create(path)
                try:
                    self._write(file, data)
                    self._disk.sync(file)
                finally:
                    self._disk.close(file)
            except OSError:
                self._try_unlink(path)
                raise
        return path

    def commit(self, staged: Path, name: str) -> None:
        """Give staged bytes their name, durably."""
        with told(staged.parent / name):
            try:
                self._disk.rename(staged, staged.parent / name)
            except OSError:
                self._try_unlink(staged)
                raise
            self._disk.sync_folder(staged.parent)

    def unstage(self, staged: Path) -> None:
        """Give staged bytes up; what cannot be deleted now goes at the next start."""
        self._try_unlink(staged)

    def overwrite(self, path: Path, data: bytes) -> None:
        """Put other bytes in the place of a file's, so that the old ones are not left in a free block."""
        with told(path):
            file = self._disk.reopen(path)
            try:
                self._write(file, data)
                self._disk.sync(file)
            finally:
                self._disk.close(file)

    def delete(self, path: Path) -> None:
        """Delete a file durably; harmless when it is not there."""
        self.unlink(path)
        self.sync_folder(path.parent)

    def unlink(self, path: Path) -> None:
        """Delete a file, durable with the next ``sync_folder``; harmless when it is not there."""
        with told(path), contextlib.suppress(FileNotFoundError):
            self._disk.unlink(path)

    def rename(self, old: Path, new: Path) -> None:
        """Move a file or a folder to a name that is free, durably."""
        with told(new):
            if self._disk.look(new) is not None:
                raise DiskBroken(f"{new}: exists")
            self._disk.rename(old, new)
            self._disk.sync_folder(new.parent)
            if old.parent != new.parent:
                self._disk.sync_folder(old.parent)

    def make_folder(self, path: Path) -> None:
        """A folder, durable when this returns; harmless when it is there."""
        with told(path):
            with contextlib.suppress(FileExistsError):
                self._disk.make_folder(path)
            self._disk.claim(path)
            self._disk.sync_folder(path.parent)

    def claim(self, path: Path) -> None:
        """A folder is this user's alone from now on. FolderDenied when it is another's."""
        with told(path):
            self._disk.claim(path)

    def remove_folder(self, path: Path) -> None:
        """Remove an empty folder durably."""
        with told(path):
            with contextlib.suppress(FileNotFoundError):
                self._disk.remove_folder(path)
            self._disk.sync_folder(path.parent)

    def sync_folder(self, path: Path) -> None:
        """Return once the folder's names are on the disk."""
        with told(path):
            self._disk.sync_folder(path)

    def read(self, path: Path, most: int) -> bytes:
        """A file's bytes; more than ``most`` of them is an error, not a cut."""
        with told(path):
            data = self._disk.read(path, most + 1)
        if len(data) > most:
            raise DiskBroken(f"{path}: more than {most} bytes")
        return data

    def head(self, path: Path, most: int) -> bytes:
        """A file's first bytes."""
        with told(path):
            return self._disk.read(path, most)

    def is_whole(self, path: Path, sha256: str, size: int) -> bool:
        """Whether a file is there with these bytes."""
        entry = self.look(path)
        if entry is None or not entry.is_file or entry.size != size:
            return False
        return hashlib.sha256(self.read(path, size)).hexdigest() == sha256

    def names(self, folder: Path) -> list[str]:
        """What a folder holds, sorted."""
        with told(folder):
            return self._disk.names(folder)

    def look(self, path: Path) -> Entry | None:
        """What lies under a name; None for nothing."""
        with told(path):
            return self._disk.look(path)

    def size_of(self, path: Path) -> int:
        """Bytes of a file, or of all files in a folder; 0 for nothing."""
        entry = self.look(path)
        if entry is None:
            return 0
        if not entry.is_folder:
            return entry.size
        return sum(self.size_of(path / name) for name in self.names(path))

    def free(self, path: Path) -> int:
        """Bytes that may still be written."""
        with told(path):
            return self._disk.free(path)

    def hold(self, path: Path) -> Callable[[], None]:
        """Take a lock until the answer is called. StoreBusy when another process has it."""
        with told(path):
            return self._disk.hold(path)

    def clean(self, folder: Path) -> int:
        """Take away what a cut left in the middle of ``put``; answers how many files."""
        left = [name for name in self.names(folder) if name.startswith(TEMPORARY)]
        for name in left:
            self.unlink(folder / name)
        if left:
            self.sync_folder(folder)
        return len(left)

    def _write(self, file: int, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            done = self._disk.write(file, bytes(rest[:_PIECE]))
            if done <= 0:
                raise OSError("nothing was written")
            rest = rest[done:]

    def _try_unlink(self, path: Path) -> None:
        with contextlib.suppress(StoreError, OSError):
            self.unlink(path)
