"""A raw USB printer through pyusb itself, over a bus in memory: what python-escpos' Usb class gets wrong."""

import errno
import threading
import time
from typing import Any

import pytest
import usb.backend.libusb1
import usb.core

from halldrivers.errors import (
    Actor,
    DeviceError,
    DeviceState,
    PortAbsent,
    PortBusy,
    PortClosed,
    PortDenied,
    PortGone,
)
from halldrivers.printersim import EPSON, PrinterSim
from halldrivers.status import status_of_error
from halldrivers.usbport import (
    BulkTransport,
    UsbAmbiguous,
    UsbLibraryMissing,
    UsbNoPipes,
    UsbStalled,
    parse_usb_url,
)

URL = "usb://04b8:0e15"
STATUS = b"\x10\x04\x01"
BULK, INTERRUPT = 2, 3


def transport(bus: Any, url: str = URL) -> BulkTransport:
    return BulkTransport(parse_usb_url(url), bus)


def small_printer(buffer_bytes: int) -> PrinterSim:
    """A printer that takes no more than its buffer, because its paper is out."""
    sim = PrinterSim(80, EPSON, clock=time.monotonic, buffer_bytes=buffer_bytes)
    sim.remove_paper()
    return sim


def read_all(wire: BulkTransport, count: int) -> bytes:
    data = b""
    deadline = time.monotonic() + 10
    while len(data) < count and time.monotonic() < deadline:
        data += wire.read(count - len(data), 0.2)
    return data


# --- taking and giving back


def test_bytes_pass_both_ways(bus: Any) -> None:
    bus.printer()
    with transport(bus) as wire:
        assert wire.write(STATUS, 1.0) == 3
        assert wire.read(10, 1.0) == b"\x12"


def test_the_device_is_never_reset_and_keeps_its_configuration(bus: Any) -> None:
    bus.printer()
    with transport(bus) as wire:
        wire.write(STATUS, 1.0)

    assert (bus.resets, bus.configured) == (0, 0)


def test_a_device_without_a_configuration_gets_one(bus: Any) -> None:
    bus.printer(is_configured=False)
    with transport(bus) as wire:
        assert wire.write(STATUS, 1.0) == 3

    assert bus.configured == 1


def test_the_kernel_s_driver_is_put_back_at_close(bus: Any) -> None:
    device = bus.printer()
    with transport(bus):
        assert device.kernel == set()

    assert device.kernel == {0}


def test_an_interface_that_is_not_claimed_keeps_the_kernel_s_driver(bus: Any, setting: Any) -> None:
    hid = setting({0x83: (INTERRUPT, 8)}, kind=3)
    device = bus.printer(interfaces=[[setting({0x02: (BULK, 64), 0x82: (BULK, 64)})], [hid]])
    device.kernel = {0, 1}
    with transport(bus):
        assert device.kernel == {1}

    assert device.kernel == {0, 1}


def test_a_printer_without_a_kernel_driver_gets_none_at_close(bus: Any) -> None:
    device = bus.printer(usblp=False)
    with transport(bus):
        pass

    assert device.kernel == set()


def test_closing_twice_is_harmless_and_a_closed_wire_says_so(bus: Any) -> None:
    bus.printer()
    wire = transport(bus)
    wire.open()
    wire.close()
    wire.close()

    for use in (lambda: wire.read(1, 0.1), lambda: wire.write(b"x", 0.1)):
        with pytest.raises(PortClosed):
            use()


def test_opening_twice_keeps_the_device(bus: Any) -> None:
    device = bus.printer()
    with transport(bus) as wire:
        wire.open()

    assert device.opened == 1


def test_another_alternate_setting_is_chosen_only_where_there_are_several(bus: Any, setting: Any) -> None:
    one_way = setting({0x02: (BULK, 64)}, protocol=1)
    two_way = setting({0x02: (BULK, 64), 0x82: (BULK, 64)}, alternate=1)
    device = bus.printer(interfaces=[[one_way, two_way]])
    with transport(bus) as wire:
        wire.write(STATUS, 1.0)
        assert wire.read(10, 1.0) == b"\x12"

    assert device.alternates == {0: 1}


