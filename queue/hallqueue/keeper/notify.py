"""Telling systemd that the keeper is ready (sd_notify(3)), in a few lines and without a library."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping


def sd_notify(message: str, environment: Mapping[str, str] = os.environ) -> bool:
    """Send ``READY=1`` and the like to ``$NOTIFY_SOCKET``; False when nobody asked for it.

    A leading ``@`` names a socket in Linux's abstract namespace. A socket that is gone is no reason
    to stop serving people, so an OSError counts as "nobody asked".
    """
    address = environment.get("NOTIFY_SOCKET", "")
    if address[:1] not in ("/", "@"):
        return False
    if address[0] == "@":
        address = "\0" + address[1:]
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as line:
        try:
            line.sendto(message.encode(), address)
        except OSError:
            return False
    return True
