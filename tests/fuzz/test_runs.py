"""What is noted of fuzz runs: a line for each target, sorted, renewed by a run that is as long."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

HERE = Path(__file__).parent
_spec = importlib.util.spec_from_file_location("fuzz_run_notes", HERE / "run.py")
assert _spec is not None and _spec.loader is not None
fuzz = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(fuzz)

LONG = fuzz.Run("pad_line", 1_000_000, "2026-11-26", 1234, 210)


def test_the_first_run_begins_the_table() -> None:
    assert fuzz.with_run("", LONG) == (
        fuzz.NOTES_HEAD + "| pad_line | 1,000,000 | 2026-11-26 | 1,234 | 210 |\n"
    )


def test_lines_are_sorted_by_target_and_read_back() -> None:
    notes = ""
    for target in ("pad_line", "barcode_keys", "mjpeg"):
        notes = fuzz.with_run(notes, fuzz.Run(target, 7, "2026-11-26", 1, 2))
    assert list(fuzz.runs_in(notes)) == ["barcode_keys", "mjpeg", "pad_line"]
    assert notes.startswith(fuzz.NOTES_HEAD) and notes.count("\n|---") == 1


@pytest.mark.parametrize(("inputs", "is_renewed"), [(1_000_000, True), (2_000_000, True), (999, False)])
def test_a_run_renews_the_line_of_its_target_unless_that_was_longer(inputs: int, is_renewed: bool) -> None:
    newer = fuzz.Run("pad_line", inputs, "2026-12-01", 5, 211)
    assert fuzz.runs_in(fuzz.with_run(fuzz.with_run("", LONG), newer)) == {
        "pad_line": newer if is_renewed else LONG
    }


def test_a_run_whose_time_nobody_took_is_kept_as_that() -> None:
    run = LONG._replace(seconds=None)
    assert fuzz.runs_in(fuzz.with_run("", run)) == {"pad_line": run}
    assert run.line == "| pad_line | 1,000,000 | 2026-11-26 | - | 210 |"


def test_the_notes_on_file_are_as_run_py_writes_them_and_name_every_target() -> None:
    notes = fuzz.NOTES.read_text()
    runs = fuzz.runs_in(notes)
    assert notes == fuzz.NOTES_HEAD + "".join(f"{runs[target].line}\n" for target in sorted(runs))
    assert set(runs) == set(fuzz.names())
