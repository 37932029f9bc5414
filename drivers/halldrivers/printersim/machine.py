"""The working simulated printer: bytes in, paper and answers out, in its own time.

Order of things, as in a real unit:

1. Arriving bytes are scanned for real-time commands, which are executed at once, also while offline; status
   questions that arrive alone while offline are not stored, or a day of polling would fill the buffer.
2. The bytes wait in the receive buffer. A full buffer takes no more, so the sender stalls; a make with
   XON/XOFF stalls nobody: it asks for a pause when its buffer is nearly full, and then loses what overflows.
3. While the printer is online it reads one operation after the other; lines are printed one by one, each
   taking its height divided by the speed. Answers that are due "in order" (GS r, GS ( H, GS a) come when
   everything before them is on paper.
4. Offline (no paper, cover open, jam) step 3 stands still and nothing is lost: the rest prints once cured.

No thread of its own: `receive`, `take_output` and every look at the paper first catch up with the clock.
"""

import random
import threading
from collections import deque
from collections.abc import Callable

from halldrivers.printersim.abilities import EPSON, SimAbilities
from halldrivers.printersim.formatter import Formatter
from halldrivers.printersim.mechanism import Mechanism
from halldrivers.printersim.operations import (
    AskAbout,
    AskPaper,
    AskPrinted,
    AutoStatus,
    Cut,
    Garbage,
    Initialise,
    Operation,
    QrPrint,
)
from halldrivers.printersim.paper import WIDTH_DOTS, Blank, Element, Slip, Web
from halldrivers.printersim.parser import CommandParser
from halldrivers.printersim.realtime import Command, RealtimeScanner, Recover, StatusQuestion, only_questions

HEAD_TO_CUTTER_DOTS = 96
"""Paper that GS V 65/66 feeds so that the last line is past the knife."""
XOFF_ROOM_BYTES, XON_ROOM_BYTES = 128, 256
"""A pause is asked for when so much room is left, and ended when so much is free (from memory: Epson)."""
MOST_GARBAGE_KEPT = 1000
_NOISE = b"\x81\xff\xc3\x95"


