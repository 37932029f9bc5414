"""The buses against the configuration: what is new, what is gone, and what to write instead."""

from typing import Any

import pytest

from halldrivers.buses import Comparison, Kind, compare, look

BY_ID = "serial:///dev/serial/by-id/usb-1a86_USB_Serial-if00-port0"
CAMERA = "v4l2:///dev/v4l/by-id/usb-Vimicro_HD_Camera_C1-video-index0"


class Sane:
    name = "test:0"
    title = "tester"


def comparison(machine: Any, sane: Any = None, **configured: str) -> Comparison:
    return compare(look(machine.roots, sane), configured, machine.roots)


def test_what_is_configured_by_any_of_its_names_is_not_offered(hall: Any) -> None:
    hall.link("hall/idreader", "ttyUSB0")
    everything = comparison(hall).unconfigured
    assert [one.kind for one in everything] == [
        Kind.ID_READER,
        Kind.PRINTER,
        Kind.BARCODE,
        Kind.CAMERA,
        Kind.SERIAL,
        Kind.SERIAL,
    ]

    left = comparison(
        hall,
        printer="lp:///dev/usb/lp0",
        reader="usb://0400:c35a?frames=sam",
        camera="v4l2:///dev/video0?turn=90",
        pads="modbus:///dev/hall/idreader?unit=3",
        uart="serial:///dev/ttyAMA0",
    )

    assert [one.kind for one in left.unconfigured] == [Kind.BARCODE]
    assert left.missing == ()


def test_devices_on_the_network_and_simulators_stand_on_no_bus(machine: Any) -> None:
    left = comparison(
        machine,
        printer="tcp://10.0.0.7:9100",
        pads="modbus://10.0.0.7:502?unit=1",
        scanner="sane:test:0",
        folder="dir:///srv/scans",
        sim="sim:",
        broken="http://[",
        pty="serial:///tmp/hall-sim/device",
    )

    assert left == Comparison((), (), ())


def test_keyboards_page_printers_and_pins_are_not_called_unconfigured(hall: Any) -> None:
    kinds = {one.kind for one in comparison(hall).unconfigured}

    assert not kinds & {Kind.KEYBOARD, Kind.OFFICE_PRINTER, Kind.GPIO}


# --- gone and moved


def test_a_line_that_moved_to_another_node_is_found_by_its_own_name(machine: Any) -> None:
    machine.counts["ttyUSB"] = 0
    machine.serial(machine.ch340("1-1"))  # it is ttyUSB1 now

    (gone,) = comparison(machine, reader="serial:///dev/ttyUSB0?baud=115200").missing

    assert gone.write == f"{BY_ID}?baud=115200"
    assert gone.candidate is not None
    assert gone.en == (
        "serial:///dev/ttyUSB0?baud=115200 is not there, it may have moved: "
        f"write {BY_ID}?baud=115200 (1a86:7523 USB Serial)"
    )
    assert "可能换了位置" in gone.zh


def test_a_unit_that_was_replaced_by_another_of_its_model_is_offered(machine: Any) -> None:
    machine.serial(machine.usb("1-1", "0403:6001", "FTDI", "FT232R USB UART", "A50285BJ"))
    url = "serial:///dev/serial/by-id/usb-FTDI_FT232R_USB_UART_A50285BI-if00-port0"

    (gone,) = comparison(machine, pads=url).missing

    assert gone.write == url.replace("A50285BI", "A50285BJ")


def test_another_model_is_not_taken_for_it(machine: Any) -> None:
    machine.serial(machine.ch340("1-1"))
    url = "serial:///dev/serial/by-id/usb-FTDI_FT232R_USB_UART_A50285BI-if00-port0"

    (gone,) = comparison(machine, pads=url).missing

    assert (gone.candidate, gone.write) == (None, "")
    assert gone.en == f"{url} is not on this machine"


def test_two_possible_ones_are_not_guessed_between(machine: Any) -> None:
    machine.counts["ttyUSB"] = 4
    machine.serial(machine.ch340("1-1.1"))
    machine.serial(machine.ch340("1-1.2"))

    (gone,) = comparison(machine, reader="serial:///dev/ttyUSB0").missing

    assert gone.candidate is None


def test_what_another_device_uses_is_not_offered(machine: Any) -> None:
    machine.serial(machine.ch340("1-1"))

    left = comparison(machine, reader="serial:///dev/ttyUSB7", pads="modbus:///dev/ttyUSB0?unit=1")

    assert [one.candidate for one in left.missing] == [None]


def test_the_board_s_own_port_is_no_moved_adapter(machine: Any) -> None:
    machine.board_port("ttyAMA0", 32)

    (gone,) = comparison(machine, reader="serial:///dev/ttyUSB0").missing

    assert gone.candidate is None


def test_a_link_of_our_own_that_leads_nowhere_is_missing(machine: Any) -> None:
    machine.link("hall/idcard", "ttyUSB3")
    machine.serial(machine.ch340("1-1"))

    (gone,) = comparison(machine, reader="serial:///dev/hall/idcard").missing

    assert gone.write == BY_ID


