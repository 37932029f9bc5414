"""``make picture``: the pictures of the README, from a real run of the demo.

The deck is what a terminal of 200x50 shows in the middle of a visit; the ticket is the paper as the
simulated printer drew it from the bytes it was sent.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parent))

from picture import Send, Shot, Wait, WaitFor, picture_of

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
SIZE = (200, 50)
DECK_WIDTH_PX = 1600
ENTER = "\r"


def main() -> None:
    """Take one visit to the middle, and keep both pictures."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    # The finer blocks; the picture is drawn by the project, so no font can lack them.
    os.environ["HALL_BIG_TEXT"] = "sextant"
    with tempfile.TemporaryDirectory() as folder:
        state, shot = Path(folder) / "state", Path(folder) / "deck.png"
        picture_of(
            [str(ROOT / ".venv/bin/hall"), "demo", "--state", str(state)],
            SIZE,
            [
                WaitFor("取号"),
                Wait(1.0),
                *_take_a_ticket(),
                Send("1"),
                *_take_a_ticket(),
                WaitFor("打印完成 A002"),
                Send("2"),
                Wait(0.5),
                Send(ENTER),
                WaitFor("开始办理A001"),
                Wait(1.5),
                Send(ENTER),
                WaitFor("办结A001"),
                Wait(1.0),
                Shot(shot),
            ],
            Path(folder) / "end.png",
            timeout_s=60,
        )
        keep(Image.open(shot), PICTURES / "deck.png", DECK_WIDTH_PX)
        slip = Image.open(state / "slips" / "slip-0001.png")
        keep(slip, PICTURES / "ticket.png", slip.width)


def _take_a_ticket() -> list[Send | Wait | WaitFor]:
    """From the first question to the number."""
    first, second, check = Send("a"), Send("a"), Send(ENTER)
    return [
        first,
        Wait(0.8),
        second,
        Wait(0.8),
        check,
        WaitFor("您的号码"),
        Wait(1.0),
        Send(ENTER),
        Wait(0.8),
    ]


def keep(picture: Image.Image, file: Path, width_px: int) -> None:
    """Save it small: no wider than asked, with a palette."""
    if picture.width > width_px:
        height = round(picture.height * width_px / picture.width)
        picture = picture.convert("RGB").resize((width_px, height), Image.Resampling.LANCZOS)
    picture.convert("RGB").quantize(64).save(file, optimize=True)


if __name__ == "__main__":
    main()
