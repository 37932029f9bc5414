"""The hash chain that makes a quiet change of the log impossible.

Every event carries the SHA-256 of the link before it and of all its own stored columns:

    link before (32 bytes)
    "SEQ AT_MS CLOCK_OK LEN(epoch) LEN(type) LEN(day) LEN(actor) " in decimal, each behind its space
    epoch type day actor, as UTF-8; lengths are in characters
    body: the rest

The lengths stand before the texts, so that no two different rows have one encoding: without them actor
``ab`` and day ``c`` would hash like ``a`` and ``bc``. The first event of an epoch hangs on a value
derived from the epoch's name, so a log cannot be cut at its beginning either.
"""

from __future__ import annotations

from hashlib import sha256

LINK_BYTES = 32
"""Length of a link: one SHA-256 digest."""

_DOMAIN = b"hall event chain 1"


def _framed(part: bytes) -> bytes:
    return len(part).to_bytes(4, "big") + part


def genesis(epoch: str) -> bytes:
    """The link before the first event of an epoch."""
    return sha256(_framed(_DOMAIN) + _framed(epoch.encode())).digest()


def link(
    prev: bytes,
    epoch: str,
    seq: int,
    type: str,  # noqa: A002
    body: bytes,
    at_ms: int,
    day: str,
    clock_ok: bool,
    actor: str,
) -> bytes:
    """The link of one event: covers every stored column of it and the link before.

    ``body`` is the stored text as bytes, not a re-encoding of it. Raises ``ValueError`` when ``prev``
    is not a link.
    """
    if len(prev) != LINK_BYTES:
        raise ValueError(f"a link has {LINK_BYTES} bytes, not {len(prev)}")
    head = (
        f"{seq} {at_ms} {1 if clock_ok else 0} {len(epoch)} {len(type)} {len(day)} {len(actor)} "
        f"{epoch}{type}{day}{actor}"
    )
    return sha256(b"%b%b%b" % (prev, head.encode(), body)).digest()
