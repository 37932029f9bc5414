"""The table of methods: what each operation of the hall takes and answers on the wire.

Derived from the signatures of :class:`~hallqueue.service.HallService`, so that an operation is
written down once: the parameters become a strict msgspec struct with bounds, the answer a decoder.
:func:`remote` and :func:`blocking` turn the same signatures into the methods of the two clients,
with their types kept.
"""

from __future__ import annotations

import functools
import inspect
import typing
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Any, Concatenate, ParamSpec, Protocol, TypeVar

import msgspec

from hallqueue.service import HallService

P = ParamSpec("P")
R = TypeVar("R")

TEXT_MAX = 500
"""Characters of a text parameter: longer than any reason a person types, short enough for the log."""
_LONGER = {"path": 4096, "page_hashes": 200 * 65}
"""Parameters that may be longer."""
_ID_MAX = 2**53
"""Whole numbers stay within what every JSON reader keeps exact (RFC 8259 section 6) and SQLite stores."""
_LIST_MAX = 1000
"""Rows that one listing may ask for."""
_CLEAN = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]*\Z"
"""No control characters (a name with an escape sequence would reach terminals and the printer), no
lone surrogates (they cannot be stored)."""


@dataclass(frozen=True, slots=True)
class Method:
    """One operation as it travels."""

    name: str
    params: type[msgspec.Struct]
    """Its parameters; fields in the order of the signature."""
    changes: bool
    """It changes the hall: it carries a key and runs as a unit of a commit."""
    decode_params: Callable[[bytes | msgspec.Raw], Any]
    """Strict; raises :class:`msgspec.ValidationError`."""
    decode_answer: Callable[[bytes | msgspec.Raw], Any]

    def arguments(self, params: msgspec.Struct) -> dict[str, Any]:
        """The parameters for the rules: by name, without the key."""
        return {name: getattr(params, name) for name in self.params.__struct_fields__ if name != "key"}


def _bounded(name: str, annotation: Any) -> Any:
    """The annotation with the bounds of its kind; a request never carries an unbounded value."""
    if annotation is str:
        least = 1 if name == "key" else 0
        most = _LONGER.get(name, TEXT_MAX)
        return Annotated[str, msgspec.Meta(min_length=least, max_length=most, pattern=_CLEAN)]
    if annotation is int and name == "limit":
        return Annotated[int, msgspec.Meta(ge=1, le=_LIST_MAX)]
    if annotation is int:
        return Annotated[int, msgspec.Meta(ge=-1, le=_ID_MAX)]
    if annotation is bool or (isinstance(annotation, type) and issubclass(annotation, Enum)):
        return annotation
    raise TypeError(f"no bounds are known for parameter {name}: {annotation}")


def _method(name: str, function: Callable[..., Any]) -> Method:
    hints = typing.get_type_hints(function)
    fields: list[tuple[str, Any] | tuple[str, Any, Any]] = []
    for parameter in list(inspect.signature(function).parameters.values())[1:]:
        kind = _bounded(parameter.name, hints[parameter.name])
        if parameter.default is inspect.Parameter.empty:
            fields.append((parameter.name, kind))
        else:
            fields.append((parameter.name, kind, parameter.default))
    params = msgspec.defstruct(
        f"{name}_params", fields, module=__name__, frozen=True, forbid_unknown_fields=True
    )
    return Method(
        name=name,
        params=params,
        changes=any(field[0] == "key" for field in fields),
        decode_params=msgspec.json.Decoder(params).decode,
        decode_answer=msgspec.json.Decoder(hints["return"]).decode,
    )


def _table() -> dict[str, Method]:
    found: dict[str, Method] = {}
    for name, function in vars(HallService).items():
        if not name.startswith("_") and inspect.iscoroutinefunction(function):
            found[name] = _method(name, function)
    return found


METHODS: dict[str, Method] = _table()
"""Every operation that is asked and answered; ``watch`` and ``follow`` are subscriptions and apart."""

SUBSCRIPTIONS = frozenset({"watch", "follow"})
"""The operations that answer with a stream of pushes."""


class AsyncCaller(Protocol):
    """What :func:`remote` needs of the object that its methods live on."""

    async def call(self, method: Method, params: msgspec.Struct) -> Any:
        """Ask the keeper and wait for its answer, decoded."""
        ...


class SyncCaller(Protocol):
    """What :func:`blocking` needs of the object that its methods live on."""

    def call(self, method: Method, params: msgspec.Struct) -> Any:
        """Ask the keeper and block until its answer, decoded."""
        ...


def remote(
    operation: Callable[Concatenate[HallService, P], Coroutine[Any, Any, R]],
) -> Callable[Concatenate[Any, P], Coroutine[Any, Any, R]]:
    """The operation as an async method that asks the keeper over the socket."""
    method = METHODS[operation.__name__]

    @functools.wraps(operation)
    async def ask(self: AsyncCaller, /, *args: P.args, **kwargs: P.kwargs) -> R:
        answer: R = await self.call(method, method.params(*args, **kwargs))
        return answer

    return ask


def blocking(
    operation: Callable[Concatenate[HallService, P], Coroutine[Any, Any, R]],
) -> Callable[Concatenate[Any, P], R]:
    """The operation as a method that blocks until the keeper has answered."""
    method = METHODS[operation.__name__]

    def ask(self: SyncCaller, /, *args: P.args, **kwargs: P.kwargs) -> R:
        answer: R = self.call(method, method.params(*args, **kwargs))
        return answer

    ask.__name__, ask.__qualname__ = operation.__name__, operation.__qualname__
    ask.__doc__ = operation.__doc__
    return ask
