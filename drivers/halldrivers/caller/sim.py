"""A line of simulated callers, with fingers for their keys and an eye on their displays.

It reads and writes frames by itself and shares no code with the driver. ``polled`` callers speak when asked,
the others as soon as a verb is pressed, and again until the hall answers with the same frame.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from halldrivers.simwire import ByteMachine

CAPS = {str(digit): digit for digit in range(10)} | {
    "开始": 0x0A,
    "评价": 0x0B,
    "呼叫": 0x0C,
    "重呼": 0x0D,
    "取消": 0x0E,
    "确认": 0x0F,
    "一米": 0x11,
    "等候": 0x12,
    "转移": 0x13,
}
"""What is written on the keys of the 21-key caller, and the code that each sends."""

RETRY_S = 0.4
"""A caller that hears no answer says it again (assumed: no public source tells the time)."""
RETRIES = 4
_POLL, _ANSWER, _NOTHING = 0x10, 0x90, 0xFF
_SHOW, _BEEP, _KEYS = 0x02, 0x03, 0x01
_SHOW_NUMBER, _SHOW_WAITING, _POLLED_BEEP = 0x20, 0x21, 0x22


@dataclass
class SimCaller:
    """One caller, as a hand and an eye find it."""

    address: int
    display: str = ""
    """What stands on it: digits, and a space for an empty place."""
    waiting: str = ""
    """The waiting count, of a polled caller whose display has a line for it."""
    beeps: int = 0
    is_dead: bool = False
    slow_s: float = 0.0
    corrupt: int = 0
    """How many of its next frames have a wrong byte."""
    deaf: int = 0
    """How many of the hall's next answers it does not hear."""
    said: list[bytes] = field(default_factory=list)
    """Every frame that it has sent."""
    _typed: list[int] = field(default_factory=list)
    _unheard: bytes = b""
    _tries: int = 0
    _retry_s: float = 0.0
    _number: int = 0
    _pending: bytes = b""


