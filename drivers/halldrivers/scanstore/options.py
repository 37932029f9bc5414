"""How the store works, as the configuration says."""

from __future__ import annotations

from dataclasses import dataclass, field

from halldrivers.scanstore.budget import Budget
from halldrivers.scanstore.page import Limits


@dataclass(frozen=True, slots=True)
class StoreOptions:
    """Everything that a hall may set."""

    keep_originals: bool = False
    """Put what the device delivered into the PDF, beside what was made of it: about twice the size."""
    stale_s: float = 1800.0
    """A material that nobody touched for so long is finished as it is, marked as interrupted."""
    limits: Limits = field(default_factory=Limits)
    budget: Budget = field(default_factory=Budget)
