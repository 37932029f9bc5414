"""The citizen terminal's words.

Short, polite, one thought a line; nothing is promised that the hall cannot keep: "about" before every wait,
and 请取票 only after the printer's own confirmation.
"""

from collections.abc import Mapping
from types import MappingProxyType

from hallkiosk.wording import Text

TEXTS: Mapping[str, Text] = MappingProxyType(
    {
        "terminal.title": Text("自助取号", "Tickets"),
        "terminal.choose-group": Text("请选择要办的业务", "What do you need?"),
        "terminal.choose-service": Text("{group}：请选择事项", "Please choose one"),
        "terminal.check": Text("请核对，然后按“取号”", "Check, then take your ticket"),
        "terminal.priority": Text("如属以下人员，可先点选优先：", "Priority, if this is you:"),
        "terminal.chosen": Text("已选：{name}", ""),
        "terminal.matters": Text(
            "一张票依次办：{matters}", "One ticket for all {count} matters, in this order"
        ),
        # The state of a line.
        "terminal.nobody-waits": Text("不用等候", "no waiting"),
        "terminal.group-empty": Text("无人等候", "nobody waiting"),
        "terminal.waiting": Text("等候{count}人", "{count} waiting"),
        "terminal.waiting-about": Text(
            "等候{count}人，约{minutes}分钟", "{count} waiting, about {minutes} min"
        ),
        "terminal.waiting-closed": Text("等候{count}人，暂无窗口", "{count} waiting, no window open"),
        "terminal.nobody-closed": Text("暂无窗口办理", "no window open"),
        "terminal.ahead": Text("前面{count}人", "{count} ahead of you"),
        "terminal.ahead-none": Text("前面没有人", "nobody is ahead of you"),
        "terminal.wait": Text("约等{minutes}分钟", "about {minutes} min"),
        "terminal.wait-none": Text("马上可以办", "no waiting"),
        "terminal.wait-unknown": Text(
            "等候时间不详：现在没有窗口办理", "wait unknown: no window serves it now"
        ),
        "terminal.basis-measured": Text(
            "按{windows}个窗口、最近{samples}次办理的用时估算",
            "reckoned with {windows} open, from the last {samples} visits",
        ),
        "terminal.basis-usual": Text(
            "按{windows}个窗口、平常的用时估算", "reckoned with {windows} open, from the usual time"
        ),
        "terminal.no-tickets": Text("现在不取号", "no tickets now"),
        # Buttons.
        "terminal.back": Text("返回", "Back"),
        "terminal.take": Text("取号", "Take a ticket"),
        "terminal.home": Text("返回首页", "Start over"),
        "terminal.done": Text("完成", "Done"),
        "terminal.stay": Text("再看一会儿", "Stay here"),
        "terminal.go-on": Text("我还在，继续", "Continue"),
        "terminal.leave": Text("不等了", "Leave"),
        "terminal.other": Text("换个事项", "Another"),
        "terminal.key-enter": Text("（回车键）", " (Enter)"),
        "terminal.key-escape": Text("（Esc键）", " (Esc)"),
        # Taking.
        "terminal.issuing": Text("正在取号", "One moment"),
        "terminal.issuing-wait": Text("请稍候", "Your number is on its way"),
        "terminal.refused": Text("没有取到号", "No ticket"),
        "terminal.tell-staff": Text("请找工作人员（{code}）", "Please ask the staff ({code})"),
        "terminal.your-number": Text("您的号码", "Your number"),
        "terminal.countdown": Text("{seconds}秒后返回", "back in {seconds} s"),
        "terminal.called": Text("正在叫您：请到{window}号窗口", "You are called: go to window {window}"),
        # Paper.
        "terminal.paper-coming": Text("正在打印小票，请稍候", "Printing your ticket"),
        "terminal.paper-slow": Text(
            "打印机还没有回应，请先记住号码{number}", "The printer does not answer yet: remember {number}"
        ),
        "terminal.paper-take": Text(
            "请取票，听到叫号后到窗口办理", "Take your ticket and wait for your call"
        ),
        "terminal.paper-failed": Text(
            "打印机故障：请记住号码{number}，找工作人员补打",
            "Printer trouble: remember {number} and ask the staff to print it",
        ),
        "terminal.paper-unknown": Text(
            "不能确定小票出来没有：请看出票口。没有就记住号码{number}，找工作人员补打",
            "Please look: if no ticket came out, remember {number} and ask the staff",
        ),
        "terminal.paper-unseen": Text(
            "暂时看不到打印结果：请看出票口，并记住号码{number}",
            "The printer cannot be watched now: look for the ticket, and remember {number}",
        ),
        "terminal.paper-none": Text("没有小票：请记住号码{number}", "No paper ticket: remember {number}"),
        "terminal.number-holds": Text("号码已经有效，不用再取", "Your number is valid: do not take another"),
        # Calm pictures.
        "terminal.asking": Text("您还在吗？", "Are you still there?"),
        "terminal.asking-count": Text(
            "{seconds}秒后清除您的选择并返回首页", "In {seconds} s your choice is wiped from the screen"
        ),
        "terminal.asking-touch": Text("要继续，请触摸屏幕", "Touch the screen to go on"),
        "terminal.recovering": Text("请稍候", "Please wait"),
        "terminal.recovering-why": Text("系统正在恢复", "The system is coming back"),
        "terminal.recovering-safe": Text("已取的号码仍然有效", "Numbers already taken stay valid"),
        "terminal.one-ticket": Text(
            "只会取到一个号，请不要离开", "You will get one number only: please stay"
        ),
        "terminal.maybe-paper": Text("若已出票，请取走", "If a ticket came out, take it with you"),
        "terminal.closed": Text("暂停取号", "No tickets now"),
        "terminal.hours": Text("服务时间：{hours}", "Service hours: {hours}"),
        "terminal.weekdays": Text("周{first}", "{first}"),
        "terminal.weekdays-range": Text("周{first}至周{last}", "{first}-{last}"),
        "terminal.joined": Text("、", ", "),
    }
)
"""Key to template; the keys are what `[wording]` in hall.toml names."""

WEEKDAYS: tuple[Text, ...] = (
    Text("一", "Mon"),
    Text("二", "Tue"),
    Text("三", "Wed"),
    Text("四", "Thu"),
    Text("五", "Fri"),
    Text("六", "Sat"),
    Text("日", "Sun"),
)
"""Monday first, as ISO 8601 counts."""
