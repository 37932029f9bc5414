"""The ID-card reader's two pipes: head and body apart, one plain stream for the codec."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from halldrivers.errors import PortAbsent, PortDenied, PortGone
from halldrivers.usbport import TwoPipeTransport, UsbNoPipes

SAM_ID = bytes.fromhex("aaaaaa9669 0003 12ff ee")
FIND = bytes.fromhex("aaaaaa9669 0003 2001 22")
NO_CARD = bytes.fromhex("aaaaaa9669 0004 000080 84")


def answer_with(body_bytes: int) -> bytes:
    """An answer of so many bytes after its head; what is in it is the codec's business."""
    return b"\xaa\xaa\xaa\x96\x69" + body_bytes.to_bytes(2, "big") + bytes(i % 251 for i in range(body_bytes))


def reader(bus: Any, answer: Callable[[bytes], bytes] | bytes = NO_CARD, **more: Any) -> Any:
    return bus.reader(answer if callable(answer) else lambda _: answer, **more)


def wire_to(bus: Any) -> TwoPipeTransport:
    return TwoPipeTransport(0x0400, 0xC35A, backend=bus)


def read_frame(wire: TwoPipeTransport, count: int, within_s: float = 10.0) -> bytes:
    data, deadline = b"", time.monotonic() + within_s
    while len(data) < count and time.monotonic() < deadline:
        data += wire.read(4096, min(0.1, within_s))
    return data


def test_a_frame_goes_as_its_head_and_its_body(bus: Any) -> None:
    device = reader(bus)
    with wire_to(bus) as wire:
        assert wire.write(SAM_ID, 1.0) == len(SAM_ID)

    assert device.far.frames == [SAM_ID]
    assert [endpoint for endpoint, _ in device.transfers] == [0x02, 0x06]


@pytest.mark.parametrize("body", [4, 57, 64, 128, 0x0508, 0x050A, 0x070A, 0x090A])
def test_an_answer_of_any_length_comes_as_one_stream(bus: Any, body: int) -> None:
    """Also where its body fills its last packet, and ends without a short one."""
    reader(bus, answer_with(body))
    with wire_to(bus) as wire:
        wire.write(FIND, 1.0)

        assert read_frame(wire, 7 + body) == answer_with(body)
        assert wire.read(1, 0.0) == b""


def test_the_codec_may_read_byte_by_byte(bus: Any) -> None:
    reader(bus)
    with wire_to(bus) as wire:
        wire.write(FIND, 1.0)

        assert b"".join(wire.read(1, 1.0) for _ in NO_CARD) == NO_CARD


def test_several_frames_in_one_write_go_one_by_one(bus: Any) -> None:
    device = reader(bus)
    with wire_to(bus) as wire:
        assert wire.write(SAM_ID + FIND, 1.0) == 20
        assert read_frame(wire, 22) == NO_CARD + NO_CARD

    assert device.far.frames == [SAM_ID, FIND]


@pytest.mark.parametrize(
    "data", [SAM_ID[:6], SAM_ID[:9], SAM_ID + b"\xaa", b"\xaa" * 7, b"\xaa" * 5 + b"\0\0"]
)
def test_anything_but_whole_frames_is_a_program_error_and_sends_nothing(bus: Any, data: bytes) -> None:
    device = reader(bus)
    with wire_to(bus) as wire, pytest.raises(ValueError, match="not whole frames"):
        wire.write(data, 1.0)

    assert device.transfers == []


def test_a_polling_reader_costs_no_drain_between_whole_answers(bus: Any) -> None:
    device = reader(bus)
    with wire_to(bus) as wire:
        for _ in range(3):
            wire.write(FIND, 1.0)
            assert read_frame(wire, len(NO_CARD)) == NO_CARD

    assert [endpoint for endpoint, _ in device.transfers] == [0x02, 0x06, 0x81, 0x85] * 3


