"""SANE's own test backend and sane-airscan, each in a private configuration; pages as they come."""

from __future__ import annotations

import os
import re
import shutil
import stat
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from halldrivers.scanner.esclsim import EsclServer, EsclSim
from halldrivers.scanner.outcome import ScannedPage
from halldrivers.scanner.probe import clean_environment

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
