"""All pages of a document or none, and always its pages or itself: whatever dies, hangs or lies, and when."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from halldrivers.scanner.documents import REASON_OF, DocumentReader
from halldrivers.scanner.errors import (
    DocumentReaderFailed,
    DocumentTooBig,
    ScanDiskFull,
    ScanFolderDenied,
    ScanStoreUnusable,
)
from halldrivers.scanner.folder import SET_ASIDE, WatchedFolder
from halldrivers.scanner.outcome import Ended, ScannedPage
from halldrivers.scanner.scanfolder import left_over, new_scan_folder
from halldrivers.scanner.unpackwire import Answer, BadAnswer, Unpacked, decode_answer, encode
from halldrivers.scanner.watched import Reason, Seen

WITHIN_S = 30.0
PLENTY = 1 << 40


def document(pages: int = 3, size: tuple[int, int] = (20, 30)) -> bytes:
    out = io.BytesIO()
    sheets = [Image.new("L", size, number) for number in range(pages)]
    sheets[0].save(out, "TIFF", save_all=True, append_images=sheets[1:])
    return out.getvalue()


class Desk:
    """A document in a watched folder, and a scan's folder to take it into."""

    def __init__(self, tmp_path: Path) -> None:
        self.inbox = tmp_path / "in"
        self.inbox.mkdir()
        self.path = self.inbox / "a.tif"
        self.path.write_bytes(document())
        self.into = new_scan_folder(tmp_path / "work")
        self.stopped = False

    def take(
        self, *, room_bytes: int = PLENTY, seen: Seen | None = None, **how: Any
    ) -> tuple[ScannedPage, ...]:
        how = {"most_s": WITHIN_S, "grace_s": 0.3, **how}
        reader = DocumentReader(WatchedFolder(self.inbox), **how)
        return reader.take(
            seen or self.seen,
            self.into,
            1,
            most_pages=500,
            room_bytes=room_bytes,
            stopped=lambda: self.stopped,
        )

    def take_by(self, script: str, **how: Any) -> tuple[ScannedPage, ...]:
        """By a shell script in the place of our program, in the folder for the pages."""
        return self.take(command=["sh", "-c", script], **how)

    @property
    def seen(self) -> Seen:
        found = self.path.stat()
        return Seen(self.path.name, found.st_ino, found.st_size, found.st_mtime_ns)

    @property
    def is_untouched(self) -> bool:
        return (
            self.path.read_bytes() == document()
            and os.listdir(self.inbox) == [self.path.name]
            and os.listdir(self.into) == []
        )


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_all_pages_come_and_the_document_goes(desk: Desk) -> None:
    pages = desk.take()
    assert [page.path for page in pages] == [desk.into / f"page-000{number}.png" for number in (1, 2, 3)]
    assert [page.number for page in pages] == [1, 2, 3]
    assert [Image.open(page.path).getpixel((0, 0)) for page in pages] == [0, 1, 2]
    assert sorted(os.listdir(desk.into)) == [page.path.name for page in pages]
    assert os.listdir(desk.inbox) == [SET_ASIDE] and os.listdir(desk.inbox / SET_ASIDE) == []
    assert pages[0].path.stat().st_mode & 0o777 == 0o600


# --- its process dies, hangs or lies -------------------------------------------------------------

PAGE = encode(Answer((Unpacked("page-0001.jpg", 0),)))


