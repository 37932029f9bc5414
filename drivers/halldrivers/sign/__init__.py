"""窗口屏: a digit sign at a window, on a Modbus line: it shows a number, a ticket like A012, or nothing.

Two families of registers are known (:mod:`.styles`), both read about and not tried: ``led485`` and ``dm36``.
"""
