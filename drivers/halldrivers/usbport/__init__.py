"""USB devices without a kernel driver of their own: raw printers, and the ID-card reader's two pipes.

Only :mod:`halldrivers.usbport.handle` imports pyusb, and only when a device is opened.
"""

from halldrivers.usbport.address import UsbAddress, parse_usb_url
from halldrivers.usbport.bulk import BulkTransport
from halldrivers.usbport.errors import UsbAmbiguous, UsbLibraryMissing, UsbNoPipes, UsbStalled
from halldrivers.usbport.twopipe import TwoPipeTransport

__all__ = [
    "BulkTransport",
    "TwoPipeTransport",
    "UsbAddress",
    "UsbAmbiguous",
    "UsbLibraryMissing",
    "UsbNoPipes",
    "UsbStalled",
    "parse_usb_url",
]
