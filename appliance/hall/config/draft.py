"""The file between reading and using: fitted to its shape, not yet checked between values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from hall.config.problems import Problems
from hall.config.shape import FileShape, GroupRow, PriorityRow, ServiceRow, SessionRow, WindowRow

R = TypeVar("R")


def placed(rows: Iterable[R | None]) -> Iterator[tuple[int, R]]:
    """The rows that fitted, each with its place in the file."""
    return ((place, row) for place, row in enumerate(rows) if row is not None)


@dataclass(frozen=True, slots=True)
class Draft:
    """What the checks look at."""

    shape: FileShape
    raw: Mapping[str, Any]
    """The document as parsed: names of rows that did not fit are still known from here."""
    problems: Problems

    def groups(self) -> Iterator[tuple[int, GroupRow]]:
        """The groups with their places."""
        return placed(self.shape.group)

    def services(self) -> Iterator[tuple[int, ServiceRow]]:
        """The services with their places."""
        return placed(self.shape.service)

    def windows(self) -> Iterator[tuple[int, WindowRow]]:
        """The windows with their places."""
        return placed(self.shape.window)

    def priorities(self) -> Iterator[tuple[int, PriorityRow]]:
        """The priority classes with their places."""
        return placed(self.shape.priority)

    def sessions(self) -> Iterator[tuple[int, SessionRow]]:
        """The stretches of service hours with their places."""
        return placed(self.shape.calendar.sessions if self.shape.calendar else ())

    def named(self, section: str, key: str = "id") -> set[Any]:
        """Every id written in a section, also in rows with other mistakes: no mistake is told twice."""
        rows = self.raw.get(section)
        if not isinstance(rows, list):
            return set()
        values = (row.get(key) for row in rows if isinstance(row, dict))
        return {value for value in values if isinstance(value, str | int)}

    def bundles(self) -> dict[str, tuple[str, ...]]:
        """Each 一件事 with its matters."""
        return {service.id: service.matters for _, service in self.services() if service.matters}

    def flat(self, service: str) -> str:
        """The matters of a 一件事, nested ones opened, as they would be written in the file."""
        bundles, seen, found = self.bundles(), set[str](), list[str]()
        todo = [service]
        while todo:
            name = todo.pop(0)
            if name in bundles and name not in seen:
                seen.add(name)
                todo = [*bundles[name], *todo]
            elif name not in bundles and name not in found:
                found.append(name)
        return ", ".join(f'"{name}"' for name in found)
