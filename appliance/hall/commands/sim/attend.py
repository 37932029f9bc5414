"""A simulator that stands there: its URL is told, words are taken from standard input, what is seen is told.

All of it is in the main thread; the simulator is served by its own. What is seen of it is looked at ten times
a second, because a simulator tells nobody when a lamp or a display changes.
"""

from __future__ import annotations

import functools
import os
import select
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

import click

from hall.commands.failure import say
from hall.commands.sim.words import Words, WrongWord, help_lines, obey
from halldrivers.errors import DeviceError, PortDenied

LOOK_S = 0.1
MOST_LINE_BYTES = 8192
"""Of a command: a code of a thousand characters fits well."""
HELP = ("help", "?")
HINT = "输入 help 看命令，Ctrl-C 结束 / type help for the commands, Ctrl-C ends"

Look = Callable[[], Iterable[str]]
"""What was seen since the last look, a line each."""
F = TypeVar("F", bound=Callable[..., None])


class PlaceDenied(PortDenied):
    """Raised when this user may not put a simulator at its port or into its folder."""

    remedy_zh = "1024 以下的端口要加 sudo，或者换 1024 以上的端口；pty 换一个能写的文件夹"
    remedy_en = (
        "a port below 1024 needs sudo, or take one above 1023; for a pty take a folder you may write to"
    )


def kind(words: Words) -> Callable[[F], click.Command]:
    """Make the command of a kind of device: URL, --fault, and a help that lists its words."""
    listed = "\n".join(f"  {line}" for line in help_lines(words))

    def make(function: F) -> click.Command:
        @functools.wraps(function)
        def stand(**given: Any) -> None:
            try:
                function(**given)
            except PortDenied as error:
                raise PlaceDenied(error.detail, error.detail_zh) from error

        command = click.command(
            epilog=f"\b\n命令 / Commands (stdin, --fault):\n{listed}",
            context_settings={"max_content_width": 110},
        )
        fault = click.option(
            "--fault", "faults", multiple=True, metavar="COMMAND", help="Do this at the start; repeatable."
        )
        return command(click.argument("url")(fault(stand)))

    return make


def attend(device: Any, words: Words, faults: Iterable[str], urls: Iterable[str], *looks: Look) -> None:
    """Carry out the faults, print the URLs, then obey and tell until SIGINT or SIGTERM."""
    for fault in faults:
        try:
            obey(words, device, fault)
        except WrongWord as error:
            raise click.BadParameter(str(error), param_hint="--fault") from error
    stop = _stop_signal()
    for url in urls:
        click.echo(url)
    commands = CommandLines(_stdin())
    if commands.is_terminal:
        say(HINT)
    while not stop.is_set():
        for look in looks:
            for seen in look():
                say(seen)
        for line in commands.wait(LOOK_S):
            _carry_out(words, device, line)


def _carry_out(words: Words, device: Any, line: str) -> None:
    if line in HELP:
        for row in help_lines(words):
            say(row)
        return
    try:
        obey(words, device, line)
    except WrongWord as error:
        say(str(error))
    except DeviceError as error:
        fault = error.as_fault()
        say(f"{fault.code} {fault.what_zh} / {fault.what_en}")
    except OSError as error:  # the folder of a camera, in other hands
        say(f"没有做成 / it failed: {line}: {error}")
    else:
        say(f"好 / done: {line}")


def _stop_signal() -> threading.Event:
    """Set by the signals that end it; one that is ignored (nohup) stays so."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, lambda *_: stop.set())
    return stop


def _stdin() -> int | None:
    try:
        return sys.stdin.fileno()
    except (AttributeError, OSError, ValueError):  # closed, or not a file at all
        return None


class CommandLines:
    """Lines of a descriptor as they come, without a thread that would hang on it; its end is no event."""

    def __init__(self, fd: int | None) -> None:
        self._fd, self._begun = fd, b""
        self._poller = select.poll()
        if fd is not None:
            self._poller.register(fd, select.POLLIN)
        self.is_terminal = fd is not None and os.isatty(fd)

    def wait(self, timeout_s: float) -> list[str]:
        """The lines that are complete, blank ones left out; waits so long for the first byte."""
        ready = self._poller.poll(timeout_s * 1000)
        if not ready or self._fd is None:
            return []
        try:
            data = os.read(self._fd, MOST_LINE_BYTES)
        except OSError:  # the terminal is gone
            data = b""
        if not data and self.is_terminal and ready[0][1] == select.POLLIN:
            say(HINT)  # Ctrl-D: the next line can be read all the same
        elif not data:
            self._poller.unregister(self._fd)
            data = b"\n"  # a last line may lack its end
        *lines, self._begun = (self._begun + data).split(b"\n")
        if len(self._begun) > MOST_LINE_BYTES:
            self._begun = b""
            say("这一行太长，不执行 / this line is too long and is left out")
        texts = (line.decode("utf-8", "replace").strip() for line in lines)
        return [text for text in texts if text]


class Changes:
    """A look that tells what has changed: label to what is seen now."""

    def __init__(self, see: Callable[[], Mapping[str, str]]) -> None:
        self._see, self._seen = see, dict(see())

    def __call__(self) -> list[str]:
        """A line for each label with another text than before."""
        now = dict(self._see())
        changed = [f"{label}: {text}" for label, text in now.items() if self._seen.get(label) != text]
        self._seen = now
        return changed