class CallerLineSim(ByteMachine):
    """Callers with these addresses on one line."""

    def __init__(
        self,
        addresses: tuple[int, ...] = (1, 2, 3),
        *,
        is_polled: bool = False,
        has_echo: bool = False,
        clock: Callable[[], float] = time.monotonic,
        seed: int = 0,
        noise: float = 0.0,
    ) -> None:
        super().__init__(clock=clock, seed=seed, noise=noise)
        self.callers = {address: SimCaller(address) for address in addresses}
        self.is_polled, self.has_echo = is_polled, has_echo
        self.bad_frames = 0
        """Bytes or frames from the hall that made no sense."""
        self._inbox = b""
        self._late: list[tuple[float, bytes]] = []
        """What slow callers will say, and when."""

    # -- hands

    def press(self, address: int, *caps: str) -> None:
        """Press keys by what is written on them: ``press(2, "0", "1", "2", "呼叫")``."""
        with self.lock:
            caller = self.callers[address]
            for cap in caps:
                caller._typed.append(CAPS[cap])
                if CAPS[cap] > 9:
                    self._enter(caller)
            self._wake()

    def say(self, address: int, data: bytes) -> None:
        """One caller sends any data at once, asked or not."""
        with self.lock:
            self._transmit(self.callers[address], _ANSWER if self.is_polled else _KEYS, data)

    def collide(self, length: int = 12) -> None:
        """Two callers spoke at once: the hall hears neither."""
        with self.lock:
            self.answer(bytes(self.random.choices((0x00, 0x16, 0x68, 0x7F, 0xFE, 0xFF), k=length)))

    def display(self, address: int) -> str:
        """What stands on a caller."""
        with self.lock:
            return self.callers[address].display

    def power_off(self, address: int) -> None:
        """One caller loses its power, and what stood on it."""
        with self.lock:
            self.callers[address] = SimCaller(address, is_dead=True)

    def power_on(self, address: int) -> None:
        """It is back, and dark."""
        with self.lock:
            self.callers[address] = SimCaller(address)

    # -- the wire

    def take(self, data: bytes) -> None:
        """The hall sends; every caller hears it."""
        if self.has_echo:
            self.answer(data)
        self._inbox += data
        while (start := self._inbox.find(b"\xff\x68")) >= 0:
            self.bad_frames += start
            self._inbox = self._inbox[start:]
            if len(self._inbox) < 5:
                return
            count = self._inbox[2]
            if self._inbox[3] != count or self._inbox[4] != 0x68 or count < 2:
                self.bad_frames += 1
                self._inbox = self._inbox[2:]
                continue
            frame, rest = self._inbox[: 5 + count + 2], self._inbox[5 + count + 2 :]
            if len(frame) < 5 + count + 2:
                return
            self._inbox = rest
            body = frame[5:-2]
            if frame[-1] != 0x16 or frame[-2] != sum(body) & 0xFF:
                self.bad_frames += 1
                continue
            caller = self.callers.get(body[0])
            if caller is not None and not caller.is_dead:
                self._heard(caller, body[1], body[2:], frame)

    def forget(self) -> None:
        """Half a frame is gone, and what slow callers would have said."""
        self._inbox = b""
        self._late.clear()

    def take_output(self) -> bytes:
        """What is due, and what callers say again."""
        with self.lock:
            now_s = self._clock()
            for caller in self.callers.values():
                if caller._unheard and caller._retry_s <= now_s:
                    self._say_again(caller, now_s)
            for due_s, frame in self._late:
                if due_s <= now_s:
                    self.answer(frame)
            self._late = [(due_s, frame) for due_s, frame in self._late if due_s > now_s]
            return super().take_output()

    def next_event_s(self) -> float | None:
        """Seconds until somebody says something."""
        with self.lock:
            now_s = self._clock()
            due = [caller._retry_s for caller in self.callers.values() if caller._unheard]
            due += [due_s for due_s, _ in self._late]
            answer_s = super().next_event_s()
            due += [] if answer_s is None else [now_s + answer_s]
            return max(0.0, min(due) - now_s) if due else None

    # -- inside

    def _enter(self, caller: SimCaller) -> None:
        data, caller._typed = bytes(caller._typed), []
        if self.is_polled:
            caller._pending = data
            caller._number = caller._number % 255 + 1
            return
        caller._unheard = _frame(caller.address, _KEYS, data)
        caller._tries = 0
        self._say_again(caller, self._clock())

    def _say_again(self, caller: SimCaller, now_s: float) -> None:
        if caller._tries == RETRIES or caller.is_dead:
            caller._unheard = b""
            return
        caller._tries += 1
        caller._retry_s = now_s + RETRY_S
        self._put(caller, caller._unheard)

    def _heard(self, caller: SimCaller, command: int, data: bytes, frame: bytes) -> None:
        if self.is_polled and command == _POLL:
            self._asked(caller, data)
        elif not self.is_polled and caller._unheard and frame == caller._unheard:
            if caller.deaf:
                caller.deaf -= 1
            else:
                caller._unheard = b""
        elif command in (_SHOW, _SHOW_NUMBER):
            caller.display = "".join(str(place) if place < 10 else " " for place in data)
        elif command == _SHOW_WAITING:
            caller.waiting = "".join(str(place) if place < 10 else " " for place in data)
        elif command in (_BEEP, _POLLED_BEEP):
            caller.beeps += 1
        else:
            self.bad_frames += 1

    def _asked(self, caller: SimCaller, data: bytes) -> None:
        if caller.deaf:
            caller.deaf -= 1
        elif data == bytes((caller._number,)):
            caller._pending = b""
        keys = caller._pending or bytes((_NOTHING,))
        self._transmit(caller, _ANSWER, keys + bytes((caller._number,)))

    def _transmit(self, caller: SimCaller, command: int, data: bytes) -> None:
        self._put(caller, _frame(caller.address, command, data))

    def _put(self, caller: SimCaller, frame: bytes) -> None:
        if caller.is_dead:
            return
        caller.said.append(frame)
        if caller.corrupt:
            caller.corrupt -= 1
            place = self.random.randrange(len(frame))
            frame = frame[:place] + bytes((frame[place] ^ 0x55,)) + frame[place + 1 :]
        if caller.slow_s:
            self._late.append((self._clock() + caller.slow_s, frame))  # slower than what others say meanwhile
        else:
            self.answer(frame)


def _frame(address: int, command: int, data: bytes) -> bytes:
    body = [address, command, *data]
    return bytes([0xFF, 0x68, len(body), len(body), 0x68, *body, sum(body) & 0xFF, 0x16])
