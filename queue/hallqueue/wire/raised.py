"""An error that travelled as its code and details, as the same class again."""

from __future__ import annotations

from hallqueue.errors import HallError, Refused, Trouble


def _leaves(cls: type[HallError]) -> list[type[HallError]]:
    found = [cls]
    for sub in cls.__subclasses__():
        found += _leaves(sub)
    return found


def error_from_wire(code: str, details: dict[str, str | int]) -> HallError:
    """The error that travelled as ``code`` and ``details``; an unknown code becomes a plain HallError."""
    for cls in _leaves(HallError):
        if cls.code == code and cls not in (HallError, Refused, Trouble):
            return cls(**details)
    return HallError(code=code, **details)
