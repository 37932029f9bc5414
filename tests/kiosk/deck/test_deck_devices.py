"""The panel of the devices: their states, hands at them by key and by mouse, and pages."""

import threading
from collections import Counter

import pytest
from textual.widgets import Static

from hallkiosk.deck import DeckDevice, Deed
from hallkiosk.deck.devices import LETTERS
from hallkiosk.deck.panels import Panel
from hallkiosk.wording import Text

SIZES = [(80, 24), (120, 40), (200, 50)]
REMEDY = "看读卡器电源灯，拔下接线十秒再插；仍无应答时把地址写成 baud=auto，或核对 frames=sam / frames=stx"
NAMES = (
    ("idcard", "读卡器", "ID-card reader"),
    ("qr", "扫码器", "Barcode reader"),
    ("camera", "高拍仪", "Document camera"),
    ("scans", "扫描件", "Scans"),
    ("caller-1", "叫号器 1", "Caller 1"),
    ("sign-1", "显示屏 1", "Window sign 1"),
    ("pads", "评价器线", "Rating pad line"),
    ("printer", "打印机线", "Printer line"),
)


class Bench:
    """Eight devices with three deeds each, and a hand that stays as long as a test wants."""

    def __init__(self) -> None:
        self.done: Counter[str] = Counter()
        self.may_end = threading.Event()
        self.may_end.set()
        self.read = Text("")
        self.devices = tuple(self._device(*names) for names in NAMES)

    def _device(self, name: str, zh: str, en: str) -> DeckDevice:
        deeds = tuple(
            Deed(Text(words, english), lambda english=english: self._do(f"{name} {english}"))
            for words, english in (("放上去", "put"), ("拿走", "take"), ("拔线", "unplug"))
        )
        return DeckDevice(name, Text(zh, en), deeds, lambda: self.read if name == "idcard" else Text(""))

    def _do(self, what: str) -> None:
        self.done[what] += 1
        assert self.may_end.wait(20.0)


@pytest.fixture
def bench(rig):
    bench = Bench()
    rig.devices = bench.devices
    yield bench
    bench.may_end.set()


async def report(rig, device: str, state: str, code: str = "", what: str = "", remedy: str = "") -> None:
    await rig.hall.report_device(
        device,
        key=f"{device}-{state}-{code}",
        kind="x",
        state=state,
        code=code,
        what_zh=what,
        remedy_zh=remedy,
    )


@pytest.mark.parametrize("size", SIZES)
async def test_every_device_is_named_with_its_deeds_on_some_page(rig, bench, size) -> None:
    async with rig.deck(size) as hand:
        await hand.press("8")
        seen = ""
        for _ in range(2):
            await hand.press("space")
            seen += hand.text()
        for place, (_, zh, en) in enumerate(NAMES):
            assert f"{zh} {en}" in seen
            for index, words in enumerate(("放上去", "拿走", "拔线")):
                assert f"{LETTERS[place * 3 + index].upper()} {words}" in seen


async def test_a_device_is_unknown_until_it_is_reported_and_then_as_reported(rig, bench) -> None:
    async with rig.deck((120, 40)) as hand:
        await hand.press("8", "0")
        assert hand.text().count("不明 unknown") == 8
        await report(rig, "qr", "online")
        await report(rig, "idcard", "offline", "I-01", "身份证读卡器没有应答", REMEDY)
        await hand.until(lambda: "正常 online" in hand.text() and "无应答 no answer" in hand.text())
        assert hand.text().count("不明 unknown") == 6
        assert "起" in next(row for row in hand.rows() if "无应答" in row)


@pytest.mark.parametrize("size", SIZES)
async def test_what_to_do_about_a_fault_is_told_whole(rig, bench, size) -> None:
    async with rig.deck(size) as hand:
        await hand.press("8")
        await report(rig, "qr", "fault", "I-01", "读卡器没有应答", REMEDY)
        await hand.until(lambda: "I-01" in hand.text())
        told = str(list(hand.app.query(".device-words").results(Static))[1].content).split("\n")
        assert "".join(told).replace(" ", "") == f"I-01 读卡器没有应答。{REMEDY}".replace(" ", "")
        assert all(line in hand.text() for line in told)


async def test_what_a_device_read_is_shown_as_it_is_read(rig, bench) -> None:
    async with rig.deck((80, 24)) as hand:
        await hand.press("8")
        assert "还没有内容 nothing yet" in hand.text()
        bench.read = Text("张*（示例）", "card read")
        await hand.until(lambda: "张*（示例） card read" in hand.text())


async def test_a_reading_longer_than_its_block_never_reaches_the_next_one(rig, bench) -> None:
    async with rig.deck((80, 24)) as hand:
        await hand.press("8")
        bench.read = Text("码" * 500)
        await hand.until(lambda: "码码" in hand.text())
        rows = [at for at, row in enumerate(hand.rows()) if "码码" in row]
        assert len(rows) == 3 and "…" in hand.rows()[rows[-1]]
        assert "扫码器 Barcode reader" in hand.rows()[rows[-1] + 1]


async def test_a_key_is_a_hand_at_the_device(rig, bench) -> None:
    async with rig.deck((80, 24)) as hand:
        await hand.press("8", "e")
        await hand.until(lambda: bench.done == {"qr take": 1})


