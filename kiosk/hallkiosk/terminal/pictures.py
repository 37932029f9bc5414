"""From a visit and the hall to a picture: pure, so that every screen is tested without a terminal."""

from __future__ import annotations

from collections.abc import Callable

from hallkiosk.terminal.calm import CalmPictures
from hallkiosk.terminal.facts import (
    called_lines,
    in_minutes,
    line_of,
    paper_lines,
    wait_lines,
    waiting_status,
)
from hallkiosk.terminal.model import DIGITS, Face, Line, Picture, Scene, Shortcuts, Tone, World
from hallkiosk.terminal.steps import Journey, Step, Visit
from hallkiosk.wording import Text, Words
from hallqueue.errors import HallClosed
from hallqueue.plan import Group, Plan, PriorityClass, Service
from hallqueue.views import LineView

_SCENES = {step: Scene(step.value) for step in Step}
_ANSWERED = frozenset({Step.ISSUING, Step.REFUSED, Step.TAKE})
"""Steps whose picture stands whatever the hall does: somebody waits for, or reads, an answer."""
_MEMORY = frozenset({Step.SERVICES, Step.CONFIRM, Step.REFUSED})
"""Steps that ask whether somebody is still there."""


def scene_of(visit: Visit, world: World, home: Visit) -> Scene:
    """Which picture is shown now."""
    if visit.step in _MEMORY and visit != home and world.is_asking:
        return Scene.ASKING
    if visit.step in _ANSWERED:
        return _SCENES[visit.step]
    if world.snapshot is None or not world.is_reachable:
        return Scene.RECOVERING
    if is_closed(world.snapshot.lines):
        return Scene.CLOSED
    return _SCENES[visit.step]


def is_closed(lines: tuple[LineView, ...]) -> bool:
    """Whether every line says that the hall is closed."""
    return bool(lines) and all(not line.open and line.refusal_code == HallClosed.code for line in lines)


