"""Cards for the simulated readers: the four synthetic ones of the project, printed byte by byte.

No card here is a person's. The texts are written out in hexadecimal and not made by any code of the driver,
so that a mistake there cannot hide behind the same mistake here. Checksums of the whole answers, with a photo
of zeros, are 50, E8, 96 and 49.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

PHOTO_BYTES = 1024
FINGERPRINT_BYTES = 512
ADDRESS_BYTES = 70


@dataclass(frozen=True, slots=True)
class SimCard:
    """What lies on the reader."""

    text: bytes
    """256 bytes, UTF-16LE."""
    photo: bytes = bytes(PHOTO_BYTES)
    addresses: tuple[bytes, ...] = ()
    """Appended addresses, 70 bytes each."""
    fingerprints: tuple[bytes, ...] = ()
    """512 bytes each, at most two."""
    select_word: int = 0x90
    """What a reader says when it selects this card: 40 for something that is no ID card."""
    read_word: int = 0x90
    """What a reader says when it reads it: 31 or 32 not genuine, 33 forged, 41 hardly legible."""

    def with_addresses(self, *lines: str) -> SimCard:
        """The same card with appended addresses."""
        return replace(self, addresses=tuple(_padded(line, ADDRESS_BYTES) for line in lines))

    def with_photo(self, photo: bytes) -> SimCard:
        """The same card with a photo that a test can look for."""
        return replace(self, photo=photo)

    def with_text_at(self, start: int, size: int, text: str) -> SimCard:
        """The same card with one slot overwritten."""
        slot = _padded(text, size)
        return replace(self, text=self.text[:start] + slot + self.text[start + size :])

    def saying(self, *, select: int = 0x90, read: int = 0x90) -> SimCard:
        """The same card, refused by the reader with these words."""
        return replace(self, select_word=select, read_word=read)


def _padded(text: str, size: int) -> bytes:
    data = text.encode("utf-16-le")
    if len(data) > size:
        raise ValueError(f"{len(data)} bytes do not fit into {size}")
    return data + b" \0" * ((size - len(data)) // 2)


RESIDENT = SimCard(
    bytes.fromhex(
        "4B6DD58B004E2000200020002000200020002000200020002000200020003100"
        "3000330031003900340039003100320033003100815B0F590C54C35FBF534B6D"
        "D58B614E37688B4F51673100F753200020002000200020002000200020002000"
        "2000200020002000200020002000200020002000200020002000310031003000"
        "3100300035003100390034003900310032003300310030003000320058000C54"
        "C35FBF536C51895B405C20002000200020002000200020002000200032003000"
        "3200300030003100300031007F951F6720002000200020002000200020002000"
        "2000200020002000200020002000200020002000200020002000200020002000"
    )
)
"""测试一, born 1949-12-31, 长期."""

PERMIT = SimCard(
    bytes.fromhex(
        "4B6DD58B8C4E2000200020002000200020002000200020002000200020003200"
        "2000200031003900300030003000310030003100815B0F593454E05F025E4B6D"
        "D58BEF8D3200F753200020002000200020002000200020002000200020002000"
        "2000200020002000200020002000200020002000200020002000380031003000"
        "3000300030003100390030003000300031003000310030003000320036003454"
        "E05F025E6C51895B405C20002000200020002000200020002000200032003000"
        "3200300030003100300031003200300032003500300031003000310048003000"
        "3000300030003000300030003000300031002000200020004A00200020002000"
    )
)
"""测试二, a Hong Kong, Macao and Taiwan residence permit."""

FOREIGN_2017 = SimCard(
    bytes.fromhex(
        "54004500530054002C002000530041004D0050004C00450020004F004E004500"
        "2000200020002000200020002000200020002000200020002000200020002000"
        "2000200020002000200020002000200020002000200020002000200020002000"
        "2000200020002000200020002000200020002000200020003100580058005800"
        "3000300030003000300030003000300030003000300030005500530041004B6D"
        "D58B094E20002000200020002000200020002000200020002000200032003000"
        "3100380030003100300031003200300032003800300031003000310031003900"
        "3000300030003100300031003000310031003500300030004900200020002000"
    )
)
"""TEST, SAMPLE ONE / 测试三, a foreigner's card of 2017."""

FOREIGN_2023 = SimCard(
    bytes.fromhex(
        "4B6DD58BDB562000200020002000200020002000200020002000200020003200"
        "300030003100390030003000300031003000310054004500530054002C002000"
        "530041004D0050004C0045002000540057004F00200020002000200020002000"
        "2000200020002000200020002000200020002000200020002000390031003100"
        "3800340030003100390030003000300031003000310030003000320035002000"
        "2000200020002000200020002000200020002000200020002000200032003000"
        "3200330031003200300031003200300033003300310032003000310020002000"
        "2000200020002000200020002000200020003800340030005900200020002000"
    )
)
"""TEST, SAMPLE TWO / 测试四, a foreigner's card of 2023."""

CARDS = {"resident": RESIDENT, "permit": PERMIT, "foreign-2017": FOREIGN_2017, "foreign-2023": FOREIGN_2023}
"""By a name for the command line."""

BUS_CARD = RESIDENT.saying(select=0x40, read=0x40)
"""Something with the right radio that is no ID card."""
