"""What was measured, as a table for people, a part of ``docs/limits.md`` and JSON."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from figures import Figure
from roles import RoleCost

BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"

LIMITS = {
    "touch → durable ticket": 5.0,
    "touch → last byte at the printer": 40.0,
    "call → screen's client": 50.0,
    "call → hall screen drawn": 50.0,
    "pad press → durable rating": 20.0,
    "Modbus pad, poll seen → durable rating": 20.0,
}
"""Milliseconds at p99 (design, section 6)."""
ISSUED_A_SECOND = 4000
MEMORY_MIB = 200
START_S = 1.0
IDLE_SHARE = 0.01
RATIO = 1.2
CONSOLE = "window"
"""Shown apart: the design's limits are for the roles, the terminal and the hall screen."""


@dataclass
class Level:
    """Everything measured with so many past tickets."""

    past: int
    figures: dict[str, Figure] = field(default_factory=dict)
    queries: dict[str, Figure] = field(default_factory=dict)
    issued_a_second: float = 0.0
    keeper_start_s: float = 0.0
    keeper_pss_mib: float = 0.0
    database_mib: float = 0.0


@dataclass
class Report:
    """One run."""

    machine: str
    fsync: Figure
    levels: list[Level] = field(default_factory=list)
    roles: dict[str, RoleCost] = field(default_factory=dict)
    bare_wake_s: float = 0.0

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        return asdict(self)


def _verdict(is_within: bool) -> str:
    return "yes" if is_within else "**no**"


def _row(*cells: object) -> str:
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def _header(*cells: str) -> list[str]:
    return [_row(*cells), _row(*("---" for _ in cells))]


def _n(count: int) -> str:
    return f"{count:,}"


def _ratio(last: Figure, first: Figure) -> str:
    return f"{last.p50 / first.p50:.2f} / {last.p99 / first.p99:.2f}"


def markdown(report: Report) -> str:
    """The tables, between the markers of ``docs/limits.md``."""
    disk = f"p50 {report.fsync.p50:.2f} ms, p99 {report.fsync.p99:.2f} ms"
    lines = [f"{report.machine}; a durable page on this disk: {disk}.", ""]
    return "\n".join(
        [*lines, *_latencies(report), "", *_queries(report), "", *_keeper(report), "", *_roles(report)]
    )


def _latencies(report: Report) -> list[str]:
    first, last = report.levels[0], report.levels[-1]
    lines = ["Milliseconds, p50 / p99 / max, by tickets in the past:", ""]
    ratio = f"{_n(last.past)} : 0 (p50 / p99)"
    lines += _header("figure", "limit p99", *(_n(level.past) for level in report.levels), "within", ratio)
    for name, limit in LIMITS.items():
        cells = [level.figures[name] for level in report.levels]
        shown = (f"{f.p50:.2f} / {f.p99:.2f} / {f.max:.2f}" for f in cells)
        within = _verdict(all(f.p99 <= limit for f in cells))
        lines.append(
            _row(name, f"{limit:.0f}", *shown, within, _ratio(last.figures[name], first.figures[name]))
        )
    rates = [level.issued_a_second for level in report.levels]
    shown = (f"{rate:,.0f}" for rate in rates)
    within = _verdict(min(rates) >= ISSUED_A_SECOND)
    lines.append(
        _row(
            "tickets a second, 8 processes",
            f"≥ {_n(ISSUED_A_SECOND)}",
            *shown,
            within,
            f"{rates[-1] / rates[0]:.2f}",
        )
    )
    return lines


def _queries(report: Report) -> list[str]:
    first, last = report.levels[0], report.levels[-1]
    lines = [
        f"What screens and the command ask; milliseconds, p50 / p99 (limit: {RATIO} × of an empty database):",
        "",
    ]
    lines += _header("query", *(_n(level.past) for level in report.levels), f"{_n(last.past)} : least (p50)")
    for name in last.queries:
        cells = [level.queries.get(name) for level in report.levels]
        shown = (f"{f.p50:.2f} / {f.p99:.2f}" if f else "–" for f in cells)
        base = next(f for f in cells if f)
        lines.append(_row(name, *shown, f"{last.queries[name].p50 / base.p50:.2f}"))
    assert first.queries
    return lines


def _keeper(report: Report) -> list[str]:
    lines = ["The keeper:", ""]
    lines += _header("", *(_n(level.past) for level in report.levels))
    lines.append(_row("start to ready, s", *(f"{level.keeper_start_s:.2f}" for level in report.levels)))
    lines.append(_row("PSS after the run, MiB", *(f"{level.keeper_pss_mib:.0f}" for level in report.levels)))
    lines.append(_row("database, MiB", *(f"{level.database_mib:.0f}" for level in report.levels)))
    return lines


def _roles(report: Report) -> list[str]:
    limits = f"{START_S:.0f} s, {MEMORY_MIB} MiB, {IDLE_SHARE:.0%} of one core"
    wake_us = f"{report.bare_wake_s * 1e6:.0f} µs"
    lines = [f"The whole hall at rest, a device of every kind connected (limits: {limits}).", ""]
    lines += [f"This machine takes {wake_us} of a core to wake a thread that then does nothing.", ""]
    lines += _header("role", "start to ready, s", "PSS, MiB", "CPU, % of a core", "woken a second")
    hall = {name: cost for name, cost in report.roles.items() if name != CONSOLE}
    lines += [_role(name, f"{cost.start_s:.2f}", [cost]) for name, cost in hall.items()]
    lines.append(_role("**all of these**", "", list(hall.values())))
    console = report.roles[CONSOLE]
    lines.append(_role("each window console", f"{console.start_s:.2f}", [console]))
    return lines


def _role(name: str, start: str, costs: list[RoleCost]) -> str:
    pss, cpu, wakes = (sum(getattr(cost, of) for cost in costs) for of in ("pss_mib", "cpu_share", "wakes_s"))
    return _row(name, start, f"{pss:.1f}", f"{cpu:.2%}", f"{wakes:.0f}")


def write_between_markers(file: Path, text: str) -> None:
    """Replace what stands between the markers of a document; the rest stays."""
    document = file.read_text(encoding="utf-8")
    head, rest = document.split(BEGIN)
    tail = rest.split(END)[1]
    file.write_text(f"{head}{BEGIN}\n{text}\n{END}{tail}", encoding="utf-8")
