"""pymodbus on our transports: vectors, echoes, garbage, and no hidden waiting."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import halldrivers
from halldrivers.counters import Counters
from halldrivers.errors import PortGone
from halldrivers.modbusline.address import Framing
from halldrivers.modbusline.client import LineClient
from halldrivers.modbusline.errors import UnitGarbled, UnitRefused, UnitSilent
from halldrivers.modbussim.frames import frame

READ_FOUR = bytes.fromhex("01 02 00 00 00 04 79 C9")  # facts: queueing 3.7
KEY_1 = bytes.fromhex("01 02 01 01 60 48")
KEY_4 = bytes.fromhex("01 02 01 08 A0 4E")
LAMP_ON = bytes.fromhex("01 05 00 00 FF 00 8C 3A")
ONE = bytes.fromhex("01 06 00 00 00 01 48 0A")
THREE = bytes.fromhex("03 06 00 00 00 03 C8 29")
LAMPS_ON = bytes.fromhex("01 0F 00 00 00 04 01 0F 7E 92")
LAMPS_ANSWER = frame(1, bytes.fromhex("0F 00 00 00 04"))


class Script:
    """A wire that answers what the test says, in virtual time: nothing here waits."""

    def __init__(self) -> None:
        self.now_s = 100.0
        self.sent: list[bytes] = []
        self.answers: list[tuple[float, bytes]] = []
        """After how many seconds each piece of the next answer comes."""
        self.waiting: list[tuple[float, bytes]] = []
        self.is_gone = False
        self.accepts = 1000

    def open(self) -> None: ...

    def close(self) -> None: ...

    def write(self, data: bytes, timeout_s: float) -> int:
        if self.is_gone:
            raise PortGone("pulled", 0)
        self.sent.append(data)
        self.waiting += [(self.now_s + after_s, piece) for after_s, piece in self.answers]
        self.answers = []
        return min(len(data), self.accepts)

    def read(self, max_bytes: int, timeout_s: float) -> bytes:
        if self.is_gone:
            raise PortGone("pulled", 0)
        if self.waiting and self.waiting[0][0] <= self.now_s + timeout_s:
            at_s, data = self.waiting.pop(0)
            self.now_s = max(self.now_s, at_s)
            return data
        self.now_s += timeout_s
        return b""

    def __enter__(self) -> Script:
        return self

    def __exit__(self, *error: object) -> None: ...


@pytest.fixture
def wire() -> Script:
    return Script()


def client_on(wire: Script, framing: Framing = Framing.RTU) -> LineClient:
    return LineClient(
        wire,
        "line",
        framing=framing,
        gap_s=0.004 if framing is Framing.RTU else 0.0,
        counters=Counters(),
        now_s=lambda: wire.now_s,
    )


@pytest.fixture
def client(wire: Script) -> LineClient:
    return client_on(wire)


def test_inputs_are_asked_and_read_as_in_the_vectors(wire: Script, client: LineClient) -> None:
    wire.answers = [(0.01, KEY_1)]
    assert client.read_inputs(1, 0.07, 0, 4) == (True, False, False, False)
    wire.answers = [(0.01, KEY_4)]
    assert client.read_inputs(1, 0.07, 0, 4) == (False, False, False, True)
    assert wire.sent == [READ_FOUR, READ_FOUR]


def test_lamps_and_numbers_are_written_as_in_the_vectors(wire: Script, client: LineClient) -> None:
    wire.answers = [(0.01, LAMP_ON)]
    client.write_coil(1, 0.07, 0, True)
    wire.answers = [(0.01, LAMPS_ANSWER)]
    client.write_coils(1, 0.07, 0, (True,) * 4)
    wire.answers = [(0.01, ONE)]
    client.write_register(1, 0.07, 0, 1)
    wire.answers = [(0.01, THREE)]
    client.write_register(3, 0.07, 0, 3)
    wire.answers = [(0.01, frame(1, bytes.fromhex("10 00 80 00 02")))]
    client.write_registers(1, 0.07, 0x80, (0x773F, 0x065B))
    written = frame(1, bytes.fromhex("10 00 80 00 02 04 77 3F 06 5B"))
    assert wire.sent == [LAMP_ON, LAMPS_ON, ONE, THREE, written]


def test_a_frame_is_preceded_by_silence(wire: Script, client: LineClient) -> None:
    began_s = wire.now_s
    wire.answers = [(0.0, KEY_1)]
    client.read_inputs(1, 0.07, 0, 4)
    assert wire.now_s - began_s >= 0.004


def test_right_after_an_answer_the_next_frame_waits_for_its_silence(wire: Script, client: LineClient) -> None:
    wire.answers = [(0.01, KEY_1)]
    client.read_inputs(1, 0.07, 0, 4)
    began_s = wire.now_s
    wire.answers = [(0.01, KEY_1)]
    client.read_inputs(1, 0.07, 0, 4)
    assert wire.now_s - began_s == pytest.approx(0.014)


def test_after_a_rest_one_look_tells_that_the_line_is_silent(wire: Script, client: LineClient) -> None:
    wire.now_s += 1.0
    began_s = wire.now_s
    wire.answers = [(0.01, KEY_1)]
    client.read_inputs(1, 0.07, 0, 4)
    assert wire.now_s - began_s == pytest.approx(0.01)


def test_what_came_during_a_rest_is_dropped_and_silence_awaited(wire: Script, client: LineClient) -> None:
    wire.now_s += 1.0
    began_s = wire.now_s
    wire.waiting = [(began_s - 0.5, KEY_4), (began_s + 0.003, KEY_4)]
    wire.answers = [(0.01, KEY_1)]
    assert client.read_inputs(1, 0.07, 0, 4) == (True, False, False, False)
    assert wire.now_s - began_s == pytest.approx(0.003 + 0.004 + 0.01)


def test_a_silent_unit_costs_its_time_out_once_and_is_not_asked_again(
    wire: Script, client: LineClient
) -> None:
    began_s = wire.now_s
    with pytest.raises(UnitSilent) as caught:
        client.read_inputs(7, 0.07, 0, 4)
    assert wire.now_s - began_s == pytest.approx(0.074)
    assert len(wire.sent) == 1, "no hidden retries"
    assert caught.value.detail == "line#7"


def test_any_number_of_silences_costs_the_same_each_time(wire: Script, client: LineClient) -> None:
    for _ in range(20):
        began_s = wire.now_s
        with pytest.raises(UnitSilent):
            client.read_inputs(7, 0.07, 0, 4)
        assert wire.now_s - began_s == pytest.approx(0.074), "no hidden reconnect delays"
    wire.answers = [(0.01, KEY_1)]
    assert client.read_inputs(1, 0.07, 0, 4)[0]


def test_an_answer_that_comes_in_pieces_is_read(wire: Script, client: LineClient) -> None:
    wire.answers = [(0.005 * n, bytes((byte,))) for n, byte in enumerate(KEY_1)]
    assert client.read_inputs(1, 0.07, 0, 4)[0]


def test_garbage_before_an_answer_loses_at_most_that_answer(wire: Script, client: LineClient) -> None:
    wire.answers = [(0.01, b"\xff\x00" + KEY_1)]
    try:
        client.read_inputs(1, 0.07, 0, 4)
    except UnitGarbled:
        pass
    wire.answers = [(0.01, KEY_1)]
    assert client.read_inputs(1, 0.07, 0, 4)[0]


def test_garbage_inside_an_answer_is_told_as_damage(wire: Script, client: LineClient) -> None:
    wire.answers = [(0.01, KEY_1[:3] + b"\x55" + KEY_1[3:])]
    with pytest.raises(UnitGarbled, match="M-04"):
        client.read_inputs(1, 0.07, 0, 4)


def test_garbage_after_an_answer_is_gone_before_the_next_question(wire: Script, client: LineClient) -> None:
    wire.answers = [(0.01, KEY_1), (0.012, b"\x01\x02\x01")]
    assert client.read_inputs(1, 0.07, 0, 4)[0]
    wire.answers = [(0.01, KEY_4)]
    assert client.read_inputs(1, 0.07, 0, 4)[3]


def test_a_late_answer_of_one_unit_is_no_answer_of_another(wire: Script, client: LineClient) -> None:
    wire.answers = [(0.09, frame(2, KEY_1[1:-2]))]
    with pytest.raises(UnitSilent):
        client.read_inputs(2, 0.07, 0, 4)
    wire.answers = [(0.01, KEY_4)]
    assert client.read_inputs(1, 0.07, 0, 4) == (False, False, False, True)


def test_an_answer_of_the_wrong_unit_is_damage(wire: Script, client: LineClient) -> None:
    wire.answers = [(0.01, frame(2, KEY_1[1:-2]))]
    with pytest.raises(UnitGarbled):
        client.read_inputs(1, 0.07, 0, 4)


def test_an_answer_with_a_wrong_crc_is_damage(wire: Script, client: LineClient) -> None:
    wire.answers = [(0.01, KEY_1[:-1] + b"\x00")]
    with pytest.raises(UnitGarbled):
        client.read_inputs(1, 0.07, 0, 4)


def test_an_answer_to_another_function_is_damage(wire: Script, client: LineClient) -> None:
    wire.answers = [(0.01, LAMPS_ANSWER)]
    with pytest.raises(UnitGarbled, match="an answer to function 15 instead of 2"):
        client.read_inputs(1, 0.07, 0, 4)


def test_an_answer_with_fewer_inputs_than_asked_is_damage(wire: Script, client: LineClient) -> None:
    wire.answers = [(0.01, frame(1, b"\x02\x00"))]
    with pytest.raises(UnitGarbled):
        client.read_inputs(1, 0.07, 0, 4)


def test_a_refusal_is_told_with_its_code(wire: Script, client: LineClient) -> None:
    wire.answers = [(0.01, frame(1, b"\x82\x02"))]
    with pytest.raises(UnitRefused) as caught:
        client.read_inputs(1, 0.07, 0, 4)
    assert caught.value.exception == 2
    assert caught.value.detail == "line#1: function 2, exception 2"


@pytest.mark.parametrize("code", [5, 6, 10, 11])
def test_not_now_and_a_gateway_s_no_answer_are_silence(wire: Script, client: LineClient, code: int) -> None:
    wire.answers = [(0.01, frame(1, bytes((0x82, code))))]
    with pytest.raises(UnitSilent):
        client.read_inputs(1, 0.07, 0, 4)


def test_an_echo_is_taken_off_and_learned(wire: Script, client: LineClient) -> None:
    wire.answers = [(0.008, READ_FOUR), (0.02, KEY_1)]
    assert client.read_inputs(1, 0.07, 0, 4)[0]
    wire.answers = [(0.01, LAMP_ON), (0.02, LAMP_ON)]
    client.write_coil(1, 0.07, 0, True)
    assert not wire.waiting, "the answer was waited for behind the echo"


def test_an_echo_in_one_piece_with_its_answer_is_taken_off(wire: Script, client: LineClient) -> None:
    wire.answers = [(0.01, LAMPS_ON + LAMPS_ANSWER)]
    client.write_coils(1, 0.07, 0, (True,) * 4)
    wire.answers = [(0.01, READ_FOUR[:3]), (0.012, READ_FOUR[3:] + KEY_1[:2]), (0.014, KEY_1[2:])]
    assert client.read_inputs(1, 0.07, 0, 4)[0]


def test_an_echo_alone_is_silence(wire: Script, client: LineClient) -> None:
    wire.answers = [(0.01, READ_FOUR)]
    with pytest.raises(UnitSilent):
        client.read_inputs(1, 0.07, 0, 4)
    wire.answers = [(0.01, LAMP_ON)]
    with pytest.raises(UnitSilent):
        client.write_coil(1, 0.07, 0, True)


def test_without_an_echo_the_answer_that_equals_its_question_counts(wire: Script, client: LineClient) -> None:
    wire.answers = [(0.01, KEY_1)]
    client.read_inputs(1, 0.07, 0, 4)
    wire.answers = [(0.01, LAMP_ON)]
    client.write_coil(1, 0.07, 0, True)


def test_an_adapter_that_stops_echoing_is_noticed(wire: Script, client: LineClient) -> None:
    wire.answers = [(0.01, READ_FOUR + KEY_1)]
    client.read_inputs(1, 0.07, 0, 4)
    wire.answers = [(0.01, KEY_4)]
    assert client.read_inputs(1, 0.07, 0, 4)[3]
    wire.answers = [(0.01, LAMP_ON)]
    client.write_coil(1, 0.07, 0, True)


def test_a_device_that_babbles_is_not_waited_for(wire: Script, client: LineClient) -> None:
    wire.answers = [(0.0001 * n, b"\x55" * 50) for n in range(1000)]
    began_s = wire.now_s
    with pytest.raises(UnitGarbled, match="more bytes than any answer has"):
        client.read_inputs(1, 0.07, 0, 4)
    with pytest.raises(UnitGarbled, match="the line is never silent"):
        client.read_inputs(1, 0.07, 0, 4)
    assert wire.now_s - began_s < 0.2


def test_a_pulled_adapter_is_no_silent_unit(wire: Script, client: LineClient) -> None:
    wire.is_gone = True
    with pytest.raises(PortGone):
        client.read_inputs(1, 0.07, 0, 4)


def test_an_adapter_that_takes_half_a_frame_is_gone(wire: Script, client: LineClient) -> None:
    wire.accepts = 3
    with pytest.raises(PortGone, match="3 of 8 bytes") as caught:
        client.read_inputs(1, 0.07, 0, 4)
    assert caught.value.accepted == 3


def test_modbus_tcp_counts_its_questions_and_drops_answers_to_older_ones(wire: Script) -> None:
    client = client_on(wire, Framing.TCP)
    with pytest.raises(UnitSilent):
        client.read_inputs(1, 0.1, 0, 4)
    old, new = (bytes((0, n)) + bytes.fromhex("00 00 00 04 01 02 01") for n in (1, 2))
    wire.answers = [(0.01, old + b"\x01"), (0.02, new + b"\x08")]
    assert client.read_inputs(1, 0.1, 0, 4) == (False, False, False, True)
    assert wire.sent[0] == bytes.fromhex("00 01 00 00 00 06 01 02 00 00 00 04")
    assert wire.sent[1][:2] == b"\x00\x02"


def test_setting_the_wall_clock_changes_no_time_out(
    wire: Script, client: LineClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    moments = iter([10.0**9, 0.0, 10.0**6, 5.0] * 100)
    monkeypatch.setattr(time, "time", lambda: next(moments))
    began_s = wire.now_s
    with pytest.raises(UnitSilent):
        client.read_inputs(1, 0.07, 0, 4)
    assert wire.now_s - began_s == pytest.approx(0.074)


PIECES = st.lists(
    st.tuples(
        st.floats(0, 0.05),
        st.one_of(
            st.binary(max_size=40),
            st.sampled_from(
                [KEY_1, READ_FOUR, LAMP_ON, LAMPS_ANSWER, frame(1, b"\x2b\x0e\x01"), b"\x01\x0c"]
            ),
        ),
    ),
    max_size=6,
).map(lambda pieces: sorted(pieces, key=lambda piece: piece[0]))
ASKS: list[Callable[[LineClient], object]] = [
    lambda client: client.read_inputs(1, 0.07, 0, 4),
    lambda client: client.write_coil(1, 0.07, 0, True),
    lambda client: client.write_coils(1, 0.07, 0, (True,) * 4),
    lambda client: client.write_registers(1, 0.07, 0x80, (1, 2)),
]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(ASKS), PIECES), max_size=4), st.sampled_from(Framing))
def test_whatever_comes_a_question_ends_in_its_time_with_an_answer_or_an_error_of_ours(
    asks: list[tuple[Callable[[LineClient], object], list[tuple[float, bytes]]]], framing: Framing
) -> None:
    wire = Script()
    client = client_on(wire, framing)
    for ask, pieces in asks:
        wire.answers = [piece for piece in pieces if piece[1]]
        began_s = wire.now_s
        try:
            ask(client)
        except (UnitSilent, UnitGarbled, UnitRefused):
            pass
        assert wire.now_s - began_s <= 0.07 * 2 + 0.01


def test_pymodbus_is_imported_in_one_module_of_the_drivers() -> None:
    folder = Path(halldrivers.__file__).parent
    importing = [
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*.py")
        if re.search(r"^\s*(import|from) pymodbus", path.read_text("utf-8"), re.MULTILINE)
    ]
    assert importing == ["modbusline/client.py"]


def test_pymodbus_is_loaded_only_when_a_line_is_opened() -> None:
    code = (
        "import sys, halldrivers.modbusline, halldrivers.ratingpad.opening, halldrivers.sign;"
        "sys.exit('pymodbus' in sys.modules or 'serial' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0


@pytest.fixture(autouse=True)
def no_thread_is_made() -> Iterator[None]:
    before = threading.active_count()
    yield
    assert threading.active_count() == before
