"""A simulated document camera: it puts what it sees into the folder of ``dir:///…``, well or badly.

It stands at the far end of the folder form, so that everything behind the capture is the same as with a real
camera. What it sees is a :class:`~.simscene.Scene`; `SCENES` has one for each thing that happens in a hall.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from halldrivers.camera.simpaper import Desk, Paper
from halldrivers.camera.simscene import Drawn, Lying, Scene, draw, jpeg_of

FRAME_NAME = "frame.jpg"

SCENES: Mapping[str, Scene] = {
    "form": Scene(papers=(Lying(angle_deg=3),), tilt_x_deg=3),
    "wood": Scene(papers=(Lying(angle_deg=-5),), view_mm=480, tilt_y_deg=5, desk=Desk.WOOD, slope=0.3),
    "booklet": Scene(papers=(Lying(Paper.BOOKLET, 4),)),
    "card": Scene(papers=(Lying(Paper.CARD, -6),)),
    "torn": Scene(papers=(Lying(Paper.TORN, 4),)),
    "none": Scene(papers=()),
    "blank": Scene(papers=(Lying(Paper.BLANK, 2),)),
    "blur": Scene(blur_mm=0.8),
    "glare": Scene(glare=(15, 40), glare_mm=25),
    "dark": Scene(light=0.2),
    "bright": Scene(light=1.4),
    "two": Scene(papers=(Lying(Paper.BOOKLET, 4, -95), Lying(Paper.CARD, -3, 90))),
    "cut": Scene(papers=(Lying(angle_deg=4, y_mm=70),)),
}
"""By what a person would call them; from ``none`` on, except ``bright``, they are to be taken again."""


class CameraSim:
    """The camera. ``sleep`` passes the time of a slow writer."""

    def __init__(self, folder: Path, *, sleep: Callable[[float], None] = time.sleep) -> None:
        self._plugged, self._away = folder, folder.with_name(f".{folder.name}.unplugged")
        self._folder, self._sleep = folder, sleep
        folder.mkdir(parents=True, exist_ok=True)

    def show(self, scene: Scene, quality: int = 90) -> Drawn:
        """See a scene from now on; answers what was drawn and where its corners are."""
        drawn = draw(scene)
        self.deliver(jpeg_of(drawn.image, quality))
        return drawn

    def deliver(self, jpeg: bytes, name: str = FRAME_NAME) -> None:
        """Put a picture into the folder as a good writer does: under another name, then renamed."""
        unfinished = self._folder / f".{name}.part"
        unfinished.write_bytes(jpeg)
        os.replace(unfinished, self._folder / name)

    def deliver_slowly(self, jpeg: bytes, pieces: int, pause_s: float, name: str = FRAME_NAME) -> None:
        """Write a picture in place, piece by piece, as a careless writer or a slow share does."""
        size = -(-len(jpeg) // pieces)
        with open(self._folder / name, "wb", buffering=0) as file:
            for at in range(0, len(jpeg), size):
                if at:
                    self._sleep(pause_s)
                file.write(jpeg[at : at + size])

    def deliver_half(self, jpeg: bytes, name: str = FRAME_NAME) -> None:
        """Die in the middle of writing."""
        (self._folder / name).write_bytes(jpeg[: len(jpeg) // 2])

    def unplug(self) -> None:
        """Take the folder away, as a stick that is pulled or a share that is lost; it still sees."""
        if self._folder == self._plugged:
            self._folder = self._plugged.rename(self._away)

    def plug(self) -> None:
        """Bring the folder back, with what is seen by then."""
        if self._folder == self._away:
            self._folder = self._away.rename(self._plugged)

    def clear(self) -> None:
        """Take every picture away."""
        for file in self._folder.iterdir():
            file.unlink()
