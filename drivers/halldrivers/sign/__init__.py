"""窗口屏: a digit sign at a window, on a Modbus line: it shows a number, a ticket like A012, or nothing.

Two families of registers are known (:mod:`.styles`), both read about and not tried: ``led485`` and ``dm36``.
"""

from halldrivers.sign.address import SignAddress, Style, parse_sign
from halldrivers.sign.sign import ModbusSign, Sign, open_sign

__all__ = ["ModbusSign", "Sign", "SignAddress", "Style", "open_sign", "parse_sign"]
