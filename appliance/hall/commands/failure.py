"""What a failed verb says and with which status it ends."""

from __future__ import annotations

from typing import Any, NoReturn

import click

from hall.config.problems import ConfigInvalid
from halldrivers.errors import Actor as DeviceActor
from halldrivers.errors import BadUrl, DeviceError
from hallqueue.errors import Actor, HallError

DONE, NO, WRONG_USAGE = 0, 1, 2
"""Exit statuses: done; the answer is no; wrong usage or configuration (click uses 2 as well)."""

TYPE_IT_RIGHT = (
    "照上面说的改命令行里的地址；写法见 --help",
    "correct the URL on the command line as it says above; --help shows how",
)

ACTOR_ZH: dict[str, str] = {
    Actor.CLERK: "办事员",
    Actor.CITIZEN: "群众",
    Actor.TECHNICIAN: "技术员",
    Actor.NOBODY: "无需处理，会自动恢复",
    DeviceActor.VENDOR: "厂家",
}
"""Who must act, as people are called in the hall; both rooms' actors share these names."""


class Failing(click.Group):
    """A group that turns the hall's errors into words on stderr and an exit status."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the verb; a refusal ends with 1, a bad configuration or command line with 2."""
        try:
            return super().invoke(ctx)
        except ConfigInvalid as error:
            tell_problems(error)
            ctx.exit(WRONG_USAGE)
        except HallError as error:
            _tell(error.code, error.what_zh, error.what_en, error.who, error.remedy_zh, error.remedy_en)
            ctx.exit(NO)
        except BadUrl as error:
            # Those of a configuration were refused when it was loaded: this one was typed.
            fault = error.as_fault()
            _tell(fault.code, fault.what_zh, fault.what_en, fault.who, *TYPE_IT_RIGHT)
            ctx.exit(WRONG_USAGE)
        except DeviceError as error:
            fault = error.as_fault()
            _tell(fault.code, fault.what_zh, fault.what_en, fault.who, fault.remedy_zh, fault.remedy_en)
            ctx.exit(NO)


def tell_problems(error: ConfigInvalid) -> None:
    """Every problem of a configuration, on stderr."""
    click.echo(f"{error.code} {error.what_zh} / {error.what_en}", err=True)
    for problem in error.problems:
        click.echo(str(problem), err=True)


def say(text: str) -> None:
    """Narration: to stderr, so that stdout stays data."""
    click.echo(text, err=True)


def answer_no() -> NoReturn:
    """End with status 1: the verb ran, and its answer is no."""
    click.get_current_context().exit(NO)


def _tell(code: str, what_zh: str, what_en: str, who: str, remedy_zh: str, remedy_en: str) -> None:
    say(f"{code} {what_zh} / {what_en}")
    say(f"    谁处理 / who: {ACTOR_ZH.get(who, who)} / {who}")
    say(f"    怎么办 / do:  {remedy_zh} / {remedy_en}")
