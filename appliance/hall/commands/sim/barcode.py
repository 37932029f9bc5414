"""``hall sim barcode``: the barcode reader on a serial line."""

from __future__ import annotations

import time
from urllib.parse import quote

import click

from hall.commands.sim.attend import attend, kind
from hall.commands.sim.wire import WIRE_WORDS, cable_changes, check_place
from hall.commands.sim.words import Word, Words, count, text_line
from halldrivers.barcode.sim import BarcodeSim
from halldrivers.simwire import serve

ENDS = {"cr": "\r", "lf": "\n", "crlf": "\r\n", "tab": "\t", "etx": "\x03"}
"""What follows each code, by the names of the driver's URL."""
HOLD_EVERY_S = 0.3

WORDS: Words = {
    "scan": Word("扫一个码", "scan a code", BarcodeSim.scan, (text_line("CODE"),)),
    "hold": Word(
        "码一直放在前面，连续读这么多次",
        "keep a code before it: it is read again and again",
        lambda device, times, code: device.hold(code, times, HOLD_EVERY_S),
        (count("TIMES", 1000, least=1), text_line("CODE")),
    ),
    "scan-slowly": Word(
        "一个字一个字地来，间隔毫秒",
        "send the code byte by byte, so many ms apart",
        lambda device, gap_ms, code: device.scan_slowly(code, gap_ms / 1000),
        (count("MS", 5000), text_line("CODE")),
    ),
    "cut": Word(
        "送出这么多字节后拔线",
        "pull the cable when so many bytes of the code have left",
        lambda device, sent, code: device.scan_and_unplug(code, sent),
        (count("BYTES", 1000, least=1), text_line("CODE")),
    ),
    "long": Word(
        "扫一个这么长的码",
        "scan a code of so many digits",
        lambda device, length: device.scan("7" * length),
        (count("LENGTH", 100_000, 5000, least=1),),
    ),
    "control": Word(
        "扫一个带控制字符的码",
        "scan a code with control characters",
        lambda device: device.scan("A1\x1b[2J\x00\x07B2"),
    ),
    "flood": Word(
        "一次来这么多不同的码",
        "so many different codes at once",
        BarcodeSim.flood,
        (count("CODES", 10_000, 100, least=1),),
    ),
    "corrupt": Word(
        "来一串波特率不对的字节",
        "bytes of a wrong baud rate",
        BarcodeSim.send_garbage,
        (count("BYTES", 10_000, 64, least=1),),
    ),
    **WIRE_WORDS,
}


@kind(WORDS)
@click.option(
    "--end", type=click.Choice(list(ENDS)), default="cr", show_default=True, help="What follows each code."
)
@click.option("--prefix", default="", help="What stands before each code.")
def barcode(url: str, faults: tuple[str, ...], end: str, prefix: str) -> None:
    """A barcode reader at URL: pty:, pty:///path/of/link or tcp://127.0.0.1:4002 (port 0: a free one)."""
    device = BarcodeSim(clock=time.monotonic, prefix=prefix, end=ENDS[end])
    options = ([] if end == "cr" else [f"end={end}"]) + ([f"prefix={quote(prefix)}"] if prefix else [])
    with serve(check_place(url), device) as server:
        address = server.url + ("?" + "&".join(options) if options else "")
        attend(device, WORDS, faults, (address,), cable_changes(device))
