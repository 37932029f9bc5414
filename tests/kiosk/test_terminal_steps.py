import asyncio
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hall.config.load import load
from hallkiosk.terminal.facts import waiting_status
from hallkiosk.terminal.fitting import arrange, face_rows, grid_shape
from hallkiosk.terminal.hours import hours_text
from hallkiosk.terminal.model import DIGITS, LETTERS, Face, Line, Scene, World
from hallkiosk.terminal.pictures import Pictures, scene_of
from hallkiosk.terminal.steps import TRANSITIONS, Act, Journey, Step, Visit
from hallkiosk.wording import Text, Words
from hallkiosk.wording.terminal import TEXTS
from hallprinter.cells import text_width
from hallqueue.memory import MemoryHall
from hallqueue.plan import Calendar, Plan, Session
from hallqueue.states import PrintState
from hallqueue.views import Estimate, HallSnapshot, Issued, LineView


class WallClock:
    def now_ms(self) -> int:
        return 1_772_500_000_000  # Tuesday 2026-03-03, 09:06

    def synchronised(self) -> bool:
        return True


EXAMPLES = Path(__file__).parents[2] / "examples"
PLAN = load(EXAMPLES / "township.toml").plan
VILLAGE = load(EXAMPLES / "village.toml").plan
JOURNEY = Journey(PLAN)
WORDS = Words(TEXTS)


async def _ask(plan: Plan) -> tuple[Issued, HallSnapshot]:
    hall = MemoryHall(plan, WallClock())
    return await hall.issue(plan.services[0].id, key="k"), await hall.snapshot()


ISSUED, SNAPSHOT = asyncio.run(_ask(PLAN))
VISITS = {
    Step.GROUPS: JOURNEY.home,
    Step.SERVICES: Visit(Step.SERVICES, "gongan"),
    Step.CONFIRM: Visit(Step.CONFIRM, "gongan", "hukou-dengji"),
    Step.ISSUING: Visit(Step.ISSUING, "gongan", "hukou-dengji", key="k"),
    Step.REFUSED: Visit(Step.REFUSED, "gongan", "hukou-dengji", refusal=(Text("不行", "no"),)),
    Step.TAKE: Visit(Step.TAKE, "gongan", "hukou-dengji", key="k", ticket=ISSUED.ticket),
}


def act(visit: Visit, what: Act) -> Visit:
    """Do the act with arguments that are right for it."""
    return {
        Act.GROUP: lambda: JOURNEY.pick_group(visit, "gongan"),
        Act.SERVICE: lambda: JOURNEY.pick_service(visit, "hukou-dengji"),
        Act.PRIORITY: lambda: JOURNEY.toggle_priority(visit, "yunfu"),
        Act.GO: lambda: JOURNEY.go(visit, "k"),
        Act.BACK: lambda: JOURNEY.back(visit),
        Act.HOME: lambda: JOURNEY.leave(visit),
        Act.AWAY: lambda: JOURNEY.away(visit, "k"),
        Act.ISSUED: lambda: JOURNEY.issued(visit, "k", ISSUED.ticket, ISSUED.estimate, True),
        Act.REFUSED: lambda: JOURNEY.refused(visit, "k", (Text("不行", "no"),)),
        Act.SEEN: lambda: JOURNEY.seen(visit, replace(ISSUED.ticket, print_state=PrintState.PRINTED)),
    }[what]()


# The table.


@pytest.mark.parametrize(("step", "what"), [(s, a) for s in Step for a in TRANSITIONS[s]])
def test_each_row_of_the_table_leads_where_it_says(step: Step, what: Act) -> None:
    after = act(VISITS[step], what)
    assert after != VISITS[step]
    assert after.step is TRANSITIONS[step][what]


@pytest.mark.parametrize(("step", "what"), [(s, a) for s, a in product(Step, Act) if a not in TRANSITIONS[s]])
def test_what_the_table_does_not_list_changes_nothing(step: Step, what: Act) -> None:
    assert act(VISITS[step], what) is VISITS[step]


def test_an_answer_under_another_key_belongs_to_somebody_who_left() -> None:
    asked = VISITS[Step.ISSUING]
    assert JOURNEY.issued(asked, "other", ISSUED.ticket, ISSUED.estimate, True) is asked
    assert JOURNEY.refused(asked, "other", ()) is asked
    assert JOURNEY.away(asked, "other") is asked


def test_news_of_another_ticket_changes_nothing() -> None:
    other = replace(ISSUED.ticket, ticket=ISSUED.ticket.ticket + 1)
    assert JOURNEY.seen(VISITS[Step.TAKE], other) is VISITS[Step.TAKE]


def test_going_home_forgets_everything() -> None:
    chosen = replace(VISITS[Step.CONFIRM], priority="yunfu")
    assert JOURNEY.leave(chosen) == Visit()


def test_what_is_not_in_the_plan_cannot_be_chosen() -> None:
    assert JOURNEY.pick_group(JOURNEY.home, "nothing") is JOURNEY.home
    services = VISITS[Step.SERVICES]
    assert JOURNEY.pick_service(services, "hunyin-dengji") is services
    assert JOURNEY.toggle_priority(VISITS[Step.CONFIRM], "vip") is VISITS[Step.CONFIRM]


def test_a_hall_with_one_group_begins_with_its_services() -> None:
    journey = Journey(VILLAGE)
    assert journey.home.step is Step.SERVICES
    assert not journey.may(journey.home, Act.BACK)
    chosen = journey.pick_service(journey.home, VILLAGE.services[0].id)
    assert journey.back(chosen) == journey.home and journey.leave(chosen) == journey.home


@given(st.lists(st.sampled_from(Act), max_size=30))
def test_no_order_of_touches_gives_a_number_without_one_key(acts: list[Act]) -> None:
    visit = JOURNEY.home
    for what in acts:
        visit = act(visit, what)
        assert (visit.step in (Step.ISSUING, Step.TAKE)) is bool(visit.key)
        assert (visit.step is Step.TAKE) is (visit.ticket is not None)


# What is shown.


@pytest.mark.parametrize("step", [Step.ISSUING, Step.REFUSED, Step.TAKE])
def test_an_answer_stays_on_the_screen_when_the_keeper_goes(step: Step) -> None:
    assert scene_of(VISITS[step], World(SNAPSHOT, is_reachable=False), JOURNEY.home) is Scene(step.value)


@pytest.mark.parametrize("step", [Step.GROUPS, Step.ISSUING, Step.TAKE])
def test_nobody_is_asked_whether_they_are_there_while_they_wait_or_read_a_number(step: Step) -> None:
    assert scene_of(VISITS[step], World(SNAPSHOT, is_asking=True), JOURNEY.home) is Scene(step.value)


@pytest.mark.parametrize(("step", "state", "is_slow"), list(product(Step, PrintState, [False, True])))
def test_take_your_ticket_is_only_said_of_a_printed_one(step: Step, state: PrintState, is_slow: bool) -> None:
    visit = VISITS[step]
    if visit.ticket is not None:
        visit = replace(visit, ticket=replace(visit.ticket, print_state=state))
    picture = Pictures(PLAN, JOURNEY, WORDS).of(visit, World(SNAPSHOT, is_slow=is_slow))
    said = any("请取票" in line.text for line in picture.lines)
    assert said is (step is Step.TAKE and state is PrintState.PRINTED)


def test_without_paper_nobody_is_sent_to_the_printer() -> None:
    picture = Pictures(PLAN, JOURNEY, WORDS).of(replace(VISITS[Step.TAKE], has_paper=False), World(SNAPSHOT))
    assert picture.lines[0].text == "没有小票：请记住号码A001"


def test_there_are_never_more_than_six_choices() -> None:
    pictures = Pictures(PLAN, JOURNEY, WORDS)
    for visit in VISITS.values():
        picture = pictures.of(visit, World(SNAPSHOT))
        foot = 2 if picture.has_notice and picture.faces else 0
        assert len(picture.faces) + foot <= 6


def test_a_halls_own_words_replace_ours_on_the_screen() -> None:
    words = Words(TEXTS, {"terminal.choose-group": "您办什么事？", "terminal.choose-group.en": "Yes?"})
    picture = Pictures(PLAN, JOURNEY, words).of(JOURNEY.home, World(SNAPSHOT))
    assert picture.question == Text("您办什么事？", "Yes?")


@pytest.mark.parametrize(
    ("waiting", "wait_s", "said"),
    [
        (0, 0, "不用等候"),
        (3, 61, "等候3人，约2分钟"),
        (3, -1, "等候3人，暂无窗口"),
        (0, -1, "暂无窗口办理"),
        (2, 0, "等候2人"),
    ],
)
def test_a_wait_is_never_said_shorter_than_it_was_reckoned(waiting: int, wait_s: int, said: str) -> None:
    estimate = Estimate(ahead=waiting, wait_s=wait_s, windows=1, service_s=60, samples=0)
    line = LineView(
        service="x",
        waiting=waiting,
        estimate=estimate,
        open=True,
        refusal_code="",
        refusal_zh="",
        refusal_en="",
    )
    assert waiting_status(line, WORDS) == said


def test_hours_join_days_of_the_same_hours() -> None:
    calendar = Calendar((Session((1, 2, 3), "09:00", "12:00"), Session((6,), "10:00", "11:00")))
    said = hours_text(calendar, WORDS)
    assert [text.zh for text in said] == ["周一至周三09:00-12:00", "周六10:00-11:00"]
    assert [text.en for text in said] == ["Mon-Wed 09:00-12:00", "Sat 10:00-11:00"]


def test_digits_are_the_terminals_own_and_letters_the_decks() -> None:
    assert [DIGITS.place(key) for key in ("1", "6", "7", "a", None, "")] == [0, 5, None, None, None, None]
    assert [LETTERS.place(key) for key in ("a", "F", "1", "ab")] == [0, 5, None, None]


# Room.


@pytest.mark.parametrize(
    ("count", "width", "height", "shape"),
    [(6, 78, 9, (3, 2)), (6, 58, 30, (2, 3)), (4, 78, 9, (2, 2)), (1, 78, 9, (1, 1)), (6, 58, 12, (3, 2))],
)
def test_buttons_stand_in_the_shape_that_suits_the_panel(
    count: int, width: int, height: int, shape: tuple[int, int]
) -> None:
    assert grid_shape(count, width, height) == shape


han = st.text(alphabet="社保医保登记窗口户籍一二三，。、（）AB12 ", min_size=1, max_size=30)


@given(han, han, st.integers(2, 40), st.integers(1, 12))
def test_a_button_never_has_more_rows_or_wider_ones_than_its_place(
    name: str, status: str, width: int, height: int
) -> None:
    rows = face_rows(Face(Text(name, "Household"), status, shortcut="1"), width, height)
    assert len(rows) <= height
    assert all(text_width(row.text) <= width for row in rows)


@given(han, st.lists(st.tuples(han, st.integers(0, 5)), max_size=6), st.integers(16, 80), st.integers(1, 40))
def test_a_notice_never_has_more_rows_than_its_place_and_keeps_what_must_be_read(
    big: str, parts: list[tuple[str, int]], width: int, height: int
) -> None:
    lines = tuple(Line(text, rank=rank) for text, rank in parts)
    notice = arrange(big, lines, width, height)
    used = notice.big_rows + notice.gap * bool(notice.big_rows) + len(notice.rows)
    assert used <= height
    if used < height:
        shown = "".join(row.text for row in notice.rows).replace(" ", "")
        assert all(line.text.replace(" ", "") in shown for line in lines if line.rank == 0)
