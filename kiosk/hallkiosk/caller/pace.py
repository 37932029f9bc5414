"""The times of a clerk's keypad."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CallerPace:
    """How long the desk waits, in seconds."""

    guard_s: float = 0.8
    """The primary key rests this long after its meaning changed, as on the console; every verb does after
    typed digits or a question ran out."""
    repeat_s: float = 0.3
    """The same verb key again within this time of the last is one press: it was held, or it bounced."""
    late_s: float = 1.5
    """A key heard so long after it was pressed (the machine was busy, or stood still) does nothing."""
    typed_s: float = 5.0
    """Typed digits are forgotten this long after the last of them."""
    choice_s: float = 2.0
    """How long each choice of a question is shown before the next."""
    settle_s: float = 0.5
    """A choice that has only just come up cannot be taken yet."""
    ask_s: float = 10.0
    """A question ends after this time without a key, but not before all its choices were shown twice."""
    doubt_s: float = 3.0
    """What is asked to be pressed again must be begun within this time."""
    error_s: float = 2.0
    """How long an error code is shown."""
    give_up_s: float = 20.0
    """What nobody answered in this time is not asked any more."""
    look_s: float = 2.0
    """How long the look at the hall after an answer may take."""
    reopen_s: float = 2.0
    """Between two tries to open a device that could not be opened."""
    close_s: float = 5.0
    """How long a device may take to be given back before it is left behind."""
