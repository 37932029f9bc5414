"""Every mistake in hall.toml is named with its line, its code and its fix."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from hall.config import catalogue, catalogue_devices
from hall.config.load import load, parse
from hall.config.problems import ConfigInvalid, Kind, Problem
from halldrivers.printerline import PrinterAbilities
from halldrivers.printerline.answers import Query
from halldrivers.printerline.enrolabout import Identity
from hallprinter.profile import PROFILES
from hallprinter.profilefile import EnrolledPrinter, save_printer

BASE = """\
[hall]
id = "h1"
name = "测试大厅"

[calendar]
sessions = [
    { weekdays = [1, 2, 3, 4, 5], start = "08:30", end = "12:00" },
    { weekdays = [1, 2, 3], start = "14:00", end = "18:00" },
]
holidays = [2026-10-01]

[[group]]
id = "ga"
name = "公安"
[[group]]
id = "mz"
name = "民政"

[[service]]
id = "hukou"
name = "户口"
group = "ga"
prefix = "A"
[[service]]
id = "hunyin"
name = "婚姻"
group = "mz"
prefix = "B"
[[service]]
id = "yijianshi"
name = "婚育"
group = "mz"
prefix = "B"
matters = ["hunyin", "hukou"]

[[window]]
number = 1
name = "一号"
serves = ["hukou"]
[[window]]
number = 2
name = "二号"
serves = ["hunyin"]
overflow = ["hukou"]

[[priority]]
id = "laonian"
name = "老年人"
rank = 1

[limits]
max_held = 3

[rating]
timeout_s = 30

[printing]
device = "serial:///dev/ttyS0"

[pads]
1 = "gpio://?keys=2,3,4,5&lamps=6,7,8,9"
2 = "gpio://?keys=10,11,12,13&lamps=16,17,18,19"

