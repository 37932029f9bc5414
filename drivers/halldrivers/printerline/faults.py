"""The printer's faults in words: code, what happened, who must act and what to do.

The codes are stable: they stand in the technician's notes and in the county's statistics.
"""

from halldrivers.errors import Actor, Fault

SILENT = Fault(
    "P-01",
    "打印机没有应答，状态不明",
    "the printer does not answer; its state is unknown",
    Actor.TECHNICIAN,
    "看打印机电源灯；检查连接线；仍无应答时关机十秒再开，并核对设备地址和波特率",
    "look at its power light and cable; switch it off for ten seconds; check address and line speed",
)
PAPER_OUT = Fault(
    "P-02",
    "打印机缺纸",
    "the printer is out of paper",
    Actor.CLERK,
    "打开上盖，换上同宽度的热敏纸，露出纸头，合上盖，自动继续",
    "open the cover, load thermal paper of the same width with its end out, close it; printing goes on",
)
COVER_OPEN = Fault(
    "P-03",
    "打印机上盖没有合好",
    "the printer's cover is open",
    Actor.CLERK,
    "把上盖两侧按到卡住，自动继续",
    "press both sides of the cover until they click; printing goes on",
)
CUTTER_JAMMED = Fault(
    "P-04",
    "切纸刀卡住",
    "the cutter is jammed",
    Actor.CLERK,
    "关电源，打开上盖，取出卡住的纸，再开机；仍报错请联系厂家",
    "switch it off, open the cover, take out the jammed paper, switch it on; if it stays, call the vendor",
)
FATAL_ERROR = Fault(
    "P-05",
    "打印机硬件故障",
    "the printer reports an unrecoverable error",
    Actor.VENDOR,
    "关机一分钟再开；仍报错请联系厂家更换",
    "switch it off for a minute; if it stays, the vendor must replace it",
)
HEAD_HOT = Fault(
    "P-06",
    "打印头过热，正在降温",
    "the print head is too hot and cools down",
    Actor.NOBODY,
    "等几分钟，自动恢复",
    "wait a few minutes; it recovers by itself",
)
PAPER_LOW = Fault(
    "P-07",
    "打印纸快用完",
    "the paper is nearly used up",
    Actor.CLERK,
    "准备一卷新纸，空闲时更换",
    "have a new roll ready and change it in a quiet moment",
    blocking=False,
)
OFFLINE = Fault(
    "P-08",
    "打印机脱机，没有说明原因",
    "the printer is offline and gives no cause",
    Actor.CLERK,
    "按一下走纸键；不恢复就关机再开",
    "press its feed button once; if that does not help, switch it off and on",
)
RECOVERABLE_ERROR = Fault(
    "P-09",
    "打印机机械故障，可恢复",
    "the printer reports a recoverable mechanical error",
    Actor.CLERK,
    "打开上盖，把纸放正，合上盖；不恢复就关机再开",
    "open the cover, straighten the paper, close it; if that does not help, switch it off and on",
)
