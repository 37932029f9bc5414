"""What docs/wiring.md tells people to type or to follow leads somewhere: rules, commands, links."""

from __future__ import annotations

import re
import shlex
from importlib import import_module
from pathlib import Path

import click
import pytest

from hall.cli import main
from hall.commands.sim import KINDS
from hall.commands.sim.words import Word, Words, obey
from hall.config.load import load
from hall.devices.configured import configured_devices
from halldrivers.usbport import parse_usb_url

ROOT = Path(__file__).parents[2]
WIRING = (ROOT / "docs" / "wiring.md").read_text(encoding="utf-8")
SHAPES = frozenset(
    {
        "hall sim",
        "hall sim 种类 位置",
        "hall sim KIND URL",
        "hall test 设备 --interactive",
        "hall test DEVICE --interactive",
    }
)
"""Commands that are not to be typed as they stand."""


def blocks(language: str) -> list[str]:
    """The fenced blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", WIRING, re.MULTILINE | re.DOTALL)


def rows() -> list[list[str]]:
    """The cells of every row of every table."""
    return [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in WIRING.splitlines()
        if line.startswith("|")
    ]


def hall_commands() -> list[str]:
    """Every command of ours, in blocks and in cells."""
    lines = [line.partition(" #")[0].strip() for block in blocks("sh") for line in block.splitlines()]
    lines += re.findall(r"`(hall (?:sim|test|run|print|config|doctor|status|demo|terminal)[^`]*)`", WIRING)
    return sorted({line for line in lines if line.startswith("hall ")} - SHAPES)


def test_every_name_under_dev_hall_is_made_by_a_rule() -> None:
    (rules,) = blocks("udev")
    named = set(re.findall(r"/dev/hall/([a-z0-9-]+)", WIRING))
    assert named == set(re.findall(r'SYMLINK\+="hall/([a-z0-9-]+)"', rules))


@pytest.mark.parametrize(("url", "group"), [("usb://04b8:0e15", "lp"), ("usb://0400:c35a", "dialout")])
def test_the_rule_for_raw_usb_is_the_one_that_the_error_prints(url: str, group: str) -> None:
    (rules,) = blocks("udev")
    assert parse_usb_url(url).udev_rule(group) in rules.splitlines()


@pytest.mark.parametrize("line", hall_commands())
def test_a_command_can_be_typed(line: str) -> None:
    _, *words = shlex.split(line)
    command: click.Command = main
    context = None
    while isinstance(command, click.Group):
        context = command.make_context(command.name, [], parent=context, resilient_parsing=True)
        found = command.get_command(context, words.pop(0))
        assert found is not None
        command = found
    command.make_context(command.name, words, parent=context)


def test_a_device_is_called_as_hall_test_calls_it() -> None:
    tested = set(re.findall(r"hall test ([a-z]+)", WIRING))
    listed = {
        re.sub(r"-\d+$", "", row[4].strip("`"))
        for row in rows()
        if len(row) == 5 and "hall " in row[3] and row[4]
    }
    kinds = {"printer", "idcard", "barcode", "camera", "scanner", "scans", "pad", "keypad", "sign"}
    assert listed == kinds
    assert tested <= kinds
    example = configured_devices(load(ROOT / "examples" / "township.toml"))
    assert {device.kind for device in example} <= kinds


@pytest.mark.parametrize("kind", KINDS)
def test_every_simulator_is_shown_with_words_that_it_knows(kind: str) -> None:
    (shown,) = (row[2] for row in rows() if len(row) == 3 and f"`hall sim {kind} " in row[1])
    module = import_module(KINDS[kind][0].partition(":")[0])
    tables: list[Words] = [table for name, table in vars(module).items() if name.endswith("WORDS")]
    words = {name: word for table in tables for name, word in table.items()}
    texts = re.findall(r"`([^`]+)`", shown)
    assert texts
    for text in texts:
        name = text.split()[0]
        assert name in words
        understood = Word("", "", lambda *values: None, words[name].slots)
        obey({name: understood}, ManyUnits(), text)


class ManyUnits:
    """A line with every unit that may be named."""

    units = callers = dict.fromkeys(range(256))


def test_the_table_of_contents_leads_to_the_headings() -> None:
    anchors = {anchor(line) for line in WIRING.splitlines() if line.startswith("## ")}
    assert set(re.findall(r"\]\(#([^)]+)\)", WIRING)) == anchors


def anchor(heading: str) -> str:
    """As GitHub makes it: small letters, no punctuation, a hyphen for each blank."""
    return re.sub(r"[^\w\- ]", "", heading.removeprefix("## ").lower()).replace(" ", "-")


def test_the_readme_leads_to_it() -> None:
    assert "[docs/wiring.md](docs/wiring.md)" in (ROOT / "README.md").read_text(encoding="utf-8")
