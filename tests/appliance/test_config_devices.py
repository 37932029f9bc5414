"""Devices, keys and accounts of a configuration: what is one port, which key is wrong, who is not here."""

from __future__ import annotations

import grp
import os
import pwd
from pathlib import Path

import pytest

from hall.config import sorts
from hall.config.load import load, parse
from hall.config.model import HallConfig
from hall.config.problems import ConfigInvalid, Problem
from hall.config.sorts import Sort, caller_sort

VILLAGE = (Path(__file__).parents[2] / "examples" / "village.toml").read_text(encoding="utf-8")
HALL = VILLAGE.replace(VILLAGE[VILLAGE.index("[pads]") : VILLAGE.index("[screen]")], "")
LINES = HALL.count("\n")
"""What is added begins in the line after these."""


def hall_with(text: str, *, with_accounts: bool = False) -> HallConfig:
    return parse(f"{HALL}{text}\n".encode(), "hall.toml", with_accounts=with_accounts)


def problems(text: str, *, with_accounts: bool = False) -> list[Problem]:
    with pytest.raises(ConfigInvalid) as caught:
        hall_with(text, with_accounts=with_accounts)
    return list(caught.value.problems)


def told(text: str, *, with_accounts: bool = False) -> list[tuple[str, int]]:
    """The codes, with their lines counted from the first one that was added."""
    return [(one.code, one.line - LINES) for one in problems(text, with_accounts=with_accounts)]


# --- what a URL is to look like


@pytest.mark.parametrize(
    "sort", [*(one for one in vars(sorts).values() if isinstance(one, Sort)), caller_sort(())]
)
def test_every_example_of_a_url_is_right_itself(sort: Sort) -> None:
    for scheme, example in sort.examples.items():
        assert sort.read(example).own and example.startswith(f"{scheme}:")


def test_a_scheme_that_the_device_does_not_have_is_told_the_usual_one() -> None:
    assert sorts.PAD.example("ftp://x") == sorts.PAD.example("") == "gpio://?keys=5,6,13,19&lamps=16,20,21,26"


# --- what is one port


def test_a_link_and_the_node_that_it_leads_to_are_one_port(tmp_path: Path) -> None:
    node, link = tmp_path / "ttyUSB0", tmp_path / "by-id"
    node.touch()
    link.symlink_to(node)
    (problem,) = problems(f'[idcard]\ndevice = "serial://{node}"\n[barcode]\ndevice = "serial://{link}"')
    assert (problem.code, problem.line - LINES) == ("C-61", 4)
    assert problem.what_en == f"{link} = {node} is given to 读卡器 idcard already (line {LINES + 2})"


def test_two_spellings_of_a_path_are_one_port_also_where_there_is_no_such_node() -> None:
    assert told(
        '[idcard]\ndevice = "serial:///no/such//dev/../dev/idcard"\n'
        '[barcode]\ndevice = "serial:///no/such/dev/idcard"'
    ) == [("C-61", 4)]


def test_a_port_that_another_line_runs_over_is_found_under_its_other_name(tmp_path: Path) -> None:
    (tmp_path / "node").touch()
    (tmp_path / "pads").symlink_to("node")
    pads = f'[pads]\n1 = "modbus://{tmp_path}/pads?unit=1"'
    card = f'[idcard]\ndevice = "serial://{tmp_path}/node"'
    assert told(f"{pads}\n{card}") == [("C-61", 2)]


def test_a_shared_line_under_two_names_is_found(tmp_path: Path) -> None:
    (tmp_path / "node").touch()
    (tmp_path / "pads").symlink_to("node")
    (problem,) = problems(
        f'[pads]\n1 = "modbus://{tmp_path}/pads?unit=1"\n[signs]\n1 = "modbus://{tmp_path}/node?unit=2"'
    )
    assert (problem.code, problem.line - LINES) == ("C-83", 4)
    assert problem.fix_zh == f"两处写成一样的：{tmp_path}/pads"


def test_a_unit_is_taken_under_every_name_of_its_line() -> None:
    line = '[pads]\n1 = "modbus:///dev/hall/pads?unit=1"\n[signs]\n1 = "modbus:///dev/hall//pads?unit=1"'
    assert told(line) == [("C-61", 4), ("C-83", 4)]


def test_a_path_that_no_machine_can_have_is_no_reason_to_fall_over() -> None:
    config = hall_with('[idcard]\ndevice = "serial:///dev/a\\u0000b"')
    assert config.idcard == "serial:///dev/a\0b"


# --- the keys of callers


def test_each_wrong_key_of_a_caller_is_told_with_its_own_line() -> None:
    text = '[caller_keys]\nplus = "dance"\nminus = "pass"\nleft = "step"\nn-star = "step"\nvoid = "x"'
    found = problems(text)
    assert [(one.code, one.line - LINES) for one in found] == [("C-82", line) for line in (2, 4, 5, 6)]
    for word, one in zip(("dance", "left", "n-star", "x"), found, strict=True):
        assert word in one.what_zh and word in one.what_en


def test_a_table_that_lacks_what_every_desk_needs_is_told_at_the_section() -> None:
    assert told('[caller_keys]\nenter = "none"\nplus = "dance"') == [("C-82", 1), ("C-82", 3)]


def test_a_key_may_lose_its_meaning_where_another_one_takes_it() -> None:
    keys = '[caller_keys]\nenter = "none"\nplus = "step"\nbackspace = "none"\ncancel = "none"\ndot = "cancel"'
    assert hall_with(keys).caller_words.keys["plus"] == "step"


# --- who is on this machine

ACCESS = '[access]\nterminal = [\n  "root",\n  "no-such-user",\n]\nscreen = ["@no-such-group", "@0", "12345"]'


def test_a_file_is_right_on_a_machine_that_does_not_know_the_halls_users() -> None:
    assert hall_with(ACCESS).access["screen"] == ("@no-such-group", "@0", "12345")


def test_users_and_groups_that_this_machine_lacks_are_told_each_with_its_line() -> None:
    user, group = problems(ACCESS, with_accounts=True)
    assert (user.code, user.line - LINES, group.code, group.line - LINES) == ("C-74", 4, "C-74", 6)
    assert user.what_zh == "这台机器上没有用户“no-such-user”"
    assert user.what_en == "this machine has no user 'no-such-user'"
    assert "sudo useradd --system no-such-user" in user.fix_zh and "getent passwd" in user.fix_en
    assert group.what_zh == "这台机器上没有用户组“no-such-group”"
    assert "sudo groupadd --system no-such-group" in group.fix_en and "getent group" in group.fix_zh


def test_users_that_this_machine_has_are_no_problem(tmp_path: Path) -> None:
    user, group = pwd.getpwuid(os.getuid()).pw_name, grp.getgrgid(os.getgid()).gr_name
    file = tmp_path / "hall.toml"
    file.write_text(f'{HALL}[access]\nterminal = ["{user}", "@{group}"]\n', encoding="utf-8")
    assert load(file, with_accounts=True).access["terminal"] == (user, f"@{group}")


def test_a_name_that_is_none_is_told_once() -> None:
    assert told('[access]\nterminal = ["no one"]', with_accounts=True) == [("C-71", 2)]


def test_who_is_not_here_is_told_with_all_that_is_wrong() -> None:
    text = '[idcard]\ndevice = "ftp://"\n[access]\nterminal = ["no-such-user"]'
    assert told(text, with_accounts=True) == [("C-60", 2), ("C-74", 4)]
