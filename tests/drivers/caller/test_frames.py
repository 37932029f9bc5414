"""FF 68 frames: round trips, garbage before, inside and behind, and false heads."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from halldrivers.caller.frames import LONGEST, MOST_BYTES, CallerFrame, FrameDecoder, encode

# Both as the public hall programs build them: caller 2 presses 呼叫; the hall shows 012 at caller 2.
CALL = bytes.fromhex("FF 68 03 03 68 02 01 0C 0F 16")
SHOW = bytes.fromhex("FF 68 08 08 68 02 02 0A 0A 0A 00 01 02 25 16")
CALL_FRAME = CallerFrame(2, 0x01, b"\x0c")
SHOW_FRAME = CallerFrame(2, 0x02, bytes.fromhex("0A 0A 0A 00 01 02"))


def fed(data: bytes) -> list[CallerFrame]:
    return FrameDecoder().feed(data)


@pytest.mark.parametrize(("data", "frame"), [(CALL, CALL_FRAME), (SHOW, SHOW_FRAME)])
def test_the_frames_of_the_public_programs(data: bytes, frame: CallerFrame) -> None:
    assert encode(frame) == data
    assert fed(data) == [frame]


def test_a_frame_without_data() -> None:
    beep = CallerFrame(2, 0x03)
    assert encode(beep) == bytes.fromhex("FF 68 02 02 68 02 03 05 16")
    assert fed(encode(beep)) == [beep]


def test_the_longest_frame_and_no_longer_one() -> None:
    longest = CallerFrame(255, 255, b"\xff" * (LONGEST - 2))
    assert fed(encode(longest)) == [longest] and len(encode(longest)) == MOST_BYTES
    with pytest.raises(ValueError, match="no such frame"):
        CallerFrame(1, 1, b"\xff" * (LONGEST - 1))


@pytest.mark.parametrize(("address", "command"), [(-1, 1), (256, 1), (1, -1), (1, 256)])
def test_what_fits_no_byte_is_no_frame(address: int, command: int) -> None:
    with pytest.raises(ValueError, match="no such frame"):
        CallerFrame(address, command)


@pytest.mark.parametrize(
    "garbage", [b"\x00\x16", b"\xff", b"\xff\xff\xff", b"\xff\x68", b"\xff\x68\x03", CALL[:-1]]
)
def test_garbage_before_a_frame_is_counted_and_costs_nothing(garbage: bytes) -> None:
    decoder = FrameDecoder()
    assert decoder.feed(garbage + CALL) == [CALL_FRAME]
    assert decoder.garbage == len(garbage)


def test_garbage_between_and_behind_frames() -> None:
    decoder = FrameDecoder()
    assert decoder.feed(CALL + b"\x00\xff\x00" + SHOW + b"\x7f") == [CALL_FRAME, SHOW_FRAME]
    assert decoder.garbage == 4 and decoder.buffered == 0


def test_garbage_inside_of_a_frame_costs_that_frame_alone() -> None:
    assert fed(CALL[:6] + b"\x00" + CALL[6:] + SHOW) == [SHOW_FRAME]


@pytest.mark.parametrize("place", range(len(CALL)))
def test_one_wrong_byte_anywhere_refuses_the_frame_and_the_next_one_is_read(place: int) -> None:
    broken = CALL[:place] + bytes((CALL[place] ^ 0x40,)) + CALL[place + 1 :]
    decoder = FrameDecoder()
    frames = decoder.feed(broken + SHOW) + decoder.flush()
    assert frames == [SHOW_FRAME]


@pytest.mark.parametrize("length", [0, 1, 65, 255])
def test_a_length_that_no_frame_has_is_not_waited_for(length: int) -> None:
    decoder = FrameDecoder()
    assert decoder.feed(bytes((0xFF, 0x68, length, length, 0x68)) + CALL) == [CALL_FRAME]


def test_a_head_inside_of_data_is_data() -> None:
    inside = CallerFrame(1, 2, CALL)
    assert fed(encode(inside)) == [inside]


def test_a_head_inside_of_a_broken_frame_is_a_frame() -> None:
    inside = encode(CallerFrame(1, 2, CALL))
    assert fed(inside[:-1] + b"\x17") == [CALL_FRAME]


def test_a_doubled_ff_is_one_head() -> None:
    assert fed(b"\xff" + CALL + b"\xff" + SHOW) == [CALL_FRAME, SHOW_FRAME]


def test_frames_come_byte_by_byte() -> None:
    decoder = FrameDecoder()
    assert [frame for byte in CALL + SHOW for frame in decoder.feed(bytes((byte,)))] == [
        CALL_FRAME,
        SHOW_FRAME,
    ]


def test_a_false_head_holds_a_frame_back_only_until_the_line_is_silent() -> None:
    decoder = FrameDecoder()
    assert decoder.feed(bytes.fromhex("FF 68 40 40 68") + CALL) == []
    assert decoder.flush() == [CALL_FRAME]
    assert decoder.garbage == 5 and decoder.buffered == 0


def test_half_a_frame_is_gone_with_the_silence_and_joins_nothing() -> None:
    decoder = FrameDecoder()
    decoder.feed(CALL[:7])
    assert decoder.flush() == []
    assert decoder.feed(CALL[7:] + SHOW) == [SHOW_FRAME]


def test_a_reset_forgets_what_is_half_there() -> None:
    decoder = FrameDecoder()
    decoder.feed(CALL[:7])
    decoder.reset()
    assert decoder.buffered == 0 and decoder.feed(CALL) == [CALL_FRAME]


@pytest.mark.parametrize("byte", [b"\xff", b"\x68", b"\x00"])
def test_an_endless_stream_takes_no_memory(byte: bytes) -> None:
    decoder = FrameDecoder()
    for _ in range(100):
        decoder.feed(byte * 1000)
        assert decoder.buffered < MOST_BYTES
    assert decoder.feed(CALL) == [CALL_FRAME]


FRAMES = st.builds(CallerFrame, st.integers(0, 255), st.integers(0, 255), st.binary(max_size=LONGEST - 2))
PIECES = st.lists(
    st.one_of(FRAMES.map(encode), st.binary(max_size=20), st.just(b"\xff\x68\x03\x03\x68")), max_size=12
)


@settings(max_examples=200, deadline=None)
@given(st.lists(FRAMES, max_size=10))
def test_any_frames_come_back(frames: list[CallerFrame]) -> None:
    assert fed(b"".join(encode(frame) for frame in frames)) == frames


@settings(max_examples=300, deadline=None)
@given(PIECES, st.integers(1, 40))
def test_any_bytes_give_the_same_frames_however_they_are_cut(pieces: list[bytes], size: int) -> None:
    data = b"".join(pieces)
    whole, cut = FrameDecoder(), FrameDecoder()
    frames = whole.feed(data)
    assert [f for at in range(0, len(data), size) for f in cut.feed(data[at : at + size])] == frames
    frames += whole.flush()
    assert sum(len(encode(frame)) for frame in frames) + whole.garbage == len(data)
    assert whole.buffered == 0
