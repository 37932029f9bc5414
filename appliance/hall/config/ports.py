"""Every device has a port of its own, or shares a line with its own kind: the URLs of a configuration.

Ports are compared as what they are, not as they are written: ``/dev//hall/idcard`` is ``/dev/hall/idcard``,
and where the machine has both, a link of ``/dev/serial/by-id`` is the node that it leads to.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field

from hall.config import catalogue_devices as cat
from hall.config.draft import Draft
from hall.config.sorts import BARCODE, CAMERA, IDCARD, PAD, PRINTER, SCANNER, SIGN, Sort, caller_sort
from halldrivers.deviceurl import Claims
from halldrivers.errors import BadUrl


def check_ports(draft: Draft) -> None:
    """Report URLs that make no sense, ports given twice, and devices of windows that do not exist."""
    owners = _Owners(draft)
    numbers = {str(number) for number in draft.named("window", "number")}
    for sort, url, path, window in _devices(draft):
        if window and window not in numbers:
            listed = ", ".join(sorted(numbers, key=lambda text: (len(text), text))) or "-"
            draft.problems.add(
                cat.DEVICE_WITHOUT_WINDOW, *path, zh=sort.zh, en=sort.name, window=window, windows=listed
            )
        owners.take(sort, url, path, window)


def _devices(draft: Draft) -> Iterator[tuple[Sort, str, tuple[str, str], str]]:
    """Every device with its URL, its place in the file and its window."""
    shape = draft.shape
    if shape.printing is not None and shape.printing.device:
        yield PRINTER, shape.printing.device, ("printing", "device"), ""
    for sort, section in (
        (IDCARD, shape.idcard),
        (BARCODE, shape.barcode),
        (CAMERA, shape.camera),
        (SCANNER, shape.scanner),
    ):
        if section is not None:
            yield sort, section.device, (sort.name, "device"), ""
    for sort, name, urls in (
        (PAD, "pads", shape.pads),
        (caller_sort(tuple(shape.caller_dialects)), "callers", shape.callers),
        (SIGN, "signs", shape.signs),
    ):
        for window, url in urls.items():
            yield sort, url, (name, window), window


def real_port(port: str) -> str:
    """What a claim names, however it is written: ``/dev/hall//pads#3`` is ``/dev/ttyUSB0#3`` where it is."""
    if not port.startswith("/"):
        return port
    path, mark, unit = port.partition("#")
    try:
        return os.path.realpath(path) + mark + unit
    except ValueError:  # a NUL in it: no such node, whatever it is
        return port


@dataclass(frozen=True, slots=True)
class _Holder:
    """Who has a port or a line, and how it is written there."""

    owner: str
    place: int
    """The line in the file."""
    written: str
    kind: str = ""
    """Of a shared line: who may share it."""


@dataclass(slots=True)
class _Owners:
    """Who has which port, as far as the file was read."""

    draft: Draft
    ports: dict[str, _Holder] = field(default_factory=dict)
    """Real port to the device that has it."""
    lines: dict[str, _Holder] = field(default_factory=dict)
    """Real port of a shared line to the first device on it."""

    def take(self, sort: Sort, url: str, path: tuple[str, str], window: str) -> None:
        """Note what a device claims; report what is taken already."""
        problems = self.draft.problems
        try:
            claims = sort.read(url)
        except BadUrl as error:
            problems.add(
                cat.BAD_URL, *path, url=url, why_zh=error.why_zh, why_en=error.why_en,
                example=sort.example(url),
            )  # fmt: skip
            return
        owner, place = f"{sort.zh} {sort.name} {window}".rstrip(), problems.line_of(*path)
        if claims.line:
            self._join(claims, owner, path, place)
        for port in claims.own:
            self._own(port, owner, path, place)
        holder = self.ports.get(real_port(claims.line)) if claims.line else None
        if holder is not None:
            self._taken(claims.line, holder, path)

    def _join(self, claims: Claims, owner: str, path: tuple[str, str], place: int) -> None:
        mine = _Holder(owner, place, claims.line, claims.line_kind)
        first = self.lines.setdefault(real_port(claims.line), mine)
        if first.kind != mine.kind:
            self.draft.problems.add(
                cat.MIXED_LINE, *path, line=claims.line, mine=mine.kind, other=first.owner,
                theirs=first.kind, first=first.place,
            )  # fmt: skip
        elif first.written != mine.written:
            # Each name would be opened as a line of its own, and the second one found busy.
            self.draft.problems.add(
                cat.SPELLED_LINE, *path, mine=mine.written, theirs=first.written, other=first.owner,
                first=first.place,
            )  # fmt: skip

    def _own(self, port: str, owner: str, path: tuple[str, str], place: int) -> None:
        real = real_port(port)
        holder = self.ports.get(real) or self.lines.get(real)
        if holder is None:
            self.ports[real] = _Holder(owner, place, port)
        else:
            self._taken(port, holder, path)

    def _taken(self, port: str, holder: _Holder, path: tuple[str, str]) -> None:
        shown = port if port == holder.written else f"{port} = {holder.written}"
        self.draft.problems.add(cat.SHARED_PORT, *path, port=shown, other=holder.owner, first=holder.place)
