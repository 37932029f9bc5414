"""What can be wrong with a window sign beyond its line, in words that a person can act on."""

from __future__ import annotations

from halldrivers.errors import Actor
from halldrivers.modbusline.errors import UnitRefused


class SignRefused(UnitRefused):
    """Raised when a sign answers, but has not the registers of its style."""

    code = "G-01"
    what_zh = "窗口屏不接受显示命令"
    what_en = "the window sign refuses what it is to show"
    who = Actor.TECHNICIAN
    remedy_zh = "对照窗口屏说明书核对 hall.toml 里的 style=（led485 或 dm36）和 digits="
    remedy_en = "compare style= (led485 or dm36) and digits= in hall.toml with the sign's manual"
