"""A hall's scan store on a disk that can be cut, filled and broken, before a ledger that can be away."""

from __future__ import annotations

import errno
import hashlib
import io
import json
import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from cryptography.x509.oid import NameOID
from PIL import Image

from halldrivers.errors import Fault
from halldrivers.scanstore.disk import Entry, PosixDisk
from halldrivers.scanstore.kepterrors import LedgerAway, LedgerRefused
from halldrivers.scanstore.ledger import KnownScan, ScanState, SealedScan
from halldrivers.scanstore.options import StoreOptions
from halldrivers.scanstore.page import Page
from halldrivers.scanstore.seal import CmsSealer, Sealer
from halldrivers.scanstore.session import ScanSession
from halldrivers.scanstore.store import ScanStore
from halldrivers.scanstore.sweep import SweepReport

AT_MS = 1_780_000_000_000
MASK = bytes(byte ^ 0x5A for byte in range(256))


class PowerCut(BaseException):
    """The power is gone. Nobody catches this."""


# --- the county ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class County:
    """A throwaway key of a county that does not exist."""

    key: rsa.RSAPrivateKey
    certificate: x509.Certificate

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)

    def unseal(self, blob: bytes) -> bytes:
        return pkcs7.pkcs7_decrypt_der(blob, self.certificate, self.key, [])


def make_certificate(
    key: Any,
    *,
    days: tuple[int, int] = (-1, 365),
    usage: bool | None = True,
    now: datetime = datetime(2026, 6, 1, tzinfo=UTC),
) -> x509.Certificate:
    """A certificate of a throwaway key; ``usage`` is keyEncipherment, None for no key usage at all."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test county")])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name)
    builder = builder.public_key(key.public_key()).serial_number(7)
    builder = builder.not_valid_before(now + timedelta(days=days[0]))
    builder = builder.not_valid_after(now + timedelta(days=days[1]))
    if usage is not None:
        flags = dict.fromkeys(
            ("content_commitment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign"), False
        )
        more = x509.KeyUsage(
            digital_signature=True, key_encipherment=usage, encipher_only=False, decipher_only=False, **flags
        )
        builder = builder.add_extension(more, critical=True)
    return builder.sign(key, hashes.SHA256())


class ToySealer:
    """Randomised like the real one and a thousand times as fast; hides little."""

    sealing = "toy"

    def __init__(self) -> None:
        self._random = random.Random(7)

    def fingerprint(self) -> str:
        return "toy:1"

    def seal(self, data: bytes) -> bytes:
        return self._random.randbytes(16) + data.translate(MASK)

    def warning(self) -> Fault | None:
        return None


def toy_unseal(blob: bytes) -> bytes:
    return blob[16:].translate(MASK)


# --- the ledger ----------------------------------------------------------------------------------------


class FakeLedger:
    """Rows that survive every cut; a cut may come before a call's commit or before its answer."""

    def __init__(self) -> None:
        self.rows: dict[int, tuple[SealedScan, ScanState]] = {}
        self.keys: dict[str, int] = {}
        self.reasons: dict[int, str] = {}
        self.is_away = self.refuses = False
        self.before: Callable[[], None] = lambda: None

    def record(self, scan: SealedScan, key: str) -> int:
        self._call()
        if self.refuses:
            raise LedgerRefused("ticket 404")
        if key in self.keys:
            assert self.rows[self.keys[key]][0] == scan, "one key, two scans"
            scan_id = self.keys[key]
        else:
            scan_id = self.keys[key] = len(self.rows) + 1
            self.rows[scan_id] = (scan, ScanState.KEPT)
        self.before()
        return scan_id

    def wiped(self, scan_id: int, reason: str, key: str) -> None:
        self._call()
        scan, _ = self.rows[scan_id]
        self.rows[scan_id] = (scan, ScanState.WIPED)
        self.reasons[scan_id] = reason
        self.before()

    def known(self) -> Iterable[KnownScan]:
        if self.is_away:
            raise LedgerAway("no socket")
        for scan_id, (scan, state) in self.rows.items():
            yield KnownScan(scan_id, scan.sha256, state)

    def acknowledge(self, sha256: str) -> None:
        """The county has it."""
        for scan_id, (scan, state) in self.rows.items():
            if scan.sha256 == sha256 and state is ScanState.KEPT:
                self.rows[scan_id] = (scan, ScanState.ACKNOWLEDGED)

    def state_of(self, sha256: str) -> ScanState:
        return next(state for scan, state in self.rows.values() if scan.sha256 == sha256)

    def _call(self) -> None:
        if self.is_away:
            raise LedgerAway("no socket")
        self.before()


