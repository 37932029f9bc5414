"""Boxes on a serial line of their own, through a pseudo-terminal: bytes by a table, lines by a pattern."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.drivers.ratingpad.conftest import Heard, until

from halldrivers.errors import DeviceState
from halldrivers.ratingpad.address import parse_pad
from halldrivers.ratingpad.boxsim import PadBoxSim
from halldrivers.ratingpad.ears import SETTLE_S
from halldrivers.ratingpad.opening import PadForms, PadParts, RatingPad, open_rating_pad
from halldrivers.ratingpad.table import PadTable
from halldrivers.ratingpad.textline import PadLine
from halldrivers.simwire import SimServer, serve_pty, serve_tcp
from halldrivers.worker import Retry

BYTES = {str(key): bytes((0xAA, 1, 7, key, 0x55)) for key in range(1, 5)}
LINES = {str(key): f"K{key}\r\n".encode() for key in range(1, 5)}
TABLE = PadTable(
    {str(key): f"AA 01 .. {key:02X} 55" for key in range(1, 5)}, arm="BB 01", thank="BB 02", idle="BB 00"
)
LINE = PadLine("K([1-4])", arm="ASK", thank="THX", idle="OFF")
PARTS = PadParts(forms=PadForms({"box": TABLE}, {"box": LINE}), retry=Retry(0.02, 0.05))
Server = SimServer[PadBoxSim]

Form = tuple[str, dict[str, bytes], dict[str, bytes]]
FORMS: list[Form] = [
    ("table=box", BYTES, {"arm": b"\xbb\x01", "thank": b"\xbb\x02", "idle": b"\xbb\x00"}),
    ("line=box", LINES, {"arm": b"ASK\r\n", "thank": b"THX\r\n", "idle": b"OFF\r\n"}),
]


@pytest.fixture(autouse=True)
def a_wish_is_carried_out_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("halldrivers.ratingpad.streampad.LISTEN_S", 0.01)


@pytest.fixture(params=FORMS, ids=["bytes", "lines"])
def form(request: pytest.FixtureRequest) -> Form:
    found: Form = request.param
    return found


@pytest.fixture
def box(form: Form) -> PadBoxSim:
    return PadBoxSim(form[1], clock=time.monotonic)


@pytest.fixture
def server(box: PadBoxSim) -> Iterator[Server]:
    with serve_pty(box) as server:
        yield server


@contextmanager
def opened(url: str, heard: Heard) -> Iterator[RatingPad]:
    pad = open_rating_pad(
        parse_pad(url), PARTS, on_press=heard.presses.append, on_trouble=heard.troubles.append
    )
    try:
        yield pad
    finally:
        pad.close()


@pytest.fixture
def pad(form: Form, server: Server, heard: Heard) -> Iterator[RatingPad]:
    with opened(f"serial://{server.path}?baud=9600&{form[0]}", heard) as pad:
        until(lambda: heard.troubles == [None])
        yield pad


def armed(pad: RatingPad, box: PadBoxSim, form: Form) -> int:
    """Ask, and wait until the box was told and a person could have seen it."""
    told = box.heard.count(form[2]["arm"])
    number = pad.arm()
    until(lambda: box.heard.count(form[2]["arm"]) > told)
    seen_s = time.monotonic() + 2 * SETTLE_S
    until(lambda: time.monotonic() > seen_s)
    return number


def test_a_press_answers_the_arming(pad: RatingPad, box: PadBoxSim, form: Form, heard: Heard) -> None:
    number = armed(pad, box, form)
    box.press("3")
    until(lambda: heard.answers == [("3", number)])
    assert pad.counters["presses"] == 1


def test_the_box_is_told_to_ask_to_thank_and_to_rest(pad: RatingPad, box: PadBoxSim, form: Form) -> None:
    says = form[2]
    armed(pad, box, form)
    pad.hear("1")
    pad.thank("1")
    until(lambda: box.heard.endswith(says["thank"]))
    pad.idle()
    until(lambda: box.heard.endswith(says["idle"]))
    assert pad.counters["writes"] >= 4


def test_a_press_that_nobody_asked_for_is_a_stray(pad: RatingPad, box: PadBoxSim, heard: Heard) -> None:
    box.press("2")
    until(lambda: heard.answers == [("2", 0)])
    assert pad.counters["strays"] == 1


def test_what_was_pressed_before_the_pad_asked_never_answers(
    pad: RatingPad, box: PadBoxSim, form: Form, heard: Heard
) -> None:
    box.press("1")
    number = armed(pad, box, form)
    box.press("4")
    until(lambda: len(heard.presses) == 2)
    assert heard.answers == [("1", 0), ("4", number)]


def test_a_press_whose_first_byte_came_before_the_question_is_a_stray(
    pad: RatingPad, box: PadBoxSim, form: Form, heard: Heard
) -> None:
    box.babble(form[1]["1"][:1])
    until(lambda: pad.counters["bytes_in"] == 1)
    armed(pad, box, form)
    box.babble(form[1]["1"][1:])
    until(lambda: heard.keys == ["1"] or pad.counters["garbage"] > 0)
    assert heard.answers in ([("1", 0)], [])


def test_a_press_after_the_end_of_the_question_is_a_stray(
    pad: RatingPad, box: PadBoxSim, form: Form, heard: Heard
) -> None:
    armed(pad, box, form)
    told = box.heard.count(form[2]["idle"])
    pad.idle()
    until(lambda: box.heard.count(form[2]["idle"]) > told)
    box.press("1")
    until(lambda: heard.answers == [("1", 0)])


def test_a_held_key_that_the_box_sends_again_and_again_is_one_press_and_none_for_the_next_question(
    pad: RatingPad, box: PadBoxSim, form: Form, heard: Heard
) -> None:
    box.press("4", repeats=15, every_s=0.05)
    until(lambda: heard.answers == [("4", 0)])
    number = armed(pad, box, form)
    until(lambda: pad.counters["bytes_in"] >= 15 * len(form[1]["4"]))
    assert heard.answers == [("4", 0)], "a key held across the arming is no press"
    box.press("2")
    until(lambda: heard.answers == [("4", 0), ("2", number)])


def test_a_latching_box_gives_up_its_old_press_as_a_stray(form: Form, heard: Heard) -> None:
    box = PadBoxSim(form[1], clock=time.monotonic, latching=True)
    with serve_pty(box) as server, opened(f"serial://{server.path}?{form[0]}", heard) as pad:
        until(lambda: form[2]["idle"] in box.heard)
        box.press("1")
        pad.arm()
        until(lambda: heard.presses != [])
        assert heard.answers == [("1", 0)], "the box sends it as soon as it is told to ask"


def test_bytes_that_the_table_does_not_know_are_shown_to_the_technician(
    pad: RatingPad, box: PadBoxSim, form: Form, heard: Heard
) -> None:
    box.babble(b"\x12\x34\x56\x78" * 6 + b"\r")
    until(lambda: heard.codes == ["", "E-04"])
    trouble = heard.troubles[-1]
    assert trouble is not None and trouble.usable and trouble.status.fault is not None
    assert trouble.status.fault.what_en.endswith("12 34 56 78 12 34 56 78 12 34 56 78 0D)")
    assert pad.counters["garbage"] >= 24
    box.press("1")
    until(lambda: heard.codes == ["", "E-04", ""])
    assert heard.keys == ["1"]


@pytest.mark.parametrize("after", [0, 1, 2])
def test_a_box_that_is_pulled_at_any_byte_comes_back_and_asks_again(
    pad: RatingPad, box: PadBoxSim, form: Form, heard: Heard, after: int
) -> None:
    armed(pad, box, form)
    box.unplug_after(after)
    if after:
        pad.thank("1")
        until(lambda: not box.is_connected)
        pad.arm()
    until(lambda: heard.states[-1] is DeviceState.ABSENT)
    told = box.heard.count(form[2]["arm"])
    box.plug()
    until(lambda: heard.states[-1] is DeviceState.ONLINE)
    until(lambda: box.heard.count(form[2]["arm"]) > told)
    seen_s = time.monotonic() + 2 * SETTLE_S
    until(lambda: time.monotonic() > seen_s)
    box.press("2")
    until(lambda: heard.keys == ["2"])
    assert heard.presses[0].arming != 0
    assert heard.states == [DeviceState.ONLINE, DeviceState.ABSENT, DeviceState.ONLINE]


def test_a_box_behind_a_serial_server_works_alike(form: Form, heard: Heard) -> None:
    box = PadBoxSim(form[1], clock=time.monotonic)
    with serve_tcp(box) as server, opened(f"{server.url}?{form[0]}", heard) as pad:
        until(lambda: heard.troubles == [None])
        number = armed(pad, box, form)
        box.press("1")
        until(lambda: heard.answers == [("1", number)])


def test_a_box_that_is_not_there_is_found_later(form: Form, heard: Heard, tmp_path: Path) -> None:
    with opened(f"serial://{tmp_path}/pad?{form[0]}", heard) as pad:
        until(lambda: heard.states == [DeviceState.ABSENT])
        assert not pad.is_up
        with serve_pty(PadBoxSim(form[1], clock=time.monotonic), tmp_path / "pad"):
            until(lambda: heard.states == [DeviceState.ABSENT, DeviceState.ONLINE])
            assert pad.is_up
            pad.close()


def test_nothing_is_told_after_the_close(server: Server, box: PadBoxSim, form: Form, heard: Heard) -> None:
    with opened(f"serial://{server.path}?{form[0]}", heard) as pad:
        until(lambda: heard.troubles == [None])
        pad.close()
        box.press("1")
        box.unplug_after(0)
    assert heard.presses == [] and heard.troubles == [None]


def test_closing_leaves_the_box_at_rest(server: Server, box: PadBoxSim, form: Form, heard: Heard) -> None:
    with opened(f"serial://{server.path}?{form[0]}", heard) as pad:
        until(lambda: heard.troubles == [None])
        armed(pad, box, form)
    until(lambda: box.heard.endswith(form[2]["idle"]))
