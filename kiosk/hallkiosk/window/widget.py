"""`WindowConsole`: a clerk's window as one widget, alone in a terminal or beside others in a deck.

Handlers own the state: a key, a click or a worker's message changes it, and `look` shows what follows. Two
things guard against acting on another person: a press carries the ticket that was shown (the hall refuses it
when the window has another by now), and the primary key rests for a moment whenever its meaning changed, so
that a double press cannot call and start, or finish and call.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from textual import on
from textual.app import ComposeResult
from textual.events import Key
from textual.widget import Widget

from hallkiosk.bigtext_cells import BigTextMode
from hallkiosk.feed import Feed, HallLost, HallSeen, reach_of
from hallkiosk.window.board import Board
from hallkiosk.window.desk import PressDone, PressRefused, PressUnanswered, PressWorker
from hallkiosk.window.keys import PRIMARY_KEYS, Action, action_of
from hallkiosk.window.lines import Lines
from hallkiosk.window.menu import Menu, Menus
from hallkiosk.window.message import Message, Tone, error_text, name_of
from hallkiosk.window.model import Desk, desk_of
from hallkiosk.window.pace import ConsolePace
from hallkiosk.window.panes import OpButton, PickPane
from hallkiosk.window.request import Press, Request, Sender
from hallkiosk.wording import Words
from hallkiosk.wording.window import TEXTS
from hallqueue.errors import StillServing
from hallqueue.plan import Plan
from hallqueue.service import HallService
from hallqueue.views import HallSnapshot

_AFTER_S = 0.02
"""Looked at a moment after the rest has ended, however timers are rounded."""


class WindowConsole(Widget, can_focus=True):
    """One window's console. Takes the hall as a service and keeps no rule of its own.

    `clock` is monotonic seconds, `new_key` gives each press its key. `staff` is a service with a staff desk's
    rights, for 关闭当天, which a window session may not do; without it the window's own service is asked.
    """

    DEFAULT_CSS = "WindowConsole { width: 1fr; height: 1fr; }"
    ALLOW_SELECT = False

    def __init__(
        self,
        service: HallService,
        plan: Plan,
        number: int,
        clerk: str,
        clock: Callable[[], float],
        new_key: Callable[[], str],
        *,
        staff: HallService | None = None,
        pace: ConsolePace | None = None,
        words: Mapping[str, str] | None = None,
        is_reachable: Callable[[], bool] | None = None,
        mode: BigTextMode = BigTextMode.SEXTANT,
        cell_aspect: float = 2.0,
        id: str | None = None,  # noqa: A002 - Textual's name for it
    ) -> None:
        super().__init__(id=id)
        self._plan, self._number, self._clock, self._new_key = plan, number, clock, new_key
        self._pace = pace or ConsolePace()
        self._words = Words(TEXTS, words or {})
        self._menus = Menus(plan, self._words)
        self._mode, self._cell_aspect = mode, cell_aspect
        self._is_reachable = is_reachable or reach_of(service)
        self._feed = Feed(
            service, self.post_message, retry_s=self._pace.retry_s, refresh_s=self._pace.refresh_s
        )
        sender = Sender(service, number, clerk, staff or service)
        self._worker = PressWorker(sender, self.post_message, retry_s=self._pace.retry_s)
        self._snapshot: HallSnapshot | None = None
        self._seen_at = clock()
        self._is_lost = False
        self._press: Press | None = None
        self._message: Message | None = None
        self._guard_until = self._pick_from = clock()
        self._looked_at: tuple[int, bool, bool] | None = None

    # --- what is on the panel ------------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        """Everything stands on the board."""
        yield Board(self._words, self._mode, self._cell_aspect, id="board")

    def on_mount(self) -> None:
        """Begin to listen to the hall and to look at the clock."""
        self.run_worker(self._feed.hear(), group="hear", name="hear")
        self.run_worker(self._feed.refresh(), group="refresh", name="refresh")
        self.set_interval(self._pace.look_s, self._look_at_clock, name="look")
        self.look()

    @property
    def desk(self) -> Desk | None:
        """The window as it was last seen; None before that."""
        return desk_of(self._snapshot, self._number) if self._snapshot else None

    @property
    def press(self) -> Press | None:
        """What is under way."""
        return self._press

    @property
    def is_connected(self) -> bool:
        """Whether what is shown is how the hall is."""
        return self._snapshot is not None and not self._is_lost and self._is_reachable()

    @property
    def is_resting(self) -> bool:
        """Whether the primary key came to mean something else only just now."""
        return self._clock() < self._guard_until

    def look(self) -> None:
        """Show what follows from the hall and the clock."""
        board, desk = self.query_one(Board), self.desk
        if desk is None:
            word = "window.absent" if self._snapshot else "window.unknown"
            title = self._words.zh("window.title", number=self._number, name="")
            board.show_nothing(title, self._words.zh(word), self._message_for(None))
            return
        passed_ms = round((self._clock() - self._seen_at) * 1000)
        lines = Lines(self._plan, self._words, desk, desk.hall.at_ms + max(0, passed_ms))
        board.show(
            lines, self._message_for(lines), is_connected=self.is_connected, is_resting=self.is_resting
        )

    def _look_at_clock(self) -> None:
        """Show what the clock alone changes: seconds, the rest of the primary key, a keeper that went."""
        now = (int(self._clock()), self.is_resting, self.is_connected)
        if now != self._looked_at:
            self._looked_at = now
            self.look()

    def _message_for(self, lines: Lines | None) -> Message | None:
        if not self.is_connected and self._press is None:
            key = "window.reconnecting" if self._snapshot else "window.connecting"
            return Message(self._words.text(key), Tone.ASK)
        if self._message is None and lines is not None:
            papers = lines.papers()
            return Message(papers, Tone.ASK) if papers else None
        return self._message

    # --- what the clerk does -------------------------------------------------------------------------

    def on_key(self, event: Key) -> None:
        """The primary key, an operation's key, or a move in the list."""
        is_ours = self._key_in_list(event.key) if self._is_picking else self._key_at_desk(event)
        if is_ours:
            event.stop()
            event.prevent_default()

    def _key_in_list(self, key: str) -> bool:
        pick = self.query_one(PickPane)
        moves = {"up": -1, "down": 1, "pageup": -pick.page, "pagedown": pick.page, "home": -999, "end": 999}
        if key in moves:
            pick.step(moves[key])
        elif key in PRIMARY_KEYS:
            self._pick(pick.place)
        elif key in ("escape", "backspace"):
            self._ask(None)
        else:
            return False
        return True

    def _key_at_desk(self, event: Key) -> bool:
        action = action_of(event.key, event.character)
        if event.key in PRIMARY_KEYS:
            self.do_primary()
        elif action is not None:
            self.do(action)
        elif event.key == "escape":
            self._give_up()
        else:
            return False
        return True

    @on(OpButton.Pressed)
    def _button_pressed(self, event: OpButton.Pressed) -> None:
        event.stop()
        if event.action is None:
            self.do_primary()
        else:
            self.do(event.action)

    @on(PickPane.Picked)
    def _line_picked(self, event: PickPane.Picked) -> None:
        event.stop()
        self._pick(event.place)

    def do_primary(self) -> None:
        """The natural next step, unless its meaning changed only just now."""
        desk = self.desk
        if desk is not None and not self.is_resting:
            self._start(desk.step, desk)

    def do(self, action: Action) -> None:
        """One operation; F1 rests like the primary key, since it calls a person."""
        desk = self.desk
        if desk is None or (action is Action.CALL and self.is_resting):
            return
        self._start(desk.meaning(action), desk)

    def _start(self, action: Action, desk: Desk) -> None:
        if self._press is not None or not self.is_connected:
            return
        if not desk.is_possible(action):
            what = name_of(self._words, action)
            self._say(Message(self._words.text("window.not-now", what=what), Tone.QUIET))
            return
        self._lead(self._menus.of(action, desk))

    def _lead(self, leads: Request | Menu | None) -> None:
        if isinstance(leads, Request):
            self._ask(None)
            self._send(leads)
        else:
            self._ask(leads)

    def _pick(self, place: int) -> None:
        menu = self.query_one(PickPane).menu
        if menu is not None and self._clock() >= self._pick_from:
            self._lead(menu.choices[place].leads)

    @property
    def _is_picking(self) -> bool:
        return self.query_one(PickPane).menu is not None

    def _ask(self, menu: Menu | None) -> None:
        self._pick_from = self._clock() + self._pace.settle_s
        self.query_one(Board).ask(menu)

    def _send(self, request: Request) -> None:
        press = self._press = Press(self._new_key(), request)
        self._say(
            Message(
                self._words.text("window.under-way", what=name_of(self._words, request.action)), Tone.QUIET
            )
        )
        self.run_worker(self._worker.send(press), group="press", name="press", exclusive=True)

    def _give_up(self) -> None:
        """Stop repeating a press that nobody answers; it may have taken effect, and the hall will show it."""
        if self._press is None or self._message is None or self._message.tone is not Tone.ASK:
            return
        what = name_of(self._words, self._press.request.action)
        self.workers.cancel_group(self, "press")
        self._press = None
        self._say(Message(self._words.text("window.given-up", what=what), Tone.FAULT))

    def _say(self, message: Message | None) -> None:
        self._message = message
        self.look()

    # --- what the hall says --------------------------------------------------------------------------

    @on(HallSeen)
    def _hall_seen(self, event: HallSeen) -> None:
        event.stop()
        self._is_lost = False
        self._accept(event.snapshot)
        self.look()

    @on(HallLost)
    def _hall_lost(self, event: HallLost) -> None:
        event.stop()
        self._is_lost = True
        self.look()

    @on(PressUnanswered)
    def _press_unanswered(self, event: PressUnanswered) -> None:
        event.stop()
        if event.press == self._press:
            what = name_of(self._words, event.press.request.action)
            self._say(Message(self._words.text("window.asking-again", what=what), Tone.ASK))

    @on(PressDone)
    def _press_done(self, event: PressDone) -> None:
        event.stop()
        if event.press == self._press:
            self._press = None
            self._accept(event.snapshot)
            self._say(None)

    @on(PressRefused)
    def _press_refused(self, event: PressRefused) -> None:
        event.stop()
        if event.press != self._press:
            return
        self._press = None
        self._accept(event.snapshot)
        self._say(Message(error_text(self._words, event.error), Tone.FAULT))
        if isinstance(event.error, StillServing):
            self._ask(self._menus.force_close(event.error.what_zh, event.error.what_en))

    def _accept(self, snapshot: HallSnapshot | None) -> None:
        """Take a newer hall, and let the primary key rest when it comes to mean something else."""
        old = self._snapshot
        if snapshot is None or (old and snapshot.epoch == old.epoch and snapshot.seq < old.seq):
            return
        before = self.desk
        self._snapshot, self._seen_at = snapshot, self._clock()
        after = self.desk
        if before and after and before.step_identity != after.step_identity:
            self._guard_until = self._clock() + self._pace.guard_s
            self.set_timer(self._pace.guard_s + _AFTER_S, self._look_at_clock, name="guard")
