"""What can be told to a simulator: a table of words, each with its help and what it does.

The table is the one place for it: the command's ``--help``, the line ``help``, what is understood on standard
input, and ``--fault`` come from it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from halldrivers.deviceurl import plain_number


class WrongWord(Exception):
    """A word that is not known, or used in a wrong way; its text is for people, in both languages."""

    def __init__(self, zh: str, en: str, known: Iterable[str] = ()) -> None:
        listed = " ".join(known)
        super().__init__(f"{zh} / {en}: {listed}" if listed else f"{zh} / {en}")


@dataclass(frozen=True, slots=True)
class Slot:
    """Something that stands behind a word."""

    name: str
    read: Callable[[Any, str], object]
    """The value of a text, for the device that is told; raises WrongWord."""
    usual: str | None = None
    """What it is when it is left out; None where it must be there."""
    is_rest: bool = False
    """It takes the rest of the line, spaces included."""
    known: tuple[str, ...] = ()
    """The values, for the help, where they are the same for every device."""

    @property
    def shape(self) -> str:
        """As the help writes it."""
        return self.name if self.usual is None else f"[{self.name}]"


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a table."""

    zh: str
    en: str
    do: Callable[..., object]
    """Called with the device and the value of each slot."""
    slots: tuple[Slot, ...] = ()


Words = Mapping[str, Word]


def obey(words: Words, device: Any, line: str) -> None:
    """Do what a line says; raise WrongWord when it cannot be understood, and have done nothing."""
    name, rest = _first(line)
    if name not in words:
        raise WrongWord(f"没有命令 {name}，可用", "no such command, known", words)
    word, values = words[name], []
    for slot in word.slots:
        text, rest = (rest, "") if slot.is_rest else _first(rest)
        if not text and slot.usual is None:
            raise WrongWord(
                f"缺少 {slot.name}，写法：{_shape(name, word)}", f"{slot.name} is missing: write as shown"
            )
        values.append(slot.read(device, text or slot.usual or ""))
    if rest:
        raise WrongWord(f"多了 {rest}，写法：{_shape(name, word)}", f"{rest} is too much: write as shown")
    word.do(device, *values)


def _first(text: str) -> tuple[str, str]:
    """The first word and what follows; spaces of any width, as a Chinese keyboard types them."""
    parts = text.strip().split(None, 1)
    return (parts[0] if parts else "", parts[1] if len(parts) > 1 else "")


def help_lines(words: Words) -> Iterator[str]:
    """The table for people: a line for each word, and one for each slot with known values."""
    shapes = {_shape(name, word): word for name, word in words.items()}
    width = max(map(len, shapes))
    for shape, word in shapes.items():
        yield f"{shape.ljust(width)}  {word.zh} / {word.en}"
    for slot in dict.fromkeys(slot for word in words.values() for slot in word.slots if slot.known):
        yield f"{slot.name}: {' '.join(slot.known)}"


def _shape(name: str, word: Word) -> str:
    return " ".join((name, *(slot.shape for slot in word.slots)))


# --- slots --------------------------------------------------------------------------------------------


def one_of(name: str, known: Mapping[str, object]) -> Slot:
    """One of some names."""
    return Slot(name, lambda device, text: _pick(name, known, text), known=tuple(known))


def one_from(name: str, known: Callable[[Any], Mapping[str, object]]) -> Slot:
    """One of some names that the device has."""
    return Slot(name, lambda device, text: _pick(name, known(device), text))


def _pick(name: str, known: Mapping[str, object], text: str) -> object:
    if text not in known:
        raise WrongWord(f"{name} 没有 {text}，可用", f"no such {name}, known", known)
    return known[text]


def count(name: str, most: int, usual: int | None = None, *, least: int = 0) -> Slot:
    """A whole number."""

    def read(device: object, text: str) -> int:
        number = plain_number(text)
        if number is None or not least <= number <= most:
            raise WrongWord(
                f"{name} 要写 {least} 到 {most} 的整数", f"{name} is a number from {least} to {most}"
            )
        return number

    return Slot(name, read, None if usual is None else str(usual))


def seconds(name: str = "SECONDS", usual: str = "2") -> Slot:
    """A time, up to a minute, with or without a decimal point."""

    def read(device: object, text: str) -> float:
        whole, _, part = text.partition(".")
        if plain_number(whole) is None or (part and plain_number(part) is None) or float(text) > 60:
            raise WrongWord(f"{name} 要写 0 到 60 秒", f"{name} is a time from 0 to 60 seconds")
        return float(text)

    return Slot(name, read, usual)


def text_line(name: str) -> Slot:
    """The rest of the line as it is."""
    return Slot(name, lambda device, text: text, is_rest=True)


def hex_bytes(name: str = "HEX") -> Slot:
    """Bytes in hexadecimal, with or without spaces."""

    def read(device: object, text: str) -> bytes:
        try:
            return bytes.fromhex(text)
        except ValueError as error:
            raise WrongWord(
                f"{name} 要写十六进制，例如 AA 01 55", f"{name} is hexadecimal, such as AA 01 55"
            ) from error

    return Slot(name, read, is_rest=True)


def key_presses(name: str, known: Mapping[str, str]) -> Slot:
    """The rest of the line as keys by what is written on them; ``012`` is three keys."""

    def read(device: object, text: str) -> tuple[str, ...]:
        keys: list[str] = []
        for part in text.split():
            keys += part if part.isascii() and part.isdigit() else (part,)
        return tuple(str(_pick(name, known, key)) for key in keys)

    return Slot(name, read, is_rest=True, known=tuple(known))