def test_the_late_rest_of_an_answer_is_not_taken_for_the_next_one(bus: Any) -> None:
    device = reader(bus, answer_with(200))
    with wire_to(bus) as wire:
        wire.write(FIND, 1.0)
        late = [device.far.given[0x85].pop() for _ in range(2)]
        assert len(read_frame(wire, 207, within_s=0.3)) == 7 + 128
        device.far.given[0x85].extend(reversed(late))
        device.far.answer = lambda _: NO_CARD
        wire.write(FIND, 1.0)

        assert read_frame(wire, len(NO_CARD)) == NO_CARD


def test_an_answer_whose_body_never_came_does_not_swallow_the_next_head(bus: Any) -> None:
    device = reader(bus, answer_with(100))
    with wire_to(bus) as wire:
        wire.write(FIND, 1.0)
        device.far.given[0x85].clear()
        assert read_frame(wire, 107, within_s=0.1) == answer_with(100)[:7]
        device.far.answer = lambda _: NO_CARD
        wire.write(FIND, 1.0)

        assert read_frame(wire, len(NO_CARD)) == NO_CARD


def test_an_answer_that_nobody_read_is_not_read_after_the_next_question(bus: Any) -> None:
    device = reader(bus, answer_with(40))
    with wire_to(bus) as wire:
        wire.write(FIND, 1.0)
        device.far.answer = lambda _: NO_CARD
        wire.write(FIND, 1.0)

        assert read_frame(wire, len(NO_CARD)) == NO_CARD


def test_a_head_that_is_none_is_passed_on_as_noise(bus: Any) -> None:
    device = reader(bus)
    device.far.given[0x81].append(b"\xff" * 9)
    with wire_to(bus) as wire:
        assert wire.read(99, 1.0) == b"\xff" * 9
        wire.write(FIND, 1.0)
        assert read_frame(wire, len(NO_CARD)) == NO_CARD


def test_noise_that_looks_like_a_length_does_not_hide_the_head_behind_it(bus: Any) -> None:
    device = reader(bus)
    device.far.given[0x81].append(b"\x11\x22\x33\x44\x55\x00\x20")
    device.far.send(NO_CARD)
    with wire_to(bus) as wire:
        assert read_frame(wire, 7 + len(NO_CARD))[7:] == NO_CARD


def test_a_length_that_no_answer_has_is_noise_too(bus: Any) -> None:
    device = reader(bus)
    device.far.given[0x81].append(b"\xaa\xaa\xaa\x96\x69\xff\xff")
    with wire_to(bus) as wire:
        assert len(wire.read(99, 1.0)) == 7
        wire.write(FIND, 1.0)
        assert read_frame(wire, len(NO_CARD)) == NO_CARD


def test_a_reader_that_sends_the_whole_answer_on_the_first_pipe_is_understood(bus: Any) -> None:
    device = reader(bus)
    with wire_to(bus) as wire:
        device.far.given[0x81].extend([NO_CARD, NO_CARD])
        assert read_frame(wire, 2 * len(NO_CARD)) == NO_CARD + NO_CARD
        wire.write(FIND, 1.0)
        assert read_frame(wire, len(NO_CARD)) == NO_CARD


def test_a_head_in_pieces_and_empty_packets_are_put_together(bus: Any) -> None:
    device = reader(bus)
    device.far.given[0x81].extend([b"", NO_CARD[:3], b"", NO_CARD[3:7]])
    device.far.given[0x85].extend([b"", NO_CARD[7:9], NO_CARD[9:]])
    with wire_to(bus) as wire:
        assert read_frame(wire, len(NO_CARD)) == NO_CARD


def test_a_reader_that_babbles_does_not_hold_the_terminal(bus: Any) -> None:
    device = reader(bus, answer_with(40))
    with wire_to(bus) as wire:
        wire.write(FIND, 1.0)
        device.far.given[0x85].extend([b"\x55" * 64] * 5000)
        wire.write(FIND, 1.0)

    assert len(device.transfers) < 100
    assert len(device.far.frames) == 2


