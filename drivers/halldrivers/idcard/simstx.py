"""A simulated multi-function reader, from the far end of its STX/LRC frames; own parser, own tables."""

from __future__ import annotations

from halldrivers.idcard.simcards import SimCard
from halldrivers.idcard.simhand import CardMachine

IDENTITY = b"HALL SIMULATOR  " + b"\xcc\x01" + b"ID-READER-1     " + b"V1.0" + b"0000000000000001"
QUESTIONS = {"3111": "version", "3112": "reset", "3113": "beep", "ca01": "read"}
LONGEST_REQUEST = 64


class StxReaderSim(CardMachine):
    """One multi-function reader; it finds, selects and reads in one command.

    ``text_head`` are the sizes that it sends before a text without a photo: the document does not say which,
    and makes differ (``01000000``, ``01000400``, ``0100`` or nothing).
    """

    text_head = bytes.fromhex("01000000")

    def take(self, data: bytes) -> None:
        """Look for requests."""
        if not self.hears():
            return
        self._heard += data
        while self._heard:
            if self._heard[0] != 2:
                self._heard = self._heard[1:]
                continue
            if len(self._heard) < 3:
                return
            size = self._heard[1] * 256 + self._heard[2] + 5
            if size > LONGEST_REQUEST:
                self._heard = self._heard[1:]
                continue
            if len(self._heard) < size:
                return
            frame, self._heard = self._heard[:size], self._heard[size:]
            self._request(frame[3:-2], frame[-2], frame[-1])

    def forget(self) -> None:
        """Half a request is gone, and a lying card is new."""
        self._heard = b""
        self._is_spent = False

    def _request(self, data: bytes, lrc: int, end: int) -> None:
        check = 0
        for byte in data:
            check ^= byte
        if end != 3 or len(data) < 2:
            self._reply(0x00, 0xF1)
            return
        if check != lrc:
            self._reply(0x00, 0xF3)
            return
        self.requests.append(data)
        question = QUESTIONS.get(data[:2].hex(), "")
        told = self.told_word(question)
        if told is not None:
            self._reply(told[0], told[1])
        elif question == "version":
            self._reply(0x00, 0x00, IDENTITY)
        elif question == "read" and len(data) == 3:
            self._read(data[2])
        elif question:
            self._reply(0x00, 0x00)
        else:
            self._reply(0x00, 0xF4)

    def _read(self, wanted: int) -> None:
        word = 0x60 if not self.is_well else 0x66 if not self.is_licensed else self._card_word()
        if word != 0x90 or self.card is None:
            self._reply(word, 0x00)
            return
        self._reply(0x90, 0x00, self._part(self.card, wanted))

    def _card_word(self) -> int:
        if self.card is None or not self.is_findable():
            return 0x80
        if self.card.select_word != 0x90:
            return self.card.select_word
        return self.read_outcome()

    def _part(self, card: SimCard, wanted: int) -> bytes:
        name, number = card.text[:30], card.text[122:158]
        parts = {
            0: bytes.fromhex("01000400") + card.text + card.photo,
            1: number,
            2: name + number,
            3: self.text_head + card.text,
        }
        return parts.get(wanted, b"")

    def _reply(self, high: int, low: int, data: bytes = b"") -> None:
        body = bytes((high, low)) + data
        check = 0
        for byte in body:
            check ^= byte
        self.send(b"\x02" + bytes((len(body) >> 8, len(body) & 0xFF)) + body + bytes((check, 3)))
