"""The users and groups of ``[access]``, on the machine where the hall runs.

A file is also checked where it is written, at a desk far from the hall, and that machine knows none of the
hall's users. So this is asked only where it decides something: of the keeper, before it lets anybody in.
"""

from __future__ import annotations

import re

from hall.config import catalogue_devices as cat
from hall.config.draft import Draft
from hallqueue.errors import BadRequest
from hallqueue.keeper.access import Allowed

ACCOUNT = re.compile(r"@?(?:[A-Za-z_][A-Za-z0-9_-]*|[0-9]+)")
"""A user, an @group, or the number of one."""

_SORTS = {
    False: {
        "sort_zh": "用户",
        "sort_en": "user",
        "database": "passwd",
        "make": "sudo useradd --system {name}",
    },
    True: {
        "sort_zh": "用户组",
        "sort_en": "group",
        "database": "group",
        "make": "sudo groupadd --system {name}",
    },
}
"""By whether it is a group."""


def check_accounts(draft: Draft) -> None:
    """Report the users and groups that this machine does not have, as the keeper would look for them."""
    for role, names in draft.shape.access.items():
        for spot, name in enumerate(names):
            if not ACCOUNT.fullmatch(name):
                continue  # told where the names are checked
            try:
                Allowed.named(name)
            except BadRequest:
                plain = name.removeprefix("@")
                words = _SORTS[name.startswith("@")]
                draft.problems.add(
                    cat.NO_ACCOUNT, "access", role, spot, name=plain,
                    **{**words, "make": words["make"].format(name=plain)},
                )  # fmt: skip
