"""The page process: whatever becomes of it, an error says so in its time, and the original is still there."""

from __future__ import annotations

import asyncio
import hashlib
import os
import subprocess
import sys
import threading
import time
from contextlib import suppress

import pytest

from halldrivers.camera.simjpeg import with_hole
from halldrivers.camera.simpaper import Paper
from halldrivers.camera.simscene import Lying, Scene, draw, jpeg_of
from halldrivers.page.develop import develop
from halldrivers.page.errors import PageCrashed, PageTimeout, PageTooBig, PictureUnreadable
from halldrivers.page.judge import Limits
from halldrivers.page.result import Found, PageOrder
from halldrivers.page.wire import (
    MOST_ANSWER_BYTES,
    Answer,
    BadMessage,
    Request,
    decode_answer,
    decode_request,
    encode_head,
)
from halldrivers.page.work import PageWork

PAGE = jpeg_of(draw(Scene(papers=(Lying(Paper.BOOKLET, 3),), size=(480, 360), view_mm=220)).image)
WITHIN_S = 60.0


def working(program: str, timeout_s: float = WITHIN_S, **more: int) -> PageWork:
    """A page work whose process is a Python program of the test."""
    return PageWork(command=(sys.executable, "-c", program), timeout_s=timeout_s, **more)


def children() -> list[str]:
    found = []
    for task in os.listdir("/proc/self/task"):
        with suppress(FileNotFoundError), open(f"/proc/self/task/{task}/children") as file:
            found += file.read().split()  # a thread may end while it is looked at
    return found


@pytest.fixture(autouse=True)
def nothing_stays() -> object:
    before, files = set(children()), len(os.listdir("/proc/self/fd"))
    yield
    assert set(children()) <= before, "no process stays"
    assert len(os.listdir("/proc/self/fd")) <= files, "no pipe stays"


def test_a_page_is_made_as_in_this_process() -> None:
    pytest.importorskip("cv2", reason="OpenCV is not installed (extra 'pages')")
    work = PageWork()
    page = work.make(PAGE, PageOrder(turn=90, quality=70))
    report, derived = develop(PAGE, PageOrder(turn=90, quality=70), Limits())
    assert (page.report, page.jpeg) == (report, derived)
    assert page.sha256 == hashlib.sha256(derived).hexdigest()
    assert page.report.found is Found.CROPPED
    assert (work.counters["good_reads"], work.counters["bad_reads"]) == (1, 0)
    assert "\\xff" not in repr(page), "no picture in a log"


def test_a_hall_without_opencv_gets_its_pages_whole() -> None:
    program = (
        "import runpy, sys\n"
        "sys.modules['cv2'] = None\n"
        "runpy.run_module('halldrivers.page', run_name='__main__')"
    )
    report = working(program).make(PAGE).report
    assert (report.has_finder, report.corners, report.is_accepted) == (False, (), True)


def test_what_libraries_say_does_not_spoil_the_answer() -> None:
    program = (
        "import os, runpy, sys\n"
        "import halldrivers.page.develop as d\n"
        "develop = d.develop\n"
        "d.develop = lambda *a, **k: os.write(1, b'a complaint') and develop(*a, **k)\n"
        "runpy.run_module('halldrivers.page', run_name='__main__')"
    )
    assert working(program).make(PAGE).report.original_width == 480


def test_the_terminal_s_process_loads_no_library_for_pictures() -> None:
    code = (
        "import sys, halldrivers.camera.camera, halldrivers.camera.foldersource;"
        "import halldrivers.camera.v4l2source;"
        "import halldrivers.camera.check, halldrivers.page.work;"
        "print([name for name in ('PIL', 'numpy', 'cv2', 'linuxpy') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_a_refused_page_is_no_error_and_counts_as_bad() -> None:
    work = PageWork(limits=Limits(sharp=1e9))
    assert not work.make(PAGE).report.is_accepted
    assert work.counters["bad_reads"] == 1


def test_a_damaged_picture_is_told_by_the_process() -> None:
    pytest.importorskip("cv2", reason="OpenCV is not installed (extra 'pages')")
    work = PageWork()
    with pytest.raises(PictureUnreadable, match="its data is damaged") as caught:
        work.make(with_hole(PAGE, 0.5, 3000))
    assert caught.value.detail_zh == "图像数据损坏"
    assert work.counters["bad_reads"] == 1


def test_too_little_memory_is_an_error_of_its_own() -> None:
    with pytest.raises(PageTooBig):
        PageWork(memory_bytes=40 << 20).make(PAGE)


def test_a_process_that_hangs_is_killed_in_its_time() -> None:
    begun_s = time.monotonic()
    with pytest.raises(PageTimeout):
        working("import time; time.sleep(600)", timeout_s=0.5).make(PAGE)
    assert time.monotonic() - begun_s < WITHIN_S


def test_a_process_that_hangs_after_its_answer_is_killed_as_well() -> None:
    program = "import os, time; os.close(1); os.close(2); os.close(0); time.sleep(600)"
    with pytest.raises(PageTimeout):
        working(program, timeout_s=0.5).make(PAGE)


def test_a_process_that_never_reads_is_killed_in_its_time() -> None:
    with pytest.raises(PageTimeout):
        working("import time; time.sleep(600)", timeout_s=0.5).make(PAGE + bytes(4 << 20))


def test_a_process_that_reads_nothing_and_ends_is_an_error() -> None:
    with pytest.raises(PageCrashed, match="exit code 3"):
        working("raise SystemExit(3)").make(PAGE + bytes(4 << 20))


def test_a_crash_is_named() -> None:
    with pytest.raises(PageCrashed, match="SIGSEGV"):
        working("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)").make(PAGE)


def test_a_program_error_is_named_by_its_last_line() -> None:
    with pytest.raises(PageCrashed, match="ZeroDivisionError: division by zero"):
        working("1 / 0").make(PAGE)


def test_a_process_that_the_kernel_ends_for_memory_is_too_big() -> None:
    with pytest.raises(PageTooBig):
        working("import os, signal; os.kill(os.getpid(), signal.SIGKILL)").make(PAGE)


def test_a_flood_of_memory_is_contained() -> None:
    with pytest.raises(PageTooBig):
        working("data = [bytes(1 << 20) for _ in range(100_000)]", memory_bytes=200 << 20).make(PAGE)


def test_a_flood_of_answers_is_contained() -> None:
    program = "import os\nwhile True: os.write(1, bytes(1 << 20))"
    with pytest.raises(PageCrashed, match="it answers without end"):
        working(program).make(PAGE)


def test_a_flood_of_errors_is_contained() -> None:
    program = (
        "import sys\nfor _ in range(3000): sys.stderr.write('x' * 1000 + '\\n')\nraise SystemExit('the last')"
    )
    with pytest.raises(PageCrashed, match="the last"):
        working(program).make(PAGE)


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"nonsense\n",
        b'{"bytes": 5}\n',
        b'{"bytes": 0, "error": {"code": "F-14", "detail": "", "detail_zh": ""}}\nmore',
        b'{"bytes": -1, "report": null}\n',
    ],
)
def test_an_answer_that_makes_no_sense_is_an_error(answer: bytes) -> None:
    with pytest.raises(PageCrashed):
        working(f"import os; os.write(1, {answer!r})").make(PAGE)