@pytest.mark.parametrize("size", [(80, 24), (200, 50)])
async def test_a_click_is_a_hand_at_the_device_and_gives_the_panel_the_keys(rig, bench, size) -> None:
    async with rig.deck(size) as hand:
        await hand.press(*("8" if size == (80, 24) else "1"))
        await hand.click("#do-device-2-2")
        await hand.until(lambda: bench.done == {"camera unplug": 1})
        assert hand.app.chosen is Panel.DEVICES


async def test_a_hand_that_is_busy_shows_and_a_second_press_does_nothing(rig, bench) -> None:
    async with rig.deck((80, 24)) as hand:
        bench.may_end.clear()
        await hand.press("8", "a")
        await hand.until(lambda: "A*放上去" in hand.text() and "放上去：进行中" in hand.text())
        await hand.press("a")
        await hand.click("#do-device-0-0")
        await hand.press("b")
        await hand.until(lambda: "B*拿走" in hand.text())
        bench.may_end.set()
        await hand.until(lambda: "A 放上去" in hand.text() and "B 拿走" in hand.text())
        assert bench.done == {"idcard put": 1, "idcard take": 1}
        await hand.press("a")
        await hand.until(lambda: bench.done["idcard put"] == 2)


async def test_a_hand_that_stays_long_keeps_no_other_device_nor_the_deck_waiting(rig, bench) -> None:
    async with rig.deck((80, 24)) as hand:
        bench.may_end.clear()
        await hand.press("8", "a", "d")
        await hand.until(lambda: bench.done == {"idcard put": 1, "qr put": 1})
        await hand.press("7")
        await hand.until(lambda: "开窗 李敏" in hand.text())
        bench.may_end.set()


async def test_only_what_is_shown_can_be_pressed(rig, bench) -> None:
    async with rig.deck((80, 24)) as hand:
        await hand.press("8", LETTERS[4 * 3])
        await hand.press("space", LETTERS[4 * 3 + 1], "a")
        await hand.until(lambda: bench.done["caller-1 take"] == 1)
        assert bench.done == {"caller-1 take": 1}


async def test_pages_turn_by_key_and_by_mouse_and_say_where_one_is(rig, bench) -> None:
    async with rig.deck((80, 24)) as hand:
        await hand.press("8")
        assert "第1页，共2页" in hand.text() and "读卡器" in hand.text()
        assert "空格 下一页" in hand.text()
        await hand.click("#do-devices-turn")
        assert "第2页，共2页" in hand.text() and "打印机线" in hand.text()
        assert "读卡器" not in hand.text()
        for key, page in (("space", 1), ("pagedown", 2), ("pageup", 1), ("left", 2), ("right", 1)):
            await hand.press(key)
            assert f"第{page}页，共2页" in hand.text()


async def test_a_fault_on_another_page_is_told(rig, bench) -> None:
    async with rig.deck((80, 24)) as hand:
        await hand.press("8")
        assert "不正常" not in hand.text()
        await report(rig, "printer", "absent")
        await hand.until(lambda: "其他页有1台不正常" in hand.text())
        await hand.press("space")
        assert "未找到 not found" in hand.text()
        assert "不正常" not in hand.text()


async def test_where_all_have_room_nothing_has_to_be_turned(rig, bench) -> None:
    async with rig.deck((120, 40)) as hand:
        await hand.press("8", "0")
        assert "下一页" not in hand.text()
        await hand.press("space")
        assert all(zh in hand.text() for _, zh, _ in NAMES)


async def test_another_size_keeps_the_devices_in_view(rig, bench) -> None:
    async with rig.deck((80, 24)) as hand:
        await hand.press("8", "space")
        assert "叫号器 1" in hand.text()
        await hand.pilot.resize_terminal(120, 40)
        await hand.until(lambda: "[8 设备 Devices] 键盘在这里" in hand.text())
        assert "叫号器 1" in hand.text()
        await hand.press("0")
        await hand.until(lambda: "读卡器" in hand.text() and "打印机线" in hand.text())
        await hand.pilot.resize_terminal(78, 22)
        await hand.until(lambda: "共2页" in hand.text() or "共3页" in hand.text())
        await hand.press("space")
        await hand.until(lambda: "第2页" in hand.text())


def test_keys_are_unique_and_never_those_of_the_deck() -> None:
    assert len(set(LETTERS)) == len(LETTERS) >= 8 * 4
    assert not set(LETTERS) & set("q0123456789 ")


async def test_q_still_asks_to_leave(rig, bench) -> None:
    async with rig.deck((80, 24)) as hand:
        await hand.press("8", "q")
        await hand.until_guide("退出演示吗")


async def test_a_device_that_only_shows_has_no_buttons_and_more_room_for_words(rig) -> None:
    rig.devices = (DeckDevice("sign-1", Text("显示屏 1", "Sign"), (), lambda: Text("码" * 150)),)
    async with rig.deck((80, 24)) as hand:
        await hand.press("8")
        assert hand.text().count("码") == 150


async def test_more_deeds_than_keys_can_still_be_clicked(rig) -> None:
    done: list[int] = []
    rig.devices = tuple(
        DeckDevice(
            f"d-{place}",
            Text(f"设备{place}"),
            tuple(
                Deed(Text(f"动{index}"), lambda at=place * 4 + index: done.append(at)) for index in range(4)
            ),
            lambda: Text(""),
        )
        for place in range(9)
    )
    async with rig.deck((200, 50)) as hand:
        await hand.press("8", "0")
        await hand.click("#do-device-8-3")
        await hand.until(lambda: done == [35])
