"""What can be wrong with what lies in the store, and with the log that knows it: codes L-30 to L-39."""

from __future__ import annotations

from halldrivers.errors import Actor
from halldrivers.scanstore.errors import StoreError


class LedgerAway(StoreError, ConnectionError):
    """Raised by a ledger that cannot be reached: the sealed file waits, nothing is lost."""

    code = "L-30"
    what_zh = "排队服务暂时连不上，扫描件已加密保存，稍后自动登记"
    what_en = "the keeper is away; the scan is sealed and kept, and is recorded later"
    who = Actor.NOBODY
    remedy_zh = "不用处理，恢复后自动登记；长时间不恢复请技术员查看排队服务"
    remedy_en = (
        "nothing: it is recorded when the keeper is back; if that takes long, look at the queue service"
    )


class LedgerRefused(StoreError, ValueError):
    """Raised by a ledger that will not take a scan (its ticket is unknown): the sealed file waits."""

    code = "L-31"
    what_zh = "排队服务拒绝登记扫描件，已加密保存"
    what_en = "the keeper refuses to record the scan; it is sealed and kept"
    who = Actor.TECHNICIAN
    remedy_zh = "核对对应的票号是否还在；扫描件不会丢，查清后自动登记"
    remedy_en = "check whether its ticket is still there; the scan is kept and recorded once that is cleared"


class ScanMissing(StoreError, FileNotFoundError):
    """A fault: the hall's log says that a scan is kept, and its file is not there."""

    code = "L-32"
    what_zh = "登记过的扫描件文件不见了"
    what_en = "the file of a recorded scan is missing"
    who = Actor.TECHNICIAN
    remedy_zh = "先看 aside 文件夹和备份；确实没有就登记为丢失，并请办事员补扫"
    remedy_en = "look in the folder aside and in the backup; else record it as lost and have it scanned again"


class ScanDamaged(StoreError, OSError):
    """Raised when a sealed file is not the one that its name says."""

    code = "L-33"
    what_zh = "扫描件文件已损坏"
    what_en = "the sealed file of a scan is damaged"
    who = Actor.TECHNICIAN
    remedy_zh = "不要删除；检查存储卡，请办事员补扫这份材料"
    remedy_en = "do not delete it; check the card, and have the material scanned again"


class FoundAside(StoreError):
    """A fault: something in the folder could not be understood and was moved aside."""

    code = "L-34"
    what_zh = "扫描件文件夹里有无法识别的内容，已移到 aside"
    what_en = "something in the folder of scans could not be understood and was moved aside"
    who = Actor.TECHNICIAN
    remedy_zh = "联系县里核对（.p7m 只有县里能打开），确认不需要后再用命令删除"
    remedy_en = "clear it with the county (a .p7m opens there alone); discard it once nobody needs it"


class NotAcknowledged(StoreError, ValueError):
    """Raised when a scan is to be wiped that the hall's log does not call acknowledged."""

    code = "L-35"
    what_zh = "县里还没有确认收到，不能删除"
    what_en = "the county has not acknowledged it, it is not deleted"
    who = Actor.VENDOR
    remedy_zh = "这是程序错误，扫描件未受影响，请把日志发给开发者"
    remedy_en = "a programming error; the scan is untouched, send the log to the developers"


class PdfUnfaithful(StoreError, RuntimeError):
    """Raised when the PDF, read back, does not hold exactly the pages that went in."""

    code = "L-36"
    what_zh = "生成的 PDF 与扫描页不一致"
    what_en = "the PDF does not hold the pages that went in"
    who = Actor.VENDOR
    remedy_zh = "扫描页都还在，请重试；仍不行请把日志发给开发者"
    remedy_en = "the pages are kept: try again, otherwise send the log to the developers"


class SessionDamaged(StoreError, OSError):
    """A fault: a material in progress cannot be read any more; what is left of it was moved aside."""

    code = "L-37"
    what_zh = "一份扫描中的材料读不出来了"
    what_en = "a material in progress cannot be read any more"
    who = Actor.TECHNICIAN
    remedy_zh = "检查存储卡；请办事员补扫这份材料"
    remedy_en = "check the card; have the material scanned again"


class StoreClosed(StoreError, ValueError):
    """Raised when our own program uses a store that it has not opened."""

    code = "L-38"
    what_zh = "程序使用了未打开的扫描件存储"
    what_en = "the scan store is not open"
    who = Actor.VENDOR
    remedy_zh = "这是程序错误，请把日志发给开发者"
    remedy_en = "this is a programming error: send the log to the developers"


class NoSuchItem(StoreError, LookupError):
    """Raised when a scan is named that the ledger does not know, or a thing that was not set aside."""

    code = "L-39"
    what_zh = "没有这一项"
    what_en = "there is no such item"
    who = Actor.TECHNICIAN
    remedy_zh = "重新列出后再试"
    remedy_en = "list them again and take one of those"
