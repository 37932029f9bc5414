"""Who may do what: roles, the users that may take them, and the methods that each may call.

A peer says its role in ``hello``; the kernel says who the peer is (:mod:`hallqueue.keeper.peer`); the policy
says which users and groups may take a role; the table below says what a role may ask for. A window
session acts for its own window only. There is no method that rewrites anything, so nobody may.

Ratings come from the citizen's hand: only the rating desk may report a press, not even ``admin``.
"""

from __future__ import annotations

import grp
import os
import pwd
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import msgspec

from hallqueue.errors import BadRequest, NotAllowed
from hallqueue.keeper.peer import Peer
from hallqueue.wire.wire import Hello


class Role(StrEnum):
    """What a process is in the hall."""

    TERMINAL = "terminal"
    """自助终端: issues, shows."""
    WINDOW = "window"
    """窗口: acts for its own window."""
    PRINTER = "printer"
    """The spooler: reports prints."""
    EVALUATOR = "evaluator"
    """The rating desk: reports presses."""
    SCREEN = "screen"
    """大屏 and voice: look only."""
    STAFF = "staff"
    """导办: issues outside the hours, voids, closes and reopens the day, from a desk of its own."""
    ADMIN = "admin"
    """技术员: what staff may, backups, and the word on the clock."""


ROLE_ZH: dict[Role, str] = {
    Role.TERMINAL: "自助终端",
    Role.WINDOW: "窗口",
    Role.PRINTER: "打印服务",
    Role.EVALUATOR: "评价服务",
    Role.SCREEN: "大屏",
    Role.STAFF: "导办",
    Role.ADMIN: "技术员",
}

_EVERYONE = frozenset(Role)
_DESKS = frozenset({Role.WINDOW, Role.STAFF, Role.ADMIN})
_STAFF = frozenset({Role.STAFF, Role.ADMIN})
_LOG = _EVERYONE - {Role.SCREEN}

MAY: dict[str, frozenset[Role]] = {
    "issue": frozenset({Role.TERMINAL}) | _STAFF,
    "void": _DESKS,
    "return_passed": _DESKS,
    "call_next": _DESKS,
    "call_ticket": _DESKS,
    "recall": _DESKS,
    "start": _DESKS,
    "finish": _DESKS,
    "pass_ticket": _DESKS,
    "hold": _DESKS,
    "resume": _DESKS,
    "transfer": _DESKS,
    "open_window": _DESKS,
    "pause_window": _DESKS,
    "close_window": _DESKS,
    "close_day": _STAFF,
    "reopen_day": _STAFF,
    "confirm_clock": frozenset({Role.ADMIN}),
    "reprint": _DESKS,
    "print_queue": _EVERYONE,
    "print_begin": frozenset({Role.PRINTER}),
    "print_end": frozenset({Role.PRINTER}),
    "print_answer": _DESKS,
    "ratings_open": _EVERYONE,
    "press": frozenset({Role.EVALUATOR}),
    "rating_timeout": frozenset({Role.EVALUATOR}),
    "report_device": _EVERYONE - {Role.SCREEN},
    "attend_device": _EVERYONE - {Role.SCREEN},
    "ask_test": _STAFF,
    "tell_test": _EVERYONE - {Role.SCREEN},
    "keep_scan": frozenset({Role.TERMINAL, Role.WINDOW, Role.ADMIN}),
    "acknowledge_scan": frozenset({Role.ADMIN}),
    "wipe_scan": frozenset({Role.TERMINAL, Role.WINDOW, Role.ADMIN}),
    "scans": _LOG,
    "plan": _EVERYONE,
    "snapshot": _EVERYONE,
    "estimate": _EVERYONE,
    "ticket": _EVERYONE,
    "tickets": _LOG,
    "events": _LOG,
    "backup": frozenset({Role.ADMIN}),
    "watch": _EVERYONE,
    "follow": _LOG,
}
"""Method name to the roles that may call it; a test holds it complete against HallService."""

VERB_ZH: dict[str, str] = {
    "issue": "取号",
    "void": "作废",
    "return_passed": "过号恢复",
    "call_next": "叫号",
    "call_ticket": "点名呼叫",
    "recall": "重呼",
    "start": "开始办理",
    "finish": "办结",
    "pass_ticket": "过号",
    "hold": "挂起",
    "resume": "恢复办理",
    "transfer": "转移",
    "open_window": "开窗",
    "pause_window": "暂停窗口",
    "close_window": "关窗",
    "close_day": "结束当天",
    "reopen_day": "重新开放当天",
    "confirm_clock": "确认时钟",
    "reprint": "补打",
    "print_queue": "查看打印任务",
    "print_begin": "开始打印",
    "print_end": "报告打印结果",
    "print_answer": "确认出票",
    "ratings_open": "查看评价",
    "press": "评价",
    "rating_timeout": "结束评价",
    "report_device": "报告设备状态",
    "attend_device": "看管设备",
    "ask_test": "测试设备",
    "tell_test": "报告测试结果",
    "keep_scan": "登记扫描材料",
    "acknowledge_scan": "确认材料已上传",
    "wipe_scan": "删除扫描材料",
    "scans": "查看扫描材料",
    "plan": "查看配置",
    "snapshot": "查看大厅",
    "estimate": "查看等待时间",
    "ticket": "查票",
    "tickets": "查看票列表",
    "events": "查看日志",
    "backup": "备份",
    "watch": "订阅大厅",
    "follow": "订阅日志",
    "hello": "以此身份连接",
}