def test_a_reader_that_takes_no_body_costs_the_timeout_and_the_count_is_true(bus: Any) -> None:
    device = reader(bus)
    device.far.takes_bodies = False
    with wire_to(bus) as wire:
        assert wire.write(FIND, 0.05) == 7


def test_silence_is_no_error(bus: Any) -> None:
    reader(bus)
    with wire_to(bus) as wire:
        assert wire.read(99, 0.02) == b""


def test_unplugged_between_head_and_body_is_gone_and_found_again_at_another_address(bus: Any) -> None:
    device = reader(bus, answer_with(100))
    wire = wire_to(bus)
    wire.open()
    wire.write(FIND, 1.0)
    assert len(wire.read(7, 1.0)) == 7
    bus.unplug(device)
    with pytest.raises(PortGone):
        wire.read(99, 1.0)
    with pytest.raises(PortAbsent):
        wire.open()
    device.far.given[0x85].clear()
    device.far.answer = lambda _: NO_CARD
    bus.plug(device, address=77)
    with wire:
        wire.write(FIND, 1.0)
        assert read_frame(wire, len(NO_CARD)) == NO_CARD


def test_unplugged_in_the_second_frame_of_a_write_counts_the_first(bus: Any) -> None:
    device = reader(bus, lambda frame: (bus.unplug(device), NO_CARD)[1])
    wire = wire_to(bus)
    wire.open()

    with pytest.raises(PortGone) as caught:
        wire.write(FIND + SAM_ID, 1.0)

    assert caught.value.accepted == len(FIND) + 7


def test_a_device_with_one_pair_only_is_not_a_two_pipe_reader(bus: Any, setting: Any) -> None:
    reader(bus).interfaces = [[setting({0x02: (2, 64), 0x82: (2, 64)}, kind=0xFF)]]

    with pytest.raises(UsbNoPipes, match="no endpoint 0x06"):
        wire_to(bus).open()


def test_pipes_on_two_interfaces_are_both_taken_and_given_back(bus: Any, setting: Any) -> None:
    device = reader(bus)
    device.interfaces = [
        [setting({0x02: (2, 64), 0x81: (3, 64)}, kind=0xFF)],
        [setting({0x06: (2, 64), 0x85: (2, 64)}, kind=0xFF)],
    ]
    with wire_to(bus) as wire:
        wire.write(FIND, 1.0)
        assert read_frame(wire, len(NO_CARD)) == NO_CARD


def test_without_rights_the_rule_names_the_reader_and_its_group(bus: Any) -> None:
    reader(bus, is_denied=True)

    with pytest.raises(PortDenied, match='"c35a", GROUP="dialout"'):
        wire_to(bus).open()


def test_without_rights_the_group_is_the_same_when_the_serial_number_is_asked_for(bus: Any) -> None:
    reader(bus, is_denied=True, serial="R1")

    with pytest.raises(PortDenied, match='GROUP="dialout"'):
        TwoPipeTransport(0x0400, 0xC35A, "R1", backend=bus).open()


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    packets=st.lists(st.tuples(st.sampled_from([0x81, 0x85]), st.binary(max_size=64)), max_size=12),
    body=st.integers(1, 100),
)
def test_whatever_the_reader_sends_comes_out_bounded_and_the_next_answer_is_whole(
    bus: Any, packets: list[tuple[int, bytes]], body: int
) -> None:
    device = reader(bus, answer_with(body))
    for endpoint, packet in packets:
        device.far.given[endpoint].append(packet)
    with wire_to(bus) as wire:
        sent = sum(len(packet) for _, packet in packets)
        assert len(read_frame(wire, sent + 1, within_s=0.01)) <= sent
        wire._is_owed = True  # as after a question that was not answered whole
        wire.write(FIND, 1.0)
        assert read_frame(wire, 7 + body) == answer_with(body)
    bus.unplug(device)