class Pictures(CalmPictures):
    """Draws one hall's screens in its words."""

    def __init__(self, plan: Plan, journey: Journey, words: Words, shortcuts: Shortcuts = DIGITS) -> None:
        super().__init__(plan, words, shortcuts)
        self._journey = journey
        self._draw: dict[Scene, Callable[[Visit, World], Picture]] = {
            Scene.GROUPS: self._groups,
            Scene.SERVICES: self._choices,
            Scene.CONFIRM: self._confirm,
            Scene.ISSUING: self._issuing,
            Scene.REFUSED: self._refused,
            Scene.TAKE: self._take,
            Scene.ASKING: self._asking,
            Scene.RECOVERING: self._recovering,
            Scene.CLOSED: self._closed,
        }

    def of(self, visit: Visit, world: World) -> Picture:
        """The picture for this visit in this world."""
        return self._draw[scene_of(visit, world, self._journey.home)](visit, world)

    # --- choices -------------------------------------------------------------------------------------

    def _groups(self, visit: Visit, world: World) -> Picture:
        faces = tuple(self._group(group, place, world) for place, group in enumerate(self._journey.groups))
        return Picture(Scene.GROUPS, self._words.text("terminal.choose-group"), faces=faces)

    def _group(self, group: Group, place: int, world: World) -> Face:
        """A group can always be opened: inside, each service says why it gives out no tickets."""
        found = (line_of(world.snapshot, s.id) for s in self._journey.services(group.id))
        lines = [line for line in found if line is not None]
        if lines and not any(line.open for line in lines):
            status = self._words.zh("terminal.no-tickets")
        elif sum(line.waiting for line in lines):
            status = self._words.zh("terminal.waiting", count=sum(line.waiting for line in lines))
        else:
            status = self._words.zh("terminal.group-empty") if lines else ""
        return Face(Text(group.name, group.name_en), status, shortcut=self._shortcuts.choices[place])

    def _choices(self, visit: Visit, world: World) -> Picture:
        services = self._journey.services(visit.group)
        name = next((g.name for g in self._plan.groups if g.id == visit.group), "")
        return Picture(
            Scene.SERVICES,
            self._words.text("terminal.choose-service", group=name),
            faces=tuple(self._service(service, place, world) for place, service in enumerate(services)),
            back=None if visit == self._journey.home else self._back("terminal.back"),
        )

    def _service(self, service: Service, place: int, world: World) -> Face:
        line = line_of(world.snapshot, service.id)
        return Face(
            Text(service.name, service.name_en),
            waiting_status(line, self._words) if line else "",
            note=service.hint,
            shortcut=self._shortcuts.choices[place],
            is_enabled=line is None or line.open,
        )

    def _confirm(self, visit: Visit, world: World) -> Picture:
        service = self._plan.service(visit.service)
        line = line_of(world.snapshot, visit.service)
        is_open = line is None or line.open
        lines = self._name_lines(service)
        if line is not None:
            lines += self._reasons(line) if not is_open else wait_lines(line.estimate, self._words)
        priorities = self._journey.priorities if is_open else ()
        if priorities:
            caption = self._words.text("terminal.priority")
            lines += (Line(f"{caption.zh} {caption.en}", Tone.HINT),)
        return Picture(
            Scene.CONFIRM,
            self._words.text("terminal.check"),
            big=service.name if service else visit.service,
            lines=lines,
            faces=tuple(self._priority(p, place, visit) for place, p in enumerate(priorities)),
            back=self._back("terminal.back"),
            go=self._go("terminal.take") if is_open else None,
        )

    def _name_lines(self, service: Service | None) -> tuple[Line, ...]:
        if service is None:
            return ()
        lines: tuple[Line, ...] = (Line(service.name_en, Tone.HINT, rank=3),) if service.name_en else ()
        if len(service.matters) > 1:
            known = [self._plan.service(matter) for matter in service.matters]
            names = "、".join(matter.name for matter in known if matter is not None)
            text = self._words.text("terminal.matters", matters=names, count=len(known))
            lines += (Line(text.zh, Tone.STRONG), Line(text.en, Tone.HINT, rank=5))
        elif service.hint:
            lines += (Line(service.hint, Tone.PLAIN, rank=2),)
        return lines

    def _priority(self, priority: PriorityClass, place: int, visit: Visit) -> Face:
        is_chosen = visit.priority == priority.id
        name = self._words.zh("terminal.chosen", name=priority.name) if is_chosen else priority.name
        return Face(Text(name), shortcut=self._shortcuts.choices[place], is_chosen=is_chosen)

    # --- answers -------------------------------------------------------------------------------------

    def _refused(self, visit: Visit, world: World) -> Picture:
        lines: tuple[Line, ...] = ()
        for place, reason in enumerate(visit.refusal):
            lines += (Line(reason.zh, Tone.STRONG), Line(reason.en, Tone.HINT, rank=1 + place))
        return Picture(
            Scene.REFUSED,
            self._words.text("terminal.refused"),
            lines=lines,
            back=self._back("terminal.other"),
            go=self._go("terminal.home"),
        )

    def _take(self, visit: Visit, world: World) -> Picture:
        ticket, estimate = visit.ticket, visit.estimate
        lines: tuple[Line, ...] = ()
        if ticket is not None:
            calls = called_lines(ticket, self._words)
            lines += calls
            lines += paper_lines(visit, world, self._words)
            parts = [ticket.matters[0] if len(ticket.matters) == 1 else self._name(ticket.chosen)]
            if estimate is not None and not calls:
                parts.append(self._words.zh("terminal.ahead", count=estimate.ahead) if estimate.ahead else "")
                if estimate.wait_s > 0:
                    minutes = in_minutes(estimate.wait_s)
                    parts.append(self._words.zh("terminal.wait", minutes=minutes))
            lines += (Line("，".join(part for part in parts if part), Tone.PLAIN, rank=3),)
        return Picture(
            Scene.TAKE,
            self._words.text("terminal.your-number"),
            big=ticket.number if ticket else "",
            lines=lines,
            back=self._back("terminal.stay", escape=False),
            note=self._countdown("terminal.countdown", world).zh,
            go=self._go("terminal.done"),
        )

    def _name(self, service: str) -> str:
        known = self._plan.service(service)
        return known.name if known else service
