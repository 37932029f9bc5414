"""The line locator knows where every key of a TOML text stands."""

import tomllib
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from hall.config.lines import Path, locate


def paths_of(value: Any, at: Path = ()) -> set[Path]:
    """Every path of a parsed document, as tomllib understands it."""
    found = {at} if at else set()
    if isinstance(value, dict):
        for key, item in value.items():
            found |= paths_of(item, (*at, key))
    elif isinstance(value, list):
        for place, item in enumerate(value):
            found |= paths_of(item, (*at, place))
    return found


def test_plain_keys_and_tables_have_their_lines() -> None:
    lines = locate('# a hall\n\n[hall]\nid = "x"\n\nname = "y"\n')
    assert (lines.of("hall"), lines.of("hall", "id"), lines.of("hall", "name")) == (3, 4, 6)


def test_each_element_of_an_array_of_tables_has_its_own_line() -> None:
    lines = locate("[[service]]\nid = 1\n[[service]]\nid = 2\n\n[[ service ]] # third\nid = 3\n")
    assert [lines.of("service", n) for n in range(3)] == [1, 3, 6]
    assert [lines.of("service", n, "id") for n in range(3)] == [2, 4, 7]


def test_a_table_below_an_array_of_tables_belongs_to_its_last_element() -> None:
    text = "[[a]]\n[[a]]\n[a.b]\nc = 1\n[[a.d]]\ne = 1\n[[a.d]]\ne = 2\n"
    lines = locate(text)
    assert lines.of("a", 1, "b", "c") == 4
    assert lines.of("a", 1, "d", 1, "e") == 8


def test_dotted_and_quoted_keys() -> None:
    lines = locate('a.b = 1\na . "c.d" = 2\n\'e f\' = 3\n"\\u4e00".x = 4\n')
    assert lines.of("a", "b") == 1
    assert lines.of("a", "c.d") == 2
    assert lines.of("e f") == 3
    assert lines.of("一", "x") == 4


def test_keys_inside_inline_tables_stand_on_their_line() -> None:
    lines = locate('x = 1\nt = { a = 1, b.c = "}", d = [1, { e = 2 }] } # { z = 1 }\n')
    assert lines.of("t", "b", "c") == 2
    assert lines.of("t", "d", 1, "e") == 2
    assert ("z",) not in lines.known


def test_elements_of_a_long_array_stand_on_their_own_lines() -> None:
    lines = locate('a = [ # first ]\n  "]", # second\n  { s = 1 },\n\n  3,\n]\nb = 1\n')
    assert [lines.of("a", n) for n in range(3)] == [2, 3, 5]
    assert lines.of("a", 1, "s") == 3
    assert lines.of("b") == 7


def test_long_strings_hide_what_looks_like_keys() -> None:
    text = 'a = """\n[no]\nk = 1 \\""" still\n"""""\nb = \'\'\'\nc = 1\n\'\'\'\'\nd = 1\n'
    lines = locate(text)
    assert (lines.of("b"), lines.of("d")) == (5, 8)
    assert ("k",) not in lines.known and ("c",) not in lines.known and ("no",) not in lines.known


def test_comment_signs_inside_strings_are_text() -> None:
    lines = locate("a = \"# x = 1\"\nb = '# [t]'\nc = 1 # d = 2\n")
    assert set(lines.known) == {("a",), ("b",), ("c",)}


def test_a_missing_key_is_reported_at_its_nearest_parent() -> None:
    lines = locate("[a]\n[[b]]\nx = 1\n[[b]]\n")
    assert lines.of("b", 1, "x") == 4
    assert lines.of("nothing", "here") == 1


def test_windows_line_ends_count_once() -> None:
    assert locate("a = 1\r\nb = 2\r\n").of("b") == 2


_KEY = st.text(alphabet="abcxyz_-09", min_size=1, max_size=4)
_QUOTED = st.text(alphabet='甲乙.#[]{}=" \\', min_size=1, max_size=4)


def _quote(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


_SCALARS = st.one_of(
    st.integers().map(str),
    st.booleans().map(lambda b: str(b).lower()),
    st.sampled_from(["1979-05-27 07:32:00", "08:30:00", "1e3", "-inf", "'#]}'", "'''\n# x = [\n'''"]),
    _QUOTED.map(_quote),
    _QUOTED.map(lambda t: '"""\n' + t.replace("\\", "\\\\").replace('"', '\\"') + '\n"""'),
)
_VALUES = st.recursive(
    _SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(
            lambda items: "[ # c ]\n" + "".join(f"{i},#,\n" for i in items) + "]"
        ),
        st.dictionaries(_KEY, inner.filter(lambda v: "\n" not in v), max_size=3).map(
            lambda d: "{ " + ", ".join(f"{k} = {v}" for k, v in d.items()) + " }"
        ),
    ),
    max_leaves=6,
)
_PAIRS = st.dictionaries(st.one_of(_KEY, _QUOTED.map(_quote)), _VALUES, max_size=4)
_BLOCKS = st.lists(st.tuples(st.sampled_from(["[[t1]]", "[[ t2 . u ]]", "[[t1]] # ["]), _PAIRS), max_size=5)


@given(top=_PAIRS, blocks=_BLOCKS, blank=st.integers(0, 2))
def test_it_finds_exactly_the_paths_that_tomllib_finds_and_the_lines_are_true(
    top: dict[str, str], blocks: list[tuple[str, dict[str, str]]], blank: int
) -> None:
    text = ""
    expected: list[int] = []
    for header, pairs in [("", top), *blocks]:
        text += f"{header}\n" + "\n" * blank
        for key, value in pairs.items():
            expected.append(text.count("\n") + 1)
            text += f"{key} = {value}\n"
    try:
        parsed = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return  # the same key twice in two spellings
    lines = locate(text)
    assert set(lines.known) == paths_of(parsed)
    first_key_lines = set(lines.known.values())
    assert set(expected) <= first_key_lines
