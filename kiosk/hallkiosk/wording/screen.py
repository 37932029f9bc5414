"""The hall screen's words: numbers and windows, never a name."""

from collections.abc import Mapping
from types import MappingProxyType

from hallkiosk.wording import Text

TEXTS: Mapping[str, Text] = MappingProxyType(
    {
        "screen.now": Text("正在叫号", "Now calling"),
        "screen.again": Text("正在叫号（第{times}次）", "Now calling (call {times})"),
        "screen.nobody": Text("等候叫号", "No call yet"),
        "screen.window": Text("{window}号窗口", "Window {window}"),
        "screen.times": Text("{times}次", "×{times}"),
        "screen.calls": Text("最近叫号", "Last calls"),
        "screen.waiting": Text("等候人数", "Waiting"),
        "screen.count": Text("等{count}人", "{count}"),
        "screen.others": Text("其他", "others"),
        "screen.paused": Text("{window}号窗口暂停", "Window {window} paused"),
        "screen.paused-why": Text("{window}号窗口暂停（{reason}）", "Window {window} paused"),
        "screen.closed": Text("未开窗：{windows}号", "Closed: windows {windows}"),
        "screen.all-open": Text("各窗口正常办理", "All windows are open"),
        "screen.joined": Text("、", ", "),
        "screen.between": Text("  ", "  "),
        "screen.notice": Text(
            "请留意叫号，过号请找工作人员", "Please watch for your number; if you missed it, ask the staff"
        ),
        "screen.day-closed": Text("今天办理已结束：{reason}", "Closed for today"),
        "screen.clock-unsure": Text("时间未校准", "clock not set"),
        "screen.reconnecting": Text("正在重新连接", "Reconnecting"),
        "screen.connecting": Text("正在连接，请稍候", "Connecting, one moment"),
        "screen.date": Text("{month}月{day}日 周{weekday}", "{month}/{day}"),
    }
)
"""Key to template; the keys are what `[wording]` in hall.toml names."""
