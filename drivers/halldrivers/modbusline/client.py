"""pymodbus' synchronous client on our own transports; the only module that imports pymodbus.

pymodbus builds and reads the frames. Its own serial and TCP clients are not used, because they wait by the
wall clock (``time.time``), which a Pi without a clock battery sets back and forth, lock nothing, and tell a
pulled adapter from a silent unit only in their log. So this one puts the client's four wire methods on a
:class:`~halldrivers.transport.Transport`, with one deadline an exchange on a clock that only rises. Retries
are 0 and reconnecting is the line's business: what is asked again, and when, is the plan's decision alone.

Half-duplex adapters without echo suppression send back what was written. That is found out from the first
exchange whose answer cannot equal its question (all but "write one coil" and "write one register"), and then
taken off every answer.
"""

from __future__ import annotations

import logging
import struct
import time
from collections.abc import Callable, Sequence

from pymodbus import FramerType, ModbusException
from pymodbus.client import ModbusBaseSyncClient
from pymodbus.exceptions import ModbusIOException
from pymodbus.pdu import ModbusPDU
from pymodbus.transport import CommParams, CommType

from halldrivers.counters import CountedTransport, Counters
from halldrivers.errors import DeviceError, PortGone
from halldrivers.modbusline.address import Framing
from halldrivers.modbusline.errors import UnitGarbled, UnitRefused, UnitSilent
from halldrivers.transport import Transport

MOST_BYTES = 1024
"""Bytes of one exchange: an echo and an answer are 512 at most; more is a device that babbles."""
WRITE_S = 0.5
NEVER_S = 60.0
"""pymodbus' own deadline, longer than any of ours."""
_ANSWER_EQUALS_QUESTION = frozenset({5, 6})
_NOT_THERE = frozenset({5, 6, 10, 11})
"""Exceptions that mean "not now": acknowledge, busy, and a gateway's "no path" and "no answer"."""
_UNREADABLE = (ModbusException, ValueError, IndexError, KeyError, TypeError, struct.error)
"""What pymodbus raises for frames that are none."""


class _Client(ModbusBaseSyncClient):
    """The four wire methods of pymodbus' client, on a transport."""

    def __init__(
        self,
        wire: Transport | CountedTransport,
        name: str,
        framing: Framing,
        gap_s: float,
        now_s: Callable[[], float],
    ) -> None:
        params = CommParams(comm_type=CommType.SERIAL, host=name, reconnect_delay=0, timeout_connect=NEVER_S)
        is_rtu = framing is Framing.RTU
        super().__init__(FramerType.RTU if is_rtu else FramerType.SOCKET, 0, params, None, None, None)
        self._wire, self._gap_s, self._now_s = wire, gap_s, now_s
        self._is_rtu = is_rtu
        self._echoes = False
        """Whether the adapter sent back what was written, at the last exchange that could tell."""
        self._question = b""
        self._held = b""
        """What came so far while it may still be the question's echo."""
        self._deadline_s = 0.0
        self._quiet_since_s = now_s()
        """When the last exchange ended."""
        self.timeout_s = 0.0
        """For the next exchange."""
        self.received = 0
        """Bytes of this exchange, without the echo."""
        self.stale = 0
        """Bytes that came while nothing was asked."""

    def connect(self) -> bool:
        """The transport is opened by the line."""
        return True

    def close(self) -> None:
        """The transport is closed by the line."""

    def send(self, request: bytes, addr: tuple[str, int] | None = None) -> int:
        """Wait until the line has been silent, then write the whole frame."""
        self._become_silent()
        self._question, self._held, self.received = request, b"", 0
        self._deadline_s = self._now_s() + self.timeout_s
        sent = self._wire.write(request, WRITE_S)
        if sent < len(request):
            raise PortGone(f"it takes no more data ({sent} of {len(request)} bytes)", sent)
        return sent

    def _become_silent(self) -> None:
        """Drop late answers and noise; a line that never falls silent is not asked.

        What came since the last exchange would lie in the port's buffer, so where that is long ago one look
        is enough: 5 ms less for each poll, and one wake-up of the processor.
        """
        now_s = self._now_s()
        until_s, gap_s = now_s + self.timeout_s, self._quiet_since_s + self._gap_s - now_s
        while data := self._wire.read(MOST_BYTES, max(0.0, gap_s)):
            self.stale += len(data)
            gap_s = self._gap_s
            if self._now_s() > until_s:
                raise UnitGarbled("the line is never silent")

    def ended(self) -> None:
        """The exchange is over, well or not."""
        self._quiet_since_s = self._now_s()

    def recv(self, size: int | None) -> bytes:
        """What came, without the echo; empty at the deadline, which pymodbus takes as a time-out."""
        while (left_s := self._deadline_s - self._now_s()) > 0:
            data = self._wire.read(MOST_BYTES, left_s)
            if not data:
                break
            self.received += len(data)
            if self.received > MOST_BYTES:
                raise UnitGarbled("more bytes than any answer has")
            if answer := self._without_echo(data):
                return answer
        rest, self._held = self._held, b""
        return rest

    def _without_echo(self, data: bytes) -> bytes:
        if not self._may_echo:
            return data
        self._held += data
        if len(self._held) < len(self._question) and self._question.startswith(self._held):
            return b""
        came, self._held = self._held, b""
        question, self._question = self._question, b""
        self._echoes = came.startswith(question)
        if not self._echoes:
            return came
        self.received -= len(question)
        return came[len(question) :]

    @property
    def _may_echo(self) -> bool:
        """Whether the question may still come back; where its answer is the same, only if it always does."""
        if not self._question:
            return False
        return self._echoes or (self._is_rtu and self._question[1] not in _ANSWER_EQUALS_QUESTION)


