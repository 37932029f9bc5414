"""Every sentence that is printed, as templates: the layouts hold no text of their own.

Chinese sentences carry no spaces, because a space inside a wrapped sentence turns into a hole in the line.
"""

from __future__ import annotations

NUMBER_CAPTION = "您的号码"
REPRINT_MARK = "补打票（第{copy}次）"
REPRINT_EXPLAINED = "与原票为同一号码，只叫一次"

AHEAD = "前面还有{people}人"
AHEAD_NOBODY = "前面没有人"
WAIT_RANGE = "约等{low}～{high}分钟"
WAIT_ABOUT = "约等{minutes}分钟"
WAIT_SOON = "很快轮到您"

WINDOW_CAPTION = "叫到号后请到"
WINDOW_HINT = "{windows}号窗口"
WINDOW_UNKNOWN = "请留意叫号和大屏幕"

MATTERS_CAPTION = "一次办理{count}件事"
MATTER = "{index}.{name}"

PRIORITY = "优先：{name}"
NAME = "姓名：{name}"
ISSUED_AT = "取号时间：{time}"
VALID_ON = "仅限{day}当日有效"
NOTE_PASSED_RETURNS = "过号请在{minutes}分钟内向窗口说明"
NOTE_PASSED_ENDS = "过号作废，请重新取号"
NOTE_REPRINTED_AT = "补打时间：{time}"
CLOCK_SUSPECT = "时钟未校准，时间仅供参考"

QR_CAPTION_ADDRESS = "微信扫码看排队进度"
QR_CAPTION_REFERENCE = "此码供窗口和自助机识别"
QR_LINE = "〔二维码〕"

TEST_TITLE = "打印测试页"
TEST_PROFILE = "型号：{name}"
TEST_WIDTH = "{mm}毫米纸，{dots}点，每行{columns}格"
TEST_PRINTED_AT = "打印时间：{time}"
TEST_RULER = "下面一行两端应齐到边："
TEST_HAN = "汉字：同心县民生服务中心"
TEST_PUNCTUATION = "标点：，。、：；（）《》“”￥"
TEST_DRAWN = "生僻字：𠮷、㐂、鿏"
TEST_BIG = "大字清楚"
TEST_QR_CAPTION = "用手机扫码应读出HALL:TEST"
TEST_CUT = "本行之后应切纸"
TEST_TEAR = "本行之后请撕纸"
TEST_QR_CONTENT = "HALL:TEST"
TEST_NUMBER = "A012"


def wait_text(low: int | None, high: int | None) -> str:
    """Says how long the wait may be; empty when there is no estimate at all."""
    known = sorted({minutes for minutes in (low, high) if minutes is not None})
    if not known:
        return ""
    if known[-1] <= 1:
        return WAIT_SOON
    if len(known) == 1:
        return WAIT_ABOUT.format(minutes=known[0])
    return WAIT_RANGE.format(low=max(1, known[0]), high=known[-1])


def ahead_text(people: int | None) -> str:
    """Says how many are before this one; empty when nobody counted."""
    if people is None:
        return ""
    return AHEAD.format(people=people) if people else AHEAD_NOBODY
