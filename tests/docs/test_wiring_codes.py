"""docs/wiring.md names no code that the source does not know, and says of each what the source says."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from halldrivers.errors import Actor

ROOT = Path(__file__).parents[2]
WIRING = (ROOT / "docs" / "wiring.md").read_text(encoding="utf-8")
ROOMS = ("appliance", "drivers", "evaluator", "kiosk", "printer", "queue")
CODE = re.compile(r"\b[A-Z]-\d\d\b")


@dataclass(frozen=True, slots=True)
class Told:
    """What the source says of a device's code."""

    who: Actor
    zh: str
    en: str


def sources() -> Iterator[str]:
    """Every module of the rooms; read and not imported, because some want what a machine may lack."""
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            yield path.read_text(encoding="utf-8")


def device_codes() -> dict[str, Told]:
    """What devices can have: the leaves of DeviceError and the values of Fault."""
    found: dict[str, Told] = {}
    for text in sources():
        if "what_zh" not in text and "Fault(" not in text:
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.ClassDef):
                fields = {
                    target.id: item.value
                    for item in node.body
                    if isinstance(item, ast.Assign) and isinstance(target := item.targets[0], ast.Name)
                }
                if {"code", "who", "what_zh", "what_en"} <= fields.keys():
                    _note(found, *(fields[name] for name in ("code", "what_zh", "what_en", "who")))
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Fault":
                if len(node.args) >= 4:
                    _note(found, *node.args[:4])
    return found


def _note(found: dict[str, Told], code: ast.expr, zh: ast.expr, en: ast.expr, who: ast.expr) -> None:
    texts = [str(item.value) for item in (code, zh, en) if isinstance(item, ast.Constant)]
    if len(texts) == 3 and isinstance(who, ast.Attribute):
        found[texts[0]] = Told(Actor[who.attr], texts[1], texts[2])


def test_every_code_that_is_mentioned_exists() -> None:
    known = set(re.findall(r'"([A-Z]-\d\d)"', "\n".join(sources())))
    assert sorted(set(CODE.findall(WIRING)) - known) == []


def test_the_table_of_codes_says_of_each_what_the_source_says() -> None:
    table = WIRING[WIRING.index("\n## 13 ") : WIRING.index("\n## 14 ")]
    written = {line[2:6]: line for line in table.splitlines() if CODE.match(line[2:6])}
    wanted = {
        code: f"| {code} | {told.who.zh} {told.who} | {told.zh} | {told.en} |"
        for code, told in device_codes().items()
    }
    lines = [line for code, line in sorted(wanted.items()) if written.get(code) != line]
    assert lines == [], "docs/wiring.md, chapter 13, needs these lines:\n" + "\n".join(lines)
    assert sorted(written.keys() - wanted.keys()) == []


def test_the_reader_of_the_source_finds_both_kinds_of_codes() -> None:
    known = device_codes()
    assert known["P-02"] == Told(Actor.CLERK, "打印机缺纸", "the printer is out of paper")
    assert known["B-01"].who is Actor.TECHNICIAN
