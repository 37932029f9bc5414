"""From what is wished to what this device takes: option names and values are adapted, never guessed.

Backends name the same thing differently: ``Automatic Document Feeder``, ``ADF``, ``ADF Front``;
``Gray``, ``True Gray``; ``Lineart``, ``Black & White``. What a device lacks is replaced by the nearest
(:class:`.outcome.Adaptation` tells it), and an option that it has not is not given.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from halldrivers.scanner.capabilities import Capabilities, Option
from halldrivers.scanner.outcome import Adaptation
from halldrivers.scanner.settings import A4_MM, Mode, PageFormat, Paper, ScanSettings, Source


@dataclass(frozen=True, slots=True)
class Chosen:
    """A scan as this device takes it."""

    arguments: tuple[str, ...]
    """For scanimage, in the order in which it must see them."""
    most_pages: int
    """1 on the glass: in batch mode scanimage would scan the same page again and again (observed)."""
    format: PageFormat
    adapted: tuple[Adaptation, ...] = ()


def source_arguments(settings: ScanSettings, has: Capabilities) -> tuple[str, ...]:
    """The source alone: what a device can do depends on it, so it is asked again with it."""
    return _source(settings, has)[0]


def choose(settings: ScanSettings, has: Capabilities) -> Chosen:
    """The arguments for this device, whose capabilities were asked with its source set."""
    source, is_feeder, adapted = _source(settings, has)
    arguments = [*source]
    for part in (_mode(settings, has), _resolution(settings, has)):
        arguments += part[0]
        adapted += part[1]
    arguments += _area(settings, has)
    # One bit a dot is a tenth as large without loss, and JPEG blurs letters.
    is_lineart = settings.mode is Mode.LINEART and settings.format is PageFormat.JPEG
    return Chosen(
        tuple(arguments),
        settings.most_pages if is_feeder else 1,
        PageFormat.PNG if is_lineart else settings.format,
        tuple(adapted),
    )


# --- source --------------------------------------------------------------------------------------


def _is_duplex(word: str) -> bool:
    return "duplex" in word or "both" in word


def _is_feeder(word: str) -> bool:
    return ("adf" in word or "feeder" in word) and not _is_duplex(word) and "back" not in word


def _is_flatbed(word: str) -> bool:
    return any(part in word for part in ("flatbed", "platen", "glass", "document table", "normal"))


def _first(choices: tuple[str, ...], fits: Callable[[str], bool]) -> str:
    return next((word for word in choices if fits(word.lower())), "")


_PREFERRED: dict[Source, tuple[Source, ...]] = {
    Source.AUTO: (Source.FEEDER, Source.DUPLEX, Source.FLATBED),
    Source.FEEDER: (Source.FEEDER, Source.DUPLEX, Source.FLATBED),
    Source.DUPLEX: (Source.DUPLEX, Source.FEEDER, Source.FLATBED),
    Source.FLATBED: (Source.FLATBED, Source.FEEDER, Source.DUPLEX),
}


def _source(settings: ScanSettings, has: Capabilities) -> tuple[tuple[str, ...], bool, list[Adaptation]]:
    """The arguments, whether paper is fed, and what was adapted."""
    wish, words = settings.source, has.choices("source")
    named = {
        Source.FEEDER: _first(words, _is_feeder),
        Source.DUPLEX: _first(words, _is_duplex),
        Source.FLATBED: _first(words, _is_flatbed),
    }
    used = next((source for source in _PREFERRED[wish] if named[source]), None)
    if used is None:
        # It does not say what it is. A glass in batch mode never ends, so paper is fed only on request.
        arguments: tuple[str, ...] = ()
        is_fed = wish in (Source.FEEDER, Source.DUPLEX)
    else:
        arguments = (f"--source={named[used]}",)
        is_fed = used is not Source.FLATBED and wish is not Source.FLATBED
    if wish is Source.DUPLEX and used in (None, Source.FEEDER):
        more = _both_sides(has)
        told = [] if more else [Adaptation("source", wish, "one side")]
        return arguments + more, is_fed, told
    if used is None or used is wish or wish is Source.AUTO:
        return arguments, is_fed, []
    return arguments, is_fed, [Adaptation("source", wish, named[used])]


def _both_sides(has: Capabilities) -> tuple[str, ...]:
    """Duplex where it is an option of its own (epson, avision and others; from memory)."""
    flag = has.settable("duplex")
    if flag is not None and flag.is_flag:
        return ("--duplex=yes",)
    mode = _first(has.choices("adf-mode"), _is_duplex)
    return (f"--adf-mode={mode}",) if mode else ()


# --- mode ----------------------------------------------------------------------------------------

# What a mode's name is or holds, in small letters.
_MODE_WORDS: dict[Mode, tuple[str, ...]] = {
    Mode.COLOR: ("color", "colour", "rgb"),
    Mode.GRAY: ("gray", "grey"),
    Mode.LINEART: ("lineart", "black & white", "black and white", "binary", "monochrome"),
}
_NEXT_BEST: dict[Mode, tuple[Mode, ...]] = {
    Mode.COLOR: (Mode.COLOR, Mode.GRAY, Mode.LINEART),
    Mode.GRAY: (Mode.GRAY, Mode.COLOR, Mode.LINEART),
    Mode.LINEART: (Mode.LINEART, Mode.GRAY, Mode.COLOR),
}


def _mode(settings: ScanSettings, has: Capabilities) -> tuple[list[str], list[Adaptation]]:
    wish, words = settings.mode, has.choices("mode")
    found = next(((mode, word) for mode in _NEXT_BEST[wish] if (word := _mode_word(mode, words))), None)
    if found is None:
        return _depth(has, 8), []
    mode, word = found
    if mode is wish:
        return [f"--mode={word}", *(_depth(has, 8) if mode is not Mode.LINEART else [])], []
    if wish is Mode.LINEART and mode is Mode.GRAY and (depth := _depth(has, 1)):
        return [f"--mode={word}", *depth], []
    return [f"--mode={word}", *_depth(has, 8)], [Adaptation("mode", wish, word)]


def _mode_word(mode: Mode, words: tuple[str, ...]) -> str:
    known = _MODE_WORDS[mode]
    exact = _first(words, lambda word: word in known)
    return exact or _first(
        words, lambda word: any(part in word for part in known) and "diffusion" not in word
    )


def _depth(has: Capabilities, bits: int) -> list[str]:
    """Where the device can be told: JPEG takes no 16 bits."""
    return [f"--depth={bits}"] if str(bits) in has.choices("depth") else []


# --- resolution and area -------------------------------------------------------------------------


def _resolution(settings: ScanSettings, has: Capabilities) -> tuple[list[str], list[Adaptation]]:
    option = has.settable("resolution")
    if option is None:
        return [], [Adaptation("resolution", str(settings.resolution_dpi), "the device's own")]
    used = _nearest(option, settings.resolution_dpi)
    if used is None:
        return [], [Adaptation("resolution", str(settings.resolution_dpi), option.current)]
    if used == settings.resolution_dpi:
        return [f"--resolution={used:g}"], []
    return [f"--resolution={used:g}"], [Adaptation("resolution", str(settings.resolution_dpi), f"{used:g}")]


def _nearest(option: Option, wish: float) -> float | None:
    """The smallest that is no worse, else the best."""
    numbers = sorted(option.numbers())
    if numbers:
        return next((number for number in numbers if number >= wish), numbers[-1])
    if option.low is None or option.high is None:
        return None
    value = min(max(wish, option.low), option.high)
    return option.low + round((value - option.low) / option.step) * option.step if option.step else value


def _area(settings: ScanSettings, has: Capabilities) -> list[str]:
    if settings.paper is Paper.WHOLE:
        return []
    arguments = []
    # Where a feeder centres its paper, it must know the paper's size first (sane-fujitsu(5), from memory).
    for name, size_mm in zip(("page-width", "page-height"), A4_MM, strict=True):
        option = has.settable(name)
        if option is not None and option.high is not None:
            arguments.append(f"--{name}={min(size_mm, option.high):g}")
    for corner, side, size_mm in zip("lt", "xy", A4_MM, strict=True):
        option = has.settable(side)
        if option is not None and option.high is not None:
            if has.settable(corner) is not None:
                arguments += [f"-{corner}", "0"]
            arguments += [f"-{side}", f"{min(size_mm, option.high):g}"]
    return arguments
