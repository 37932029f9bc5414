"""Any event of any type is stored and read back as the same event, in the same bytes."""

from __future__ import annotations

from dataclasses import fields
from typing import get_type_hints

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from hallqueue import events as ev
from hallqueue.store.codec import decode_body, encode_body, event_of

BY_TYPE = {
    int: st.integers(-(2**53), 2**53),
    str: st.text(max_size=40),
    bool: st.booleans(),
    tuple[int, ...]: st.lists(st.integers(0, 2**53), max_size=4).map(tuple),
    tuple[str, ...]: st.lists(st.text(max_size=8), max_size=4).map(tuple),
}


def bodies() -> st.SearchStrategy[ev.Body]:
    def of(cls: type[ev.Body]) -> st.SearchStrategy[ev.Body]:
        hints = get_type_hints(cls)
        return st.builds(cls, **{field.name: BY_TYPE[hints[field.name]] for field in fields(cls)})

    return st.one_of([of(cls) for cls in ev.BODIES.values()])


@given(bodies())
def test_a_body_is_read_back_as_it_was_written(body: ev.Body) -> None:
    text = encode_body(body).decode()
    assert decode_body(type(body).__name__, text) == body
    assert encode_body(decode_body(type(body).__name__, text)).decode() == text


@given(bodies(), st.integers(1, 2**40), st.booleans(), st.text(max_size=20))
def test_a_row_of_the_log_becomes_its_event(body: ev.Body, seq: int, clock_ok: bool, actor: str) -> None:
    name, text = type(body).__name__, encode_body(body).decode()
    event = event_of(("e", seq, 5, "2026-03-02", int(clock_ok), actor, name, text))
    assert event == ev.Event("e", seq, 5, "2026-03-02", clock_ok, actor, body)


@given(bodies(), st.sampled_from(sorted(ev.BODIES)))
def test_fields_of_a_later_version_do_not_keep_an_event_from_being_read(body: ev.Body, extra: str) -> None:
    known = msgspec.json.decode(encode_body(body))
    text = msgspec.json.encode({**known, f"later_{extra}": [1, {"x": None}]})
    assert decode_body(type(body).__name__, text) == body
