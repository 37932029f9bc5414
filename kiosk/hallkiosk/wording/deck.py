"""What the demo deck says. Short: the deck is read by somebody who has a minute."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from hallkiosk.wording import Text

TEXTS: Mapping[str, Text] = MappingProxyType(
    {
        # Tabs and heads.
        "deck.tab-terminal": Text("取票机", "Terminal"),
        "deck.tab-window": Text("窗口{window}", "Window {window}"),
        "deck.tab-screen": Text("大屏", "Hall screen"),
        "deck.tab-paper": Text("小票", "Paper"),
        "deck.tab-pads": Text("评价器", "Rating"),
        "deck.tab-log": Text("日志", "Log"),
        "deck.tab-devices": Text("设备", "Devices"),
        "deck.tab-overview": Text("全景", "Overview"),
        "deck.tab-quit": Text("退出", "Quit"),
        "deck.keys-here": Text("键盘在这里", "keys go here"),
        "deck.quit-key": Text("Ctrl+Q", "Ctrl+Q"),
        "deck.quit-key-short": Text("Q", "Q"),
        # The next step: `.go` from another panel, `.here` on the panel itself.
        "deck.next-connect": Text("大厅正在恢复，请稍候", "The hall is coming back, one moment"),
        "deck.next-take.go": Text("① 取号：按1，到取票机", "Take a ticket: press 1 for the terminal"),
        "deck.next-take.here": Text(
            "① 取号：点一类业务，或按它的字母", "Take a ticket: click a kind of matter, or its letter"
        ),
        "deck.next-take.services": Text(
            "① 取号：点要办的事项，或按它的字母", "Now the matter: click it, or press its letter"
        ),
        "deck.next-take.confirm": Text("① 取号：点“取号”，或按回车", "Click 取号, or press Enter"),
        "deck.next-take.taken": Text(
            "① 再取一个号：先按回车，回到首页", "Another ticket: press Enter for the first screen"
        ),
        "deck.next-call.go": Text(
            "② {number}在等候：按{panel}，到{window}号窗口叫号",
            "{number} waits: press {panel} for window {window}",
        ),
        "deck.next-call.here": Text("② 按回车，呼叫{number}", "Press Enter to call {number}"),
        "deck.next-start.go": Text(
            "③ {number}已叫到：按{panel}，开始办理", "{number} is called: press {panel} to serve it"
        ),
        "deck.next-start.here": Text(
            "③ 群众到了窗口：按回车，开始办理", "The citizen is here: Enter starts serving"
        ),
        "deck.next-finish.go": Text(
            "③ {number}办理中：按{panel}，到窗口办结", "{number} is served: press {panel} to finish"
        ),
        "deck.next-finish.here": Text("③ 办好了：按回车，办结", "When done: Enter finishes the matter"),
        "deck.next-rate.go": Text("④ 请群众评价：按6，到评价器", "The pad asks for a rating: press 6"),
        "deck.next-rate.here": Text(
            "④ 评价{number}：点{window}号窗口的一个亮键",
            "Rate {number}: click a lit button of window {window}",
        ),
        "deck.next-open.go": Text(
            "窗口没开，有人在等：按{panel}，开窗", "No window is open: press {panel} to open one"
        ),
        "deck.next-open.here": Text("按回车，开窗", "Press Enter to open the window"),
        "deck.next-resume.go": Text(
            "{number}挂起了：按{panel}，恢复办理", "{number} is on hold: press {panel} to resume it"
        ),
        "deck.next-resume.here": Text("{number}挂起了：点“恢复办理”", "{number} is on hold: resume it here"),
        "deck.next-mend.go": Text(
            "打印机不能打印：按5去处理，或按1继续取号", "The printer is down: press 5, or 1 to go on"
        ),
        "deck.next-mend.here": Text(
            "点有标记的按钮恢复打印机，或按1继续取号", "Mend it with the marked button, or press 1"
        ),
        "deck.next-again.go": Text(
            "完成！取号、叫号、办理、评价。再来一次：按1", "Done: the whole visit. Once more: press 1"
        ),
        "deck.next-again.here": Text(
            "完成！取号、叫号、办理、评价。可以再取一个号", "Done: the whole visit. Take another ticket"
        ),
        "deck.next-unrated.go": Text(
            "没有人按，记为“未评价”。再来一次：按1", "Nobody rated: recorded so. Once more: press 1"
        ),
        "deck.next-unrated.here": Text(
            "没有人按，记为“未评价”。可以再取一个号", "Nobody rated: recorded so. Take another"
        ),
        "deck.next-other.here": Text("① 按屏幕上的提示继续", "Follow what the terminal says"),
        "deck.leave": Text(
            "退出演示吗？再按一次Q退出，按其他键留下", "Leave? Q again leaves, any other key stays"
        ),
        "deck.no-overview": Text(
            "终端再大一些才有全景（120×40起）", "The overview needs a larger terminal (120x40)"
        ),
        "deck.small": Text(
            "请把终端放大到至少{width}×{height}", "Please enlarge the terminal to {width}x{height}"
        ),
        "deck.small-now": Text("现在是{width}×{height}", "It is {width}x{height} now"),
        # Paper.
        "deck.paper-none": Text("还没有小票：先取一个号", "No paper yet: take a ticket"),
        "deck.paper-slip": Text("第{count}张，已切下", "Slip {count}, cut"),
        "deck.paper-slip-torn": Text("第{count}张，中途换过纸", "Slip {count}, torn by a new roll"),
        "deck.paper-hanging": Text("还在打印机里，没切下", "Still in the printer, not cut"),
        "deck.paper-more": Text("↑↓ 滚动", "scroll"),
        "deck.paper-file": Text("图片", "Picture"),
        "deck.printer-ready": Text("打印机正常", "Printer ready"),
        "deck.printer-busy": Text("正在打印", "Printing"),
        "deck.printer-cover": Text("上盖开着", "Cover open"),
        "deck.printer-paper": Text("缺纸", "Out of paper"),
        "deck.printer-jam": Text("切刀卡住", "Cutter jammed"),
        "deck.printer-cable": Text("线断开了", "Cable pulled"),
        "deck.do-cover": Text("开盖", "Open"),
        "deck.undo-cover": Text("合盖", "Close"),
        "deck.do-paper": Text("取出纸", "No paper"),
        "deck.undo-paper": Text("装纸", "Load"),
        "deck.do-jam": Text("卡纸", "Jam"),
        "deck.undo-jam": Text("排除卡纸", "Clear"),
        "deck.do-cable": Text("拔线", "Unplug"),
        "deck.undo-cable": Text("接线", "Plug in"),
        # Pads.
        "deck.pad": Text("{window}号窗口评价器", "Window {window}"),
        "deck.pad-asking": Text("请评价{number}", "please rate"),
        "deck.pad-hearing": Text("收到，请稍候", "one moment"),
        "deck.pad-thanks": Text("谢谢，已记下“{level}”", "thank you"),
        "deck.pad-idle": Text("待机", "idle"),
        "deck.pad-stray": Text("无效按键{count}次", "{count} stray"),
        # Log.
        "deck.log-none": Text("还没有事件", "Nothing yet"),
        "deck.log-more": Text("↑↓ 滚动", "scroll"),
        "deck.log-lost": Text("正在重新连接", "Reconnecting"),
        "deck.log-state": Text("记录在 {path}", "Records in {path}"),
        # Devices.
        "deck.devices-none": Text("这里没有可以操作的设备", "No devices here"),
        "deck.devices-page": Text("第{page}页，共{pages}页", "page {page} of {pages}"),
        "deck.devices-turn": Text("空格 下一页", "Space: next"),
        "deck.devices-elsewhere": Text("其他页有{count}台不正常", "{count} elsewhere need care"),
        "deck.device-since": Text("{time}起", "since {time}"),
        "deck.device-doing": Text("{deed}：进行中", "{deed}: under way"),
        "deck.device-fault": Text("{code} {what}。{remedy}", "{what}: {remedy}"),
        "deck.device-nothing": Text("还没有内容", "nothing yet"),
    }
)
"""Key to template."""

LEVELS: Mapping[str, Text] = MappingProxyType(
    {
        "very_satisfied": Text("非常满意", "Very good"),
        "satisfied": Text("满意", "Good"),
        "basically_satisfied": Text("基本满意", "Fair"),
        "dissatisfied": Text("不满意", "Bad"),
        "very_dissatisfied": Text("非常不满意", "Very bad"),
    }
)
"""满意度 as the buttons of a pad name them."""

EVENTS: Mapping[str, str] = MappingProxyType(
    {
        "DayOpened": "{day} 开始服务",
        "DayClosed": "当天结束：{reason}",
        "DayReopened": "当天重新开放",
        "ClockStepped": "时钟跳变，评价和打印的期限随之顺延",
        "TicketIssued": "取号 {number} {service_name}",
        "TicketCalled": "呼叫 {number}",
        "TicketRecalled": "重呼 {number}（第{times}次）",
        "ServiceStarted": "开始办理 {number}",
        "TicketPassed": "过号 {number}",
        "TicketReturned": "过号恢复 {number}",
        "TicketHeld": "挂起 {number}",
        "TicketResumed": "恢复办理 {number}",
        "TicketTransferred": "转移 {number} 到 {service_name}",
        "MatterFinished": "办结 {number}，请群众评价",
        "TicketVoided": "作废 {number}：{reason}",
        "WindowOpened": "开窗 {clerk}",
        "WindowPaused": "暂停 {reason}",
        "WindowClosed": "关窗",
        "PrintQueued": "小票待打印 {number}",
        "PrintBegun": "正在打印 {number}",
        "PrintEnded": "打印{state_name} {number}",
        "RatingGiven": "评价 {number}：{level_name}",
        "RatingUnrated": "未评价 {number}（{why}）",
        "StrayPress": "无效按键：没有请评价时按了{raw_key}",
        "DeviceChanged": "设备 {device} {what}",
    }
)
"""Event type to what happened, in a clerk's words."""

PRINT_ENDS: Mapping[str, str] = MappingProxyType(
    {"printed": "完成", "failed": "失败", "unknown": "结果不明", "expired": "过期未打"}
)
UNRATED: Mapping[str, str] = MappingProxyType(
    {"timeout": "没有人按", "superseded": "下一位开始办理", "closed": "当天结束"}
)
DEVICE_STATES: Mapping[str, Text] = MappingProxyType(
    {
        "online": Text("正常", "online"),
        "busy": Text("使用中", "busy"),
        "offline": Text("无应答", "no answer"),
        "absent": Text("未找到", "not found"),
        "fault": Text("故障", "fault"),
        "unknown": Text("不明", "unknown"),
    }
)
"""设备状态, as `hall status` names them."""
