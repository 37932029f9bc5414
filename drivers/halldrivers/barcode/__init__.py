"""扫码枪: the barcode and QR reader, over USB-CDC or serial, over TCP, or as a keyboard (HID).

What a code says was written by whoever printed it, so every byte of it is hostile until it is known to be
short, printable ASCII. :mod:`.linedecoder` reads bytes, :mod:`.keydecoder` reads scancodes, :mod:`.gate`
keeps a scanner in continuous mode from flooding, :mod:`.reader` ties them to a port, :mod:`.opening` makes a
reader from its address, and :mod:`.sim` is the scanner at the far end. Serial mode is the better choice where
a scanner offers it: no layout, no key timing.
"""
