"""``hall sim idcard``: the ID-card reader, in both families of frames."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

import click

from hall.commands.sim.attend import attend, kind
from hall.commands.sim.wire import WIRE_WORDS, cable_changes, check_place
from hall.commands.sim.words import Word, Words, count, one_of
from halldrivers.idcard import sim as sam
from halldrivers.idcard import simstx as stx
from halldrivers.idcard.simcards import BUS_CARD, CARDS, RESIDENT
from halldrivers.idcard.simhand import MISHAPS, CardMachine
from halldrivers.simwire import serve

LYING = {
    **CARDS,
    "moved": RESIDENT.with_addresses("测试省测试市测试镇测试路2号"),
    "forged": RESIDENT.saying(read=0x33),
    "bus-card": BUS_CARD,
}
"""What can be laid: the synthetic cards, one with an appended address, one that is not genuine, and one that
is no ID card."""

WORDS: Words = {
    "lay": Word("放一张证", "lay a card", CardMachine.lay, (one_of("CARD", LYING),)),
    "take": Word("把证拿走", "take the card away", CardMachine.take_away),
    "shake": Word("证没放稳，这次读不出", "hold the card badly: its next read fails", CardMachine.shake),
    "leave-on": Word(
        "问到这一步时拿走证",
        "take the card away when this is asked",
        CardMachine.leave_on,
        (one_of("STEP", {step: step for step in ("select", "read", "address")}),),
    ),
    "corrupt": Word(
        "接下来几个应答有坏字节",
        "the next answers have a wrong bit",
        CardMachine.damage_next,
        (count("ANSWERS", 1000, 1),),
    ),
    "cut": Word(
        "下一个应答断在这个字节",
        "the next answer ends after so many bytes",
        CardMachine.cut_next,
        (count("BYTES", 2000, 9),),
    ),
    "self-test": Word("自检失败", "its self-test has failed", MISHAPS["self-test"]),
    "unlicensed": Word("模块没有授权", "its module has no licence", MISHAPS["unlicensed"]),
    "well": Word("全部恢复正常（线除外）", "nothing is wrong any more (but the cable)", CardMachine.heal),
    **WIRE_WORDS,
}
SAM_WORDS: Words = {
    **WORDS,
    "time-out": Word(
        "SAM：接下来几次答“模块超时”",
        "SAM: the next answers say that its own wait is over",
        sam.CardReaderSim.time_out_next,
        (count("ANSWERS", 1000, 1),),
    ),
}


@kind(SAM_WORDS)
@click.option(
    "--frames",
    type=click.Choice(["sam", "stx"]),
    default="sam",
    show_default=True,
    help="sam: GA/T 467 frames. stx: STX/LRC frames of a multi-function reader.",
)
def idcard(url: str, faults: tuple[str, ...], frames: str) -> None:
    """An ID-card reader at URL: pty:, pty:///path/of/link or tcp://127.0.0.1:10001 (port 0: a free one).

    Only the synthetic cards of the project can be laid; like a real reader it reads a card once, until it is
    taken away and laid again.
    """
    device: CardMachine
    if frames == "sam":
        device, words, questions = sam.CardReaderSim(clock=time.monotonic), SAM_WORDS, sam.QUESTIONS
    else:
        device, words, questions = stx.StxReaderSim(clock=time.monotonic), WORDS, stx.QUESTIONS
    with serve(check_place(url), device) as server:
        address = server.url if frames == "sam" else f"{server.url}?frames=stx"
        attend(device, words, faults, (address,), cable_changes(device), asked(device, questions))


def asked(device: CardMachine, questions: Mapping[str, str]) -> Callable[[], list[str]]:
    """What it was asked, but not again and again: a driver looks for a card all day."""
    last = ""

    def look() -> list[str]:
        nonlocal last
        with device.lock:
            requests = list(device.requests)
            device.requests.clear()  # or it would grow for as long as it stands there
        told = []
        for request in requests:
            name = questions.get(request[:2].hex(), request.hex())
            if name != last:
                told.append(f"被问 / asked: {name}")
            last = name
        return told

    return look
