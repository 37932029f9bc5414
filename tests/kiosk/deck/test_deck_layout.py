"""Where panels stand, for every size of terminal."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from hallkiosk.deck.layout import GUTTER, arrange, overview_for
from hallkiosk.deck.panels import Panel

LEAST = {
    Panel.TERMINAL: (60, 19),
    Panel.WINDOW_A: (60, 19),
    Panel.WINDOW_B: (60, 19),
    Panel.SCREEN: (60, 19),
    Panel.PAPER: (52, 20),
    Panel.PADS: (52, 11),
    Panel.LOG: (52, 7),
    Panel.DEVICES: (60, 10),
}
DEVICES_FROM = {60: 19, 121: 10}
"""The devices need fewer rows where they stand beside each other."""
SIZES = {"width": st.integers(78, 400), "height": st.integers(19, 120)}
RECENT = st.permutations(list(Panel))


@given(recent=RECENT, wants=st.booleans(), **SIZES)
def test_panels_never_overlap_nor_leave_the_body(width, height, recent, wants) -> None:
    places = arrange(width, height, recent, wants)
    for place in places:
        assert 0 <= place.x and place.x + place.width <= width
        assert 0 <= place.y and place.y + place.height <= height
    for one, other in itertools.combinations(places, 2):
        is_beside = one.x + one.width <= other.x or other.x + other.width <= one.x
        is_above = one.y + one.height <= other.y or other.y + other.height <= one.y
        assert is_beside or is_above


@given(recent=RECENT, wants=st.booleans(), **SIZES)
def test_the_chosen_panel_is_always_shown(width, height, recent, wants) -> None:
    assert recent[0] in {place.panel for place in arrange(width, height, recent, wants)}


@given(recent=RECENT, **SIZES)
def test_a_panel_of_an_overview_has_at_least_the_room_it_was_made_for(width, height, recent) -> None:
    places = arrange(width, height, recent, True)
    for place in places:
        if len(places) > 1:
            width_needed, height_needed = LEAST[place.panel]
            assert place.width >= width_needed and place.height >= height_needed


@given(recent=RECENT, wants=st.booleans(), **SIZES)
def test_nothing_of_the_body_is_left_empty_but_gutters(width, height, recent, wants) -> None:
    for y in range(height):
        row = [
            place for place in arrange(width, height, recent, wants) if place.y <= y < place.y + place.height
        ]
        assert sum(place.width for place in row) == width - GUTTER * (len(row) - 1)


@given(recent=RECENT, **SIZES)
def test_the_devices_have_room_for_two_at_once_in_every_overview(width, height, recent) -> None:
    places = arrange(width, height, [Panel.DEVICES, *(p for p in recent if p is not Panel.DEVICES)], True)
    place = next(place for place in places if place.panel is Panel.DEVICES)
    if len(places) > 1:
        assert place.height >= min(rows for least, rows in DEVICES_FROM.items() if place.width >= least)


def test_80x24_has_room_for_one_panel() -> None:
    assert overview_for(80, 21) is None
    assert len(arrange(80, 21, list(Panel), True)) == 1


def test_120x40_shows_the_whole_visit() -> None:
    shown = {place.panel for place in arrange(120, 38, list(Panel), True)}
    assert shown == {Panel.TERMINAL, Panel.WINDOW_A, Panel.PAPER, Panel.PADS}


def test_200x50_shows_everything() -> None:
    assert {place.panel for place in arrange(200, 48, list(Panel), True)} == set(Panel)


@given(width=st.integers(174, 400), height=st.integers(48, 120))
def test_the_log_stands_beside_the_devices_and_below_the_paper(width, height) -> None:
    places = {place.panel: place for place in arrange(width, height, list(Panel), True)}
    log, devices, paper = places[Panel.LOG], places[Panel.DEVICES], places[Panel.PAPER]
    assert (log.y, log.height) == (devices.y, devices.height)
    assert (log.x, log.width) == (paper.x, paper.width)


def test_a_lower_wide_terminal_shows_the_devices_instead_of_the_second_window() -> None:
    usual = {place.panel for place in arrange(200, 40, list(Panel), True)}
    chosen = [Panel.DEVICES, *(panel for panel in Panel if panel is not Panel.DEVICES)]
    assert usual - {place.panel for place in arrange(200, 40, chosen, True)} == {Panel.WINDOW_B}
