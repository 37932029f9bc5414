"""What stands on the buses against what is configured: what is new, what is gone, and what has moved."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

from halldrivers.buses.found import Found, Kind
from halldrivers.buses.roots import Roots

_USB = re.compile(r"usb://([0-9a-f]{4}):([0-9a-f]{4})(?:\?(.*))?", re.IGNORECASE)
_LIKE = 0.75
"""Names by-id that are as alike as this are of the same model: only the serial number differs."""
_PASSING = re.compile(r"/dev/(tty(USB|ACM)\d+|video\d+|input/event\d+|usb/lp\d+)")
"""Names that the kernel gives in the order of plugging in."""
_AREAS = (
    ("tty", ("/dev/tty", "/dev/serial/"), ("serial", "modbus", "caller")),
    ("input", ("/dev/input/",), ("evdev",)),
    ("video", ("/dev/video", "/dev/v4l/"), ("v4l2",)),
    ("lp", ("/dev/usb/lp",), ("lp",)),
)


@dataclass(frozen=True, slots=True)
class Missing:
    """A configured device that is not there."""

    name: str
    """What the configuration calls it."""
    url: str
    candidate: Found | None
    """What is most likely the same device under another name."""
    write: str
    """The URL to write instead, with the options kept; empty without a candidate."""
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Unsteady:
    """A configured name that may lead to another device after the next replug."""

    name: str
    url: str
    write: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """The buses against the configuration."""

    unconfigured: tuple[Found, ...]
    missing: tuple[Missing, ...]
    unsteady: tuple[Unsteady, ...]


def compare(found: Sequence[Found], configured: Mapping[str, str], roots: Roots | None = None) -> Comparison:
    """Compare what was found with the configured URLs, by the names of their devices.

    Devices on the network, folders and simulators stand on no bus and are passed over.
    """
    roots = roots or Roots()
    taken: dict[str, list[Found]] = {
        name: [one for one in found if _is_at(one, url, roots)] for name, url in configured.items()
    }
    used = {id(one) for ones in taken.values() for one in ones}
    free = [one for one in found if id(one) not in used and one.is_for_the_hall]
    gone = [
        (name, url)
        for name, url in configured.items()
        if not taken[name] and _can_be_looked_for(url, found) and not _exists(url, roots)
    ]
    printers = sum(one.kind is Kind.PRINTER and bool(one.node) for one in found)
    unsteady = [_unsteady(name, configured[name], ones, printers) for name, ones in taken.items()]
    return Comparison(
        tuple(free),
        tuple(_missing(name, url, free) for name, url in gone),
        tuple(one for one in unsteady if one is not None),
    )


def _is_at(one: Found, url: str, roots: Roots) -> bool:
    """Whether a URL names this thing."""
    ids = _USB.fullmatch(url)
    if ids is not None:
        if one.usb is None or one.kind is Kind.SERIAL:
            return False
        options = _options(ids[3] or "")
        return (
            (one.usb.vendor, one.usb.product) == (int(ids[1], 16), int(ids[2], 16))
            and options.get("serial", one.usb.serial) == one.usb.serial
            and options.get("port", one.usb.socket) == one.usb.socket
        )
    scheme = url.partition(":")[0]
    if scheme == "gpio":
        return one.kind is Kind.GPIO
    if scheme == "sane":
        return one.kind is Kind.SCANNER and _sane_name(one.url) == _sane_name(url)
    path = _path(url)
    return bool(path) and bool(one.node) and roots.node(roots.path(path)) == one.node


def _can_be_looked_for(url: str, found: Iterable[Found]) -> bool:
    scheme = url.partition(":")[0].lower()
    if scheme == "sane":
        # SANE may not have been asked; then it is not known whether the scanner is there.
        return any(one.kind is Kind.SCANNER for one in found)
    if scheme == "gpio":
        return True
    return _USB.fullmatch(url) is not None or bool(_path(url))


def _exists(url: str, roots: Roots) -> bool:
    path = _path(url)
    return bool(path) and roots.path(path).exists()


def _missing(name: str, url: str, free: Sequence[Found]) -> Missing:
    candidate = _candidate(url, free)
    write = _with_place(url, candidate) if candidate else ""
    if candidate is None:
        zh, en = f"{url} 不在这台机器上", f"{url} is not on this machine"
    else:
        zh = f"{url} 不在，可能换了位置：请写 {write}（{candidate.says}）"
        en = f"{url} is not there, it may have moved: write {write} ({candidate.says})"
    return Missing(name, url, candidate, write, zh, en)


def _candidate(url: str, free: Sequence[Found]) -> Found | None:
    """What is most likely meant: the only one of the same model, or of its area where no model is told."""
    ids = _USB.fullmatch(url)
    if ids is not None:
        wanted = (int(ids[1], 16), int(ids[2], 16))
        on_usb = [one for one in free if one.url.startswith("usb:") and one.usb is not None]
        same = [one for one in on_usb if one.usb and (one.usb.vendor, one.usb.product) == wanted]
        return _only(same)
    path = _path(url)
    area = _area(path, url.partition(":")[0])
    pool = [one for one in free if one.node and one.usb and _area(one.node, "") == area]
    if "/by-id/" not in path:
        return _only(pool)
    like = [one for one in pool if _likeness(path, _place(one)) >= _LIKE]
    return _only(like)


def _likeness(path: str, other: str) -> float:
    here, there = (text.rpartition("/")[2] for text in (path, other))
    return difflib.SequenceMatcher(None, here, there, autojunk=False).ratio()


def _only(pool: Sequence[Found]) -> Found | None:
    return pool[0] if len(pool) == 1 else None


def _unsteady(name: str, url: str, ones: Sequence[Found], printers: int) -> Unsteady | None:
    path = _path(url)
    if len(ones) != 1 or not ones[0].url:
        return None
    (one,) = ones
    if not _PASSING.fullmatch(path) and not ("/by-id/" in path and "/by-id/" not in _place(one)):
        return None
    if one.kind is Kind.PRINTER and printers < 2:
        return None  # the only printer is always /dev/usb/lp0
    write = _with_place(url, one)
    if write == url:
        return None
    zh, en = f"{path} 换插后会变：请写 {write}", f"{path} changes at a replug: write {write}"
    return Unsteady(name, url, write, zh, en)


def _with_place(url: str, one: Found) -> str:
    """The URL with this thing's place in it; options stay, but for those that named the old place."""
    if not one.url.startswith("usb:"):
        return url.replace(_path(url), _place(one), 1)
    place, _, which = one.url.partition("?")
    kept = url.partition("?")[2].split("&") if _USB.fullmatch(url) else []
    options = [which, *(option for option in kept if not option.startswith(("serial=", "port=")))]
    return "?".join(part for part in (place, "&".join(option for option in options if option)) if part)


def _place(one: Found) -> str:
    return _path(one.url) or one.node


def _path(url: str) -> str:
    """The device node that a URL names; empty when it names none."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return parts.path if parts.path.startswith("/dev/") and not parts.netloc else ""


def _area(path: str, scheme: str) -> str:
    for area, beginnings, _ in _AREAS:
        if path.startswith(beginnings):
            return area
    return next((area for area, _, schemes in _AREAS if scheme in schemes), "")


def _options(query: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(query, keep_blank_values=True).items()}


def _sane_name(url: str) -> str:
    return unquote(url.removeprefix("sane:").partition("?")[0])
