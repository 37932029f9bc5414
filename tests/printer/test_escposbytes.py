import os
import pickle
import re
import subprocess
import sys
from pathlib import Path

import pytest

from hallprinter.escposbytes import EscposBytes

PROBE = """
import logging, os, sys, tempfile
from hallprinter import encoder, ticket
assert "escpos" not in sys.modules and "PIL" not in sys.modules and "segno" not in sys.modules, "not lazy"
from hallprinter.profile import GENERIC_80
ticket.warm_up(GENERIC_80)
assert "escpos" in sys.modules
print(len(logging.root.handlers), sorted(os.listdir(tempfile.gettempdir())))
print(os.environ.get("ESCPOS_CAPABILITIES_PICKLE_DIR"), os.environ.get("ESCPOS_CAPABILITIES_FILE"))
"""


class Trap:
    """Leaves a file behind when it is unpickled."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, (str(self.mark),)


def probe(temporary: Path, **variables: str) -> list[str]:
    """Runs the probe in a fresh process whose temporary folder is its own."""
    environment = {**os.environ, "TMPDIR": str(temporary), **variables}
    done = subprocess.run(
        [sys.executable, "-c", PROBE], capture_output=True, text=True, env=environment, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_the_import_is_lazy_and_leaves_neither_log_handler_nor_folder(tmp_path: Path) -> None:
    assert probe(tmp_path) == ["0 []", "None None"]


def test_a_pickle_folder_in_the_environment_is_never_loaded_and_never_removed(tmp_path: Path) -> None:
    planted, temporary, mark = tmp_path / "planted", tmp_path / "tmp", tmp_path / "mark"
    planted.mkdir()
    temporary.mkdir()
    version = ".".join(map(str, sys.version_info[:3]))
    trap = planted / f"{version}.capabilities.pickle"
    trap.write_bytes(pickle.dumps(Trap(mark)))
    os.utime(trap, (4_000_000_000, 4_000_000_000))  # newer than any database, so that escpos would prefer it
    printed = probe(temporary, ESCPOS_CAPABILITIES_PICKLE_DIR=str(planted))
    assert printed == ["0 []", f"{planted} None"]
    assert trap.exists()
    assert not mark.exists()


def test_escpos_is_imported_in_one_module_only() -> None:
    import hallprinter

    folder = Path(hallprinter.__file__).parent
    naming = [path.name for path in folder.glob("*.py") if '"escpos.' in path.read_text()]
    assert naming == ["escposbytes.py"]
    assert not any(
        re.search(r"^\s*(import|from) escpos\b", path.read_text(), re.M) for path in folder.glob("*.py")
    )


@pytest.fixture(scope="module")
def escpos() -> EscposBytes:
    return EscposBytes(columns=48, has_cutter=True)


def test_the_cut_feeds_past_the_knife_first(escpos: EscposBytes) -> None:
    assert escpos.cut() == bytes.fromhex("1b6406 1d5601")


def test_without_a_cutter_the_paper_is_only_fed() -> None:
    assert EscposBytes(columns=32, has_cutter=False).cut() == bytes.fromhex("1b6406")


def test_a_native_qr_code_byte_by_byte(escpos: EscposBytes) -> None:
    # Model 2, module size 6, error correction M, store, print.
    assert escpos.qr("HALL:AB", 6) == (
        bytes.fromhex("1d286b0400314132 00")
        + bytes.fromhex("1d286b0300314306")
        + bytes.fromhex("1d286b0300314531")
        + bytes.fromhex("1d286b0a00315030")
        + b"HALL:AB"
        + bytes.fromhex("1d286b0300315130")
    )


def test_single_commands_byte_by_byte(escpos: EscposBytes) -> None:
    assert escpos.initialise() == b"\x1b@"
    assert escpos.font_a() == b"\x1bM\x00"
    assert escpos.align("center") == b"\x1ba\x01"
    assert escpos.bold(True) == b"\x1bE\x01"
    assert escpos.line_spacing(None) == b"\x1b2"
    assert escpos.line_spacing(60) == b"\x1b3\x3c"
    assert escpos.feed(1) == b"\x1bd\x01"