@dataclass(frozen=True, slots=True)
class Allowed:
    """The users and groups that may take a role."""

    uids: frozenset[int] = frozenset()
    gids: frozenset[int] = frozenset()

    @classmethod
    def named(cls, *names: str) -> Allowed:
        """From ``user``, ``@group`` or plain numbers (a uid, ``@gid``).

        Raises BadRequest for a name that this machine does not know.
        """
        uids: set[int] = set()
        gids: set[int] = set()
        for name in names:
            try:
                if name.startswith("@"):
                    gids.add(int(name[1:]) if name[1:].isdecimal() else grp.getgrnam(name[1:]).gr_gid)
                else:
                    uids.add(int(name) if name.isdecimal() else pwd.getpwnam(name).pw_uid)
            except KeyError:
                raise BadRequest(why=f"no such user or group on this machine: {name}") from None
        return cls(frozenset(uids), frozenset(gids))


def _own_uids() -> frozenset[int]:
    return frozenset({0, os.getuid()})


@dataclass(frozen=True, slots=True)
class Policy:
    """Role to the users that may take it. The keeper's own user and root may take any."""

    roles: Mapping[Role, Allowed] = field(default_factory=dict)
    owners: frozenset[int] = field(default_factory=_own_uids)

    def admits(self, peer: Peer, role: Role) -> bool:
        """Whether the peer may take the role."""
        if peer.uid in self.owners:
            return True
        allowed = self.roles.get(role)
        return allowed is not None and (peer.uid in allowed.uids or bool(peer.gids & allowed.gids))


@dataclass(frozen=True, slots=True)
class Session:
    """What a connection is after its hello."""

    role: Role
    window: int
    """The window of a window session; 0 otherwise."""
    actor: str
    """As the log names it: ``terminal``, ``window:2``, ``window:2/李敏``."""


def open_session(policy: Policy, peer: Peer, hello: Hello) -> Session:
    """The session that a peer may have. Raises NotAllowed, or BadRequest for a hello without sense."""
    try:
        role = Role(hello.role)
    except ValueError:
        raise BadRequest(why=f"no such role: {hello.role}") from None
    if not policy.admits(peer, role):
        raise _refusal(role, "hello")
    if role is Role.WINDOW and not hello.window:
        raise BadRequest(why="a window session needs the number of its window")
    actor = f"window:{hello.window}" if role is Role.WINDOW else role.value
    if hello.clerk:
        actor = f"{actor}/{hello.clerk}"
    return Session(role, hello.window if role is Role.WINDOW else 0, actor)


def check(session: Session, method: str, params: msgspec.Struct | None = None) -> None:
    """Raises NotAllowed when the session may not call the method with these parameters."""
    if session.role not in MAY[method]:
        raise _refusal(session.role, method)
    if params is None:
        return
    window = getattr(params, "window", None)
    if session.role is Role.WINDOW and window is not None and window != session.window:
        who = (f"{session.window}号窗口", f"window {session.window}")
        raise _refusal(session.role, method, who, (f"（{window}号窗口）", f" at window {window}"))
    if session.role is Role.TERMINAL and getattr(params, "channel", "terminal") != "terminal":
        raise _refusal(session.role, method, extra=("（非自助渠道）", " for another channel"))


def stranger(peer: Peer) -> NotAllowed:
    """The refusal for a user who may take no role at all."""
    who = f"uid {peer.uid}"
    return NotAllowed(role=who, verb=VERB_ZH["hello"], role_en=who, verb_en="connect")


def _refusal(
    role: Role, method: str, who: tuple[str, str] = ("", ""), extra: tuple[str, str] = ("", "")
) -> NotAllowed:
    """In both languages; English has no words of its own for a method, its name reads well enough."""
    verb_en = "connect" if method == "hello" else method.replace("_", " ")
    return NotAllowed(
        role=who[0] or ROLE_ZH[role],
        verb=VERB_ZH[method] + extra[0],
        role_en=who[1] or role.value,
        verb_en=verb_en + extra[1],
    )