# --- what keeps it from opening


def test_nothing_on_the_bus_is_absent(bus: Any) -> None:
    with pytest.raises(PortAbsent, match="usb://04b8:0e15: not on the USB bus"):
        transport(bus).open()


def test_a_device_of_another_program_is_busy_and_keeps_its_kernel_driver(bus: Any) -> None:
    device = bus.printer(held={0})

    with pytest.raises(PortBusy, match="Resource busy"):
        transport(bus).open()

    assert device.kernel == {0}
    assert bus.nothing_is_held


def test_a_second_transport_on_one_device_is_busy(bus: Any) -> None:
    bus.printer()
    with transport(bus), pytest.raises(PortBusy):
        transport(bus).open()


def test_without_rights_the_udev_rule_is_named_in_both_languages(bus: Any) -> None:
    bus.printer(is_denied=True)

    with pytest.raises(PortDenied) as caught:
        transport(bus).open()

    rule = 'SUBSYSTEM=="usb", ATTR{idVendor}=="04b8", ATTR{idProduct}=="0e15", GROUP="lp", MODE="0660"'
    fault = caught.value.as_fault()
    assert rule in fault.what_zh
    assert rule in fault.what_en
    assert fault.who is Actor.TECHNICIAN


def test_without_rights_a_serial_number_cannot_be_compared_and_that_is_told(bus: Any) -> None:
    bus.printer(is_denied=True, serial="X5")

    with pytest.raises(PortDenied):
        transport(bus, f"{URL}?serial=X5").open()


def test_without_the_library_the_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(usb.backend.libusb1, "get_backend", lambda: None)

    with pytest.raises(UsbLibraryMissing, match=r"U-01 .* libusb-1\.0-0") as caught:
        transport(None).open()

    assert "apt install libusb-1.0-0" in caught.value.remedy_zh


def test_a_device_without_pipes_is_let_go(bus: Any, setting: Any) -> None:
    bus.printer(interfaces=[[setting({0x83: (INTERRUPT, 8)}, kind=3)]])

    with pytest.raises(UsbNoPipes):
        transport(bus).open()

    assert bus.nothing_is_held


def test_endpoints_that_exclude_each_other_are_refused(bus: Any, setting: Any) -> None:
    first = setting({0x02: (BULK, 64)})
    second = setting({0x82: (BULK, 64)}, alternate=1)
    bus.printer(interfaces=[[first, second]])

    with pytest.raises(UsbNoPipes, match="exclude each other"):
        transport(bus, f"{URL}?out=0x02&in=0x82").open()


# --- which of several


def test_two_equal_devices_are_told_apart_by_serial_number(bus: Any) -> None:
    bus.printer(serial="A1", ports=(1,))
    second = bus.printer(serial="B2", ports=(2,))
    with transport(bus, f"{URL}?serial=B2") as wire:
        wire.write(STATUS, 1.0)

    assert second.transfers


def test_two_equal_devices_without_serial_number_are_told_apart_by_their_sockets(bus: Any) -> None:
    bus.printer(ports=(1, 2))
    second = bus.printer(ports=(1, 3))
    with transport(bus, f"{URL}?port=1-1.3") as wire:
        wire.write(STATUS, 1.0)

    assert second.transfers


def test_two_that_fit_are_ambiguous_and_their_sockets_are_listed(bus: Any) -> None:
    bus.printer(ports=(1, 2))
    bus.printer(ports=(1, 3))

    with pytest.raises(UsbAmbiguous) as caught:
        transport(bus).open()

    assert caught.value.detail == "usb://04b8:0e15: port=1-1.2, 1-1.3"


def test_a_padded_serial_number_is_the_same(bus: Any) -> None:
    bus.printer(serial="A1\0\0 ")

    with transport(bus, f"{URL}?serial=A1") as wire:
        assert wire.write(STATUS, 1.0) == 3


def test_another_serial_number_is_absent(bus: Any) -> None:
    bus.printer(serial="A1")

    with pytest.raises(PortAbsent):
        transport(bus, f"{URL}?serial=B2").open()

    assert bus.nothing_is_held


