"""Batches of the real scanimage on SANE's own test backend: every exit status, every trap of the facts."""

from __future__ import annotations

import hashlib
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from halldrivers.errors import Actor
from halldrivers.scanner.errors import ScanDiskFull
from halldrivers.scanner.exitstatus import OF_CODE, code_of
from halldrivers.scanner.outcome import ASKS_PERSON, ERROR_OF, Ended, ScanOutcome, fault_of
from halldrivers.scanner.process import run
from halldrivers.scanner.scanfolder import free_bytes_at
from halldrivers.scanner.scanimage import Batch, BatchEnd, scan_batch
from halldrivers.scanner.settings import PageFormat, ScanLimits

FEEDER = "--source=Automatic Document Feeder"
SLOW = ("--read-delay=yes", "--read-delay-duration=200000", "--resolution=300")
"""Two seconds a page."""
LIMITS = ScanLimits(page_s=30.0, batch_s=60.0, grace_s=2.0)
Environment = Callable[..., dict[str, str]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "pages"
    made.mkdir()
    return made


def never() -> bool:
    return False


def scan(
    environment: dict[str, str],
    folder: Path,
    taker: Any,
    *arguments: str,
    program: str = "scanimage",
    form: PageFormat = PageFormat.JPEG,
    most_pages: int = 500,
    limits: ScanLimits = LIMITS,
    free_bytes: Callable[[Path], int] = free_bytes_at,
) -> BatchEnd:
    batch = Batch(program, "test:0", arguments, form, most_pages)
    return scan_batch(
        batch, folder, taker, taker.stop.is_set, environment=environment, limits=limits, free_bytes=free_bytes
    )


def failing(status: str) -> str:
    return f"--read-return-value=SANE_STATUS_{status}"


# --- pages that come -----------------------------------------------------------------------------


def test_a_feeder_of_ten_sheets(sane_config: Environment, folder: Path, taker: Any) -> None:
    end = scan(sane_config(), folder, taker, FEEDER, "--mode=Color", "--depth=8")
    assert (end.ended, end.code, len(end.pages)) == (Ended.DONE, 7, 10)
    assert taker.pages == end.pages
    assert [page.number for page in end.pages] == list(range(1, 11))
    assert taker.names[0] == "page-0001.jpg"
    assert sorted(os.listdir(folder)) == taker.names


def test_a_page_is_what_it_says_it_is(sane_config: Environment, folder: Path, taker: Any) -> None:
    scan(sane_config(), folder, taker, "--resolution=75", "-x", "200", "-y", "100", most_pages=1)
    (page,) = taker.pages
    data = page.path.read_bytes()
    assert page.sha256 == hashlib.sha256(data).hexdigest()
    assert (page.media_type, page.size_bytes) == ("image/jpeg", len(data))
    with Image.open(page.path) as picture:
        assert picture.size == (590, 295)
        assert picture.info["dpi"] == (75, 75)


@pytest.mark.parametrize(
    ("form", "suffix", "media_type"),
    [
        (PageFormat.JPEG, "jpg", "image/jpeg"),
        (PageFormat.PNG, "png", "image/png"),
        (PageFormat.TIFF, "tif", "image/tiff"),
    ],
)
def test_every_format(
    sane_config: Environment, folder: Path, taker: Any, form: PageFormat, suffix: str, media_type: str
) -> None:
    end = scan(sane_config(), folder, taker, form=form, most_pages=1)
    assert (end.ended, taker.names) == (Ended.DONE, [f"page-0001.{suffix}"])
    assert taker.pages[0].media_type == media_type


def test_one_page_from_the_glass(sane_config: Environment, folder: Path, taker: Any) -> None:
    end = scan(sane_config(), folder, taker, "--source=Flatbed", most_pages=1)
    assert (end.ended, len(end.pages)) == (Ended.DONE, 1)


def test_no_more_pages_than_allowed_although_there_is_paper(
    sane_config: Environment, folder: Path, taker: Any
) -> None:
    end = scan(sane_config(), folder, taker, FEEDER, most_pages=3)
    assert (end.ended, len(end.pages)) == (Ended.LIMIT, 3)


def test_a_page_is_given_away_before_the_next_is_pulled(
    sane_config: Environment, folder: Path, taker: Any
) -> None:
    seen: list[list[str]] = []

    def take(page: Any) -> None:
        time.sleep(0.05)  # time in which a scanner without a rein would pull more sheets
        seen.append(sorted(os.listdir(folder)))
        page.path.rename(folder.parent / page.path.name)

    batch = Batch("scanimage", "test:0", (FEEDER,), PageFormat.JPEG, 4)
    end = scan_batch(
        batch, folder, take, never, environment=sane_config(), limits=LIMITS, free_bytes=free_bytes_at
    )
    assert seen == [[f"page-000{number}.jpg"] for number in range(1, 5)]
    assert len(end.pages) == 4
    assert os.listdir(folder) == []


# --- pages that do not ---------------------------------------------------------------------------


def test_an_empty_feeder_ends_with_0_and_counts_one_page_but_there_is_no_file(
    sane_config: Environment, folder: Path
) -> None:
    # The trap itself, without us: batch mode, no count, and a feeder that turns out to be empty. Supervised
    # all the same, because the test backend hangs after its last words once in a while.
    command = ["scanimage", "-d", "test:0", "--format=jpeg", "--batch=p%d.jpg", FEEDER, failing("NO_DOCS")]
    for _ in range(3):
        done = run(
            command, folder=folder, environment=sane_config(), most_s=5.0, grace_s=0.1, most_bytes=1000
        )
        if not done.was_too_slow:
            break
    assert done.code == 0
    assert "1 page scanned" in done.words
    assert os.listdir(folder) == []


def test_an_empty_feeder_is_a_question_to_a_person_not_an_error(
    sane_config: Environment, folder: Path, taker: Any
) -> None:
    end = scan(sane_config(), folder, taker, FEEDER, failing("NO_DOCS"))
    assert (end.ended, end.pages) == (Ended.NO_PAPER, [])
    outcome = ScanOutcome((), end.ended, fault_of(end.ended))
    assert outcome.asks_person
    assert outcome.fault is not None
    assert (outcome.fault.code, outcome.fault.who) == ("N-03", Actor.CLERK)


@pytest.mark.parametrize(
    ("status", "code", "ended", "fault", "who"),
    [
        ("CANCELLED", 2, Ended.STOPPED_AT_DEVICE, "N-16", Actor.CLERK),
        ("DEVICE_BUSY", 3, Ended.BUSY, "N-06", Actor.CLERK),
        ("INVAL", 4, Ended.REFUSED, "N-09", Actor.TECHNICIAN),
        ("JAMMED", 6, Ended.JAMMED, "N-04", Actor.CLERK),
        ("NO_DOCS", 7, Ended.NO_PAPER, "N-03", Actor.CLERK),
        ("COVER_OPEN", 8, Ended.COVER_OPEN, "N-05", Actor.CLERK),
        ("IO_ERROR", 9, Ended.IO_ERROR, "N-07", Actor.CLERK),
        ("NO_MEM", 10, Ended.IO_ERROR, "N-07", Actor.CLERK),
        ("ACCESS_DENIED", 11, Ended.DENIED, "N-08", Actor.TECHNICIAN),
    ],
)
@pytest.mark.parametrize("most_pages", [1, 500])
def test_every_status_of_a_failed_page(
    sane_config: Environment,
    folder: Path,
    taker: Any,
    status: str,
    code: int,
    ended: Ended,
    fault: str,
    who: Actor,
    most_pages: int,
) -> None:
    end = scan(sane_config(), folder, taker, FEEDER, failing(status), most_pages=most_pages)
    assert (end.code, end.ended, end.pages) == (code, ended, [])
    assert code_of(end.words) == code, "its words, for the day on which it hangs after them"
    found = fault_of(end.ended)
    assert found is not None
    assert (found.code, found.who) == (fault, who)
    assert os.listdir(folder) == []


@pytest.mark.parametrize("arguments", [("--bogus=1",), ("--mode=Lineart",), ("--three-pass=yes",)])
def test_an_option_that_the_device_does_not_take_is_a_start_up_error(
    sane_config: Environment, folder: Path, taker: Any, arguments: tuple[str, ...]
) -> None:
    end = scan(sane_config(), folder, taker, *arguments)
    assert (end.code, end.ended) == (1, Ended.REFUSED)
    assert end.words.startswith("scanimage: ")


def test_every_ending_but_the_good_ones_says_who_must_act() -> None:
    good = {Ended.DONE, Ended.LIMIT, Ended.CANCELLED, Ended.NOT_KEPT}
    assert set(ERROR_OF) == set(Ended)
    for ended in Ended:
        fault = fault_of(ended)
        assert (fault is None) == (ended in good)
        if fault is not None:
            assert fault.code.startswith("N-")
            assert fault.what_zh and fault.remedy_zh and fault.what_en and fault.remedy_en
    assert set(OF_CODE.values()) <= set(Ended)
    assert ASKS_PERSON < set(Ended)


def test_earlier_pages_stay_after_a_jam(
    fake_scanimage: Callable[[str], str], folder: Path, taker: Any
) -> None:
    # The test backend fails from its first page on, so a script jams at the third; sane-airscan does it for
    # real in test_scanner_escl.py.
    page = folder.parent / "whole.jpg"
    Image.new("L", (40, 40)).save(page)
    program = fake_scanimage(
        "for n in 1 2; do read x; cp ../whole.jpg page-000$n.jpg; echo page-000$n.jpg; done\n"
        "read x; echo half > page-0003.jpg.part; exit 6"
    )
    end = scan(dict(os.environ), folder, taker, FEEDER, program=program)
    assert (end.ended, len(end.pages)) == (Ended.JAMMED, 2)
    assert sorted(os.listdir(folder)) == ["page-0001.jpg", "page-0002.jpg"]


# --- stopping ------------------------------------------------------------------------------------


def test_a_cancel_within_a_page_leaves_no_half_file(
    sane_config: Environment, folder: Path, taker: Any
) -> None:
    def stop() -> None:
        until_s = time.monotonic() + 20
        while not (folder / "page-0001.jpg.part").exists() and time.monotonic() < until_s:
            time.sleep(0.01)
        taker.stop.set()

    stopper = threading.Thread(target=stop)
    stopper.start()
    end = scan(sane_config(), folder, taker, FEEDER, *SLOW)
    stopper.join()
    assert (end.ended, end.pages) == (Ended.CANCELLED, [])
    assert "trying to stop scanner" in end.words
    assert os.listdir(folder) == []


def test_a_cancel_between_two_pages_pulls_no_further_sheet(
    sane_config: Environment, folder: Path, taker: Any
) -> None:
    # Without --batch-prompt the SIGINT would find no scan to stop, and the feeder would run empty.
    taker.stop_after = 2
    end = scan(sane_config(), folder, taker, FEEDER)
    assert (end.ended, len(end.pages)) == (Ended.CANCELLED, 2)
    assert sorted(os.listdir(folder)) == taker.names


def test_whoever_refuses_a_page_stops_the_scan_and_the_page_stays(
    sane_config: Environment, folder: Path, taker: Any
) -> None:
    taker.error = ScanDiskFull("the store is full")
    end = scan(sane_config(), folder, taker, FEEDER)
    assert (end.ended, len(end.pages)) == (Ended.NOT_KEPT, 1)
    assert end.fault is not None and end.fault.code == "N-12"
    assert os.listdir(folder) == ["page-0001.jpg"]


def test_a_program_error_of_whoever_takes_pages_stops_the_scanner_too(
    sane_config: Environment, folder: Path, taker: Any
) -> None:
    taker.error = ZeroDivisionError("ours")
    with pytest.raises(ZeroDivisionError):
        scan(sane_config(), folder, taker, FEEDER)
    assert os.listdir(folder) == ["page-0001.jpg"]


def test_a_page_that_takes_too_long_is_given_up(sane_config: Environment, folder: Path, taker: Any) -> None:
    limits = ScanLimits(page_s=0.3, grace_s=2.0)
    end = scan(sane_config(), folder, taker, FEEDER, *SLOW, limits=limits)
    assert (end.ended, end.pages) == (Ended.TIMED_OUT, [])
    assert os.listdir(folder) == []


def test_a_batch_that_takes_too_long_is_ended_by_its_own_clock(
    sane_config: Environment, folder: Path, taker: Any
) -> None:
    limits = ScanLimits(batch_s=0.3, grace_s=2.0)
    end = scan(sane_config(), folder, taker, FEEDER, *SLOW, limits=limits)
    assert end.ended is Ended.TIMED_OUT
    assert os.listdir(folder) == []


def test_one_that_hangs_and_ignores_its_signals_is_killed_and_its_half_page_removed(
    fake_scanimage: Callable[[str], str], folder: Path, taker: Any
) -> None:
    program = fake_scanimage("trap '' INT TERM; : > page-0001.jpg.part; while :; do sleep 0.05; done")
    limits = ScanLimits(page_s=0.2, grace_s=0.2)
    end = scan(dict(os.environ), folder, taker, program=program, limits=limits)
    assert (end.ended, end.pages) == (Ended.TIMED_OUT, [])
    assert os.listdir(folder) == []


# --- files are counted ---------------------------------------------------------------------------


@pytest.fixture
def whole(folder: Path) -> Path:
    path = folder.parent / "whole.jpg"
    Image.new("L", (40, 40)).save(path)
    return path


def fake(fake_scanimage: Callable[[str], str], body: str, folder: Path, taker: Any, **how: Any) -> BatchEnd:
    return scan(dict(os.environ), folder, taker, program=fake_scanimage(body), **how)


def test_a_page_whose_name_never_came_is_counted(
    fake_scanimage: Callable[[str], str], folder: Path, taker: Any, whole: Path
) -> None:
    # A kill between the renaming of a page and the printing of its name.
    end = fake(fake_scanimage, "cp ../whole.jpg page-0001.jpg; exit 9", folder, taker)
    assert (end.ended, taker.names) == (Ended.IO_ERROR, ["page-0001.jpg"])


def test_a_name_without_a_page_is_none(
    fake_scanimage: Callable[[str], str], folder: Path, taker: Any, whole: Path
) -> None:
    body = "read x; echo page-0001.jpg; read x; exit 0"
    end = fake(fake_scanimage, body, folder, taker)
    assert (end.ended, end.pages) == (Ended.BAD_PAGE, [])


def test_a_page_that_is_cut_is_thrown_away_and_told(
    fake_scanimage: Callable[[str], str], folder: Path, taker: Any, whole: Path
) -> None:
    body = "read x; head -c 200 ../whole.jpg > page-0001.jpg; echo page-0001.jpg; read x; exit 0"
    end = fake(fake_scanimage, body, folder, taker)
    assert (end.ended, end.pages) == (Ended.BAD_PAGE, [])
    assert os.listdir(folder) == []


def test_a_backend_s_own_words_and_foreign_names_are_no_pages(
    fake_scanimage: Callable[[str], str], folder: Path, taker: Any, whole: Path
) -> None:
    body = (
        "read x; echo '[epkowa] hello'; echo ../whole.jpg; echo /etc/hostname; echo page-1.jpg; echo\n"
        "ln -s ../whole.jpg page-0002.jpg; cp ../whole.jpg page-0001.jpg\n"
        "echo page-0001.jpg; echo page-0001.jpg"
    )
    end = fake(fake_scanimage, body, folder, taker)
    assert taker.names == ["page-0001.jpg"]
    assert end.ended is Ended.BAD_PAGE  # the link: no page of ours
    assert whole.exists()


@pytest.mark.parametrize("form", list(PageFormat))
def test_on_a_full_disk_no_cut_page_counts_whatever_scanimage_says(
    sane_config: Environment,
    fake_scanimage: Callable[[str], str],
    folder: Path,
    taker: Any,
    form: PageFormat,
) -> None:
    # A limit on the size of files does what a full disk does: writing fails in the middle of the page. What
    # scanimage then ends with is not looked at: 1 for JPEG, an abort for PNG, and 0 or a crash for TIFF.
    program = fake_scanimage("ulimit -c 0; ulimit -f 8; trap '' XFSZ; exec scanimage \"$@\"")
    free = iter([10**9])
    end = scan(
        sane_config(), folder, taker, "--mode=Color", "--resolution=300", "--test-picture=Color pattern",
        program=program, form=form, most_pages=1, free_bytes=lambda path: next(free, 0),
    )  # fmt: skip
    assert (end.ended, end.pages, os.listdir(folder)) == (Ended.DISK_FULL, [], [])


def test_a_full_disk_is_told_as_such_although_scanimage_says_access_denied(
    fake_scanimage: Callable[[str], str], folder: Path, taker: Any
) -> None:
    # scanimage ends with 11 when it cannot close a page's file (read in its source).
    free = iter([10**9, 0])
    end = fake(fake_scanimage, "exit 11", folder, taker, free_bytes=lambda path: next(free))
    assert end.ended is Ended.DISK_FULL


def test_no_further_sheet_is_pulled_when_the_room_runs_out(
    sane_config: Environment, folder: Path, taker: Any
) -> None:
    end = scan(
        sane_config(), folder, taker, FEEDER, free_bytes=lambda path: 1000 if len(taker.pages) == 2 else 10**9
    )
    assert (end.ended, len(end.pages)) == (Ended.DISK_FULL, 2)


def test_no_scan_begins_without_room(folder: Path, taker: Any) -> None:
    end = scan({}, folder, taker, program="/nowhere", free_bytes=lambda path: 1000)
    assert end.ended is Ended.DISK_FULL


@pytest.mark.parametrize("form", [PageFormat.JPEG, PageFormat.PNG])
def test_a_page_of_unknown_length_cannot_be_a_jpeg_or_png(
    sane_config: Environment, folder: Path, taker: Any, form: PageFormat
) -> None:
    end = scan(sane_config(), folder, taker, "--hand-scanner=yes", form=form, most_pages=1)
    assert (end.ended, end.pages) == (Ended.LENGTH_UNKNOWN, [])
    assert os.listdir(folder) == []


def test_a_page_of_unknown_length_as_tiff(sane_config: Environment, folder: Path, taker: Any) -> None:
    end = scan(sane_config(), folder, taker, "--hand-scanner=yes", form=PageFormat.TIFF, most_pages=1)
    assert (end.ended, taker.names) == (Ended.DONE, ["page-0001.tif"])


def test_a_backend_that_crashes_is_no_crash_of_ours(
    fake_scanimage: Callable[[str], str], folder: Path, taker: Any
) -> None:
    end = fake(fake_scanimage, "kill -SEGV $$", folder, taker)
    assert end.ended is Ended.CRASHED


def test_a_crash_in_mid_page_is_not_taken_for_a_page_of_unknown_length(
    fake_scanimage: Callable[[str], str], folder: Path, taker: Any
) -> None:
    end = fake(fake_scanimage, ": > page-0001.jpg.part; kill -SEGV $$", folder, taker)
    assert (end.ended, os.listdir(folder)) == (Ended.CRASHED, [])


def test_a_program_that_cannot_be_run_is_told(folder: Path, taker: Any, tmp_path: Path) -> None:
    end = scan(dict(os.environ), folder, taker, program=str(tmp_path / "nothing-here"))
    assert (end.ended, end.code) == (Ended.PROGRAM_MISSING, 127)


@pytest.mark.parametrize(
    ("last", "ended", "code"),
    [
        ("scanimage: sane_start: Document feeder out of documents", Ended.DONE, 7),
        ("scanimage: sane_read: Document feeder jammed", Ended.JAMMED, 6),
        ("scanimage: sane_start: Scanner cover is open", Ended.COVER_OPEN, 8),
        ("scanimage: sane_start: Device busy", Ended.BUSY, 3),
        ("scanimage: sane_read: Unheard of", Ended.IO_ERROR, 9),
        ("Scanned page 1. (scanner status = 5)", Ended.DONE, 0),
    ],
)
def test_a_backend_that_hangs_after_its_last_words_is_taken_at_its_word(
    fake_scanimage: Callable[[str], str],
    folder: Path,
    taker: Any,
    whole: Path,
    last: str,
    ended: Ended,
    code: int,
) -> None:
    # SANE's own test backend does it once in some thousand scans on a loaded machine.
    body = (
        "read x; cp ../whole.jpg page-0001.jpg; echo page-0001.jpg; read x\n"
        f"echo '{last}' >&2; echo 'Batch terminated, 1 page scanned' >&2\n"
        "trap '' INT TERM; while :; do sleep 0.05; done"
    )
    end = fake(fake_scanimage, body, folder, taker, limits=ScanLimits(grace_s=0.2))
    assert (end.ended, end.code, len(end.pages)) == (ended, code, 1)


def test_its_words_are_kept_in_bounds(fake_scanimage: Callable[[str], str], folder: Path, taker: Any) -> None:
    end = fake(fake_scanimage, "yes complaint | head -c 500000 >&2; echo last >&2; exit 9", folder, taker)
    assert end.ended is Ended.IO_ERROR
    assert len(end.words) < 5000
    assert end.words.endswith("last")


def test_no_thread_is_left_behind(sane_config: Environment, folder: Path, taker: Any) -> None:
    before = set(threading.enumerate())
    scan(sane_config(), folder, taker, FEEDER)
    assert set(threading.enumerate()) == before
