"""Opening a reader: the wire, the line speed, and whether the reader says that it is well."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from halldrivers.counters import CountedTransport, Counters
from halldrivers.errors import DeviceError
from halldrivers.idcard.dialect import Dialect, Reply
from halldrivers.idcard.errors import (
    LineDamaged,
    RadioFailed,
    ReaderConfused,
    ReaderSilent,
    SelfTestFailed,
    Unlicensed,
)
from halldrivers.idcard.exchange import Exchange
from halldrivers.idcard.swords import Said
from halldrivers.transport import Transport

SEARCH_S = 0.5
"""For an answer at each line speed while they are tried; a status answer takes 12 ms at 9600 baud."""

OpenWire = Callable[[int], Transport]
"""Makes the transport, not opened, at a line speed."""


def connect(
    open_wire: OpenWire,
    bauds: Sequence[int],
    dialect: Dialect,
    counters: Counters,
    now_s: Callable[[], float],
) -> tuple[Exchange, int]:
    """The open reader and its line speed: the first of `bauds` at which it answers that it is well.

    Raises what opening the wire raises, :class:`ReaderSilent` when no speed gives an answer, and the reader's
    own fault when it tells one; the wire is then closed.
    """
    hello = dialect.hello if len(bauds) == 1 else replace(dialect.hello, answer_s=SEARCH_S)
    spoke: Reply | None = None
    for baud in bauds:
        wire = CountedTransport(open_wire(baud), counters)
        wire.open()
        exchange = Exchange(wire, dialect, counters, now_s)
        try:
            reply = exchange.ask(hello)
            if reply.said is Said.OK:
                return exchange, baud
            if reply.said in (Said.SELF_TEST, Said.UNLICENSED, Said.RADIO):
                raise fault_of(reply)
            if reply.said is not Said.SILENT:
                spoke = reply
        except BaseException:
            exchange.close()
            raise
        exchange.close()
    if spoke is not None:
        raise fault_of(spoke)
    tried = ", ".join(str(baud) for baud in dict.fromkeys(bauds) if baud)
    raise ReaderSilent(f"{tried} baud" if tried else "")


def fault_of(reply: Reply) -> DeviceError:
    """The error that a reply stands for, with its status word."""
    faults: dict[Said, type[DeviceError]] = {
        Said.SILENT: ReaderSilent,
        Said.DAMAGED: LineDamaged,
        Said.BAD_SUM: LineDamaged,
        Said.SELF_TEST: SelfTestFailed,
        Said.UNLICENSED: Unlicensed,
        Said.RADIO: RadioFailed,
    }
    return faults.get(reply.said, ReaderConfused)(reply.word)
