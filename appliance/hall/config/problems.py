"""What can be wrong with a configuration: every problem with its line, in words and with its cure.

All problems of a file are collected and shown together: a technician on a bad line should need one
round, not ten.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from hall.config.lines import Lines
from hallqueue.errors import Actor, HallError


@dataclass(frozen=True, slots=True)
class Kind:
    """One sort of problem; the texts are templates over the details of a case."""

    code: str
    zh: str
    en: str
    fix_zh: str
    fix_en: str


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem at one place."""

    code: str
    file: str
    line: int
    """From 1; 0 when the file could not be read at all."""
    what_zh: str
    what_en: str
    fix_zh: str
    fix_en: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        return (
            f"{where}: {self.code} {self.what_zh} / {self.what_en}\n"
            f"    怎么改：{self.fix_zh}\n    fix: {self.fix_en}"
        )


class ConfigInvalid(HallError, ValueError):
    """The configuration cannot be used; ``problems`` lists everything found in it."""

    code, zh, en = "C-00", "配置有{count}处错误：{file}", "the configuration has {count} problem(s): {file}"
    who = Actor.TECHNICIAN
    fix_zh, fix_en = "请按下面每一条改正", "correct each of the problems listed"

    def __init__(self, file: str, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__(file=file, count=len(problems))


@dataclass(slots=True)
class Problems:
    """The problems of one file as they are found."""

    file: str
    lines: Lines
    found: list[Problem] = field(default_factory=list)

    def add(self, kind: Kind, *path: str | int, **details: str | int) -> None:
        """Note one problem at a key path."""
        self.add_at(self.lines.of(*path), kind, **details)

    def add_at(self, line: int, kind: Kind, /, **details: str | int) -> None:
        """Note one problem at a line, where there is no path."""
        self.found.append(
            Problem(
                code=kind.code,
                file=self.file,
                line=line,
                what_zh=kind.zh.format(**details),
                what_en=kind.en.format(**details),
                fix_zh=kind.fix_zh.format(**details),
                fix_en=kind.fix_en.format(**details),
            )
        )

    def line_of(self, *path: str | int) -> int:
        """The line of a key path, for "first used in line …"."""
        return self.lines.of(*path)

    def check(self) -> None:
        """Raise what was found, in the order of the lines; nothing when nothing was."""
        if self.found:
            raise ConfigInvalid(
                self.file, tuple(sorted(dict.fromkeys(self.found), key=lambda p: (p.line, p.code)))
            )
