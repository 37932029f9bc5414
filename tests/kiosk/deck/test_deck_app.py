"""The deck itself: choosing panels, room for everything, mishaps, and the way out."""

import pytest

from hallkiosk.deck.frame import Frame
from hallkiosk.deck.panels import Panel

SIZES = [(80, 24), (120, 40), (200, 50)]
OPERATIONS = ("重呼", "过号", "挂起", "恢复办理", "转移", "办结并转", "恢复过号", "点名呼叫", "暂停", "补打")
SEEN_ON = {
    Panel.TERMINAL: ("A 公安户籍", "D 综合业务", "Household & ID"),
    Panel.WINDOW_A: ("1号窗口", "李敏", *OPERATIONS),
    Panel.WINDOW_B: ("2号窗口", "王芳", *OPERATIONS),
    Panel.SCREEN: ("等候人数", "公安户籍"),
    Panel.PAPER: ("打印机正常", "C 开盖", "P 取出纸", "J 卡纸", "L 拔线", "还没有小票"),
    Panel.PADS: ("1号窗口评价器", "2号窗口评价器", "非常满意", "基本满意", "不满意", "Very good"),
    Panel.LOG: ("开窗 李敏", "开窗 王芳"),
    Panel.DEVICES: ("这里没有可以操作的设备", "No devices here"),
}


def shown(hand) -> set[Panel]:
    return {frame.panel for frame in hand.app.query(Frame) if frame.display}


@pytest.mark.parametrize("size", SIZES)
async def test_its_number_shows_each_panel_whole_and_gives_it_the_keys(rig, size) -> None:
    async with rig.deck(size) as hand:
        for panel in reversed(Panel):
            await hand.press(panel.key)
            for words in SEEN_ON[panel]:
                await hand.until(lambda words=words: words in hand.text())
            frame = hand.app.query_one(f"#frame-{panel.value}", Frame)
            assert frame.display
            assert hand.app.focused in (frame, frame.content)


@pytest.mark.parametrize("size", SIZES)
async def test_its_tab_shows_each_panel(rig, size) -> None:
    async with rig.deck(size) as hand:
        for panel in reversed(Panel):
            await hand.click(f"#tab-{panel.key}")
            assert hand.app.chosen is panel
            assert f"[{panel.key} " in hand.rows()[0]


@pytest.mark.parametrize(("size", "count"), [((80, 24), 1), ((120, 40), 4), ((200, 50), 8)])
async def test_a_larger_terminal_shows_more_at_once(rig, size, count: int) -> None:
    async with rig.deck(size) as hand:
        assert len(shown(hand)) == count


async def test_another_size_is_another_arrangement_and_the_chosen_panel_stays(rig) -> None:
    async with rig.deck((200, 50)) as hand:
        await hand.press("4")
        for size, count in (((80, 24), 1), ((120, 40), 4), ((200, 50), 8)):
            await hand.pilot.resize_terminal(*size)
            await hand.until(lambda count=count: len(shown(hand)) == count)
            assert Panel.SCREEN in shown(hand)


async def test_zero_leaves_the_overview_and_comes_back(rig) -> None:
    async with rig.deck((120, 40)) as hand:
        await hand.press("5", "0")
        assert shown(hand) == {Panel.PAPER}
        await hand.press("0")
        assert len(shown(hand)) == 4


async def test_without_room_for_an_overview_zero_says_so(rig) -> None:
    async with rig.deck((80, 24)) as hand:
        await hand.press("0")
        await hand.until_guide("终端再大一些才有全景")
        await hand.press("1")
        await hand.until_guide("① 取号")


async def test_in_the_overview_a_click_gives_the_keys_and_works_at_once(rig) -> None:
    async with rig.deck((200, 50)) as hand:
        await hand.click("#window-2 #op-pause")
        assert hand.app.chosen is Panel.WINDOW_B
        await hand.until(lambda: "[3 窗口2 Window 2] 键盘在这里" in hand.text())


async def test_a_click_on_a_panel_without_buttons_gives_it_the_keys(rig) -> None:
    async with rig.deck((200, 50)) as hand:
        await hand.click("#screen #now-label")
        assert hand.app.chosen is Panel.SCREEN


async def test_the_tab_key_walks_through_what_is_shown(rig) -> None:
    async with rig.deck((120, 40)) as hand:
        seen = {hand.app.chosen}
        for _ in range(3):
            await hand.press("tab")
            seen.add(hand.app.chosen)
        assert seen == {Panel.TERMINAL, Panel.WINDOW_A, Panel.PAPER, Panel.PADS}


