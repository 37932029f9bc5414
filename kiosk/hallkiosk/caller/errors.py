"""What can be wrong at the clerk's keypad itself: codes K-30 to K-32. Everything else the hall says."""

from __future__ import annotations

from hallqueue.errors import Actor, Refused, Trouble


class CallerUnanswered(Trouble, TimeoutError):
    """Nobody answered a key in time, and it is not sent any more; it may have taken effect."""

    code, who = "K-30", Actor.CLERK
    zh = "按键{seconds}秒没有应答，已放弃；可能已经生效"
    en = "no answer to a key for {seconds} s: given up, it may have taken effect"
    fix_zh = "看清叫号器上的号再按；反复出现请联系技术员检查队列服务"
    fix_en = "look at the number on the display, then press again; if it comes back, check the keeper"


class BadCallerKeys(Refused, ValueError):
    """The keys of the callers are set up in a way that makes no sense."""

    code, who = "K-31", Actor.TECHNICIAN
    zh, en = "叫号器按键设置有误：{why}", "the keys of the callers are set up wrongly: {why_en}"
    fix_zh = "按 docs/wiring.md 改 hall.toml：键名如 plus、n-plus、0-plus，含义如 recall、return"
    fix_en = "correct hall.toml as docs/wiring.md shows: keys such as n-plus, meanings such as return"


class CallerLate(Trouble):
    """A key was heard long after it was pressed: whoever pressed it does not wait for it any more."""

    code, who = "K-32", Actor.CLERK
    zh, en = "按键来得太晚，没有执行", "a key came too late and did nothing"
    fix_zh = "请再按一次；反复出现请联系技术员看主机是否过载"
    fix_en = "press again; if it comes back, a technician looks why the machine is overloaded"
