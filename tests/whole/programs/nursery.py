"""Starts the hall's processes by fork, so that a start costs milliseconds instead of an interpreter.

What is forked has imported the rooms and read the fonts, and nothing else: no thread, no socket, no
open file of the hall. From there on it is a process like any other, with a life and a kill -9 of its own.

One order a line on stdin, one answer a line on stdout:

    {"hall": [arguments] | "program": [file, arguments], "out": file, "uid": n, "without": [capability],
     "limit": bytes}                -> {"pid": n}
    {"wait": pid, "within_s": s}    -> {"status": n}, negative for a signal, null when it still runs
"""

from __future__ import annotations

import ctypes
import gc
import importlib
import json
import os
import resource
import runpy
import signal
import sys
import time
import traceback
from typing import Any

WARM = (
    "hall.cli",
    "hall.commands.run",
    "hall.commands.status",
    "hall.commands.ticket",
    "hall.commands.upkeep",
    "hall.commands.window",
    "hall.config.load",
    "hall.roles",
    "halldrivers.ratingpad.sim",
    "hallevaluator.desk",
    "hallevaluator.keymap",
    "hallevaluator.pads",
    "hallprinter.spooler",
    "hallqueue.client",
    "hallqueue.keeper.run",
    "hallqueue.syncclient",
    "hallqueue.verify",
    "sqlite_utils",
)
_CAPABILITY_VERSION_3 = 0x20080522


def warm() -> None:
    """Import everything and read the fonts once."""
    for name in WARM:
        importlib.import_module(name)
    from hallprinter.profile import PROFILES
    from hallprinter.ticket import warm_up

    warm_up(PROFILES["generic-80"])
    gc.collect()
    gc.freeze()


def drop_capabilities(numbers: list[int]) -> None:
    """Give up capabilities for good; without CAP_DAC_OVERRIDE root is held to file modes like others."""
    libc = ctypes.CDLL(None, use_errno=True)
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    sets = (ctypes.c_uint32 * 6)()
    if libc.capget(header, sets) != 0:
        raise OSError(ctypes.get_errno(), "capget")
    for number in numbers:
        for which in range(3):
            sets[which + 3 * (number // 32)] &= ~(1 << (number % 32))
    if libc.capset(header, sets) != 0:
        raise OSError(ctypes.get_errno(), "capset")


def become(order: dict[str, Any]) -> None:
    """The new process's own session, files, user and limits."""
    os.setsid()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    for descriptor, suffix in ((1, ".out"), (2, ".err")):
        os.dup2(os.open(order["out"] + suffix, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666), descriptor)
    if "limit" in order:
        hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
        resource.setrlimit(resource.RLIMIT_FSIZE, (order["limit"], hard))
    if order.get("without"):
        drop_capabilities(order["without"])
    if "uid" in order:
        os.setgroups([])
        os.setgid(order["uid"])
        os.setuid(order["uid"])


def live(order: dict[str, Any]) -> int:
    """Run what was ordered; answers the exit status."""
    try:
        become(order)
        if "program" in order:
            sys.argv = order["program"]
            runpy.run_path(sys.argv[0], run_name="__main__")
            return 0
        from hall.cli import main

        main.main(order["hall"], prog_name="hall")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:  # border: the process ends here, as an interpreter would
        traceback.print_exc()
        return 1
    return 0


def start(order: dict[str, Any]) -> int:
    """Fork; answers the process id."""
    pid = os.fork()
    if pid:
        return pid
    status = live(order)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def wait(pid: int, within_s: float) -> int | None:
    """The exit status of a process, or None when it still runs."""
    deadline = time.monotonic() + within_s
    while True:
        found, status = os.waitpid(pid, os.WNOHANG)
        if found:
            return os.waitstatus_to_exitcode(status)
        if time.monotonic() > deadline:
            return None
        time.sleep(0.001)


def main() -> None:
    """Serve orders until stdin ends; then everything that was started ends too."""
    warm()
    alive: set[int] = set()
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        if "wait" in order:
            status = wait(order["wait"], order["within_s"])
            if status is not None:
                alive.discard(order["wait"])
            answer: dict[str, Any] = {"status": status}
        else:
            sys.stdout.flush()
            answer = {"pid": start(order)}
            alive.add(answer["pid"])
        print(json.dumps(answer), flush=True)
    for pid in alive:
        os.kill(pid, signal.SIGKILL)


if __name__ == "__main__":
    main()
