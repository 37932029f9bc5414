"""A small hall in memory, one window's keypad as rules on it, and fake devices that note what they show."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from itertools import count
from typing import Any, TypeVar

import pytest

from halldrivers.caller.keys import Key
from halldrivers.errors import DeviceState, PortAbsent
from halldrivers.status import DeviceStatus, status_of_error
from hallkiosk.caller.actions import Action, Beep, Failed, Send, Show
from hallkiosk.caller.desk import KeypadDesk
from hallkiosk.caller.devices import OnKey, OnTrouble
from hallkiosk.caller.keymap import CallerKeys, Meaning
from hallkiosk.caller.pace import CallerPace
from hallkiosk.caller.request import Request, Seek, Sender
from hallqueue.clock import SystemClock
from hallqueue.errors import HallError, KeeperGone, UnknownTicket
from hallqueue.memory import MemoryHall
from hallqueue.plan import Calendar, Group, Limits, Plan, Service, Session, Window
from hallqueue.views import HallSnapshot, TicketView, WindowView

T = TypeVar("T")

PLAN = Plan(
    hall_id="t",
    hall_name="测试镇民生服务中心",
    groups=(Group("g", "综合"),),
    services=(
        Service("social", "社保", "g", "A"),
        Service("tax", "税务", "g", "B"),
        Service("family", "婚育户", "g", "E", matters=("marry", "social")),
        Service("marry", "婚姻登记", "g", "C"),
    ),
    windows=(
        Window(1, "一号", ("social", "tax")),
        Window(2, "二号", ("social", "tax", "marry")),
        Window(3, "三号", ("marry",)),
    ),
    calendar=Calendar(sessions=(Session((1, 2, 3, 4, 5, 6, 7), "00:00", "24:00"),)),
    limits=Limits(max_recalls=2),
)

_SIGNS = {"+": Key.PLUS, "-": Key.MINUS, "*": Key.STAR, "/": Key.SLASH, ".": Key.DOT, "=": Key.ENTER}
_SIGNS["<"] = Key.BACKSPACE


def keys_in(text: str) -> tuple[Key, ...]:
    """``"12="`` is 1, 2, 回车; ``<`` is 退格; a word in brackets is that function key: ``"12[call]"``."""
    found: list[Key] = []
    while text:
        if text[0] == "[":
            name, text = text[1:].split("]", 1)
            found.append(Key(name))
        else:
            found.append(_SIGNS.get(text[0]) or Key(text[0]))
            text = text[1:]
    return tuple(found)


class HandClock:
    """A wall clock that goes on a second whenever somebody does something."""

    def __init__(self) -> None:
        self.ms = 1_800_000_000_000

    def now_ms(self) -> int:
        return self.ms

    def synchronised(self) -> bool:
        return True


def at_once(work: Coroutine[Any, Any, T]) -> T:
    """The memory's operations never wait."""
    try:
        work.send(None)
    except StopIteration as stop:
        answer: T = stop.value
        return answer
    raise AssertionError("it waited")


