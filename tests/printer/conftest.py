"""A reader of jobs for these tests alone: it knows the commands by the manual, nothing of the encoder."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from hallprinter.face import TicketFace


@dataclass
class Paper:
    """What a job did, as this reader understood it."""

    texts: list[str] = field(default_factory=list)
    """Lines of text as they were fed."""
    sizes: list[int] = field(default_factory=list)
    """The `GS !` byte in force at each of those lines."""
    widths: list[int] = field(default_factory=list)
    """Dots each of those lines takes."""
    pictures: list[tuple[int, list[bytes]]] = field(default_factory=list)
    """Raster blocks: bytes in a row, and the rows."""
    qr: list[bytes] = field(default_factory=list)
    commands: list[bytes] = field(default_factory=list)
    cuts: int = 0


_FIXED = {
    b"\x1b@": 2,
    b"\x1bM": 3,
    b"\x1ba": 3,
    b"\x1bE": 3,
    b"\x1b2": 2,
    b"\x1b3": 3,
    b"\x1bd": 3,
    b"\x1cS": 4,
    b"\x1c&": 2,
    b"\x1c!": 3,
    b"\x1d!": 3,
    b"\x1dV": 3,
}


def _read(job: bytes) -> Paper:
    paper, at, line, size, has_kanji = Paper(), 0, bytearray(), 0, False
    while at < len(job):
        two = job[at : at + 2]
        if two == b"\x1dv":
            stride = int.from_bytes(job[at + 4 : at + 6], "little")
            height = int.from_bytes(job[at + 6 : at + 8], "little")
            data = job[at + 8 : at + 8 + stride * height]
            assert len(data) == stride * height, "a raster block is cut short"
            paper.pictures.append((stride, [data[i : i + stride] for i in range(0, len(data), stride)]))
            at += 8 + len(data)
        elif two == b"\x1d(":
            length = int.from_bytes(job[at + 3 : at + 5], "little")
            body = job[at + 5 : at + 5 + length]
            if body[:3] == b"1P0":
                paper.qr.append(body[3:])
            paper.commands.append(job[at : at + 5 + length])
            at += 5 + length
        elif two in _FIXED:
            command = job[at : at + _FIXED[two]]
            paper.commands.append(command)
            size = command[2] if two == b"\x1d!" else size
            has_kanji = has_kanji or two == b"\x1c&"
            paper.cuts += two == b"\x1dV"
            at += len(command)
        elif job[at] == 0x0A:
            text = line.decode("gbk")
            assert has_kanji or text.isascii(), "Han before Kanji mode was switched on"
            paper.texts.append(text)
            paper.sizes.append(size)
            paper.widths.append(12 * len(line) * ((size >> 4) + 1))
            line.clear()
            at += 1
        else:
            assert job[at] >= 0x20, f"control byte {job[at]:02x} at {at} that no manual knows"
            taken = 2 if job[at] >= 0x80 else 1
            line += job[at : at + taken]
            at += taken
    assert not line, "text behind the last line feed"
    return paper


@pytest.fixture
def read_job() -> Callable[[bytes], Paper]:
    """Reads a job's bytes back, failing on any byte that is not understood."""
    return _read


@pytest.fixture
def make_face() -> Callable[..., TicketFace]:
    """Makes a complete ordinary ticket; keywords change it."""

    def make(**changes: object) -> TicketFace:
        values: dict[str, object] = {
            "hall_name": "同心县丁塘镇民生服务中心",
            "number": "A012",
            "service_name": "社保、医保业务",
            "issued_at": "2026-03-02 09:14",
            "business_day": "2026-03-02",
            "reference": "K7Q2M9XW4T8ZB3RC",
            "window_hint": "1、2号窗口",
            "ahead": 3,
            "minutes_low": 10,
            "minutes_high": 15,
            "notes": ("过号请到窗口说明",),
        }
        return TicketFace(**(values | changes))  # type: ignore[arg-type]

    return make
