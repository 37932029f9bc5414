"""What docs/wiring.md shows for hall.toml is accepted, and what hall.toml knows of devices is all in it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest
import tomli_w

from hall.config import shape_devices
from hall.config.load import parse
from hall.config.model import HallConfig
from hall.config.problems import ConfigInvalid
from hall.config.shape import FileShape
from hall.devices.configured import configured_devices
from halldrivers.barcode.address import parse_reader
from halldrivers.barcode.codes import LONGEST
from halldrivers.barcode.keydecoder import GAP_S
from halldrivers.caller.address import parse_caller
from halldrivers.caller.dialect import LCD21
from halldrivers.caller.dialectconfig import _READERS
from halldrivers.caller.keys import Key
from halldrivers.caller.sim import CAPS
from halldrivers.camera.address import parse_camera
from halldrivers.errors import BadUrl
from halldrivers.idcard.address import parse_idcard
from halldrivers.modbusline.address import NETWORK_THINK_S, THINK_S
from halldrivers.ratingpad.address import parse_pad
from halldrivers.ratingpad.debounce import PRESS_S
from halldrivers.scanner.address import STEADY_S, parse_scanner
from halldrivers.scanner.settings import LEAST_DPI, MOST_DPI, USUAL_DPI
from halldrivers.serialport import DEFAULT_BAUD
from halldrivers.sign.address import MOST_DIGITS, parse_sign
from halldrivers.transport import transport_for
from hallkiosk.caller.keymap import TAKES_NUMBER, CallerKeys, Meaning
from hallkiosk.caller.pace import CallerPace
from hallprinter.enrolment_questions import QUESTIONS

ROOT = Path(__file__).parents[2]
WIRING = (ROOT / "docs" / "wiring.md").read_text(encoding="utf-8")
SCHEMES = "caller dir escl evdev gpio lp modbus serial tcp usb v4l2"

URL = re.compile(rf"(?:(?:{'|'.join(SCHEMES.split())})://|sane:(?=\w))[^`\"\s，…]+")
SECTION = re.compile(r"^## .* `\[(\w+)\]`$", re.MULTILINE)
DEVICES = ("printing", "idcard", "barcode", "camera", "scanner")
"""Sections with one device."""
WINDOWS = ("pads", "callers", "signs")
"""Sections with a device for each window."""
NAMED = ("pad_tables", "pad_lines", "caller_dialects")
SECTIONS = (*DEVICES, "scans", *WINDOWS, *NAMED, "caller_keys")
PARSERS = {
    "printing": transport_for,
    "idcard": parse_idcard,
    "barcode": parse_reader,
    "camera": parse_camera,
    "scanner": parse_scanner,
    "pads": parse_pad,
    "callers": parse_caller,
    "signs": parse_sign,
}


@cache
def chapters() -> dict[str, str]:
    """The text of each device's chapter, by the section of hall.toml that its heading names."""
    texts = re.split(r"^(?=## )", WIRING, flags=re.MULTILINE)
    return {heading[1]: text for text in texts if (heading := SECTION.match(text)) is not None}


@cache
def device_urls() -> tuple[tuple[str, str], ...]:
    """Section and URL of every device URL in the chapters, in the order of the document."""
    found = ((section, url) for section, text in chapters().items() for url in URL.findall(text))
    return tuple(dict.fromkeys(found))


def rows(text: str) -> Iterator[list[str]]:
    """The cells of every row of every table."""
    for line in text.splitlines():
        if line.startswith("|"):
            yield [cell.strip() for cell in line.strip("|").split("|")]


def hall_without_devices() -> dict[str, Any]:
    """A whole hall of six windows, as tomllib reads it."""
    hall = tomllib.loads((ROOT / "examples" / "township.toml").read_text(encoding="utf-8"))
    return {section: table for section, table in hall.items() if section not in SECTIONS}


def documented() -> dict[str, Any]:
    """All that the document shows for hall.toml, as one file's sections."""
    return tomllib.loads("\n".join(re.findall(r"^```toml\n(.*?)^```$", WIRING, re.MULTILINE | re.DOTALL)))


def parsed(sections: dict[str, Any]) -> HallConfig:
    return parse(tomli_w.dumps(hall_without_devices() | sections).encode(), "hall.toml")


def with_device(section: str, url: str) -> HallConfig:
    """A hall.toml with this device, and with the tables that the document shows for its name."""
    named = {name: table for name, table in documented().items() if name in NAMED}
    return parsed(named | {section: {"device": url} if section in DEVICES else {"1": url}})


# --- URLs ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("section", "url"), device_urls())
def test_a_device_url_of_the_document_is_accepted(section: str, url: str) -> None:
    (device,) = (one for one in configured_devices(with_device(section, url)) if one.url)
    assert device.url == url


