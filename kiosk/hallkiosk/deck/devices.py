"""`DevicesPanel`: every device of the hall, how it is, what it read, and what a hand can do at it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from rich.cells import cell_len
from textual import on
from textual.app import ComposeResult
from textual.containers import Container, Horizontal
from textual.content import Content
from textual.events import Key, Resize
from textual.widget import Widget
from textual.widgets import Static

from hallkiosk.deck.buttons import DeckButton
from hallkiosk.deck.devicegrid import FOOT, Grid, faces, grid_for
from hallkiosk.deck.devicewords import head, lines, needs_care, since
from hallkiosk.deck.parts import DeckDevice, Deed
from hallkiosk.wording import Text, Words
from hallqueue.views import DeviceView, HallSnapshot

LOOK_S = 0.2
LETTERS = "abcdefghijklmnoprstuvwxyz-=[];',./"
"""The keys of all deeds, in their order; Q leaves the deck and numbers choose a panel."""
_TURN = "devices-turn"
_TURN_CELLS = 26
_TURN_KEYS = {"space": 1, "pagedown": 1, "right": 1, "pageup": -1, "left": -1}


class DeviceBlock(Container):
    """One device. Is told what to show; draws only what changed."""

    def __init__(self, place: int, device: DeckDevice, keys: Sequence[str]) -> None:
        super().__init__(classes="device")
        self._device, self._keys = device, tuple(keys)
        self._shown: object = None
        self._head = Static(classes="device-head", markup=False)
        self._row = Horizontal(classes="device-keys")
        self._row.display = bool(device.deeds)
        self._said = Static(classes="device-words", markup=False)
        self.buttons = tuple(DeckButton(f"device-{place}-{index}") for index in range(len(device.deeds)))
        """One a deed."""

    def compose(self) -> ComposeResult:
        """Head, buttons, words."""
        yield self._head
        with self._row:
            yield from self.buttons
        yield self._said

    def show(
        self, words: Words, grid: Grid, view: DeviceView | None, time: str, doing: frozenset[int]
    ) -> None:
        """The device as it is now, in the room that the grid gives."""
        device = self._device
        reading = device.reading()
        what = (grid, view, time, doing, reading)
        if what == self._shown:
            return
        self._shown = what
        deeds = device.deeds
        self._head.update(head(words, device.title, view, time, grid.width), layout=False)
        rows = grid.text_rows if deeds else grid.text_rows + grid.button_rows
        said = lines(words, view, reading, [deeds[i].text for i in sorted(doing)], grid.width - 2, rows)
        self._said.styles.height = rows
        content = Content("\n").join(Content.styled(line.text, line.style) for line in said)
        self._said.update(content, layout=False)
        self._row.styles.height = grid.button_rows
        on_them = faces(self._keys, [deed.text for deed in deeds], grid.width)
        for index, (button, face) in enumerate(zip(self.buttons, on_them, strict=True)):
            button.styles.width, button.styles.height = face.width, grid.button_rows
            is_doing = index in doing
            button.show(face.text.replace(" ", "*", 1) if is_doing else face.text, is_on=is_doing)


class DevicesPanel(Widget, can_focus=True):
    """All devices; pages where they do not fit. Only what is shown can be pressed."""

    ALLOW_SELECT = False

    def __init__(self, devices: Sequence[DeckDevice], words: Words, utc_offset_minutes: int) -> None:
        super().__init__(id="devices")
        self._devices, self._words, self._offset = tuple(devices), words, utc_offset_minutes
        keys = iter(LETTERS)
        self._keys = [tuple(next(keys, "") for _ in device.deeds) for device in self._devices]
        self._blocks = tuple(
            DeviceBlock(place, device, [key.upper() for key in self._keys[place]])
            for place, device in enumerate(self._devices)
        )
        self._hall: HallSnapshot | None = None
        self._doing: set[tuple[int, int]] = set()
        self._grid = grid_for(len(self._devices), 80, 21)
        self.page = 0
        """Which page is shown, from 0."""
        self._foot = Horizontal(id="devices-foot")
        self._footed: tuple[int, Grid, int] | None = None
        """What the foot says; it is drawn anew only when that changes."""
        self._turner = DeckButton(_TURN)
        self._turner.styles.width = _TURN_CELLS
        self._told = Static(id="devices-page", markup=False)

    def compose(self) -> ComposeResult:
        """The blocks, and the row that turns the pages."""
        none = self._words.text("deck.devices-none")
        notice = Static(f"{none.zh}\n{none.en}", id="devices-none", classes="hint", markup=False)
        notice.display = not self._devices
        yield notice
        yield from self._blocks
        with self._foot:
            yield self._turner
            yield self._told

    def on_mount(self) -> None:
        """Begin to look."""
        self.set_interval(LOOK_S, self.look, name="look")
        self._arrange()

    def on_resize(self, event: Resize) -> None:
        """Another room, other pages; the device that stood first stays in view."""
        first = self.page * self._grid.per_page
        self._grid = grid_for(len(self._devices), event.size.width, event.size.height)
        self.page = min(first // self._grid.per_page, self._grid.pages - 1)
        self._arrange()

    def show_hall(self, hall: HallSnapshot) -> None:
        """The hall as it is now."""
        self._hall = hall
        self.look()

    def look(self) -> None:
        """Show the devices of this page as they are."""
        views = {view.device: view for view in self._hall.devices} if self._hall else {}
        now = self._hall.at_ms if self._hall else 0
        for place in self._here:
            view = views.get(self._devices[place].name)
            time = since(view, self._offset, now) if view else ""
            doing = frozenset(index for at, index in self._doing if at == place)
            self._blocks[place].show(self._words, self._grid, view, time, doing)
        if self._grid.pages > 1:
            elsewhere = [d for place, d in enumerate(self._devices) if place not in self._here]
            self._show_foot(sum(needs_care(views.get(device.name)) for device in elsewhere))

    @property
    def _here(self) -> range:
        first = self.page * self._grid.per_page
        return range(first, min(first + self._grid.per_page, len(self._devices)))

    def _arrange(self) -> None:
        grid = self._grid
        for place, block in enumerate(self._blocks):
            block.display = place in self._here
            if block.display:
                block.styles.offset = grid.place(place - self._here.start)
                block.styles.width, block.styles.height = grid.width, 1 + grid.text_rows + grid.button_rows
        self._foot.display = grid.pages > 1
        self._foot.styles.offset = (0, self.size.height - FOOT)
        self.look()

    def _show_foot(self, troubled: int) -> None:
        what = (self.page, self._grid, troubled)
        if what == self._footed:
            return
        self._footed = what
        turn = self._words.text("deck.devices-turn")
        self._turner.show(f"{turn.zh} {turn.en}")
        page = self._words.text("deck.devices-page", page=self.page + 1, pages=self._grid.pages)
        care = self._words.text("deck.devices-elsewhere", count=troubled) if troubled else Text("")
        room = self._grid.full_width - _TURN_CELLS - 2
        # English only where it has room: a cut word would help nobody.
        forms = ((f"{page.zh} {page.en}", f"{care.zh} {care.en}"), (f"{page.zh} {page.en}", care.zh))
        fits = (form for form in forms if cell_len("  ".join(form)) <= room)
        told, warned = next(fits, (page.zh, care.zh))
        content = Content.assemble((told, "$hall-hint"), "  ", (warned.strip(), "bold $hall-fault"))
        self._told.update(content, layout=False)

    def _turn(self, by: int) -> None:
        self.page = (self.page + by) % self._grid.pages
        self._arrange()

    @on(DeckButton.Pressed)
    def _pressed(self, event: DeckButton.Pressed) -> None:
        event.stop()
        if event.name == _TURN:
            self._turn(1)
            return
        _, place, index = event.name.split("-")
        at = int(place), int(index)
        if at not in self._doing:
            self._doing.add(at)
            self.run_worker(self._do(at, self._devices[at[0]].deeds[at[1]]), group="deed")
            self.look()

    async def _do(self, at: tuple[int, int], deed: Deed) -> None:
        try:
            await asyncio.to_thread(deed.act)
        finally:
            self._doing.discard(at)
            if self.is_attached:
                self.look()

    def on_key(self, event: Key) -> None:
        """A letter is a hand on its button; space turns the page."""
        letter = (event.character or "").lower()
        found = [(place, keys.index(letter)) for place, keys in enumerate(self._keys) if letter in keys]
        if event.key in _TURN_KEYS and self._grid.pages > 1:
            self._turn(_TURN_KEYS[event.key])
        elif letter and found and found[0][0] in self._here:
            self._blocks[found[0][0]].buttons[found[0][1]].press()
        else:
            return
        event.stop()
