"""Text lines and their patterns: what is refused, what is found, and nothing that hangs."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from halldrivers.errors import Actor
from halldrivers.ratingpad.errors import BadPadLine
from halldrivers.ratingpad.heard import KeyHeard
from halldrivers.ratingpad.textline import MOST_LINE_BYTES, LineDecoder, PadLine

PLAIN = PadLine(r"K?([1-4])")


def keys_in(data: bytes, form: PadLine = PLAIN) -> list[str]:
    return [heard.key for heard in LineDecoder(form).feed(data, 0.0)]


@pytest.mark.parametrize("end", [b"\r\n", b"\r", b"\n", b"\n\r", b"\r\r\n"])
def test_a_line_ends_with_cr_lf_or_both(end: bytes) -> None:
    assert keys_in(b"1" + end + b"K4" + end) == ["1", "4"]


def test_the_group_called_key_counts_or_the_first_one() -> None:
    assert keys_in(b"03:2\r", PadLine(r"(\d\d):(?P<key>[1-4])")) == ["2"]
    assert keys_in(b"3:99\r", PadLine(r"([1-4]):(\d\d)")) == ["3"]


def test_a_box_with_letters_has_them_mapped() -> None:
    form = PadLine("KEY=([A-D])", keys={"A": "1", "B": "2", "C": "3", "D": "4"})
    assert keys_in(b"KEY=C\r\nKEY=E\r\nKEY=A\r\n", form) == ["3", "1"]


def test_the_whole_line_must_fit() -> None:
    decoder = LineDecoder(PLAIN)
    assert decoder.feed(b"1x\rx1\r\r\n\n1\r", 0.0) == [KeyHeard("1", 0.0)]
    assert decoder.garbage == 4


def test_a_line_that_is_too_long_is_dropped_to_its_end() -> None:
    decoder = LineDecoder(PLAIN)
    assert decoder.feed(b"1" * 5000 + b"1\r" + b"2\r", 0.0) == [KeyHeard("2", 0.0)]
    assert decoder.garbage == 5001
    assert decoder.buffered == 0


def test_bytes_that_are_no_ascii_are_no_key() -> None:
    assert keys_in("一\r".encode("gb18030") + b"\xb1\r1\r") == ["1"]


def test_digits_of_other_scripts_are_no_keys() -> None:
    assert keys_in("٣\r".encode(), PadLine(r"(\d)")) == []


def test_a_line_began_with_its_first_byte() -> None:
    decoder = LineDecoder(PLAIN)
    assert decoder.feed(b"K", 7.0) == []
    assert decoder.feed(b"2\r", 7.5) == [KeyHeard("2", 7.0)]


def test_a_box_that_ends_no_line_is_read_by_its_silence() -> None:
    decoder = LineDecoder(PadLine("K([1-4])", silence_ms=50))
    assert decoder.feed(b"K", 1.0) == []
    assert decoder.feed(b"3", 1.01) == []
    assert decoder.feed(b"", 1.02) == []
    assert decoder.feed(b"", 1.07) == [KeyHeard("3", 1.0)]
    assert decoder.feed(b"K1", 2.0) == []
    assert decoder.feed(b"K2", 3.0) == [KeyHeard("1", 2.0)]


def test_what_is_written_gets_its_end() -> None:
    form = PadLine(r"(\d)", arm="PJ", end="\r")
    assert form.written(form.arm) == b"PJ\r"
    assert form.written(form.thank) == b""


@pytest.mark.parametrize(
    ("pattern", "says"),
    [
        (r"(a+)+b", "a group must not be repeated"),
        (r"(a|aa)*b", "a group must not be repeated"),
        (r"([1-4]){2}", "a group must not be repeated"),
        (r".*.*.*([1-4])", "at most 2 repeats"),
        (r"a?b?c?([1-4])", "at most 2 repeats"),
        (r"(1|2|3|4|1|2|3|4|1|2)", "at most 8 times |"),
        (r"(\d)\1", r"\1 is not supported"),
        (r"\b([1-4])", r"\b is not supported"),
        (r"(?=1)([1-4])", "groups are (…), (?:…) or (?P<key>…)"),
        (r"(?i)([1-4])", "groups are (…), (?:…) or (?P<key>…)"),
        (r"(?P<k>[1-4])", "groups are (…), (?:…) or (?P<key>…)"),
        (r"[1-4]", "has no parentheses around the key"),
        (r"([1-4]", "missing ), unterminated subpattern at position 0"),
        (r"([4-1])", "bad character range 4-1 at position 2"),
        ("([1-4])" + "x" * 100, "at most 100 ASCII letters"),
        ("键([1-4])", "at most 100 ASCII letters"),
        ("([1-4])\\", "\\ is not supported"),
    ],
)
def test_a_pattern_that_could_hang_or_says_nothing_is_refused(pattern: str, says: str) -> None:
    with pytest.raises(BadPadLine) as caught:
        PadLine(pattern)
    assert caught.value.detail.endswith(says)
    assert caught.value.detail_zh != caught.value.detail
    assert (caught.value.code, caught.value.who) == ("E-02", Actor.TECHNICIAN)


@pytest.mark.parametrize(
    "pattern",
    [r"K?([1-4])", r"\x02([1-4])\x03", r"PJ:\d+,(?P<key>[1-4])", r"(?:KEY|BTN)([1-8])", r"[)*+?|]([1-4])"],
)
def test_patterns_that_boxes_need_are_taken(pattern: str) -> None:
    PadLine(pattern)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"keys": {"A": "9"}}, "'A' means a key from 1 to 8, not '9'"),
        ({"arm": "请"}, "what is sent must be ASCII: '请'"),
        ({"silence_ms": 2001}, "silence_ms is 0 to 2000"),
    ],
)
def test_other_parts_are_checked_too(arguments: dict[str, object], says: str) -> None:
    with pytest.raises(BadPadLine) as caught:
        PadLine("([1-4])", **arguments)  # type: ignore[arg-type]
    assert caught.value.detail == says


@given(st.binary(max_size=400), st.data())
def test_however_the_bytes_are_cut_the_lines_are_the_same(stream: bytes, data: st.DataObject) -> None:
    whole, cut, heard, rest = LineDecoder(PLAIN), LineDecoder(PLAIN), [], stream
    while rest:
        size = data.draw(st.integers(1, len(rest)))
        heard += cut.feed(rest[:size], 0.0)
        rest = rest[size:]
    assert heard == whole.feed(stream, 0.0)
    assert (cut.garbage, cut.buffered) == (whole.garbage, whole.buffered)
    assert cut.buffered <= MOST_LINE_BYTES


ATOMS = st.sampled_from(["a", ".", r"\d", "[ab]", "(a|b|ab)", "(?:a|aa)", "([1-4])", "a|b", "x"])
REPEATS = st.sampled_from(["", "", "", "*", "+", "?", "{2,60}", "*?", "+?"])
WILD = st.lists(st.tuples(ATOMS, REPEATS), min_size=1, max_size=12).map(
    lambda parts: "".join(atom + repeat for atom, repeat in parts)
)


@settings(max_examples=200, deadline=None)
@given(WILD, st.sampled_from(["a" * 127 + "!", "ab" * 64, "1" * 128, "a" * 60 + "x" * 60]))
def test_no_pattern_that_is_taken_takes_long_on_any_line(pattern: str, line: str) -> None:
    try:
        form = PadLine(pattern)
    except BadPadLine:
        return
    began = time.perf_counter()
    form.key_in(line)
    assert time.perf_counter() - began < 5.0


@given(st.text(alphabet="ab1[](){}*+?|\\.^$-,:=PK<>key", max_size=30))
def test_any_text_is_a_pattern_or_refused_in_words(text: str) -> None:
    try:
        form = PadLine(text)
    except BadPadLine as error:
        assert error.detail and error.detail_zh
    else:
        assert re.compile(text).groups >= 1
        form.key_in("a" * 128)
