"""Every sentence and sample on the test slip.

The samples are chosen to tell codes apart (facts: printing 2.2): the Han of HAN are in every font; those of
GBK_ONLY have two bytes in GBK and none in GB2312; FOUR_BYTES has four bytes in GB18030 and none in GBK, and a
printer that knows only GBK reads them as two other characters.
"""

from __future__ import annotations

TITLE = "打印机登记"
UNIT = "型号：{name}"
WHERE = "地址：{url}"
WHEN = "日期：{date}"
RULER = "1.横线上最后一个完整的数字？"
RULER_MARKS = {384: "1", 512: "2", 576: "3"}
"""Dots of the printable widths that are sold, and the number before each."""
HAN = "同心县民生服务中心"
HAN_LINE = "2.{sample}"
GBK_ONLY = "喆镕堃"
GBK_LINE = "3.{sample}"
FOUR_BYTES = "𠮷"
FOUR_BYTES_DRAWN = "4.样字{sample}"
FOUR_BYTES_WRITTEN = "  此字"
BIG_CAPTION = "5.四行字高："
BIG = "大A12"
QR_OWN = "HALL:A"
QR_OWN_LINE = "6.甲码（打印机自己画的）"
QR_DRAWN = "HALL:B"
QR_DRAWN_LINE = "7.乙码（逐点画的）"
CUT_LINE = "8.本行之后应切纸"
