"""The keeper: the one process that opens the hall's database, and the loop around it.

Everything runs on one thread: connections put requests into a queue, one turn of the event loop takes
what is there as a batch (:mod:`hallqueue.keeper.work`), the answers go out, then the pushes. While a commit
waits for the disk the kernel's socket buffers gather the next batch.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections import deque
from functools import partial
from pathlib import Path

import msgspec

from hallqueue.errors import (
    BadRequest,
    DeviceHeld,
    HallError,
    KeeperBusy,
    KeeperFault,
    Refused,
    StorageDamaged,
    Trouble,
)
from hallqueue.keeper.access import Policy, Role, check, open_session, stranger
from hallqueue.keeper.entries import Entry, line_of, params_of
from hallqueue.keeper.hall import Hall
from hallqueue.keeper.holders import Holders
from hallqueue.keeper.pushes import Cursor, Pushes
from hallqueue.keeper.serve import Connection, Limits
from hallqueue.keeper.work import BATCH_MAX, Ask, digest_of, report
from hallqueue.wire.methods import METHODS, SUBSCRIPTIONS, Method
from hallqueue.wire.wire import (
    BadLine,
    Follow,
    Hello,
    Request,
    Rpc,
    Welcome,
    answer_line,
    error_line,
    hall_error_line,
)

log = logging.getLogger("hall.keeper")

_hello = msgspec.json.Decoder(Hello)
_follow = msgspec.json.Decoder(Follow)
_encode = msgspec.json.encode
_FOR_A_DEVICE = frozenset({"report_device", "attend_device"})
"""What only the process says that holds the device."""


class Keeper:
    """Connections, the queue of requests and the pushes of one hall."""

    def __init__(self, hall: Hall, policy: Policy, limits: Limits, loop: asyncio.AbstractEventLoop) -> None:
        self.limits = limits
        self.fatal: asyncio.Future[None] = loop.create_future()
        """Gets the exception when the keeper cannot go on and must be started anew."""
        self._hall = hall
        self._policy = policy
        self._loop = loop
        self._pushes = Pushes(loop, hall, self.fail)
        self._holders = Holders(hall.devices, loop.time())
        self._queue: deque[Entry] = deque()
        self._scheduled = False
        self._connections: set[Connection] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    def connection(self) -> Connection:
        """A new connection's protocol, for the server."""
        return Connection(self, self._loop)

    # --- what connections call (hallqueue.keeper.serve.Desk) ----------------------------------------------

    def joined(self, connection: Connection) -> HallError | None:
        """Count the connection in; an error when it has no business here or there are too many.

        One that is refused counts until it is closed, so that refusals cost a bounded amount too.
        """
        peer, limits = connection.peer, self.limits
        if peer.uid not in self._policy.owners:
            theirs = sum(other.peer.uid == peer.uid for other in self._connections)
            if theirs >= limits.connections_of_user:
                return KeeperBusy(limit=limits.connections_of_user)
        if len(self._connections) >= limits.connections:
            return KeeperBusy(limit=limits.connections)
        self._connections.add(connection)
        if not any(self._policy.admits(peer, role) for role in Role):
            log.warning("refused pid %d uid %d: no role for it", peer.pid, peer.uid)
            return stranger(peer)
        return None

    def left(self, connection: Connection) -> None:
        """Forget the connection."""
        self._connections.discard(connection)
        self._pushes.forget(connection)

    def drained(self, connection: Connection) -> None:
        """Its pushes may go on."""
        self._pushes.drained(connection)

    def say(self, connection: Connection, line: bytes, close: bool = False) -> None:
        """Queue a ready line behind the answers that are still to come."""
        self._put(Entry(connection, None, None, line, connection.close if close else None))

    def greet(self, connection: Connection, request: Request) -> None:
        """The first request: who speaks. A refused peer is told and closed."""
        try:
            hello = params_of(_hello.decode, request)
            connection.session = open_session(self._policy, connection.peer, hello)
        except Refused as no:
            log.warning("refused pid %d uid %d: %s", connection.peer.pid, connection.peer.uid, no.code)
            self.say(connection, hall_error_line(request.id, no), close=True)
            return
        epoch, seq = self._hall.head()
        self.say(connection, answer_line(request.id, _encode(Welcome(epoch, seq, os.getpid()))))

    def ask(self, connection: Connection, request: Request) -> None:
        """Queue a request. Raises BadLine when it is none that this keeper knows."""
        method = METHODS.get(request.method)
        try:
            if method is not None:
                self._operation(connection, request, method)
            elif request.method in SUBSCRIPTIONS:
                self._subscription(connection, request)
            else:
                wrong = BadRequest(why=f"no such method: {request.method}")
                raise BadLine(error_line(request.id, Rpc.NO_METHOD, wrong))
        except Refused as no:
            connection.refuse(request, no)

    def _operation(self, connection: Connection, request: Request, method: Method) -> None:
        session = connection.session
        assert session is not None
        params: msgspec.Struct = params_of(method.decode_params, request)
        check(session, method.name, params)
        if method.name in _FOR_A_DEVICE:
            self._attend(connection, method.arguments(params)["device"])
        if method.name == "backup":
            self._start_backup(connection, request, method.arguments(params)["path"])
            return
        key = getattr(params, "key", "")
        ask = Ask(
            name=method.name,
            act=self._hall.operation(method, params),
            actor=session.actor,
            changes=method.changes,
            key=key,
            digest=digest_of(params) if key else b"",
        )
        self._put(Entry(connection, request.id, ask))

    def _attend(self, connection: Connection, device: str) -> None:
        """Raises DeviceHeld when another process speaks for the device."""
        other = self._holders.attend(device, connection.peer.pid, self._processes(), self._loop.time())
        if other:
            raise DeviceHeld(device=device, pid=other)

    def _processes(self) -> frozenset[int]:
        return frozenset(connection.peer.pid for connection in self._connections)

    def _subscription(self, connection: Connection, request: Request) -> None:
        assert connection.session is not None
        check(connection.session, request.method)
        if request.method == "watch":
            then = partial(self._begin, connection, None)
        else:
            wanted: Follow = params_of(_follow.decode, request)
            then = partial(self._begin, connection, self._hall.cursor(wanted.epoch, wanted.after))
        self._put(Entry(connection, request.id, None, answer_line(request.id, b"true"), then))

    def _begin(self, connection: Connection, cursor: Cursor | None) -> None:
        """Start a subscription once its answer is out, unless the peer has gone meanwhile."""
        if connection not in self._connections:
            return
        if cursor is None:
            self._pushes.watch(connection)
        else:
            self._pushes.follow(connection, cursor)

    def _start_backup(self, connection: Connection, request: Request, path: str) -> None:
        """Beside the loop, in a thread: its answer comes when it is done, behind others' answers."""
        task = self._loop.create_task(self._backup(connection, request, Path(path)))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _backup(self, connection: Connection, request: Request, path: Path) -> None:
        try:
            size = await self._hall.backup(path)
        except StorageDamaged as error:
            self.fail(error)
        except HallError as error:
            connection.refuse(request, error)
        except Exception as error:  # border: whoever asked must hear of it, whatever it is
            report(request.method, error)
            self.say(connection, error_line(request.id, Rpc.INTERNAL, KeeperFault()))
        else:
            self.say(connection, answer_line(request.id, _encode(size)))

    # --- batches -----------------------------------------------------------------------------------

    def _put(self, entry: Entry) -> None:
        self._queue.append(entry)
        if not self._scheduled:
            self._scheduled = True
            self._loop.call_soon(self._gather)

    def _gather(self) -> None:
        """Look at the sockets once more first: who asked meanwhile shares the commit, which costs a fsync."""
        self._loop.call_soon(self._turn)

    def _turn(self) -> None:
        """One batch; whatever goes wrong here beyond one request ends the keeper."""
        self._scheduled = False
        if self.fatal.done():
            return
        try:
            self._batch()
        except Exception as error:  # border: the loop would only log it and go on with a broken hall
            self.fail(error)
            return
        if self._queue and not self._scheduled:
            self._scheduled = True
            self._loop.call_soon(self._turn)

    def _batch(self) -> None:
        entries = [self._queue.popleft() for _ in range(min(len(self._queue), BATCH_MAX))]
        changed = self._hall.run([entry.ask for entry in entries if entry.ask is not None])
        run: list[Entry] = []
        for entry in entries:
            if run and (entry.connection is not run[-1].connection or run[-1].then is not None):
                self._deliver(run)
                run = []
            run.append(entry)
        if run:
            self._deliver(run)
        if changed:
            self._pushes.committed()

    def _deliver(self, entries: list[Entry]) -> None:
        """Send what consecutive requests of one connection get, in one write."""
        connection = entries[0].connection
        connection.send(b"".join([line_of(entry) for entry in entries]))
        then = entries[-1].then
        if then is not None:
            then()
        connection.answered(len(entries))

    def fail(self, error: Exception) -> None:
        """The keeper cannot go on: it ends with this error, and its supervisor starts the next one."""
        if self.fatal.done():
            return
        if isinstance(error, StorageDamaged):
            self._hall.suspect()
        if isinstance(error, HallError):
            log.critical("the keeper ends: %s", error)
        else:
            report("the keeper, which ends", error)
        self.fatal.set_exception(error)

    def tick(self) -> None:
        """Once a second: time-outs of the hall and of connections, the day's end."""
        if self.fatal.done():
            return
        try:
            self._pass_time()
            now = self._loop.time()
            for connection in tuple(self._connections):
                connection.check_time(now)
            self._pushes.refresh()
        except Exception as error:  # border: as in _turn
            self.fail(error)

    def _pass_time(self) -> None:
        try:
            changed = self._hall.tick()
            lost = self._holders.lost(self._processes(), self._loop.time())
            if lost:
                changed = self._hall.lose_devices(lost) or changed
                self._holders.forget(lost)
            if changed:
                self._pushes.committed()
        except StorageDamaged:
            raise
        except Trouble:
            pass  # said by the worker, once

    async def finish(self, wait_s: float) -> None:
        """Answer what was asked, send what is buffered for at most ``wait_s``, close all."""
        while self._queue:
            self._batch()
        self._pushes.close()
        if self._tasks:
            await asyncio.wait(self._tasks)
        while self._queue:
            self._batch()
        for connection in tuple(self._connections):
            connection.close()
        until = self._loop.time() + wait_s
        while self._connections and self._loop.time() < until:
            await asyncio.sleep(0.005)
        for connection in tuple(self._connections):
            connection.drop("the keeper stops")
        await asyncio.sleep(0)

    def abandon(self) -> None:
        """The keeper cannot go on: close everything at once; clients ask the next keeper again."""
        self._pushes.close()
        for connection in tuple(self._connections):
            connection.drop("the keeper cannot go on")
