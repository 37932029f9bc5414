"""The three health checks of a caller, over the path that production uses.

A caller that is at work is checked as it is: while the interactive check waits, it hears the keys, so that a
key pressed for it calls nobody, and has the display. One that nobody has opened is opened for the check.
"""

from __future__ import annotations

import os
import queue
import threading
import time

from halldrivers.caller.address import CallerAddress, CallerKind, parse_caller
from halldrivers.caller.caller import Caller
from halldrivers.caller.callers import Callers
from halldrivers.caller.errors import NOT_PRESSED
from halldrivers.caller.keys import Key
from halldrivers.check import Checker, CheckLevel, Finding, Tell, Verdict, ask, failed, passed, unknown
from halldrivers.errors import DeviceError, DeviceState, PortAbsent, PortDenied
from halldrivers.status import DeviceStatus

FIRST_WORD_S = 3.0
"""How long a caller is given to say how it is."""
PRESS_S = 30.0
"""How long a person has to press something."""
LOOK_S = 5.0
"""How long a person has to look at the display."""

_NUMBER, _WAITING = "123", 5


def caller_checker(
    callers: Callers,
    url: str,
    *,
    first_word_s: float = FIRST_WORD_S,
    press_s: float = PRESS_S,
    look_s: float = LOOK_S,
) -> Checker:
    """The checker of the caller at a URL. BadUrl for a wrong one."""
    address = parse_caller(url, callers.dialects)

    def check(level: CheckLevel, tell: Tell) -> None:
        opened: Caller | None = None
        try:
            tell(_internal(address))
            if level is CheckLevel.INTERNAL:
                return
            caller = callers.opened(address)
            if caller is None:
                caller = opened = callers.opener(url)(on_key=_nobody, on_trouble=lambda word: None)
            finding = _external(caller, first_word_s)
            tell(finding)
            if level is CheckLevel.INTERACTIVE and finding.verdict is not Verdict.FAILED:
                _interactive(caller, address.kind, tell, press_s, look_s)
        except DeviceError as error:
            tell(failed(error))
        finally:
            if opened is not None:
                opened.close()

    return check


def _nobody(key: Key, at_s: float) -> None:
    """Keys pressed before the check asks for one."""


def _internal(address: CallerAddress) -> Finding:
    path = address.line.path if address.line else address.path
    where = address.claims.own[0]
    if path and not os.path.exists(path):
        raise PortAbsent(path)
    if path and not os.access(path, os.R_OK):
        raise PortDenied(path)
    return passed(f"地址正确：{where}", f"the address is right: {where}")


def _external(caller: Caller, first_word_s: float) -> Finding:
    word = _first_word(caller, first_word_s)
    if word.fault is not None and word.code != NOT_PRESSED.code:
        return Finding(Verdict.FAILED, word.fault.what_zh, word.fault.what_en, word.fault)
    if word.state is DeviceState.ONLINE:
        return passed("叫号器在线", "the caller is online")
    return unknown(
        "线路正常；这种叫号器不按键不说话，按一个键才知道它在不在",
        "the line is well; a caller of this kind says nothing until a key is pressed",
        word.fault,
    )


def _first_word(caller: Caller, first_word_s: float) -> DeviceStatus:
    deadline_s = time.monotonic() + first_word_s
    while (word := caller.status).state is DeviceState.UNKNOWN and time.monotonic() < deadline_s:
        threading.Event().wait(0.02)
    return word


def _interactive(caller: Caller, kind: CallerKind, tell: Tell, press_s: float, look_s: float) -> None:
    keys: queue.SimpleQueue[Key] = queue.SimpleQueue()
    with caller.borrowed(lambda key, at_s: keys.put(key)) as show:
        tell(ask("请在叫号器上按任意一个功能键", "press any key of a function on the caller"))
        try:
            key = keys.get(timeout=press_s)
            tell(passed(f"收到按键：{key.zh}", f"key heard: {key.value}"))
        except queue.Empty:
            tell(unknown("没有收到按键，无法判断", "no key was pressed: it cannot be told"))
        show(_NUMBER, _WAITING)
        caller.beep()
        tell(_look(kind))
        threading.Event().wait(look_s)


def _look(kind: CallerKind) -> Finding:
    if kind is CallerKind.KEYPAD:
        return ask("看 NumLock 灯是否闪了一下", "see whether the NumLock lamp blinked")
    return ask(
        f"看叫号器上是否显示 {_NUMBER} 和 {_WAITING:02d}，是否响了一声",
        f"see whether the caller shows {_NUMBER} and {_WAITING:02d}, and hear whether it beeped",
    )
