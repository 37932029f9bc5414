"""The demo's configuration: the township example, open around the clock, on simulated devices.

It is written into the state folder as an ordinary ``hall.toml``, so that every other verb works on
what a demo leaves behind.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
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
    faults: bool = False
    """Unplug, jam, corrupt and silence devices while visitors come, and kill roles (headless)."""
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


def plan_windows(settings: DemoSettings) -> list[int]:
    """The numbers of the demo's windows."""
    return [window["number"] for window in _plan(settings)["window"]]


def write_config(settings: DemoSettings, devices: Mapping[str, Mapping[str, Any]]) -> Path:
    """Write the demo's ``hall.toml``, with the sections of its devices; answers where it is."""
    raw = _plan(settings)
    raw["calendar"] = {"sessions": ALWAYS}
    for service in raw["service"]:
        service.pop("last_ticket", None)  # a demo in the evening is a whole hall too
    raw["printing"] |= {"profile": f"generic-{settings.width_mm}"}
    timeout_s = raw.get("rating", {}).get("timeout_s", 60) / settings.speed
    raw["rating"] |= {"timeout_s": max(SHORTEST_RATING_S, timeout_s)}
    raw.pop("pads", None)  # the example's are on the pins of a Pi
    for section, lines in devices.items():
        raw[section] = {**raw.get(section, {}), **lines}
    file = settings.folder / "hall.toml"
    file.write_text(f"# Written by hall demo from {EXAMPLE}.\n{tomli_w.dumps(raw)}", encoding="utf-8")
    return file


def _plan(settings: DemoSettings) -> dict[str, Any]:
    raw: dict[str, Any] = tomllib.loads(example_file().read_text(encoding="utf-8"))
    if settings.for_newcomers:
        raw["window"] = _two_windows(raw)
    return raw


def _two_windows(raw: dict[str, Any]) -> list[dict[str, Any]]:
    every = [service["id"] for service in raw["service"] if not service.get("matters")]
    return [{"number": n, "name": "综合窗口", "kind": "general", "serves": every} for n in (1, 2)]
