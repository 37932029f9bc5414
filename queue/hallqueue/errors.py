"""What the queue refuses or cannot do, in words a person can act on.

Every leaf carries a stable ``code``, what happened and what to do (Chinese first, English beside it)
and who must act. ``Refused`` is an answer of the rules (the queue is empty, the window is busy);
``Trouble`` is the machine's (disk full, keeper gone). Over the socket an error travels as its code
and its details and is the same class again on the other side (:mod:`hallqueue.wire.raised`).
"""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar


class Actor(StrEnum):
    """Who must act on an error (XFS4IoT calls this the error action)."""

    CLERK = "clerk"
    """办事员"""
    CITIZEN = "citizen"
    """群众"""
    TECHNICIAN = "technician"
    """技术员"""
    NOBODY = "nobody"
    """It heals by itself."""


class HallError(Exception):
    """Base of everything the hall reports to a person.

    The class texts are templates over ``details``: ``{number}`` in ``what_zh`` is filled from
    ``details["number"]``.
    """

    code: ClassVar[str] = "HALL"
    who: ClassVar[Actor] = Actor.TECHNICIAN
    zh: ClassVar[str] = "出现未知问题"
    en: ClassVar[str] = "something unknown went wrong"
    fix_zh: ClassVar[str] = "请联系技术员"
    fix_en: ClassVar[str] = "call the technician"

    def __init__(self, **details: str | int) -> None:
        self.details = details
        super().__init__(f"{self.code} {self.what_zh}（{self.remedy_zh}）/ {self.what_en}; {self.remedy_en}")

    def _fill(self, template: str) -> str:
        return template.format_map(_Blank(self.details))

    @property
    def what_zh(self) -> str:
        """What happened, in Chinese."""
        return self._fill(self.zh)

    @property
    def what_en(self) -> str:
        """What happened, in English."""
        return self._fill(self.en)

    @property
    def remedy_zh(self) -> str:
        """What to do, in Chinese."""
        return self._fill(self.fix_zh)

    @property
    def remedy_en(self) -> str:
        """What to do, in English."""
        return self._fill(self.fix_en)


class _Blank(dict[str, str | int]):
    """A detail the sender left out shows as an ellipsis instead of breaking the message."""

    def __missing__(self, key: str) -> str:
        return "…"


class Refused(HallError):
    """The rules say no; nothing changed."""

    who = Actor.CLERK


class Trouble(HallError):
    """The machine could not; nothing changed, and the same request may be repeated under its key."""


class UnknownService(Refused, LookupError):
    """No service of that id in the plan."""

    code, zh, en = "Q-01", "没有这个事项：{service}", "no such service: {service}"
    fix_zh, fix_en = "请检查 hall.toml 里的事项编号", "check the service id in hall.toml"


class UnknownWindow(Refused, LookupError):
    """No window of that number in the plan."""

    code, zh, en = "Q-02", "没有{window}号窗口", "there is no window {window}"
    fix_zh, fix_en = "请检查窗口号", "check the window number"


class UnknownTicket(Refused, LookupError):
    """No ticket of that id or number today."""

    code, zh, en = "Q-03", "没有这张票：{ticket}", "no such ticket: {ticket}"
    fix_zh, fix_en = "请核对票号", "check the ticket number"


class HallClosed(Refused):
    """Outside the hours of the service, or the day was closed."""

    code, who = "Q-04", Actor.CITIZEN
    zh, en = "现在不取号：{why}", "no tickets now: {why_en}"
    fix_zh, fix_en = "取号时间：{hours}", "ticket hours: {hours_en}"


class DayLimit(Refused):
    """The service has given out all the tickets it may give today."""

    code, who = "Q-05", Actor.CITIZEN
    zh, en = "{service}今天的{limit}个号已取完", "all {limit} tickets of {service} are taken today"
    fix_zh, fix_en = "请改天再来或咨询工作人员", "come another day or ask the staff"


class PersonLimit(Refused):
    """This person has had all the tickets one person may take today."""

    code, who = "Q-06", Actor.CITIZEN
    zh, en = "您今天已取过{limit}个{service}的号", "you already took {limit} tickets for {service} today"
    fix_zh, fix_en = "请咨询工作人员", "ask the staff"


