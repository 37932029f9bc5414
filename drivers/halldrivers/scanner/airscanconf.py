"""A private SANE configuration for one network scanner, made at run time.

sane-airscan takes scanners from files below the directory in ``SANE_CONFIG_DIR`` (airscan.conf(5)). Ours
holds the one backend and the one scanner, with discovery switched off: no system file is touched, no
multicast is sent, no other backend is loaded, and a scan starts within milliseconds (observed: 5 ms for a
listing).
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

DEVICE = "hall"
"""Our name for the scanner; SANE then calls it ``airscan:e0:hall``."""
SANE_NAME = f"airscan:e0:{DEVICE}"
PREFIX = "sane-"


class AirscanConfig:
    """The folder below ``parent``; made when this is, removed by :meth:`close`."""

    def __init__(self, url: str, parent: Path) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent))
        try:
            (self.folder / "dll.conf").write_text("airscan\n")
            (self.folder / "airscan.conf").write_text(configuration(url))
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Remove it; again is harmless."""
        shutil.rmtree(self.folder, ignore_errors=True)


def configuration(url: str) -> str:
    """The text of airscan.conf for a scanner at this URL."""
    return f'[devices]\n"{DEVICE}" = {url}, eSCL\n[options]\ndiscovery = disable\nws-discovery = off\n'