def test_a_device_without_serial_number_is_not_the_one_with(bus: Any) -> None:
    bus.printer()

    with pytest.raises(PortAbsent):
        transport(bus, f"{URL}?serial=A1").open()


# --- silence, short writes, empty packets, halts


def test_silence_is_no_error(bus: Any) -> None:
    bus.printer()
    with transport(bus) as wire:
        before = time.monotonic()
        assert wire.read(10, 0.05) == b""
        assert time.monotonic() - before >= 0.045


def test_no_transfer_waits_for_ever(bus: Any) -> None:
    device = bus.printer()
    with transport(bus) as wire:
        wire.read(10, 0.0)
        wire.write(STATUS, 0.0)
        wire.write(STATUS, -1.0)

    assert device.transfers
    assert all(0 < milliseconds < 100 for _, milliseconds in device.transfers)


def test_a_printer_that_takes_no_more_costs_the_timeout_and_the_count_is_true(bus: Any) -> None:
    sim = small_printer(1000)
    bus.printer(sim=sim)
    with transport(bus) as wire:
        assert wire.write(bytes(5000), 0.1) == 960  # whole packets of 64
        assert wire.write(bytes(64), 0.0) == 0
        sim.load_paper()
        assert wire.write(bytes(5000), 10.0) == 5000


def test_a_printer_without_a_way_back_is_silent(bus: Any, setting: Any) -> None:
    bus.printer(interfaces=[[setting({0x02: (BULK, 64)}, protocol=1)]])
    with transport(bus) as wire:
        assert wire.write(STATUS, 1.0) == 3
        assert wire.read(10, 0.05) == b""


def test_more_bytes_than_were_asked_for_are_kept_for_the_next_read(bus: Any) -> None:
    """An answer longer than the buffer would be lost whole: libusb calls it an overflow."""
    bus.printer()
    with transport(bus) as wire:
        wire.write(b"\x10\x04\x01\x10\x04\x02\x10\x04\x03", 1.0)

        assert [wire.read(1, 1.0) for _ in range(3)] == [b"\x12", b"\x12", b"\x12"]
        assert wire.read(1, 0.0) == b""


def test_bytes_of_an_earlier_opening_are_forgotten(bus: Any) -> None:
    bus.printer()
    with transport(bus) as wire:
        wire.write(b"\x10\x04\x01\x10\x04\x02", 1.0)
        wire.read(1, 1.0)
        wire.close()
        wire.open()

        assert wire.read(9, 0.02) == b""


def test_empty_packets_say_nothing_and_do_not_burn_the_processor(bus: Any) -> None:
    device = bus.printer()
    device.far.zero_length = 3
    with transport(bus) as wire:
        wire.write(STATUS, 1.0)
        assert wire.read(10, 5.0) == b"\x12"
        device.far.zero_length = 1_000_000
        device.transfers.clear()
        assert wire.read(10, 0.2) == b""

    assert len(device.transfers) <= 25


def test_high_speed_packets_pass(bus: Any, setting: Any) -> None:
    bus.printer(interfaces=[[setting({0x02: (BULK, 512), 0x82: (BULK, 512)})]])
    with transport(bus) as wire:
        assert wire.write(bytes(10_000) + STATUS, 5.0) == 10_003
        assert wire.read(10, 1.0) == b"\x12"


def test_a_pipe_that_was_left_halted_is_cleared_once_and_nothing_is_sent_twice(bus: Any) -> None:
    device = bus.printer()
    device.halted = {0x02}
    with transport(bus) as wire:
        assert wire.write(bytes(200) + STATUS, 1.0) == 203

    assert device.cleared == [0x02]
    assert device.far.taken == 203


def test_a_halted_way_back_is_cleared_and_read(bus: Any) -> None:
    device = bus.printer()
    with transport(bus) as wire:
        wire.write(STATUS, 1.0)
        device.halted = {0x82}
        assert wire.read(10, 1.0) == b"\x12"

    assert device.cleared == [0x82]


