"""Tickets a second by eight client processes at once, each waiting until its ticket is durable.

Started by itself as ``throughput.py SOCKET NAME COUNT`` it is one of them: it says when it is connected,
begins at a line on stdin, and says at the end which numbers it got.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from hallqueue.syncclient import SyncHallClient

CLIENTS = 8
SERVICES = ("shuiwu", "weijian", "dibao", "tekun", "yanglao", "shebaoka", "manbing", "juzhuzheng")


def issue_together(socket: Path, each: int, name: str = "together") -> float:
    """Tickets a second. Raises AssertionError when a number was given out twice."""
    began_with = [sys.executable, __file__, str(socket)]
    clients = [
        subprocess.Popen(
            [*began_with, f"{name}-{n}", str(each), SERVICES[n]],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for n in range(CLIENTS)
    ]
    for client in clients:
        assert client.stdout is not None and client.stdout.readline() == "ready\n"
    began = time.perf_counter()
    for client in clients:
        assert client.stdin is not None
        client.stdin.write("go\n")
        client.stdin.flush()
    numbers: list[str] = []
    ended = 0.0
    for client in clients:
        assert client.stdout is not None
        last, *rest = client.stdout.readline().split()
        ended = max(ended, float(last))
        numbers += rest
        client.communicate()
        assert client.returncode == 0
    assert len(numbers) == len(set(numbers)) == CLIENTS * each, "a number was given out twice"
    return CLIENTS * each / (ended - began)


def main() -> None:
    socket, name, count, service = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), sys.argv[4]
    with SyncHallClient(socket, "terminal", give_up_s=60) as hall:
        hall.estimate(service)
        print("ready", flush=True)
        sys.stdin.readline()
        numbers = [hall.issue(service, key=f"{name}-{n}", paper=False).ticket.number for n in range(count)]
        print(time.perf_counter(), *numbers, flush=True)


if __name__ == "__main__":
    main()
