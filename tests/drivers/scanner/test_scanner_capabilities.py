"""What a device can do is read from the real listings of scanimage, and from any other text without harm."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from halldrivers.scanner.capabilities import MOST_OPTIONS, Capabilities, Option, parse_capabilities

RECORDED = Path(__file__).parent / "recorded"
"""scanimage 1.2.1 (Debian 12): the test backend, and sane-airscan 0.99.27 at our own simulator."""


def recorded(name: str) -> Capabilities:
    return parse_capabilities((RECORDED / f"{name}.txt").read_text())


def one(line: str) -> Option:
    (option,) = parse_capabilities(line).options.values()
    return option


def test_the_test_backend_s_sources_modes_and_resolutions() -> None:
    has = recorded("test-backend")
    assert has.choices("source") == ("Flatbed", "Automatic Document Feeder")
    assert has.choices("mode") == ("Gray", "Color")
    assert has.choices("depth") == ("1", "8", "16")
    resolution = has.options["resolution"]
    assert (resolution.low, resolution.high, resolution.step, resolution.current) == (1, 1200, 1, "50")


def test_an_airscan_device_s_sources_modes_and_resolutions() -> None:
    has = recorded("airscan")
    assert has.choices("source") == ("Flatbed", "ADF", "ADF Duplex")
    assert has.choices("mode") == ("Color", "Gray")
    assert has.choices("resolution") == ("75", "100", "150", "200", "300", "600")
    assert has.options["resolution"].numbers() == (75, 100, 150, 200, 300, 600)
    assert (has.options["x"].low, has.options["x"].high) == (0, 215.9)


def test_every_option_of_the_test_backend_is_found() -> None:
    text = (RECORDED / "test-backend.txt").read_text()
    lines = [line for line in text.splitlines() if line.startswith("    -")]
    assert len(recorded("test-backend").options) == len(lines) == 48


def test_an_inactive_option_takes_no_value() -> None:
    # scanimage ends with 1 and "attempted to set inactive option" (observed).
    has = recorded("test-backend")
    assert "three-pass-order" in has.options
    assert has.settable("three-pass-order") is None
    assert has.choices("three-pass-order") == ()


def test_an_option_that_is_not_there_has_no_choices() -> None:
    assert recorded("airscan").choices("depth") == ()


def test_values_may_hold_blanks_brackets_and_parentheses() -> None:
    # brother4 and epson name them so (from memory).
    option = one("    --mode Black & White|Gray[Error Diffusion]|24bit Color[Fast] [24bit Color[Fast]]")
    assert option.choices == ("Black & White", "Gray[Error Diffusion]", "24bit Color[Fast]")
    assert option.current == "24bit Color[Fast]"
    feeder = one("    --source FlatBed|Automatic Document Feeder(left aligned,Duplex) [FlatBed]")
    assert feeder.choices[1] == "Automatic Document Feeder(left aligned,Duplex)"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("    --resolution auto|75|150dpi [75]", Option("resolution", ("75", "150"), current="75")),
        ("    --crop[=(yes|no)] [no] [advanced]", Option("crop", ("yes", "no"), is_flag=True, current="no")),
        ("    --auto[=(auto|yes|no)] [yes]", Option("auto", ("yes", "no"), is_flag=True, current="yes")),
        ("    --button [inactive]", Option("button", is_settable=False)),
        ("    --serial <string> [AB 12] [read-only]", Option("serial", current="AB 12", is_settable=False)),
        ("    --page-loaded[=(yes|no)] [no] [hardware]",
         Option("page-loaded", ("yes", "no"), is_flag=True, current="no", is_settable=False)),
        ("    --delay 1000..200000us (in steps of 1000) [inactive]",
         Option("delay", (), 1000, 200000, 1000, is_settable=False)),
        ("    --gamma 0.0999908..4 [1]", Option("gamma", (), 0.0999908, 4, current="1")),
        ("    -y 0..297.18mm (in steps of 0.0211639) [292.1]",
         Option("y", (), 0, 297.18, 0.0211639, current="292.1")),
        ("    --table 0..255,... (in steps of 1) [advanced]", Option("table", (), 0, 255, 1)),
    ],
)  # fmt: skip
def test_one_line(line: str, expected: Option) -> None:
    assert one(line) == expected


def test_the_first_of_two_options_of_one_name_counts() -> None:
    assert parse_capabilities("    --a 1|2 [1]\n    --a 3 [3]").choices("a") == ("1", "2")


def test_text_about_an_option_is_no_option() -> None:
    assert not parse_capabilities("        --mode is deprecated\n  Scan Mode:\n--mode x\nlatin")


def test_a_device_cannot_make_us_keep_options_without_end() -> None:
    endless = "".join(f"    --o{number} 1 [1]\n" for number in range(MOST_OPTIONS * 3))
    assert len(parse_capabilities(endless).options) == MOST_OPTIONS


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300), st.text(alphabet="-ab |.[]()=<>0123456789mdpi%,", max_size=80))
def test_any_text_is_read_without_harm(text: str, line: str) -> None:
    for option in parse_capabilities(f"{text}\n    --x{line}\n    -x {line}").options.values():
        assert option.name
        assert all(option.choices)
