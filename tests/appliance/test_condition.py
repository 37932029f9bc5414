"""hall status judges a snapshot: what is wrong, since when, who must act, what to do."""

from dataclasses import replace
from pathlib import Path

import pytest

from hall.condition import PrintCount, QueueCount, RatingCount, condition_of, unreachable
from hall.condition_devices import DeviceCount
from hall.config.load import load
from hall.devices.configured import ConfiguredDevice, configured_devices
from hall.roles import policy_of
from hall.trouble import Trouble
from hallqueue.errors import BadRequest, HallError, KeeperBusy, KeeperGone, NotAllowed
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
    assert (condition.troubles, condition.notices) == ((), ())
    assert condition.queue == QueueCount(
        day="2026-03-02", waiting=0, issued=0, done=0, open_windows=1, windows=1
    )
    assert condition.ratings == RatingCount(rated=0, unrated=0)


def test_devices_that_reported_nothing_are_neither_fine_nor_broken() -> None:
    devices = configured_devices(CONFIG)
    count = condition_of(QUIET, PLAN, (), devices).devices
    assert count == DeviceCount(total=len(devices), well=0, unknown=len(devices))


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
    assert (condition.printing, condition.troubles) == (PrintCount(queued=2, troubled=0), ())


def test_an_expired_print_is_over_and_no_trouble() -> None:
    assert condition_of(replace(QUIET, print_troubles=(job(PrintState.EXPIRED),)), PLAN).troubles == ()


def device(name: str, state: str, **words: str) -> DeviceView:
    blank = DeviceView(
        device=name, kind=name, state=state, code="", who="", what_zh="", remedy_zh="", since_ms=3_000
    )
    return replace(blank, **words)  # type: ignore[arg-type]


NO_PAPER = {"code": "P-02", "who": "clerk", "what_zh": "打印机缺纸", "remedy_zh": "换纸"}


@pytest.mark.parametrize("state", ["offline", "absent", "fault"])
def test_a_device_in_a_bad_state_is_named_with_its_own_words(state: str) -> None:
    trouble = the_trouble(replace(QUIET, devices=(device("printer", state, **NO_PAPER),)))
    assert (trouble.code, trouble.subject, trouble.who, trouble.since_ms) == (
        "P-02",
        "printer",
        "clerk",
        3_000,
    )
    assert (trouble.what_zh, trouble.remedy_zh) == ("printer：打印机缺纸", "换纸")


@pytest.mark.parametrize(("state", "zh"), [("offline", "无应答"), ("absent", "未找到"), ("fault", "故障")])
def test_a_device_without_words_gets_words_in_both_languages(state: str, zh: str) -> None:
    trouble = the_trouble(replace(QUIET, devices=(device("pad-1", state),)))
    assert (trouble.code, trouble.what_zh, trouble.what_en) == ("T-05", f"pad-1：{zh}", f"pad-1: {state}")


# --- what is to be known and is no trouble -----------------------------------------------------------


def the_notice(*devices: DeviceView) -> Trouble:
    condition = condition_of(replace(QUIET, devices=devices), PLAN)
    assert condition.troubles == ()
    [notice] = condition.notices
    return notice


@pytest.mark.parametrize("state", ["online", "busy"])
def test_a_warning_of_a_device_that_works_is_a_notice_with_its_words(state: str) -> None:
    low = device(
        "printer", state, code="P-07", who="clerk", what_zh="纸快用完", remedy_zh="备一卷纸", what_en="low"
    )
    notice = the_notice(low, device("pad-1", "online"))
    assert (notice.code, notice.subject, notice.who, notice.since_ms) == ("P-07", "printer", "clerk", 3_000)
    assert (notice.what_zh, notice.what_en, notice.remedy_zh) == (
        "printer：纸快用完",
        "printer: low",
        "备一卷纸",
    )


def test_a_device_of_which_nothing_was_heard_yet_is_a_notice_in_words_of_ours() -> None:
    notice = the_notice(device("keypad-1", "unknown"))
    assert (notice.code, notice.who) == ("", "nobody")
    assert (notice.what_zh, notice.what_en) == ("keypad-1：还没有消息", "keypad-1: nothing was heard yet")
    assert notice.remedy_zh.endswith("hall test keypad-1")