def test_a_printer_at_another_number_is_offered_by_its_ids(machine: Any) -> None:
    machine.counts["lp"] = 0
    machine.usblp(machine.epson("1-1"), b"MFG:EPSON;CMD:ESC/POS;MDL:TM-T82III;")

    (gone,) = comparison(machine, printer="lp:///dev/usb/lp0").missing

    assert gone.write == "usb://04b8:0e15"


def test_a_printer_with_another_serial_number_keeps_its_other_options(machine: Any) -> None:
    machine.epson("1-1", "X2")
    machine.epson("1-2", "X3")
    left = comparison(
        machine, printer="usb://04b8:0e15?serial=X1&out=0x01", second="usb://04b8:0e15?serial=X3"
    )

    (gone,) = left.missing

    assert gone.write == "usb://04b8:0e15?serial=X2&out=0x01"


def test_a_reader_in_another_socket_is_offered_there(machine: Any) -> None:
    machine.reader("1-1.4")

    (gone,) = comparison(machine, reader="usb://0400:c35a?port=1-1.2&frames=sam").missing

    assert gone.write == "usb://0400:c35a?frames=sam"


def test_a_usb_device_that_is_not_there_is_missing(machine: Any) -> None:
    machine.epson("1-1")

    (gone,) = comparison(machine, reader="usb://0400:c35a").missing

    assert gone.candidate is None


def test_a_camera_in_another_place_keeps_its_options(machine: Any) -> None:
    machine.camera(machine.usb("1-1", "0ac8:3420", "Vimicro", "HD Camera", "C1"), "HD Camera")

    (gone,) = comparison(machine, camera="v4l2:///dev/video4?turn=90").missing

    assert gone.write == f"{CAMERA}?turn=90"


def test_a_scanner_is_missing_only_when_scanners_were_asked_for(machine: Any) -> None:
    assert comparison(machine, scanner="sane:epsonds:libusb:001:005").missing == ()
    (gone,) = comparison(machine, lambda: [Sane()], scanner="sane:epsonds:libusb:001:005").missing
    assert gone.url == "sane:epsonds:libusb:001:005"
    assert comparison(machine, lambda: [Sane()], scanner="sane:test:0?resolution=300").missing == ()


def test_pins_on_a_machine_without_them_are_missing(machine: Any) -> None:
    url = "gpio://?keys=5,6,13,19"

    assert [one.url for one in comparison(machine, pad=url).missing] == [url]
    machine.pins(0, "pinctrl-rp1")
    assert comparison(machine, pad=url).missing == ()


# --- names that do not last


@pytest.mark.parametrize(
    ("url", "write"),
    [
        ("serial:///dev/ttyUSB0?baud=9600", f"{BY_ID}?baud=9600"),
        ("v4l2:///dev/video0", CAMERA),
        (
            "evdev:///dev/input/event0?gap_ms=100",
            "evdev:///dev/input/by-id/usb-Newland_Auto-ID_NLS-HR22_Scanner_N1-event-kbd?gap_ms=100",
        ),
    ],
)
def test_a_name_in_the_order_of_plugging_in_is_told_with_the_steady_one(
    hall: Any, url: str, write: str
) -> None:
    (one,) = comparison(hall, device=url).unsteady

    assert (one.name, one.write) == ("device", write)
    assert one.en.endswith(f"changes at a replug: write {write}")


def test_a_name_by_id_that_two_devices_claim_is_told(machine: Any) -> None:
    machine.serial(machine.ch340("1-1.1"))
    machine.serial(machine.ch340("1-1.2"))

    (one,) = comparison(machine, reader=f"{BY_ID}?baud=115200").unsteady

    assert one.write == (
        "serial:///dev/serial/by-path/platform-fd500000.pcie-pci-0000:01:00.0-usb-0:1.2:1.0-port0?baud=115200"
    )


@pytest.mark.parametrize("url", [BY_ID, CAMERA, "serial:///dev/ttyAMA0", "usb://04b8:0e15"])
def test_a_steady_name_is_left_alone(hall: Any, url: str) -> None:
    assert comparison(hall, device=url).unsteady == ()


def test_the_only_printer_may_be_called_lp0_and_one_of_two_may_not(machine: Any) -> None:
    machine.usblp(machine.epson("1-1"), b"MFG:EPSON;CMD:ESC/POS;MDL:TM-T82III;")
    assert comparison(machine, printer="lp:///dev/usb/lp0").unsteady == ()

    machine.usblp(machine.usb("1-2", "0416:5011", interfaces=((7, 2, "usblp"),)), b"")
    (one,) = comparison(machine, printer="lp:///dev/usb/lp0").unsteady

    assert one.write == "usb://04b8:0e15"


def test_a_link_of_our_own_is_steady(hall: Any) -> None:
    hall.link("hall/idcard", "ttyUSB0")

    assert comparison(hall, reader="serial:///dev/hall/idcard").unsteady == ()
