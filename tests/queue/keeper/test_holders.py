"""Devices belong to the process that speaks for them, and to nobody once it is gone."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hallqueue.keeper.holders import GONE_S, NOBODY, SILENT_S, Holders


def test_a_process_that_lives_keeps_its_device() -> None:
    holders = Holders((), 0.0)
    assert holders.attend("pad-1", 7, {7}, 0.0) == NOBODY
    assert holders.attend("pad-1", 8, {7, 8}, 1.0) == 7, "another one is told who has it"
    assert holders.attend("pad-2", 8, {7, 8}, 1.0) == NOBODY
    assert holders.lost({7, 8}, GONE_S + 1.0) == ()


def test_a_process_that_is_gone_leaves_its_devices_to_the_next_at_once() -> None:
    holders = Holders((), 0.0)
    holders.attend("pad-1", 7, {7}, 0.0)
    assert holders.attend("pad-1", 8, {8}, 0.1) == NOBODY
    assert holders.lost({8}, 2 * GONE_S) == (), "it has a new holder"


def test_a_device_whose_process_is_gone_for_a_while_is_lost_until_that_is_on_record() -> None:
    holders = Holders((), 0.0)
    holders.attend("pad-1", 7, {7}, 0.0)
    assert holders.lost({7}, 10.0) == ()
    assert holders.lost(set(), 10.0 + GONE_S - 0.1) == (), "it may be starting again"
    assert holders.lost(set(), 10.0 + GONE_S) == ("pad-1",)
    assert holders.lost(set(), 10.0 + GONE_S + 1.0) == ("pad-1",), "the disk was full: say it again"
    holders.forget(["pad-1"])
    assert holders.lost(set(), 1e6) == ()


def test_a_process_that_lives_and_says_nothing_of_a_device_has_lost_it() -> None:
    holders = Holders((), 0.0)
    holders.attend("pad-1", 7, {7}, 0.0)
    assert holders.lost({7}, SILENT_S - 0.1) == ()
    assert holders.attend("pad-1", 8, {7, 8}, SILENT_S) == NOBODY
    assert holders.lost({7, 8}, 2 * SILENT_S) == ("pad-1",)


def test_what_the_keeper_finds_on_record_has_time_to_be_spoken_for() -> None:
    holders = Holders(["pad-1", "printer"], 50.0)
    assert holders.lost(set(), 50.0 + SILENT_S - 0.1) == ()
    holders.attend("printer", 7, {7}, 50.0 + SILENT_S - 0.1)
    assert holders.lost({7}, 50.0 + SILENT_S) == ("pad-1",)


def test_processes_in_containers_of_their_own_are_told_apart_by_nothing() -> None:
    holders = Holders((), 0.0)
    assert holders.attend("pad-1", NOBODY, {NOBODY}, 0.0) == NOBODY
    assert holders.attend("pad-1", 9, {NOBODY, 9}, 1.0) == NOBODY


@given(
    st.lists(
        st.tuples(st.sampled_from("ab"), st.integers(1, 3), st.sets(st.integers(1, 3)), st.floats(0, 30)),
        max_size=40,
    )
)
def test_no_two_living_processes_ever_hold_one_device(
    steps: list[tuple[str, int, set[int], float]],
) -> None:
    holders, now_s, owner, heard_s = Holders((), 0.0), 0.0, dict[str, int](), dict[str, float]()
    for device, pid, connected, passes_s in steps:
        now_s += passes_s
        connected = connected | {pid}
        other = holders.attend(device, pid, connected, now_s)
        had = owner.get(device, 0)
        if other:
            assert other == had != pid and had in connected and now_s - heard_s[device] < SILENT_S
        else:
            assert had in (0, pid) or had not in connected or now_s - heard_s[device] >= SILENT_S
            owner[device], heard_s[device] = pid, now_s
