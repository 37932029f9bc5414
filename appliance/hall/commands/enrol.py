"""``hall print enrol``: find out what one printer can do, and store it as its profile."""

from __future__ import annotations

import datetime
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hall.commands.failure import say
from hall.commands.options import config_option

if TYPE_CHECKING:
    from hallprinter.enrolment_questions import Question


@click.command()
@click.argument("url")
@click.option("--name", default="enrolled", show_default=True, help="What [printing] profile will say.")
@config_option
def enrol(url: str, name: str, config_file: Path | None) -> None:
    """Ask the printer at URL what it answers, print one slip, ask you about it, and store its profile.

    Stop the spooler first (systemctl stop hall-printer): it holds the printer. The file goes into the folder
    printers beside hall.toml.
    """
    from hall.config.build_devices import enrolled_folder
    from hall.config.load import find
    from halldrivers.printerline import PrinterLine
    from halldrivers.transport import transport_for
    from hallprinter.enrolment import doubts
    from hallprinter.enrolment import enrol as enrol_printer
    from hallprinter.profilefile import check_name, save_printer

    try:
        check_name(name)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    folder = enrolled_folder(str(find(config_file)))
    line = PrinterLine(transport_for(url), time.monotonic)
    line.open()
    try:
        say("正在询问打印机，最多半分钟，然后打出一张小票 / asking the printer, then one slip is printed …")
        date = datetime.date.today().isoformat()
        printer = enrol_printer(line, url, date, _ask, clock=time.monotonic, name=name)
    finally:
        line.close()
    for doubt in doubts(printer):
        say(f"注意：{doubt.zh} / note: {doubt.en}")
    path = save_printer(folder, printer)
    say(f"已保存 / stored: {path}")
    click.echo(f'[printing]\ndevice = "{url}"\nprofile = "{name}"')


def _ask(question: Question) -> str:
    """Ask until the answer is one of the choices."""
    from hallprinter.enrolment_errors import BadAnswer

    listed = " / ".join(f"{choice.zh} {choice.value}" for choice in question.choices)
    while True:
        text = click.prompt(f"{question.zh}\n{question.en}\n    {listed}", err=True)
        try:
            question.answer(text)
        except BadAnswer as error:
            say(f"{error.what_zh} / {error.what_en}: {listed}")
            continue
        return str(text)