async def test_a_terminal_that_is_too_small_asks_for_room_and_recovers(rig) -> None:
    async with rig.deck((60, 18)) as hand:
        assert "请把终端放大到至少78×22" in hand.text()
        await hand.pilot.resize_terminal(80, 24)
        await hand.until(lambda: "A 公安户籍" in hand.text())


@pytest.mark.parametrize("size", SIZES)
async def test_how_to_quit_stands_on_the_screen(rig, size) -> None:
    async with rig.deck(size) as hand:
        assert "Q 退出" in hand.rows()[0]


async def test_the_chord_that_quits_stands_where_it_has_room(rig) -> None:
    async with rig.deck((120, 40)) as hand:
        assert "Ctrl+Q 退出" in hand.rows()[0]


@pytest.mark.parametrize("width", [78, 80])
async def test_the_narrowest_deck_names_every_panel_in_its_tabs(rig, width: int) -> None:
    async with rig.deck((width, 24)) as hand:
        row = hand.rows()[0]
        for name in ("取票机", "窗口1", "窗口2", "大屏", "小票", "评价器", "日志", "设备", "退出"):
            assert f" {name}" in row


async def test_q_asks_first_and_another_key_stays(rig) -> None:
    async with rig.deck((80, 24)) as hand:
        await hand.press("q")
        await hand.until_guide("退出演示吗")
        await hand.press("2", "q")
        await hand.until_guide("退出演示吗")
        assert hand.app.is_running
        await hand.press("q")
        await hand.until(lambda: not hand.app.is_running)


async def test_ctrl_q_leaves_at_once(rig) -> None:
    async with rig.deck((80, 24)) as hand:
        await hand.press("ctrl+q")
        await hand.until(lambda: not hand.app.is_running)
        assert hand.app.return_code == 0


FAULTS = (
    ("c", "上盖开着", "C 合盖"),
    ("p", "缺纸", "P 装纸"),
    ("j", "切刀卡住", "J 排除卡纸"),
    ("l", "线断开了", "L 接线"),
)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_hand_at_the_printer_does_and_undoes(rig, size) -> None:
    async with rig.deck(size) as hand:
        await hand.press("5")
        for key, fault, mend in FAULTS:
            await hand.press(key)
            await hand.until(lambda fault=fault, mend=mend: fault in hand.text() and mend in hand.text())
            await hand.until_guide("恢复打印机")
            await hand.press(key)
            await hand.until(lambda: "打印机正常" in hand.text())


async def test_without_paper_the_ticket_waits_and_comes_out_when_paper_is_loaded(rig) -> None:
    async with rig.deck((120, 40)) as hand:
        await hand.click("#do-paper")
        await rig.hall.issue("hukou", key="t")
        await hand.until(lambda: rig.printer.is_busy)
        assert not rig.printer.slips
        await hand.click("#do-paper")
        await hand.until(lambda: "第1张" in hand.text() and "户  口  登  记" in hand.text())


async def test_the_newest_slip_is_on_top_and_the_rest_can_be_scrolled_to(rig) -> None:
    async with rig.deck((80, 24)) as hand:
        await hand.press("5")
        for key, service in (("t1", "hukou"), ("t2", "weijian")):
            await rig.hall.issue(service, key=key)
        await hand.until(lambda: "第2张" in hand.text() and "卫  健" in hand.text())
        assert "/var/lib/hall/slips/" in hand.text() and "0001.png" in hand.text()
        for _ in range(2):
            await hand.press("pagedown")
        await hand.until(lambda: "第1张" in hand.text())


async def test_a_keeper_that_is_gone_shows_a_calm_picture_and_all_comes_back(rig) -> None:
    async with rig.deck((200, 50)) as hand:
        rig.kill_keeper()
        await hand.until_guide("大厅正在恢复")
        await hand.until(lambda: "系统正在恢复" in hand.text())
        rig.start_keeper()
        await hand.until_guide("① 取号")
        await rig.hall.issue("hukou", key="t")
        await hand.until(lambda: "取号 A001 户口登记" in hand.text())


async def test_windows_are_opened_by_their_clerks_and_never_twice(rig) -> None:
    await rig.hall.open_window(1, key="before", clerk="张三")
    async with rig.deck((80, 24)) as hand:
        await hand.pilot.pause()
    opened = [event.body for event in rig.hall.log.events if type(event.body).__name__ == "WindowOpened"]
    assert [(body.window, body.clerk) for body in opened] == [(1, "张三"), (2, "王芳")]
