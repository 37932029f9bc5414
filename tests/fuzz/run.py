"""Fuzz the codecs: ``python tests/fuzz/run.py [NAME …] [--runs N]``; without a name, all of them.

Each target in ``tests/fuzz/targets`` is a module with ``run(data)``, which feeds a codec and checks what must
hold for any bytes: no exception but the codec's own errors, bounded memory, and the same events however the
bytes are cut. atheris guides the bytes by coverage and keeps those that reach something new in
``tests/fuzz/corpus/NAME.hex``; the suite replays them. ``SEEDS`` are where it begins. What held is noted in
``tests/fuzz/RUNS.md``: each target's longest run, and of those the latest.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import re
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

HERE = Path(__file__).resolve().parent
TARGETS = HERE / "targets"
CORPUS = HERE / "corpus"
LONGEST = 4096
"""Bytes of an input: longer than any frame."""
SLOWEST_S = 5
"""An input that takes longer is a hang."""
MOST_KEPT = 400
NOTES = HERE / "RUNS.md"
NOTES_HEAD = """# Fuzz runs

Written by `tests/fuzz/run.py`: of each target the longest run that held, and of those the latest.

| target | inputs | date | seconds | corpus |
|---|---:|---|---:|---:|
"""
EXECUTED = re.compile(r"^stat::number_of_executed_units:\s*(\d+)$", re.MULTILINE)


class Run(NamedTuple):
    """One run of a target that held: a line of the notes."""

    target: str
    inputs: int
    date: str
    seconds: int | None
    """None where nobody looked at the clock."""
    kept: int
    """Inputs in its corpus."""

    @property
    def line(self) -> str:
        """As the notes have it."""
        seconds = "-" if self.seconds is None else f"{self.seconds:,}"
        return f"| {self.target} | {self.inputs:,} | {self.date} | {seconds} | {self.kept:,} |"


def runs_in(notes: str) -> dict[str, Run]:
    """The runs in the notes, by target."""
    found: dict[str, Run] = {}
    for line in notes.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("|") and len(cells) == 5 and cells[1].replace(",", "").isdigit():
            inputs, seconds, kept = (_number(cells[at]) for at in (1, 3, 4))
            found[cells[0]] = Run(cells[0], inputs or 0, cells[2], seconds, kept or 0)
    return found


def _number(cell: str) -> int | None:
    return None if cell == "-" else int(cell.replace(",", ""))


def with_run(notes: str, run: Run) -> str:
    """The notes with the line of a run renewed; a shorter run leaves the line of a longer one."""
    runs = runs_in(notes)
    if run.target not in runs or runs[run.target].inputs <= run.inputs:
        runs[run.target] = run
    return NOTES_HEAD + "".join(f"{runs[target].line}\n" for target in sorted(runs))


def names() -> list[str]:
    """All targets."""
    return sorted(path.stem for path in TARGETS.glob("*.py"))


def load(name: str) -> ModuleType:
    """A target's module."""
    spec = importlib.util.spec_from_file_location(f"fuzz_{name}", TARGETS / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def corpus_of(name: str) -> list[bytes]:
    """The inputs that were kept: one a line, in hexadecimal."""
    file = CORPUS / f"{name}.hex"
    return [bytes.fromhex(line) for line in file.read_text().splitlines()] if file.exists() else []


def fuzz(name: str, runs: int, folder: str) -> None:
    """One target in this process; never returns (libFuzzer ends the process)."""
    import atheris

    with atheris.instrument_imports(include=["halldrivers"]):
        target = load(name)
    limits = [f"-runs={runs}", f"-max_len={LONGEST}", f"-timeout={SLOWEST_S}", "-rss_limit_mb=512"]
    atheris.Setup([sys.argv[0], *limits, "-verbosity=0", "-print_final_stats=1", folder], target.run)
    atheris.Fuzz()


def keep(name: str, folder: Path) -> int:
    """Put the corpus on file, the shortest inputs first; answers how many."""
    found = {path.read_bytes() for path in folder.iterdir()}
    kept = sorted(found - {b""}, key=lambda data: (len(data), data))[:MOST_KEPT]
    CORPUS.mkdir(exist_ok=True)
    (CORPUS / f"{name}.hex").write_text("".join(f"{data.hex()}\n" for data in kept))
    return len(kept)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*names(), []], metavar="NAME")
    parser.add_argument("--runs", type=int, default=1_000_000)
    parser.add_argument("--here", help=argparse.SUPPRESS)
    wanted = parser.parse_args()
    if wanted.here:
        fuzz(wanted.names[0], wanted.runs, wanted.here)
        return
    for name in wanted.names or names():
        with tempfile.TemporaryDirectory(prefix="hall-fuzz-") as temporary:
            one(name, wanted.runs, Path(temporary))


def one(name: str, runs: int, work: Path) -> None:
    """Fuzz one target in a process of its own, and keep what it found."""
    print(f"{name}: {runs:,} inputs", flush=True)
    folder = work / "corpus"
    folder.mkdir()
    for data in (*load(name).SEEDS, *corpus_of(name)):
        (folder / hashlib.sha1(data).hexdigest()).write_bytes(data)
    command = [sys.executable, __file__, name, "--runs", str(runs), "--here", str(folder)]
    began_s = time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True, cwd=work)
    seconds = round(time.monotonic() - began_s)
    print("\n".join(line for line in done.stderr.splitlines() if line.startswith("stat::")))
    executed = EXECUTED.search(done.stderr)
    if done.returncode or executed is None:
        crash = next(work.glob("*-*"), None)
        shown = crash.read_bytes().hex() if crash else "-"
        raise SystemExit(f"{done.stderr[-4000:]}\n{name}: failed on {shown}")
    kept = keep(name, folder)
    run = Run(name, int(executed[1]), date.today().isoformat(), seconds, kept)
    NOTES.write_text(with_run(NOTES.read_text() if NOTES.exists() else "", run))
    print(f"{name}: held; {kept} inputs kept", flush=True)


if __name__ == "__main__":
    main()
