"""What the fuzzer found worth keeping is replayed: every input of every corpus, and every seed."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

HERE = Path(__file__).parent
_spec = importlib.util.spec_from_file_location("fuzz_run", HERE / "run.py")
assert _spec is not None and _spec.loader is not None
fuzz = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(fuzz)


@pytest.mark.parametrize("name", fuzz.names())
def test_no_input_that_was_ever_worth_keeping_breaks_its_codec(name: str) -> None:
    target = fuzz.load(name)
    inputs = fuzz.corpus_of(name)
    assert len(inputs) >= len(target.SEEDS) > 0
    for data in (*target.SEEDS, *inputs):
        target.run(data)


def test_every_target_has_a_corpus_and_every_corpus_a_target() -> None:
    assert sorted(path.stem for path in fuzz.CORPUS.glob("*.hex")) == fuzz.names()
