"""A scanner's address.

::

    sane:test:0                                     any name that scanimage -L shows, after ``sane:``
    sane:epsonds:libusb:001:005?source=duplex
    escl://10.0.0.20:80/eSCL?resolution=300         a network scanner without any driver (AirScan)
    dir:///srv/scans/in                             a folder into which a machine scans (SMB, FTP, USB)

``source`` is auto, feeder, duplex or flatbed; ``mode`` is color, gray or lineart; ``resolution`` is 75 to
1200 dpi; ``format`` is jpeg, png or tiff; ``paper`` is a4 or whole. A folder has ``steady`` instead:
seconds (1 to 60) for which a file must stay as it is before it is taken. In a SANE name ``?``, ``#`` and
``%`` are written %3F, %23, %25.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias
from urllib.parse import unquote

from halldrivers.deviceurl import Claims, DeviceUrl, split_url
from halldrivers.scanner.settings import (
    LEAST_DPI,
    MOST_DPI,
    USUAL_DPI,
    Mode,
    PageFormat,
    Paper,
    ScanSettings,
    Source,
)

ESCL_PORT, ESCL_PATH = 80, "/eSCL"
STEADY_S = 2
"""Seconds for which a file of a watched folder must stay as it is."""
MOST_NAME = 200
"""Characters of a SANE name; the longest in the field have eighty."""

_OPTIONS = ("source", "mode", "resolution", "format", "paper")
_PLAIN_PATH = re.compile(r"(/[A-Za-z0-9._~-]+)+/?")


@dataclass(frozen=True, slots=True)
class SaneAddress:
    """A scanner that SANE knows."""

    device: str
    """As ``scanimage -d`` takes it."""
    settings: ScanSettings

    @property
    def claims(self) -> Claims:
        """What it takes for itself."""
        return Claims((self.device,))


@dataclass(frozen=True, slots=True)
class EsclAddress:
    """A network scanner that speaks eSCL."""

    host: str
    port: int
    path: str
    """``/eSCL``, without a slash at its end."""
    settings: ScanSettings

    @property
    def url(self) -> str:
        """As sane-airscan takes it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}{self.path}"

    @property
    def claims(self) -> Claims:
        """What it takes for itself."""
        return Claims((f"{self.host}:{self.port}",))


@dataclass(frozen=True, slots=True)
class FolderAddress:
    """A folder that a machine scans into."""

    folder: Path
    steady_s: int

    @property
    def claims(self) -> Claims:
        """What it takes for itself."""
        return Claims((str(self.folder),))


ScannerAddress: TypeAlias = SaneAddress | EsclAddress | FolderAddress


def parse_scanner(text: str) -> ScannerAddress:
    """The address in a URL; BadUrl says what is wrong with it and how to write it."""
    url = split_url(text, "sane", "escl", "dir")
    match url.scheme:
        case "sane":
            return _sane(url)
        case "escl":
            return _escl(url)
    url.only("steady")
    return FolderAddress(Path(url.device_path()), url.number("steady", STEADY_S, 1, 60))


def _sane(url: DeviceUrl) -> SaneAddress:
    url.only(*_OPTIONS)
    name = unquote(url.path)
    if url.host or name.startswith("/"):
        raise url.wrong(
            "sane: 后面直接写扫描仪的名字，不要斜杠，例如 sane:test:0",
            "write the scanner's name right after sane:, without slashes, as in sane:test:0",
        )
    backend, _, rest = name.partition(":")
    if not backend or not rest:
        raise url.wrong(
            "扫描仪的名字要写全，用 scanimage -L 列出，例如 sane:epsonds:libusb:001:005",
            "write the whole name as scanimage -L shows it, as in sane:epsonds:libusb:001:005",
        )
    if len(name) > MOST_NAME or not name.isprintable():
        raise url.wrong("扫描仪的名字里有不能用的字符", "the scanner's name has characters that cannot be")
    return SaneAddress(name, _settings(url))


def _escl(url: DeviceUrl) -> EsclAddress:
    url.only(*_OPTIONS)
    if not url.host:
        raise url.wrong(
            "缺少主机地址，例如 escl://10.0.0.20:80/eSCL",
            "the host is missing, write escl://10.0.0.20:80/eSCL",
        )
    path = url.path.rstrip("/") or ESCL_PATH
    if not _PLAIN_PATH.fullmatch(path):
        raise url.wrong("路径一般就是 /eSCL", "the path is /eSCL on nearly every scanner")
    return EsclAddress(url.host, url.port or ESCL_PORT, path, _settings(url))


def _settings(url: DeviceUrl) -> ScanSettings:
    return ScanSettings(
        source=Source(url.choice("source", Source.AUTO, tuple(Source))),
        mode=Mode(url.choice("mode", Mode.COLOR, tuple(Mode))),
        resolution_dpi=url.number("resolution", USUAL_DPI, LEAST_DPI, MOST_DPI),
        format=PageFormat(url.choice("format", PageFormat.JPEG, tuple(PageFormat))),
        paper=Paper(url.choice("paper", Paper.A4, tuple(Paper))),
    )
