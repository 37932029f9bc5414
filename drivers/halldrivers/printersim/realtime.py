"""Finding real-time commands in arriving bytes, wherever they stand, even inside pictures.

A real printer executes them in its receive interrupt, before and beside the ordered reading. The bytes stay
where they are: in order they are stepped over, and inside a picture they are picture data as well.
"""

from dataclasses import dataclass

_CLEAR_BUFFERS = b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"


@dataclass(frozen=True, slots=True)
class StatusQuestion:
    """DLE EOT n."""

    query: int


@dataclass(frozen=True, slots=True)
class Recover:
    """DLE ENQ 1 (resume) or 2 (drop the buffers)."""

    clears: bool


@dataclass(frozen=True, slots=True)
class ClearBuffers:
    """DLE DC4 8."""


Command = StatusQuestion | Recover | ClearBuffers

_COMMANDS: dict[bytes, Command] = {
    **{bytes((0x10, 0x04, query)): StatusQuestion(query) for query in (1, 2, 3, 4)},
    b"\x10\x05\x01": Recover(clears=False),
    b"\x10\x05\x02": Recover(clears=True),
    _CLEAR_BUFFERS: ClearBuffers(),
}
_BEGINNINGS = frozenset(name[:length] for name in _COMMANDS for length in range(1, len(name)))


class RealtimeScanner:
    """Sees every byte once and tells the commands that they complete."""

    def __init__(self) -> None:
        self._seen = b""

    def feed(self, data: bytes) -> list[Command]:
        """The commands completed by `data`."""
        found: list[Command] = []
        if not self._seen:
            data = data[at:] if (at := data.find(0x10)) >= 0 else b""
        for byte in data:
            self._seen += bytes((byte,))
            if self._seen in _COMMANDS:
                found.append(_COMMANDS[self._seen])
                self._seen = b""
            while self._seen and self._seen not in _BEGINNINGS:
                self._seen = self._seen[1:]
        return found


def only_questions(data: bytes) -> bool:
    """True when the bytes are whole status questions and nothing else."""
    return len(data) % 3 == 0 and all(
        isinstance(_COMMANDS.get(data[at : at + 3]), StatusQuestion) for at in range(0, len(data), 3)
    )