class Bench:
    """One window's keypad as rules on a hall in memory; time moves only when a test says so."""

    def __init__(
        self, plan: Plan = PLAN, window: int = 1, keys: CallerKeys | None = None, *, is_prompt: bool = True
    ) -> None:
        self.clock = HandClock()
        self.hall = MemoryHall(plan, self.clock)
        self.plan, self.window, self.pace = plan, window, CallerPace()
        self.desk = KeypadDesk(plan, window, keys or CallerKeys(), self.pace)
        self.sender = Sender(self.hall, window, "李敏")
        self.now_s = 1000.0
        self.is_prompt = is_prompt
        """Whether the hall answers at once."""
        self.waiting: list[Send] = []
        """What has no answer yet."""
        self.sent: list[Request] = []
        self.refused: list[str] = []
        self.shown: tuple[str, int] = ("?", -1)
        self.pictures: list[tuple[str, int]] = []
        self.beeps = 0
        self.failed: list[str] = []
        """Codes of errors that were counted."""
        self.count = count(1)

    # --- the hall --------------------------------------------------------------------------------------

    def do(self, operation: str, *args: Any, **more: Any) -> Any:
        """Somebody else does something; the keypad hears of it."""
        self.clock.ms += 1000
        answer = at_once(getattr(self.hall, operation)(*args, key=f"other-{next(self.count)}", **more))
        self.hear()
        return answer

    def hall_do(self, operation: str, *args: Any, **more: Any) -> None:
        """Somebody else tries something; the keypad does not hear of it yet."""
        self.clock.ms += 1000
        with suppress(HallError):
            at_once(getattr(self.hall, operation)(*args, key=f"other-{next(self.count)}", **more))

    def hall_send(self, request: Request) -> None:
        """The hall does what was asked, and its answer is lost."""
        with suppress(HallError):
            at_once(self.sender.send(request, f"lost-{next(self.count)}"))

    def ask(self, operation: str, *args: Any) -> Any:
        """Somebody looks."""
        return at_once(getattr(self.hall, operation)(*args))

    def take(self, service: str = "social") -> str:
        """A ticket's number."""
        number: str = self.do("issue", service).ticket.number
        return number

    def hear(self) -> None:
        """The keeper's push arrives."""
        self.take_in(self.desk.saw(at_once(self.hall.snapshot()), self.now_s))

    @property
    def view(self) -> WindowView:
        hall = at_once(self.hall.snapshot())
        return next(w for w in hall.windows if w.number == self.window)

    def ticket(self, number: str) -> TicketView:
        return at_once(self.hall.ticket(number))

    # --- the keypad ------------------------------------------------------------------------------------

    def begin(self) -> None:
        """The keypad is there and the hall is seen."""
        self.take_in(self.desk.back(self.now_s))
        self.hear()

    def press(self, text: str, *, gap_s: float = 0.1) -> None:
        """Keys, one after the other."""
        for key in keys_in(text):
            self.now_s += gap_s
            self.take_in(self.desk.pressed(key, self.now_s))

    def rest(self, seconds: float = 1.0) -> None:
        """Let time pass as the worker does: the desk is told whenever something is due."""
        until_s = self.now_s + seconds
        while (due_s := self.desk.due_s) is not None and due_s <= until_s:
            self.now_s = max(self.now_s, due_s)
            self.take_in(self.desk.tick(self.now_s))
        self.now_s = until_s

    def step(self, text: str = "=") -> None:
        """A key once the primary key has rested."""
        self.rest()
        self.press(text)

    def take_in(self, actions: list[Action]) -> None:
        for action in actions:
            match action:
                case Show():
                    self.shown = (action.picture.number, action.picture.waiting)
                    self.pictures.append(self.shown)
                case Beep():
                    self.beeps += 1
                case Failed():
                    self.failed.append(action.error.code)
                case Send():
                    self.waiting.append(action)
        while self.is_prompt and self.waiting:
            self.answer()

    def answer(self) -> None:
        """The hall answers what waits longest."""
        send = self.waiting.pop(0)
        self.clock.ms += 1000
        if isinstance(send.what, Seek):
            found = self.find(send.what)
            self.take_in(self.desk.found(send, found, self.now_s))
            return
        error: HallError | None = None
        self.sent.append(send.what)
        try:
            at_once(self.sender.send(send.what, f"key-{next(self.count)}"))
        except HallError as no:
            error = no
            self.refused.append(no.code)
        hall = at_once(self.hall.snapshot())
        self.take_in(self.desk.answered(send, error, hall, self.now_s))

    def find(self, seek: Seek) -> tuple[TicketView, ...]:
        found = []
        for prefix in dict.fromkeys(s.prefix for s in self.plan.services):
            with suppress(UnknownTicket):
                found.append(self.ticket(f"{prefix}{int(seek.digits):03d}"))
        return tuple(found)

    @property
    def whats(self) -> list[Meaning]:
        """What was asked of the hall."""
        return [request.what for request in self.sent]


@pytest.fixture
def bench() -> Bench:
    """A closed window; the keypad is there."""
    made = Bench()
    made.begin()
    return made


@pytest.fixture
def at_work() -> Bench:
    """An open window with A001, A002 and B001 waiting, the primary key rested."""
    made = Bench()
    made.begin()
    made.do("open_window", 1, clerk="李敏")
    for service in ("social", "social", "tax"):
        made.take(service)
    made.rest()
    return made


@pytest.fixture
def make_bench() -> Callable[..., Bench]:
    def make(**options: Any) -> Bench:
        made = Bench(**options)
        made.begin()
        return made

    return make


# --- fake devices for the worker -------------------------------------------------------------------------


