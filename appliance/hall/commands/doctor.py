"""``hall doctor``: the hall, its devices, its buses and its scans, looked at without touching any of them."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hall.commands.connect import keeper_of
from hall.commands.failure import answer_no
from hall.commands.options import config_option, json_option, open_to_us, state_option, wait_option
from hall.commands.output import print_json
from hall.commands.status import CHINA_OFFSET_MINUTES, print_devices, print_troubles
from hall.condition import Condition, condition_of, unreachable
from hallqueue.errors import HallError

if TYPE_CHECKING:
    from hall.config.model import HallConfig

DAY_S = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Plugged:
    """One thing on a bus, and what should be done about it."""

    says: str
    why_zh: str
    why_en: str
    line: str
    """What to add to ``hall.toml``."""
    note_zh: str = ""
    note_en: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Renamed:
    """A configured device that is gone, or whose name is not steady."""

    device: str
    zh: str
    en: str
    write: str
    """The URL to write instead; empty where nothing is known."""
    is_missing: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything that the doctor found."""

    condition: Condition
    unconfigured: tuple[Plugged, ...]
    renamed: tuple[Renamed, ...]
    aside: int
    """Scanned things that wait for a person in the store's folder ``aside``."""
    aside_days: int
    """Age of the oldest of them."""

    @property
    def is_well(self) -> bool:
        """Whether nobody need do anything. Something unconfigured on a bus harms nothing."""
        return not self.condition.troubles and not self.renamed and not self.aside


@click.command()
@config_option
@state_option
@wait_option
@json_option
def doctor(config_file: Path | None, state: Path, wait: float, as_json: bool) -> None:
    """Every device, every fault, what stands on the buses unconfigured and the line to add; exit 1 if ill.

    Nothing is opened or disturbed. Scanners are listed through SANE, which takes some seconds.
    """
    from hall.config.load import find, load

    config = load(find(config_file, state=open_to_us(state)))
    condition, offset = _condition(config, state, wait)
    report = _examine(config, condition, state)
    if as_json:
        print_json(asdict(report))
    else:
        _for_people(report, offset)
    if not report.is_well:
        answer_no()


def _condition(config: HallConfig, state: Path, wait: float) -> tuple[Condition, int]:
    from hall.devices.configured import configured_devices

    devices = configured_devices(config)
    try:
        with keeper_of(state, wait) as hall:
            plan = hall.plan()
            found = condition_of(hall.snapshot(), plan, hall.print_queue(), devices)
            return found, plan.calendar.utc_offset_minutes
    except HallError as error:
        return unreachable(error, time.time_ns() // 1_000_000, devices), CHINA_OFFSET_MINUTES


def _examine(config: HallConfig, condition: Condition, state: Path) -> Report:
    from hall.devices.configured import configured_devices
    from halldrivers.buses import compare, look
    from halldrivers.scanner.probe import listed_scanners

    urls = {device.name: device.url for device in configured_devices(config) if device.url}
    buses = compare(look(sane=listed_scanners), urls)
    aside, aside_days = _aside((config.scans.folder or state / "scans") / "aside")
    return Report(
        condition=condition,
        unconfigured=tuple(
            Plugged(
                says=one.says,
                why_zh=one.why_zh,
                why_en=one.why_en,
                line=one.line(),
                note_zh=one.note_zh,
                note_en=one.note_en,
            )
            for one in buses.unconfigured
        ),
        renamed=(
            *(
                Renamed(device=one.name, zh=one.zh, en=one.en, write=one.write, is_missing=True)
                for one in buses.missing
            ),
            *(
                Renamed(device=one.name, zh=one.zh, en=one.en, write=one.write, is_missing=False)
                for one in buses.unsteady
            ),
        ),
        aside=aside,
        aside_days=aside_days,
    )


def _aside(folder: Path) -> tuple[int, int]:
    """How many things lie aside and how old the oldest is; none where the folder may not be looked into."""
    try:
        changed = [entry.stat().st_mtime for entry in folder.iterdir()]
    except OSError:
        return 0, 0
    return len(changed), int((time.time() - min(changed)) // DAY_S) if changed else 0


def _for_people(report: Report, offset: int) -> None:
    condition = report.condition
    if condition.device_rows:
        print_devices(condition.device_rows, offset, with_counters=True)
    print_troubles(condition, offset)
    for renamed in report.renamed:
        click.echo(f"\n{renamed.device}：{renamed.zh} / {renamed.en}")
        if renamed.write:
            click.echo(f"    改成 / write:  {renamed.write}")
    if report.aside:
        click.echo(
            f"\n扫描件存储里有{report.aside}项需要人看（最早{report.aside_days}天前）：hall test scans / "
            f"{report.aside} scanned things wait for a person, the oldest {report.aside_days} days"
        )
    for one in report.unconfigured:
        click.echo(f"\n没有写进配置 / not configured: {one.says}（{one.why_zh} / {one.why_en}）")
        if one.note_zh:
            click.echo(f"    注意 / note: {one.note_zh} / {one.note_en}")
        for line in one.line.splitlines():
            click.echo(f"    {line}")
    if report.is_well:
        click.echo("\n一切正常 / all is well")
