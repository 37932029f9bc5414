"""SANE's own test backend and sane-airscan, each in a private configuration; pages as they come."""

from __future__ import annotations

import os
import re
import shutil
import stat
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from halldrivers.scanner.address import FolderAddress
from halldrivers.scanner.esclsim import EsclServer, EsclSim
from halldrivers.scanner.folder import SET_ASIDE
from halldrivers.scanner.folderscanner import FolderScanner
from halldrivers.scanner.outcome import ScannedPage, ScanOutcome
from halldrivers.scanner.probe import clean_environment
from halldrivers.scanner.settings import ScanLimits, ScanSettings

SYSTEM_CONFIG = Path("/etc/sane.d")


def _has_backend(name: str) -> bool:
    places = [path for pattern in ("sane", "*/sane") for path in Path("/usr/lib").glob(pattern)]
    return any(list(path.glob(f"libsane-{name}.so*")) for path in places)


NEEDS = {"sane_config": ("test", "sane-utils"), "escl": ("airscan", "sane-utils and sane-airscan")}
"""By fixture: the backend that it works with, and Debian's packages of it."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    has_program = shutil.which("scanimage") is not None
    for fixture, (backend, packages) in NEEDS.items():
        if has_program and _has_backend(backend):
            continue
        for item in items:
            if Path(__file__).parent in item.path.parents and fixture in getattr(item, "fixturenames", ()):
                item.add_marker(pytest.mark.skip(reason=f"needs Debian's {packages}"))


@pytest.fixture
def sane_config(tmp_path: Path) -> Callable[..., dict[str, str]]:
    """The environment in which SANE knows the test backend alone; ``fault`` is what sane_read answers."""

    def make(fault: str = "Default", delay_us: int = 0) -> dict[str, str]:
        folder = tmp_path / "sane.d"
        folder.mkdir(exist_ok=True)
        text = (SYSTEM_CONFIG / "test.conf").read_text()
        text = re.sub(r"^read-status-code .*$", f'read-status-code "{fault}"', text, flags=re.MULTILINE)
        if delay_us:
            text = text.replace("read-delay false", "read-delay true")
            text = re.sub(r"(?m)^read-delay-duration .*$", f"read-delay-duration {delay_us}", text)
        (folder / "test.conf").write_text(text)
        # As a technician would: the system's list with the test backend switched on, and nothing else.
        lines = (SYSTEM_CONFIG / "dll.conf").read_text().splitlines()
        assert any(line.strip("# ") == "test" for line in lines)
        (folder / "dll.conf").write_text("test\n")
        return clean_environment(os.environ, folder)

    return make


@pytest.fixture
def escl() -> Iterator[EsclServer]:
    """A network scanner."""
    with EsclServer(EsclSim()) as server:
        yield server


@pytest.fixture
def fake_scanimage(tmp_path: Path) -> Callable[[str], str]:
    """Makes a shell script in the place of scanimage, for what the real one does only by accident."""

    def make(body: str) -> str:
        path = tmp_path / "scanimage-fake"
        path.write_text(f"#!/bin/sh\n{body}\n")
        path.chmod(stat.S_IRWXU)
        return str(path)

    return make


class Taker:
    """Takes pages, and lets a test wait for one."""

    def __init__(self) -> None:
        self.pages: list[ScannedPage] = []
        self.stop = threading.Event()
        self.stop_after = 0
        """Ask to stop when so many pages have come."""
        self.error: Exception | None = None

    def __call__(self, page: ScannedPage) -> None:
        self.pages.append(page)
        if self.stop_after and len(self.pages) >= self.stop_after:
            self.stop.set()
        if self.error is not None:
            raise self.error

    @property
    def names(self) -> list[str]:
        return [page.path.name for page in self.pages]


@pytest.fixture
def taker() -> Taker:
    return Taker()


class Inbox:
    """A watched folder with its scanner, a clock that each poll moves on, and files that arrive."""

    def __init__(self, tmp_path: Path, **how: Any) -> None:
        self.path, self.work = tmp_path / "in", tmp_path / "work"
        self.path.mkdir()
        self.now_s = 1000.0
        self.plan: list[tuple[float, Callable[[], object]]] = []
        how.setdefault("limits", ScanLimits(quiet_s=60.0))
        self.scanner = FolderScanner(
            FolderAddress(self.path, 2), self.work, now_s=lambda: self.now_s, sleep=self._sleep, **how
        )

    def _sleep(self, pause_s: float) -> None:
        self.now_s += pause_s
        while self.plan and self.plan[0][0] <= self.now_s:
            self.plan.pop(0)[1]()

    def scan(self, taker: Taker, *, most_pages: int = 500, **files: bytes) -> ScanOutcome:
        """Files arrive one after the other (``a_pdf`` is called a.pdf); silence ends the scan."""
        for number, (name, data) in enumerate(files.items(), 1):
            path = self.path / name.replace("_", ".")
            self.plan.append((self.now_s + 10 * number, lambda path=path, data=data: path.write_bytes(data)))
        return self.scanner.scan(ScanSettings(most_pages=most_pages), taker, taker.stop.is_set)

    @property
    def aside(self) -> list[str]:
        folder = self.path / SET_ASIDE
        return sorted(os.listdir(folder)) if folder.exists() else []

    @property
    def left(self) -> list[str]:
        return sorted(name for name in os.listdir(self.path) if name != SET_ASIDE)


@pytest.fixture
def make_inbox(tmp_path: Path) -> Callable[..., Inbox]:
    return lambda **how: Inbox(tmp_path, **how)


@pytest.fixture
def inbox(make_inbox: Callable[..., Inbox]) -> Inbox:
    return make_inbox()
