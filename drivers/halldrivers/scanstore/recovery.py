"""What is done with a session's folder that lies there when the store is opened, as a table.

named   session.json names a sealed file
sealed  that file is there, whole
key     the session's key is there
"""

from __future__ import annotations

import contextlib
from enum import StrEnum

from halldrivers.scanstore.aside import Aside
from halldrivers.scanstore.erase import erase_tree
from halldrivers.scanstore.errors import StoreError
from halldrivers.scanstore.files import HIDDEN, TEMPORARY, Files
from halldrivers.scanstore.kepterrors import SessionDamaged
from halldrivers.scanstore.layout import GONE, Layout, is_session
from halldrivers.scanstore.sessionfolder import SessionFolder


class Plan(StrEnum):
    """What is to be done with a session's folder."""

    RESUME = "resume"
    """It goes on where it was."""
    SEAL = "seal"
    """It was cut while it was finished, before its sealed file was there: do it again."""
    RECORD = "record"
    """Its sealed file is there: erase what is left of its pages and record it."""
    ASK = "ask"
    """Only its name is left: the ledger knows whether it was recorded."""
    ASIDE = "aside"
    """Nothing can be done with it."""


PLANS: dict[tuple[bool, bool, bool], Plan] = {
    # named, sealed, key
    (False, False, True): Plan.RESUME,
    (False, False, False): Plan.ASIDE,
    (True, False, True): Plan.SEAL,
    (True, False, False): Plan.ASK,
    (True, True, True): Plan.RECORD,
    (True, True, False): Plan.RECORD,
}


def plan_of(folder: SessionFolder) -> Plan:
    """What is to be done with it."""
    return PLANS[folder.meta.sealed is not None, folder.is_sealed, folder.has_key]


def clean(files: Files, layout: Layout) -> int:
    """Take away what cuts left: temporary files, and folders that were not ready yet or already done with."""
    cleaned = sum(files.clean(folder) for folder in (layout.root, layout.sealed, layout.aside))
    return cleaned + clean_open(files, layout)


def clean_open(files: Files, layout: Layout) -> int:
    """The same for the sessions' folders alone."""
    cleaned = 0
    for name in files.names(layout.open):
        if name.startswith((TEMPORARY, GONE)):
            erase_tree(files, layout.open / name)
            cleaned += 1
    return cleaned


def load_sessions(files: Files, layout: Layout, aside: Aside) -> tuple[list[SessionFolder], list[StoreError]]:
    """Every session that can be understood. The others are moved aside, or left while the disk fails."""
    folders: list[SessionFolder] = []
    errors: list[StoreError] = []
    for name in files.names(layout.open):
        if name.startswith(HIDDEN):
            continue
        try:
            if not is_session(name):
                aside.take(layout.open / name, "odd")
                continue
            folders.append(SessionFolder.load(files, layout, aside, name))
        except SessionDamaged as error:
            errors.append(error)
            with contextlib.suppress(StoreError):
                aside.take(layout.open / name, f"session-{name}")
        except StoreError as error:
            errors.append(error)
    return folders, errors
