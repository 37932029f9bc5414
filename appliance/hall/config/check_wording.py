"""Checks of ``[wording]``: every replaced text exists, and says no more than the screen can fill in."""

from __future__ import annotations

import importlib
import pkgutil
import string

from hall.config import catalogue_devices as cat
from hall.config.draft import Draft
from hall.config.fit import guess


def check_wording(draft: Draft) -> None:
    """Report texts that no screen has, and templates that would fail when they are shown."""
    if not draft.shape.wording:
        return
    known = known_texts()
    for key, words in draft.shape.wording.items():
        where: tuple[str, ...] = ("wording", key)
        if where not in draft.problems.lines.known:
            where = ("wording", *key.split("."))  # written bare, its dots made tables of it
        if key not in known:
            draft.problems.add(cat.UNKNOWN_TEXT, *where, key=key, **guess(key, known))
            continue
        allowed = placeholders(known[key]) or set()
        used = placeholders(words)
        if used is None or not used <= allowed:
            listed = " ".join(f"{{{name}}}" for name in sorted(allowed)) or "-"
            draft.problems.add(cat.BAD_TEXT, *where, key=key, words=words, allowed=listed)


def known_texts() -> dict[str, str]:
    """Every text of every screen by the key that replaces it: ``key`` Chinese, ``key.en`` English.

    Read from the screens' own tables, so that a new text can be replaced without a change here.
    """
    import hallkiosk.wording

    found: dict[str, str] = {}
    for module in pkgutil.iter_modules(hallkiosk.wording.__path__, "hallkiosk.wording."):
        texts = getattr(importlib.import_module(module.name), "TEXTS", {})
        for key, text in texts.items():
            found |= {key: text.zh, f"{key}.en": text.en or text.zh}
    return found


def placeholders(words: str) -> set[str] | None:
    """The names in braces; None for a template that cannot be read or that reaches into a value."""
    try:
        fields = [name for _, name, _, _ in string.Formatter().parse(words) if name is not None]
    except ValueError:
        return None
    return set(fields) if all(name.isidentifier() for name in fields) else None
