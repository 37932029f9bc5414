"""``SyncHallClient``: the hall's operations, blocking, for the command line, the spooler and benches.

It reconnects and repeats unanswered requests under the same key, as the asyncio client does; the
connection and its pushes are :class:`hallqueue.syncline.SyncLine`.
"""

from __future__ import annotations

from typing import Any

import msgspec

from hallqueue.errors import ProtocolBroken, Refused
from hallqueue.service import HallService
from hallqueue.syncline import SyncLine
from hallqueue.wire.methods import Method, blocking
from hallqueue.wire.wire import checked_line


class SyncHallClient(SyncLine):
    """HallService, blocking; connects at the first call. Not for several threads at once.

    ``give_up_s`` bounds a call.
    """

    issue = blocking(HallService.issue)
    void = blocking(HallService.void)
    return_passed = blocking(HallService.return_passed)
    call_next = blocking(HallService.call_next)
    call_ticket = blocking(HallService.call_ticket)
    recall = blocking(HallService.recall)
    start = blocking(HallService.start)
    finish = blocking(HallService.finish)
    pass_ticket = blocking(HallService.pass_ticket)
    hold = blocking(HallService.hold)
    resume = blocking(HallService.resume)
    transfer = blocking(HallService.transfer)
    open_window = blocking(HallService.open_window)
    pause_window = blocking(HallService.pause_window)
    close_window = blocking(HallService.close_window)
    close_day = blocking(HallService.close_day)
    reopen_day = blocking(HallService.reopen_day)
    confirm_clock = blocking(HallService.confirm_clock)
    reprint = blocking(HallService.reprint)
    print_queue = blocking(HallService.print_queue)
    print_begin = blocking(HallService.print_begin)
    print_end = blocking(HallService.print_end)
    print_answer = blocking(HallService.print_answer)
    ratings_open = blocking(HallService.ratings_open)
    press = blocking(HallService.press)
    rating_timeout = blocking(HallService.rating_timeout)
    report_device = blocking(HallService.report_device)
    attend_device = blocking(HallService.attend_device)
    ask_test = blocking(HallService.ask_test)
    tell_test = blocking(HallService.tell_test)
    keep_scan = blocking(HallService.keep_scan)
    acknowledge_scan = blocking(HallService.acknowledge_scan)
    wipe_scan = blocking(HallService.wipe_scan)
    scans = blocking(HallService.scans)
    plan = blocking(HallService.plan)
    snapshot = blocking(HallService.snapshot)
    estimate = blocking(HallService.estimate)
    ticket = blocking(HallService.ticket)
    tickets = blocking(HallService.tickets)
    events = blocking(HallService.events)
    backup = blocking(HallService.backup)

    def call(self, method: Method, params: msgspec.Struct) -> Any:
        """Ask the keeper and block until its answer, through as many reconnections as it takes."""
        self._number += 1
        number = self._number
        line = checked_line(number, method.name, params)
        deadline = self._now_s() + self._give_up_s
        waits = self._backoff.waits(self._random)
        while True:
            try:
                self._connect(deadline)
                self._send(line)
                answer = self._answer(number, deadline)
                break
            except Refused:
                raise
            except OSError as lost:
                self._disconnect()
                self._wait(next(waits), deadline, lost)
        if answer.error is not None:
            raise answer.error.raised()
        assert answer.result is not None
        try:
            return method.decode_answer(answer.result)
        except msgspec.DecodeError as wrong:
            raise ProtocolBroken(why=str(wrong)) from wrong