@pytest.mark.parametrize(
    ("script", "kind", "detail"),
    [
        ("echo why >&2; exit 1", DocumentReaderFailed, "why"),
        ("exit 7", DocumentReaderFailed, "exit status 7"),
        ("kill -SEGV $$", DocumentReaderFailed, "exit status"),
        ("echo MemoryError >&2; exit 1", DocumentTooBig, "not enough memory"),
        ("kill -KILL $$", DocumentTooBig, "not enough memory"),
        ("kill -XCPU $$", DocumentTooBig, "it takes too long"),
        ("true", DocumentReaderFailed, ""),
        ("echo '{}'", DocumentReaderFailed, "neither pages nor a reason"),
        ("yes", DocumentReaderFailed, "it answers without end"),
        (f"echo '{PAGE}'", DocumentReaderFailed, "page 1"),
        (f"echo half > page-0001.jpg; echo '{PAGE}'", DocumentReaderFailed, "page 1"),
        (f"cp ../../../in/a.tif page-0001.jpg; echo '{PAGE}'", DocumentReaderFailed, "page 1"),
        (
            f"cp ../../../in/a.tif page-0001.tif; touch x; echo '{PAGE.replace('jpg', 'tif')}'",
            DocumentReaderFailed,
            "files that were not told",
        ),
        (f"echo '{PAGE.replace('page-0001', '../x')}'", DocumentReaderFailed, "page 1"),
        ("""echo '{"refused":{"code":"N-99","detail":"d","detail_zh":""}}'""", DocumentReaderFailed, "d"),
        ("""echo '{"refused":{"code":"N-27","detail":"d","detail_zh":"z"}}'""", DocumentTooBig, "d"),
    ],
)
def test_whatever_its_process_does_the_document_stays_and_no_page_comes(
    desk: Desk, script: str, kind: type[Exception], detail: str
) -> None:
    with pytest.raises(kind) as caught:
        desk.take_by(script)
    assert detail in caught.value.detail
    assert desk.is_untouched


def test_a_process_that_hangs_is_ended(desk: Desk) -> None:
    with pytest.raises(DocumentTooBig, match="it takes too long"):
        desk.take_by("sleep 100", most_s=0.3)
    assert desk.is_untouched


def test_halting_ends_it_at_once(desk: Desk) -> None:
    desk.stopped = True
    assert desk.take_by("sleep 100") == ()
    assert desk.is_untouched


def test_bytes_are_bounded(desk: Desk) -> None:
    with pytest.raises(DocumentTooBig, match="0 MiB"):
        desk.take(most_bytes=150)
    assert desk.is_untouched


@pytest.mark.parametrize("room_bytes", [0, len(document()) - 1])
def test_without_room_the_document_waits(desk: Desk, room_bytes: int) -> None:
    with pytest.raises(ScanDiskFull):
        desk.take(room_bytes=room_bytes)
    assert desk.is_untouched


def test_pages_that_would_fill_the_disk_are_not_kept(desk: Desk) -> None:
    seen = desk.seen
    small = Seen(seen.name, seen.inode, 10, seen.mtime_ns)
    with pytest.raises(ScanDiskFull):
        desk.take(room_bytes=100, seen=small)
    assert desk.is_untouched


def test_a_folder_for_pages_that_cannot_be_used_is_told(desk: Desk) -> None:
    desk.into.rmdir()
    with pytest.raises(ScanStoreUnusable):
        desk.take()
    assert desk.path.exists()


def test_a_watched_folder_that_keeps_its_file_keeps_it_and_no_page_comes(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(self: Path, target: Path) -> Path:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "rename", refuses)
    with pytest.raises(ScanFolderDenied):
        desk.take()
    assert desk.path.exists() and os.listdir(desk.into) == []


# --- its writer comes back -----------------------------------------------------------------------


def test_a_document_that_was_changed_meanwhile_stays_to_be_looked_at_again(desk: Desk) -> None:
    before = desk.seen
    desk.path.write_bytes(document(4))
    assert desk.take(seen=before) == ()
    assert desk.path.read_bytes() == document(4)
    assert os.listdir(desk.into) == []


def test_a_refusal_of_what_is_not_there_any_more_is_none(desk: Desk) -> None:
    before = desk.seen
    desk.path.unlink()
    assert desk.take(seen=before) == ()
    desk.path.write_bytes(document(4))
    assert desk.take_by("exit 1", seen=before) == ()


