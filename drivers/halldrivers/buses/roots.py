"""The folders that are looked into, so that a test can lay out a machine of its own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

MOST_BYTES = 4096
"""An attribute of sysfs is at most a page."""


@dataclass(frozen=True, slots=True)
class Roots:
    """Where the machine's device nodes, kernel attributes and processes are."""

    dev: Path = Path("/dev")
    sys: Path = Path("/sys")
    proc: Path = Path("/proc")

    def path(self, node: str) -> Path:
        """Where a node named ``/dev/…`` really is."""
        return self.dev / node.removeprefix("/dev/")

    def node(self, path: Path) -> str:
        """The kernel's name of a node or of a link to one, ``/dev/ttyUSB0``; empty when nothing is there."""
        try:
            real = path.resolve(strict=True)
            return f"/dev/{real.relative_to(self.dev.resolve())}"
        except (OSError, RuntimeError, ValueError):
            return ""

    def named(self, node: str) -> str:
        """A path of this machine's ``/dev``, as a URL would write it."""
        return f"/dev/{Path(node).relative_to(self.dev)}"


def attribute(folder: Path, name: str) -> str:
    """An attribute's text in one line; empty when it is not there or cannot be read.

    Bytes that are no UTF-8 and control characters become U+FFFD: a device may say anything.
    """
    try:
        with (folder / name).open("rb") as file:
            data = file.read(MOST_BYTES)
    except OSError:
        return ""
    text = data.decode("utf-8", "replace").strip()
    return "".join(char if char.isprintable() else "\ufffd" for char in text)


def entries(folder: Path) -> list[Path]:
    """What is in a folder, by name; nothing when it is not there."""
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []
