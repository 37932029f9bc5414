"""The next step, from the state of the hall alone."""

import itertools

import pytest

from hallkiosk.deck.bars import Label, tab_texts
from hallkiosk.deck.guide import Next, Step, next_step
from hallkiosk.deck.guidetext import guide_text
from hallkiosk.deck.panels import Panel
from hallkiosk.terminal.steps import Step as TerminalStep
from hallkiosk.wording import Text, Words
from hallkiosk.wording.deck import TEXTS
from hallprinter.cells import text_width

WORDS = Words(TEXTS)


async def step_of(hall, **more) -> Step:
    return next_step(await hall.snapshot(), (1, 2), **more)


@pytest.fixture
async def hall(rig):
    await rig.hall.open_window(1, key="open-1", clerk="李敏")
    await rig.hall.open_window(2, key="open-2", clerk="王芳")
    return rig.hall


async def test_an_empty_hall_leads_to_the_terminal(hall) -> None:
    assert await step_of(hall) == Step(Next.TAKE, Panel.TERMINAL)


def test_without_a_hall_one_is_asked_to_wait() -> None:
    assert next_step(None, (1, 2)).next is Next.CONNECT


async def test_somebody_who_waits_leads_to_the_first_window(hall) -> None:
    await hall.issue("hukou", key="t")
    assert await step_of(hall) == Step(Next.CALL, Panel.WINDOW_A, 1, "A001")


async def test_with_the_first_window_paused_the_second_is_named(hall) -> None:
    await hall.pause_window(1, key="p")
    await hall.issue("hukou", key="t")
    assert await step_of(hall) == Step(Next.CALL, Panel.WINDOW_B, 2, "A001")


async def test_with_no_window_open_one_is_to_be_opened(hall) -> None:
    await hall.pause_window(1, key="p1")
    await hall.pause_window(2, key="p2")
    await hall.issue("hukou", key="t")
    assert await step_of(hall) == Step(Next.OPEN, Panel.WINDOW_A, 1, "")


async def test_a_called_one_is_started_before_another_is_called(hall) -> None:
    await hall.issue("hukou", key="t1")
    await hall.issue("hukou", key="t2")
    await hall.call_next(2, key="c")
    assert await step_of(hall) == Step(Next.START, Panel.WINDOW_B, 2, "A001")


async def test_a_served_one_is_finished(hall) -> None:
    await hall.issue("hukou", key="t")
    await hall.call_next(2, key="c")
    await hall.start(2, key="s")
    assert await step_of(hall) == Step(Next.FINISH, Panel.WINDOW_B, 2, "A001")


async def finish(hall) -> int:
    await hall.issue("hukou", key="t")
    await hall.call_next(1, key="c")
    await hall.start(1, key="s")
    return (await hall.finish(1, key="f")).rating.matter


async def test_an_open_question_leads_to_the_pads(hall) -> None:
    await finish(hall)
    assert await step_of(hall) == Step(Next.RATE, Panel.PADS, 1, "A001")


async def test_a_rated_visit_is_praised_and_leads_to_the_next(hall) -> None:
    await finish(hall)
    await hall.press(1, key="r", level="satisfied", raw_key="2", device="pad-1")
    assert await step_of(hall) == Step(Next.AGAIN, Panel.TERMINAL, 1, "A001")


async def test_silence_is_not_praised_as_a_rating(rig, hall) -> None:
    matter = await finish(hall)
    rig.wall.ahead_ms += 60_000
    await hall.rating_timeout(matter, key="r")
    assert (await step_of(hall)).next is Next.UNRATED


async def test_a_held_one_is_not_forgotten(hall) -> None:
    await hall.issue("hukou", key="t")
    await hall.call_next(2, key="c")
    await hall.start(2, key="s")
    await hall.hold(2, key="h")
    assert await step_of(hall) == Step(Next.RESUME, Panel.WINDOW_B, 2, "A001")


async def test_a_printer_that_is_down_is_named_when_nothing_else_is_to_be_done(hall) -> None:
    assert (await step_of(hall, is_printer_down=True)).panel is Panel.PAPER
    await hall.issue("hukou", key="t")
    assert (await step_of(hall, is_printer_down=True)).next is Next.CALL


@pytest.mark.parametrize("what", list(Next))
def test_every_step_has_words_that_fit_the_line(what: Next) -> None:
    for here, panel, terminal in itertools.product(Panel, Panel, TerminalStep):
        said = guide_text(WORDS, Step(what, panel, 12, "AB1234"), here, terminal)
        assert text_width(said.zh) <= 76 and text_width(said.en) <= 76
        assert text_width(said.zh) + 2 + text_width(said.en) <= 112


@pytest.mark.parametrize("key", ["deck.leave", "deck.no-overview"])
def test_questions_of_the_deck_fit_the_line(key: str) -> None:
    said = WORDS.text(key)
    assert text_width(said.zh) + 2 + text_width(said.en) <= 112


def test_tabs_drop_english_first_and_are_never_wider_than_the_line() -> None:
    labels = [Label(str(n), str(n), Text("评价器", "Rating")) for n in range(8)]
    assert tab_texts(labels, 200)[0] == "0 评价器 Rating"
    assert tab_texts(labels, 90)[0] == "0 评价器"
    assert tab_texts(labels, 74)[0] == "0评价器"
    assert tab_texts(labels, 30)[0] == "0"
