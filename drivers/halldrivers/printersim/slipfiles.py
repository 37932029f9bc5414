"""Keeping each slip as a picture and as text."""

import tempfile
from pathlib import Path

from halldrivers.errors import Actor, DeviceError
from halldrivers.printersim.draw import draw_slip
from halldrivers.printersim.paper import Slip


class SlipsNotKept(DeviceError, OSError):
    """Raised when slips cannot be written into their folder."""

    code = "D-08"
    what_zh = "模拟打印机的小票存不下来"
    what_en = "the simulated printer's slips cannot be kept"
    who = Actor.TECHNICIAN
    remedy_zh = "换一个能写的文件夹，例如 --slips /tmp/slips；磁盘满了就先腾出空间"
    remedy_en = (
        "name a folder that can be written, such as --slips /tmp/slips; if the disk is full, make room"
    )


class SlipFiles:
    """Writes `slip-0001.png`, `slip-0001.txt` and so on into a folder, going on after what is there.

    Making it and :meth:`save` raise :class:`SlipsNotKept`; a folder that takes no files is told at once.
    """

    def __init__(self, folder: Path) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            # A folder may be there and take no files, and rights say nothing of that to root (/proc).
            with tempfile.TemporaryFile(dir=folder):
                pass
            names = [path.stem[5:] for path in folder.glob("slip-*.png")]
        except OSError as error:
            raise _not_kept(folder, error) from error
        self._folder = folder
        self._last = max((int(name) for name in names if name.isdecimal()), default=0)

    def save(self, slip: Slip) -> None:
        """Write one slip."""
        self._last += 1
        name = f"slip-{self._last:04d}"
        try:
            draw_slip(slip).save(self._folder / f"{name}.png")
            (self._folder / f"{name}.txt").write_text(slip.text() + "\n", encoding="utf-8")
        except OSError as error:
            raise _not_kept(self._folder, error) from error


def _not_kept(folder: Path, error: OSError) -> SlipsNotKept:
    return SlipsNotKept(f"{folder}: {error.strerror or error}")