def test_a_caller_that_nobody_pressed_yet_is_a_notice_in_its_own_words() -> None:
    notice = the_notice(
        device("keypad-1", "unknown", code="K-06", who="clerk", what_zh="还没有人按过键", remedy_zh="按一次")
    )
    assert (notice.code, notice.who) == ("K-06", "clerk")
    assert (notice.what_zh, notice.remedy_zh) == ("keypad-1：还没有人按过键", "按一次")


def test_a_printer_that_does_not_answer_is_unknown_and_a_trouble() -> None:
    silent = device("printer", "unknown", code="P-01", who="technician", what_zh="没有应答")
    trouble = the_trouble(replace(QUIET, devices=(silent,)))
    assert (trouble.code, trouble.what_zh) == ("P-01", "printer：没有应答")


def test_a_device_that_nobody_keeps_any_more_is_a_trouble() -> None:
    lost = device("pad-1", "unknown", code="T-09", who="technician", what_zh="程序没有在运行")
    assert the_trouble(replace(QUIET, devices=(lost,))).code == "T-09"


# --- devices that the configuration no longer has ----------------------------------------------------

PAD = ConfiguredDevice("pad-1", "pad", "1号窗口评价器", "gpio://", "evaluator")


@pytest.mark.parametrize("state", ["online", "absent", "unknown"])
def test_a_device_that_was_taken_out_of_the_configuration_is_gone_and_no_trouble(state: str) -> None:
    devices = (device("pad-1", "online"), device("barcode", state, code="B-02", who="clerk", what_zh="乱码"))
    condition = condition_of(replace(QUIET, devices=devices), PLAN, (), (PAD,))
    assert (condition.troubles, condition.notices) == ((), ())
    assert [(row.device, row.is_gone) for row in condition.device_rows] == [
        ("pad-1", False),
        ("barcode", True),
    ]
    assert condition.devices == DeviceCount(total=1, well=1, unknown=0)


def test_the_keeper_s_own_device_is_in_no_configuration_and_not_gone() -> None:
    clock = device("clock", "fault", code="S-20", who="technician", what_zh="时钟倒退")
    condition = condition_of(replace(QUIET, devices=(clock,)), PLAN, (), ())
    assert [trouble.subject for trouble in condition.troubles] == ["clock"]
    assert [row.is_gone for row in condition.device_rows] == [False]


def test_while_the_configuration_cannot_be_read_no_device_is_gone() -> None:
    condition = condition_of(replace(QUIET, devices=(device("barcode", "absent"),)), PLAN, (), None)
    assert [row.is_gone for row in condition.device_rows] == [False]
    assert [trouble.subject for trouble in condition.troubles] == ["barcode"]


# --- without a keeper --------------------------------------------------------------------------------


def test_without_the_keeper_everything_is_unknown_not_fine() -> None:
    condition = unreachable(KeeperGone(path="p"), 1)
    assert (condition.queue, condition.printing, condition.ratings, condition.devices) == (None,) * 4


def test_a_keeper_that_is_gone_is_a_technician_s_although_its_clients_only_wait() -> None:
    [trouble] = unreachable(KeeperGone(path="p"), 1).troubles
    assert (trouble.code, trouble.who) == ("S-07", "technician")
    assert "systemctl status hall-queue" in trouble.remedy_en


@pytest.mark.parametrize(
    "error", [NotAllowed(role="r", verb="v", role_en="r", verb_en="v"), KeeperBusy(limit=3)]
)
def test_a_keeper_that_answers_no_says_itself_what_to_do(error: HallError) -> None:
    [trouble] = unreachable(error, 1).troubles
    assert (trouble.who, trouble.remedy_zh, trouble.remedy_en) == (
        error.who,
        error.remedy_zh,
        error.remedy_en,
    )


def test_the_access_of_the_file_becomes_the_keepers_policy() -> None:
    policy = policy_of(replace(CONFIG, access={"terminal": ("1234", "@567")}))
    assert policy.roles[Role.TERMINAL] == Allowed(frozenset({1234}), frozenset({567}))


def test_an_account_that_the_machine_does_not_have_is_refused_by_name() -> None:
    with pytest.raises(BadRequest, match="no-such-user-here"):
        policy_of(replace(CONFIG, access={"terminal": ("no-such-user-here",)}))
