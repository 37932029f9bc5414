"""Somebody at the terminal with a card, a code or a page, and the terminal's devices as screens use them.

Everything here blocks for as long as a person and a device take; it is called in threads of its own.
"""

from __future__ import annotations

import queue
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from hall.devices.terminal import Heard, TerminalDevices

if TYPE_CHECKING:
    from halldrivers.barcode.codes import BadCode, Code
    from halldrivers.idcard.record import CardRecord
    from halldrivers.idcard.trouble import CardTrouble
    from halldrivers.page.result import PageReport
    from halldrivers.scanstore.ledger import SealedScan

T = TypeVar("T")

CARD_WITHIN_S = 6.0
"""How long a citizen keeps a card on the reader."""
CODE_WITHIN_S = 3.0


@dataclass(frozen=True, slots=True)
class Read:
    """What the terminal says of the last thing that was shown to it; masked."""

    zh: str = ""
    en: str = ""


class Touch:
    """The hands of one person at a time. ``read`` says what came of it."""

    def __init__(self) -> None:
        self.devices: TerminalDevices
        self.heard = Heard(self._card, self._trouble, self._code, self._bad_code)
        self.card, self.code, self.page = Read(), Read(), Read()
        self._cards: queue.SimpleQueue[CardRecord] = queue.SimpleQueue()
        self._codes: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._camera = threading.Lock()
        """One page at a time."""

    # --- from the devices' threads ---------------------------------------------------------------

    def _card(self, card: CardRecord) -> None:
        self.card = Read(
            f"{card.kind.zh} {card.masked_name} {card.masked_number}", f"{card.kind} {card.masked_number}"
        )
        self._cards.put(card)

    def _trouble(self, trouble: CardTrouble | None) -> None:
        # After a good read only what it says is of interest; the card is taken away by itself here.
        if trouble is not None and trouble.name != "TAKE_AWAY":
            self.card = Read(trouble.zh, trouble.en)

    def _code(self, code: Code) -> None:
        self.code = Read(
            f"读到 {code.head}…（{len(code.text)} 个字符）", f"read {code.head}…, {len(code.text)}"
        )
        self._codes.put(code.text)

    def _bad_code(self, bad: BadCode) -> None:
        self.code = Read(f"不收：{bad.reason.zh}", f"refused: {bad.reason.en}")

    # --- hands -----------------------------------------------------------------------------------

    def read_card(self, within_s: float = CARD_WITHIN_S) -> CardRecord | None:
        """The terminal asks for a card and waits for it; None when none was read in time."""
        reader = self.devices.reader
        if reader is None:
            return None
        _drain(self._cards)
        reader.arm()
        try:
            return self._cards.get(timeout=within_s)
        except queue.Empty:
            return None
        finally:
            reader.disarm()

    def read_code(self, within_s: float = CODE_WITHIN_S) -> str:
        """The next code; empty when none came in time."""
        try:
            return self._codes.get(timeout=within_s)
        except queue.Empty:
            return ""

    def forget_codes(self) -> None:
        """Codes of whoever stood here before are not this person's."""
        _drain(self._codes)

    def look_at_page(self) -> PageReport:
        """Take a picture of what lies under the camera and judge it; raises DeviceErrors."""
        return self._shoot()[1]

    def keep_page(self, ticket: int, material: str, key: str) -> SealedScan | None:
        """Scan one page into a material of a ticket and finish it; None when the page is refused.

        Raises DeviceErrors (StoreErrors are some): whoever scans does it again under the same key.
        """
        from halldrivers.scanstore.page import Page as KeptPage

        with self._camera:
            (jpeg, sha256, taken_s), report, page = self._shoot()
            store = self.devices.store
            if page is None or store is None:
                return None
            session = store.begin(ticket, 0, material, key=key)
            session.add_page(
                KeptPage(
                    data=page[0],
                    sha256=page[1],
                    original_sha256=sha256,
                    width=report.width,
                    height=report.height,
                    device="camera",
                    at_ms=round(taken_s * 1000),
                ),
                jpeg,
            )
            return session.finish()

    def _shoot(self) -> tuple[tuple[bytes, str, float], PageReport, tuple[bytes, str] | None]:
        from halldrivers.errors import PortAbsent
        from halldrivers.page.result import PageOrder
        from halldrivers.page.work import PageWork

        camera = self.devices.camera
        if camera is None:
            raise PortAbsent("camera")
        shot = camera.capture()
        page = PageWork().make(shot.jpeg, PageOrder(turn=camera.address.turn))
        report = page.report
        if report.is_accepted:
            zh, en = "这一页可以用", "this page is good"
        else:
            zh, en = report.refusals[0].zh, report.refusals[0].en
        self.page = Read(zh, en)
        kept = (page.jpeg, page.sha256) if report.is_accepted else None
        return (shot.jpeg, shot.sha256, shot.taken_s), report, kept


def _drain(waiting: queue.SimpleQueue[T]) -> None:
    while not waiting.empty():
        waiting.get_nowait()