[access]
terminal = ["kiosk"]
"""


ANSWERS = PrinterAbilities(frozenset({Query.PAPER}), True, True, False)


def problems_in(text: str) -> list[Problem]:
    with pytest.raises(ConfigInvalid) as caught:
        parse(text.encode(), "hall.toml")
    return list(caught.value.problems)


def changed(old: str, new: str) -> str:
    assert BASE.count(old) == 1, f"{old!r} must stand once in the base"
    return BASE.replace(old, new)


def rows(section: str, count: int, template: str) -> str:
    return "".join(f"[[{section}]]\n" + template.format(n=n) for n in range(count))


def test_the_base_of_these_tests_has_no_problem() -> None:
    assert parse(BASE.encode(), "hall.toml").plan.hall_id == "h1"


# what is replaced, by what, the code, the line, a part of what is said, a part of the fix
CASES = [
    ("max_held = 3", "max_hold = 3", "C-10", 52, "max_hold", "did you mean 'max_held'?"),
    ("max_held = 3", "zzz = 3", "C-10", 52, "zzz", "one of: estimate_samples, issue_needs_window"),
    ("[limits]", "[limit]", "C-10", 51, "limit", "did you mean 'limits'?"),
    ('id = "hukou"\n', "", "C-11", 19, "'id' is missing", 'id = "qingshui"'),
    ('start = "14:00", ', "", "C-11", 8, "'start' is missing", 'start = "08:30"'),
    ("max_held = 3", 'max_held = "3"', "C-12", 52, "'3'", "a whole number from 0 to 50"),
    ("max_held = 3", "max_held = 51", "C-12", 52, "51", "a whole number from 0 to 50"),
    ("max_held = 3", "issue_needs_window = 1", "C-12", 52, "1", "true or false"),
    ("timeout_s = 30", "timeout_s = 1", "C-12", 55, "1", "a number from 5 to 3600"),
    ("holidays = [2026-10-01]", "holidays = [1]", "C-12", 10, "1", "a date such as 2026-10-01"),
    ('serves = ["hunyin"]', 'serves = ["hunyin",\n 7]', "C-12", 44, "7", "text in quotes"),
    ('serves = ["hukou"]', 'serves = ["hukou"]\nkind = "both"', "C-12", 40, "both", '"general", "special"'),
    ("[2026-10-01]\n", "[]\nutc_offset_minutes = 999\n", "C-12", 11, "999", "from -720 to 840"),
    (
        '{ weekdays = [1, 2, 3], start = "14:00"',
        "3, { weekdays = [1], start = '14:00'",
        "C-12",
        8,
        "3",
        "a table",
    ),
    ('[pads]\n1 = "gpio', '[pads]\n3 = 4\n1 = "gpio', "C-12", 61, "4", "text in quotes"),
    ('id = "hukou"', 'id = "户口"', "C-13", 20, "户口", "lower-case letters, digits and hyphens"),
    ('id = "h1"', 'id = "H 1"', "C-13", 2, "H 1", "lower-case letters, digits and hyphens"),
    ('id = "mz"', 'id = "ga"', "C-14", 16, "line 13", "give one of the two another id"),
    ('id = "hunyin"', 'id = "hukou"', "C-14", 25, "line 20", "give one of the two another id"),
    ('group = "ga"', 'group = "gaa"', "C-23", 22, "gaa", "did you mean 'ga'?"),
    ('group = "ga"', 'group = "mz"', "C-22", 12, "'ga' has no service", 'group = "ga"'),
    ('prefix = "A"', 'prefix = "I"', "C-24", 23, "'I'", "not I or O"),
    ('prefix = "A"', 'prefix = "O"', "C-24", 23, "'O'", "such as A"),
    ('prefix = "A"', 'prefix = "a"', "C-24", 23, "'a'", "such as A"),
    ('prefix = "A"', 'prefix = "ABC"', "C-24", 23, "'ABC'", "one or two capital letters"),
    ('prefix = "A"', 'prefix = ""', "C-24", 23, "''", "one or two capital letters"),
    ('prefix = "A"', 'prefix = "B"', "C-25", 28, "belongs to group 'ga' (line 23)", "such as A"),
    ('["hunyin", "hukou"]', '["hunyin", "hukau"]', "C-26", 34, "hukau", "did you mean 'hukou'?"),
    ('serves = ["hukou"]', 'serves = ["hukou", "hunyim"]', "C-26", 39, "hunyim", "did you mean 'hunyin'?"),
    ('["hunyin", "hukou"]', '["hunyin",\n"yijianshi"]', "C-27", 35, "contains another", '"hunyin"'),
    ('["hunyin", "hukou"]', '["hunyin"]', "C-28", 34, "only one matter", "delete the line matters"),
    ('["hunyin", "hukou"]', '["hunyin", "hunyin"]', "C-29", 34, "twice", "delete one of them"),
    (
        'serves = ["hunyin"]',
        'serves = ["hukou"]',
        "C-30",
        24,
        "no window serves 'hunyin'",
        "delete the service",
    ),
    ("number = 2", "number = 1", "C-40", 41, "line 37", "such as 2"),
    ('serves = ["hukou"]', "serves = []", "C-41", 39, "window 1 serves nothing", "delete the window"),
    ('serves = ["hukou"]', 'serves = ["hukou", "yijianshi"]', "C-42", 39, "yijianshi", '"hunyin", "hukou"'),
    ('["hukou"]\n\n[[prio', '["hunyin"]\n\n[[prio', "C-43", 44, "serves and in overflow", "keep one"),
    ("rank = 1", "rank = 0", "C-44", 49, "rank 0", "ranks begin at 1"),
    ("rank = 1", "rank = -3", "C-44", 49, "rank -3", "ranks begin at 1"),
    ('start = "08:30"', 'start = "8:30"', "C-50", 7, "'8:30'", '"HH:MM"'),
    ('end = "12:00"', 'end = "25:00"', "C-50", 7, "'25:00'", '"HH:MM"'),
    ('start = "08:30"', 'start = "24:00"', "C-50", 7, "'24:00'", '"HH:MM"'),
    ('id = "hukou"', 'id = "hukou"\nlast_ticket = "17.30"', "C-50", 21, "17.30", '"HH:MM"'),
    ('end = "18:00"', 'end = "14:00"', "C-51", 8, "14:00 to 14:00", "end must be after start"),
    ('start = "14:00"', 'start = "11:59"', "C-52", 8, "hours in line 7", "do not overlap"),
    ("weekdays = [1, 2, 3],", "weekdays = [],", "C-53", 8, "no service hours", "weekdays = [1, 2, 3, 4, 5]"),
    (
        "holidays = [2026-10-01]",
        "workdays = [2026-10-01]\nholidays = [2026-10-01]",
        "C-54",
        10,
        "2026-10-01",
        "delete",
    ),
    (
        'id = "hukou"',
        'id = "hukou"\nlast_ticket = "08:30"',
        "C-56",
        21,
        "before the hall opens",
        "later than 08:30",
    ),
    (
        "serial:///dev/ttyS0",
        "serial://dev/ttyS0",
        "C-60",
        58,
        "three slashes",
        "serial:///dev/hall/printer?baud=",
    ),
    ("serial:///dev/ttyS0", "tcp://192.168.1.87", "C-60", 58, "port is missing", "tcp://192.168.1.87:9100"),
    ("serial:///dev/ttyS0", "tcp://:9100", "C-60", 58, "host is missing", "tcp://"),
    ("serial:///dev/ttyS0", "tcp://a:x", "C-60", 58, "from 1 to 65535", "tcp://"),
    ("serial:///dev/ttyS0", "usb://0400", "C-60", 58, "usb://", "usb://04b8:0e15?serial=X5ZK0123"),
    (
        "serial:///dev/ttyS0",
        "USB://0400:c35a?serial=",
        "C-60",
        58,
        "serial",
        "usb://04b8:0e15?serial=X5ZK0123",
    ),
    ("serial:///dev/ttyS0", "modbus:///dev/x?unit=1", "C-60", 58, "tcp://, serial://, lp://", "tcp://"),
    ("/dev/ttyS0", "/dev/ttyS0?baud=9601", "C-60", 58, "no baud rate 9601", "serial:///dev/hall/printer"),
    ("/dev/ttyS0", "/dev/ttyS0?speed=9600", "C-60", 58, "unknown option speed", "serial:///dev/hall/printer"),
    ("serial:///dev/ttyS0", "lp:///", "C-60", 58, "the device path must be absolute", "lp:///dev/usb/lp0"),
    ("keys=2,3,4,5", "keys=2,3,4", "C-60", 61, "3 keys need 3 lamps or none", "gpio://?keys="),
    ("keys=2,3,4,5", "keys=2,3,4,28", "C-60", 61, "'28', not a GPIO number", "gpio://?keys="),
    ("keys=2,3,4,5", "keys=2,3,4,6", "C-60", 61, "GPIO6 is named twice", "gpio://?keys="),
    ("gpio://?keys=2", "ftp://?keys=2", "C-60", 61, "must begin with gpio://", "gpio://?keys="),
    (
        "gpio://?keys=2",
        "modbus://?keys=2",
        "C-60",
        61,
        "unit number is missing",
        "modbus:///dev/hall/pads?unit=3",
    ),
    (
        "gpio://?keys=2",
        "serial:///dev/p?keys=2",
        "C-60",
        61,
        "unknown option keys",
        "serial:///dev/hall/pad-3?",
    ),
    ("gpio://?keys=2", "evdev:///dev/p?x=2", "C-60", 61, "unknown option x", "evdev:///dev/input/by-id/"),
    ("keys=10,11", "keys=10,5", "C-61", 62, "GPIO5 is given to 评价器 pad 1 already (line 61)", "one port"),
    ("[pads]\n1", "[pads]\n7", "C-62", 61, "a pad for window 7", "1, 2"),
    (
        'device = "serial',
        'profile = "epson"\ndevice = "serial',
        "C-63",
        58,
        "epson",
        "hall print enrol … --name epson",
    ),
    ('device = "serial', 'encoding = "utf8"\ndevice = "serial', "C-64", 58, "utf8", "gb18030, gbk"),
    ("timeout_s = 30", 'keys.5 = "satisfied"', "C-65", 55, "no key '5'", '"1" to "4"'),
    (
        "timeout_s = 30",
        'keys.4 = "very_dissatisfied"',
        "C-66",
        55,
        "very_dissatisfied",
        "very_satisfied, satisfied",
    ),
    (
        "timeout_s = 30",
        'keys.1 = "satisfied"\nkeys.2 = "satisfied"',
        "C-67",
        56,
        "two keys mean",
        "its own level",
    ),
    ("timeout_s = 30", 'keys.1 = "satisfied"', "C-68", 55, "key 2 has no level", "name all four keys"),
    ('terminal = ["kiosk"]', 'kiosk = ["kiosk"]', "C-70", 65, "no role 'kiosk'", "terminal, window"),
    ('terminal = ["kiosk"]', 'terminal = ["no one"]', "C-71", 65, "'no one'", "an @group"),
    (
        "[access]",
        '[wording]\n"terminal.titel" = "x"\n[access]',
        "C-72",
        65,
        "terminal.titel",
        "'terminal.title'",
    ),
    (
        "[access]",
        "[wording]\nterminal.titel = 'x'\n[access]",
        "C-72",
        65,
        "terminal.titel",
        "'terminal.title'",
    ),
    ("[access]", "[wording]\nterminal.title = '{x}'\n[access]", "C-73", 65, "{x}", "this text may use: -"),
    ("[access]", "[wording]\nterminal.title = '{'\n[access]", "C-73", 65, "{", "this text may use: -"),
    (
        "[access]",
        "[wording]\nterminal.chosen = '{name.x}'\n[access]",
        "C-73",
        65,
        "name.x",
        "may use: {name}",
    ),
    (
        "[access]",
        '[idcard]\ndevice = "serial:///dev/ttyS0"\n[access]',
        "C-61",
        65,
        "打印机 printer",
        "one port",
    ),
    ("[access]", '[idcard]\ndevice = "ftp://x"\n[access]', "C-60", 65, "must begin with", "dev/hall/idcard"),
    (
        "[access]",
        '[barcode]\ndevice = "gpio://"\n[access]',
        "C-60",
        65,
        "must begin with",
        "dev/hall/barcode",
    ),
    ("[access]", '[camera]\ndevice = "v4l2:///"\n[access]', "C-60", 65, "absolute", "video-index0"),
    ("[access]", '[camera]\ndevice = "dir://srv"\n[access]', "C-60", 65, "absolute", "dir:///srv/camera"),
    ("[access]", '[scanner]\ndevice = "escl://"\n[access]', "C-60", 65, "host is missing", "eSCL"),
    ("[access]", '[scanner]\ndevice = "sane:x"\n[access]', "C-60", 65, "whole name", "sane:epsonds:libusb"),
    (
        "[access]",
        '[idcard]\ndevice = "tcp://a"\n[access]',
        "C-60",
        65,
        "port is missing",
        "tcp://192.168.1.88:10001",
    ),
    ("[access]", "[camera]\n[access]", "C-11", 64, "'device' is missing", "device = "),
    ("[access]", "[scans]\nbudget_mib = 1\n[access]", "C-12", 65, "1", "from 64 to 1000000"),
    (
        "[access]",
        '[callers]\n3 = "caller:///dev/hall/callers?unit=1"\n[access]',
        "C-62",
        65,
        "a keypad for window 3",
        "1, 2",
    ),
    (
        "[access]",
        '[callers]\n1 = "caller:///dev/a?unit=1"\n2 = "caller:///dev/a?unit=1"\n[access]',
        "C-61",
        66,
        "/dev/a#1 is given to 叫号器 keypad 1 already (line 65)",
        "one port",
    ),
    (
        "[access]",
        '[callers]\n1 = "caller:///dev/a?unit=1"\n[signs]\n1 = "modbus:///dev/a?unit=1"\n[access]',
        "C-80",
        67,
        "the line /dev/a cannot carry modbus signs",
        "one line carries one kind",
    ),
    (
        "[access]",
        '[callers]\n1 = "caller:///dev/ttyS0?unit=1"\n[access]',
        "C-61",
        65,
        "/dev/ttyS0 is given to 打印机 printer already",
        "one port",
    ),
    (
        "gpio://?keys=10,11,12,13&lamps=16,17,18,19",
        "serial:///dev/ttyUSB3?table=box",
        "C-81",
        62,
        "there is no [pad_tables.box]",
        "docs/wiring.md",
    ),
    (
        "[access]",
        '[pad_tables.box]\nkeys = {1 = "AA", 2 = "AA 01"}\n[access]',
        "C-82",
        64,
        "told apart",
        "hex",
    ),
    ("[access]", "[pad_lines.box]\npattern = '(a+)+'\n[access]", "C-82", 64, "repeated", "parentheses"),
    (
        "[access]",
        '[caller_dialects.my]\nzero = "x"\n[access]',
        "C-82",
        64,
        "two hexadecimal digits",
        "wiring.md",
    ),
    ("[access]", '[caller_keys]\nplus = "dance"\n[access]', "C-82", 65, "no such meaning: dance", "n-plus"),
    (
        "[access]",
        '[callers]\n1 = "caller:///dev/a?unit=1"\n2 = "caller:///dev//a?unit=2"\n[access]',
        "C-83",
        66,
        "/dev//a and /dev/a (叫号器 keypad 1, line 65) are the same line",
        "write both alike: /dev/a",
    ),
    (
        "[access]",
        '[idcard]\ndevice = "serial:///dev//x/../ttyS0"\n[access]',
        "C-61",
        65,
        "/dev//x/../ttyS0 = /dev/ttyS0 is given to 打印机 printer already",
        "one port",
    ),
]


@pytest.mark.parametrize(
    ("old", "new", "code", "line", "said", "fix"), CASES, ids=[f"{case[2]} {case[4]}" for case in CASES]
)
def test_each_mistake_is_named_with_its_line_and_its_fix(
    old: str, new: str, code: str, line: int, said: str, fix: str
) -> None:
    found = [problem for problem in problems_in(changed(old, new)) if problem.code == code]
    assert line in [problem.line for problem in found]
    problem = next(problem for problem in found if problem.line == line)
    assert said in problem.what_en
    assert fix in problem.fix_en
    assert re.search("[\u4e00-\u9fff]", problem.what_zh) and problem.fix_zh
    assert str(problem).startswith(f"hall.toml:{line}: {code} ")


def test_every_kind_of_problem_has_a_case_here() -> None:
    elsewhere = {"C-01", "C-02", "C-03", "C-20", "C-21", "C-55", "C-69", "C-74"}
    texts = [*vars(catalogue).values(), *vars(catalogue_devices).values()]
    kinds = {kind.code for kind in texts if isinstance(kind, Kind)}
    assert kinds == {case[2] for case in CASES} | elsewhere


def test_an_enrolled_printer_is_taken_with_what_it_was_found_to_answer(tmp_path: Path) -> None:
    printer = EnrolledPrinter(
        PROFILES["generic-58"], ANSWERS, Identity(), "serial:///dev/ttyS0", "2026-11-26"
    )
    printer = replace(printer, profile=replace(printer.profile, name="front"))
    save_printer(tmp_path / "printers", printer)
    (tmp_path / "hall.toml").write_text(changed("[printing]", '[printing]\nprofile = "front"'))
    found = load(tmp_path / "hall.toml").printer
    assert found is not None
    assert (found.profile.width_mm, found.abilities) == (58, ANSWERS)


def test_the_damaged_file_of_an_enrolled_printer_is_told_with_its_fix(tmp_path: Path) -> None:
    (tmp_path / "printers").mkdir()
    (tmp_path / "printers" / "front.toml").write_text("format = 1\n")
    (tmp_path / "hall.toml").write_text(changed("[printing]", '[printing]\nprofile = "front"'))
    with pytest.raises(ConfigInvalid) as caught:
        load(tmp_path / "hall.toml")
    [problem] = caught.value.problems
    assert (problem.code, problem.line) == ("C-69", 58)
    assert "enrol the printer again" in problem.fix_en


def test_devices_of_one_kind_may_share_a_line(tmp_path: Path) -> None:
    text = BASE.replace(
        '[pads]\n1 = "gpio://?keys=2,3,4,5&lamps=6,7,8,9"\n2 = "gpio://?keys=10,11,12,13&lamps=16,17,18,19"',
        '[pads]\n1 = "modbus:///dev/hall/pads?unit=1"\n2 = "modbus:///dev/hall/pads?unit=2"',
    )
    assert [pad.url for pad in parse(text.encode(), "hall.toml").pads] == [
        "modbus:///dev/hall/pads?unit=1",
        "modbus:///dev/hall/pads?unit=2",
    ]


def test_words_may_be_replaced_in_both_languages() -> None:
    text = changed(
        "[access]", '[wording]\nterminal.title = "取票"\n"terminal.chosen.en" = "{name}!"\n[access]'
    )
    wording = parse(text.encode(), "hall.toml").wording
    assert wording == {"terminal.title": "取票", "terminal.chosen.en": "{name}!"}


def test_a_missing_file_is_named_with_where_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigInvalid) as caught:
        load(tmp_path / "no.toml")
    [problem] = caught.value.problems
    assert (problem.code, problem.line, problem.file) == ("C-01", 0, str(tmp_path / "no.toml"))
    assert "No such file" in problem.what_en and "examples/township.toml" in problem.fix_en


def test_a_file_saved_as_gbk_is_named_at_the_first_bad_line() -> None:
    with pytest.raises(ConfigInvalid) as caught:
        parse('[hall]\nid = "a"\nname = "大厅"\n'.encode("gbk"), "hall.toml")
    [problem] = caught.value.problems
    assert (problem.code, problem.line) == ("C-02", 3)
    assert "save it as UTF-8" in problem.fix_en


def test_a_byte_order_mark_does_no_harm() -> None:
    assert parse(b"\xef\xbb\xbf" + BASE.encode(), "hall.toml").plan.hall_id == "h1"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('[hall]\nid = "a\n', 2),
        ("[hall]\nid = 1\nid = 2\n", 3),
        ("[hall]\nx = [1,\n2\n\n", 3),
        ("[hall\n", 1),
        ("a = 1\n\nb 2\n", 3),
    ],
)
def test_a_syntax_error_is_named_with_its_line(text: str, line: int) -> None:
    [problem] = problems_in(text)
    assert (problem.code, problem.line) == ("C-03", line)
    assert "quotes, brackets" in problem.fix_en


def test_more_groups_than_the_terminal_shows_are_refused_at_the_seventh() -> None:
    text = BASE + rows("group", 5, 'id = "g{n}"\nname = "g"\n')
    line = next(n for n, t in enumerate(text.splitlines(), 1) if t == 'id = "g4"') - 1
    problem = next(p for p in problems_in(text) if p.code == "C-20")
    assert problem.line == line
    assert "7 groups; the terminal shows 6 at most" in problem.what_en
    assert "merge groups until there are 6 at most" in problem.fix_en


def test_more_services_in_a_group_than_the_terminal_shows_are_refused_at_the_seventh() -> None:
    text = BASE + rows("service", 6, 'id = "s{n}"\nname = "s"\ngroup = "ga"\nprefix = "A"\n')
    line = next(n for n, t in enumerate(text.splitlines(), 1) if t == 'id = "s5"') - 1
    problem = next(p for p in problems_in(text) if p.code == "C-21")
    assert problem.line == line
    assert "group 'ga' has 7 services" in problem.what_en
    assert "move them to another group" in problem.fix_en


def test_six_groups_of_six_services_are_allowed() -> None:
    text = BASE.replace(
        'serves = ["hukou"]', f"serves = {['hukou', *[f's{n}' for n in range(5)]]}".replace("'", '"')
    )
    text += rows("service", 5, 'id = "s{n}"\nname = "s"\ngroup = "ga"\nprefix = "A"\n')
    assert len(parse(text.encode(), "hall.toml").plan.services) == 8


def test_a_workday_needs_monday_hours() -> None:
    text = BASE.replace("[1, 2, 3, 4, 5]", "[2]").replace("weekdays = [1, 2, 3]", "weekdays = [3]")
    text = text.replace("holidays = [2026-10-01]", "workdays = [\n2026-10-10,\n]")
    [problem] = problems_in(text)
    assert (problem.code, problem.line) == ("C-55", 11)
    assert "give Monday (1) hours" in problem.fix_en


def test_two_devices_on_one_serial_port_would_be_found() -> None:
    text = changed("lamps=16,17,18,19", "lamps=6,17,18,19")
    [problem] = problems_in(text)
    assert "GPIO6 is given to" in problem.what_en


def test_a_missing_section_is_named_with_its_header() -> None:
    found = problems_in("[limits]\nmax_held = 3\n")
    assert [(p.code, p.line) for p in found] == [("C-11", 1)] * 5
    assert {p.fix_en for p in found} == {
        f"add it, such as: {header}"
        for header in ("[hall]", "[[group]]", "[[service]]", "[[window]]", "[calendar]")
    }


def test_all_problems_are_listed_together_in_the_order_of_the_lines() -> None:
    text = (
        BASE.replace('id = "h1"\n', "")
        .replace('prefix = "A"', 'prefix = "i"')
        .replace("rank = 1", "rank = 0")
    )
    text = text.replace("max_held = 3", 'max_held = "x"').replace("ttyS0", "ttyS0?baud=1")
    assert [(p.code, p.line) for p in problems_in(text)] == [
        ("C-11", 1),
        ("C-24", 22),
        ("C-44", 48),
        ("C-12", 51),
        ("C-60", 57),
    ]


def test_a_row_with_one_mistake_causes_no_second_complaint_about_those_who_name_it() -> None:
    assert [p.code for p in problems_in(changed('prefix = "A"\n', ""))] == ["C-11"]
    assert [p.code for p in problems_in(changed("number = 2", 'number = "2"'))] == ["C-12"]


def test_something_that_is_no_table_at_all_is_named() -> None:
    [problem] = problems_in(
        BASE.replace("[limits]\nmax_held = 3\n", "").replace("[hall]", "limits = 3\n[hall]")
    )
    assert (problem.code, problem.line) == ("C-12", 1)
    assert problem.fix_en == "write a table"
