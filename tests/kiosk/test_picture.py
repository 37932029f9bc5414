import importlib.util
import os
import sys
from pathlib import Path
from types import ModuleType

import pytest
from PIL import Image

from hallkiosk.bigtext_cells import GLYPHS, BigTextMode
from hallkiosk.cellpicture import Cell, CellGrid, Geometry, draw, save_png
from hallkiosk.cellpicture_blocks import shapes_of

WHITE, BLUE = (255, 255, 255), (0, 0, 128)
APP = """
from textual.app import ComposeResult
from textual.widgets import Button, Static

from hallkiosk.bigtext import BigText
from hallkiosk.chrome import HallApp


class Sample(HallApp[None]):
    def compose(self) -> ComposeResult:
        yield Static("民生服务大厅·自助取号", classes="title")
        yield Button("社保医保", classes="big-button", compact=True, id="one")
        yield Button("公安户籍", classes="big-button", compact=True, id="two")
        yield Static("请按屏幕上的按钮", id="answer")
        yield BigText("A012", rows=5)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        self.query_one("#answer", Static).update(f"您选择了{event.button.label}")

    def on_key(self, event) -> None:
        if event.key == "f1":
            self.query_one("#answer", Static).update("按了F1键")
        elif event.character == "号":
            self.query_one("#answer", Static).update("收到汉字")


Sample().run()
"""


@pytest.fixture(scope="module")
def picture() -> ModuleType:
    place = Path(__file__).parents[2] / "tools" / "picture.py"
    spec = importlib.util.spec_from_file_location("hall_tools_picture", place)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def app(tmp_path: Path) -> list[str]:
    script = tmp_path / "app.py"
    script.write_text(APP, encoding="utf-8")
    return [sys.executable, str(script)]


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def cells(text: str) -> tuple[Cell, ...]:
    """A row in which each Han character takes two cells."""
    row: list[Cell] = []
    for char in text:
        row += [Cell(char, WHITE, BLUE)] + [Cell("", WHITE, BLUE)] * (ord(char) in range(0x3000, 0xFB00))
    return tuple(row)


# The grid and its picture.


def test_the_lines_of_a_grid_count_wide_characters_once() -> None:
    grid = CellGrid((cells("取号A1  "), cells("请到窗口")))
    assert grid.lines == ("取号A1", "请到窗口")


def test_rows_of_different_length_are_no_grid() -> None:
    with pytest.raises(ValueError, match="same number of cells"):
        CellGrid((cells("AB"), cells("A")))


def test_a_text_is_found_at_its_cell_and_not_at_its_character() -> None:
    grid = CellGrid((cells("        "), cells("取号ABC ")))
    assert grid.find("ABC") == (5, 1)
    assert grid.find("取") == (0, 1)
    assert grid.find("无") is None


def test_a_picture_has_exactly_the_pixels_of_its_cells() -> None:
    assert draw(CellGrid((cells("取号A1"), cells("ABCDEF"))), Geometry(16, 32)).size == (96, 64)


def test_half_a_block_paints_exactly_half_the_cell() -> None:
    image = draw(CellGrid((cells("▀▄█ "),)), Geometry(16, 32))
    assert [image.getpixel((8, 15)), image.getpixel((8, 16))] == [WHITE, BLUE]
    assert [image.getpixel((24, 15)), image.getpixel((24, 16))] == [BLUE, WHITE]
    assert [image.getpixel((40, 0)), image.getpixel((40, 31)), image.getpixel((56, 0))] == [
        WHITE,
        WHITE,
        BLUE,
    ]


def test_reverse_changes_ink_and_paper() -> None:
    image = draw(CellGrid(((Cell("▀", WHITE, BLUE, reverse=True),),)))
    assert [image.getpixel((8, 4)), image.getpixel((8, 28))] == [BLUE, WHITE]


def test_underline_and_strike_are_drawn_across_the_whole_cell() -> None:
    image = draw(CellGrid(((Cell(" ", WHITE, BLUE, underline=True), Cell(" ", WHITE, BLUE, strike=True)),)))
    assert {image.getpixel((x, 28)) for x in range(16)} == {WHITE}
    assert {image.getpixel((x, 16)) for x in range(16, 32)} == {WHITE}


