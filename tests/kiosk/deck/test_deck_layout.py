"""Where panels stand, for every size of terminal."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from hallkiosk.deck.layout import arrange, overview_for
from hallkiosk.deck.panels import Panel

LEAST = {
    Panel.TERMINAL: (60, 19),
    Panel.WINDOW_A: (60, 19),
    Panel.WINDOW_B: (60, 19),
    Panel.SCREEN: (60, 19),
    Panel.PAPER: (52, 20),
    Panel.PADS: (52, 11),
    Panel.LOG: (52, 7),
}
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
def test_columns_use_the_whole_height(width, height, recent, wants) -> None:
    places = arrange(width, height, recent, wants)
    for x in {place.x for place in places}:
        assert sum(place.height for place in places if place.x == x) == height


def test_80x24_has_room_for_one_panel() -> None:
    assert overview_for(80, 21) is None
    assert len(arrange(80, 21, list(Panel), True)) == 1


def test_120x40_shows_the_whole_visit() -> None:
    shown = {place.panel for place in arrange(120, 38, list(Panel), True)}
    assert shown == {Panel.TERMINAL, Panel.WINDOW_A, Panel.PAPER, Panel.PADS}


def test_200x50_shows_everything() -> None:
    assert {place.panel for place in arrange(200, 48, list(Panel), True)} == set(Panel)
