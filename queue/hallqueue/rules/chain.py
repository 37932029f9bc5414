"""The hash chain that makes a quiet change of the log impossible.

Every event carries the SHA-256 of the link before it and of all its own stored columns. Each part
goes in behind its length (4 bytes, big-endian), so that no two different rows have one encoding:
without lengths, actor ``ab`` and day ``c`` would hash like ``a`` and ``bc``. The first event of an
epoch hangs on a value derived from the epoch's name, so a log cannot be cut at its beginning either.
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
    digest = sha256(prev)
    for part in (
        epoch.encode(),
        b"%d" % seq,
        type.encode(),
        body,
        b"%d" % at_ms,
        day.encode(),
        b"1" if clock_ok else b"0",
        actor.encode(),
    ):
        digest.update(len(part).to_bytes(4, "big"))
        digest.update(part)
    return digest.digest()