def test_bold_puts_down_more_ink() -> None:
    def ink(bold: bool) -> int:
        image = draw(CellGrid(((Cell("8", WHITE, (0, 0, 0), bold=bold),),))).convert("L")
        return sum(level * count for level, count in enumerate(image.histogram()))

    assert ink(True) > 1.1 * ink(False)


def test_a_han_character_uses_both_of_its_cells() -> None:
    image = draw(CellGrid((cells("国"),)), Geometry(16, 32))
    for left in (0, 16):
        part = image.crop((left, 0, left + 16, 32))
        assert part.getcolors() is not None and len(part.getcolors() or []) > 1


@pytest.mark.parametrize("char", ["●", "→", "①"])
def test_a_symbol_that_the_font_draws_wide_stays_in_its_cell(char: str) -> None:
    image = draw(CellGrid(((Cell(char, WHITE, BLUE), Cell(" ", WHITE, BLUE)),)), Geometry(16, 32))
    assert image.crop((16, 0, 32, 32)).getcolors() == [(512, BLUE)]


@pytest.mark.parametrize("size", [(16, 32), (7, 15), (10, 21)])
def test_the_dots_of_a_sextant_tile_its_cell_without_gap_or_overlap(size: tuple[int, int]) -> None:
    width, height = size
    covered: dict[tuple[int, int], int] = {}
    for bit in range(6):
        for box in shapes_of(GLYPHS[BigTextMode.SEXTANT][1 << bit], width, height) or ():
            for y in range(box.top, box.bottom):
                for x in range(box.left, box.right):
                    covered[x, y] = covered.get((x, y), 0) + 1
    assert covered == {(x, y): 1 for y in range(height) for x in range(width)}


@pytest.mark.parametrize(
    ("left", "right"), [("─", "┐"), ("┌", "─"), ("═", "╗"), ("╔", "═"), ("━", "┫"), ("╰", "╯"), ("╠", "╣")]
)
def test_lines_of_neighbouring_cells_meet_at_their_edge(left: str, right: str) -> None:
    def rows_at(char: str, column: int) -> set[int]:
        boxes = shapes_of(char, 16, 32) or ()
        return {y for box in boxes if box.left <= column < box.right for y in range(box.top, box.bottom)}

    assert rows_at(left, 15) == rows_at(right, 0) != set()


def test_letters_are_left_to_the_font() -> None:
    assert [shapes_of(char, 16, 32) for char in "A中→ "] == [None] * 4


def test_a_png_is_written_where_it_was_asked_for(tmp_path: Path) -> None:
    place = save_png(CellGrid((cells("取号"),)), tmp_path / "picture.png")
    with Image.open(place) as image:
        assert (image.format, image.size) == ("PNG", (64, 32))


# A program in a real pseudo terminal.


def test_a_chinese_app_is_seen_as_a_person_sees_it(picture: ModuleType, app: list[str]) -> None:
    grid = picture.screen_of(app, (60, 16), [picture.WaitFor("自助取号")])
    assert (len(grid.rows), len(grid.rows[0])) == (16, 60)
    assert grid.lines[0].strip() == "民生服务大厅·自助取号"
    assert [text for line in grid.lines[1:8] if (text := line.strip(" █"))] == [
        "社保医保",
        "公安户籍",
        "请按屏幕上的按钮",
    ]
    assert grid.rows[0][1].text == "民" and grid.rows[0][2].text == ""
    assert grid.rows[0][1].bold


def test_a_mouse_click_presses_the_button_under_it(picture: ModuleType, app: list[str]) -> None:
    steps = [picture.ClickText("公安户籍"), picture.WaitFor("您选择了公安户籍")]
    assert "您选择了公安户籍" in picture.screen_of(app, (60, 16), steps).text


def test_keys_and_chinese_text_reach_the_app(picture: ModuleType, app: list[str]) -> None:
    steps = [
        picture.WaitFor("自助取号"),
        picture.Send(picture.KEYS["f1"]),
        picture.WaitFor("按了F1键"),
        picture.Send("号"),
        picture.WaitFor("收到汉字"),
    ]
    picture.screen_of(app, (60, 16), steps)


def test_a_picture_of_a_program_is_a_png_of_its_cells(picture: ModuleType, tmp_path: Path) -> None:
    place = picture.picture_of(
        python("print('请取票')"), (20, 3), [picture.WaitFor("请取票")], tmp_path / "p.png"
    )
    with Image.open(place) as image:
        assert image.size == (320, 96)


