"""Who is at the other end of a Unix socket, as the kernel vouches for it.

``SO_PEERCRED`` gives process, user and group at the time of ``connect`` (unix(7)); ``SO_PEERGROUPS``
(Linux 4.13) adds the supplementary groups, so that "member of group hall-clerks" works as an
administrator expects. Nothing that the peer says about itself is used.
"""

from __future__ import annotations

import array
import socket
import struct
from dataclasses import dataclass

SO_PEERGROUPS = 59
"""From asm-generic/socket.h; Python's socket module does not name it."""
_UCRED = struct.Struct("3i")
_GROUPS_MAX = 4096


@dataclass(frozen=True, slots=True)
class Peer:
    """The process behind a connection."""

    pid: int
    uid: int
    gids: frozenset[int]
    """Its group and its supplementary groups."""


def peer_of(connection: socket.socket) -> Peer:
    """The peer of a connected Unix socket. Raises OSError when the socket is not one."""
    pid, uid, gid = _UCRED.unpack(connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _UCRED.size))
    return Peer(pid, uid, frozenset({gid, *_more_groups(connection)}))


def _more_groups(connection: socket.socket) -> tuple[int, ...]:
    """Supplementary groups; none on a kernel that does not tell (then only the main group counts)."""
    try:
        raw = connection.getsockopt(socket.SOL_SOCKET, SO_PEERGROUPS, _GROUPS_MAX)
    except OSError:
        return ()
    groups = array.array("I")
    groups.frombytes(raw)
    return tuple(groups)
