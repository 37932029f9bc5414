"""Text to printer bytes: Kanji mode, strict two-byte codes, size by both commands.

Never goes through python-escpos `text()`, which sends Han without switching the mode and turns what it
does not know into `?` (facts: printing 1.3). A line that holds one character the printer's font lacks is
not sent as text at all; the caller draws it.

```
FS & 1C 26            Kanji mode on; sent with every line that needs it, harmless where it is on already
FS ! n 1C 21 n        04 double width, 08 double height, of Han
GS ! n 1D 21 n        width-1 in the high nibble, height-1 in the low one
```
`GS !` enlarges Han on Epson and most 80 mm clones, `FS !` on the rest; the last one wins where both work,
so both are sent, and both are taken back (facts: printing 2.1).
"""

from __future__ import annotations

import unicodedata

from hallprinter.profile import TextEncoding

KANJI_ON = b"\x1c&"
MAX_SCALE = 8


def encode_strictly(text: str, encoding: TextEncoding) -> bytes | None:
    """Gives the bytes of a line, or None when one character has no one- or two-byte form.

    One byte means visible ASCII, two bytes a character of the printer's own font: four-byte GB18030 forms
    come out as other Han, and private-use code points as blanks, so neither counts.
    """
    if encoding is TextEncoding.RASTER_ONLY:
        return None
    parts = [_encode_char(char, encoding) for char in text]
    known = [part for part in parts if part is not None]
    return b"".join(known) if len(known) == len(parts) else None


def _encode_char(char: str, encoding: TextEncoding) -> bytes | None:
    if " " <= char <= "~":
        return char.encode("ascii")
    if unicodedata.category(char) == "Co":
        return None
    try:
        coded = char.encode(encoding.value)
    except UnicodeEncodeError:
        return None
    return coded if len(coded) == 2 else None


def size_bytes(scale: int) -> bytes:
    """Sets the size of Han and ASCII alike to so many times the font's own (1 to 8)."""
    if not 1 <= scale <= MAX_SCALE:
        raise ValueError(f"text can be 1 to {MAX_SCALE} times its size, not {scale}")
    han = 0x0C if scale > 1 else 0
    both = (scale - 1) * 0x11
    return bytes((0x1C, 0x21, han, 0x1D, 0x21, both))


def line_bytes(text: str, encoding: TextEncoding, scale: int = 1) -> bytes | None:
    """Gives one whole line with its line feed, or None when it has to be drawn.

    The line leaves the size as it found it: normal.
    """
    data = encode_strictly(text, encoding)
    if data is None:
        return None
    mode = b"" if text.isascii() else KANJI_ON
    if scale == 1:
        return mode + data + b"\n"
    return size_bytes(scale) + mode + data + b"\n" + size_bytes(1)
