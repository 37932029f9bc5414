"""What the hall screen shows, made from one snapshot and a moment: plain data, no rule, no widget."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hallkiosk.wording import Words
from hallkiosk.wording.terminal import WEEKDAYS
from hallqueue.plan import Plan
from hallqueue.states import TicketState, WindowState
from hallqueue.views import CallView, HallSnapshot

FRESH_MS = 8_000
"""A call is new for so long."""
BLINK_MS = 500
"""One half of a blink: once a second, far below what may harm (WCAG 2.3.1: three a second)."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a list."""

    left: str
    right: str
    """Left out where it has no room."""
    is_marked: bool = False
    """Still being called."""
    count: int = 0
    """People, in a line of the waiting."""


@dataclass(frozen=True, slots=True)
class ScreenPicture:
    """Everything on the panel."""

    hall: str
    time: str
    date: str
    label: str
    """What the big number means."""
    number: str
    window: str
    is_fresh: bool
    """Called within the last seconds."""
    is_lit: bool
    """The bright half of a blink."""
    calls: tuple[Entry, ...]
    groups: tuple[Entry, ...]
    windows: str
    notice: str
    is_warning: bool
    """The notice needs attention."""


@dataclass(frozen=True, slots=True)
class Pictures:
    """Makes the pictures of one hall; `notice` replaces the standing line at the bottom."""

    plan: Plan
    words: Words
    notice: str = ""

    def waiting(self) -> ScreenPicture:
        """Before the hall was heard for the first time."""
        return ScreenPicture(
            hall=self.plan.hall_name,
            time="",
            date="",
            label="",
            number="",
            window="",
            is_fresh=False,
            is_lit=False,
            calls=(),
            groups=(),
            windows="",
            notice=self.words.zh("screen.connecting"),
            is_warning=True,
        )

    def of(self, hall: HallSnapshot, now_ms: int, *, is_connected: bool) -> ScreenPicture:
        """The hall at a moment by the keeper's clock; what is shown is the last known when not connected."""
        calls = _newest_of_each(hall.calls)
        newest = calls[0] if calls else None
        age_ms = now_ms - newest.at_ms if newest else FRESH_MS
        is_fresh = is_connected and 0 <= age_ms < FRESH_MS
        notice, is_warning = self._notice(hall, is_connected)
        return ScreenPicture(
            hall=self.plan.hall_name,
            time=self._local(now_ms).strftime("%H:%M"),
            date=self._date(hall, now_ms),
            label=self._label(hall, newest),
            number=newest.number if newest else "",
            window=self.words.zh("screen.window", window=newest.window) if newest else "",
            is_fresh=is_fresh,
            is_lit=is_fresh and age_ms // BLINK_MS % 2 == 0,
            calls=tuple(self._call(hall, call) for call in calls[1:]),
            groups=self._groups(hall),
            windows=self._windows(hall),
            notice=notice,
            is_warning=is_warning,
        )

    def _label(self, hall: HallSnapshot, newest: CallView | None) -> str:
        if newest is None:
            return self.words.zh("screen.nobody")
        if not _is_called(hall, newest):
            return self.words.zh("screen.calls")
        key = "screen.now" if newest.times == 1 else "screen.again"
        return self.words.zh(key, times=newest.times)

    def _call(self, hall: HallSnapshot, call: CallView) -> Entry:
        window = self.words.zh("screen.window", window=call.window)
        times = f" {self.words.zh('screen.times', times=call.times)}" if call.times > 1 else ""
        clock = self._local(call.at_ms).strftime("%H:%M")
        return Entry(f"{call.number} {window}", f"{clock}{times}", _is_called(hall, call))

    def _groups(self, hall: HallSnapshot) -> tuple[Entry, ...]:
        """People waiting in each group. A 一件事 waits in the line of its first matter and counts there."""
        waiting = {line.service: line.waiting for line in hall.lines}
        entries = []
        for group in self.plan.groups:
            own = [s.id for s in self.plan.services if s.group == group.id and s.matters in ((), (s.id,))]
            if own:
                count = sum(waiting.get(service, 0) for service in own)
                entries.append(Entry(group.name, self.words.zh("screen.count", count=count), count=count))
        return tuple(entries)

    def others(self, groups: tuple[Entry, ...]) -> Entry:
        """Several groups as one line, where there is no room for each."""
        count = sum(group.count for group in groups)
        right = self.words.zh("screen.count", count=count)
        return Entry(self.words.zh("screen.others"), right, count=count)

    def _windows(self, hall: HallSnapshot) -> str:
        """Who does not call: paused ones with their reason, closed ones together."""
        parts = []
        for window in hall.windows:
            if window.state is WindowState.PAUSED:
                key = "screen.paused-why" if window.pause_reason else "screen.paused"
                parts.append(self.words.zh(key, window=window.number, reason=window.pause_reason))
        closed = [str(w.number) for w in hall.windows if w.state is WindowState.CLOSED]
        if closed:
            numbers = self.words.zh("screen.joined").join(closed)
            parts.append(self.words.zh("screen.closed", windows=numbers))
        return self.words.zh("screen.between").join(parts) or self.words.zh("screen.all-open")

    def _notice(self, hall: HallSnapshot, is_connected: bool) -> tuple[str, bool]:
        if not is_connected:
            return self.words.zh("screen.reconnecting"), True
        if hall.closed_reason:
            return self.words.zh("screen.day-closed", reason=hall.closed_reason), True
        return self.notice or self.words.zh("screen.notice"), False

    def _date(self, hall: HallSnapshot, now_ms: int) -> str:
        now = self._local(now_ms)
        weekday = WEEKDAYS[now.weekday()].zh
        text = self.words.zh("screen.date", month=now.month, day=now.day, weekday=weekday)
        return text if hall.clock_ok else f"{text} {self.words.zh('screen.clock-unsure')}"

    def _local(self, at_ms: int) -> datetime:
        offset = timedelta(minutes=self.plan.calendar.utc_offset_minutes)
        return datetime.fromtimestamp(at_ms / 1000, UTC) + offset


def _newest_of_each(calls: tuple[CallView, ...]) -> tuple[CallView, ...]:
    """Each ticket at each window once, by its newest call, with its count."""
    newest: dict[tuple[int, int], CallView] = {}
    for call in calls:
        newest.setdefault((call.ticket, call.window), call)
    return tuple(newest.values())


def _is_called(hall: HallSnapshot, call: CallView) -> bool:
    """Whether the window still calls that ticket."""
    return any(
        w.number == call.window
        and w.current is not None
        and w.current.ticket == call.ticket
        and w.current.state is TicketState.CALLED
        for w in hall.windows
    )