# --- disks ---------------------------------------------------------------------------------------------


class CountingDisk(PosixDisk):
    """The real disk, on which the n-th call that changes anything fails."""

    def __init__(self) -> None:
        self.calls = 0
        self.fail_at = 0
        self.failure: Callable[[str], BaseException] = lambda _: PowerCut()

    def step(self, what: str = "ledger") -> None:
        self.calls += 1
        if self.calls == self.fail_at:
            raise self.failure(what)

    def create(self, path: Path) -> int:
        self.step("create")
        return super().create(path)

    def reopen(self, path: Path) -> int:
        self.step("reopen")
        return super().reopen(path)

    def write(self, file: int, data: bytes) -> int:
        half = data[: len(data) // 2]
        if self.calls + 1 == self.fail_at and half:
            super().write(file, half)
        self.step("write")
        return super().write(file, data)

    def sync(self, file: int) -> None:
        self.step("sync")
        super().sync(file)

    def rename(self, old: Path, new: Path) -> None:
        self.step("rename")
        super().rename(old, new)

    def unlink(self, path: Path) -> None:
        self.step("unlink")
        super().unlink(path)

    def make_folder(self, path: Path) -> None:
        self.step("make_folder")
        super().make_folder(path)

    def remove_folder(self, path: Path) -> None:
        self.step("remove_folder")
        super().remove_folder(path)

    def sync_folder(self, path: Path) -> None:
        self.step("sync_folder")
        super().sync_folder(path)


@dataclass(eq=False)
class Node:
    """A file or a folder: as it is, and as it would be after a cut."""

    is_folder: bool
    data: bytes = b""
    safe_data: bytes | None = None
    """None: nothing of it was ever synced."""
    names: dict[str, Node] = field(default_factory=dict)
    safe_names: dict[str, Node] = field(default_factory=dict)


@dataclass(eq=False)
class Change:
    """One change of names, which is there after a cut or is not."""

    puts: list[tuple[Node, str, Node | None]]


class PowerDisk:
    """A disk in memory that forgets at a cut what was not synced, each thing by the toss of a coin.

    Bytes of a file are safe once the file was synced; before, a cut leaves the old ones, the new ones, or a
    part. Changes of names are safe once one of their folders was synced; before, a cut keeps a beginning
    of each folder's changes, as a journaling file system does (ext4, ordered).
    """

    def __init__(self, root: Path) -> None:
        self._base = root.parent
        self._root = Node(is_folder=True)
        self._changes: list[Change] = []
        self._files: dict[int, Node] = {}
        self._at: dict[int, int] = {}
        self._next = 100
        self._held = False
        self.calls = 0
        self.fail_at = 0
        self.failure: Callable[[str], BaseException] = lambda _: PowerCut()
        self.is_full = False
        self.is_dead = False
        self.room = 10**12

    # what a test does

    def step(self, what: str = "ledger") -> None:
        if self.is_dead:
            raise PowerCut
        self.calls += 1
        if self.calls == self.fail_at:
            failure = self.failure(what)
            self.is_dead = isinstance(failure, PowerCut)
            raise failure
        if self.is_full and what in ("create", "write", "make_folder"):
            raise OSError(errno.ENOSPC, "No space left on device")

    def cut(self, seed: int) -> None:
        """The power goes and comes back."""
        dice = random.Random(seed)
        lost: set[int] = set()
        for change in self._changes:
            folders = {id(folder) for folder, _, _ in change.puts}
            if folders & lost or dice.random() < 0.5:
                lost |= folders
            else:
                _apply(change)
        self._changes.clear()
        self._files.clear()
        self._settle(self._root, dice)
        self.fail_at, self.is_dead, self.is_full, self._held = 0, False, False, False

    def _settle(self, node: Node, dice: random.Random) -> None:
        if node.is_folder:
            node.names = dict(node.safe_names)
            for inner in node.names.values():
                self._settle(inner, dice)
        elif node.data != node.safe_data:
            old = node.safe_data or b""
            torn = node.data[: dice.randrange(len(node.data) + 1)]
            node.data = node.safe_data = dice.choice((old, node.data, torn, bytes(len(node.data))))

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Every file that is there, by its path below the root."""
        yield from _walk(self._root, "")

    def put(self, path: Path, data: bytes) -> None:
        """Somebody else writes a file, and it is durable."""
        folder = self._folder(path.parent)
        folder.names[path.name] = folder.safe_names[path.name] = Node(False, data, data)

    def node(self, path: Path) -> Node | None:
        node = self._root
        for name in path.relative_to(self._base).parts:
            if name not in node.names:
                return None
            node = node.names[name]
        return node

    # Disk

    def create(self, path: Path) -> int:
        self.step("create")
        folder = self._folder(path.parent)
        if path.name in folder.names:
            raise FileExistsError(errno.EEXIST, "exists", str(path))
        node = Node(is_folder=False)
        self._change((folder, path.name, node))
        return self._open(node)

    def reopen(self, path: Path) -> int:
        self.step("reopen")
        return self._open(self._there(path))

    def write(self, file: int, data: bytes) -> int:
        node, at = self._files[file], self._at[file]
        if self.calls + 1 == self.fail_at:
            half = data[: len(data) // 2]
            node.data = node.data[:at] + half + node.data[at + len(half) :]
        self.step("write")
        node.data = node.data[:at] + data + node.data[at + len(data) :]
        self._at[file] = at + len(data)
        return len(data)

    def sync(self, file: int) -> None:
        self.step("sync")
        node = self._files[file]
        node.safe_data = node.data

    def close(self, file: int) -> None:
        if not self.is_dead:
            del self._files[file]

    def rename(self, old: Path, new: Path) -> None:
        self.step("rename")
        node = self._there(old)
        self._change((self._folder(old.parent), old.name, None), (self._folder(new.parent), new.name, node))

    def unlink(self, path: Path) -> None:
        self.step("unlink")
        if self._there(path).is_folder:
            raise IsADirectoryError(errno.EISDIR, "a folder", str(path))
        self._change((self._folder(path.parent), path.name, None))

    def make_folder(self, path: Path) -> None:
        self.step("make_folder")
        folder = self._folder(path.parent)
        if path.name in folder.names:
            raise FileExistsError(errno.EEXIST, "exists", str(path))
        self._change((folder, path.name, Node(is_folder=True)))

    def remove_folder(self, path: Path) -> None:
        self.step("remove_folder")
        if self._there(path).names:
            raise OSError(errno.ENOTEMPTY, "not empty", str(path))
        self._change((self._folder(path.parent), path.name, None))

    def sync_folder(self, path: Path) -> None:
        self.step("sync_folder")
        wanted = {id(self._folder(path))}
        chosen: list[Change] = []
        # From the last one back: whatever a chosen change builds on is chosen too.
        for change in reversed(self._changes):
            folders = {id(folder) for folder, _, _ in change.puts}
            if folders & wanted:
                wanted |= folders
                chosen.append(change)
        for change in reversed(chosen):
            _apply(change)
            self._changes.remove(change)

    def read(self, path: Path, most: int) -> bytes:
        self._alive()
        return self._there(path).data[:most]

    def names(self, path: Path) -> list[str]:
        self._alive()
        return sorted(self._folder(path).names)

    def look(self, path: Path) -> Entry | None:
        self._alive()
        node = self.node(path)
        if node is None:
            return None
        return Entry(len(node.data), node.is_folder, not node.is_folder, AT_MS)

    def free(self, path: Path) -> int:
        self._alive()
        return self.room - sum(len(data) for _, data in self.files())

    def claim(self, folder: Path) -> None:
        self._alive()
        self._folder(folder)

    def hold(self, path: Path) -> Callable[[], None]:
        if self._held:
            raise BlockingIOError(errno.EWOULDBLOCK, "held")
        self._held = True

        def release() -> None:
            self._held = False

        return release

    def _alive(self) -> None:
        if self.is_dead:
            raise PowerCut

    def _there(self, path: Path) -> Node:
        node = self.node(path)
        if node is None:
            raise FileNotFoundError(errno.ENOENT, "not there", str(path))
        return node

    def _folder(self, path: Path) -> Node:
        node = self._there(path)
        if not node.is_folder:
            raise NotADirectoryError(errno.ENOTDIR, "no folder", str(path))
        return node

    def _open(self, node: Node) -> int:
        self._next += 1
        self._files[self._next] = node
        self._at[self._next] = 0
        return self._next

    def _change(self, *puts: tuple[Node, str, Node | None]) -> None:
        for folder, name, node in puts:
            if node is None:
                del folder.names[name]
            else:
                folder.names[name] = node
        self._changes.append(Change(list(puts)))


def _apply(change: Change) -> None:
    for folder, name, node in change.puts:
        if node is None:
            folder.safe_names.pop(name, None)
        else:
            folder.safe_names[name] = node


def _walk(node: Node, path: str) -> Iterator[tuple[str, bytes]]:
    for name, inner in node.names.items():
        if inner.is_folder:
            yield from _walk(inner, f"{path}/{name}")
        else:
            yield f"{path}/{name}", inner.data


# --- pages ---------------------------------------------------------------------------------------------


@cache
def picture(number: int, kind: str = "JPEG", size: tuple[int, int] = (24, 34)) -> bytes:
    """A small picture, another one for each number."""
    image = Image.new("RGB", size, (number * 53 % 256, number * 101 % 256, 255))
    for at in range(16):
        if number >> at & 1:
            image.putpixel((at, at % size[1]), (0, 0, 0))
    out = io.BytesIO()
    image.save(out, kind, **({"quality": 95} if kind == "JPEG" else {}))
    return out.getvalue()


def sha256_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def page_of(data: bytes, number: int = 1, original: bytes | None = None) -> Page:
    with Image.open(io.BytesIO(data)) as image:
        width, height = image.size
    return Page(
        data=data,
        sha256=sha256_of(data),
        original_sha256=sha256_of(data if original is None else original),
        width=width,
        height=height,
        device="camera-1",
        at_ms=AT_MS + number * 1000,
    )


def numbered(number: int) -> Page:
    return page_of(picture(number), number)


# --- all of it -----------------------------------------------------------------------------------------


class World:
    """One hall's store, its disk, its ledger and its county."""

    def __init__(
        self, root: Path, disk: Any, sealer: Callable[[], Sealer], unseal: Callable[[bytes], bytes]
    ) -> None:
        self.root, self.disk = root, disk
        self.sealer, self.unseal = sealer, unseal
        self.ledger = FakeLedger()
        self.now_s = 1000.0
        self.options = StoreOptions(stale_s=600.0)
        self.dice = random.Random(11)
        self.store = self.new_store()

    def new_store(self) -> ScanStore:
        return ScanStore(
            self.root,
            hall="test-hall",
            sealers=lambda: self.sealer(),
            ledger=self.ledger,
            options=self.options,
            disk=self.disk,
            clock_ms=lambda: AT_MS,
            monotonic=lambda: self.now_s,
            random=self.dice.randbytes,
        )

    def open(self) -> SweepReport:
        self.store = self.new_store()
        return self.store.open()

    def again(self) -> SweepReport:
        """The process ends in good order and starts again."""
        self.store.close()
        return self.open()

    def begin(self, key: str = "touch-1", material: str = "hukou-ben", ticket: int = 12) -> ScanSession:
        return self.store.begin(ticket, 3, material, key=key)

    def scanned(self, *numbers: int, key: str = "touch-1") -> ScanSession:
        session = self.begin(key)
        for number in numbers:
            session.add_page(numbered(number))
        return session

    def blobs(self) -> dict[str, bytes]:
        folder = self.root / "sealed"
        return {name: self.disk.read(folder / name, 10**9) for name in self.disk.names(folder)}

    def manifest(self, blob: bytes) -> dict[str, Any]:
        with pikepdf.open(io.BytesIO(self.unseal(blob))) as pdf:
            found: dict[str, Any] = json.loads(pdf.attachments["manifest.json"].get_file().read_bytes())
            assert len(pdf.pages) == len(found["pages"])
        return found

    def pages_in(self, sha256: str) -> list[str]:
        """Hashes of the pages in a sealed file, as the county finds them."""
        return [page["sha256"] for page in self.manifest(self.blobs()[f"{sha256}.p7m"])["pages"]]


@pytest.fixture(scope="session")
def county() -> County:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return County(key, make_certificate(key))


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A store on a disk in memory, opened."""
    root = tmp_path / "scans"
    made = World(root, PowerDisk(root), ToySealer, toy_unseal)
    made.open()
    yield made
    made.store.close()


@pytest.fixture
def real(tmp_path: Path, county: County) -> Iterator[World]:
    """A store on the real disk that seals for the county, opened."""

    def sealer() -> Sealer:
        return CmsSealer(county.certificate, lambda: datetime(2026, 6, 1, tzinfo=UTC))

    made = World(tmp_path / "scans", CountingDisk(), sealer, county.unseal)
    made.open()
    yield made
    made.store.close()


@pytest.fixture(scope="session")
def kit() -> Any:
    """What the tests need besides fixtures: test modules cannot import each other."""

    class Kit:
        AT_MS = AT_MS
        World, PowerDisk, CountingDisk, PowerCut, ToySealer = (
            World,
            PowerDisk,
            CountingDisk,
            PowerCut,
            ToySealer,
        )
        picture = staticmethod(picture)
        page_of = staticmethod(page_of)
        numbered = staticmethod(numbered)
        sha256_of = staticmethod(sha256_of)
        toy_unseal = staticmethod(toy_unseal)
        make_certificate = staticmethod(make_certificate)

    return Kit