class AlreadyWaiting(Refused):
    """One active ticket per person and queue; this person holds ``number`` already."""

    code, who = "Q-07", Actor.CITIZEN
    zh, en = "您已有号{number}，不用再取", "you already hold {number}"
    fix_zh, fix_en = "请凭{number}等候叫号", "wait for {number} to be called"


class NoWindow(Refused):
    """No open window serves this service now and the plan says not to issue then."""

    code, who = "Q-08", Actor.CITIZEN
    zh, en = "{service}现在没有窗口办理", "no window serves {service} now"
    fix_zh, fix_en = "请咨询工作人员", "ask the staff"


class QueueEmpty(Refused):
    """Nobody waits that this window may serve (暂无排队)."""

    code, zh, en = "Q-10", "暂无排队", "nobody is waiting"
    fix_zh, fix_en = "有人取号后会提示", "you will see when someone takes a ticket"


class WindowBusy(Refused):
    """The window already has a ticket in hand; a window has one at a time."""

    code, zh, en = "Q-11", "{window}号窗口正在办理{number}", "window {window} still has {number}"
    fix_zh, fix_en = "请先办结、过号或挂起{number}", "finish, pass or hold {number} first"


class WindowIdle(Refused):
    """Nothing is called or served at the window (请先叫号)."""

    code, zh, en = "Q-12", "{window}号窗口没有叫到的票", "window {window} has no ticket in hand"
    fix_zh, fix_en = "请先叫号", "call a ticket first"


class WindowNotOpen(Refused):
    """The window is paused or not opened."""

    code, zh, en = "Q-13", "{window}号窗口未开放", "window {window} is not open"
    fix_zh, fix_en = "请先开窗", "open the window first"


class WrongState(Refused):
    """The state machine has no such move."""

    code, zh, en = "Q-14", "{number}现在是“{state}”，不能{verb}", "{number} is {state_en}: cannot {verb_en}"
    fix_zh, fix_en = "请刷新后再试", "look at the current state and try again"


class RecallLimit(Refused):
    """Recalled as often as the plan allows."""

    code, zh, en = "Q-15", "{number}已重呼{limit}次", "{number} was recalled {limit} times"
    fix_zh, fix_en = "请按过号，叫下一位", "pass it and call the next"


class StaleView(Refused):
    """The screen that asked showed another ticket than the window has: a guard against misclicks."""

    code, zh, en = (
        "Q-16",
        "画面已过时：窗口现在是{number}",
        "the screen is out of date: the window has {number}",
    )
    fix_zh, fix_en = "看清后再按一次", "look again, then press again"


class NotServedHere(Refused):
    """This window may not serve that service."""

    code, zh, en = "Q-17", "{window}号窗口不办理{service}", "window {window} does not serve {service}"
    fix_zh, fix_en = "请转移到其他窗口", "transfer it to another window"


class ReturnTooLate(Refused):
    """A passed ticket came back after the plan's limit of tickets or minutes."""

    code, zh, en = "Q-18", "{number}过号太久，不能恢复", "{number} was passed too long ago"
    fix_zh, fix_en = "请重新取号", "take a new ticket"


class HeldLimit(Refused):
    """The window holds as many tickets as the plan allows."""

    code, zh, en = "Q-19", "{window}号窗口已挂起{limit}个", "window {window} already holds {limit}"
    fix_zh, fix_en = "请先办结一个挂起的号", "finish a held one first"


class StillServing(Refused):
    """The day cannot be closed while windows have people in hand, unless forced."""

    code, zh, en = "Q-20", "窗口{windows}还在办理", "windows {windows} are still serving"
    fix_zh, fix_en = "请先办结，或强制关闭", "finish them, or close with force"


class WaitsElsewhere(Refused):
    """The ticket was transferred to another window, which is open or merely paused."""

    code, zh, en = "Q-22", "{number}已转到{window}号窗口等候", "{number} waits for window {window}"
    fix_zh, fix_en = "请由{window}号窗口叫号", "window {window} calls it, or closes"


