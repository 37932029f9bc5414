"""What the running hall costs: start to ready, proportional memory, idle CPU."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path

from house import BenchHouse, RoleProcess

PAINTED_BYTES = 2000
"""A screen that wrote that much has drawn its first picture."""
SETTLE_S = 3.0


@dataclass(frozen=True, slots=True)
class RoleCost:
    """One role, at rest."""

    start_s: float
    pss_mib: float
    cpu_share: float
    """Of one core."""
    wakes_s: float
    """How often a thread of it was woken, a second; each costs what :func:`bare_wake_s` says, at least."""


def bare_wake_s(times: int = 300) -> float:
    """Processor time that this machine takes to wake a thread that does nothing: most of an idle hall."""
    began_s = time.process_time()
    for _ in range(times):
        time.sleep(0.02)
    return (time.process_time() - began_s) / times


def whole_hall(house: BenchHouse, idle_s: float) -> dict[str, RoleCost]:
    """All roles on a hall at rest, with a device of every kind; and one console."""
    house.start_spooler()
    screen = house.client("screen")

    def pads_reported(_: RoleProcess) -> bool:
        return sum(device.device.startswith("pad-") for device in screen.snapshot().devices) >= 3

    house.start("evaluator", "run", "evaluator", ready=pads_reported)
    house.start(
        "keypad",
        "run",
        "keypad",
        ready=lambda _: any(device.device == "keypad-1" for device in screen.snapshot().devices),
    )
    for name, command in (("terminal", ("terminal",)), ("screen", ("screen",)), ("window", ("window", "5"))):
        house.start(name, *command, ready=lambda role: role.painted > PAINTED_BYTES, on_terminal=True)
    time.sleep(SETTLE_S)
    pids = {name: role.process.pid for name, role in house.roles.items()}
    before = {name: (_cpu_s(pid), _wakes(pid)) for name, pid in pids.items()}
    time.sleep(idle_s)
    after = {name: (_cpu_s(pid), _wakes(pid)) for name, pid in pids.items()}
    return {
        name: RoleCost(
            start_s=round(house.starts_s[name], 2),
            pss_mib=round(pss_bytes(pid) / 2**20, 1),
            cpu_share=round((after[name][0] - before[name][0]) / idle_s, 4),
            wakes_s=round((after[name][1] - before[name][1]) / idle_s, 1),
        )
        for name, pid in pids.items()
    }


def pss_bytes(pid: int) -> int:
    """Proportional set size (proc(5), smaps_rollup)."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    raise OSError(f"no Pss of process {pid}")


def _cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _wakes(pid: int) -> int:
    """How often its threads gave up the processor by themselves (proc(5), status)."""
    found = 0
    for status in Path(f"/proc/{pid}/task").glob("*/status"):
        line = next(x for x in status.read_text().splitlines() if x.startswith("voluntary_ctxt_switches"))
        found += int(line.split()[1])
    return found
