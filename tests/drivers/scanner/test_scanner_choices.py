"""What is wished becomes what the device takes: adapted and told, never guessed."""

from __future__ import annotations

from pathlib import Path

import pytest

from halldrivers.scanner.capabilities import Capabilities, parse_capabilities
from halldrivers.scanner.choices import Chosen, choose, source_arguments
from halldrivers.scanner.outcome import Adaptation
from halldrivers.scanner.settings import Mode, PageFormat, Paper, ScanSettings, Source

RECORDED = Path(__file__).parent / "recorded"
AIRSCAN = parse_capabilities((RECORDED / "airscan.txt").read_text())
TEST_BACKEND = parse_capabilities((RECORDED / "test-backend.txt").read_text())
FUJITSU = parse_capabilities(
    "    --source ADF Front|ADF Back|ADF Duplex [ADF Front]\n"
    "    --mode Lineart|Halftone|Gray|Color [Lineart]\n"
    "    --resolution 50..600dpi (in steps of 1) [600]\n"
    "    --page-width 0..224.846mm (in steps of 0.0211639) [215.872]\n"
    "    --page-height 0..863.489mm (in steps of 0.0211639) [279.364]\n"
    "    -l 0..224.846mm (in steps of 0.0211639) [0]\n"
    "    -t 0..863.489mm (in steps of 0.0211639) [0]\n"
    "    -x 0..224.846mm (in steps of 0.0211639) [215.872]\n"
    "    -y 0..863.489mm (in steps of 0.0211639) [279.364]\n"
)
"""A sheet-fed office scanner; names and ranges from memory of sane-fujitsu(5)."""
NOTHING = Capabilities({})


def with_options(*lines: str) -> Capabilities:
    return parse_capabilities("".join(f"    {line}\n" for line in lines))


def chosen(has: Capabilities, **wishes: object) -> Chosen:
    return choose(ScanSettings(**wishes), has)  # type: ignore[arg-type]


def test_by_itself_the_feeder_in_colour_at_200_dpi_on_a4() -> None:
    assert chosen(AIRSCAN) == Chosen(
        ("--source=ADF", "--mode=Color", "--resolution=200", "-l", "0", "-x", "210", "-t", "0", "-y", "297"),
        most_pages=500,
        format=PageFormat.JPEG,
    )


def test_the_source_comes_first_because_the_others_depend_on_it() -> None:
    assert chosen(TEST_BACKEND).arguments[:3] == (
        "--source=Automatic Document Feeder", "--mode=Color", "--depth=8"
    )  # fmt: skip
    assert source_arguments(ScanSettings(), TEST_BACKEND) == ("--source=Automatic Document Feeder",)


def test_on_the_glass_one_page_is_scanned() -> None:
    # In batch mode scanimage would scan the same sheet again and again (observed with sane-airscan).
    assert chosen(AIRSCAN, source=Source.FLATBED).most_pages == 1


def test_both_sides() -> None:
    assert chosen(AIRSCAN, source=Source.DUPLEX).arguments[0] == "--source=ADF Duplex"


@pytest.mark.parametrize(
    ("line", "argument"),
    [
        ("--duplex[=(yes|no)] [no]", "--duplex=yes"),
        ("--adf-mode Simplex|Duplex [Simplex]", "--adf-mode=Duplex"),
    ],
)
def test_both_sides_may_be_an_option_of_its_own(line: str, argument: str) -> None:
    has = with_options("--source Flatbed|Automatic Document Feeder [Flatbed]", line)
    assert chosen(has, source=Source.DUPLEX).arguments[:2] == (
        "--source=Automatic Document Feeder", argument
    )  # fmt: skip


def test_a_feeder_that_reads_one_side_is_told() -> None:
    found = chosen(TEST_BACKEND, source=Source.DUPLEX)
    assert found.arguments[0] == "--source=Automatic Document Feeder"
    assert Adaptation("source", "duplex", "one side") in found.adapted


def test_a_scanner_with_a_feeder_alone_takes_one_sheet_of_it_for_the_glass() -> None:
    found = chosen(FUJITSU, source=Source.FLATBED)
    assert (found.arguments[0], found.most_pages) == ("--source=ADF Front", 1)
    assert found.adapted == (Adaptation("source", "flatbed", "ADF Front"),)


def test_a_scanner_with_a_glass_alone_takes_it_for_the_feeder() -> None:
    has = with_options("--source Flatbed [Flatbed]", "--resolution 300dpi [300]")
    found = chosen(has, source=Source.FEEDER)
    assert (found.arguments[0], found.most_pages) == ("--source=Flatbed", 1)
    assert found.adapted[0] == Adaptation("source", "feeder", "Flatbed")


def test_the_back_alone_is_never_the_feeder() -> None:
    has = with_options("--source ADF Back|ADF Front|ADF Duplex [ADF Front]")
    assert chosen(has).arguments[0] == "--source=ADF Front"


