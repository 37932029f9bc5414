"""What can be wrong with the scan store, in words that a person can act on: codes L-01 to L-29."""

from __future__ import annotations

from dataclasses import replace

from halldrivers.errors import Actor, DeviceError, Fault


class StoreError(DeviceError):
    """Base of everything that the scan store raises. Abstract."""


def as_warning(error: StoreError) -> Fault:
    """The trouble as a value, when scanning goes on all the same."""
    return replace(error.as_fault(), blocking=False)


# --- the county's certificate ------------------------------------------------------------------------


class CertificateMissing(StoreError, FileNotFoundError):
    """Raised when there is no certificate to seal for: scanning stops."""

    code = "L-01"
    what_zh = "没有县里的加密证书，不能扫描"
    what_en = "the county's certificate is missing, scanning is stopped"
    who = Actor.TECHNICIAN
    remedy_zh = "向县里要加密证书（.crt/.pem，不含私钥），放到 hall.toml 写的位置；放好后马上可以扫描"
    remedy_en = (
        "ask the county for its certificate (.crt/.pem, without the private key) and put it where hall.toml "
        "says; scanning works at once"
    )


class CertificateBad(StoreError, ValueError):
    """Raised when the certificate's file is not exactly one X.509 certificate."""

    code = "L-02"
    what_zh = "县里的加密证书文件无法识别"
    what_en = "the county's certificate file cannot be understood"
    who = Actor.TECHNICIAN
    remedy_zh = "文件里应当只有一张 X.509 证书（PEM 或 DER），请重新向县里索取"
    remedy_en = "the file must hold exactly one X.509 certificate (PEM or DER); ask the county for it again"


class CertificatePrivate(StoreError, ValueError):
    """Raised when the file holds a private key: the county's secret must not lie in a hall."""

    code = "L-03"
    what_zh = "证书文件里有私钥，不允许放在大厅"
    what_en = "the certificate file holds a private key, which must not be in a hall"
    who = Actor.TECHNICIAN
    remedy_zh = "删除这个文件，只放证书；告诉县里这把私钥已经外泄，需要更换"
    remedy_en = (
        "delete the file and put the certificate alone; tell the county that this key got out and must change"
    )


class CertificateUnfit(StoreError, ValueError):
    """Raised when the certificate's key is too weak or is not meant for encryption."""

    code = "L-04"
    what_zh = "县里的证书不能用于加密扫描件"
    what_en = "the county's certificate is not fit for sealing scans"
    who = Actor.TECHNICIAN
    remedy_zh = "请县里换发 RSA 2048 位以上、用途含“密钥加密”的证书"
    remedy_en = "the county must issue one with RSA of at least 2048 bits and the key usage keyEncipherment"


class CertificateExpired(StoreError):
    """A warning: the certificate is out of its dates. Scanning goes on, a stopped hall helps nobody."""

    code = "L-05"
    what_zh = "县里的加密证书不在有效期内（扫描照常）"
    what_en = "the county's certificate is out of its dates (scanning goes on)"
    who = Actor.TECHNICIAN
    remedy_zh = "先核对本机日期；日期没错就请县里换发证书，新证书放好后下一份材料就用它"
    remedy_en = (
        "check this machine's date first; if it is right, ask the county for a new certificate: the next "
        "material uses it"
    )


# --- room and the disk -------------------------------------------------------------------------------


class BudgetFull(StoreError, OSError):
    """Raised before anything is written, when a page would break the disk budget."""

    code = "L-10"
    what_zh = "扫描件存储已满，等待上传"
    what_en = "the room for scans is full, they wait for the county"
    who = Actor.TECHNICIAN
    remedy_zh = "检查到县里的网络和上传；县里确认收到后自动腾出空间。未确认的扫描件不会被删除"
    remedy_en = (
        "check the line and the upload to the county: room comes back when it acknowledges. Nothing that it "
        "has not acknowledged is deleted"
    )


class BudgetLow(StoreError):
    """A warning: the room for scans is nearly used up."""

    code = "L-11"
    what_zh = "扫描件存储快满了"
    what_en = "the room for scans is nearly full"
    who = Actor.TECHNICIAN
    remedy_zh = "检查到县里的网络和上传，趁还能扫描时处理"
    remedy_en = "check the line and the upload to the county while scanning still works"


class DiskFull(StoreError, OSError):
    """Raised when the disk itself has no room, whoever filled it."""

    code = "L-12"
    what_zh = "磁盘空间不足，不能保存扫描页"
    what_en = "the disk has no room for the page"
    who = Actor.TECHNICIAN
    remedy_zh = "用 df -h 看看是什么占了磁盘，清理后重新扫描这一页；之前的页都还在"
    remedy_en = "look with df -h what fills the disk, then scan this page again; the earlier pages are kept"


