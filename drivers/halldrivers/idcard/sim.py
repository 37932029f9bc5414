"""A simulated ID-card reader that speaks the frames of its security module (GA/T 467).

It has a parser and tables of its own: nothing here comes from the driver that it checks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from halldrivers.idcard.simhand import CardMachine

SYNC = bytes.fromhex("AAAAAA9669")
QUESTIONS = {
    "10ff": "reset",
    "11ff": "status",
    "12ff": "id",
    "2001": "find",
    "2002": "select",
    "3001": "read",
    "3003": "address",
    "3005": "number",
    "3010": "fingerprint",
    "6000": "baud",
    "6001": "baud",
    "6002": "baud",
    "6003": "baud",
    "6004": "baud",
    "61ff": "rf",
}
SPEEDS = (115_200, 57_600, 38_400, 19_200, 9600)
TIMED_OUT = bytes.fromhex("AAAAAA96690005050505")
LONGEST_REQUEST = 64


class CardReaderSim(CardMachine):
    """One reader; lay a card on it, and let it fail.

    ``iin`` and ``sn`` are what it says of a found and a selected card; ``extra_sync`` AA bytes stand before
    each answer; ``has_fingerprint_form`` makes it answer a plain read in the form with fingerprints.
    """

    iin = bytes(4)
    sn = bytes(8)
    extra_sync = 0
    has_fingerprint_form = False
    module_id = bytes.fromhex("05000100D5AF340140E20100B168DE3A")

    _is_found = _is_selected = False
    _time_outs = 0

    def time_out_next(self, answers: int = 1) -> None:
        """Let it say instead of an answer that its own wait is over, in the broken frame of one make."""
        with self.lock:
            self._time_outs += answers

    def heal(self) -> None:
        """Also forget the broken frames that it was to send."""
        with self.lock:
            self._time_outs = 0
            super().heal()

    def take(self, data: bytes) -> None:
        """Look for requests."""
        if not self.hears():
            return
        self._heard += data
        while True:
            at = self._heard.find(SYNC)
            if at < 0:
                self._heard = self._heard[-4:]
                return
            self._heard = self._heard[at:]
            if len(self._heard) < 7:
                return
            size = 7 + self._heard[5] * 256 + self._heard[6]
            if size > LONGEST_REQUEST:
                self._heard = self._heard[1:]
                continue
            if len(self._heard) < size:
                return
            frame, self._heard = self._heard[:size], self._heard[size:]
            self._request(frame)

    def forget(self) -> None:
        """Without power nothing is found or selected, and a lying card is new."""
        self._heard = b""
        self._is_found = self._is_selected = self._is_spent = False

    def lifted(self) -> None:
        """Another card is neither found nor selected."""
        self._is_found = self._is_selected = False

    def _request(self, frame: bytes) -> None:
        check = 0
        for byte in frame[5:-1]:
            check ^= byte
        if check != frame[-1]:
            self._reply(0x10)
            return
        command, data = frame[7:9], frame[9:-1]
        self.requests.append(command + data)
        question = QUESTIONS.get(command.hex(), "")
        told = self.told_word(question)
        if self._time_outs:
            self._time_outs -= 1
            self.send(TIMED_OUT)
        elif told is not None:
            word, sw1, sw2 = told
            self._reply(word, sw1=sw1, sw2=sw2)
        elif not self.is_well:
            self._reply(0x60)
        elif not self.is_licensed:
            self._reply(0x66)
        elif not question:
            self._reply(0x21)
        else:
            self._do(question, command)

    def _do(self, question: str, command: bytes) -> None:
        actions: Mapping[str, Callable[[], None]] = {
            "reset": self._reset,
            "id": lambda: self._reply(0x90, self.module_id),
            "find": self._find,
            "select": self._select,
            "read": lambda: self._read(self.has_fingerprint_form),
            "fingerprint": lambda: self._read(True),
            "address": self._address,
            "number": lambda: self._reply(0x90, self.iin + self.sn + bytes(16)),
        }
        if question == "baud":
            self._reply(0x90)
            self.listens_at = SPEEDS[command[1]]
        elif question in actions:
            actions[question]()
        else:
            self._reply(0x90)

    def _reset(self) -> None:
        self.forget()
        self._reply(0x90)

    def _find(self) -> None:
        self._is_found, self._is_selected = self.is_findable(), False
        if self._is_found:
            self._reply(0x9F, self.iin)
        else:
            self._reply(0x80)

    def _select(self) -> None:
        if not self._is_found or self.card is None:
            self._reply(0x81)
            return
        self._is_selected = self.card.select_word == 0x90
        self._reply(self.card.select_word, self.sn if self._is_selected else b"")

    def _read(self, with_prints: bool) -> None:
        if not self._is_selected or self.card is None:
            self._reply(0x41 if self._is_found else 0x21)
            return
        word = self.read_outcome()
        if word != 0x90:
            self._reply(word)
            return
        text, photo, prints = self.card.text, self.card.photo, b"".join(self.card.fingerprints)
        sizes = [len(text), len(photo)] + ([len(prints)] if with_prints else [])
        head = b"".join(bytes((size >> 8, size & 0xFF)) for size in sizes)
        self._reply(0x90, head + text + photo + (prints if with_prints else b""))

    def _address(self) -> None:
        if self.card is None or not self._is_selected:
            self._reply(0x41)
        elif self.card.addresses:
            self._reply(0x90, b"".join(self.card.addresses))
        else:
            self._reply(0x91)

    def _reply(self, word: int, data: bytes = b"", sw1: int = 0, sw2: int = 0) -> None:
        size = 3 + len(data) + 1
        body = bytes((size >> 8, size & 0xFF, sw1, sw2, word)) + data
        check = 0
        for byte in body:
            check ^= byte
        self.send(b"\xaa" * self.extra_sync + SYNC + body + bytes((check,)))
