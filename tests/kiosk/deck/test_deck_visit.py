"""A stranger makes a whole visit with what the deck shows: by keys alone, and by mouse alone."""

import pytest

SIZES = [(80, 24), (120, 40), (200, 50)]


def rating(rig, window: int = 1):
    return rig.hall.engine.snapshot(rig.hall._moment()).windows[window - 1].rating


@pytest.mark.parametrize("size", SIZES)
async def test_by_keys_alone_a_ticket_is_taken_called_served_and_rated(rig, size) -> None:
    async with rig.deck(size) as hand:
        await hand.until_guide("① 取号：点一类业务")
        await hand.press("a")
        await hand.until_guide("① 取号：点要办的事项")
        await hand.press("b")
        await hand.until_guide("按回车")
        await hand.press("enter")
        await hand.until_guide("② A001在等候：按2")
        await hand.press("2")
        await hand.until_guide("② 按回车，呼叫A001")
        await hand.until_ready("呼叫下一位A001")
        await hand.press("enter")
        await hand.until_guide("③ 群众到了窗口：按回车")
        await hand.until_ready("开始办理A001")
        await hand.press("enter")
        await hand.until_guide("③ 办好了：按回车")
        await hand.until_ready("办结A001")
        await hand.press("enter")
        await hand.until_guide("④ 请群众评价：按6")
        await hand.press("6")
        await hand.until_guide("④ 评价A001：点1号窗口的一个亮键")
        await hand.until(lambda: all(rig.pads[1].lamps()))
        await hand.press("b")
        await hand.until_guide("完成！")
        assert rating(rig).level == "satisfied"
        await hand.press("1")
        await hand.until_guide("先按回车，回到首页")
        await hand.press("enter")
        await hand.until_guide("可以再取一个号")


@pytest.mark.parametrize("size", SIZES)
async def test_by_mouse_alone_a_ticket_is_taken_called_served_and_rated(rig, size) -> None:
    async with rig.deck(size) as hand:
        await hand.until_guide("① 取号")
        await hand.click("#terminal #choice-2")
        await hand.until_guide("点“取号”")
        await hand.click("#terminal #go")
        await hand.until_guide("② C001在等候：按2")
        await hand.click("#tab-2")
        await hand.until_ready("呼叫下一位C001")
        await hand.click("#window-1 #primary")
        await hand.until_guide("③ 群众到了窗口")
        await hand.until_ready("开始办理C001")
        await hand.click("#window-1 #primary")
        await hand.until_guide("③ 办好了")
        await hand.until_ready("办结C001")
        await hand.click("#window-1 #primary")
        await hand.until_guide("④ 请群众评价：按6")
        await hand.click("#tab-6")
        await hand.until(lambda: all(rig.pads[1].lamps()))
        await hand.click("#do-1-4")
        await hand.until_guide("完成！")
        assert rating(rig).level == "dissatisfied"


async def test_a_click_on_the_guide_leads_to_the_next_step(rig) -> None:
    async with rig.deck((80, 24)) as hand:
        await rig.hall.issue("hukou", key="t")
        await hand.until_guide("② A001在等候")
        await hand.click("#guide")
        await hand.until_guide("② 按回车，呼叫A001")


async def test_a_press_that_nobody_asked_for_is_counted_and_rates_nothing(rig) -> None:
    async with rig.deck((80, 24)) as hand:
        await hand.press("6", "h")
        await hand.until(lambda: "无效按键1次" in hand.text())
        assert rating(rig, 2) is None


async def test_the_visit_stands_in_the_log_in_plain_words_with_its_chain(rig) -> None:
    async with rig.deck((80, 24)) as hand:
        ticket = (await rig.hall.issue("hukou", key="t")).ticket.ticket
        await rig.hall.call_next(1, key="c", expect=0)
        await rig.hall.start(1, key="s", expect=ticket)
        matter = (await rig.hall.finish(1, key="f", expect=ticket)).rating.matter
        rig.wall.ahead_ms += 60_000
        await rig.hall.rating_timeout(matter, key="r")
        await hand.press("7")
        for words in (
            "取号 A001 户口登记",
            "呼叫 A001",
            "开始办理 A001",
            "办结 A001",
            "未评价 A001（没有人按）",
        ):
            await hand.until(lambda words=words: words in hand.text())
        from hallkiosk.deck.log import LogPanel

        rows = hand.app.query_one(LogPanel).rows
        assert [row.seq for row in rows] == list(range(1, len(rows) + 1))
        assert all(len(row.link) == 6 for row in rows)
