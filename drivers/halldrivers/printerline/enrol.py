"""Finding out what one printer answers, without a dot of paper, and whether its proof holds behind a cut.

    DLE EOT 1-4   each alone: some units answer only a few of them
    GS a 255      an automatic status group at once
    GS r 1        one byte, in its turn
    GS ( H        the id again, in its turn
    GS I n        who it is

(facts: printing 1.4, 2.4.) What is learned here is kept for years; how a stray or a lost byte is kept from
deciding is in `enrolasking`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from halldrivers.errors import Actor, DeviceError, PortGone
from halldrivers.printerline.abilities import ConfirmBy, PrinterAbilities
from halldrivers.printerline.answers import AsbGroup, Event, PaperAnswer, ProcessId, Query, RealTime
from halldrivers.printerline.device import PrinterLine
from halldrivers.printerline.enrolabout import Identity, ask_about
from halldrivers.printerline.enrolasking import Asking, Late
from halldrivers.printerline.job import ASK_PAPER, ENABLE_ASB, JobResult, Outcome, Reason, ask_process_id
from halldrivers.printerline.link import StatusLink
from halldrivers.printerline.status import PrinterStatus

ANSWER_S = 0.5
"""How long one answer is waited for: the slowest printers take 0.2 s (from memory)."""
PATIENCE = 4
"""A printer that answers later than that is asked all over again with so many times the patience."""
FILLING_BYTES = 4096
"""NULs that end a half-sent picture of ours (3464 bytes at most); a printer that is in step ignores them."""
_FILLING_S = 15.0
"""Time for them on the slowest line: 9600 baud takes 4.3 s."""
_SLIP_ID = "ENRL"


class CannotEnrol(DeviceError, RuntimeError):
    """Raised when the printer cannot be tested now: it says that it is out of paper, open or jammed."""

    code = "P-30"
    what_zh = "打印机现在不能登记"
    what_en = "the printer cannot be enrolled now"
    who = Actor.CLERK
    remedy_zh = "先排除打印机的故障（缺纸、上盖、卡纸），再登记一次"
    remedy_en = "clear the printer's trouble first (paper, cover, jam), then enrol it again"


@dataclass(frozen=True, slots=True)
class Learned:
    """What one printer answers."""

    abilities: PrinterAbilities
    identity: Identity


@dataclass(frozen=True, slots=True)
class SlipProof:
    """What became of the one slip, and what is left of the abilities after it."""

    result: JobResult
    abilities: PrinterAbilities
    proof_s: float = 0.0
    """From the first byte sent to the proof; 0 without one. Shorter than paper moves, it proves nothing."""


def learn(line: PrinterLine, timeout_s: float = ANSWER_S) -> Learned:
    """Find out what an open line's printer answers; nothing is printed.

    Takes a second where everything is answered, and 20 s where much is not. Raises CannotEnrol when the
    printer says that it cannot print (it then does not answer in its turn either, and would be taken for less
    than it is), JobInFlight, and what its transport raises.
    """
    _must_be_well(line.status())
    try:
        learned = _learn(Asking(line.link, timeout_s))
    except Late:
        learned = _learn(Asking(line.link, timeout_s * PATIENCE, is_patient=True))
    line.abilities = learned.abilities
    _must_be_well(line.status())
    return learned


def still_answers(line: PrinterLine, abilities: PrinterAbilities, timeout_s: float = ANSWER_S) -> bool:
    """Whether the printer at an open line answers all that it did when it was enrolled.

    Only what was answered then is asked, so nothing is waited for unless the answer is no: another unit is at
    the address, or this one is stuck or blocked. A printer that never answered anything always passes.
    """
    link = line.link
    if abilities.realtime and not link.ask(sorted(abilities.realtime), timeout_s):
        return False
    questions = (
        (abilities.asb, ENABLE_ASB, _is_asb),
        (abilities.paper_answer, ASK_PAPER, _is_paper),
        (abilities.process_id, ask_process_id(_SLIP_ID), _is_process_id),
    )
    for can, question, wanted in questions:
        if can:
            link.drain()
            link.send(question)
            if link.wait_for(wanted, timeout_s) is None:
                return False
    return True


def send_slip(
    line: PrinterLine, payload: bytes, learned: Learned, timeout_s: float, clock: Callable[[], float]
) -> SlipProof:
    """Print the one test slip, and find out whether the proof comes behind a cut as well.

    `clock` is the line's. What answered an idle printer and not behind the cut is struck off the abilities.
    Raises CannotEnrol when the printer did not take it or stopped in it, PortGone when the wire broke.
    """
    abilities = learned.abilities
    best = abilities.best
    also_paper = best is ConfirmBy.PROCESS_ID and abilities.paper_answer
    line.abilities = abilities
    with _Heard(line.link) as heard:
        began = clock()
        # Behind the cut the next weaker proof is asked for too, so that one slip tells about both.
        result = line.send_job(payload + (ASK_PAPER if also_paper else b""), _SLIP_ID, best, timeout_s)
        took_s = clock() - began
    if result.reason is Reason.PORT_GONE:
        raise PortGone("while the test slip was sent", result.bytes_sent)
    line.abandon()
    is_proved = result.outcome is Outcome.PRINTED
    if not is_proved:
        _must_be_well(result.status)
        if result.outcome is Outcome.FAILED or result.reason is Reason.CUT_SHORT:
            raise CannotEnrol("it did not take the whole slip", "测试条没有发完，请检查线和波特率")
        if result.interrupted:
            raise CannotEnrol("something happened while the slip was printed", "打印测试条时出过故障")
    if not best.can_prove:
        return SlipProof(result, abilities)
    line.abilities = PrinterAbilities(
        abilities.realtime,
        abilities.asb,
        paper_answer=is_proved if best is ConfirmBy.PAPER_ANSWER else also_paper and heard.paper_answers > 0,
        process_id=is_proved and best is ConfirmBy.PROCESS_ID,
    )
    return SlipProof(result, line.abilities, took_s if is_proved else 0.0)


class _Heard:
    """Counts the GS r answers that come while a job of another rung is watched."""

    def __init__(self, link: StatusLink) -> None:
        self._link = link
        self._listener = link.listener
        self.paper_answers = 0

    def __enter__(self) -> _Heard:
        self._link.listener = self._hear
        return self

    def __exit__(self, *error: object) -> None:
        self._link.listener = self._listener

    def _hear(self, event: Event) -> None:
        self.paper_answers += _is_paper(event)
        if self._listener is not None:
            self._listener(event)


def _learn(asking: Asking) -> Learned:
    if not _speaks(asking):
        return Learned(PrinterAbilities(frozenset(), False, False, False), Identity())
    realtime = frozenset(query for query in Query if asking.answers(_question(query), _is_realtime))
    in_turn = _in_turn(asking)
    if realtime and not any(in_turn):
        # It hears and does nothing in its turn: perhaps it waits for the rest of somebody's half picture.
        asking.link.send(bytes(FILLING_BYTES), _FILLING_S)
        _wait_for_the_line(asking)
        in_turn = _in_turn(asking)
    identity = ask_about(asking)
    asking.quiet()
    return Learned(PrinterAbilities(realtime, *in_turn), identity)


def _speaks(asking: Asking) -> bool:
    """Whether anything at all comes back; two tries, since a mute printer costs the whole patience."""
    everything = b"".join(_question(query) for query in Query) + ENABLE_ASB + ASK_PAPER
    return any(asking.says_anything(everything, PATIENCE) for _ in range(2))


def _in_turn(asking: Asking) -> tuple[bool, bool, bool]:
    return (
        asking.answers(ENABLE_ASB, _is_asb),
        asking.answers(ASK_PAPER, _is_paper),
        asking.answers(ask_process_id(_SLIP_ID), _is_process_id),
    )


def _wait_for_the_line(asking: Asking) -> None:
    """A slow line still carries the filling, and a question waits behind it."""
    for _ in range(max(1, int(_FILLING_S / asking.timeout_s / PATIENCE))):
        if asking.says_anything(_question(Query.PRINTER), PATIENCE):
            return


def _must_be_well(status: PrinterStatus) -> None:
    if status.blocks_printing and status.fault is not None:
        raise CannotEnrol(status.fault.what_en, status.fault.what_zh)


def _question(query: Query) -> bytes:
    return b"\x10\x04" + bytes((query,))


def _is_realtime(event: Event) -> bool:
    return isinstance(event, RealTime)


def _is_asb(event: Event) -> bool:
    return isinstance(event, AsbGroup)


def _is_paper(event: Event) -> bool:
    return isinstance(event, PaperAnswer)


def _is_process_id(event: Event) -> bool:
    return isinstance(event, ProcessId) and event.job_id == _SLIP_ID
