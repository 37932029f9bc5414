"""What a person is asked about the test slip, as data: any screen, any script can ask it.

Numbers and letters in the questions are those on the slip (:mod:`hallprinter.enrolment_slip`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hallprinter import enrolment_words as words
from hallprinter.enrolment_errors import BadAnswer

YES, NO, NONE, LATE = "yes", "no", "none", "late"


@dataclass(frozen=True, slots=True)
class Choice:
    """One possible answer."""

    value: str
    """What is stored."""
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to look at on the slip."""

    key: str
    zh: str
    en: str
    choices: tuple[Choice, ...]

    def answer(self, text: str) -> str:
        """The stored value of an answer; raises BadAnswer, which lists what can be said."""
        for choice in self.choices:
            if text.strip().lower() in (choice.value, choice.zh, choice.en):
                return choice.value
        raise BadAnswer(f"{self.key}: {text!r} ({', '.join(choice.value for choice in self.choices)})")


_YES_NO = (Choice(YES, "是", "yes"), Choice(NO, "否", "no"))

WIDTH = Question(
    "width",
    "第1项：横线上最右边，还完整的数字是几？",
    "1: which is the last number on the line that is whole?",
    (
        Choice("384", "1", "1"),
        Choice("512", "2", "2"),
        Choice("576", "3", "3"),
        Choice(NONE, "没有", "none"),
    ),
)
"""The value is the printable width in dots."""
HAN = Question(
    "han",
    f"第2项：是不是“{words.HAN}”？最上面是不是“{words.TITLE}”？",
    f"2: does it read {words.HAN}, and the very top {words.TITLE}?",
    (
        *_YES_NO,
        Choice(LATE, "只有最上面是乱码", "only the very top is garbled"),
    ),
)
"""LATE tells a unit whose Han mode counts from the next line on: the title is the slip's first line."""
GBK = Question("gbk", f"第3项：是不是“{words.GBK_ONLY}”？", f"3: does it read {words.GBK_ONLY}?", _YES_NO)
FOUR_BYTES = Question(
    "gb18030",
    "第4项：上下两个字是不是一样？",
    "4: are the two characters above each other the same?",
    _YES_NO,
)
BIG = Question(
    "big",
    f"第5项：“{words.BIG}”是不是有四行字那么高？",
    f"5: is {words.BIG} as high as four lines of text?",
    _YES_NO,
)
OWN_QR = Question(
    "own_qr",
    f"第6项：用手机扫甲码，是不是读出{words.QR_OWN}？",
    f"6: does a phone read {words.QR_OWN} from code 甲?",
    _YES_NO,
)
DRAWN_QR = Question(
    "drawn_qr",
    f"第7项：用手机扫乙码，是不是读出{words.QR_DRAWN}？",
    f"7: does a phone read {words.QR_DRAWN} from code 乙?",
    _YES_NO,
)
CUT = Question(
    "cut", "第8项：纸是不是切断了（留一点相连也算）？", "8: was the paper cut (all but a corner)?", _YES_NO
)

QUESTIONS = (WIDTH, HAN, GBK, FOUR_BYTES, BIG, OWN_QR, DRAWN_QR, CUT)
"""All of them, in the order of the slip."""


def checked(answers: Mapping[str, str]) -> dict[str, str]:
    """The stored values of all answers in the order of the questions; raises BadAnswer."""
    unknown = sorted(set(answers) - {question.key for question in QUESTIONS})
    if unknown:
        raise BadAnswer(f"there is no question {unknown[0]}")
    return {question.key: question.answer(answers.get(question.key, "")) for question in QUESTIONS}
