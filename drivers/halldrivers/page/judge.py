"""Is the page good enough to be kept: each question a number, a limit, and words that say what to do.

All of it is measured on a grey copy of the derived page, at most `WORK_PX` long, with Pillow alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from halldrivers.page.ink import ink_of, share_of, strokes_of
from halldrivers.page.result import Flaw, Found, Outcome, PageVerdict
from halldrivers.page.sharp import SHARP_PX, sharpness

if TYPE_CHECKING:
    from PIL.Image import Image

WORK_PX = 1754
"""A4 at 150 dpi: pencil still shows there. A smaller page is measured as it is."""
_WHITE = 250


@dataclass(frozen=True, slots=True)
class Limits:
    """What a page must reach. Found with simulated pages; a hall may set its own."""

    sharp: float = 0.10
    """Variance of the Laplacian by the variance of the grey, in tiles with ink, the noise of the paper taken
    off: independent of how much is written and how strong the light is. On A4 at `SHARP_PX` clean print has
    1 to 2, print that is soft but read with ease (smeared by 0.25 mm) 0.3, and at 0.1 (0.35 mm) strokes
    begin to fuse. A card, whose print is smaller, is measured at a finer scale and so more strictly."""
    glare: float = 0.004
    """Share of the page that is white without being paper: a spot of 18 mm on A4 hides some words."""
    blank: float = 0.0005
    """Share of ink below which a page is empty: three characters of a form on A4."""
    dark: int = 80
    """Grey of the paper: a third of what a lit page has; below, noise eats pencil and seals."""
    bright: float = 0.5
    """Share of the page that is white: from half on it is the exposure, where print is still read, and not a
    mirrored lamp or an uneven light, where it is not."""
    dpi: int = 200
    """A sensible lower limit for archives (facts 5.1, from memory)."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What the finder knows beside the derived page."""

    found: Found
    paper: str = ""
    dpi: int = 0
    is_cut: bool = False
    papers: int = 0
    has_finder: bool = True
    is_crop_wanted: bool = True


def judge(grey: Image, long_px: int, seen: Seen, limits: Limits) -> tuple[PageVerdict, ...]:
    """The verdicts on a page, the most telling first. `long_px` is its longest side before the reduction."""
    ink = _ink(grey, seen)
    lit, written = _lit(grey, seen, limits), _written(ink, seen, limits)
    # An empty mat is black: that there is no page tells more.
    first = (*lit, written) if seen.found is Found.CROPPED else (written, *lit)
    return (
        *_placed(seen),
        *first,
        *_sharp(grey, seen, limits),
        _fine_enough(long_px, seen, limits),
        _cropped(seen),
    )


def _ink(grey: Image, seen: Seen) -> Image:
    """What is written: on a page all that is dark, around one only what is thin."""
    ink = ink_of(grey)
    return ink if seen.found is Found.CROPPED else strokes_of(ink)


def _verdict(
    flaw: Flaw, number: float, limit: float, is_bad: bool, outcome: Outcome, zh: str, en: str
) -> PageVerdict:
    rounded = round(number, 5)
    if not is_bad:
        return PageVerdict(flaw, Outcome.GOOD, rounded, limit)
    return PageVerdict(flaw, outcome, rounded, limit, zh, en)


def _placed(seen: Seen) -> tuple[PageVerdict, ...]:
    return (
        _verdict(
            Flaw.CUT,
            int(seen.is_cut),
            0,
            seen.is_cut,
            Outcome.REFUSE,
            "纸没有全部放进画面，请把整张纸放到镜头下面",
            "part of the page is outside the picture: move it in",
        ),
        _verdict(
            Flaw.SEVERAL,
            seen.papers,
            1,
            seen.papers > 1,
            Outcome.REFUSE,
            f"看到 {seen.papers} 张纸，请一次只放一张",
            f"there are {seen.papers} pages: lay down one at a time",
        ),
    )


