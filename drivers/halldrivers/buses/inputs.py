"""Devices that type: barcode scanners, caller keypads, people's keyboards.

A scanner shows itself as a whole keyboard, so its keys tell nothing; its words and its maker do. A keypad
without letters is told by its keys.
"""

from __future__ import annotations

import struct

from halldrivers.buses.found import Found, Kind
from halldrivers.buses.links import Links, is_unique
from halldrivers.buses.roots import Roots, attribute
from halldrivers.buses.usbtree import UsbDevice, usb_device_of
from halldrivers.buses.words import Guess, guess_by_words

_ENDING = "-event-kbd"
WORD_BITS = struct.calcsize("l") * 8
"""The kernel writes the words of the program that reads: 32 bits for a 32-bit one."""
_LETTERS = sum(1 << code for code in (*range(16, 26), *range(30, 39), *range(44, 51)))
"""KEY_Q … KEY_M of linux/input-event-codes.h."""
_KEYPAD = sum(1 << code for code in (71, 72, 73, 75, 76, 77, 79, 80, 81, 82))
"""KEY_KP0 … KEY_KP9."""

_UNKNOWN = Guess(
    Kind.TYPING,
    "像键盘一样打字，没有说明用途：扫一下码就知道",
    "it types and does not say what it is for: scan a code to see",
)
_DIGITS_ONLY = Guess(Kind.KEYPAD, "有数字键、没有字母键", "it has digits and no letters")


def typing_devices(roots: Roots, devices: tuple[UsbDevice, ...]) -> list[Found]:
    """Everything that udev calls a keyboard."""
    links = Links(roots, "input")
    found: list[Found] = []
    for node in links.nodes:
        entry = roots.sys / "class/input" / node.rpartition("/")[2]
        device = usb_device_of(roots, entry)
        if device is not None:
            path = links.steady(node, is_unique(device, devices), _ENDING)
            if path.endswith(_ENDING):
                name = attribute(entry / "device", "name")
                keys = key_bits(attribute(entry / "device" / "capabilities", "key"))
                found.append(_typing(device, name, keys, path, node))
    return found


def key_bits(text: str, word_bits: int = WORD_BITS) -> int:
    """The keys of a ``capabilities/key`` attribute as one number, bit 16 for KEY_Q; 0 for any other text.

    Words are in hexadecimal, the highest first, without leading zeros.
    """
    words = text.split()
    bits = 0
    try:
        for word in words:
            if len(word) * 4 > word_bits:
                return 0
            bits = bits << word_bits | int(word, 16)
    except ValueError:
        return 0
    return bits


def _typing(device: UsbDevice, name: str, keys: int, path: str, node: str) -> Found:
    says = f"{device.ids} {name}" if name else device.says
    guess = guess_by_words(device, name) or _UNKNOWN
    if guess.kind in (Kind.KEYBOARD, Kind.TYPING) and keys & _KEYPAD and not keys & _LETTERS:
        guess = _DIGITS_ONLY
    url = "" if guess.kind is Kind.KEYBOARD else f"evdev://{path}"
    return Found(guess.kind, says, url, guess.why_zh, guess.why_en, node, device)
