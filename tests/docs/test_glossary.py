"""docs/glossary.md has the words that people see of devices: states, actors, checks, sections."""

from __future__ import annotations

from pathlib import Path

from hall.commands.status import STATE_ZH
from hall.commands.test import LEVELS
from halldrivers.errors import Actor, DeviceState

GLOSSARY = (Path(__file__).parents[2] / "docs" / "glossary.md").read_text(encoding="utf-8")


def test_every_state_of_a_device_stands_with_its_chinese_word() -> None:
    assert [state for state in DeviceState if f"| {STATE_ZH[state]} | `{state}` |" not in GLOSSARY] == []


def test_every_actor_stands_with_its_chinese_word() -> None:
    assert [actor for actor in Actor if f"{actor.zh} {actor}" not in GLOSSARY] == []


def test_the_three_checks_are_named() -> None:
    assert [level for level in LEVELS if f"`{level}`" not in GLOSSARY] == []


def test_every_section_of_a_device_is_named() -> None:
    sections = ("printing", "idcard", "barcode", "camera", "scanner", "pads", "callers", "signs", "scans")
    assert [section for section in sections if f"`[{section}]`" not in GLOSSARY] == []


def test_every_row_has_as_many_cells_as_its_heading() -> None:
    for table in GLOSSARY.split("\n\n"):
        counts = {line.count("|") for line in table.splitlines() if line.startswith("|")}
        assert len(counts) <= 1, table
