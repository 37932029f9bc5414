"""``hall sim pad``: a rating box with a serial line of its own, which sends bytes or lines of text."""

from __future__ import annotations

import time

import click

from hall.commands.failure import say
from hall.commands.sim.attend import attend, kind
from hall.commands.sim.wire import WIRE_WORDS, cable_changes, check_place
from hall.commands.sim.words import Word, Words, count, hex_bytes, one_of
from halldrivers.ratingpad.boxsim import PadBoxSim
from halldrivers.simwire import serve

KEY_NAMES = "1234"
KEY = one_of("KEY", {key: key for key in KEY_NAMES})
FORMS = {
    "line": (
        {key: f"K{key}\r\n".encode() for key in KEY_NAMES},
        """[pad_lines.sim]
pattern = 'K(\\d)'
arm = "ASK"
thank = "THANKS"
idle = "IDLE"
""",
    ),
    "table": (
        {key: bytes((0xAA, 0x01, int(key), 0x55)) for key in KEY_NAMES},
        """[pad_tables.sim]
keys = {1 = "AA .. 01 55", 2 = "AA .. 02 55", 3 = "AA .. 03 55", 4 = "AA .. 04 55"}
arm = "AA 01 10 55"
thank = "AA 01 11 55"
idle = "AA 01 12 55"
""",
    ),
}
"""What each key sends, and what must stand in hall.toml for it."""

WORDS: Words = {
    "press": Word("按一下键", "press a key", PadBoxSim.press, (KEY,)),
    "hold": Word(
        "按住，连发这么多次",
        "hold a key: it is sent so many times",
        PadBoxSim.press,
        (KEY, count("TIMES", 1000, 10, least=1)),
    ),
    "say": Word("发出任意字节", "send any bytes", PadBoxSim.babble, (hex_bytes(),)),
    "corrupt": Word(
        "发出没有意义的字节",
        "send bytes that mean nothing",
        lambda box: box.babble(bytes((0x00, 0xFF, 0xAA, 0x01, 0x4B, 0x80))),
    ),
    **WIRE_WORDS,
}


@kind(WORDS)
@click.option(
    "--form",
    type=click.Choice(list(FORMS)),
    default="line",
    show_default=True,
    help="What it sends: lines of text, or frames of bytes.",
)
@click.option("--latching", is_flag=True, help="It keeps a press until it is spoken to.")
def pad(url: str, faults: tuple[str, ...], form: str, latching: bool) -> None:
    """A rating box with four keys at URL: pty:, pty:///path/of/link or tcp://127.0.0.1:4001 (port 0: a free
    one).

    The section of hall.toml that its URL names is told on stderr, and what it is sent as it comes.
    """
    frames, section = FORMS[form]
    box = PadBoxSim(frames, clock=time.monotonic, latching=latching)
    told = 0

    def heard() -> list[str]:
        nonlocal told
        with box.lock:
            fresh, told = box.bytes_in - told, box.bytes_in
            data = box.heard[-fresh:] if fresh else b""
        return [f"收到 / heard: {data.hex(' ')} {data.decode('ascii', 'replace').strip()!r}"] if data else []

    with serve(check_place(url), box) as server:
        say(section)
        attend(box, WORDS, faults, (f"{server.url}?{form}=sim",), cable_changes(box), heard)
