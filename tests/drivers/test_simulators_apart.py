"""No simulator shares code with what it checks, or both would get the same thing wrong."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import halldrivers

ROOT = Path(halldrivers.__file__).parent
SIMULATOR = re.compile(r"(.*/)?(\w*sim|sim\w*)(\.py|/\w+\.py)")
"""A file or a folder whose name begins or ends with sim."""

SHARED = {
    "halldrivers.errors": "who must act on a problem, in words",
    "halldrivers.fdport": "how a descriptor is waited on",
    "halldrivers.fonts": "letters to draw with",
    "halldrivers.keysource": "key events as the kernel tells them, before any decoder",
    "halldrivers.simwire": "the far end of a wire",
    "halldrivers.transport": "the near end of a wire",
}
"""What any simulator may import beside other simulators, and why that checks nothing by itself."""
ALSO = {
    "ratingpad/sim.py": {"halldrivers.ratingpad.pins"},  # gpiozero's mock board: one module imports gpiozero
}


def simulators() -> dict[str, Path]:
    """Every module of a simulator, by its path within the package."""
    names = {path.relative_to(ROOT).as_posix(): path for path in ROOT.rglob("*.py")}
    return {name: path for name, path in sorted(names.items()) if SIMULATOR.fullmatch(name)}


def module_of(name: str) -> str:
    return ".".join(("halldrivers", *Path(name).with_suffix("").parts)).removesuffix(".__init__")


def imported(source: str, name: str) -> set[str]:
    """The modules of halldrivers that a module names in any import statement, however it is written."""
    package = module_of(name).split(".")
    if not name.endswith("__init__.py"):
        package.pop()
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            parts = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join((*parts, *filter(None, [node.module])))
            found |= {full if is_module(full := f"{module}.{alias.name}") else module for alias in node.names}
    return {module for module in found if module.split(".")[0] == "halldrivers"}


def is_module(dotted: str) -> bool:
    place = ROOT.joinpath(*dotted.split(".")[1:])
    return dotted.startswith("halldrivers.") and (place.with_suffix(".py").is_file() or place.is_dir())


def forbidden(source: str, name: str) -> set[str]:
    """What a simulator imports and must not."""
    simulated = {module_of(sim) for sim in simulators()}
    allowed = simulated | ALSO.get(name, set()) | SHARED.keys()
    return {
        module
        for module in imported(source, name)
        if module not in allowed and not module.startswith("halldrivers.simwire.")
    }


@pytest.mark.parametrize("name", simulators())
def test_a_simulator_imports_nothing_of_what_it_checks(name: str) -> None:
    assert forbidden(simulators()[name].read_text("utf-8"), name) == set()


def test_every_device_s_simulator_is_looked_at() -> None:
    assert {
        "barcode/sim.py",
        "caller/keypadsim.py",
        "caller/sim.py",
        "camera/sim.py",
        "camera/simjpeg.py",
        "camera/simpaper.py",
        "camera/simscene.py",
        "idcard/sim.py",
        "idcard/simcards.py",
        "idcard/simhand.py",
        "idcard/simstx.py",
        "modbussim/frames.py",
        "modbussim/pad.py",
        "modbussim/sign.py",
        "printersim/parser.py",
        "printersim/sim.py",
        "ratingpad/boxsim.py",
        "ratingpad/sim.py",
        "scanner/esclsim/machine.py",
        "simwire/machine.py",
    } <= simulators().keys()


@pytest.mark.parametrize(
    "line",
    [
        "from halldrivers.caller.frames import FrameDecoder",
        "from halldrivers.caller import frames",
        "import halldrivers.caller.frames as theirs",
        "from .frames import FrameDecoder",
        "from . import frames",
        "from ..caller.frames import FrameDecoder",
        "def late():\n    from halldrivers.caller.frames import FrameDecoder",
    ],
)
def test_an_import_of_the_codec_is_seen_however_it_is_written(line: str) -> None:
    assert forbidden(line, "caller/sim.py") == {"halldrivers.caller.frames"}


@pytest.mark.parametrize(
    "line", ["from halldrivers.simwire import ByteMachine", "from halldrivers.camera.simpaper import Paper"]
)
def test_the_wire_and_other_simulators_may_be_imported(line: str) -> None:
    assert forbidden(line, "caller/sim.py") == set()


def test_every_allowed_import_is_needed_by_some_simulator() -> None:
    used = {
        module for name, path in simulators().items() for module in imported(path.read_text("utf-8"), name)
    }
    assert {module for modules in ALSO.values() for module in modules} <= used
    assert SHARED.keys() <= used
