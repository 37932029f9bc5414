"""Where the Chinese font is, and which face of it to use.

One font serves the printer's raster lines, the simulated printer and the big text of the screens. A
collection file (TTC) holds a face per language, and their order differs between builds, so the simplified
Chinese face is found by its name; face 0 of Noto CJK is Japanese and draws 直, 骨 and 令 differently.
"""

import importlib.util
import os
from functools import lru_cache
from pathlib import Path

from halldrivers.errors import Actor, DeviceError

ENVIRONMENT_NAME = "HALL_FONT"
PROPORTIONAL_FACE = "Noto Sans CJK SC"
MONO_FACE = "Noto Sans Mono CJK SC"

_PACKAGE = "noto_cjk_sans_otc"
_PACKAGE_FILE = "NotoSansCJK-Regular.ttc"
_SYSTEM_PLACES = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
)
_MOST_FACES = 64
"""No collection in use has more faces; the bound keeps a broken file from looping."""


class FontMissing(DeviceError, FileNotFoundError):
    """Raised when no Chinese font is found, or when the one that `HALL_FONT` names cannot be used."""

    code = "D-20"
    what_zh = "找不到中文字体"
    what_en = "no usable Chinese font was found"
    who = Actor.TECHNICIAN
    remedy_zh = "重新安装依赖（make），或执行 sudo apt install fonts-noto-cjk，或用 HALL_FONT 指定字体文件"
    remedy_en = (
        "reinstall the dependencies (make), or run sudo apt install fonts-noto-cjk, "
        "or set HALL_FONT to a font file"
    )


def han_font_path() -> Path:
    """The font file: `HALL_FONT`, else the packaged Noto CJK, else a common system place.

    Raises `FontMissing` when there is none; a `HALL_FONT` that names nothing is an error and not passed
    over, because a technician who set it wants that font.
    """
    named = os.environ.get(ENVIRONMENT_NAME, "")
    if named:
        if not Path(named).is_file():
            raise FontMissing(f"{ENVIRONMENT_NAME}={named}")
        return Path(named)
    return _installed_font()


def han_font_index(mono: bool) -> int:
    """The index of the simplified Chinese face in the file of `han_font_path`, for Pillow's `index=`.

    `mono` asks for the face whose ASCII is exactly half as wide as a Han character. A font without faces
    of these names gives its first face with (or without) "Mono" in the name, else its first face.
    """
    return _face_index(han_font_path(), mono)


@lru_cache(maxsize=1)
def _installed_font() -> Path:
    spec = importlib.util.find_spec(_PACKAGE)
    folders = list(spec.submodule_search_locations or ()) if spec is not None else []
    places = [Path(folder) / _PACKAGE_FILE for folder in folders] + [Path(place) for place in _SYSTEM_PLACES]
    for place in places:
        if place.is_file():
            return place
    raise FontMissing


@lru_cache(maxsize=8)
def _face_index(path: Path, mono: bool) -> int:
    names = _face_names(path)
    wanted = MONO_FACE if mono else PROPORTIONAL_FACE
    if wanted in names:
        return names.index(wanted)
    alike = [index for index, name in enumerate(names) if ("Mono" in name) == mono]
    return alike[0] if alike else 0


@lru_cache(maxsize=4)
def _face_names(path: Path) -> tuple[str, ...]:
    from PIL import ImageFont  # costs 50 ms of start-up, which a headless role must not pay

    names: list[str] = []
    for index in range(_MOST_FACES):
        try:
            names.append(ImageFont.truetype(path, 12, index=index).getname()[0] or "")
        except OSError as error:
            if index == 0:
                raise FontMissing(f"{path}: {error}") from error
            break
    return tuple(names)
