"""What can be wrong with a document camera, in words that a person can act on."""

from __future__ import annotations

from halldrivers.errors import Actor, DeviceError, DeviceTimeout, Fault


class NotACamera(DeviceError, OSError):
    """Raised when the node is there but delivers no pictures (a metadata node, another device)."""

    code = "F-01"
    what_zh = "这个设备不是摄像头"
    what_en = "this device is not a camera"
    who = Actor.TECHNICIAN
    remedy_zh = "运行 ls /dev/v4l/by-id，选以 -video-index0 结尾的那一项写进 hall.toml"
    remedy_en = "run ls /dev/v4l/by-id and put the entry that ends in -video-index0 into hall.toml"


class NoMjpeg(DeviceError, OSError):
    """Raised when a camera has no MJPG: a picture converted by us would be no original."""

    code = "F-02"
    what_zh = "摄像头不提供 MJPG 画面"
    what_en = "the camera does not offer MJPG"
    who = Actor.VENDOR
    remedy_zh = "换用支持 MJPG 的高拍仪；有的型号要在厂家工具里打开 MJPG"
    remedy_en = "use a document camera with MJPG; some need it switched on with the vendor's tool"


class NoSuchSize(DeviceError, ValueError):
    """Raised when the camera does not offer the picture size of its URL."""

    code = "F-03"
    what_zh = "摄像头没有这个画面尺寸"
    what_en = "the camera does not offer this picture size"
    who = Actor.TECHNICIAN
    remedy_zh = "改 hall.toml 里的 size=，或去掉它以使用最大尺寸"
    remedy_en = "correct size= in hall.toml, or leave it out for the largest"


class FrameDamaged(DeviceError, ValueError):
    """Raised when a picture is no whole JPEG, and when a camera delivers nothing but such pictures."""

    code = "F-04"
    what_zh = "摄像头的画面不完整"
    what_en = "the camera's picture is damaged"
    who = Actor.TECHNICIAN
    remedy_zh = "换一根短的 USB 线，直接插在主机上，不要经过集线器；仍不行就减小 size="
    remedy_en = "use a short USB cable straight into the computer, not a hub; otherwise a smaller size="


class NoFrame(DeviceTimeout):
    """Raised when no picture comes in time."""

    code = "F-05"
    what_zh = "摄像头没有画面"
    what_en = "no picture comes from the camera"
    who = Actor.CLERK
    remedy_zh = "拔下高拍仪的 USB 线，等五秒再插上；仍没有画面请联系技术员"
    remedy_en = "unplug the camera's USB cable, wait five seconds, plug it in; otherwise call the technician"


class UsbTooBusy(DeviceError, OSError):
    """Raised when the USB bus has no bandwidth left for this camera."""

    code = "F-06"
    what_zh = "USB 带宽不够，摄像头启动不了"
    what_en = "there is not enough USB bandwidth for the camera"
    who = Actor.TECHNICIAN
    remedy_zh = "把高拍仪插到另一个 USB 口，不要和别的摄像头共用集线器；或减小 size="
    remedy_en = "plug the camera into another USB port, away from other cameras, or use a smaller size="


class FrameStale(DeviceError, OSError):
    """Raised when the newest picture of a folder is older than its URL allows."""

    code = "F-07"
    what_zh = "文件夹里的画面是旧的"
    what_en = "the newest picture in the folder is an old one"
    who = Actor.TECHNICIAN
    remedy_zh = "检查往文件夹里写画面的程序是否还在运行"
    remedy_en = "see whether the program that writes the pictures is still running"


class TooLarge(DeviceError, ValueError):
    """Raised for a picture with more pixels or bytes than any document camera delivers."""

    code = "F-08"
    what_zh = "画面太大"
    what_en = "the picture is too large"
    who = Actor.TECHNICIAN
    remedy_zh = "减小摄像头的 size="
    remedy_en = "use a smaller size= for the camera"


COARSE = Fault(
    "F-09",
    "摄像头分辨率偏低，A4 纸不到 200 dpi",
    "the camera's resolution is low: A4 gets less than 200 dpi",
    Actor.TECHNICIAN,
    "在 hall.toml 里改大 size=；设备没有更大的尺寸时，换 500 万像素以上的高拍仪",
    "set a larger size= in hall.toml; if there is none, use a camera of 5 megapixels or more",
    blocking=False,
)
