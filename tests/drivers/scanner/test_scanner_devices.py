"""The list of scanners is counted by its lines; a USB scanner is found again at its new place."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from halldrivers.scanner.devices import ListedScanner, found_again, moves, parse_listing

TWO = "hall|test:0|Noname|frontend-tester|virtual device\nhall|airscan:e0:A B|eSCL|A B|ip=10.0.0.20\n"


def usb(place: str, backend: str = "epsonds") -> ListedScanner:
    return ListedScanner(f"{backend}:libusb:{place}", "EPSON", "DS-530", "ESC/I-2")


def test_a_listing_of_two() -> None:
    assert parse_listing(TWO) == (
        ListedScanner("test:0", "Noname", "frontend-tester", "virtual device"),
        ListedScanner("airscan:e0:A B", "eSCL", "A B", "ip=10.0.0.20"),
    )
    assert parse_listing(TWO)[0].title == "Noname frontend-tester"


def test_no_scanner_is_an_empty_list() -> None:
    assert parse_listing("") == ()


def test_a_default_device_and_a_backend_s_own_words_are_passed_over() -> None:
    noise = "[bjnp] hello\nhall|test:0|a|b|c\ndefault device is `x'\nhall|||\nhall|short\n"
    assert parse_listing(noise) == (ListedScanner("test:0", "a", "b", "c"),)


def test_a_scanner_that_two_paths_lead_to_counts_once() -> None:
    assert len(parse_listing(TWO + TWO)) == 2


def test_a_usb_scanner_is_found_at_its_new_place() -> None:
    assert found_again("epsonds:libusb:001:005", [usb("001:009")]) == "epsonds:libusb:001:009"


def test_a_scanner_at_its_place_stays() -> None:
    assert found_again("epsonds:libusb:001:005", [usb("001:005"), usb("001:009")]) == "epsonds:libusb:001:005"


def test_of_two_alike_none_is_guessed() -> None:
    assert found_again("epsonds:libusb:001:005", [usb("001:008"), usb("001:009")]) == ""


def test_another_backend_s_scanner_is_another_scanner() -> None:
    assert found_again("epsonds:libusb:001:005", [usb("001:008", "fujitsu")]) == ""


def test_a_name_without_a_place_is_itself_or_nothing() -> None:
    assert found_again("test:0", [ListedScanner("test:1", "", "", "")]) == ""
    assert not moves("fujitsu:ScanSnap iX500:1234")
    assert moves("genesys:libusb:003:012")


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_read_without_harm(text: str) -> None:
    for scanner in parse_listing(text):
        assert scanner.name


@pytest.mark.parametrize("line", ["hall|a|b|c|d|e", "hall|a|b|c", "other|a|b|c|d"])
def test_a_line_of_another_shape_is_none_of_ours(line: str) -> None:
    assert parse_listing(line) == ()
