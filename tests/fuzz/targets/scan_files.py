"""What lies in the folder of a material: a page file and session.json, after a card has rotted."""

from __future__ import annotations

from halldrivers.scanstore.errors import PageDamaged
from halldrivers.scanstore.kepterrors import SessionDamaged
from halldrivers.scanstore.meta import SessionMeta, decode_meta, encode_meta
from halldrivers.scanstore.page import PageInfo
from halldrivers.scanstore.pagefile import decrypt_info, decrypt_original, decrypt_picture, encrypt_page

KEY, SESSION = bytes(range(32)), "0123456789abcdef"
INFO = PageInfo(1, "a" * 64, "b" * 64, 9, 7, "camera-1", 1, 3, 4, 3, "jpg", "bin")
PAGE = encrypt_page(KEY, SESSION, INFO, b"abc", b"defg", nonce=bytes)
META = encode_meta(SessionMeta(SESSION, "touch-1", 12, 3, "hukou-ben", 1, (2,)))
SEEDS = [PAGE, META, PAGE[:40], b"HALLPG1\n", b"{}"]


def run(data: bytes) -> None:
    for decrypt in (decrypt_info, decrypt_picture, decrypt_original):
        try:
            decrypt(KEY, SESSION, 1, data)
        except PageDamaged:
            continue
        assert data.startswith(PAGE[:100]), "only a true page opens"
    try:
        meta = decode_meta(data)
    except SessionDamaged:
        return
    assert decode_meta(encode_meta(meta)) == meta