def test_colours_of_all_three_kinds_are_understood(picture: ModuleType) -> None:
    code = r"print('\x1b[31mA\x1b[0m\x1b[38;5;196mB\x1b[0m\x1b[38;2;1;2;3;48;2;4;5;6mC\x1b[0m\x1b[105mD')"
    row = picture.screen_of(python(code), (10, 2), [picture.WaitFor("ABCD")]).rows[0]
    assert [row[0].fg, row[1].fg, row[2].fg] == [(205, 0, 0), (255, 0, 0), (1, 2, 3)]
    assert [row[2].bg, row[3].bg] == [(4, 5, 6), (255, 0, 255)]


@pytest.mark.parametrize(
    "foreign",
    [r"\x1b[<u", r"\x1b[>25u", r"\x1b[=1;1u", r"\x1b[?2026$p", r"\x1bP+q544e\x1b\\", r"\x1b]8;;x\x07"],
)
def test_sequences_that_only_newer_terminals_know_leave_no_mark(picture: ModuleType, foreign: str) -> None:
    grid = picture.screen_of(python(f"print('甲{foreign}乙')"), (20, 2), [picture.WaitFor("乙")])
    assert grid.lines[0] == "甲乙"


def test_a_sequence_cut_into_single_bytes_is_still_understood(picture: ModuleType) -> None:
    with picture.Terminal(python("input()"), (20, 2)) as terminal:
        for byte in "号\x1b[<u\x1b[1m到\x1b[?2026$p\x1bPx\x1b\\3".encode():
            terminal.feed(bytes([byte]))
        grid = terminal.grid()
    assert grid.lines[0] == "号到3"
    assert grid.rows[0][2].bold


def test_half_of_an_overwritten_han_character_disappears(picture: ModuleType) -> None:
    with picture.Terminal(python("input()"), (10, 2)) as terminal:
        terminal.feed("国国\x1b[1;2Hx\x1b[1;3Hy".encode())
        assert terminal.grid().lines[0] == " xy"


def test_waiting_in_vain_tells_what_the_screen_shows_instead(picture: ModuleType) -> None:
    steps = [picture.WaitFor("有票")]
    with pytest.raises(picture.PictureError, match="did not show '有票' in time") as caught:
        picture.screen_of(python("print('无票'); input()"), (20, 2), steps, timeout_s=0.5)
    assert "无票" in str(caught.value)


def test_a_program_that_ends_is_not_waited_for(picture: ModuleType) -> None:
    with pytest.raises(picture.PictureError, match="before the program ended"):
        picture.screen_of(python("print('坏了')"), (20, 2), [picture.WaitFor("有票")], timeout_s=60)


def test_a_command_that_does_not_exist_is_an_error_of_the_system(picture: ModuleType) -> None:
    with pytest.raises(FileNotFoundError):
        picture.screen_of(["no-such-command-here"], (20, 2))


def test_no_program_is_left_behind(picture: ModuleType) -> None:
    code = (
        "import os, signal; signal.signal(signal.SIGTERM, signal.SIG_DFL); print(f'P{os.getpid()}E'); input()"
    )
    grid = picture.screen_of(python(code), (20, 2), [picture.WaitFor("E")])
    process = int(grid.lines[0].removeprefix("P").removesuffix("E"))
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


def test_the_command_line_takes_its_steps_in_order(
    picture: ModuleType, app: list[str], tmp_path: Path
) -> None:
    before, after = tmp_path / "before.png", tmp_path / "after.png"
    steps = ["--wait-for", "自助取号", "--shot", str(before), "--key", "f1", "--wait-for", "按了F1键"]
    assert picture.main(["--size", "60x16", "--out", str(after), *steps, "--", *app]) == 0
    assert before.read_bytes() != after.read_bytes()


def test_the_command_line_says_what_it_missed(
    picture: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "never.png"
    steps = ["--size", "20x2", "--timeout", "0.5", "--wait-for", "有票"]
    assert picture.main([*steps, "--out", str(out), "--", *python("input('无票')")]) == 1
    assert "无票" in capsys.readouterr().err
    assert not out.exists()
