"""The demo deck: a whole hall in one terminal, with its paper, its pads, its log and its devices."""

from hallkiosk.deck.app import DeckApp, run_deck
from hallkiosk.deck.hands import SimHands
from hallkiosk.deck.parts import DeckDevice, DeckParts, Deed, PrinterCondition, PrinterHands

__all__ = [
    "DeckApp",
    "DeckDevice",
    "DeckParts",
    "Deed",
    "PrinterCondition",
    "PrinterHands",
    "SimHands",
    "run_deck",
]
