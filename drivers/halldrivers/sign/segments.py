"""Letters and digits in seven segments.

::

      a
    f   b        bit 0 is a … bit 6 is g, bit 7 the point behind the digit
      g
    e   c        K, M, V, W, X and Z have no fair shape in seven segments; they get the usual stand-in,
      d  .       which a person reads once beside a ticket and then knows
"""

from __future__ import annotations

POINT = 0x80

_LIT = {
    "0": "abcdef", "1": "bc", "2": "abdeg", "3": "abcdg", "4": "bcfg", "5": "acdfg", "6": "acdefg",
    "7": "abc", "8": "abcdefg", "9": "abcdfg",
    "A": "abcefg", "B": "cdefg", "C": "adef", "D": "bcdeg", "E": "adefg", "F": "aefg", "G": "acdef",
    "H": "bcefg", "I": "bc", "J": "bcde", "K": "acefg", "L": "def", "M": "aceg", "N": "ceg", "O": "abcdef",
    "P": "abefg", "Q": "abcfg", "R": "eg", "S": "acdfg", "T": "defg", "U": "bcdef", "V": "cde", "W": "bdfg",
    "X": "cfg", "Y": "bcdfg", "Z": "abde", "-": "g", "_": "d", " ": "",
}  # fmt: skip

SEGMENTS = {letter: sum(1 << "abcdefg".index(segment) for segment in lit) for letter, lit in _LIT.items()}
"""The byte of each letter that a sign can show."""
