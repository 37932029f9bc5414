"""The health checks of the scan store: its folder, the county's certificate, the room, a small scan.

internal     the folder is ours alone, the certificate is fit and within its dates, there is room
external     a tiny page goes through everything: PDF, seal, disk, read back, deleted
interactive  nothing of its own: the scanner's check lays a page and scans it through the store
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from pathlib import Path

from halldrivers.check import CheckLevel, Finding, Tell, Verdict, failed, passed
from halldrivers.scanstore.errors import DiskBroken, StoreError
from halldrivers.scanstore.files import Files
from halldrivers.scanstore.page import MIB, Limits, PageInfo
from halldrivers.scanstore.pdf import PdfFacts, build_pdf, check_pdf
from halldrivers.scanstore.picture import examine
from halldrivers.scanstore.seal import SealerSource
from halldrivers.scanstore.status import StoreStatus


def check_store(
    level: CheckLevel,
    tell: Tell,
    files: Files,
    folder: Path,
    hall: str,
    sealers: SealerSource,
    status: Callable[[], StoreStatus],
) -> None:
    """Check a store at one level. ``folder`` is the one of sealed files."""
    try:
        if level is CheckLevel.INTERNAL:
            _check_inside(tell, files, folder, status)
        else:
            _check_through(tell, files, folder, hall, sealers)
    except StoreError as error:
        tell(failed(error))


def _check_inside(tell: Tell, files: Files, folder: Path, status: Callable[[], StoreStatus]) -> None:
    files.claim(folder)
    tell(passed("扫描件文件夹归本程序专用，权限 0700", "the folder is this program's alone, mode 0700"))
    found = status()
    for fault in found.faults:
        tell(Finding(Verdict.FAILED, fault.what_zh, fault.what_en, fault))
    if found.sealed_for:
        tell(passed(f"为此证书加密：{found.sealed_for}", f"seals for the certificate {found.sealed_for}"))
    used, most, free = (-(-count // MIB) for count in (found.used_bytes, found.most_bytes, found.free_bytes))
    tell(
        passed(
            f"扫描件 {found.sealed} 份，占 {used} / {most} MiB，磁盘剩余 {free} MiB",
            f"{found.sealed} scans, {used} of {most} MiB used, {free} MiB free on the disk",
        )
    )


def _check_through(tell: Tell, files: Files, folder: Path, hall: str, sealers: SealerSource) -> None:
    data = _tiny_page()
    picture, sha256 = examine(data, Limits()), hashlib.sha256(data).hexdigest()
    page = PageInfo(
        number=1,
        sha256=sha256,
        original_sha256=sha256,
        width=picture.width,
        height=picture.height,
        device="self-test",
        at_ms=0,
        size=len(data),
        original_size=0,
        embedded_size=picture.embedded_size,
        suffix=picture.suffix,
    )
    pdf = build_pdf(PdfFacts(hall, "self-test", "self-test", 0), [page], lambda _: data, lambda _: b"")
    check_pdf(pdf, [page])
    tell(passed("生成 PDF，回读一致", "a PDF is built and reads back the same"))
    sealed = sealers().seal(pdf)
    tell(passed(f"已加密，{len(sealed)} 字节", f"it is sealed, {len(sealed)} bytes"))
    # Under a temporary name: if it stays, the next start takes it away.
    staged = files.stage(folder, sealed)
    try:
        if not files.is_whole(staged, hashlib.sha256(sealed).hexdigest(), len(sealed)):
            raise DiskBroken(f"{staged}: other bytes than were written")
    finally:
        files.delete(staged)
    tell(passed("写入、回读、删除正常", "it is written, read back and deleted"))


def _tiny_page() -> bytes:
    from PIL import Image

    out = io.BytesIO()
    Image.new("L", (16, 16), 255).save(out, "JPEG")
    return out.getvalue()