def _lit(grey: Image, seen: Seen, limits: Limits) -> tuple[PageVerdict, ...]:
    from PIL import ImageFilter

    # Around a page that was not cut out lies a dark desk: only the brightest three parts in a hundred, about
    # what a card covers, are surely paper there.
    paper = _grey_below(grey, 0.9 if seen.found is Found.CROPPED else 0.97)
    counts = grey.filter(ImageFilter.BoxBlur(3)).histogram()  # single white pixels are noise
    white = sum(counts[_WHITE:]) / sum(counts)
    is_bright = white >= limits.bright
    return (
        _verdict(
            Flaw.DARK,
            paper,
            limits.dark,
            paper < limits.dark,
            Outcome.REFUSE,
            "太暗了，请打开补光灯，不要挡住光线",
            "it is too dark: switch the lamp on, do not stand in the light",
        ),
        _verdict(
            Flaw.BRIGHT,
            white,
            limits.bright,
            is_bright,
            Outcome.WARN,
            "画面偏亮，浅色的字和印章可能看不清",
            "the picture is too bright: pale writing and seals may be lost",
        ),
        _verdict(
            Flaw.GLARE,
            0.0 if is_bright else white,
            limits.glare,
            not is_bright and white > limits.glare,
            Outcome.REFUSE,
            "有反光或局部过亮，请把纸或灯挪一下，再拍一次",
            "a lamp is mirrored, or one part is too bright: move the page or the lamp and take it again",
        ),
    )


def _sharp(grey: Image, seen: Seen, limits: Limits) -> tuple[PageVerdict, ...]:
    """Nothing on a page without ink: it has nothing that could be sharp."""
    from PIL import Image

    small = grey.copy()
    small.thumbnail((SHARP_PX, SHARP_PX), Image.Resampling.BOX)
    number = sharpness(small, _ink(small, seen))
    if number is None:
        return ()
    return (
        _verdict(
            Flaw.BLUR,
            number,
            limits.sharp,
            number < limits.sharp,
            Outcome.REFUSE,
            "画面模糊，请把纸压平、手拿开，再拍一次",
            "the picture is blurred: flatten the page, take your hands away, take it again",
        ),
    )


def _written(ink: Image, seen: Seen, limits: Limits) -> PageVerdict:
    border = max(1, min(ink.size) // 30)  # a shadow or a bit of desk at the rim is no writing
    inner = ink.crop((border, border, ink.width - border, ink.height - border)) if min(ink.size) > 60 else ink
    zh, en = "纸上没有内容，是不是放反了？请翻过来再拍", "the page is empty: is it upside down?"
    if seen.found is not Found.CROPPED:
        zh, en = "没有看到纸，请把纸放到镜头下面，有字的一面朝上", "there is no page: lay one down, face up"
    share = share_of(inner)
    return _verdict(Flaw.BLANK, share, limits.blank, share < limits.blank, Outcome.REFUSE, zh, en)


def _fine_enough(long_px: int, seen: Seen, limits: Limits) -> PageVerdict:
    dpi = seen.dpi
    if not dpi and seen.found is not Found.CROPPED:
        dpi = round(long_px / 297 * 25.4)  # a whole frame is, at best, filled by A4
    return _verdict(
        Flaw.COARSE,
        dpi,
        limits.dpi,
        0 < dpi < limits.dpi,
        Outcome.WARN,
        f"分辨率偏低（约 {dpi} dpi），小字可能看不清",
        f"the resolution is low (about {dpi} dpi): small print may be lost",
    )


def _cropped(seen: Seen) -> PageVerdict:
    zh, en = (
        "没有找到纸的四个角，保留了整幅画面",
        "the page's four corners were not found: the whole picture is kept",
    )
    if not seen.has_finder:
        zh, en = (
            "没有安装页面识别组件，保留了整幅画面",
            "page finding is not installed: the whole picture is kept",
        )
    is_whole = seen.is_crop_wanted and seen.found is not Found.CROPPED
    is_whole = is_whole and not seen.is_cut and not seen.papers  # that has been said
    return _verdict(Flaw.UNCROPPED, int(is_whole), 0, is_whole, Outcome.WARN, zh, en)


def _grey_below(grey: Image, share: float) -> int:
    """The grey level that so large a share of the pixels does not exceed."""
    counts = grey.histogram()
    left = share * sum(counts)
    for level, count in enumerate(counts):
        left -= count
        if left <= 0:
            return level
    return 255
