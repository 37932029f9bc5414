"""RS-485 lines with many Modbus units: pads and signs, asked one after the other.

::

    ModbusLines --- one worker a line --- plan (whose turn) --- pymodbus frames --- serial port or TCP
        |
        +-- LineUnit: a rating pad, a window sign; each with its own status

:mod:`.plan` holds the promise that counts: ten pads at 9600 baud answer within 300 ms each, and one that is
dead slows nobody. :mod:`.client` is the only module that imports pymodbus.
"""