class UnknownJob(Refused, LookupError):
    """No print job of that id, or it is not in the state the report speaks of."""

    code, zh, en = "Q-21", "没有这个打印任务：{job}", "no such print job in that state: {job}"
    fix_zh, fix_en = "无需处理", "nothing to do"
    who = Actor.NOBODY


class BadRequest(Refused, ValueError):
    """A parameter is missing, of the wrong type or out of its range."""

    code, zh, en = "Q-30", "请求有误：{why}", "bad request: {why}"
    fix_zh, fix_en = "请检查参数", "check the parameters"


class KeyReused(Refused):
    """The same idempotency key came with another request."""

    code, zh, en = "Q-31", "请求标识重复使用", "an idempotency key was used for another request"
    fix_zh, fix_en = "程序错误，请报告技术员", "a program error: report it"
    who = Actor.TECHNICIAN


class NotAllowed(Refused, PermissionError):
    """This peer may not do that."""

    code, zh, en = "Q-32", "“{role}”无权{verb}", "{role} may not {verb}"
    fix_zh, fix_en = "请用有权限的账号", "use an account that may"
    who = Actor.TECHNICIAN


class StorageFull(Trouble, OSError):
    """The disk is full: nothing was recorded."""

    code, zh, en = "S-01", "磁盘已满，未保存", "the disk is full; nothing was recorded"
    fix_zh, fix_en = "请清理磁盘，之后自动恢复", "free some disk space; it goes on by itself"


class StorageReadOnly(Trouble, OSError):
    """The state folder cannot be written."""

    code, zh, en = "S-02", "数据目录不可写：{path}", "the state folder cannot be written: {path}"
    fix_zh, fix_en = "请检查目录权限和存储卡", "check the folder's owner and the card"


class StorageNewer(Trouble):
    """A newer version wrote this database."""

    code, zh, en = "S-03", "数据库来自更新的版本（{found}）", "the database is from a newer version ({found})"
    fix_zh, fix_en = "请升级本软件，数据未动", "upgrade this software; the data was not touched"


class StorageDamaged(Trouble):
    """The database file is damaged."""

    code, zh, en = "S-04", "数据库损坏：{path}", "the database is damaged: {path}"
    fix_zh, fix_en = "原文件已保留，请联系技术员", "the file was kept as it is; call the technician"


class StorageFailed(Trouble, OSError):
    """SQLite reported something else."""

    code, zh, en = "S-05", "保存失败：{why}", "could not be recorded: {why}"


class KeeperRunning(Trouble):
    """Another keeper holds this state folder."""

    code, zh, en = (
        "S-06",
        "已有队列服务在用这个目录：{path}",
        "another keeper is using this state folder: {path}",
    )
    fix_zh, fix_en = "请先停掉另一个（进程{pid}）", "stop the other one first (process {pid})"


class KeeperGone(Trouble, ConnectionError):
    """The keeper cannot be reached (yet)."""

    code, who = "S-07", Actor.NOBODY
    zh, en = "连不上队列服务：{path}", "the keeper cannot be reached: {path}"
    fix_zh, fix_en = "稍候自动重连", "it reconnects by itself"


class ProtocolBroken(Trouble, ConnectionError):
    """The other side sent something that is not the protocol."""

    code, zh, en = "S-08", "通信内容有误：{why}", "the other side broke the protocol: {why}"


class KeeperBusy(Trouble, ConnectionError):
    """The keeper has as many connections as it takes."""

    code, who = "S-09", Actor.NOBODY
    zh, en = "队列服务连接太多（{limit}）", "the keeper has {limit} connections already"
    fix_zh, fix_en = "稍候自动重连", "it reconnects by itself"


class KeeperFault(Trouble, RuntimeError):
    """A program error in the keeper met this request; nothing of it was recorded."""

    code, zh, en = "S-10", "队列服务内部错误，未保存", "a program error in the keeper; nothing was recorded"
    fix_zh, fix_en = "请把日志交给技术员", "give the keeper's log to the technician"
