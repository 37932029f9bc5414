"""The garbage collector, told what is no garbage: its full rounds make one moment in a hundred slow."""

from __future__ import annotations

import gc


def keep_loaded() -> None:
    """Never look again at what is loaded by now: modules and classes stay (a full collection of a screen's
    process takes 50 ms, in which a call is not shown)."""
    gc.collect()
    gc.freeze()


def collect_rarely() -> None:
    """For a process whose new objects mostly stay: the day's records of the keeper are no garbage.

    At Python's own thresholds collections walk them every few touches, a tenth of the keeper's time when
    eight clients issue at once.
    """
    keep_loaded()
    gc.set_threshold(20_000, 50, 100)
