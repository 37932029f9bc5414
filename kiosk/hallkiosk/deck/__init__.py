"""The demo deck: a whole hall in one terminal, with its paper, its pads and its log."""

from hallkiosk.deck.app import DeckApp, run_deck
from hallkiosk.deck.hands import SimHands
from hallkiosk.deck.parts import DeckParts, PrinterCondition, PrinterHands

__all__ = ["DeckApp", "DeckParts", "PrinterCondition", "PrinterHands", "SimHands", "run_deck"]
