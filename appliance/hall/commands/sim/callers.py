"""``hall sim callers``: clerks' callers on one RS-485 line."""

from __future__ import annotations

import time

import click

from hall.commands.sim.attend import Changes, attend, kind
from hall.commands.sim.units import units_option
from hall.commands.sim.wire import WIRE_WORDS, cable_changes, check_place
from hall.commands.sim.words import Word, Words, count, hex_bytes, key_presses, one_from, seconds
from halldrivers.caller.sim import CAPS, CallerLineSim
from halldrivers.simwire import SimServer, serve

ENGLISH = {
    "start": "开始",
    "rate": "评价",
    "call": "呼叫",
    "again": "重呼",
    "cancel": "取消",
    "ok": "确认",
    "metre": "一米",
    "waiting": "等候",
    "transfer": "转移",
}
"""The keys for a terminal without a Chinese keyboard."""
UNIT = one_from("UNIT", lambda line: {str(number): number for number in line.callers})
FRAMES = count("FRAMES", 1000, 1)


def _corrupt(line: CallerLineSim, unit: int, frames: int) -> None:
    with line.lock:
        line.callers[unit].corrupt = frames


def _deaf(line: CallerLineSim, unit: int, frames: int) -> None:
    with line.lock:
        line.callers[unit].deaf = frames


def _slow(line: CallerLineSim, unit: int, wait_s: float) -> None:
    with line.lock:
        line.callers[unit].slow_s = wait_s


WORDS: Words = {
    "press": Word(
        "在这台上按键，例如 press 2 012 呼叫",
        "press keys of a unit: press 2 012 call",
        lambda line, unit, caps: line.press(unit, *caps),
        (UNIT, key_presses("KEYS", {cap: cap for cap in CAPS} | ENGLISH)),
    ),
    "dead": Word("这台断电", "a unit loses its power", CallerLineSim.power_off, (UNIT,)),
    "alive": Word("这台来电", "it is back, and dark", CallerLineSim.power_on, (UNIT,)),
    "corrupt": Word(
        "这台接下来几帧有坏字节", "the unit's next frames have a wrong byte", _corrupt, (UNIT, FRAMES)
    ),
    "deaf": Word(
        "这台听不到接下来几个应答", "the unit does not hear the hall's next answers", _deaf, (UNIT, FRAMES)
    ),
    "slow-unit": Word(
        "这台每帧都晚这么久，0 恢复",
        "the unit's frames wait so long; 0 ends it",
        _slow,
        (UNIT, seconds(usual="0.3")),
    ),
    "say": Word(
        "这台发出任意数据",
        "the unit sends any data",
        CallerLineSim.say,
        (UNIT, hex_bytes()),
    ),
    "collide": Word("两台同时说话", "two units speak at once", CallerLineSim.collide),
    **WIRE_WORDS,
}


@kind(WORDS)
@units_option("1-3", 0, 255)
@click.option("--polled", is_flag=True, help="They speak only when they are asked.")
@click.option("--echo", is_flag=True, help="The adapter sends back what it was given.")
def callers(url: str, faults: tuple[str, ...], units: tuple[int, ...], polled: bool, echo: bool) -> None:
    """Callers on one line at URL: pty:, pty:///path/of/link or tcp://127.0.0.1:4001 (port 0: a free one).

    A caller's display, beeps and frames are told as they come.
    """
    line = CallerLineSim(units, is_polled=polled, has_echo=echo, clock=time.monotonic)
    with serve(check_place(url), line) as server:
        urls = [_url(server, unit, polled) for unit in units]
        attend(
            line, WORDS, faults, urls, cable_changes(line), Changes(lambda: _seen(line)), lambda: said(line)
        )


def _url(server: SimServer[CallerLineSim], unit: int, is_polled: bool) -> str:
    dialect = "&dialect=polled" if is_polled else ""
    return f"caller://{server.path}?unit={unit}{dialect}"


def _seen(line: CallerLineSim) -> dict[str, str]:
    with line.lock:
        seen = {"听不懂的字节 / bytes that make no sense": str(line.bad_frames)}
        for number, caller in line.callers.items():
            unit_zh, unit_en = f"{number}号叫号器", f"unit {number}"
            seen[f"{unit_zh}显示 / {unit_en} shows"] = f"[{caller.display}] [{caller.waiting}]"
            seen[f"{unit_zh}响了 / {unit_en} beeped"] = str(caller.beeps)
    return seen


def said(line: CallerLineSim) -> list[str]:
    """Frames that were sent; a polled caller without a key says so all day, which is not told."""
    told = []
    with line.lock:
        for number, caller in line.callers.items():
            if not line.is_polled:
                told += [f"{number}号发出 / unit {number} sent: {frame.hex(' ')}" for frame in caller.said]
            caller.said.clear()  # or it would grow for as long as it stands there
    return told
