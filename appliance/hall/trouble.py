"""One thing that somebody should know of: what it is, since when, who must act and what to do."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """A trouble, or a notice: which of them, the list says in which it stands."""

    code: str
    """Empty for a notice that has none."""
    subject: str
    """``queue``, ``clock``, ``print`` or the device's name."""
    since_ms: int
    """0 when it is not known since when."""
    who: str
    what_zh: str
    what_en: str
    remedy_zh: str
    remedy_en: str
