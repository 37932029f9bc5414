"""The window console's words.

Clerks read them all day: as short as they can be, the number always in the sentence that acts on it.
"""

from collections.abc import Mapping
from types import MappingProxyType

from hallkiosk.wording import Text

TEXTS: Mapping[str, Text] = MappingProxyType(
    {
        "window.title": Text("{number}号窗口 {name}", "Window {number}"),
        "window.clerk": Text("办事员{clerk}", "{clerk}"),
        "window.waiting": Text("等候{count}人", "{count} waiting"),
        "window.clock-unsure": Text("时钟未校准", "clock not set"),
        # The window's state.
        "window.closed": Text("未开窗", "Closed"),
        "window.open": Text("已开窗", "Open"),
        "window.paused": Text("暂停", "Paused"),
        "window.idle": Text("空闲", "Free"),
        "window.unknown": Text("请稍候", "One moment"),
        "window.absent": Text("没有这个窗口", "No such window"),
        "window.paused-why": Text("暂停：{reason}", "Paused: {reason}"),
        "window.day-closed": Text("今天已结束：{reason}", "The day is closed: {reason}"),
        # The primary button.
        "window.do-open": Text("开窗", "Open the window"),
        "window.do-reopen": Text("恢复叫号", "Go on after the pause"),
        "window.do-call": Text("呼叫下一位{number}", "Call next {number}"),
        "window.do-call-none": Text("暂无排队", "Nobody is waiting"),
        "window.do-start": Text("开始办理{number}", "Start {number}"),
        "window.do-finish": Text("办结{number}", "Finish {number}"),
        "window.do-finish-one": Text(
            "办结{number}第{index}项，还有{left}项", "Finish matter {index} of {number}, {left} more"
        ),
        "window.primary-keys": Text("回车", "Enter"),
        "window.primary-keys-call": Text("回车/F1", "Enter/F1"),
        # The other buttons.
        "window.recall": Text("重呼", "Recall"),
        "window.pass": Text("过号", "Pass"),
        "window.hold": Text("挂起", "Hold"),
        "window.resume": Text("恢复办理", "Resume"),
        "window.transfer": Text("转移", "Transfer"),
        "window.finish-then": Text("办结并转", "Finish, then"),
        "window.return": Text("恢复过号", "Return"),
        "window.call-certain": Text("点名呼叫", "Call one"),
        "window.pause": Text("暂停", "Pause"),
        "window.reprint": Text("补打", "Reprint"),
        "window.paper": Text("打印不明", "Paper?"),
        "window.void": Text("作废", "Void"),
        "window.close": Text("关窗", "Close"),
        "window.close-day": Text("关闭当天", "Close day"),
        # The ticket in hand.
        "window.called": Text("叫号中", "Called"),
        "window.serving": Text("办理中", "Serving"),
        "window.recalled": Text("已重呼{count}次", "recalled {count}×"),
        "window.since": Text("{minutes}分钟", "{minutes} min"),
        "window.matter": Text("事项{name}", "Matter {name}"),
        "window.matter-place": Text("（{index}/{count}）", "({index}/{count})"),
        "window.priority": Text("优先{name}", "Priority {name}"),
        "window.name": Text("姓名{name}", "Name {name}"),
        "window.arrival": Text("{time}取号，已{minutes}分钟", "arrived {time}, {minutes} min ago"),
        "window.chosen": Text("取号时选：{name}", "chosen: {name}"),
        "window.paper-printed": Text("小票已打印", "paper printed"),
        "window.paper-printing": Text("小票打印中", "paper printing"),
        "window.paper-failed": Text("小票没有打出，可补打（D）", "paper failed: reprint (D)"),
        "window.paper-unknown": Text("小票不明，请核实（E）", "paper unknown: answer (E)"),
        # Around it.
        "window.next": Text("下一位{number} {service}", "next {number}"),
        "window.next-none": Text("下一位：无", "next: nobody"),
        "window.next-priority": Text("（{priority}）", "({priority})"),
        "window.held": Text("挂起{count}", "held {count}"),
        "window.held-none": Text("挂起：无", "held: none"),
        "window.passed": Text("过号{count}", "passed {count}"),
        "window.passed-none": Text("过号：无", "passed: none"),
        "window.today": Text("本窗今日办结{done}项，过号{passed}", "today {done} done, {passed} passed"),
        "window.hall-today": Text(
            "全厅取号{issued} 等候{waiting} 已评{rated} 未评{unrated}",
            "hall {issued} tickets, {waiting} wait, {rated} rated",
        ),
        "window.rating-open": Text("{number}：请群众评价…{seconds}秒", "rating asked, {seconds} s"),
        "window.rating-rated": Text("{number}：已评价 {level}", "rated: {level}"),
        "window.rating-unrated": Text("{number}：未评价", "not rated"),
        "window.rating-none": Text("评价：暂无", "no rating yet"),
        "window.stray": Text("误按{count}", "stray {count}"),
        # Messages.
        "window.under-way": Text("正在{what}…", "{what}…"),
        "window.asking-again": Text(
            "连不上队列服务，正在重试“{what}”…（Esc放弃）", "retrying “{what}” (Esc gives up)"
        ),
        "window.given-up": Text(
            "已放弃“{what}”：可能已经生效，恢复后请看清再按",
            "gave up “{what}”: it may have taken effect, look again",
        ),
        "window.reconnecting": Text(
            "正在重新连接，以下是断开前的情况", "reconnecting: this is the last known state"
        ),
        "window.connecting": Text("正在连接队列服务", "connecting"),
        "window.not-now": Text("现在不能“{what}”", "“{what}” is not possible now"),
        "window.error": Text("{code} {what}：{fix}", "{what}: {fix}"),
        "window.papers-unknown": Text(
            "{numbers}的小票出来了没有？按E回答", "did the paper of {numbers} come out? press E"
        ),
        "window.papers-failed": Text(
            "{numbers}的小票没有打出，可按D补打", "the paper of {numbers} failed: reprint with D"
        ),
        # Lists to pick from.
        "window.pick-hint": Text("↑↓选 回车定 Esc返回", "↑↓ Enter Esc"),
        "window.back": Text("返回", "Back"),
        "window.ask-hold": Text("挂起{number}：原因", "Hold {number}: why"),
        "window.ask-pause": Text("暂停叫号：原因", "Pause: why"),
        "window.ask-resume": Text("恢复办理哪一位", "Resume which"),
        "window.ask-return": Text("恢复哪个过号", "Return which"),
        "window.ask-transfer": Text("把{number}转到哪个事项", "Transfer {number} to which matter"),
        "window.ask-window": Text("{number}转{service}：哪个窗口", "{number} to {service}: which window"),
        "window.any-window": Text("不限窗口", "any window"),
        "window.one-window": Text("{number}号窗口 {name}", "window {number}"),
        "window.ask-then": Text("办结{number}，接着办哪个事项", "Finish {number}, then which matter"),
        "window.ask-certain": Text("点名呼叫哪一位", "Call which"),
        "window.ask-order": Text(
            "{number}不是下一位，确定越过{next}？", "{number} is not next: call before {next}?"
        ),
        "window.ask-certain-next": Text("呼叫{number}？", "Call {number}?"),
        "window.yes-certain": Text("呼叫{number}", "Call {number}"),
        "window.ask-reprint": Text("补打哪张票", "Reprint which"),
        "window.ask-paper": Text("哪张小票", "Which paper"),
        "window.ask-came-out": Text("{number}的小票出来了没有？", "Did the paper of {number} come out?"),
        "window.came-out": Text("出来了", "It came out"),
        "window.came-not": Text("没出来", "It did not"),
        "window.ask-void": Text("作废哪张票", "Void which"),
        "window.ask-void-why": Text("作废{number}，不能恢复：原因", "Void {number} for good: why"),
        "window.ask-close-day": Text(
            "关闭当天：还有{waiting}人等候，全部作废，今天不再取号",
            "Close the day: {waiting} waiting are voided, no more tickets",
        ),
        "window.yes-close-day": Text("关闭当天，解散{waiting}人", "Close, dissolve {waiting}"),
        "window.ask-force": Text("{why}，强制关闭？", "{why}: close by force?"),
        "window.yes-force": Text("强制关闭，办理中的一起作废", "Close by force, void them too"),
        "window.close-reason": Text("窗口关闭当天", "closed from a window"),
        # A ticket in a list.
        "window.line-waited": Text("等{minutes}分", "{minutes} min"),
        "window.joined": Text("、", ", "),
    }
)
"""Key to template; the keys are what `[wording]` in hall.toml names."""

NO_REASON = Text("不写原因", "no reason")
"""The first choice of the two lists that follow: an empty reason."""

HOLD_REASONS: tuple[Text, ...] = (
    Text("补材料", "missing papers"),
    Text("去复印", "copying"),
    Text("等家人或代办人", "waits for someone"),
    Text("去缴费", "paying"),
)
PAUSE_REASONS: tuple[Text, ...] = (
    Text("暂离窗口", "away"),
    Text("午休", "lunch"),
    Text("内部事务", "internal work"),
    Text("设备维护", "maintenance"),
)
VOID_REASONS: tuple[Text, ...] = (
    Text("群众放弃", "left"),
    Text("取错号", "wrong matter"),
    Text("重复取号", "taken twice"),
)

LEVELS: Mapping[str, Text] = MappingProxyType(
    {
        "very_satisfied": Text("非常满意", "very satisfied"),
        "satisfied": Text("满意", "satisfied"),
        "basically_satisfied": Text("基本满意", "basically satisfied"),
        "dissatisfied": Text("不满意", "dissatisfied"),
        "very_dissatisfied": Text("非常不满意", "very dissatisfied"),
    }
)
"""A hallqueue.states.Level to its words."""
