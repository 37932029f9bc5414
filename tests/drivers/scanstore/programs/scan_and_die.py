"""Scan two materials, tell each thing that is kept, and die (SIGKILL) at the n-th change of the disk.

usage: scan_and_die.py FOLDER CERTIFICATE LEDGER N PICTURE...
"""

from __future__ import annotations

import hashlib
import io
import os
import signal
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec
from PIL import Image

from halldrivers.scanstore.disk import PosixDisk
from halldrivers.scanstore.ledger import KnownScan, ScanState, SealedScan
from halldrivers.scanstore.page import Page
from halldrivers.scanstore.seal import CertificateFile
from halldrivers.scanstore.store import ScanStore

COUNTED = (
    "create",
    "write",
    "sync",
    "rename",
    "unlink",
    "make_folder",
    "remove_folder",
    "sync_folder",
    "reopen",
)


class DyingDisk(PosixDisk):
    def __init__(self, die_at: int) -> None:
        self._left = die_at

    def __getattribute__(self, name: str) -> Any:
        if name in COUNTED:
            self._left -= 1
            if self._left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
        return super().__getattribute__(name)


class LineLedger:
    """A line for each row, durable before the answer."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def record(self, scan: SealedScan, key: str) -> int:
        with self._path.open("ab") as file:
            file.write(msgspec.json.encode(scan) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        return len(self._path.read_bytes().splitlines())

    def wiped(self, scan_id: int, reason: str, key: str) -> None:
        raise AssertionError("nothing is wiped here")

    def known(self) -> Iterable[KnownScan]:
        lines = self._path.read_bytes().splitlines() if self._path.exists() else []
        for number, line in enumerate(lines, 1):
            yield KnownScan(number, msgspec.json.decode(line, type=SealedScan).sha256, ScanState.KEPT)


def main() -> None:
    folder, certificate, ledger, die_at, *pictures = sys.argv[1:]
    store = ScanStore(
        Path(folder),
        hall="test-hall",
        sealers=CertificateFile(Path(certificate)),
        ledger=LineLedger(Path(ledger)),
        disk=DyingDisk(int(die_at)),
    )
    store.open()
    for material, names in (("first", pictures[:2]), ("second", pictures[2:])):
        session = store.begin(12, 0, material, key=f"touch-{material}")
        for number, name in enumerate(names):
            data = Path(name).read_bytes()
            sha256 = hashlib.sha256(data).hexdigest()
            with Image.open(io.BytesIO(data)) as image:
                width, height = image.size
            session.add_page(Page(data, sha256, sha256, width, height, "camera-1", number))
            print(material, sha256, flush=True)
        session.finish()
        print("done", material, flush=True)


main()
