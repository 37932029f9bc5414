import pytest
from textual.app import ComposeResult
from textual.color import Color
from textual.widgets import Button, Static

from hallkiosk.chrome import HallApp
from hallkiosk.theme import COLOURS, MARK_PAIRS, TEXT_PAIRS, HallTheme


def luminance(colour: str) -> float:
    """Relative luminance by WCAG 2.2, written out here so that the test shares nothing with Textual."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_the_contrast_formula_gives_the_known_extreme() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("theme", HallTheme)
@pytest.mark.parametrize(("text", "ground"), TEXT_PAIRS)
def test_text_stands_out_four_and_a_half_to_one(theme: HallTheme, text: str, ground: str) -> None:
    assert contrast(COLOURS[theme][text], COLOURS[theme][ground]) >= 4.5


@pytest.mark.parametrize("theme", HallTheme)
@pytest.mark.parametrize(("mark", "ground"), MARK_PAIRS)
def test_large_marks_stand_out_three_to_one(theme: HallTheme, mark: str, ground: str) -> None:
    assert contrast(COLOURS[theme][mark], COLOURS[theme][ground]) >= 3


@pytest.mark.parametrize(("text", "ground"), TEXT_PAIRS)
def test_high_contrast_is_worth_its_name(text: str, ground: str) -> None:
    assert contrast(COLOURS[HallTheme.HIGH_CONTRAST][text], COLOURS[HallTheme.HIGH_CONTRAST][ground]) >= 7


def test_both_themes_name_the_same_colours() -> None:
    assert set(COLOURS[HallTheme.BLUE]) == set(COLOURS[HallTheme.HIGH_CONTRAST])


class Sample(HallApp[None]):
    def compose(self) -> ComposeResult:
        yield Static("取号", classes="title")
        yield Button("社保医保", classes="big-button", compact=True, id="first")
        yield Button("公安户籍", classes="big-button", compact=True, id="second")


@pytest.mark.parametrize("theme", HallTheme)
async def test_a_big_button_is_three_rows_with_the_themes_own_colours(theme: HallTheme) -> None:
    app = Sample(theme=theme)
    async with app.run_test(size=(80, 15)) as pilot:
        await pilot.pause()
        button = app.query_one("#second", Button)
        assert button.region.height == 3
        assert button.styles.background == Color.parse(COLOURS[theme]["hall-button"])
        assert button.styles.color == Color.parse(COLOURS[theme]["hall-button-text"])


async def test_focus_shows_bars_beside_the_button_and_not_only_another_colour() -> None:
    app = Sample()
    async with app.run_test(size=(80, 15)) as pilot:
        button = app.query_one("#second", Button)
        app.query_one("#first", Button).focus()
        await pilot.pause()
        assert button.styles.outline_left[0] == ""
        button.focus()
        await pilot.pause()
        assert button.styles.outline_left[0] == "thick"
        assert button.region.height == 3


async def test_the_look_changes_while_the_app_runs() -> None:
    app = Sample()
    async with app.run_test(size=(80, 15)) as pilot:
        app.use_theme(HallTheme.HIGH_CONTRAST)
        await pilot.pause()
        background = app.query_one("#first", Button).styles.background
        assert background == Color.parse(COLOURS[HallTheme.HIGH_CONTRAST]["hall-button"])


@pytest.mark.parametrize("key", ["ctrl+q", "ctrl+c", "ctrl+z", "ctrl+p"])
async def test_no_key_ends_or_suspends_a_public_terminal(key: str) -> None:
    app = Sample(kiosk=True)
    async with app.run_test(size=(80, 15)) as pilot:
        await pilot.press(key)
        await pilot.pause()
        assert app.is_running and app._exit is False
        assert len(app.screen_stack) == 1


@pytest.mark.parametrize("key", ["ctrl+q", "ctrl+c"])
async def test_staff_can_leave_with_the_usual_keys(key: str) -> None:
    app = Sample()
    async with app.run_test(size=(80, 15)) as pilot:
        await pilot.press(key)
        await pilot.pause()
        assert app._exit is True


async def test_the_apps_own_style_sheet_wins_over_the_shared_classes() -> None:
    class Own(Sample):
        CSS = ".big-button { height: 5; }"

    app = Own()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert app.query_one("#first", Button).region.height == 5