def test_a_scanner_that_does_not_say_what_it_is_scans_one_page_unless_told() -> None:
    assert chosen(NOTHING).most_pages == 1
    assert chosen(NOTHING, source=Source.FEEDER).most_pages == 500
    assert chosen(NOTHING).arguments == ()


def test_where_a_feeder_centres_its_paper_it_is_told_the_paper_s_size_first() -> None:
    arguments = chosen(FUJITSU).arguments
    assert arguments.index("--page-width=210") < arguments.index("--page-height=297") < arguments.index("-x")


def test_a_small_glass_gives_what_it_has() -> None:
    assert chosen(TEST_BACKEND).arguments[-2:] == ("-y", "200")


def test_the_whole_area_is_left_to_the_device() -> None:
    assert chosen(AIRSCAN, paper=Paper.WHOLE).arguments == (
        "--source=ADF",
        "--mode=Color",
        "--resolution=200",
    )


@pytest.mark.parametrize(
    ("modes", "wish", "used"),
    [
        ("Color|Gray", Mode.COLOR, "Color"),
        ("Black & White|True Gray|24bit Color[Fast]", Mode.COLOR, "24bit Color[Fast]"),
        ("Black & White|Gray[Error Diffusion]|True Gray", Mode.GRAY, "True Gray"),
        ("Black & White|True Gray", Mode.LINEART, "Black & White"),
        ("Lineart|Halftone|Grayscale", Mode.GRAY, "Grayscale"),
        ("Binary|Color", Mode.LINEART, "Binary"),
    ],
)
def test_a_mode_under_its_backend_s_name(modes: str, wish: Mode, used: str) -> None:
    found = chosen(with_options(f"--mode {modes} [x]", "--resolution 200dpi [200]"), mode=wish)
    assert found.arguments[0] == f"--mode={used}"
    assert found.adapted == ()


@pytest.mark.parametrize(
    ("modes", "wish", "used"),
    [
        ("Gray", Mode.COLOR, "Gray"),
        ("Color", Mode.GRAY, "Color"),
        ("Gray|Color", Mode.LINEART, "Gray"),
        ("Lineart", Mode.COLOR, "Lineart"),
    ],
)
def test_a_mode_that_it_lacks_is_the_next_best_and_told(modes: str, wish: Mode, used: str) -> None:
    found = chosen(with_options(f"--mode {modes} [x]", "--resolution 200dpi [200]"), mode=wish)
    assert found.arguments[0] == f"--mode={used}"
    assert found.adapted == (Adaptation("mode", wish, used),)


def test_black_and_white_may_be_grey_of_one_bit() -> None:
    found = chosen(TEST_BACKEND, mode=Mode.LINEART)
    assert found.arguments[1:3] == ("--mode=Gray", "--depth=1")
    assert found.adapted == ()


def test_black_and_white_is_kept_without_loss() -> None:
    assert chosen(AIRSCAN, mode=Mode.LINEART).format is PageFormat.PNG
    assert chosen(AIRSCAN, mode=Mode.LINEART, format=PageFormat.TIFF).format is PageFormat.TIFF
    assert chosen(AIRSCAN, mode=Mode.GRAY).format is PageFormat.JPEG


@pytest.mark.parametrize(
    ("line", "wish", "used"),
    [
        ("75|150|300|600dpi [75]", 200, 300),
        ("75|150|300|600dpi [75]", 300, 300),
        ("75|150dpi [75]", 200, 150),
        ("50..600dpi (in steps of 1) [50]", 200, 200),
        ("50..150dpi (in steps of 1) [50]", 200, 150),
        ("100..1200dpi (in steps of 100) [100]", 240, 200),
        ("300..600dpi [300]", 200, 300),
    ],
)
def test_a_resolution_is_no_worse_where_that_can_be(line: str, wish: int, used: int) -> None:
    found = chosen(with_options(f"--resolution {line}"), resolution_dpi=wish)
    assert found.arguments == (f"--resolution={used}",)
    assert found.adapted == (() if used == wish else (Adaptation("resolution", str(wish), str(used)),))


def test_an_option_that_takes_no_value_now_is_not_given() -> None:
    has = with_options("--mode Color [inactive]", "--resolution 300dpi [inactive]", "-x 0..210mm [inactive]")
    assert chosen(has).arguments == ()


@pytest.mark.parametrize("dpi", [0, 74, 1201])
def test_settings_out_of_reason_are_refused(dpi: int) -> None:
    with pytest.raises(ValueError, match=f"resolution_dpi is 75 to 1200, not {dpi}"):
        ScanSettings(resolution_dpi=dpi)
    with pytest.raises(ValueError, match="most_pages is 1 to 500, not 0"):
        ScanSettings(most_pages=0)