def test_every_chapter_of_a_device_has_urls() -> None:
    assert {section for section, _ in device_urls()} == {*DEVICES, *WINDOWS}


def test_no_device_url_stands_outside_the_chapters() -> None:
    outside = WIRING
    for text in chapters().values():
        outside = outside.replace(text, "")
    found = re.findall(r"`((?:serial|tcp|usb|lp|evdev|modbus|caller|gpio|v4l2|escl)://[^`\s…]+)`", outside)
    assert [url for url in found if url != "usb://04b8:0e15"] == []


@pytest.mark.parametrize("section", PARSERS)
def test_every_option_of_every_form_is_shown_in_the_chapter(section: str) -> None:
    forms = {re.split("[?]", url)[0] for of, url in device_urls() if of == section}
    known: set[str] = set()
    for form in forms:
        with pytest.raises(BadUrl) as refused:
            PARSERS[section](f"{form}?nonsense=1")
        listed = re.search(r"known here: ([a-z_, ]+)\)", refused.value.why_en)
        assert listed is not None, refused.value.why_en
        known |= set(listed[1].split(", ")) - {"none"}
    if section == "idcard":
        known -= {"out", "in"}  # a reader's pipes are fixed: these are refused in a later sentence
    assert [name for name in sorted(known) if f"{name}=" not in chapters()[section]] == []


def test_every_scheme_that_a_device_knows_is_shown() -> None:
    for section, read in PARSERS.items():
        with pytest.raises(BadUrl) as refused:
            read("nonsense://x")
        known = set(re.findall(r"(\w+)://", refused.value.why_en)) | (
            {"usb"} if section == "idcard" else set()
        )
        shown = {url.partition(":")[0] for of, url in device_urls() if of == section}
        assert known <= shown, section


# --- one line, several devices --------------------------------------------------------------------------


def refusals(*devices: tuple[str, str, str]) -> set[str]:
    """The codes with which hall.toml refuses devices: section, window (or "device") and URL of each."""
    sections: dict[str, Any] = {name: table for name, table in documented().items() if name in NAMED}
    for section, place, url in devices:
        sections.setdefault(section, {})[place] = url
    try:
        parsed(sections)
    except ConfigInvalid as invalid:
        return {problem.code for problem in invalid.problems}
    return set()


PAD = ("pads", "1", "modbus:///dev/hall/pads?unit=1")
CALLER = ("callers", "1", "caller:///dev/hall/callers?unit=1")


@pytest.mark.parametrize(
    ("one", "other", "codes"),
    [
        (PAD, ("signs", "1", "modbus:///dev/hall/pads?unit=11"), set()),
        (PAD, ("signs", "1", "modbus:///dev/hall/pads?unit=11&baud=19200"), {"C-80"}),
        (PAD, ("pads", "2", "modbus:///dev/hall/pads?unit=1"), {"C-61"}),
        (PAD, ("callers", "1", "caller:///dev/hall/pads?unit=2"), {"C-80"}),
        (PAD, ("pads", "2", "serial:///dev/hall/pads?table=mybox"), {"C-61"}),
        (PAD, ("idcard", "device", "serial:///dev/hall/pads"), {"C-61"}),
        (CALLER, ("callers", "2", "caller:///dev/hall/callers?unit=2"), set()),
        (CALLER, ("callers", "2", "caller:///dev/hall/callers?unit=2&dialect=mymake"), {"C-80"}),
    ],
)
def test_what_shares_a_line_is_as_chapter_2_says(
    one: tuple[str, str, str], other: tuple[str, str, str], codes: set[str]
) -> None:
    assert refusals(one, other) == codes


# --- hall.toml ---------------------------------------------------------------------------------------------


def test_the_blocks_for_hall_toml_together_make_a_configuration() -> None:
    config = parsed(documented())
    assert config.printer is not None
    assert all((config.idcard, config.barcode, config.camera, config.scanner))
    assert config.caller_words.dialects.keys() == {"mymake", "myasked"}


def test_every_section_of_a_device_is_shown() -> None:
    assert set(SECTIONS) <= {field.name for field in msgspec.structs.fields(FileShape)}
    assert set(SECTIONS) == documented().keys()


def test_no_other_section_of_hall_toml_is_for_a_device() -> None:
    others = {"hall", "group", "service", "window", "calendar", "priority", "limits", "rating", "screen"}
    others |= {"access", "wording"}
    assert {field.name for field in msgspec.structs.fields(FileShape)} == others | set(SECTIONS)


