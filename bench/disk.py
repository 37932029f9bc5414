"""The disk under it all: how long one durable write of a page takes here."""

from __future__ import annotations

import os
import time
from pathlib import Path

PAGE = bytes(4096)


def fsync_samples(folder: Path, count: int = 300) -> list[float]:
    """Seconds of an appended page and its fdatasync, as SQLite's write-ahead log does it."""
    file = folder / "fsync.probe"
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT, 0o600)
    samples = []
    try:
        for _ in range(count):
            began = time.perf_counter()
            os.write(descriptor, PAGE)
            os.fdatasync(descriptor)
            samples.append(time.perf_counter() - began)
    finally:
        os.close(descriptor)
        file.unlink()
    return samples
