"""``hall print enrol``: find out what one printer can do, and store it as its profile."""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hall.commands.failure import say
from hall.commands.options import config_option, open_to_us, state_option, wait_option

if TYPE_CHECKING:
    from halldrivers.printerline import PrinterLine
    from hallprinter.enrolment_questions import Question


@click.command()
@click.argument("url")
@click.option("--name", default="enrolled", show_default=True, help="What [printing] profile will say.")
@click.option("--force", is_flag=True, help="Although a spooler says that it has a printer.")
@config_option
@state_option
@wait_option
def enrol(url: str, name: str, force: bool, config_file: Path | None, state: Path, wait: float) -> None:
    """Ask the printer at URL what it answers, print one slip, ask you about it, and store its profile.

    Stop the spooler first (systemctl stop hall-printer): it holds the printer. The file goes into the folder
    printers beside hall.toml.
    """
    from hall.commands.enrolground import need_free_printer, need_writable
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
        raise click.UsageError(
            f"登记名 {name!r} 不能用：写小写字母、数字和 -，不要和现成的型号同名 / {error}"
        ) from error
    file = find(config_file, state=open_to_us(state))
    line = PrinterLine(transport_for(url), time.monotonic)
    folder = enrolled_folder(str(file))
    need_writable(folder)
    if not force:
        need_free_printer(url, file, state, wait)
    line.open()
    try:
        say("正在询问打印机，最多半分钟，然后打出一张小票 / asking the printer, then one slip is printed …")
        date = datetime.date.today().isoformat()
        printer = enrol_printer(line, url, date, _asker(line), clock=time.monotonic, name=name)
    finally:
        line.close()
    for doubt in doubts(printer):
        say(f"注意：{doubt.zh} / note: {doubt.en}")
    path = save_printer(folder, printer)
    say(f"已保存 / stored: {path}")
    click.echo(f'[printing]\ndevice = "{url}"\nprofile = "{name}"')


def _asker(line: PrinterLine) -> Callable[[Question], str]:
    """Asks about the slip; first whether there is one, where the printer itself never said a word."""
    from hall.commands.enrolground import NothingCameOut, is_mute

    is_sure = False

    def ask(question: Question) -> str:
        nonlocal is_sure
        if not is_sure and is_mute(line) and not _came_out():
            raise NothingCameOut()
        is_sure = True
        return _ask(question)

    return ask


def _came_out() -> bool:
    answers = {"是": True, "yes": True, "否": False, "no": False}
    say("打印机什么都没有回答 / the printer answered nothing at all")
    while True:
        text = click.prompt("小票出来了吗？\nDid the slip come out?\n    是 yes / 否 no", err=True)
        if (answer := answers.get(str(text).strip().lower())) is not None:
            return answer


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
