"""What can be wrong with a scanner, in words that a person can act on."""

from __future__ import annotations

from halldrivers.errors import Actor, DeviceError, DeviceTimeout, PortAbsent, PortDenied


class ScannerProgramMissing(DeviceError, FileNotFoundError):
    """Raised when a program that scans is not installed."""

    code = "N-01"
    what_zh = "没有安装扫描程序"
    what_en = "a program for scanning is not installed"
    who = Actor.TECHNICIAN
    remedy_zh = "安装：sudo apt-get install sane-utils sane-airscan"
    remedy_en = "install it: sudo apt-get install sane-utils sane-airscan"


class ScannerAbsent(PortAbsent):
    """Raised when the scanner does not answer at its address."""

    code = "N-02"
    what_zh = "找不到扫描仪"
    what_en = "the scanner is not there"
    who = Actor.CLERK
    remedy_zh = "检查扫描仪电源、连接线或网线，屏幕休眠的先按键唤醒；都正常仍找不到，请联系技术员核对地址"
    remedy_en = (
        "check the scanner's power and cable, and wake it if it sleeps; if all is well and it is still "
        "missing, a technician must check its address"
    )


class FeederEmpty(DeviceError, OSError):
    """There is no paper in the feeder: a person is asked, nothing is broken."""

    code = "N-03"
    what_zh = "进纸器里没有纸"
    what_en = "there is no paper in the feeder"
    who = Actor.CLERK
    remedy_zh = "把材料理齐放进进纸器，推到底，再扫一次"
    remedy_en = "put the sheets squarely into the feeder, all the way in, and scan again"


class FeederJammed(DeviceError, OSError):
    """A sheet is stuck in the feeder."""

    code = "N-04"
    what_zh = "扫描仪卡纸"
    what_en = "paper is jammed in the scanner"
    who = Actor.CLERK
    remedy_zh = "打开进纸器盖，顺着走纸方向取出卡住的纸，盖好；已扫的页还在，从卡住的那一张接着扫"
    remedy_en = (
        "open the feeder's cover, pull the sheet out the way it was going, close the cover; pages scanned "
        "before are kept, go on from the jammed sheet"
    )


class ScannerCoverOpen(DeviceError, OSError):
    """The scanner's cover is open."""

    code = "N-05"
    what_zh = "扫描仪的盖子没有合好"
    what_en = "the scanner's cover is open"
    who = Actor.CLERK
    remedy_zh = "把盖子按到位，再扫一次"
    remedy_en = "press the cover shut and scan again"


class ScannerBusy(DeviceError, OSError):
    """Somebody else uses the scanner."""

    code = "N-06"
    what_zh = "扫描仪正忙"
    what_en = "the scanner is busy"
    who = Actor.CLERK
    remedy_zh = "等别人的复印或扫描结束后再试；一直忙就关机重开"
    remedy_en = (
        "wait until the other copy or scan is done and try again; if it stays busy, switch it off and on"
    )


class ScannerIoError(DeviceError, OSError):
    """The link to the scanner failed in the middle of a scan."""

    code = "N-07"
    what_zh = "扫描中断"
    what_en = "the scan broke off"
    who = Actor.CLERK
    remedy_zh = "检查连接线或网线，把没扫完的那一张重新放入再扫；反复出现请关机重开"
    remedy_en = (
        "check the cable, lay the unfinished sheet again and scan; if it comes back, switch it off and on"
    )


class ScannerDenied(PortDenied):
    """The scanner or the operating system refuses this user."""

    code = "N-08"
    what_zh = "没有权限使用扫描仪"
    what_en = "no permission to use the scanner"
    who = Actor.TECHNICIAN
    remedy_zh = "把运行用户加入 scanner 组（USB），或在扫描仪网页上关闭扫描密码（网络）"
    remedy_en = (
        "add the service user to group scanner (USB), or switch scan passwords off on the scanner's own "
        "page (network)"
    )


class ScanRefused(DeviceError, ValueError):
    """The scanner works, but does not take this scan's settings."""

    code = "N-09"
    what_zh = "扫描仪不接受这样的扫描设置"
    what_en = "the scanner does not take these settings"
    who = Actor.TECHNICIAN
    remedy_zh = "去掉 hall.toml 里扫描仪地址后面的 source、mode、resolution 再试，并把下面的原文发给开发者"
    remedy_en = (
        "remove source, mode and resolution from the scanner's URL in hall.toml and try again; send the "
        "text to the developers"
    )


class ScanTimeout(DeviceTimeout):
    """No page came in the time that a page may take."""

    code = "N-10"
    what_zh = "扫描仪太久没有送出一页"
    what_en = "no page came from the scanner in time"
    who = Actor.CLERK
    remedy_zh = "看看扫描仪屏幕上有没有提示；没有就关机重开，把没扫完的那一张重新放入"
    remedy_en = "look for a message on the scanner; otherwise switch it off and on and lay the sheet again"


