"""Which endpoints carry a printer's bytes, for every shape of descriptors."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from halldrivers.usbport.errors import UsbNoPipes
from halldrivers.usbport.pipes import BULK, INTERRUPT, Endpoint, Interface, bulk_pair, pipe_at

OUT, IN = Endpoint(0x02, BULK, 64), Endpoint(0x82, BULK, 64)
EVENTS = Endpoint(0x83, INTERRUPT, 8)


def interface(
    *endpoints: Endpoint, kind: int = 7, protocol: int = 2, number: int = 0, alternate: int = 0
) -> Interface:
    return Interface(number, alternate, kind, protocol, endpoints)


def chosen(*interfaces: Interface, out: int = 0, into: int = 0) -> tuple[int, int]:
    pair = bulk_pair(interfaces, out, into)
    return pair.out.endpoint.address, pair.into.endpoint.address if pair.into else 0


@pytest.mark.parametrize(("out", "into"), [(0x01, 0x82), (0x01, 0x81), (0x03, 0x81), (0x02, 0x82)])
def test_the_endpoints_are_read_and_never_guessed(out: int, into: int) -> None:
    assert chosen(interface(Endpoint(into, BULK, 64), Endpoint(out, BULK, 64))) == (out, into)


def test_the_two_way_setting_is_taken_before_the_one_way_one_and_packets_come_last() -> None:
    one_way = interface(Endpoint(0x01, BULK, 64), protocol=1)
    packets = interface(Endpoint(0x03, BULK, 64), Endpoint(0x83, BULK, 64), protocol=3, number=1, alternate=0)
    two_way = interface(OUT, IN, protocol=2, alternate=1)

    assert chosen(one_way, packets, two_way) == (0x02, 0x82)
    assert chosen(packets, one_way) == (0x01, 0)


def test_a_printer_with_one_way_only_is_a_printer() -> None:
    assert chosen(interface(OUT, protocol=1)) == (0x02, 0)


def test_a_printer_interface_without_pipes_is_passed_over() -> None:
    assert chosen(interface(EVENTS), interface(OUT, IN, kind=0xFF, number=1)) == (0x02, 0x82)


def test_a_vendor_s_class_is_taken_when_it_is_the_only_one() -> None:
    assert chosen(interface(EVENTS, OUT, IN, kind=0xFF)) == (0x02, 0x82)


def test_the_driver_disc_of_a_printer_is_no_printer() -> None:
    disc = interface(Endpoint(0x01, BULK, 64), Endpoint(0x81, BULK, 64), kind=8)

    assert chosen(disc, interface(OUT, IN, number=1)) == (0x02, 0x82)
    with pytest.raises(UsbNoPipes, match="no bulk endpoint that takes data"):
        bulk_pair([disc])


def test_two_possible_pairs_are_listed_for_the_technician_to_choose() -> None:
    first = interface(Endpoint(0x01, BULK, 64), Endpoint(0x81, BULK, 64), kind=0xFF)
    second = interface(OUT, IN, kind=0xFF, number=1)

    with pytest.raises(UsbNoPipes) as caught:
        bulk_pair([first, second])

    assert caught.value.detail == "choose one: out=0x01&in=0x81, out=0x02&in=0x82"
    assert chosen(first, second, out=0x02, into=0x82) == (0x02, 0x82)


def test_named_endpoints_are_taken_from_one_setting_where_that_is_possible() -> None:
    first = interface(OUT, kind=0xFF, alternate=0)
    second = interface(OUT, IN, kind=0xFF, alternate=1)

    pair = bulk_pair([first, second], 0x02, 0x82)

    assert (pair.out.interface.alternate, pair.into and pair.into.interface.alternate) == (1, 1)


def test_a_named_endpoint_that_is_not_there_is_told() -> None:
    with pytest.raises(UsbNoPipes, match="no endpoint 0x05"):
        bulk_pair([interface(OUT, IN)], 0x05, 0x82)


def test_an_isochronous_endpoint_carries_no_bytes() -> None:
    with pytest.raises(UsbNoPipes):
        pipe_at([interface(Endpoint(0x02, 1, 64))], 0x02)


def test_a_device_without_interfaces_has_no_pipes() -> None:
    with pytest.raises(UsbNoPipes):
        bulk_pair([])


endpoints = st.builds(
    Endpoint,
    st.integers(1, 15).flatmap(lambda number: st.sampled_from([number, 0x80 | number])),
    st.integers(0, 3),
    st.sampled_from([8, 64, 512]),
)
interfaces = st.builds(
    Interface,
    st.integers(0, 3),
    st.integers(0, 2),
    st.sampled_from([3, 7, 8, 10, 0xFF]),
    st.integers(0, 4),
    st.lists(endpoints, max_size=5).map(tuple),
)


@settings(max_examples=150)
@given(st.lists(interfaces, max_size=6), st.integers(0, 3), st.sampled_from([0, 0x81, 0x82]))
def test_any_descriptors_give_pipes_of_the_right_directions_or_say_that_there_are_none(
    shapes: list[Interface], out: int, into: int
) -> None:
    try:
        pair = bulk_pair(shapes, out, into if out else 0)
    except UsbNoPipes as error:
        assert error.detail
        assert error.detail_zh
        return
    assert not pair.out.endpoint.is_in
    assert pair.out.endpoint in pair.out.interface.endpoints
    assert pair.out.interface in shapes
    if out:
        assert pair.out.endpoint.address == out
        assert (pair.into.endpoint.address if pair.into else 0) == into
        return
    assert pair.out.endpoint.kind == BULK
    assert pair.out.interface.kind != 8
    printers = [one for one in shapes if one.kind == 7 and one.first(False)]
    assert not printers or pair.out.interface in printers
    if pair.into is not None:
        assert pair.into.endpoint.is_in
        assert pair.into.interface is pair.out.interface
