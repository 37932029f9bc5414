"""Asking SANE: which scanners there are, and what one can do. No scan, no paper moved."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from halldrivers.errors import DeviceError, DeviceTimeout
from halldrivers.scanner.capabilities import Capabilities, parse_capabilities
from halldrivers.scanner.devices import LIST_FORMAT, ListedScanner, parse_listing
from halldrivers.scanner.errors import (
    ScannerAbsent,
    ScannerBusy,
    ScannerCrashed,
    ScannerDenied,
    ScannerProgramMissing,
)
from halldrivers.scanner.process import Finished, find_program, run
from halldrivers.scanner.settings import ScanLimits

MOST_OUTPUT = 256 * 1024

_OPEN_WORDS: dict[str, type[DeviceError]] = {
    "Access to resource has been denied": ScannerDenied,
    "Device busy": ScannerBusy,
}
"""sane_strstatus of the two failures of opening that other people mend. All of them exit with 1, so here the
words decide, which LC_ALL=C keeps stable; that it failed is never taken from them."""


def clean_environment(base: Mapping[str, str], config_dir: Path | None = None) -> dict[str, str]:
    """The environment for scanimage: stable words, and no default device or debugging of somebody's shell."""
    kept = {
        name: value
        for name, value in base.items()
        if not name.startswith("SANE_") or name == "SANE_CONFIG_DIR"
    }
    kept |= {"LC_ALL": "C", "LANG": "C"}
    if config_dir is not None:
        kept["SANE_CONFIG_DIR"] = str(config_dir)
    return kept


class Prober:
    """Runs scanimage for what it knows. One thread at a time."""

    def __init__(
        self,
        environment: Mapping[str, str],
        limits: ScanLimits,
        stopped: Callable[[], bool],
        program: str = "scanimage",
    ) -> None:
        """Raises ScannerProgramMissing."""
        self.environment, self._limits, self._stopped = environment, limits, stopped
        self.program = find_program(program, environment)

    def capabilities(self, device: str, arguments: Sequence[str] = ()) -> Capabilities:
        """What the device can do, with these options set. Raises the DeviceError of what went wrong."""
        command = [self.program, f"--device-name={device}", *arguments, "--all-options"]
        done = self._run(command, self._limits.probe_s)
        if self._stopped():
            raise ScannerAbsent(f"{device}: we are stopping")
        if done.code:
            raise _why(device, done)
        found = parse_capabilities(done.output)
        if not found:
            raise ScannerAbsent(f"{device}: it has no options")
        return found

    def listing(self) -> tuple[ListedScanner, ...]:
        """The scanners that SANE knows now; none is no error."""
        done = self._run([self.program, f"--formatted-device-list={LIST_FORMAT}"], self._limits.list_s)
        if done.code:
            raise _why("scanimage -f", done)
        return parse_listing(done.output)

    def _run(self, command: Sequence[str], most_s: float) -> Finished:
        return run(
            command,
            folder=Path(tempfile.gettempdir()),
            environment=self.environment,
            most_s=most_s,
            grace_s=self._limits.grace_s,
            most_bytes=MOST_OUTPUT,
            stopped=self._stopped,
        )


def _why(device: str, done: Finished) -> DeviceError:
    lines = done.words.splitlines()
    detail = f"{device}: {lines[-1]}" if lines else device
    if done.was_too_slow:
        return DeviceTimeout(device)
    if done.code in (125, 126, 127):
        return ScannerProgramMissing(detail)
    if done.code < 0 or done.code >= 128:
        return ScannerCrashed(detail)
    found = next((error for words, error in _OPEN_WORDS.items() if words in done.words), ScannerAbsent)
    return found(detail)


def listed_scanners(environment: Mapping[str, str] = os.environ) -> tuple[ListedScanner, ...]:
    """The scanners that SANE lists; none where its programs are missing or fail. Takes seconds."""
    try:
        return Prober(clean_environment(environment), ScanLimits(), lambda: False).listing()
    except DeviceError:
        return ()
