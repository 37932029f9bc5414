"""hall status judges a snapshot: what is wrong, since when, who must act, what to do."""

from dataclasses import replace
from pathlib import Path

import pytest

from hall.condition import Trouble, condition_of, unreachable
from hall.config.load import load
from hall.roles import policy_of
from hallqueue.errors import BadRequest, KeeperGone
from hallqueue.keeper.access import Allowed, Role
from hallqueue.states import PrintState, TicketState, WindowState
from hallqueue.views import DeviceView, Estimate, HallSnapshot, LineView, PrintView, TicketView, WindowView

CONFIG = load(Path(__file__).parents[2] / "examples" / "township.toml")
PLAN = CONFIG.plan

TICKET = TicketView(
    ticket=7,
    number="C001",
    state=TicketState.WAITING,
    service="jiuye",
    service_name="就业创业与失业登记",
    chosen="jiuye",
    matter=1,
    matter_index=0,
    matters=("就业创业与失业登记",),
    priority="",
    masked_name="",
    day="2026-03-02",
    arrival_ms=1_000,
    since_ms=1_000,
    window=0,
    recalls=0,
    reference="r",
    print_state=PrintState.QUEUED,
    copies=0,
    clock_ok=True,
)
WINDOW = WindowView(
    number=3,
    name="人社专窗",
    kind="special",
    state=WindowState.OPEN,
    clerk="",
    pause_reason="",
    current=None,
    held=(),
    next=None,
    waiting=0,
    rating=None,
    done_today=0,
    passed_today=0,
    stray_today=0,
)
QUIET = HallSnapshot(
    seq=1,
    epoch="e",
    at_ms=5_000,
    day="2026-03-02",
    clock_ok=True,
    closed_reason="",
    lines=(),
    windows=(WINDOW,),
    calls=(),
    waiting=(),
    passed=(),
    print_troubles=(),
    devices=(),
    waiting_total=0,
    issued_today=0,
    done_today=0,
    rated_today=0,
    unrated_today=0,
)
LINE = LineView(
    service="jiuye",
    waiting=1,
    estimate=Estimate(ahead=1, wait_s=-1, windows=0, service_s=600, samples=0),
    open=True,
    refusal_code="",
    refusal_zh="",
    refusal_en="",
)


def job(state: PrintState) -> PrintView:
    return PrintView(
        job=5,
        copy=0,
        state=state,
        queued_ms=2_000,
        printer="printer",
        rung="",
        reason="缺纸",
        ticket=TICKET,
        ahead=0,
        estimate_s=0,
        window_hint="",
        expires_ms=9_000,
    )


def the_trouble(snapshot: HallSnapshot) -> Trouble:
    [trouble] = condition_of(snapshot, PLAN).troubles
    return trouble


def test_a_quiet_hall_has_no_trouble() -> None:
    condition = condition_of(QUIET, PLAN)
    assert condition.troubles == ()
    assert condition.queue == "2026-03-02 等待0 已取0 办结0 开窗1/1"


def test_devices_that_reported_nothing_are_neither_fine_nor_broken() -> None:
    assert condition_of(QUIET, PLAN).devices == "未报告"


def test_a_clock_that_nobody_vouches_for_is_a_technicians_trouble() -> None:
    trouble = the_trouble(replace(QUIET, clock_ok=False))
    assert (trouble.code, trouble.who) == ("T-01", "technician")
    assert "timedatectl" in trouble.remedy_en


def test_people_waiting_for_a_service_that_no_open_window_serves_are_named_with_the_window_to_open() -> None:
    shut = replace(
        QUIET, lines=(LINE,), waiting=(TICKET,), windows=(replace(WINDOW, state=WindowState.PAUSED),)
    )
    trouble = the_trouble(shut)
    assert (trouble.code, trouble.who, trouble.since_ms) == ("T-02", "clerk", 1_000)
    assert trouble.remedy_zh == "请开3号窗口中的一个"


def test_people_waiting_for_an_open_window_are_no_trouble() -> None:
    assert condition_of(replace(QUIET, lines=(LINE,), waiting=(TICKET,)), PLAN).troubles == ()


def test_an_unknown_print_asks_a_person_with_the_command_to_answer() -> None:
    trouble = the_trouble(replace(QUIET, print_troubles=(job(PrintState.UNKNOWN),)))
    assert (trouble.code, trouble.who, trouble.since_ms) == ("T-03", "clerk", 2_000)
    assert "hall print answer 5 --came-out yes|no" in trouble.remedy_en


def test_a_failed_print_says_what_happens_by_itself_and_what_does_not() -> None:
    trouble = the_trouble(replace(QUIET, print_troubles=(job(PrintState.FAILED),)))
    assert trouble.code == "T-04"
    assert "hall ticket reprint C001" in trouble.remedy_en


def test_a_print_that_a_person_said_did_not_come_out_is_not_promised_again() -> None:
    answered = replace(job(PrintState.FAILED), rung="person")
    trouble = the_trouble(replace(QUIET, print_troubles=(answered,)))
    assert trouble.remedy_en == "if it is still wanted: hall ticket reprint C001"


def test_jobs_that_wait_for_the_printer_are_counted_and_no_trouble() -> None:
    condition = condition_of(QUIET, PLAN, (job(PrintState.QUEUED), job(PrintState.SENDING)))
    assert (condition.printing, condition.troubles) == ("待打2 待处理0", ())


def test_an_expired_print_is_over_and_no_trouble() -> None:
    assert condition_of(replace(QUIET, print_troubles=(job(PrintState.EXPIRED),)), PLAN).troubles == ()


@pytest.mark.parametrize("state", ["offline", "absent", "fault", "unknown"])
def test_a_device_in_a_bad_or_unknown_state_is_named_with_its_own_words(state: str) -> None:
    device = DeviceView(
        device="printer",
        kind="printer",
        state=state,
        code="P-02",
        who="clerk",
        what_zh="打印机缺纸",
        remedy_zh="换纸",
        since_ms=3_000,
    )
    trouble = the_trouble(replace(QUIET, devices=(device,)))
    assert (trouble.code, trouble.subject, trouble.who, trouble.since_ms) == (
        "P-02",
        "printer",
        "clerk",
        3_000,
    )
    assert (trouble.what_zh, trouble.remedy_zh) == ("printer：打印机缺纸", "换纸")


def test_without_the_keeper_everything_is_unknown_not_fine() -> None:
    condition = unreachable(KeeperGone(path="p"), 1)
    assert {condition.queue, condition.printing, condition.ratings, condition.devices} == {"不明"}


def test_the_access_of_the_file_becomes_the_keepers_policy() -> None:
    policy = policy_of(replace(CONFIG, access={"terminal": ("1234", "@567")}))
    assert policy.roles[Role.TERMINAL] == Allowed(frozenset({1234}), frozenset({567}))


def test_an_account_that_the_machine_does_not_have_is_refused_by_name() -> None:
    with pytest.raises(BadRequest, match="no-such-user-here"):
        policy_of(replace(CONFIG, access={"terminal": ("no-such-user-here",)}))
