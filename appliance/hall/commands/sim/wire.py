"""What can be done to any simulated device with a cable, and where it is served."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hall.commands.sim.attend import Changes
from hall.commands.sim.words import Word, Words, count, seconds
from halldrivers.deviceurl import split_url
from halldrivers.simwire import ByteMachine

CABLE_WORDS: Words = {
    "unplug": Word("拔掉数据线", "pull the data cable", lambda device: device.unplug_after(0)),
    "unplug-after": Word(
        "再收到这么多字节时拔线",
        "pull it after so many bytes more",
        lambda device, most: device.unplug_after(most),
        (count("BYTES", 1_000_000, least=1),),
    ),
    "plug": Word("插上数据线", "put the cable back", lambda device: device.plug()),
    "power": Word("关机再开机", "switch off and on", lambda device: device.power_cycle()),
    "silent": Word("不再应答", "answer nothing from now on", lambda device: device.go_silent()),
    "speak": Word("恢复应答", "answer again", lambda device: device.speak()),
    "slow": Word(
        "每次应答都晚这么久，0 恢复",
        "let each answer wait so long; 0 ends it",
        lambda device, wait_s: device.answer_after(wait_s),
        (seconds(),),
    ),
}
"""Of a printer too."""


def _noise(device: ByteMachine, percent: int) -> None:
    with device.lock:
        device.noise = percent / 100


WIRE_WORDS: Words = {
    **CABLE_WORDS,
    "noise": Word(
        "这么多百分比的应答前有杂字节，0 恢复",
        "stray bytes before so many percent of the answers; 0 ends it",
        _noise,
        (count("PERCENT", 100, 50),),
    ),
}


def check_place(url: str) -> str:
    """The URL of a wire, as it is; raise BadUrl for one at which nothing should be put.

    A pseudo-terminal replaces what stands at its link, so there must not be anything but a link.
    """
    parts = split_url(url, "tcp", "pty")
    parts.only()
    if parts.scheme == "pty" and (parts.host or parts.path):
        link = Path(parts.device_path())
        if link.exists() and not link.is_symlink():
            raise parts.wrong(
                "这个位置已有文件，换一个名字", "there is a file at this place: choose another name"
            )
        if not link.parent.is_dir():
            raise parts.wrong(f"没有文件夹 {link.parent}", f"there is no folder {link.parent}")
    return url


def cable_changes(device: Any) -> Changes:
    """A look at the cable of any device on a wire, and at the first bytes that reach it."""

    def see() -> dict[str, str]:
        seen = {"数据线 / cable": "插着 / in" if device.is_connected else "拔掉了 / out"}
        if isinstance(device, ByteMachine):
            seen["来自驱动的数据 / bytes from the driver"] = "有 / yes" if device.bytes_in else "没有 / none"
        return seen

    return Changes(see)
