"""A simulated RS-485 line with Modbus pads and signs: the far end of a pty or a TCP port.

Own CRC, own parser, own tables: it shares nothing with :mod:`halldrivers.modbusline` or pymodbus. Serve it
with :func:`halldrivers.simwire.serve`; :func:`modbus_url` names its units as hall.toml would.
"""

from halldrivers.modbussim.line import ModbusLineSim, modbus_url
from halldrivers.modbussim.pad import PadUnit
from halldrivers.modbussim.sign import DmUnit, Led485Unit
from halldrivers.modbussim.units import SimUnit

__all__ = ["DmUnit", "Led485Unit", "ModbusLineSim", "PadUnit", "SimUnit", "modbus_url"]
