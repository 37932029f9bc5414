"""Who may do what."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hallqueue.errors import BadRequest, NotAllowed
from hallqueue.keeper.access import (
    MAY,
    ROLE_ZH,
    VERB_ZH,
    Allowed,
    Policy,
    Role,
    check,
    open_session,
    stranger,
)
from hallqueue.keeper.peer import Peer
from hallqueue.wire.methods import METHODS, SUBSCRIPTIONS
from hallqueue.wire.wire import Hello

KEEPER_UID = 500
POLICY = Policy({Role.SCREEN: Allowed(frozenset({700}), frozenset({70}))}, frozenset({0, KEEPER_UID}))


def peer(uid: int, *gids: int) -> Peer:
    return Peer(1, uid, frozenset(gids))


def test_the_table_says_of_every_method_who_may_call_it_and_how_it_is_called_in_chinese() -> None:
    assert set(MAY) == set(METHODS) | SUBSCRIPTIONS
    assert set(MAY) <= set(VERB_ZH)
    assert set(ROLE_ZH) == set(Role)


@pytest.mark.parametrize("uid", [0, KEEPER_UID])
@pytest.mark.parametrize("role", list(Role))
def test_root_and_the_keepers_user_may_take_any_role(uid: int, role: Role) -> None:
    assert POLICY.admits(peer(uid), role)


@pytest.mark.parametrize("role", list(Role))
def test_a_stranger_may_take_no_role(role: Role) -> None:
    with pytest.raises(NotAllowed):
        open_session(POLICY, peer(1234, 1234), Hello(role.value, window=1))


@pytest.mark.parametrize("who", [peer(700), peer(1234, 1234, 70)], ids=["user", "group"])
def test_a_configured_user_or_group_may_take_its_role_and_no_other(who: Peer) -> None:
    assert open_session(POLICY, who, Hello("screen")).role is Role.SCREEN
    with pytest.raises(NotAllowed):
        open_session(POLICY, who, Hello("staff"))


def test_users_and_groups_are_configured_by_name_or_number() -> None:
    assert Allowed.named("root", "12", "@34") == Allowed(frozenset({0, 12}), frozenset({34}))
    with pytest.raises(BadRequest, match="no-such-user-here"):
        Allowed.named("no-such-user-here")


@pytest.mark.parametrize(
    ("hello", "actor"),
    [
        (Hello("terminal"), "terminal"),
        (Hello("window", 2), "window:2"),
        (Hello("window", 2, "李敏"), "window:2/李敏"),
        (Hello("staff", 0, "王"), "staff/王"),
    ],
)
def test_the_log_names_the_role_the_window_and_the_clerk(hello: Hello, actor: str) -> None:
    assert open_session(POLICY, peer(0), hello).actor == actor


@pytest.mark.parametrize("hello", [Hello("window"), Hello("king"), Hello("")])
def test_a_hello_without_sense_is_refused(hello: Hello) -> None:
    with pytest.raises(BadRequest):
        open_session(POLICY, peer(0), hello)


def test_a_window_acts_for_itself_only_and_the_refusal_says_so_in_chinese() -> None:
    session = open_session(POLICY, peer(0), Hello("window", 2))
    own = METHODS["call_next"].params(2, "k")  # type: ignore[call-arg]
    other = METHODS["call_next"].params(3, "k")  # type: ignore[call-arg]
    check(session, "call_next", own)
    with pytest.raises(NotAllowed) as caught:
        check(session, "call_next", other)
    assert caught.value.what_zh == "“2号窗口”无权叫号（3号窗口）"
    assert caught.value.what_en == "window 2 may not call next at window 3"


def test_a_terminal_cannot_issue_outside_the_hours_by_calling_itself_staff() -> None:
    session = open_session(POLICY, peer(0), Hello("terminal"))
    check(session, "issue", METHODS["issue"].params("a", "k"))  # type: ignore[call-arg]
    with pytest.raises(NotAllowed):
        check(session, "issue", METHODS["issue"].params("a", "k", channel="staff"))  # type: ignore[call-arg]


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.EVALUATOR])
def test_nobody_but_the_rating_desk_reports_a_press(role: Role) -> None:
    session = open_session(POLICY, peer(0), Hello(role.value, window=1))
    with pytest.raises(NotAllowed):
        check(session, "press", METHODS["press"].params(1, "k", "satisfied", "2", "pad"))  # type: ignore[call-arg]


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
def test_nobody_but_a_technician_vouches_for_the_clock(role: Role) -> None:
    session = open_session(POLICY, peer(0), Hello(role.value, window=1))
    with pytest.raises(NotAllowed, match="确认时钟"):
        check(session, "confirm_clock")


def test_a_screen_only_looks() -> None:
    session = open_session(POLICY, peer(0), Hello("screen"))
    with pytest.raises(NotAllowed, match="报告设备状态"):
        check(session, "report_device")


def test_a_refusal_names_role_and_verb() -> None:
    session = open_session(POLICY, peer(0), Hello("screen"))
    with pytest.raises(NotAllowed) as caught:
        check(session, "issue")
    assert caught.value.what_zh == "“大屏”无权取号"
    assert caught.value.what_en == "screen may not issue"


@pytest.mark.parametrize("method", METHODS)
def test_the_english_of_a_refusal_is_english(method: str) -> None:
    sessions = [open_session(POLICY, peer(0), Hello(role.value, window=1)) for role in Role]
    for session in sessions:
        if session.role in MAY[method]:
            continue
        with pytest.raises(NotAllowed) as caught:
            check(session, method)
        assert caught.value.what_en.isascii() and "{" not in caught.value.what_en
    assert (stranger(peer(65534)).what_zh, stranger(peer(65534)).what_en) == (
        "“uid 65534”无权以此身份连接",
        "uid 65534 may not connect",
    )


def test_the_kernel_says_who_the_peer_is(process: Any, raw_peer: Callable[[Path], Any]) -> None:
    """Another user connects for real: the child gives up root before it speaks."""
    if os.getuid() != 0:
        assert "result" in raw_peer(process.path).hello()
        return
    folder = process.folder.path
    for part in (folder, *folder.parents):
        if part.stat().st_uid == 0 and len(part.parts) > 2:
            part.chmod(part.stat().st_mode | 0o011)
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)
        try:
            answer = repr(raw_peer(process.path).hello("admin"))
        except OSError as error:
            answer = repr(error)
        os.write(writing, answer.encode())
        os._exit(0)
    os.close(writing)
    os.waitpid(child, 0)
    said = os.read(reading, 65536).decode()
    os.close(reading)
    assert "Q-32" in said and "“uid 65534”无权以此身份连接" in said