class FakeCaller:
    """A keypad with its plug: notes what it shows; a test presses, pulls it out, or lets it hang."""

    def __init__(self) -> None:
        self.on_key: OnKey | None = None
        self.on_trouble: OnTrouble | None = None
        self.shown: list[tuple[str, int]] = []
        self.beeps = self.opens = self.closes = 0
        self.fails: list[Exception] = []
        """What the next tries to open raise."""
        self.hangs = threading.Event()
        self.hangs.set()
        self.is_hung = False

    def open(self, *, on_key: OnKey, on_trouble: OnTrouble) -> FakeCaller:
        if self.fails:
            raise self.fails.pop(0)
        self.opens += 1
        self.on_key, self.on_trouble = on_key, on_trouble
        return self

    def show(self, number: str, waiting: int) -> None:
        self._hang()
        self.shown.append((number, waiting))

    def beep(self) -> None:
        self._hang()
        self.beeps += 1

    def close(self) -> None:
        self.closes += 1

    def hang(self) -> None:
        self.hangs.clear()

    def go_on(self) -> None:
        self.hangs.set()

    def _hang(self) -> None:
        self.is_hung = not self.hangs.is_set()
        assert self.hangs.wait(60), "hung too long"
        self.is_hung = False

    @property
    def picture(self) -> tuple[str, int] | None:
        return self.shown[-1] if self.shown else None

    @property
    def number(self) -> str | None:
        return self.shown[-1][0] if self.shown else None

    def press(self, text: str, at_s: float | None = None) -> None:
        """As the keypad's own thread would, now or at another time."""
        assert self.on_key is not None
        for key in keys_in(text):
            self.on_key(key, time.monotonic() if at_s is None else at_s)

    def pull(self) -> None:
        assert self.on_trouble is not None
        self.on_trouble(status_of_error(PortAbsent("keypad")))

    def plug(self) -> None:
        assert self.on_trouble is not None
        self.on_trouble(DeviceStatus(DeviceState.ONLINE))


class Line:
    """A window's session whose keeper can be away, slow, or lose its answers; counts what came."""

    def __init__(self, hall: MemoryHall) -> None:
        self._hall = hall
        self.is_away = False
        self.lose: set[str] = set()
        """Operations that are done and whose answers are lost."""
        self.drop: set[str] = set()
        """Operations that do not arrive."""
        self.came: list[tuple[str, str]] = []
        """Operation and key, of those that change something."""
        self.on_lost: Callable[[], None] = lambda: None

    def __getattr__(self, name: str) -> Any:
        operation = getattr(self._hall, name)

        async def through(*args: Any, **more: Any) -> Any:
            if "key" in more:
                self.came.append((name, more["key"]))
            if self.is_away or name in self.drop:
                raise KeeperGone(path="test")
            answer = await operation(*args, **more)
            if name in self.lose:
                self.on_lost()
                raise KeeperGone(path="test")
            return answer

        return through

    async def watch(self) -> AsyncIterator[HallSnapshot]:
        if self.is_away:
            raise KeeperGone(path="test")
        async for hall in self._hall.watch():
            if self.is_away:
                raise KeeperGone(path="test")
            yield hall


@pytest.fixture
def caller() -> FakeCaller:
    return FakeCaller()


@pytest.fixture
def new_caller() -> Callable[[], FakeCaller]:
    return FakeCaller


@pytest.fixture
def hall() -> MemoryHall:
    return MemoryHall(PLAN, SystemClock())


@pytest.fixture
def new_line() -> Callable[[MemoryHall], Line]:
    return Line


@pytest.fixture
def line(hall: MemoryHall) -> Line:
    return Line(hall)


@pytest.fixture
def plan() -> Plan:
    return PLAN


@pytest.fixture
def until() -> Callable[[Callable[[], bool]], Coroutine[Any, Any, None]]:
    async def wait(condition: Callable[[], bool]) -> None:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + 15
        while not condition():
            assert loop.time() < deadline, "it did not happen in time"
            await asyncio.sleep(0.002)

    return wait


@pytest.fixture
def running() -> Callable[..., Any]:
    """Runs a role for the length of a block, and ends it."""

    @asynccontextmanager
    async def run(role: Any) -> AsyncIterator[None]:
        task = asyncio.create_task(role.run())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    return run
