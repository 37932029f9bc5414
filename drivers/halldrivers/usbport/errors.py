"""What can be wrong with a USB device beyond what every port can suffer, in words to act on."""

from __future__ import annotations

from halldrivers.errors import Actor, DeviceError, PortGone


class UsbLibraryMissing(DeviceError, ImportError):
    """Raised when the machine lacks the library that reaches USB devices."""

    code = "U-01"
    what_zh = "缺少 USB 程序库 libusb-1.0-0"
    what_en = "the USB library libusb-1.0-0 is missing"
    who = Actor.TECHNICIAN
    remedy_zh = "安装：sudo apt install libusb-1.0-0，装好后自动继续"
    remedy_en = "install it: sudo apt install libusb-1.0-0; it goes on by itself"


class UsbAmbiguous(DeviceError, ValueError):
    """Raised when several devices fit the address, so that it is left open which one is meant."""

    code = "U-02"
    what_zh = "有几台相同的 USB 设备，地址分不清是哪一台"
    what_en = "several USB devices fit the address"
    who = Actor.TECHNICIAN
    remedy_zh = "在地址后面加 ?serial=序列号，没有序列号的加 ?port=插口"
    remedy_en = "add ?serial= to the URL, or ?port= where they have no serial number"


class UsbStalled(PortGone):
    """Raised when a device halts a pipe again, or halts it in the middle of a write."""

    code = "U-03"
    what_zh = "USB 设备拒收数据"
    what_en = "the USB device halted its pipe"
    who = Actor.CLERK
    remedy_zh = "会自动重新连接；反复出现请把设备关机十秒再开，换一根 USB 线"
    remedy_en = (
        "it reconnects by itself; if it comes back, switch the device off for ten seconds, change the cable"
    )


class UsbNoPipes(DeviceError, ValueError):
    """Raised when the device has no pipes of the kind that is needed: another device, or another mode."""

    code = "U-04"
    what_zh = "这台 USB 设备没有需要的数据通道"
    what_en = "this USB device has no pipes of the kind that is needed"
    who = Actor.TECHNICIAN
    remedy_zh = "核对地址里的型号（lsusb）；通道特殊的打印机在地址里写 ?out=0x02&in=0x82"
    remedy_en = "check the ids in the URL (lsusb); for a printer with unusual pipes write ?out=0x02&in=0x82"
