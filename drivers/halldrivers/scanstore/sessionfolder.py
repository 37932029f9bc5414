"""A material in progress as it lies on the disk: the folder ``open/<session>``.

What may be done when is told by :mod:`.session`.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from halldrivers.scanstore.aside import Aside
from halldrivers.scanstore.erase import erase_key, erase_tree
from halldrivers.scanstore.errors import DiskBroken, FolderDenied, PageDamaged, StoreError
from halldrivers.scanstore.files import TEMPORARY, Files
from halldrivers.scanstore.kepterrors import SessionDamaged
from halldrivers.scanstore.layout import GONE, KEY, META, Layout, number_in, page_name
from halldrivers.scanstore.ledger import SealedScan
from halldrivers.scanstore.meta import META_MOST, SessionMeta, decode_meta, encode_meta
from halldrivers.scanstore.page import PageInfo
from halldrivers.scanstore.pagefile import (
    HEAD_MOST,
    KEY_BYTES,
    decrypt_info,
    decrypt_original,
    decrypt_picture,
    encrypt_page,
    overhead,
)


class SessionFolder:
    """One material's folder. Made by :meth:`create` or :meth:`load`."""

    def __init__(
        self, files: Files, layout: Layout, aside: Aside, meta: SessionMeta, key: bytes | None
    ) -> None:
        self._files, self._layout, self._aside = files, layout, aside
        self.meta = meta
        self._is_unsure = False
        """A try to write ``meta`` failed: the disk may have the old one or the new one."""
        self._key = key
        self.path = layout.open / meta.session
        self.infos: dict[int, PageInfo] = {}
        """The pages that are there, by number."""
        self.is_sealed = False
        """Its sealed file is there, durable and whole."""
        self.is_gone = False
        """Nothing of it is here any more."""

    @classmethod
    def create(
        cls, files: Files, layout: Layout, aside: Aside, meta: SessionMeta, random: Callable[[int], bytes]
    ) -> SessionFolder:
        """A new folder, there with all that it needs or not at all."""
        key = random(KEY_BYTES)
        made = layout.open / f"{TEMPORARY}{meta.session}"
        try:
            files.make_folder(made)
            files.put(made, KEY, key)
            files.put(made, META, encode_meta(meta))
            files.rename(made, layout.open / meta.session)
        except StoreError:
            for path in (made, layout.open / meta.session):
                with contextlib.suppress(StoreError):
                    erase_tree(files, path)
            raise
        return cls(files, layout, aside, meta, key)

    @classmethod
    def load(cls, files: Files, layout: Layout, aside: Aside, name: str) -> SessionFolder:
        """A folder that lies there. SessionDamaged when it cannot be understood.

        A page that does not open is moved aside and noted as damaged, the others are kept.
        """
        path = layout.open / name
        files.clean(path)
        entry = files.look(path / META)
        if entry is None or not entry.is_file or entry.size > META_MOST:
            raise SessionDamaged(f"{name}: no {META}")
        meta = decode_meta(files.read(path / META, META_MOST))
        if meta.session != name:
            raise SessionDamaged(f"{name}: another session's {META}")
        key = files.head(path / KEY, KEY_BYTES + 1) if files.look(path / KEY) else b""
        folder = cls(files, layout, aside, meta, key if len(key) == KEY_BYTES and any(key) else None)
        folder.is_sealed = meta.sealed is not None and files.is_whole(
            layout.blob(meta.sealed.sha256), meta.sealed.sha256, meta.sealed.size
        )
        folder._load_pages()
        return folder

    @property
    def has_key(self) -> bool:
        """Whether its pages can be read."""
        return self._key is not None

    @property
    def is_usable(self) -> bool:
        """Whether it can be scanned into, or was finished."""
        return self.has_key or self.is_sealed

    @property
    def has_files(self) -> bool:
        """Whether page files lie there, readable or not."""
        return any(map(number_in, self._files.names(self.path)))

    @property
    def pages(self) -> tuple[PageInfo, ...]:
        """Its pages in the order of their numbers."""
        return tuple(self.infos[number] for number in sorted(self.infos))

    @property
    def missing(self) -> tuple[int, ...]:
        """Numbers of pages that were kept and cannot be read back, neither scanned again nor dropped."""
        return tuple(number for number in self.meta.damaged if number not in self.infos)

    @property
    def size(self) -> int:
        """Bytes of its pictures and kept originals."""
        return sum(info.size + info.original_size for info in self.infos.values())

    def sealed_size(self) -> int:
        """Bytes that its sealed file will take at most, about."""
        if self.is_sealed or self.is_gone:
            return 0
        return sum(map(_share, self.infos.values())) + _PDF

    def cost_of(self, info: PageInfo) -> int:
        """Bytes that one page more takes: its file now, its share of the sealed file later."""
        return info.size + info.original_size + overhead() + _share(info)

    def put_page(self, info: PageInfo, data: bytes, original: bytes) -> None:
        """Keep a page, durably."""
        file = encrypt_page(self._needed_key(), self.meta.session, info, data, original)
        name = page_name(info.number)
        try:
            self._files.put(self.path, name, file)
        except StoreError:
            # It may be there and not durable. Whoever gets this error counts on nothing, so it should go.
            with contextlib.suppress(StoreError):
                self._files.delete(self.path / name)
            raise
        self.infos[info.number] = info

    def drop_page(self, number: int) -> None:
        """Delete a page, or forget one that was damaged, durably."""
        if number in self.infos:
            self._files.delete(self.path / page_name(number))
            del self.infos[number]
        if number in self.meta.damaged:
            self._put_meta(replace(self.meta, damaged=tuple(n for n in self.meta.damaged if n != number)))

    def read_picture(self, info: PageInfo) -> bytes:
        """A page's picture. PageDamaged when it cannot be read: it is moved aside then."""
        try:
            return self._read(info, decrypt_picture)
        except (PageDamaged, DiskBroken) as error:
            self._set_aside(info.number, self.path / page_name(info.number))
            raise PageDamaged(info.number) from error

    def read_original(self, info: PageInfo) -> bytes:
        """A page's original, empty when none is kept. PageDamaged when it cannot be read.

        If the picture can, the page is kept without its original from now on.
        """
        try:
            return self._read(info, decrypt_original)
        except (PageDamaged, DiskBroken) as error:
            self.read_picture(info)
            self.infos[info.number] = replace(info, original_size=0, original_suffix="")
            raise PageDamaged(info.number) from error

    def name_seal(self, scan: SealedScan) -> None:
        """Say durably as what it is about to be sealed."""
        self._put_meta(replace(self.meta, sealed=scan))

    def forget_seal(self) -> None:
        """Say durably that it is not sealed after all."""
        if self.meta.sealed is not None or self._is_unsure:
            self._put_meta(replace(self.meta, sealed=None))

    def erase_pages(self) -> None:
        """Make its pages unreadable, then delete them; what it was sealed as stays known."""
        if self.is_gone:
            return
        erase_key(self._files, self.path)
        self._key = None
        # Not synced: if they come back they are noise, as the key does not.
        for name in self._files.names(self.path):
            if number_in(name):
                self._files.unlink(self.path / name)
        self.infos.clear()

    def remove(self) -> None:
        """Be done with it. Durable with its first step, whatever happens to the others."""
        if self.is_gone:
            return
        gone = self._layout.open / f"{GONE}{self.meta.session}"
        if self._files.look(self.path) is not None:
            self._files.rename(self.path, gone)
        else:  # an earlier try got so far
            self._files.sync_folder(self._layout.open)
        self.is_gone = True
        self._key = None
        self.infos.clear()
        erase_tree(self._files, gone)

    def move_aside(self) -> None:
        """Move all of it aside."""
        self._aside.take(self.path, f"session-{self.meta.session}")
        self.is_gone = True

    def _load_pages(self) -> None:
        for name in self._files.names(self.path):
            number = number_in(name)
            if number:
                self._load_page(number, self.path / name)
            elif name not in (META, KEY):
                self._aside.take(self.path / name, "odd")

    def _load_page(self, number: int, path: Path) -> None:
        if self._key is None or self.is_sealed:
            return
        try:
            entry = self._files.look(path)
            if entry is None or not entry.is_file:
                raise PageDamaged(number)
            info = decrypt_info(self._key, self.meta.session, number, self._files.head(path, HEAD_MOST))
            if entry.size < info.size + info.original_size:
                raise PageDamaged(number)
        except (PageDamaged, DiskBroken, FolderDenied):
            self._set_aside(number, path)
        else:
            self.infos[number] = info

    def _read(self, info: PageInfo, decrypt: Callable[[bytes, str, int, bytes], bytes]) -> bytes:
        path = self.path / page_name(info.number)
        file = self._files.read(path, self._files.size_of(path))
        return decrypt(self._needed_key(), self.meta.session, info.number, file)

    def _set_aside(self, number: int, path: Path) -> None:
        """Note first that the page is missing, then move it: a cut between the two only repeats this."""
        if number not in self.meta.damaged:
            self._put_meta(replace(self.meta, damaged=(*self.meta.damaged, number)))
        self.infos.pop(number, None)
        if self._files.look(path) is not None:
            self._aside.take(path, f"page-{self.meta.session}-{number:04}")

    def _put_meta(self, meta: SessionMeta) -> None:
        self._is_unsure = True
        self._files.put(self.path, META, encode_meta(meta))
        self.meta, self._is_unsure = meta, False

    def _needed_key(self) -> bytes:
        if self._key is None:
            raise SessionDamaged(f"{self.meta.session}: no key")
        return self._key


def _share(info: PageInfo) -> int:
    return info.embedded_size + info.original_size + _PDF_PAGE


_PDF_PAGE = 2048
"""Bytes of a PDF for each page beside its picture: its manifest lines, objects and references."""
_PDF = 16 * 1024
"""Bytes of a PDF and its envelope beside its pages."""
