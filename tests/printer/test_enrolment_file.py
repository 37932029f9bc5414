"""A printer's file: comes back as it was written, and is refused when it is damaged or newer."""

import os
import stat
import tempfile
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from halldrivers.errors import DeviceError
from halldrivers.printerline import PrinterAbilities, Query
from halldrivers.printerline.enrolabout import Identity
from hallprinter.enrolment_errors import ProfileBroken, ProfileMissing, ProfileNewer, ProfileNotSaved
from hallprinter.profile import PROFILES, ConfirmRung, PrinterProfile, TextEncoding
from hallprinter.profilefile import EnrolledPrinter, is_enrolled_name, load_printer, save_printer

PRINTER = EnrolledPrinter(
    PrinterProfile("enrolled", 576, TextEncoding.GB18030, True, True, True, confirm=ConfirmRung.A),
    PrinterAbilities(frozenset(Query), True, True, True),
    Identity("EPSON", "TM-T82III", "10.02", "SIM1", "CHINA GB18030", 32, 3, 5),
    "usb://04b8:0e15",
    "2026-03-02",
    1.483,
    (("width", "576"), ("han", "yes")),
)


def changed(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_printer_comes_back_as_it_was_written(tmp_path: Path) -> None:
    path = save_printer(tmp_path / "printers", PRINTER)

    assert path == tmp_path / "printers" / "enrolled.toml"
    assert load_printer(tmp_path / "printers") == PRINTER


def test_a_printer_that_told_nothing_comes_back_too(tmp_path: Path) -> None:
    mute = replace(
        PRINTER,
        identity=Identity(),
        abilities=PrinterAbilities(frozenset(), False, False, False),
        proof_s=0.0,
        answers=(),
    )
    save_printer(tmp_path, mute)

    assert load_printer(tmp_path) == mute


def test_two_printers_have_two_files(tmp_path: Path) -> None:
    second = replace(PRINTER, profile=replace(PRINTER.profile, name="enrolled-2"))
    save_printer(tmp_path, PRINTER)
    save_printer(tmp_path, second)

    assert load_printer(tmp_path, "enrolled-2") == second
    assert load_printer(tmp_path) == PRINTER


def test_the_file_can_be_read_by_a_person(tmp_path: Path) -> None:
    text = save_printer(tmp_path, PRINTER).read_text(encoding="utf-8")

    assert text.startswith("# Written when this printer was enrolled")
    assert 'maker = "EPSON"' in text
    assert 'encoding = "gb18030"' in text
    assert tomllib.loads(text)["format"] == 1


def test_enrolling_again_replaces_the_file_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    save_printer(tmp_path, PRINTER)
    save_printer(tmp_path, replace(PRINTER, date="2026-04-01"))

    assert load_printer(tmp_path).date == "2026-04-01"
    assert [path.name for path in tmp_path.iterdir()] == ["enrolled.toml"]


def test_the_file_and_its_name_reach_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[bool] = []
    real = os.fsync

    def fsync(descriptor: int) -> None:
        synced.append(stat.S_ISDIR(os.fstat(descriptor).st_mode))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    save_printer(tmp_path, PRINTER)

    assert synced == [False, True]


@pytest.mark.parametrize("breaks", ["fsync", "replace"])
def test_a_write_that_fails_leaves_the_old_file_and_nothing_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, breaks: str
) -> None:
    def fails(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    save_printer(tmp_path, PRINTER)
    monkeypatch.setattr(*((os, "fsync") if breaks == "fsync" else (Path, "replace")), fails)

    with pytest.raises(ProfileNotSaved, match="No space left on device"):
        save_printer(tmp_path, replace(PRINTER, date="2026-04-01"))

    assert load_printer(tmp_path) == PRINTER
    assert [path.name for path in tmp_path.iterdir()] == ["enrolled.toml"]


def test_a_printer_that_was_never_enrolled_is_missing(tmp_path: Path) -> None:
    with pytest.raises(ProfileMissing, match=r"P-33 .*enrolled\.toml") as caught:
        load_printer(tmp_path)

    assert "generic-80" in caught.value.remedy_zh


def test_a_file_of_a_newer_version_is_refused_as_that(tmp_path: Path) -> None:
    path = save_printer(tmp_path, PRINTER)
    changed(path, "format = 1", "format = 2\nsomething = 3")

    with pytest.raises(ProfileNewer, match=r"P-35 .*format 2"):
        load_printer(tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("format = 1", "format = 0", "format 0"),
        ("format = 1", "", "missing required field `format`"),
        ("format = 1", "format = true", "format"),
        ("width_dots = 576", "width_dots = 400", "400 is not one of 384, 512, 576"),
        ("width_dots = 576", "", "missing required field `width_dots`"),
        ('encoding = "gb18030"', 'encoding = "utf-8"', "utf-8"),
        ("asb = true", 'asb = "yes"', "Expected `bool`, got `str`"),
        ("process_id = true", "process_id = true\ncolour = 1", "unknown field `colour`"),
        (
            "max_fragment_height = 48",
            "max_fragment_height = 49",
            "max_fragment_height 49 must be 1 to 48 rows at 576 dots",
        ),
        ('name = "enrolled"', 'name = "generic-80"', "it is the file of 'generic-80'"),
        ("[profile]", "[profile", "at line 28"),
    ],
)
def test_a_damaged_file_is_refused_with_the_place(tmp_path: Path, old: str, new: str, told: str) -> None:
    path = save_printer(tmp_path, PRINTER)
    changed(path, old, new)

    with pytest.raises(ProfileBroken) as caught:
        load_printer(tmp_path)

    assert caught.value.detail.startswith(f"{path}: ")
    assert told in caught.value.detail


