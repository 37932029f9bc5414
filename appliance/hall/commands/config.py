"""``hall config``: is the file right, and what does it say."""

from __future__ import annotations

import re
from pathlib import Path

import click
import msgspec

from hall.commands.failure import WRONG_USAGE, say
from hall.commands.options import config_option, json_option
from hall.commands.output import print_json, print_table


@click.group()
def config() -> None:
    """Check or show hall.toml."""


@config.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
@config_option
@json_option
def check(file: Path | None, config_file: Path | None, as_json: bool) -> None:
    """Check FILE (default as --config): every problem with line and fix; exit 2 if any."""
    from hall.config.load import find, load
    from hall.config.problems import ConfigInvalid

    source = find(file or config_file)
    if not as_json:
        loaded = load(source)
        say(f"{source}：配置正确 / the configuration is right")
        click.echo(
            f"{loaded.plan.hall_name} {len(loaded.plan.services)}个事项 {len(loaded.plan.windows)}个窗口"
        )
        return
    try:
        load(source)
    except ConfigInvalid as error:
        print_json({"file": str(source), "ok": False, "problems": error.problems})
        click.get_current_context().exit(WRONG_USAGE)
    print_json({"file": str(source), "ok": True, "problems": []})


@config.command()
@config_option
@json_option
def show(config_file: Path | None, as_json: bool) -> None:
    """What the configuration comes to, defaults filled in."""
    from hall.config.load import find, load
    from hall.devices.configured import configured_devices

    loaded = load(find(config_file))
    if as_json:
        print_json(msgspec.to_builtins(loaded, enc_hook=_plain))
        return
    plan = loaded.plan
    click.echo(f"{plan.hall_name}（{plan.hall_id}） {loaded.source}")
    groups = {group.id: group.name for group in plan.groups}
    served = {
        service.id: "、".join(str(w.number) for w in plan.windows if service.id in (*w.serves, *w.overflow))
        for service in plan.services
    }
    names = {service.id: service.name for service in plan.services}
    print_table(
        ("前缀", "类别", "事项", "编号", "窗口"),
        [
            (s.prefix, groups[s.group], s.name, s.id, served[s.id] or "→".join(names[m] for m in s.matters))
            for s in plan.services
        ],
    )
    if loaded.printer is None:
        click.echo("打印机 无")
    for device in configured_devices(loaded):
        click.echo(f"{device.zh} {device.url or loaded.scans.certificate}")


def _plain(value: object) -> str:
    """Paths, and the expressions of text patterns."""
    return value.pattern if isinstance(value, re.Pattern) else str(value)
