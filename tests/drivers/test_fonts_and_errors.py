"""The Chinese font is found by face name; errors carry their remedy."""

from pathlib import Path

import pytest
from PIL import ImageFont

from halldrivers import errors, fonts


@pytest.mark.parametrize(("mono", "face"), [(True, "Noto Sans Mono CJK SC"), (False, "Noto Sans CJK SC")])
def test_the_simplified_chinese_face_is_found_by_its_name(
    monkeypatch: pytest.MonkeyPatch, mono: bool, face: str
) -> None:
    monkeypatch.delenv("HALL_FONT", raising=False)

    font = ImageFont.truetype(fonts.han_font_path(), 24, index=fonts.han_font_index(mono))

    assert font.getname()[0] == face


def test_the_environment_names_another_font(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    copy = tmp_path / "other.ttc"
    copy.symlink_to(fonts.han_font_path())
    monkeypatch.setenv("HALL_FONT", str(copy))

    assert fonts.han_font_path() == copy
    assert fonts.han_font_index(mono=False) >= 0


def test_a_font_that_the_environment_names_in_vain_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HALL_FONT", "/nowhere/font.ttc")

    with pytest.raises(fonts.FontMissing, match=r"D-20 no usable Chinese font was found: HALL_FONT=/nowhere"):
        fonts.han_font_path()


def test_a_file_that_is_no_font_is_an_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    broken = tmp_path / "broken.ttc"
    broken.write_bytes(b"no font")
    monkeypatch.setenv("HALL_FONT", str(broken))

    with pytest.raises(fonts.FontMissing):
        fonts.han_font_index(mono=True)


LEAVES = [
    (errors.BadUrl, ValueError),
    (errors.PortAbsent, ConnectionError),
    (errors.PortDenied, PermissionError),
    (errors.PortBusy, OSError),
    (errors.PortGone, ConnectionError),
    (errors.PortClosed, ValueError),
    (errors.DeviceTimeout, TimeoutError),
    (fonts.FontMissing, FileNotFoundError),
]


@pytest.mark.parametrize(("leaf", "builtin"), LEAVES)
def test_each_error_is_also_the_fitting_builtin(
    leaf: type[errors.DeviceError], builtin: type[Exception]
) -> None:
    error = leaf("at the line")

    assert isinstance(error, builtin)
    assert str(error).endswith(": at the line")
    assert error.as_fault().code == leaf.code
    assert error.as_fault().what_zh.endswith("(at the line)")


def test_the_codes_are_all_different() -> None:
    assert len({leaf.code for leaf, _ in LEAVES}) == len(LEAVES)


def test_the_base_error_cannot_be_raised_itself() -> None:
    with pytest.raises(TypeError):
        errors.DeviceError("something")