def test_a_file_of_its_name_that_comes_at_the_last_moment_is_never_removed(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(WatchedFolder, "is_as", lambda self, seen: True)
    before = desk.seen
    desk.path.unlink()
    desk.path.write_bytes(document(4))
    assert desk.take(seen=before) == ()
    aside = desk.inbox / SET_ASIDE / "changed--a.tif"
    assert (aside.read_bytes(), os.listdir(desk.into)) == (document(4), [])


# --- in a scan -----------------------------------------------------------------------------------


def test_a_name_in_another_encoding_than_ours_is_no_trouble(inbox: Any, taker: Any) -> None:
    name = os.fsdecode("扫描.tif".encode("gb18030"))
    inbox.plan.append((inbox.now_s + 5, lambda: (inbox.path / name).write_bytes(document())))
    assert len(inbox.scan(taker).pages) == 3
    inbox.plan.append(
        (inbox.now_s + 5, lambda: (inbox.path / name).write_bytes(b"%PDF-1.4 startxref 0 %%EOF"))
    )
    inbox.scan(taker)
    assert len(inbox.aside) == 1 and inbox.left == []


def test_halting_a_scan_leaves_its_document(
    make_inbox: Any, taker: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox = make_inbox()
    take = DocumentReader.take

    def halted(self: DocumentReader, *args: Any, **how: Any) -> Any:
        inbox.scanner.halt()
        return take(self, *args, **how)

    monkeypatch.setattr(DocumentReader, "take", halted)
    outcome = inbox.scan(taker, a_tif=document())
    assert (outcome.ended, outcome.pages, inbox.left) == (Ended.CANCELLED, (), ["a.tif"])


def test_without_room_the_scan_ends_and_the_document_stays(make_inbox: Any, taker: Any) -> None:
    inbox = make_inbox(free_bytes=lambda path: (64 << 20) + 100)
    outcome = inbox.scan(taker, a_tif=document())
    assert (outcome.ended, outcome.fault.code, inbox.left) == (Ended.DISK_FULL, "N-12", ["a.tif"])


def test_whoever_refuses_a_page_finds_all_of_the_document_in_the_folder(inbox: Any, taker: Any) -> None:
    taker.error = ScanDiskFull("the store")
    outcome = inbox.scan(taker, a_tif=document())
    assert (outcome.ended, len(outcome.pages)) == (Ended.NOT_KEPT, 1)
    assert sorted(os.listdir(outcome.folder)) == [f"page-000{number}.png" for number in (1, 2, 3)]
    assert inbox.left == []


def test_every_refusal_has_a_reason_and_says_who_and_what_to_do() -> None:
    codes = [kind.code for kind in REASON_OF]
    assert codes == ["N-24", "N-25", "N-26", "N-27", "N-28"]
    assert len(set(REASON_OF.values())) == len(codes)
    for kind in REASON_OF:
        fault = kind().as_fault()
        assert "set-aside" in fault.remedy_zh and "set-aside" in fault.remedy_en


# --- we die --------------------------------------------------------------------------------------

DYING = """
import os, pathlib, signal, sys
from halldrivers.scanner.documents import DocumentReader
from halldrivers.scanner.folder import WatchedFolder
from halldrivers.scanner.scanfolder import new_scan_folder
from halldrivers.scanner.watched import Seen
inbox, work, script, dies_at = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
into = new_scan_folder(pathlib.Path(work))
found = os.stat(inbox + "/a.tif")
seen = Seen("a.tif", found.st_ino, found.st_size, found.st_mtime_ns)
folder = WatchedFolder(pathlib.Path(inbox))
reader = DocumentReader(folder, most_s=60, grace_s=1, command=["sh", "-c", script])
steps = 0
def dying(name):
    real = getattr(os, name)
    def step(*args, **how):
        global steps
        steps += 1
        if steps == dies_at:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*args, **how)
    setattr(os, name, step)
for name in ("mkdir", "rename", "rmdir", "unlink", "fsync"):
    dying(name)
reader.take(seen, into, 1, most_pages=9, room_bytes=1 << 40, stopped=lambda: False)
"""


def test_killed_at_any_step_there_are_all_pages_or_the_document(tmp_path: Path) -> None:
    whole = tmp_path / "page.tif"
    Image.new("1", (9, 9)).save(whole, "TIFF")
    answer = encode(Answer(tuple(Unpacked(f"page-000{number}.tif", 0) for number in (1, 2, 3))))
    copies = "".join(f"cp {whole} page-000{number}.tif; " for number in (1, 2, 3))
    outcomes = []
    for dies_at in range(1, 40):
        here = tmp_path / f"{dies_at}"
        inbox, work = here / "in", here / "work"
        inbox.mkdir(parents=True)
        (inbox / "a.tif").write_bytes(document())
        arguments = [str(inbox), str(work), f"{copies} echo '{answer}'", str(dies_at)]
        code = subprocess.run([sys.executable, "-c", DYING, *arguments], timeout=60).returncode
        pages = sorted(path.name for folder in left_over(work) for path in folder.iterdir())
        kept = [path for path in inbox.rglob("*") if path.is_file()]
        assert pages in ([], [f"page-000{number}.tif" for number in (1, 2, 3)])
        assert pages or kept
        assert all(path.read_bytes() == document() for path in kept)
        outcomes.append((bool(pages), bool(kept)))
        if code == 0:
            break
        assert code == -signal.SIGKILL
    assert outcomes[-1] == (True, False), "it came to its end"
    assert set(outcomes) == {(False, True), (True, True), (True, False)}
    assert len(outcomes) > 10


def test_killed_while_the_document_is_read_it_stays_and_no_process_is_left(tmp_path: Path) -> None:
    inbox, work = tmp_path / "in", tmp_path / "work"
    inbox.mkdir()
    (inbox / "a.tif").write_bytes(document())
    script = "echo half > page-0001.jpg; exec sleep 100"
    arguments = [str(inbox), str(work), script, "1000"]
    with subprocess.Popen([sys.executable, "-c", DYING, *arguments]) as hall:
        _wait(lambda: list(work.glob("scan-*/document-0001.part/page-0001.jpg")))
        assert _processes_in(work)
        hall.kill()
    _wait(lambda: not _processes_in(work))
    assert left_over(work) == ()
    assert (inbox / "a.tif").read_bytes() == document() and os.listdir(inbox) == ["a.tif"]


def test_a_page_that_was_cut_between_two_of_its_names_is_kept(tmp_path: Path) -> None:
    folder = new_scan_folder(tmp_path)
    (folder / "page-0001.coming").write_bytes(document(1))
    (folder / "page-0002.coming").write_bytes(document(1)[:50])
    assert left_over(tmp_path) == (folder,)
    assert os.listdir(folder) == ["page-0001.tif"]


def _wait(condition: Callable[[], object]) -> None:
    until_s = time.monotonic() + WITHIN_S
    while not condition():
        assert time.monotonic() < until_s
        time.sleep(0.02)


def _processes_in(work: Path) -> list[int]:
    """Processes whose working folder lies below."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cwd"):
        try:
            if work in path.readlink().parents:
                found.append(int(path.parent.name))
        except OSError:
            continue
    return found


# --- what goes between ---------------------------------------------------------------------------


def test_an_answer_is_pages_or_a_reason() -> None:
    answer = Answer((Unpacked("page-0001.jpg", 90),))
    assert decode_answer(encode(answer)) == answer
    for text in ("", "[]", "{}", '{"pages":[{"name":1,"turn_degrees":0}]}'):
        with pytest.raises(BadAnswer):
            decode_answer(text)


def test_reasons_are_plain_words_for_file_names() -> None:
    assert all(set(reason) <= set("abcdefghijklmnopqrstuvwxyz-") for reason in Reason)
