"""What printers say of themselves, well and badly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from halldrivers.buses.ieee1284 import MOST_TEXT, PrinterId, parse_printer_id


def test_short_and_long_names_mean_the_same() -> None:
    short = "MFG:EPSON;CMD:ESC/POS;MDL:TM-T82III;CLS:PRINTER;SN:X5;"
    long = "MANUFACTURER:EPSON;COMMAND SET:ESC/POS;MODEL:TM-T82III;CLASS:PRINTER;SERN:X5"

    assert (
        parse_printer_id(short) == parse_printer_id(long) == PrinterId("EPSON", "TM-T82III", "ESC/POS", "X5")
    )


def test_spaces_and_missing_values_do_no_harm() -> None:
    assert parse_printer_id(" mfg : ; MDL:  POS-58  Series ;CMD") == PrinterId(model="POS-58 Series")


def test_the_first_of_two_counts() -> None:
    assert parse_printer_id("MDL:A;MODEL:B").model == "A"


def test_a_value_may_hold_a_colon() -> None:
    assert parse_printer_id("MDL:POS:80").model == "POS:80"


@pytest.mark.parametrize(
    ("languages", "is_office"),
    [
        ("ESC/POS", False),
        ("", False),
        ("EPL,ZPL", False),
        ("PJL,PCL,PDF", True),
        ("ESC/P-R,URF", True),
        ("ESC/POS,PCL", False),
        ("pjl,pcl", True),
    ],
)
def test_a_page_printer_is_told_by_its_languages(languages: str, is_office: bool) -> None:
    assert PrinterId(languages=languages).is_office is is_office


@given(st.text(max_size=2000))
def test_any_text_gives_short_clean_words(text: str) -> None:
    tells = parse_printer_id(text)

    for word in (tells.maker, tells.model, tells.languages, tells.serial):
        assert len(word) <= MOST_TEXT
        assert word.isprintable()
        assert word == word.strip()


_words = st.text(st.characters(min_codepoint=33, max_codepoint=126, exclude_characters=";:"), max_size=20)


@given(_words, _words, _words)
def test_what_was_put_in_comes_out(maker: str, model: str, serial: str) -> None:
    tells = parse_printer_id(f"MFG:{maker};MDL:{model};CMD:ESC/POS;SN:{serial};")

    assert tells == PrinterId(maker, model, "ESC/POS", serial)
