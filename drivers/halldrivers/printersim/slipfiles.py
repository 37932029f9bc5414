"""Keeping each slip as a picture and as text."""

from pathlib import Path

from halldrivers.printersim.draw import draw_slip
from halldrivers.printersim.paper import Slip


class SlipFiles:
    """Writes `slip-0001.png`, `slip-0001.txt` and so on into a folder, going on after what is there."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        numbers = [int(path.stem[5:]) for path in folder.glob("slip-*.png") if path.stem[5:].isdigit()]
        self._last = max(numbers, default=0)

    def save(self, slip: Slip) -> None:
        """Write one slip."""
        self._last += 1
        name = f"slip-{self._last:04d}"
        draw_slip(slip).save(self._folder / f"{name}.png")
        (self._folder / f"{name}.txt").write_text(slip.text() + "\n", encoding="utf-8")
