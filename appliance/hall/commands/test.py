"""``hall test DEVICE``: the three health checks, by whoever holds the device or else from here."""

from __future__ import annotations

import logging
import sys
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from hall.commands.connect import keeper_of
from hall.commands.failure import ACTOR_ZH, answer_no, say
from hall.commands.options import config_option, json_option, open_to_us, state_option, wait_option
from hall.commands.output import print_json
from hallqueue.errors import Trouble
from hallqueue.events import DeviceTestTold
from hallqueue.keeper.access import Role
from hallqueue.syncclient import SyncHallClient
from hallqueue.views import EventLine

if TYPE_CHECKING:
    from hall.config.model import HallConfig
    from hall.devices.configured import ConfiguredDevice

LEVELS = ("internal", "external", "interactive")
LEVELS_ZH = {"internal": "内部检查", "external": "外部检查", "interactive": "人工检查"}
ANSWERED_WITHIN_S = 5.0
"""A role that holds the device says its first word sooner."""
NEXT_WITHIN_S = 130.0
_told = msgspec.json.Decoder(DeviceTestTold)
MARKS = {"passed": "正常", "failed": "故障", "unknown": "不明", "ask": "请操作"}


@dataclass(frozen=True, slots=True)
class Told:
    """One finding, as it is printed."""

    device: str
    level: str
    verdict: str
    zh: str
    en: str
    code: str = ""
    who: str = ""
    remedy_zh: str = ""
    remedy_en: str = ""

    @classmethod
    def of(cls, device: str, level: str, told: DeviceTestTold) -> Told:
        """A finding that came from the process that holds the device."""
        return cls(
            device, level, told.verdict, told.zh, told.en, told.code, told.who, told.remedy_zh, told.remedy_en
        )


@click.command()
@click.argument("device", required=False)
@click.option("--interactive", is_flag=True, help="Also the check that needs a person at the device.")
@click.option("--level", type=click.Choice(LEVELS), help="Only this check.")
@config_option
@state_option
@wait_option
@json_option
def test(
    device: str | None,
    interactive: bool,
    level: str | None,
    config_file: Path | None,
    state: Path,
    wait: float,
    as_json: bool,
) -> None:
    """Check one device: internal (address, node, rights), external (it answers), interactive (with you).

    The process that holds the device does it, over the path that production uses; where none runs, it is
    done from here. Without DEVICE the configured devices are listed. Exit 0 when every check found something
    well and nothing wrong; what it cannot tell (unknown) counts neither way.
    """
    from hall.config.load import find, load
    from hall.devices.configured import configured_devices

    config = load(find(config_file, state=open_to_us(state)))
    known = {one.name: one for one in configured_devices(config)}
    if device is None:
        _list(known.values(), as_json)
        return
    if device not in known:
        raise click.UsageError(f"没有设备 {device} / no such device; 有 / known: {', '.join(known)}")
    levels = (level,) if level else LEVELS if interactive else LEVELS[:2]
    found: list[Told] = []

    def tell(told: Told) -> None:
        found.append(told)
        if not as_json:
            _for_people(told)

    for depth in levels:
        if not as_json:
            say(f"{LEVELS_ZH[depth]} / {depth} …")
        if not _by_its_holder(device, depth, state, wait, tell):
            _from_here(config, known[device], depth, tell)
    if as_json:
        print_json([asdict(told) for told in found])
    if any(told.verdict == "unknown" for told in found):
        say("“不明”不算正常，也不算故障 / unknown is neither well nor a fault")
    if not all(_is_well([told.verdict for told in found if told.level == depth]) for depth in levels):
        answer_no()


def _list(devices: Iterable[ConfiguredDevice], as_json: bool) -> None:
    if as_json:
        print_json([asdict(one) for one in devices])
        return
    for one in devices:
        click.echo(f"{one.name}\t{one.zh}\t{one.url}")


def _is_well(verdicts: Sequence[str]) -> bool:
    """Whether a level found something well and nothing wrong; what came first does not matter.

    A device that cannot tell (a caller that nobody pressed, a scanner at work) is no fault, but where nothing
    at all was found well, nothing was proved. Nor was it where a person was asked and nothing came of it.
    """
    if "failed" in verdicts:
        return False
    if "ask" in verdicts:
        answers = verdicts[verdicts.index("ask") :]
        if "unknown" in answers and "passed" not in answers:
            return False
    return "passed" in verdicts


def _by_its_holder(device: str, level: str, state: Path, wait: float, tell: Callable[[Told], None]) -> bool:
    """Ask through the keeper; False when no process holds the device, or no keeper answers.

    A refusal (it is being tested, this user may not) is raised: then the device is not touched from here.
    """
    from hall.devices.testing import UNDER_WAY

    try:
        with keeper_of(state, wait, Role.ADMIN) as hall:
            asked = hall.ask_test(device, key=str(uuid.uuid4()), level=level)
            hall.start_follow(asked)
            heard = False
            for told in _findings(hall, asked):
                heard = True
                if told.en == UNDER_WAY.en:  # no finding
                    say(f"{told.zh} / {told.en}")
                else:
                    tell(Told.of(device, level, told))
            if not heard:
                # Nobody holds it: say so, or the next test would have to wait for this one.
                key = str(uuid.uuid4())
                zh, en = "没有进程应答", "no process answered"
                hall.tell_test(asked, key=key, verdict="unknown", zh=zh, en=en, is_last=True)
            return heard
    except Trouble as error:
        say(f"{error.what_zh} / {error.what_en}")
        return False


def _findings(hall: SyncHallClient, test: int) -> Iterator[DeviceTestTold]:
    patience_s = ANSWERED_WITHIN_S
    while (push := hall.next_push(patience_s)) is not None:
        if not isinstance(push, EventLine) or push.type != DeviceTestTold.__name__:
            continue
        told = _told.decode(push.body)
        if told.test != test:
            continue
        patience_s = NEXT_WITHIN_S
        if told.is_last:
            return
        yield told


def _from_here(
    config: HallConfig, device: ConfiguredDevice, level: str, tell: Callable[[Told], None]
) -> None:
    from hall.devices.configured import check_from_here
    from halldrivers.check import CheckLevel, Finding

    say("没有运行中的进程占用它，直接检查 / no process holds it: checking from here")

    def hear(finding: Finding) -> None:
        told = Told(device.name, level, finding.verdict, finding.zh, finding.en)
        if (fault := finding.fault) is not None:
            told = replace(
                told,
                code=fault.code,
                who=fault.who,
                remedy_zh=fault.remedy_zh,
                remedy_en=fault.remedy_en,
            )
        tell(told)

    with _findings_alone():
        check_from_here(config, device, CheckLevel(level), hear)


@contextmanager
def _findings_alone() -> Iterator[None]:
    """A fault is a finding and not told a second time by the driver's log; program errors are told by it."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setLevel(logging.ERROR)
    logging.getLogger().addHandler(handler)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(handler)


def _for_people(told: Told) -> None:
    click.echo(f"[{MARKS[told.verdict]}] {told.zh} / {told.en}")
    if told.who:
        click.echo(f"    {told.code} 谁处理 / who: {ACTOR_ZH.get(told.who, told.who)} / {told.who}")
        click.echo(f"    怎么办 / do:  {told.remedy_zh} / {told.remedy_en}")
