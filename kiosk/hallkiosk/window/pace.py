"""The console's times."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ConsolePace:
    """How long the console waits, in seconds."""

    guard_s: float = 0.8
    """The primary key rests this long after its meaning changed."""
    settle_s: float = 0.25
    """A list that came up under the pointer takes no click or Enter before this."""
    retry_s: float = 0.5
    """Between two tries to reach the keeper."""
    refresh_s: float = 20.0
    """The hall is looked at again after this time, for what the clock alone changes."""
    look_s: float = 1.0
    """Between two looks at the clock; the end of the primary key's rest is looked at by itself."""