class Machine:
    """One printer; see `PrinterSim` for its settings."""

    def __init__(
        self,
        width_mm: int = 80,
        abilities: SimAbilities = EPSON,
        *,
        clock: Callable[[], float],
        seed: int = 0,
        dots_per_s: float | None = None,
        encoding: str = "gb18030",
        han_at_power_on: bool = True,
        buffer_bytes: int = 65536,
        noise: float = 0.0,
    ) -> None:
        self.lock = threading.RLock()
        self.body = Mechanism()
        self.abilities = abilities
        self.width_dots = WIDTH_DOTS[width_mm]
        self._clock = clock
        self._random = random.Random(seed)
        self._dots_per_s, self._buffer_bytes, self._noise = dots_per_s, buffer_bytes, noise
        self._parser = CommandParser(encoding, han_at_power_on, abilities.han_from_next_line)
        self._formatter = Formatter(self.width_dots)
        self._web = Web(self.width_dots)
        self._scanner = RealtimeScanner()
        self._to_print: deque[Element] = deque()
        self._cut_pending = False
        self._printing_until: float | None = None
        self._free_at: float | None = None
        self._asb_mask = 0
        self._asb_last = self.body.automatic()
        self._answers: deque[tuple[float, bytes]] = deque()
        self._delay_s = 0.0
        self._asked_for_pause = False
        self._lost_bytes = 0
        self._silent = False
        self._connected = True
        self._unplug_left: int | None = None
        self._link_number = 0
        self._slips: list[Slip] = []
        self._garbage: deque[bytes] = deque(maxlen=MOST_GARBAGE_KEPT)
        self._on_slip: list[Callable[[Slip], None]] = []
        self._on_wake: list[Callable[[], None]] = []

    # -- the wire

    def receive(self, data: bytes) -> int:
        """Bytes arrive; how many were taken (fewer when the buffer is full or the cable is pulled)."""
        with self.lock:
            taken = data[: self._room()]
            if self._unplug_left is not None:
                taken = taken[: self._unplug_left]
                self._unplug_left -= len(taken)
            for command in self._scanner.feed(taken):
                self._execute_now(command)
            if not (self.body.is_offline and only_questions(taken)):
                self._store(taken)
            if self._unplug_left == 0:
                self._pull_cable()
            self._catch_up()
            return len(taken)

    def room(self) -> int:
        """How many bytes the receive buffer takes now; 0 also when the cable is pulled."""
        with self.lock:
            self._catch_up()
            return self._room()

    def take_output(self) -> bytes:
        """The answers that are due."""
        with self.lock:
            self._catch_up()
            now, due = self._clock(), b""
            while self._answers and self._answers[0][0] <= now:
                due += self._answers.popleft()[1]
            return due if self._connected else b""

    def next_event_s(self) -> float | None:
        """Seconds until something happens by itself; None when nothing will."""
        with self.lock:
            times = [] if self._printing_until is None else [self._printing_until]
            times += [self._answers[0][0]] if self._answers else []
            return max(0.0, min(times) - self._clock()) if times else None

    def tick(self) -> None:
        """Catch up with the clock."""
        with self.lock:
            self._catch_up()

    # -- in order

    def _room(self) -> int:
        """What the wire may hand over: with XON/XOFF always something, be it to lose it."""
        if not self._connected:
            return 0
        return self._buffer_bytes if self.abilities.xon_xoff else max(0, self._free_bytes)

    @property
    def _free_bytes(self) -> int:
        return self._buffer_bytes - self._parser.waiting_bytes

    def _store(self, data: bytes) -> None:
        """Into the receive buffer, as far as it has room."""
        kept = data[: max(0, self._free_bytes)]
        self._parser.push(kept)
        self._lost_bytes += len(data) - len(kept)
        self._pace()

    def _pace(self) -> None:
        """Ask for a pause, or end it."""
        if not self.abilities.xon_xoff:
            return
        if not self._asked_for_pause and self._free_bytes <= XOFF_ROOM_BYTES:
            self._asked_for_pause = True
            self._answer(b"\x13")
        elif self._asked_for_pause and self._free_bytes >= XON_ROOM_BYTES:
            self._asked_for_pause = False
            self._answer(b"\x11")

    def _catch_up(self) -> None:
        while not self.body.is_offline and self._step():
            pass
        if self.body.is_offline:
            self._printing_until = self._free_at = None
        self._pace()

    def _step(self) -> bool:
        """Do the next thing; False when it must wait for time or bytes."""
        if self._to_print:
            return self._print_next()
        if self._cut_pending:
            return self._cut()
        operation = self._parser.next_operation()
        if operation is None:
            self._free_at = None
            return False
        self._execute(operation)
        return True

    def _print_next(self) -> bool:
        element = self._to_print[0]
        now = self._clock()
        if self._printing_until is None:
            if not self.body.pull(element.height_dots):
                self._hand_was_there()
                return False
            start = now if self._free_at is None else self._free_at
            self._printing_until = start + (element.height_dots / self._dots_per_s if self._dots_per_s else 0)
        if now < self._printing_until:
            return False
        self._free_at, self._printing_until = self._printing_until, None
        self._web.append(self._to_print.popleft())
        return True

    def _execute(self, operation: Operation) -> None:
        match operation:
            case Cut():
                self._to_print += self._formatter.finish_line()
                if operation.feeds:
                    self._to_print.append(Blank(HEAD_TO_CUTTER_DOTS + operation.feed_dots))
                self._cut_pending = self.abilities.cutter
            case AutoStatus():
                self._asb_mask = operation.mask
                if operation.mask:
                    self._send_asb()
            case AskPaper() if self.abilities.paper_answer and operation.which == 1:
                self._answer(bytes((self.body.paper_answer(),)))
            case AskPrinted() if self.abilities.process_id:
                self._answer(b"\x37\x22" + operation.process_id + b"\x00")
            case AskAbout():
                self._answer(self.abilities.tells(operation.which))
            case QrPrint() if not self.abilities.own_qr:
                pass
            case Garbage():
                self._garbage.append(operation.data)
            case _:
                if isinstance(operation, Initialise) and self.abilities.asb_off_at_init:
                    self._asb_mask = 0
                self._to_print += self._formatter.apply(operation)

    def _cut(self) -> bool:
        if self.body.jams_at_next_cut:
            self.body.cutter_error = True
            self._hand_was_there()
            return False
        self._cut_pending = False
        slip = self._web.cut()
        self._slips.append(slip)
        for callback in self._on_slip:
            callback(slip)
        return True

    # -- at once

    def _execute_now(self, command: Command) -> None:
        match command:
            case StatusQuestion():
                if command.query in self.abilities.realtime:
                    self._answer(bytes((self.body.realtime(command.query),)))
            case Recover():
                if command.clears and self.body.cutter_error:
                    self._clear_buffers()
            case _:
                self._clear_buffers()
                self._answer(b"\x37\x25\x00")

    def _answer(self, data: bytes) -> None:
        if self._silent or not self._connected or not data:
            return
        if self._random.random() < self._noise:
            data = bytes((self._random.choice(_NOISE),)) + data
        self._answers.append((self._clock() + self._delay_s, data))
        self._wake()

    def _send_asb(self) -> None:
        self._asb_last = self.body.automatic()
        if self.abilities.asb:
            self._answer(self._asb_last)

    def _hand_was_there(self) -> None:
        """The body changed: tell it when automatic status is on, and go on working if possible."""
        if self._asb_mask and self.body.automatic() != self._asb_last:
            self._send_asb()
        if not self.body.is_offline:
            self._catch_up()
        self._wake()

    def _clear_buffers(self) -> None:
        self._parser.clear()
        self._to_print.clear()
        self._cut_pending = False
        self._printing_until = None

    def _forget_everything(self) -> None:
        self._clear_buffers()
        self._formatter.power_on()
        self._scanner = RealtimeScanner()
        self._answers.clear()
        self._asb_mask = 0
        self._asked_for_pause = False

    def _pull_cable(self) -> None:
        self._connected = False
        self._link_number += 1
        self._answers.clear()
        self._wake()

    def _wake(self) -> None:
        for callback in self._on_wake:
            callback()
