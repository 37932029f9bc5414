"""The page file, session.json and the disk's own ways, each by itself."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from halldrivers.scanstore.disk import PosixDisk
from halldrivers.scanstore.errors import DiskBroken, PageDamaged
from halldrivers.scanstore.files import Files
from halldrivers.scanstore.kepterrors import SessionDamaged
from halldrivers.scanstore.ledger import PageHash, SealedScan
from halldrivers.scanstore.meta import SessionMeta, decode_meta, encode_meta
from halldrivers.scanstore.page import PageInfo
from halldrivers.scanstore.pagefile import (
    HEAD_MOST,
    decrypt_info,
    decrypt_original,
    decrypt_picture,
    encrypt_page,
    overhead,
)

KEY, SESSION = bytes(range(32)), "0123456789abcdef"
INFO = PageInfo(7, "a" * 64, "b" * 64, 24, 34, "camera-1", 1, 3, 0, 3, "jpg")


@settings(max_examples=60, deadline=None)
@given(
    data=st.binary(min_size=1, max_size=3000), original=st.binary(max_size=3000), number=st.integers(1, 9999)
)
def test_what_goes_into_a_page_file_comes_out(data: bytes, original: bytes, number: int) -> None:
    info = replace(INFO, number=number, size=len(data), original_size=len(original))
    file = encrypt_page(KEY, SESSION, info, data, original)
    assert len(file) <= len(data) + len(original) + overhead()
    assert decrypt_info(KEY, SESSION, number, file[:HEAD_MOST]) == info
    assert decrypt_picture(KEY, SESSION, number, file) == data
    assert decrypt_original(KEY, SESSION, number, file) == original


def test_the_longest_facts_fit_the_head() -> None:
    info = replace(INFO, device="x" * 100, number=9999, at_ms=2**53, size=2**40, original_size=2**40)
    assert decrypt_info(KEY, SESSION, 9999, encrypt_page(KEY, SESSION, info, b"x")[:HEAD_MOST]) == info


def test_no_two_files_of_the_same_page_are_alike() -> None:
    assert encrypt_page(KEY, SESSION, INFO, b"abc") != encrypt_page(KEY, SESSION, INFO, b"abc")


@settings(max_examples=200, deadline=None)
@given(at=st.integers(0, 10**6), bit=st.integers(0, 7), cut=st.integers(0, 400))
def test_a_file_with_one_bit_changed_or_its_end_cut_does_not_open(at: int, bit: int, cut: int) -> None:
    file = bytearray(encrypt_page(KEY, SESSION, replace(INFO, original_size=5), b"abc", b"defgh"))
    file[at % len(file)] ^= 1 << bit
    broken = bytes(file[: len(file) - cut])
    with pytest.raises(PageDamaged):
        decrypt_info(KEY, SESSION, 7, broken)
        decrypt_picture(KEY, SESSION, 7, broken)
        decrypt_original(KEY, SESSION, 7, broken)


@given(file=st.binary(max_size=300))
def test_any_bytes_are_a_page_or_damaged(file: bytes) -> None:
    for given_file in (file, b"HALLPG1\n" + file):
        with pytest.raises(PageDamaged):
            decrypt_info(KEY, SESSION, 7, given_file)


@pytest.mark.parametrize(
    ("key", "session", "number"), [(bytes(32), SESSION, 7), (KEY, "f" * 16, 7), (KEY, SESSION, 8)]
)
def test_a_page_belongs_to_its_key_its_session_and_its_number(key: bytes, session: str, number: int) -> None:
    with pytest.raises(PageDamaged):
        decrypt_info(key, session, number, encrypt_page(KEY, SESSION, INFO, b"abc"))


def test_a_picture_is_not_taken_for_an_original() -> None:
    file = encrypt_page(KEY, SESSION, replace(INFO, original_size=3), b"abc", b"def")
    head = len(file) - 2 * (12 + 3 + 16)
    swapped = file[:head] + file[head + 31 :] + file[head : head + 31]
    with pytest.raises(PageDamaged):
        decrypt_picture(KEY, SESSION, 7, swapped)


def test_a_picture_is_not_taken_for_another_page_s(kit: Any) -> None:
    first = encrypt_page(KEY, SESSION, INFO, b"abc")
    second = encrypt_page(KEY, SESSION, replace(INFO, number=8), b"xyz")
    glued = first[:-31] + second[-31:]
    assert decrypt_info(KEY, SESSION, 7, glued) == INFO
    with pytest.raises(PageDamaged):
        decrypt_picture(KEY, SESSION, 7, glued)


# --- session.json --------------------------------------------------------------------------------------

SCAN = SealedScan(
    "c" * 64, 5, SESSION, 1, 0, "m", "camera-1", (PageHash("a", "b"),), 1, 2, "sha256:00", "toy", True, (3,)
)
META = SessionMeta(SESSION, "touch-1", 12, 3, "hukou-ben", 1, (2,), SCAN)


def test_facts_come_back_as_they_were() -> None:
    assert decode_meta(encode_meta(META)) == META


@settings(max_examples=200)
@given(at=st.integers(0, 10**6), value=st.integers(0, 255))
def test_facts_with_a_byte_changed_are_facts_or_damaged(at: int, value: int) -> None:
    data = bytearray(encode_meta(META))
    data[at % len(data)] = value
    try:
        assert isinstance(decode_meta(bytes(data)), SessionMeta)
    except SessionDamaged:
        pass


@given(data=st.binary(max_size=200))
def test_any_bytes_are_facts_or_damaged(data: bytes) -> None:
    with pytest.raises(SessionDamaged):
        decode_meta(data)


# --- files ---------------------------------------------------------------------------------------------


@pytest.fixture
def files() -> Files:
    ids = iter(range(1000))
    return Files(PosixDisk(), lambda: f"{next(ids):016}")


def test_a_file_takes_the_place_of_another_at_once(files: Files, tmp_path: Path) -> None:
    files.put(tmp_path, "x", b"one")
    files.put(tmp_path, "x", b"two")
    assert files.read(tmp_path / "x", 3) == b"two"
    assert files.names(tmp_path) == ["x"]


def test_a_file_that_is_longer_than_it_may_be_is_an_error_not_cut(files: Files, tmp_path: Path) -> None:
    files.put(tmp_path, "x", b"four")
    with pytest.raises(DiskBroken, match="more than 3 bytes"):
        files.read(tmp_path / "x", 3)
    assert files.head(tmp_path / "x", 3) == b"fou"


def test_nothing_is_moved_over_something(files: Files, tmp_path: Path) -> None:
    files.put(tmp_path, "x", b"one")
    files.put(tmp_path, "y", b"two")
    with pytest.raises(DiskBroken, match="exists"):
        files.rename(tmp_path / "x", tmp_path / "y")


def test_a_write_that_takes_a_part_goes_on(files: Files, tmp_path: Path, monkeypatch: Any) -> None:
    write = PosixDisk.write
    monkeypatch.setattr(PosixDisk, "write", lambda self, file, data: write(self, file, data[:7]))
    files.put(tmp_path, "x", bytes(range(100)))
    assert files.read(tmp_path / "x", 100) == bytes(range(100))


def test_a_write_that_takes_nothing_ends(files: Files, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(PosixDisk, "write", lambda self, file, data: 0)
    with pytest.raises(DiskBroken):
        files.put(tmp_path, "x", b"abc")
    assert files.names(tmp_path) == []


def test_a_large_file_is_written_in_pieces(files: Files, tmp_path: Path) -> None:
    data = bytes(3 << 20) + b"end"
    files.put(tmp_path, "x", data)
    assert files.read(tmp_path / "x", len(data)) == data


def test_links_are_not_followed(files: Files, tmp_path: Path) -> None:
    (tmp_path / "there").write_bytes(b"secret")
    (tmp_path / "link").symlink_to(tmp_path / "there")
    entry = files.look(tmp_path / "link")
    assert entry is not None and not entry.is_file and not entry.is_folder
    with pytest.raises(OSError):
        files.read(tmp_path / "link", 99)


def test_the_disk_of_these_tests_does_forget_what_was_not_synced(kit: Any, tmp_path: Path) -> None:
    """The positive control: without syncs, cuts lose things; with them, never."""
    root, ids = tmp_path / "scans", iter(range(10_000))
    lost = {True: 0, False: 0}
    for is_synced in (True, False):
        for seed in range(60):
            disk = kit.PowerDisk(root)
            if not is_synced:
                disk.sync = lambda file: None
            files = Files(disk, lambda: str(next(ids)))
            files.put(tmp_path, "x", b"one two three")
            disk.cut(seed)
            entry = files.look(tmp_path / "x")
            lost[is_synced] += entry is None or files.read(tmp_path / "x", 99) != b"one two three"
    assert lost[True] == 0
    assert lost[False] > 10
