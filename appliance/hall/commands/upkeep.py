"""``hall verify`` and ``hall backup``: proof and copies."""

from __future__ import annotations

from pathlib import Path

import click

from hall.commands.connect import keeper_of
from hall.commands.failure import ACTOR_ZH, answer_no, say
from hall.commands.options import json_option, need_entry, state_option, wait_option
from hall.commands.output import print_json
from hallqueue.keeper.access import Role
from hallqueue.paths import StateFolder


@click.command()
@click.option(
    "--db", type=click.Path(dir_okay=False, path_type=Path), help="This database instead of --state's."
)
@state_option
@json_option
def verify(db: Path | None, state: Path, as_json: bool) -> None:
    """Prove the log, the numbers and the other invariants, on a copy; exit 1 when something does not hold."""
    from hallqueue.verify import verify as prove

    database = db or StateFolder(state).database
    need_entry(database)
    if not database.is_file():
        raise click.UsageError(f"没有数据库 / there is no database: {database}")
    report = prove(database)
    if as_json:
        print_json(
            {
                "database": str(database),
                "ok": not report.findings,
                "counts": report.counts,
                "findings": report.findings,
            }
        )
    else:
        for finding in report.findings:
            click.echo(f"{finding.code} {finding.where}: {finding.zh} / {finding.en}")
            if finding.detail:
                click.echo(f"    {finding.detail}")
            click.echo(f"    谁处理 / who: {ACTOR_ZH.get(finding.who, finding.who)} / {finding.who}")
            click.echo(f"    怎么办 / do:  {finding.remedy_zh} / {finding.remedy_en}")
        say(f"{database}：{report.counts['findings']} 处问题 / {report.counts['findings']} findings")
    if report.findings:
        answer_no()


@click.command()
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path))
@state_option
@wait_option
@json_option
def backup(path: Path, state: Path, wait: float, as_json: bool) -> None:
    """Copy the database to PATH while the hall goes on; the keeper's user must be able to write there."""
    target = path.absolute()
    with keeper_of(state, max(wait, 60.0), Role.ADMIN) as hall:
        size = hall.backup(str(target))
    if as_json:
        print_json({"path": str(target), "bytes": size})
    else:
        click.echo(f"{target} {size} 字节 / bytes")
