"""People at the terminal's devices: one at a time, each with a card, a code or a page, and some patience."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass
from datetime import date

from hall.demo.gear import Gear
from hall.demo.measure import Witness
from hall.demo.touch import Touch
from halldrivers.errors import DeviceError
from halldrivers.idcard.person import hints_for, person_hash
from halldrivers.idcard.record import CardRecord

CARD_TRIES, CARD_S, LIFTED_S = 4, 1.5, 0.8
"""Somebody whose card is not read lifts it and lays it again; the reader must see that it was gone."""
CODE_S = 1.5
SCAN_TRIES, SCAN_AGAIN_S = 12, 1.0
"""A page is scanned again until it is kept; a device is back within some seconds."""
ELDERS = "laonian"
"""The priority class that a card's birth date may suggest."""
MATERIAL = "shenqingbiao"


@dataclass(frozen=True, slots=True)
class Shown:
    """What the terminal made of a card, to go with the ticket; the card itself is kept nowhere."""

    person: str = ""
    name: str = ""
    """Masked."""
    priority: str = ""


NOBODY = Shown()


class TerminalDesk:
    """The terminal's devices with people before them."""

    def __init__(self, gear: Gear, touch: Touch, witness: Witness, *, today: date) -> None:
        self._gear, self._touch, self._witness, self._today = gear, touch, witness, today
        self._key = secrets.token_bytes(32)
        self._reader, self._scanner, self._camera = asyncio.Lock(), asyncio.Lock(), asyncio.Lock()

    async def show_card(self, name: str) -> Shown:
        """Lay a card on the reader until it is read, or until patience ends."""
        async with self._reader:
            for _ in range(CARD_TRIES):
                reading = asyncio.create_task(asyncio.to_thread(self._touch.read_card, CARD_S))
                self._gear.lay_card(name)
                try:
                    record = await reading
                finally:
                    self._gear.reader.take_away()
                if record is not None:
                    self._witness.cards_read += 1
                    return self._shown(record)
                await asyncio.sleep(LIFTED_S)
        self._witness.cards_unread += 1
        return NOBODY

    def _shown(self, record: CardRecord) -> Shown:
        day = self._today
        return Shown(
            person=person_hash(record.number.reveal(), self._key, day.isoformat()),
            name=record.masked_name,
            priority=ELDERS if hints_for(record, day).is_elder else "",
        )

    async def show_code(self, text: str) -> None:
        """Hold a ticket's code before the barcode reader."""
        async with self._scanner:
            self._touch.forget_codes()
            self._gear.barcode.scan(text)
            read = await asyncio.to_thread(self._touch.read_code, CODE_S)
        self._witness.codes.append((text, read))

    async def scan(self, ticket: int, scene: str) -> None:
        """Put a page under the camera and have it kept for a ticket."""
        key = f"scan-{ticket}-{secrets.token_hex(4)}"
        async with self._camera:
            await asyncio.to_thread(self._gear.lay_page, scene)
            for _ in range(SCAN_TRIES):
                try:
                    kept = await asyncio.to_thread(self._touch.keep_page, ticket, MATERIAL, key)
                except DeviceError:
                    await asyncio.sleep(SCAN_AGAIN_S)
                    continue
                if kept is not None:
                    self._witness.scans[kept.sha256] = ticket
                    return
                break
        self._witness.scans_failed += 1
