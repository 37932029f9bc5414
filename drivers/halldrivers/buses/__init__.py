"""What stands on this machine's buses, what it most likely is, and the line of ``hall.toml`` that takes it.

Nothing is opened: everything is read from the names in ``/dev`` and the attributes in ``/sys``, so looking
disturbs no device, needs no rights, and works while the hall runs.
"""

from halldrivers.buses.compare import Comparison, Missing, Unsteady, compare
from halldrivers.buses.found import LINES, Found, Kind
from halldrivers.buses.look import look
from halldrivers.buses.roots import Roots

__all__ = ["LINES", "Comparison", "Found", "Kind", "Missing", "Roots", "Unsteady", "compare", "look"]
