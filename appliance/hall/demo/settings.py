"""The demo's configuration: the township example, open around the clock, on simulated devices.

It is written into the state folder as an ordinary ``hall.toml``, so that every other verb works on
what a demo leaves behind.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tomli_w

EXAMPLE = "township.toml"
ALWAYS = [{"weekdays": [1, 2, 3, 4, 5, 6, 7], "start": "00:00", "end": "24:00"}]
SHORTEST_RATING_S = 5.0
"""However fast the demo runs, a simulated hand needs this long to find a button."""


@dataclass(frozen=True, slots=True)
class DemoSettings:
    """What a demo is run with."""

    folder: Path
    speed: float = 1.0
    """Simulated people's seconds per real second."""
    seed: int = 1
    width_mm: int = 80
    draw_slips: bool = True
    """Save every piece of paper as a picture; takes longer than printing it."""
    for_newcomers: bool = False
    """Two 综合窗口 that do everything, in place of the example's windows: whatever somebody chooses, both
    windows of the deck can call it."""


def example_file() -> Path:
    """The township example, from the installed package or the source tree."""
    here = Path(__file__).resolve()
    for folder in (here.parent.parent / "examples", here.parents[3] / "examples"):
        if (folder / EXAMPLE).is_file():
            return folder / EXAMPLE
    raise FileNotFoundError(EXAMPLE)


def write_config(settings: DemoSettings, printer_url: str) -> Path:
    """Write the demo's ``hall.toml`` and answer where it is."""
    raw: dict[str, Any] = tomllib.loads(example_file().read_text(encoding="utf-8"))
    raw["calendar"] = {"sessions": ALWAYS}
    raw["printing"] |= {"device": printer_url, "profile": f"generic-{settings.width_mm}"}
    timeout_s = raw.get("rating", {}).get("timeout_s", 60) / settings.speed
    raw["rating"] |= {"timeout_s": max(SHORTEST_RATING_S, timeout_s)}
    if settings.for_newcomers:
        raw["window"] = _two_windows(raw)
    # The pads stand beside the rating desk in the demo's own process, on simulated pins.
    raw.pop("pads", None)
    file = settings.folder / "hall.toml"
    file.write_text(f"# Written by hall demo from {EXAMPLE}.\n{tomli_w.dumps(raw)}", encoding="utf-8")
    return file


def _two_windows(raw: dict[str, Any]) -> list[dict[str, Any]]:
    every = [service["id"] for service in raw["service"] if not service.get("matters")]
    return [{"number": n, "name": "综合窗口", "kind": "general", "serves": every} for n in (1, 2)]