class LineClient:
    """Asks units on one line. Belongs to the line's thread; the transport is open and stays the line's."""

    def __init__(
        self,
        wire: Transport | CountedTransport,
        name: str,
        *,
        framing: Framing,
        gap_s: float,
        counters: Counters,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        # pymodbus logs every missing answer as an error; the line tells a loss once.
        logging.getLogger("pymodbus").setLevel(logging.CRITICAL)
        self._client = _Client(wire, name, framing, gap_s, now_s)
        self._name, self._counters = name, counters

    def read_inputs(self, unit: int, timeout_s: float, address: int, count: int) -> tuple[bool, ...]:
        """Function 2: the levels of discrete inputs."""
        answer = self._ask(
            unit,
            timeout_s,
            2,
            lambda: self._client.read_discrete_inputs(address, count=count, device_id=unit),
        )
        if len(answer.bits) < count:
            raise UnitGarbled(f"{self._name}#{unit}: {len(answer.bits)} inputs instead of {count}")
        return tuple(bool(bit) for bit in answer.bits[:count])

    def write_coil(self, unit: int, timeout_s: float, address: int, on: bool) -> None:
        """Function 5: switch one coil."""
        self._ask(unit, timeout_s, 5, lambda: self._client.write_coil(address, on, device_id=unit))

    def write_coils(self, unit: int, timeout_s: float, address: int, lit: Sequence[bool]) -> None:
        """Function 15: switch coils that follow each other."""
        self._ask(unit, timeout_s, 15, lambda: self._client.write_coils(address, list(lit), device_id=unit))

    def write_register(self, unit: int, timeout_s: float, address: int, value: int) -> None:
        """Function 6: set one register, 0 to 65535."""
        self._ask(unit, timeout_s, 6, lambda: self._client.write_register(address, value, device_id=unit))

    def write_registers(self, unit: int, timeout_s: float, address: int, values: Sequence[int]) -> None:
        """Function 16: set registers that follow each other, 0 to 65535 each."""
        self._ask(
            unit, timeout_s, 16, lambda: self._client.write_registers(address, list(values), device_id=unit)
        )

    def _ask(self, unit: int, timeout_s: float, function: int, call: Callable[[], ModbusPDU]) -> ModbusPDU:
        client, name = self._client, f"{self._name}#{unit}"
        client.timeout_s, client.received = timeout_s, 0
        try:
            answer = call()
        except DeviceError:
            raise
        except ModbusIOException:
            if client.received:
                raise UnitGarbled(f"{name}: {client.received} bytes that are no answer") from None
            raise UnitSilent(name) from None
        except _UNREADABLE as error:
            raise UnitGarbled(f"{name}: {type(error).__name__}") from error
        finally:
            client.ended()
            if client.stale:
                self._counters.add("garbage", client.stale)
                client.stale = 0
        if answer.isError():
            if answer.exception_code in _NOT_THERE:
                raise UnitSilent(f"{name}: exception {answer.exception_code}")
            raise UnitRefused(
                f"{name}: function {function}, exception {answer.exception_code}", answer.exception_code
            )
        if answer.function_code != function:
            raise UnitGarbled(f"{name}: an answer to function {answer.function_code} instead of {function}")
        return answer
