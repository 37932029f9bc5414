"""``hall sim pads`` and ``hall sim signs``: units on one Modbus RTU line."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

import click

from hall.commands.sim.attend import Changes, attend, kind
from hall.commands.sim.units import units_option
from hall.commands.sim.wire import WIRE_WORDS, cable_changes, check_place
from hall.commands.sim.words import Word, Words, count, one_from, one_of, seconds
from halldrivers.modbussim import ModbusLineSim, modbus_url
from halldrivers.modbussim.sign import SignUnit
from halldrivers.simwire import serve

UNIT = one_from("UNIT", lambda line: {str(number): number for number in line.units})
KEY = one_of("KEY", {key: key for key in "1234"})
STYLES = ("led485", "dm36")


def _corrupt(line: ModbusLineSim, unit: int, answers: int) -> None:
    with line.lock:
        line.units[unit].corrupts = answers


def _slow(line: ModbusLineSim, unit: int, wait_s: float) -> None:
    with line.lock:
        line.units[unit].delay_s = wait_s


def _refuse(line: ModbusLineSim, unit: int, code: int) -> None:
    with line.lock:
        line.units[unit].refusal = code


LINE_WORDS: Words = {
    "dead": Word("这一台断电", "a unit's plug is pulled", ModbusLineSim.kill, (UNIT,)),
    "alive": Word("这一台来电", "it is plugged in again", ModbusLineSim.revive, (UNIT,)),
    "corrupt": Word(
        "这一台接下来几个应答 CRC 错",
        "the unit's next answers have a wrong CRC",
        _corrupt,
        (UNIT, count("ANSWERS", 1000, 1)),
    ),
    "slow-unit": Word(
        "这一台每次应答都晚这么久，0 恢复",
        "the unit's answers wait so long; 0 ends it",
        _slow,
        (UNIT, seconds(usual="0.5")),
    ),
    "refuse": Word(
        "这一台总是答这个异常码，0 恢复",
        "the unit answers with this exception; 0 ends it",
        _refuse,
        (UNIT, count("CODE", 11, 4)),
    ),
    **WIRE_WORDS,
}
PAD_WORDS: Words = {
    "press": Word(
        "按一下键",
        "press a key, for so many ms",
        lambda line, unit, key, hold_ms: line.press(unit, key, hold_ms / 1000),
        (UNIT, KEY, count("MS", 60_000, 300, least=1)),
    ),
    "hold": Word("按住不放", "hold a key down", ModbusLineSim.hold, (UNIT, KEY)),
    "release": Word("放开", "let go of it", ModbusLineSim.release, (UNIT, KEY)),
    **LINE_WORDS,
}


@kind(PAD_WORDS)
@units_option("1-4", 1, 247)
@click.option("--latching", is_flag=True, help="They keep a press until their inputs were read.")
@click.option("--echo", is_flag=True, help="The adapter sends back what it was given.")
def pads(url: str, faults: tuple[str, ...], units: tuple[int, ...], latching: bool, echo: bool) -> None:
    """Rating pads with four keys and lamps at URL: pty:, pty:///path/of/link or tcp://127.0.0.1:0.

    Lamps are told as they change.
    """
    line = ModbusLineSim(clock=time.monotonic, echo=echo)
    for number in units:
        line.add_pad(number, latching=latching)

    def see() -> dict[str, str]:
        return {
            f"{number}号灯 / unit {number} lamps": "".join("●" if lit else "○" for lit in line.lamps(number))
            for number in units
        }

    _stand(url, line, PAD_WORDS, faults, "", see)


@kind(LINE_WORDS)
@units_option("11-13", 1, 247)
@click.option("--digits", type=click.IntRange(1, 6), default=3, show_default=True, help="Of each sign.")
@click.option(
    "--style", type=click.Choice(STYLES), default="led485", show_default=True, help="The make's registers."
)
@click.option("--echo", is_flag=True, help="The adapter sends back what it was given.")
def signs(
    url: str, faults: tuple[str, ...], units: tuple[int, ...], digits: int, style: str, echo: bool
) -> None:
    """Window signs at URL: pty:, pty:///path/of/link or tcp://127.0.0.1:0.

    What they show is told as it changes.
    """
    line = ModbusLineSim(clock=time.monotonic, echo=echo)
    added: dict[int, SignUnit] = {
        number: line.add_sign(number, digits=digits, style=style) for number in units
    }

    def see() -> dict[str, str]:
        with line.lock:
            return {f"{number}号屏 / unit {number} shows": f"[{sign.text}]" for number, sign in added.items()}

    options = ([] if digits == 3 else [f"digits={digits}"]) + (
        [] if style == "led485" else [f"style={style}"]
    )
    _stand(url, line, LINE_WORDS, faults, "&".join(options), see)


def _stand(
    url: str,
    line: ModbusLineSim,
    words: Words,
    faults: tuple[str, ...],
    options: str,
    see: Callable[[], dict[str, str]],
) -> None:
    with serve(check_place(url), line) as server:
        urls = map(partial(modbus_url, server, options=options), line.units)
        attend(line, words, faults, urls, cable_changes(line), Changes(see))