def test_a_page_that_is_no_jpeg_is_an_error() -> None:
    report, _ = develop(PAGE, PageOrder(), Limits(), with_finder=False)
    answer = encode_head(Answer(4, report)) + b"\xff\xd8ab"
    with pytest.raises(PageCrashed, match="its page"):
        working(f"import os; os.write(1, {answer!r})").make(PAGE)


def test_an_empty_original_needs_no_process() -> None:
    with pytest.raises(PictureUnreadable):
        working("raise SystemExit(1)").make(b"")


def test_the_limits_are_set_from_outside() -> None:
    program = (
        "import resource as r, os, sys\n"
        "sys.exit(f'{r.getrlimit(r.RLIMIT_CORE)} {r.getrlimit(r.RLIMIT_AS)} {os.getcwd()} {os.nice(0)}')"
    )
    with pytest.raises(PageCrashed) as caught:
        working(program, memory_bytes=300 << 20).make(PAGE)
    nice = max(5, os.nice(0))
    assert caught.value.detail == f"(0, 0) ({300 << 20}, {300 << 20}) / {nice}"


def test_who_is_nice_already_starts_one_as_nice() -> None:
    program = (
        "import os\n"
        "from halldrivers.page.job import PageJob\n"
        "import sys\n"
        "os.nice(12)\n"
        "command = sys.executable, '-c', 'import os; print(os.nice(0))'\n"
        "print(PageJob(command, timeout_s=60, memory_bytes=1 << 30).run(b'').decode())"
    )
    told = subprocess.run((sys.executable, "-c", program), capture_output=True, check=True, timeout=120)
    assert int(told.stdout) == min(19, 12 + os.nice(0))


def test_pages_are_made_one_at_a_time() -> None:
    work = working("import os; os.write(1, b'x')")
    running = threading.Lock()
    original = work._turn

    class Watched:
        def __enter__(self) -> None:
            original.acquire()
            assert running.acquire(blocking=False)

        def __exit__(self, *error: object) -> None:
            running.release()
            original.release()

    work._turn = Watched()  # type: ignore[assignment]

    def make() -> None:
        with pytest.raises(PageCrashed):
            work.make(PAGE)

    threads = [threading.Thread(target=make) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WITHIN_S)
    assert work.counters["bad_reads"] == 3


async def test_the_event_loop_goes_on_while_a_page_is_made() -> None:
    task = asyncio.create_task(PageWork().amake(PAGE))
    turns = 0
    while not task.done():
        await asyncio.sleep(0.005)
        turns += 1
    assert (await task).report.original_width == 480
    assert turns > 5


async def test_a_cancelled_page_ends_its_process() -> None:
    task = asyncio.create_task(working("import time; time.sleep(600)").amake(PAGE))
    while not children():
        await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    deadline_s = time.monotonic() + WITHIN_S
    while children() and time.monotonic() < deadline_s:
        await asyncio.sleep(0.01)
    assert children() == []


def test_a_request_goes_through_the_pipe_unchanged() -> None:
    request = Request(12, PageOrder(turn=270, crop=False), Limits(dpi=150))
    assert decode_request(encode_head(request)) == request


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"{}",
        b'{"bytes": 0, "order": {}, "limits": {}}',
        b'{"bytes": 99999999999, "order": {}, "limits": {}}',
        b'{"bytes": 5, "order": {"turn": 45}, "limits": {}}',
    ],
)
def test_a_wrong_request_is_refused(line: bytes) -> None:
    with pytest.raises(BadMessage):
        decode_request(line)


def test_an_answer_goes_through_the_pipe_unchanged() -> None:
    report, derived = develop(PAGE, PageOrder(), Limits(), with_finder=False)
    answer = Answer(len(derived), report)
    assert decode_answer(encode_head(answer) + derived) == (answer, derived)
    assert len(encode_head(answer)) + len(derived) < MOST_ANSWER_BYTES
