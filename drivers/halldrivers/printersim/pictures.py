"""Dots: scaling and turning picture data, and the printer's own QR maker."""

from functools import lru_cache


def scaled_rows(data: bytes, width_bytes: int, scale_x: int, scale_y: int) -> tuple[int, bytes]:
    """Double the dots of raster rows where the mode of GS v 0 asks for it; (bytes a row, rows)."""
    rows = [data[at : at + width_bytes] for at in range(0, len(data), width_bytes)]
    if scale_x == 2:
        rows = [b"".join(_DOUBLED[byte] for byte in row) for row in rows]
    return width_bytes * scale_x, b"".join(row * scale_y for row in rows)


def rows_from_columns(data: bytes, height: int, scale_x: int) -> tuple[int, bytes]:
    """Turn the columns of ESC * into rows; (dots wide, rows of whole bytes)."""
    column_bytes = height // 8
    columns = [
        int.from_bytes(data[at : at + column_bytes], "big") for at in range(0, len(data), column_bytes)
    ]
    columns = [column for column in columns for _ in range(scale_x)]
    width_dots = len(columns)
    width_bytes = -(-width_dots // 8)
    rows = bytearray(width_bytes * height)
    for x, column in enumerate(columns):
        for y in range(height):
            if column >> (height - 1 - y) & 1:
                rows[y * width_bytes + x // 8] |= 0x80 >> x % 8
    return width_bytes * 8, bytes(rows)


@lru_cache(maxsize=32)
def qr_modules(data: bytes, level: str) -> tuple[tuple[int, ...], ...]:
    """The modules of a QR code without quiet zone; empty when there is no data or too much."""
    import segno  # only a printer that is asked for a code needs it

    if not data:
        return ()
    try:
        code = segno.make(data, error=level.lower(), micro=False, boost_error=False)
    except segno.DataOverflowError:
        return ()
    return tuple(tuple(1 if module & 1 else 0 for module in row) for row in code.matrix)


_DOUBLED = tuple(
    bytes(
        (
            sum(0xC0 >> 2 * bit for bit in range(4) if byte & (0x80 >> bit)),
            sum(0xC0 >> 2 * bit for bit in range(4) if byte & (0x08 >> bit)),
        )
    )
    for byte in range(256)
)
"""Each byte with every dot doubled."""
