"""A page in progress as it lies on the disk: AES-256-GCM under its session's key.

::

    "HALLPG1\\n" | length of H (u32, big endian) | nonce (12) H | nonce (12) P | nonce (12) O

    H  the PageInfo as JSON, P  the picture, O  the original if it is kept; each encrypted with its tag

Session, number and part are the associated data, so that a file that was swapped, renamed, or glued together
from two does not open. The three parts are encrypted apart so that a list of pages reads no pictures.
"""

from __future__ import annotations

import os
from collections.abc import Callable

import msgspec

from halldrivers.scanstore.errors import PageDamaged
from halldrivers.scanstore.page import PageInfo

KEY_BYTES = 32
HEAD_MOST = 4096
"""Bytes of a page file that hold its PageInfo."""
_MAGIC = b"HALLPG1\n"
_LENGTH, _NONCE, _TAG = 4, 12, 16
_DECODER = msgspec.json.Decoder(PageInfo)


def overhead() -> int:
    """Bytes at most that a page file has more than its pictures."""
    return HEAD_MOST + 2 * (_NONCE + _TAG)


def encrypt_page(
    key: bytes,
    session: str,
    info: PageInfo,
    data: bytes,
    original: bytes = b"",
    nonce: Callable[[int], bytes] = os.urandom,
) -> bytes:
    """A page file."""
    head = _encrypt(key, session, info.number, b"H", msgspec.json.encode(info), nonce)
    parts = [_MAGIC, len(head).to_bytes(_LENGTH, "big"), head]
    parts.append(_encrypt(key, session, info.number, b"P", data, nonce))
    if original:
        parts.append(_encrypt(key, session, info.number, b"O", original, nonce))
    return b"".join(parts)


def decrypt_info(key: bytes, session: str, number: int, file: bytes) -> PageInfo:
    """What is known of the page; ``file`` may be its first HEAD_MOST bytes. PageDamaged."""
    return _head(key, session, number, file)[0]


def decrypt_picture(key: bytes, session: str, number: int, file: bytes) -> bytes:
    """The picture. PageDamaged when it does not open."""
    info, at = _head(key, session, number, file)
    end = at + _NONCE + info.size + _TAG
    return _decrypt(key, session, number, b"P", file[at:end])


def decrypt_original(key: bytes, session: str, number: int, file: bytes) -> bytes:
    """The original, if it is kept. PageDamaged when it does not open."""
    info, at = _head(key, session, number, file)
    if not info.original_size:
        return b""
    return _decrypt(key, session, number, b"O", file[at + _NONCE + info.size + _TAG :])


def _head(key: bytes, session: str, number: int, file: bytes) -> tuple[PageInfo, int]:
    start = len(_MAGIC) + _LENGTH
    if not file.startswith(_MAGIC) or len(file) < start:
        raise PageDamaged(number)
    end = start + int.from_bytes(file[len(_MAGIC) : start], "big")
    if end > HEAD_MOST:
        raise PageDamaged(number)
    try:
        info = _DECODER.decode(_decrypt(key, session, number, b"H", file[start:end]))
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise PageDamaged(number) from error
    if info.number != number:
        raise PageDamaged(number)
    return info, end


def _bound_to(session: str, number: int, part: bytes) -> bytes:
    return b"hall scan page\0" + session.encode() + b"\0" + number.to_bytes(4, "big") + part


def _encrypt(
    key: bytes, session: str, number: int, part: bytes, data: bytes, nonce: Callable[[int], bytes]
) -> bytes:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    used = nonce(_NONCE)
    return used + AESGCM(key).encrypt(used, data, _bound_to(session, number, part))


def _decrypt(key: bytes, session: str, number: int, part: bytes, sealed: bytes) -> bytes:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    if len(sealed) < _NONCE + _TAG:
        raise PageDamaged(number)
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], _bound_to(session, number, part))
    except InvalidTag as error:
        raise PageDamaged(number) from error