def test_a_file_from_before_a_field_was_known_means_the_usual_printer(tmp_path: Path) -> None:
    path = save_printer(tmp_path, PRINTER)
    changed(path, "han_from_next_line = false\n", "")

    assert load_printer(tmp_path) == PRINTER


def test_a_printer_that_switches_late_comes_back_as_one(tmp_path: Path) -> None:
    late = replace(PRINTER, profile=replace(PRINTER.profile, han_from_next_line=True))
    save_printer(tmp_path, late)

    assert load_printer(tmp_path).profile.han_from_next_line


def test_half_a_file_and_other_bytes_are_refused(tmp_path: Path) -> None:
    path = save_printer(tmp_path, PRINTER)
    whole = path.read_bytes()
    for data in (whole[: len(whole) // 2], b"", b"\xff\xfe\x00", bytes(200)):
        path.write_bytes(data)
        with pytest.raises(ProfileBroken):
            load_printer(tmp_path)


def test_a_folder_in_the_file_s_place_is_told(tmp_path: Path) -> None:
    (tmp_path / "enrolled.toml").mkdir()

    with pytest.raises(ProfileNotSaved):
        load_printer(tmp_path)


@pytest.mark.parametrize("name", [*PROFILES, "", "../enrolled", "a/b", "Enrolled", "-x", "号"])
def test_a_ready_made_or_impossible_name_is_no_enrolled_printer(name: str) -> None:
    assert not is_enrolled_name(name)


@settings(max_examples=40, deadline=None)
@given(
    st.builds(
        Identity,
        *(st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=20) for _ in range(5)),
        *(st.none() | st.integers(0, 255) for _ in range(3)),
    ),
    st.frozensets(st.sampled_from(Query)),
    st.sampled_from(TextEncoding),
    st.sampled_from([384, 512, 576]),
)
def test_whatever_was_learned_comes_back(
    identity: Identity, realtime: frozenset[Query], encoding: TextEncoding, width: int
) -> None:
    printer = replace(
        PRINTER,
        identity=identity,
        abilities=PrinterAbilities(realtime, True, False, False),
        profile=PrinterProfile("enrolled", width, encoding),
    )
    with tempfile.TemporaryDirectory() as folder:
        save_printer(Path(folder), printer)
        assert load_printer(Path(folder)) == printer


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_a_printer_or_an_error_of_ours(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "enrolled.toml").write_bytes(data)
        try:
            load_printer(Path(folder))
        except DeviceError as error:
            assert error.code in ("P-34", "P-35")