def test_a_pipe_that_halts_again_is_told_and_the_wire_is_closed(bus: Any) -> None:
    device = bus.printer(halts_always=True)
    device.halted = {0x02}
    wire = transport(bus)
    wire.open()

    with pytest.raises(UsbStalled) as caught:
        wire.write(STATUS, 1.0)

    assert device.cleared == [0x02]
    assert caught.value.code == "U-03"
    assert bus.nothing_is_held
    assert status_of_error(caught.value).state is DeviceState.ABSENT


def test_a_pipe_that_halts_in_mid_write_is_not_guessed_at(bus: Any) -> None:
    """Nobody knows how much of the transfer had arrived: sending it again could print a line twice."""
    device = bus.printer()
    device.halt_after = {0x02: 1024}
    wire = transport(bus)
    wire.open()

    with pytest.raises(UsbStalled) as caught:
        wire.write(bytes(3000), 1.0)

    assert caught.value.accepted == 3000
    with wire:  # the next opening finds it halted, and clears it
        assert wire.write(STATUS, 1.0) == 3
        assert wire.read(9, 1.0) == b"\x12"
    assert device.cleared == [0x02]


@pytest.mark.parametrize("number", [errno.EIO, errno.ENODEV, errno.EOVERFLOW, None])
def test_any_other_error_of_a_transfer_is_a_broken_wire(
    bus: Any, monkeypatch: pytest.MonkeyPatch, number: int | None
) -> None:
    def fails(*arguments: object) -> int:
        raise usb.core.USBError("it broke", -1, number)

    bus.printer()
    wire = transport(bus)
    wire.open()
    monkeypatch.setattr(bus, "bulk_write", fails)

    with pytest.raises(PortGone, match="usb://04b8:0e15: it broke") as caught:
        wire.write(bytes(100), 1.0)

    assert caught.value.accepted == 64  # the first packet may have arrived
    assert bus.nothing_is_held


# --- unplugged and plugged in again


def test_unplugged_while_it_waits_is_gone(bus: Any) -> None:
    device = bus.printer()
    wire = transport(bus)
    wire.open()
    timer = threading.Timer(0.05, bus.unplug, [device])
    timer.start()

    with pytest.raises(PortGone, match="No such device"):
        wire.read(10, 10.0)

    timer.join()
    assert bus.nothing_is_held


@pytest.mark.parametrize("count", [0, 1, 63, 64, 65, 127, 128, 4159, 4160, 4161, 9999])
def test_unplugged_at_any_byte_the_count_never_says_less_than_arrived(bus: Any, count: int) -> None:
    sim = PrinterSim(80, EPSON, clock=time.monotonic)
    bus.printer(sim=sim)
    wire = transport(bus)
    wire.open()
    sim.unplug_after(count)

    with pytest.raises(PortGone) as caught:
        wire.write(bytes(10_000), 5.0)

    assert count <= caught.value.accepted <= count + 4096


def test_it_is_found_again_at_another_bus_address(bus: Any) -> None:
    sim = PrinterSim(80, EPSON, clock=time.monotonic)
    device = bus.printer(sim=sim)
    wire = transport(bus)
    wire.open()
    sim.unplug_after(0)
    with pytest.raises(PortGone):
        wire.write(STATUS, 1.0)
    with pytest.raises(PortAbsent):
        wire.open()
    sim.plug()
    bus.plug(device, address=23)
    with wire:
        wire.write(STATUS, 1.0)
        assert wire.read(9, 1.0) == b"\x12"


def test_unplugged_between_two_looks_at_it_closing_is_quiet(bus: Any) -> None:
    device = bus.printer()
    wire = transport(bus)
    wire.open()
    bus.unplug(device)

    wire.close()

    assert bus.nothing_is_held


def test_every_error_is_a_device_error_with_both_languages() -> None:
    for kind in (UsbLibraryMissing, UsbAmbiguous, UsbStalled, UsbNoPipes):
        fault = kind().as_fault()
        assert issubclass(kind, DeviceError)
        assert all((fault.what_zh, fault.what_en, fault.remedy_zh, fault.remedy_en))