class DiskBroken(StoreError, OSError):
    """Raised when the disk fails, or went read-only, or gives back other bytes than were written."""

    code = "L-13"
    what_zh = "存储卡读写出错"
    what_en = "the disk fails"
    who = Actor.TECHNICIAN
    remedy_zh = "用 dmesg 查看存储卡错误；先备份，再更换存储卡"
    remedy_en = "look at dmesg for errors of the card; make a backup, then replace it"


class FolderDenied(StoreError, PermissionError):
    """Raised when the folder of scans is not this user's own, or is not a folder."""

    code = "L-14"
    what_zh = "扫描件文件夹不可用"
    what_en = "the folder of scans cannot be used"
    who = Actor.TECHNICIAN
    remedy_zh = "文件夹应属于运行用户、权限 0700：chown -R 和 chmod 0700 后重启"
    remedy_en = "it must belong to the service user with mode 0700: chown -R, chmod 0700, then restart"


class StoreBusy(StoreError, OSError):
    """Raised when another process holds the folder."""

    code = "L-15"
    what_zh = "另一个程序正在使用扫描件文件夹"
    what_en = "another process holds the folder of scans"
    who = Actor.TECHNICIAN
    remedy_zh = "停掉第二个自助终端程序；每个终端用自己的文件夹"
    remedy_en = "stop the second terminal process; each terminal has a folder of its own"


# --- a page and a material ---------------------------------------------------------------------------


class PageUnreadable(StoreError, ValueError):
    """Raised when a picture cannot become a page: it is broken, cut off, too large, or of another kind."""

    code = "L-20"
    what_zh = "这一页的图像不完整或无法识别"
    what_en = "the picture of this page is broken or of an unknown kind"
    who = Actor.CLERK
    remedy_zh = "请重新扫描这一页；反复出现请联系技术员检查扫描设备"
    remedy_en = "scan this page again; if it comes back, the technician must look at the scanner"


class PageMismatch(StoreError, ValueError):
    """Raised when a page is not what its hashes or its size say: our own program mixed something up."""

    code = "L-21"
    what_zh = "扫描页与它的校验值不符"
    what_en = "the page does not match its hashes"
    who = Actor.VENDOR
    remedy_zh = "请重新扫描这一页，并把日志发给开发者"
    remedy_en = "scan this page again, and send the log to the developers"


class MaterialFull(StoreError, ValueError):
    """Raised when a material has as many pages or bytes as one file may have."""

    code = "L-22"
    what_zh = "这份材料页数太多"
    what_en = "this material has too many pages"
    who = Actor.CLERK
    remedy_zh = "先完成这份材料，其余的页作为下一份扫描"
    remedy_en = "finish this material and scan the other pages as the next one"


class PageDamaged(StoreError, OSError):
    """Raised when a page that was kept cannot be read back; its file was moved aside, the others are kept."""

    code = "L-23"
    what_zh = "已保存的页读不出来了"
    what_en = "a page that was kept cannot be read back"
    who = Actor.CLERK
    remedy_zh = "请把这一页再扫描一次，或确认不要这一页；同时请技术员检查存储卡"
    remedy_en = "scan this page again, or confirm to go without it; the technician must check the card"

    def __init__(self, *numbers: int) -> None:
        listed = ", ".join(str(number) for number in numbers)
        super().__init__(f"page {listed}", f"第 {listed} 页")
        self.numbers = numbers
        """Numbers of the pages, from 1."""


class NoSuchPage(StoreError, LookupError):
    """Raised when a page is named that the material does not have, or that it has already."""

    code = "L-24"
    what_zh = "没有这一页"
    what_en = "there is no such page"
    who = Actor.CLERK
    remedy_zh = "请刷新页面列表后再试"
    remedy_en = "look at the list of pages again"


class NoPages(StoreError, ValueError):
    """Raised when a material without a page is finished."""

    code = "L-25"
    what_zh = "还没有扫描任何一页"
    what_en = "no page was scanned yet"
    who = Actor.CLERK
    remedy_zh = "先扫描，再完成；不需要这份材料就取消"
    remedy_en = "scan first, or cancel the material"


class SessionEnded(StoreError, ValueError):
    """Raised when a page is added to a material that was finished or cancelled."""

    code = "L-26"
    what_zh = "这份材料已经结束"
    what_en = "this material is finished or cancelled"
    who = Actor.CLERK
    remedy_zh = "为其余的页新建一份材料"
    remedy_en = "begin another material for further pages"


class BadScanField(StoreError, ValueError):
    """Raised when an id cannot stand in a file of the store: wrong form, or shaped like an ID number."""

    code = "L-27"
    what_zh = "扫描任务的编号不合规"
    what_en = "an id of the scan is not allowed"
    who = Actor.VENDOR
    remedy_zh = "这是程序或配置错误：编号只能用字母、数字和 . _ : -，不能含证件号码"
    remedy_en = "a program or configuration error: ids are letters, digits and . _ : -, never an ID number"
