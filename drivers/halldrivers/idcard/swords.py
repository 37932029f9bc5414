"""What a reader's status words mean, and what follows from each: GA/T 467, and the same words in STX readers.

A security module's SW3 is one byte. Multi-function readers send two: a card word is SW3 and 00, a word of the
reader itself is 00 and its number, others are about contact cards that this project does not use.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Said(Enum):
    """What an answer, or the lack of one, comes to."""

    OK = "ok"
    FOUND = "a card was found"
    EMPTY = "the card has nothing of that"
    NO_CARD = "no card, or the one that was read still lies there"
    NOT_SELECTED = "the card could not be selected: find it again"
    BAD_CONTACT = "the card could not be read: re-place it"
    REFUSED = "the data's signature is wrong: refuse the card"
    WRONG_CARD = "not an ID card"
    BAD_SUM = "our frame was damaged: send it again once"
    BAD_ORDER = "wrong order: begin again with find"
    CONFUSED = "reset the module once, then report"
    UNUSABLE = "report it"
    SELF_TEST = "device fault"
    UNLICENSED = "device fault: licence"
    RADIO = "device fault: radio"
    DAMAGED = "the answer was damaged"
    SILENT = "no answer in time"


@dataclass(frozen=True, slots=True)
class Word:
    """One status word."""

    zh: str
    said: Said


SW3 = {
    0x90: Word("操作成功", Said.OK),
    0x9F: Word("寻找证/卡成功", Said.FOUND),
    0x91: Word("证/卡中此项无内容", Said.EMPTY),
    0x10: Word("接收业务终端数据的校验和错", Said.BAD_SUM),
    0x11: Word("接收业务终端数据的长度错", Said.UNUSABLE),
    0x21: Word("接收业务终端的命令错误", Said.BAD_ORDER),
    0x23: Word("越权操作", Said.UNUSABLE),
    0x24: Word("无法识别的错误", Said.CONFUSED),
    0x31: Word("证/卡认证 SAM 失败", Said.BAD_CONTACT),
    0x32: Word("SAM 认证证/卡失败", Said.BAD_CONTACT),
    0x33: Word("信息验证错误", Said.REFUSED),
    0x40: Word("无法识别的卡类型", Said.WRONG_CARD),
    0x41: Word("读证/卡操作失败", Said.BAD_CONTACT),
    0x47: Word("取随机数失败", Said.BAD_CONTACT),
    0x60: Word("SAM 自检失败，不能接收命令", Said.SELF_TEST),
    0x66: Word("SAM 没经过授权，无法使用", Said.UNLICENSED),
    0x80: Word("寻找证/卡失败", Said.NO_CARD),
    0x81: Word("选取证/卡失败", Said.NOT_SELECTED),
}

READER = {
    0x00: Word("命令执行正确", Said.OK),
    0x01: Word("功能或参数不支持", Said.UNUSABLE),
    0x02: Word("复位失败", Said.RADIO),
    0x03: Word("开/关场失败", Said.RADIO),
    0xF1: Word("数据包格式错误", Said.BAD_SUM),
    0xF2: Word("数据长度错误", Said.UNUSABLE),
    0xF3: Word("数据校验错误", Said.BAD_SUM),
    0xF4: Word("命令错误", Said.UNUSABLE),
    0xFD: Word("上位机通信超时", Said.BAD_SUM),
    0xFE: Word("读写器与模块通信超时", Said.RADIO),
    0xFF: Word("未定义错误", Said.CONFUSED),
}
"""Words of a multi-function reader about itself. FD says that the rest of our frame did not come."""

_UNKNOWN = Word("未定义的状态码", Said.UNUSABLE)


def sam_word(sw3: int) -> Word:
    """The meaning of SW3; one that the standard does not have is to be reported."""
    return SW3.get(sw3, _UNKNOWN)


def stx_word(high: int, low: int) -> Word:
    """The meaning of a multi-function reader's status."""
    if high == 0:
        return READER.get(low, _UNKNOWN)
    return SW3.get(high, _UNKNOWN) if low == 0 else _UNKNOWN