class PageBroken(DeviceError, OSError):
    """A page came that is not whole; it was thrown away."""

    code = "N-11"
    what_zh = "扫出的一页不完整，已丢弃"
    what_en = "a page is not whole and was thrown away"
    who = Actor.CLERK
    remedy_zh = "把这一张重新放入再扫；反复出现请联系技术员"
    remedy_en = "lay this sheet again and scan; if it comes back, call the technician"


class ScanDiskFull(DeviceError, OSError):
    """There is no room for pages."""

    code = "N-12"
    what_zh = "存储空间不足，不能扫描"
    what_en = "the disk has no room for pages"
    who = Actor.TECHNICIAN
    remedy_zh = "用 hall status 看扫描件积压，清出空间后再扫；已扫的页还在"
    remedy_en = (
        "look with hall status for what is waiting, make room, then scan; pages scanned before are kept"
    )


class PageLengthUnknown(DeviceError, OSError):
    """The scanner does not say how long a page is, which JPEG needs; the next scan does without."""

    code = "N-13"
    what_zh = "扫描仪不报纸张长度，已改用 TIFF"
    what_en = "the scanner does not tell a page's length; TIFF is used from now on"
    who = Actor.CLERK
    remedy_zh = "把材料重新放入再扫一次就好；技术员可在扫描仪地址后写 format=tiff"
    remedy_en = "lay the sheets again and scan once more; a technician can write format=tiff into its URL"


class ScannerLocked(DeviceError, OSError):
    """The scanner's transport lock is on."""

    code = "N-14"
    what_zh = "扫描仪的运输锁没有打开"
    what_en = "the scanner's transport lock is on"
    who = Actor.CLERK
    remedy_zh = "把扫描仪底部或侧面的锁扣拨到开锁位置，关机重开"
    remedy_en = "turn the lock at its bottom or side to open, then switch it off and on"


class ScannerCrashed(DeviceError, RuntimeError):
    """The scanner's driver program ended by itself."""

    code = "N-15"
    what_zh = "扫描仪的驱动程序出错退出"
    what_en = "the scanner's driver program crashed"
    who = Actor.TECHNICIAN
    remedy_zh = "再扫一次；反复出现请更新 sane 软件包，或改用网络方式 escl://"
    remedy_en = "scan again; if it comes back, update the sane packages, or use the network form escl://"


class ScanStoppedAtDevice(DeviceError, OSError):
    """Somebody pressed stop at the scanner itself."""

    code = "N-16"
    what_zh = "有人在扫描仪上按了停止"
    what_en = "somebody pressed stop at the scanner"
    who = Actor.CLERK
    remedy_zh = "已扫的页还在；要继续就把剩下的放入再扫"
    remedy_en = "pages scanned before are kept; to go on, lay the rest and scan"


class ScanFolderAbsent(PortAbsent):
    """The watched folder is not there."""

    code = "N-17"
    what_zh = "找不到扫描文件夹"
    what_en = "the scan folder is not there"
    who = Actor.TECHNICIAN
    remedy_zh = "建立这个文件夹，并检查扫描仪存放的位置（SMB/FTP）是不是它"
    remedy_en = "make the folder, and check that the scanner's SMB or FTP target is this one"


class ScanFolderDenied(PortDenied):
    """The watched folder refuses us."""

    code = "N-18"
    what_zh = "没有权限取走扫描文件夹里的文件"
    what_en = "no permission to take files out of the scan folder"
    who = Actor.TECHNICIAN
    remedy_zh = "让运行用户能读写这个文件夹：chgrp hall、chmod 2770"
    remedy_en = "let the service user read and write the folder: chgrp hall, chmod 2770"


class NothingArrived(DeviceError, OSError):
    """Nothing came into the watched folder while somebody waited for it."""

    code = "N-19"
    what_zh = "扫描文件夹里没有收到文件"
    what_en = "nothing came into the scan folder"
    who = Actor.CLERK
    remedy_zh = "在扫描仪上选“扫描到文件夹”再扫一次；仍收不到请联系技术员"
    remedy_en = "choose scan to folder at the scanner and scan again; if nothing comes, call the technician"


class FilesSetAside(DeviceError, OSError):
    """Files of the watched folder that are no whole page were set aside, not deleted."""

    code = "N-20"
    what_zh = "扫描文件夹里有文件不能用，已移到 set-aside"
    what_en = "files in the scan folder cannot be used and were moved to set-aside"
    who = Actor.CLERK
    remedy_zh = "少了的页请重新扫描；set-aside 里的文件由技术员查看后处理"
    remedy_en = "scan missing pages again; a technician looks through set-aside"


