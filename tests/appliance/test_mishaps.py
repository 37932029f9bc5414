"""Every mishap that the demo knows happens to a running hall, is told where it can be, and is mended."""

from __future__ import annotations

from itertools import zip_longest
from typing import Any

import pytest

from hall.demo.mishaps import Mishap, Mishaps

pytestmark = pytest.mark.xdist_group(name="demo")

LINE = ("pad-1", "pad-2", "sign-1", "sign-2")
TOLD: dict[str, tuple[str, ...]] = {
    "printer unplugged": ("printer",),
    "printer unplugged within a job": (),
    "printer out of paper": (),
    "printer open": ("printer",),
    "cutter jammed": (),
    "printer silent": ("printer",),
    "printer switched off and on": (),
    "line of pads and signs unplugged": LINE,
    "line of pads and signs unplugged within a frame": LINE,
    "line of pads and signs silent": LINE,
    "line of pads and signs noisy": (),
    "caller line unplugged": ("keypad-1", "keypad-2"),
    "caller line unplugged within a frame": ("keypad-1", "keypad-2"),
    "caller line silent": (),
    "caller line noisy": (),
    "pad 1 dead": ("pad-1",),
    "pad 1 corrupt": (),
    "pad 2 dead": ("pad-2",),
    "pad 2 corrupt": (),
    "sign dead": ("sign-1",),
    "caller dead": (),
    "ID-card reader unplugged": ("idcard",),
    "ID-card reader unplugged within a frame": ("idcard",),
    "ID-card reader silent": ("idcard",),
    "ID-card reader noisy": (),
    "card held badly": (),
    "ID-card reader corrupt": (),
    "answer of the ID-card reader cut": (),
    "barcode reader unplugged": ("barcode",),
    "barcode reader unplugged within a frame": (),
    "barcode reader silent": (),
    "barcode reader noisy": (),
    "hostile codes": (),
    "garbage at the barcode reader": (),
    "camera unplugged": ("camera",),
}
"""Which devices are not online while it lasts. Nobody can tell a silent barcode reader from one that nobody
uses; what spoils one answer in three is no outage; what waits for the next slip waits here for ever."""


def families(mishaps: Mishaps) -> list[list[Mishap]]:
    """Mishaps of different devices may last at the same time."""
    starts = ("printer", "cutter", "line", "pad", "sign"), ("caller",), ("ID-card", "card", "answer"), (
        "barcode", "hostile", "garbage", "camera",
    )  # fmt: skip
    return [[m for m in mishaps.all if m.name.startswith(start)] for start in starts]


def test_each_is_told_while_it_lasts_and_every_device_is_back_when_it_is_mended(equipped: Any) -> None:
    hall = equipped
    mishaps = Mishaps(hall.gear, {}, [1, 2], seed=1)
    assert {mishap.name for mishap in mishaps.all} == set(TOLD)
    sets = families(mishaps)
    assert sum(map(len, sets)) == len(mishaps.all), "each is in one family"
    for at_once in zip_longest(*sets):
        open_now = [mishap for mishap in at_once if mishap is not None]
        for mishap in open_now:
            mishap.happen()
        hurt = {device for mishap in open_now for device in TOLD[mishap.name]}
        hall.until(
            lambda hurt=hurt: all(hall.screen.devices.get(device) != "online" for device in hurt),
            f"told: {[mishap.name for mishap in open_now]}",
        )
        for mishap in open_now:
            mishap.mend()
        hall.all_well()
    hall.press_caller(1, "取消")
    hall.well("keypad-1")


def test_none_happens_twice_before_each_has_happened_once(equipped: Any) -> None:
    mishaps = Mishaps(equipped.gear, {}, [1, 2], seed=3)
    drawn = [mishaps._draw().name for _ in range(2 * len(mishaps.all))]
    assert set(drawn[: len(mishaps.all)]) == set(drawn[len(mishaps.all) :])
    assert drawn[: len(mishaps.all)] != drawn[len(mishaps.all) :]
