"""Events as they are stored: the type's name, and the body as one JSON object.

Field order is the class's, numbers and text are plain JSON, so the same body is always the same
bytes and the chain can be computed over them. Reading is forgiving in one way only: a body from an
older version may lack a field that has a default.
"""

from __future__ import annotations

import msgspec

from hallqueue.errors import StorageDamaged, StorageNewer
from hallqueue.events import BODIES, Body, Event

_encode = msgspec.json.Encoder().encode
_decoders: dict[str, msgspec.json.Decoder[Body]] = {
    name: msgspec.json.Decoder(cls) for name, cls in BODIES.items()
}


def encode_body(body: Body) -> bytes:
    """The body as the bytes that are stored and chained."""
    return _encode(body)


def decode_body(type_name: str, text: str | bytes) -> Body:
    """The body behind a stored type and text.

    Raises StorageNewer for a type that this version does not know, StorageDamaged when the text is
    not such a body.
    """
    decoder = _decoders.get(type_name)
    if decoder is None:
        raise StorageNewer(found=type_name)
    try:
        return decoder.decode(text)
    except msgspec.DecodeError as error:
        raise StorageDamaged(path=f"event {type_name}: {error}") from error


EventRow = tuple[str, int, int, str, int, str, str, str]
"""epoch, seq, at_ms, day, clock_ok, actor, type, body"""


def event_of(row: EventRow) -> Event:
    """The event in a row of the log. Raises like :func:`decode_body`."""
    epoch, seq, at_ms, day, clock_ok, actor, type_name, body = row
    return Event(epoch, seq, at_ms, day, bool(clock_ok), actor, decode_body(type_name, body))
