"""What the rules refuse: nothing changed, and a person can do something about it."""

from __future__ import annotations

from hallqueue.errors.base import Actor, Refused


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


class DayFull(Refused):
    """Those who wait for the service already take what is left of the day."""

    code, who = "Q-33", Actor.CITIZEN
    zh = "{service}排队的人今天已经办不完"
    en = "those who wait for {service} already take what is left of today"
    fix_zh = "请改天来（{hours}），急办的请工作人员帮您取号"
    fix_en = "come {hours_en}, or ask the staff for a ticket if it is urgent"


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


class UnknownDeviceTest(Refused, LookupError):
    """No such test of a device is under way."""

    code, zh, en = "Q-23", "没有进行中的设备测试：{test}", "no device test {test} is under way"
    fix_zh, fix_en = "请重新测试", "ask for the test again"
    who = Actor.TECHNICIAN


class DeviceTestRunning(Refused):
    """The device is being tested already."""

    code, zh, en = "Q-24", "{device}正在测试", "{device} is being tested already"
    fix_zh, fix_en = "请等这次测试结束，最多三分钟", "wait until that test ends, three minutes at most"
    who = Actor.TECHNICIAN


class DeviceHeld(Refused):
    """Another process speaks for the device."""

    code = "Q-34"
    zh, en = "{device}已由另一个进程（{pid}）管着", "another process ({pid}) holds {device} already"
    fix_zh = "同一个角色只运行一个，请停掉多余的那个"
    fix_en = "run each role once: stop the one that is too many"
    who = Actor.TECHNICIAN


class UnknownScan(Refused, LookupError):
    """No such scan lies here (any more)."""

    code, zh, en = "Q-25", "没有这份扫描材料：{scan}", "no such scan is kept here: {scan}"
    fix_zh, fix_en = "无需处理", "nothing to do"
    who = Actor.NOBODY


class ScanNotAcknowledged(Refused):
    """The county does not have it yet: it must not be wiped."""

    code, zh, en = "Q-26", "扫描材料{scan}还没有上传，不能删除", "scan {scan} is not at the county yet"
    fix_zh, fix_en = "联网后会自动上传", "it is sent when the line is back"
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

    code, zh, en = "Q-32", "“{role}”无权{verb}", "{role_en} may not {verb_en}"
    fix_zh, fix_en = "请用有权限的账号", "use an account that may"
    who = Actor.TECHNICIAN
