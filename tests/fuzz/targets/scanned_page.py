"""A scanned file judged by its content: JPEG, PNG, TIFF and PDF, whole or not."""

import struct

from halldrivers.scanner.pagefile import BytesReader, content_of

_ENTRY = struct.pack("<HHII", 273, 4, 1, 8) + struct.pack("<HHII", 279, 4, 1, 4)
SEEDS = [
    b"\xff\xd8\xff\xe0\x00\x04ab\xff\xda\x00\x03x12\xff\x003\xff\xd0456\xff\xd9",
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(17) + b"\0\0\0\0IDAT" + bytes(4) + b"\0\0\0\0IEND" + bytes(4),
    b"II*\0" + struct.pack("<IH", 12, 2) + b"\0\0" + struct.pack("<H", 2) + _ENTRY + bytes(4),
    b"MM\0*" + struct.pack(">IH", 8, 0) + bytes(4),
    b"II+\0" + struct.pack("<HHQQ", 8, 0, 16, 0) + bytes(8),
    b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\nxref\n0 1\ntrailer\n<<>>\nstartxref\n29\n%%EOF\n",
    b"%PDF-1.4 /Linearized startxref\n0\n%%EOF\n",
]


def run(data: bytes) -> None:
    content = content_of(BytesReader(data))
    assert content.media_type or not content.is_whole
    if content.is_whole and content.media_type != "application/pdf":
        assert not content_of(BytesReader(data[:8])).is_whole
