"""A pad's address: ``gpio://?keys=5,6,13,19&lamps=16,20,21,26``.

Numbers are GPIO (BCM) numbers. ``keys`` has two to eight pins in the order of the keys "1", "2", …;
``lamps`` has as many, or is left out for a pad without lamps; ``stable_ms`` (1 to 100, default 8) is
how long a contact must be steady.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from halldrivers.ratingpad.debounce import PRESS_S
from halldrivers.ratingpad.errors import BadPadUrl

PINS = range(2, 28)
"""GPIO numbers on the header of a Pi; 0 and 1 belong to the EEPROM of expansion boards."""
KEYS = range(2, 9)
"""How many keys a pad may have."""
STABLE_MS = range(1, 101)


@dataclass(frozen=True, slots=True)
class PadAddress:
    """Where a pad is wired."""

    keys: tuple[int, ...]
    lamps: tuple[int, ...]
    """Empty for a pad without lamps."""
    press_s: float = PRESS_S

    @property
    def pins(self) -> tuple[int, ...]:
        """All pins it takes, so that a configuration can tell two pads on one pin."""
        return self.keys + self.lamps


def parse_address(url: str) -> PadAddress:
    """The address in a URL; BadPadUrl says what is wrong with it."""
    parts = urlsplit(url)
    if parts.scheme != "gpio":
        raise BadPadUrl(f"{url}: begins with gpio://")
    if parts.netloc or parts.path.strip("/") or parts.fragment:
        raise BadPadUrl(f"{url}: nothing stands between gpio:// and ?")
    options = _options(url, parts.query)
    if "keys" not in options:
        raise BadPadUrl(f"{url}: keys= is missing")
    keys = _pins(url, "keys", options["keys"])
    lamps = _pins(url, "lamps", options["lamps"]) if options.get("lamps") else ()
    if len(keys) not in KEYS:
        raise BadPadUrl(f"{url}: keys= needs {KEYS.start} to {KEYS.stop - 1} pins, not {len(keys)}")
    if lamps and len(lamps) != len(keys):
        raise BadPadUrl(f"{url}: {len(keys)} keys need {len(keys)} lamps or none, not {len(lamps)}")
    twice = sorted({pin for pin in keys + lamps if (keys + lamps).count(pin) > 1})
    if twice:
        raise BadPadUrl(f"{url}: pin {twice[0]} is named twice")
    return PadAddress(keys, lamps, _stable_s(url, options.get("stable_ms")))


def _options(url: str, query: str) -> dict[str, str]:
    try:
        pairs = parse_qsl(query, keep_blank_values=True, strict_parsing=bool(query))
    except ValueError as error:
        raise BadPadUrl(f"{url}: after ? write name=value joined by &") from error
    options: dict[str, str] = {}
    for name, value in pairs:
        if name not in ("keys", "lamps", "stable_ms"):
            raise BadPadUrl(f"{url}: unknown option {name!r}; known are keys, lamps, stable_ms")
        if name in options:
            raise BadPadUrl(f"{url}: {name}= stands twice")
        options[name] = value
    return options


def _number(text: str) -> int | None:
    """The number, or None: int() alone would take ``+5``, ``5_0`` and digits of other scripts."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else None


def _pins(url: str, name: str, text: str) -> tuple[int, ...]:
    pins = []
    for word in text.split(","):
        pin = _number(word.strip())
        if pin is None or pin not in PINS:
            raise BadPadUrl(f"{url}: {name}= has {word!r}, not a GPIO number {PINS.start}-{PINS.stop - 1}")
        pins.append(pin)
    return tuple(pins)


def _stable_s(url: str, text: str | None) -> float:
    if text is None:
        return PRESS_S
    number = _number(text)
    if number is None or number not in STABLE_MS:
        raise BadPadUrl(f"{url}: stable_ms={text!r} is not {STABLE_MS.start} to {STABLE_MS.stop - 1}")
    return number / 1000
