"""The people of a simulated day, drawn from a seed before anything runs.

What a person will do depends on the seed and the person's place alone, never on timing, so that two
runs with one seed have the same people in them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random

from hallqueue.plan import Plan


@dataclass(frozen=True, slots=True)
class Visitor:
    """One citizen and their habits. Times are seconds of simulated time."""

    name: int
    arrives_s: float
    service: str
    priority: str
    double_tap: bool
    """Touches twice; must get one ticket."""
    misses_calls: int
    """How many calls and recalls pass before they hear it; 9 means they went home."""
    comes_back: bool
    """Asks to stand in line again after 过号."""
    walks_s: float
    """From hearing the call to the window."""
    key: str
    """The rating key they press; empty is silence."""
    thinks_s: float
    """Before pressing."""
    presses_twice: bool
    card: str = ""
    """The synthetic ID card that they lay on the reader before they choose; empty for most."""
    shows_code: bool = False
    """Holds the ticket's code to the barcode reader."""
    page: str = ""
    """What they bring to be scanned: a scene of the camera's simulator."""


@dataclass(frozen=True, slots=True)
class Work:
    """How one service at a window goes. Times are seconds of simulated time."""

    takes_s: float
    holds_s: float
    """Longer than 0: the citizen fetches something for so long, meanwhile the window goes on."""
    transfers: bool
    """Turns out to be the wrong window."""


def _pick(random: Random, chances: dict[str, float]) -> str:
    return random.choices(list(chances), list(chances.values()))[0]


def draw_visitors(plan: Plan, count: int, seed: int, *, gap_s: float) -> list[Visitor]:
    """``count`` visitors in the order of their arrival, ``gap_s`` apart on average."""
    random = Random(f"visitors-{seed}")
    services = [s.id for s in plan.services]
    priorities = [p.id for p in plan.priorities]
    now, people = 0.0, []
    for name in range(count):
        now += random.expovariate(1 / gap_s)
        first = random.random() < 0.15 and priorities
        people.append(
            Visitor(
                name=name,
                arrives_s=now,
                service=random.choice(services),
                priority=random.choice(priorities) if first else "",
                double_tap=random.random() < 0.1,
                misses_calls=int(_pick(random, {"0": 80, "1": 10, "2": 4, "9": 6})),
                comes_back=random.random() < 0.5,
                walks_s=random.uniform(3, 20),
                key=_pick(random, {"1": 55, "2": 20, "3": 5, "4": 3, "": 17}),
                thinks_s=random.uniform(1, 12),
                presses_twice=random.random() < 0.1,
            )
        )
    return [_with_devices(person, seed) for person in people]


CARDS = ("resident", "permit", "foreign-2017", "foreign-2023")


def _with_devices(person: Visitor, seed: int) -> Visitor:
    """What a person does at the terminal's devices."""
    random = Random(f"devices-{seed}-{person.name}")
    return replace(
        person,
        card=random.choice(CARDS) if random.random() < 0.08 else "",
        shows_code=random.random() < 0.15,
        page="form" if random.random() < 0.04 else "",
    )


def draw_work(seed: int, ticket: int, matter: int) -> Work:
    """How the service of one matter goes."""
    random = Random(f"work-{seed}-{ticket}-{matter}")
    return Work(
        takes_s=random.lognormvariate(5.0, 0.5),
        holds_s=random.uniform(60, 300) if random.random() < 0.06 else 0.0,
        transfers=random.random() < 0.05,
    )


def child_plays(seed: int, window: int) -> bool:
    """Whether a child presses the pad of a window while nobody is asked."""
    return Random(f"child-{seed}-{window}").random() < 0.5
