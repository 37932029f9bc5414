"""What the simulated scanner says of itself, and the pages that lie in its feeder.

Element names and values are those of the Mopria eSCL specification 2.x as scanners in the field use them and
as sane-airscan reads them.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from xml.sax.saxutils import escape

NAMESPACES = (
    'xmlns:pwg="http://www.pwg.org/schemas/2010/12/sm" '
    'xmlns:scan="http://schemas.hp.com/imaging/escl/2011/05/03"'
)
RESOLUTIONS = (75, 100, 150, 200, 300, 600)
"""Dots per inch that it offers."""
MOST_WIDTH, MOST_HEIGHT = 2550, 4200
"""The largest area, in 1/300 inch: 216 x 356 mm."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a scan job asks for."""

    source: str = "Feeder"
    is_duplex: bool = False
    color_mode: str = "RGB24"
    resolution_dpi: int = 300
    width: int = MOST_WIDTH
    """In 1/300 inch."""
    height: int = MOST_HEIGHT


def capabilities(model: str, *, has_flatbed: bool = True, has_feeder: bool = True) -> bytes:
    """The ScannerCapabilities document."""
    platen = f"<scan:Platen><scan:PlatenInputCaps>{_CAPS}</scan:PlatenInputCaps></scan:Platen>"
    feeder = (
        f"<scan:Adf><scan:AdfSimplexInputCaps>{_CAPS}</scan:AdfSimplexInputCaps>"
        f"<scan:AdfDuplexInputCaps>{_CAPS}</scan:AdfDuplexInputCaps>"
        "<scan:FeederCapacity>50</scan:FeederCapacity></scan:Adf>"
    )
    return _document(
        "ScannerCapabilities",
        f"<pwg:Version>2.63</pwg:Version><pwg:MakeAndModel>{escape(model)}</pwg:MakeAndModel>"
        f"<pwg:SerialNumber>SIM0001</pwg:SerialNumber>"
        f"{platen if has_flatbed else ''}{feeder if has_feeder else ''}",
    )


def status(state: str, feeder: str) -> bytes:
    """The ScannerStatus document: ``Idle`` or ``Processing``, and the feeder's state."""
    return _document(
        "ScannerStatus",
        f"<pwg:Version>2.63</pwg:Version><pwg:State>{state}</pwg:State>"
        f"<scan:AdfState>{feeder}</scan:AdfState>",
    )


def wish_of(body: bytes) -> Wish:
    """What a ScanSettings document asks for; what it does not say stays as :class:`Wish` has it."""
    text = body.decode("utf-8", "replace")

    def said(tag: str, otherwise: str) -> str:
        found = re.search(rf"<(?:\w+:)?{tag}>\s*([^<]*?)\s*</", text)
        return found.group(1) if found else otherwise

    def number(tag: str, otherwise: int) -> int:
        word = said(tag, "")
        return int(word) if word.isdecimal() and len(word) < 6 else otherwise

    return Wish(
        said("InputSource", "Feeder"),
        said("Duplex", "false") == "true",
        said("ColorMode", "RGB24"),
        number("XResolution", 300),
        number("Width", MOST_WIDTH),
        number("Height", MOST_HEIGHT),
    )


def page_jpeg(number: int, side: str, wish: Wish) -> bytes:
    """One side of a sheet as JPEG: a frame, some lines, and the sheet's number as bars."""
    from PIL import Image, ImageDraw

    dots = wish.resolution_dpi / 300
    size = (max(1, round(wish.width * dots)), max(1, round(wish.height * dots)))
    picture = Image.new("RGB" if wish.color_mode == "RGB24" else "L", size, "white")
    pen = ImageDraw.Draw(picture)
    step = max(4, size[1] // 40)
    pen.rectangle((step, step, size[0] - step, size[1] - step), outline="black", width=max(1, step // 8))
    for row in range(10, 36):
        pen.line((2 * step, row * step, size[0] - (row * 7 % 9 + 2) * step, row * step), "gray", step // 6)
    for bar in range(number):
        left = (2 + 2 * (bar % 10)) * step
        top = (2 + 3 * (bar // 10)) * step
        pen.rectangle((left, top, left + step, top + 2 * step), "red" if picture.mode == "RGB" else "black")
    pen.text((2 * step, 8 * step), f"sheet {number} {side}", "black")
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=90, dpi=(wish.resolution_dpi, wish.resolution_dpi))
    return file.getvalue()


def _document(name: str, inside: str) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?><scan:{name} {NAMESPACES}>{inside}</scan:{name}>'.encode()


_CAPS = (
    "<scan:MinWidth>16</scan:MinWidth><scan:MaxWidth>{}</scan:MaxWidth>"
    "<scan:MinHeight>16</scan:MinHeight><scan:MaxHeight>{}</scan:MaxHeight>"
    "<scan:MaxScanRegions>1</scan:MaxScanRegions>"
    "<scan:SettingProfiles><scan:SettingProfile>"
    "<scan:ColorModes><scan:ColorMode>Grayscale8</scan:ColorMode>"
    "<scan:ColorMode>RGB24</scan:ColorMode></scan:ColorModes>"
    "<scan:DocumentFormats><pwg:DocumentFormat>image/jpeg</pwg:DocumentFormat>"
    "<scan:DocumentFormatExt>image/jpeg</scan:DocumentFormatExt></scan:DocumentFormats>"
    "<scan:SupportedResolutions><scan:DiscreteResolutions>{}</scan:DiscreteResolutions>"
    "</scan:SupportedResolutions></scan:SettingProfile></scan:SettingProfiles>"
).format(
    MOST_WIDTH,
    MOST_HEIGHT,
    "".join(
        f"<scan:DiscreteResolution><scan:XResolution>{dpi}</scan:XResolution>"
        f"<scan:YResolution>{dpi}</scan:YResolution></scan:DiscreteResolution>"
        for dpi in RESOLUTIONS
    ),
)