class FilesWaiting(DeviceError, OSError):
    """Files lie in the watched folder that nobody asked for."""

    code = "N-21"
    what_zh = "扫描文件夹里有没人要的文件"
    what_en = "files lie in the scan folder that nobody asked for"
    who = Actor.CLERK
    remedy_zh = "先在窗口开始扫描，再到扫描仪上扫；下次开始扫描时，这些旧文件会移到 set-aside"
    remedy_en = "begin at the window before scanning; the next scan moves these old files to set-aside"


class ScannerNotListed(DeviceError, OSError):
    """SANE does not know a scanner of this name."""

    code = "N-22"
    what_zh = "系统里没有这个名字的扫描仪"
    what_en = "there is no scanner of this name"
    who = Actor.TECHNICIAN
    remedy_zh = "用 scanimage -L 列出扫描仪，把引号里的名字写进 hall.toml：sane:名字"
    remedy_en = "list scanners with scanimage -L and write the quoted name into hall.toml as sane:NAME"


class ScanStoreUnusable(DeviceError, OSError):
    """Our own folder for pages cannot be used."""

    code = "N-23"
    what_zh = "存放扫描件的文件夹不能用"
    what_en = "the folder that pages are kept in cannot be used"
    who = Actor.TECHNICIAN
    remedy_zh = "检查这个文件夹的权限和所在磁盘（只读、拔出）"
    remedy_en = "check the folder's permissions and its disk (read-only, pulled out)"


class DocumentNotPictures(DeviceError, ValueError):
    """A document has pages that are not one picture each, or a picture that cannot be kept as it is."""

    code = "N-24"
    what_zh = "送来的 PDF 或 TIFF 不是每页一幅图像，整份没有收下"
    what_en = "a PDF or TIFF that came is not one picture a page; nothing of it was taken"
    who = Actor.TECHNICIAN
    remedy_zh = (
        "在扫描的机器上把文件格式改为 JPEG 或普通 PDF：关掉“可搜索 PDF/OCR 文字”、“高压缩 PDF”，再扫一次；"
        "原文件在 set-aside"
    )
    remedy_en = (
        "at the machine that scans choose JPEG or plain PDF: no searchable PDF or OCR text, no "
        "high-compression PDF; then scan again; the file is in set-aside"
    )


class DocumentEncrypted(DeviceError, ValueError):
    """A PDF is encrypted, with or without a password to open it."""

    code = "N-25"
    what_zh = "送来的 PDF 加了密，整份没有收下"
    what_en = "a PDF that came is encrypted; nothing of it was taken"
    who = Actor.TECHNICIAN
    remedy_zh = "在扫描的机器上关掉 PDF 加密和密码，或把文件格式改为 JPEG，再扫一次；原文件在 set-aside"
    remedy_en = (
        "at the machine that scans switch PDF encryption and passwords off, or choose JPEG; then scan again; "
        "the file is in set-aside"
    )


class DocumentDamaged(DeviceError, ValueError):
    """A document cannot be read to its end."""

    code = "N-26"
    what_zh = "送来的 PDF 或 TIFF 已损坏，整份没有收下"
    what_en = "a PDF or TIFF that came is damaged; nothing of it was taken"
    who = Actor.CLERK
    remedy_zh = "再扫一次；反复出现，请技术员把扫描的机器改为 JPEG 格式；原文件在 set-aside"
    remedy_en = (
        "scan again; if it comes back, a technician sets the machine that scans to JPEG; "
        "the file is in set-aside"
    )


class DocumentTooBig(DeviceError, ValueError):
    """A document has more pages, pixels or bytes than may be taken, or takes too long."""

    code = "N-27"
    what_zh = "送来的 PDF 或 TIFF 太大，整份没有收下"
    what_en = "a PDF or TIFF that came is too big; nothing of it was taken"
    who = Actor.CLERK
    remedy_zh = "分成几份扫，或把分辨率改为 300 dpi 以下；原文件在 set-aside"
    remedy_en = "scan it in several parts, or at 300 dpi or less; the file is in set-aside"


class DocumentReaderFailed(DeviceError, RuntimeError):
    """The program that takes documents apart failed."""

    code = "N-28"
    what_zh = "程序没能拆开送来的 PDF 或 TIFF，整份没有收下"
    what_en = "our program could not take a PDF or TIFF apart; nothing of it was taken"
    who = Actor.VENDOR
    remedy_zh = "先把扫描的机器改为 JPEG 格式再扫；请把日志发给开发者，原文件在 set-aside"
    remedy_en = (
        "set the machine that scans to JPEG and scan again; send the log to the developers; "
        "the file is in set-aside"
    )