@pytest.mark.parametrize(
    ("section", "shape"),
    [
        ("printing", shape_devices.PrintingSection),
        ("scans", shape_devices.ScansSection),
        ("pads", shape_devices.PadTableRow),
        ("pads", shape_devices.PadLineRow),
    ],
)
def test_every_line_of_a_section_is_explained(section: str, shape: type[msgspec.Struct]) -> None:
    names = [field.name for field in msgspec.structs.fields(shape)]
    assert [name for name in names if not re.search(rf"\b{name}\b", chapters()[section])] == []


@pytest.mark.parametrize(
    ("field", "words"), [("profile", "generic-58"), ("profile", "epson-80"), ("encoding", "raster-only")]
)
def test_a_word_for_the_printer_is_accepted(field: str, words: str) -> None:
    assert f"`{words}`" in chapters()["printing"]
    parsed({"printing": {"device": "lp:///dev/usb/lp0", field: words}})


def test_every_setting_of_a_dialect_is_shown() -> None:
    dialects = documented()["caller_dialects"].values()
    assert {name for table in dialects for name in table} == {"base", *_READERS}


# --- figures ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("section", "words"),
    [
        ("barcode", f"超过 {LONGEST} 个字符"),
        ("barcode", f"（20–1000，默认 {GAP_S * 1000:g}）"),
        ("scanner", f"{LEAST_DPI}–{MOST_DPI} dpi，默认 {USUAL_DPI}"),
        ("scanner", f"（1–60，默认 {STEADY_S}）"),
        ("scans", f"（64 起，默认 {shape_devices.ScansSection().budget_mib}）"),
        ("scans", f"（64 起，默认 {shape_devices.ScansSection().floor_mib}）"),
        ("scans", f"（1–1440，默认 {shape_devices.ScansSection().stale_minutes}）"),
        ("printing", f"（30–86400，默认 {shape_devices.PrintingSection().expire_s:g}）"),
        ("printing", f"（0–20，默认 {shape_devices.PrintingSection().max_copies}）"),
        ("printing", f"不写是 {DEFAULT_BAUD}"),
        ("pads", f"（1–100，默认 {PRESS_S * 1000:g}）"),
        ("pads", f"串口 {THINK_S * 1000:g}，网络 {NETWORK_THINK_S * 1000:g}"),
        ("callers", f"含义变化后停 {CallerPace().guard_s} 秒"),
        ("signs", f"（1–{MOST_DIGITS}，默认 3）"),
    ],
)
def test_a_figure_is_the_one_of_the_code(section: str, words: str) -> None:
    assert words in chapters()[section]


def test_an_enrolment_asks_as_many_questions_as_it_says() -> None:
    assert len(QUESTIONS) == 8
    assert "八个问题" in chapters()["printing"]


# --- keys --------------------------------------------------------------------------------------------------


def test_the_table_of_keys_is_the_one_of_the_desk() -> None:
    usual = CallerKeys()
    written = {row[0].strip("`"): row for row in rows(chapters()["callers"]) if len(row) == 5}

    def cell(meaning: Meaning | None) -> str:
        return f"`{meaning}`" if meaning else "–"

    for key in Key:
        if key.digit is None and key is not Key.LOST:
            meanings = (table.get(key) for table in (usual.alone, usual.numbered, usual.nought))
            assert written.get(key.value) == [f"`{key}`", key.zh, *map(cell, meanings)]


def presses_of_the_21_key_caller() -> list[tuple[str, str]]:
    """What is pressed and the key that it is, from the two halves of the table in 10.2."""
    table = chapters()["callers"].split("### 10.2 ")[1].split("### 10.3 ")[0]
    halves = [half for row in rows(table) for half in (row[:2], row[3:])]
    return [(press, key.strip("`")) for press, key in halves if key.startswith("`")]


@pytest.mark.parametrize(("press", "key"), presses_of_the_21_key_caller())
def test_the_21_key_caller_says_what_the_table_says(press: str, key: str) -> None:
    *typed, cap = press.split()
    for digits in [word for word in typed if word != "或"] or [""]:
        numbers = "012" if digits == "号码" else digits
        assert LCD21.keys_of(bytes((*map(int, numbers), CAPS[cap])))[-1] == key


def test_every_name_of_a_key_and_of_a_meaning_is_listed() -> None:
    names = [*(key.value for key in Key if key.digit is None), "0", "9", *Meaning, "none"]
    assert [name for name in names if f"`{name}`" not in chapters()["callers"]] == []


def test_what_may_follow_a_number_is_listed() -> None:
    (line,) = (
        line for line in chapters()["callers"].splitlines() if line.startswith("`none`") and "n-" in line
    )
    assert set(re.findall(r"`([a-z-]+)`", line.split("只能用")[1])) == {*TAKES_NUMBER}
