"""What a look at the buses finds, on machines laid out in a folder."""

from dataclasses import dataclass
from typing import Any

import pytest

from halldrivers.buses import Found, Kind, Roots, look
from halldrivers.buses.inputs import key_bits
from halldrivers.buses.roots import attribute


@dataclass
class Sane:
    name: str
    title: str


def found_on(machine: Any, **more: Any) -> dict[str, Found]:
    found = look(machine.roots, **more)
    return {one.url or one.says: one for one in found}


def test_a_hall_with_everything_plugged_in(hall: Any) -> None:
    found = look(hall.roots, lambda: [Sane("epsonds:libusb:001:009", "Epson DS-530")])

    assert [(one.kind, one.url) for one in found] == [
        (Kind.ID_READER, "usb://0400:c35a"),
        (Kind.PRINTER, "usb://04b8:0e15"),
        (Kind.BARCODE, "evdev:///dev/input/by-id/usb-Newland_Auto-ID_NLS-HR22_Scanner_N1-event-kbd"),
        (Kind.CAMERA, "v4l2:///dev/v4l/by-id/usb-Vimicro_HD_Camera_C1-video-index0"),
        (Kind.SCANNER, "sane:epsonds:libusb:001:009"),
        (Kind.SERIAL, "serial:///dev/serial/by-id/usb-1a86_USB_Serial-if00-port0"),
        (Kind.SERIAL, "serial:///dev/ttyAMA0"),
        (Kind.GPIO, "gpio://?keys=5,6,13,19&lamps=16,20,21,26"),
        (Kind.KEYBOARD, ""),
    ]


def test_every_finding_has_a_reason_in_both_languages_and_says_something(hall: Any) -> None:
    for one in look(hall.roots):
        assert one.why_zh
        assert one.why_en
        assert one.says
        assert bool(one.note_zh) == bool(one.note_en)


def test_an_empty_machine_has_nothing(machine: Any) -> None:
    assert look(machine.roots) == ()


def test_a_machine_without_dev_and_sys_has_nothing(tmp_path: Any) -> None:
    assert look(Roots(tmp_path / "no", tmp_path / "no", tmp_path / "no")) == ()


# --- serial lines


def test_an_adapter_says_that_what_is_behind_it_cannot_be_told(machine: Any) -> None:
    machine.serial(machine.ch340("1-1"))

    (one,) = look(machine.roots)

    assert (one.kind, one.says, one.node) == (Kind.SERIAL, "1a86:7523 USB Serial", "/dev/ttyUSB0")
    assert "CH340" in one.why_en
    assert one.line() == 'device = "serial:///dev/serial/by-id/usb-1a86_USB_Serial-if00-port0"'


def test_two_equal_adapters_without_serial_number_are_named_by_their_sockets(machine: Any) -> None:
    """Both claim one name by-id, which leads to the one that was plugged in last."""
    machine.serial(machine.ch340("1-1.1"))
    machine.serial(machine.ch340("1-1.2"))

    found = look(machine.roots)

    assert [(one.node, one.url.rpartition("/")[2]) for one in found] == [
        ("/dev/ttyUSB0", "platform-fd500000.pcie-pci-0000:01:00.0-usb-0:1.1:1.0-port0"),
        ("/dev/ttyUSB1", "platform-fd500000.pcie-pci-0000:01:00.0-usb-0:1.2:1.0-port0"),
    ]
    assert all(one.url.startswith("serial:///dev/serial/by-path/") for one in found)


def test_two_adapters_with_serial_numbers_are_named_by_them(machine: Any) -> None:
    for socket, serial in (("1-1.1", "A50285BI"), ("1-1.2", "A50285BJ")):
        machine.serial(machine.usb(socket, "0403:6001", "FTDI", "FT232R USB UART", serial))

    assert [one.url.rpartition("/")[2] for one in look(machine.roots)] == [
        "usb-FTDI_FT232R_USB_UART_A50285BI-if00-port0",
        "usb-FTDI_FT232R_USB_UART_A50285BJ-if00-port0",
    ]


def test_different_adapters_are_told_by_their_chips(machine: Any) -> None:
    machine.serial(machine.usb("1-1", "10c4:ea60", "Silicon Labs", "CP2102 USB to UART", "0001"))
    machine.serial(machine.usb("1-2", "067b:2303", "Prolific", "USB-Serial Controller"))

    assert [one.why_en.split("(")[1].split(")")[0] for one in look(machine.roots)] == ["PL2303", "CP210x"]


@pytest.mark.parametrize(
    ("ids", "maker", "name", "kind"),
    [
        ("0c2e:0caa", "Honeywell", "Voyager 1450g", Kind.BARCODE),
        ("0483:5740", "SUPERLEAD", "2D Barcode Scanner", Kind.BARCODE),
        ("0483:5740", "", "身份证阅读器", Kind.ID_READER),
        ("0416:5011", "STMicroelectronics", "POS80 Printer USB", Kind.PRINTER),
        ("0483:5740", "STMicroelectronics", "Virtual COM Port", Kind.SERIAL),
    ],
)
def test_a_modem_device_is_what_it_calls_itself(
    machine: Any, ids: str, maker: str, name: str, kind: Kind
) -> None:
    machine.serial(machine.usb("1-1", ids, maker, name, "1"), "ttyACM")

    (one,) = look(machine.roots)

    assert one.kind is kind
    assert one.url.startswith("serial:///dev/serial/by-id/usb-")


def test_a_port_without_links_keeps_the_kernel_s_name(machine: Any) -> None:
    """A container, or a udev without its rules."""
    machine.serial(machine.ch340("1-1"))
    for area in ("by-id", "by-path"):
        for link in (machine.base / "dev/serial" / area).iterdir():
            link.unlink()

    (one,) = look(machine.roots)

    assert one.url == "serial:///dev/ttyUSB0"


def test_a_line_whose_node_has_gone_is_passed_over(machine: Any) -> None:
    machine.serial(machine.ch340("1-1"))
    (machine.base / "dev/ttyUSB0").unlink()

    assert look(machine.roots) == ()


def test_the_board_s_ports_are_told_and_a_pc_s_empty_places_are_not(machine: Any) -> None:
    machine.board_port("ttyS0", 4)
    machine.board_port("ttyS1", 0)
    machine.board_port("ttyAMA0", 32)

    assert [one.url for one in look(machine.roots)] == ["serial:///dev/ttyAMA0", "serial:///dev/ttyS0"]


def test_a_port_with_the_system_console_on_it_is_no_free_port(machine: Any) -> None:
    machine.board_port("ttyAMA0", 32)
    machine.write(machine.base / "sys/class/tty/console", active="tty0 ttyAMA0")

    (one,) = look(machine.roots)

    assert (one.url, one.line(), one.is_for_the_hall) == ("", "", False)
    assert "console" in one.why_en
    assert "raspi-config" in one.note_zh


# --- printers


def test_a_printer_is_named_by_its_ids_and_its_node_is_told(machine: Any) -> None:
    machine.usblp(machine.epson("1-1"), b"MFG:EPSON;CMD:ESC/POS;MDL:TM-T82III;CLS:PRINTER;")

    (one,) = look(machine.roots)

    assert (one.kind, one.says, one.url) == (Kind.PRINTER, "04b8:0e15 EPSON TM-T82III", "usb://04b8:0e15")
    assert one.line() == '[printing]\ndevice = "usb://04b8:0e15"'
    assert "lp:///dev/usb/lp0" in one.note_en
    assert one.node == "/dev/usb/lp0"


@pytest.mark.parametrize(
    "device_id", [b"", b"MFG:;MDL:;", b"\xff\xfe\x00;;;::", b"\x00" * 200, b"no pairs at all"]
)
def test_a_no_name_printer_is_one_by_its_class(machine: Any, device_id: bytes) -> None:
    device = machine.usb("1-1", "0416:5011", "", "", "", ((7, 2, "usblp"),))
    machine.usblp(device, device_id)

    (one,) = look(machine.roots)

    assert (one.kind, one.says) == (Kind.PRINTER, "0416:5011")
    assert one.why_en == "a device of the printer class"


def test_a_printer_without_the_kernel_s_driver_is_found_too(machine: Any) -> None:
    machine.usb("1-1", "0416:5011", "ZJ", "POS58", "", ((7, 2, ""),))

    (one,) = look(machine.roots)

    assert (one.url, one.node, one.note_en) == ("usb://0416:5011", "", "")


def test_two_equal_printers_are_told_apart_by_serial_number_or_else_by_socket(machine: Any) -> None:
    machine.epson("1-1.1", "X1")
    machine.epson("1-1.2", "X2")
    for socket in ("1-2.1", "1-2.2"):
        machine.usb(socket, "0416:5011", interfaces=((7, 2, ""),))

    assert [one.url for one in look(machine.roots)] == [
        "usb://0416:5011?port=1-2.1",
        "usb://0416:5011?port=1-2.2",
        "usb://04b8:0e15?serial=X1",
        "usb://04b8:0e15?serial=X2",
    ]


def test_two_printers_that_claim_the_same_serial_number_are_told_apart_by_socket(machine: Any) -> None:
    machine.epson("1-1.1", "000000000000")
    machine.epson("1-1.2", "000000000000")

    assert [one.url.partition("?")[2] for one in look(machine.roots)] == ["port=1-1.1", "port=1-1.2"]


def test_a_page_printer_is_no_ticket_printer(machine: Any) -> None:
    device = machine.usb("1-1", "03f0:052a", "HP", "LaserJet", "V1", ((7, 2, "usblp"),))
    machine.usblp(device, b"MFG:Hewlett-Packard;CMD:PJL,PCL,URF;MDL:HP LaserJet;CLS:PRINTER;")

    (one,) = look(machine.roots)

    assert (one.kind, one.line(), one.is_for_the_hall) == (Kind.OFFICE_PRINTER, "", False)


def test_the_url_that_is_offered_is_one_that_the_transport_takes(machine: Any) -> None:
    from halldrivers.transport import transport_claims

    machine.epson("1-1.1", "X 1/2&3")
    machine.epson("1-1.2", "X2")
    urls = [one.url for one in look(machine.roots)]

    assert [transport_claims(url).own[0] for url in urls] == [
        "USB 04b8:0e15 serial X 1/2&3",
        "USB 04b8:0e15 serial X2",
    ]


# --- things that type


def test_a_scanner_is_told_by_its_words_and_by_its_maker(machine: Any, keys: dict[str, str]) -> None:
    by_word = machine.usb("1-1", "0581:0115", "SM", "SM-2D PRODUCT HID KBW")
    machine.typing(by_word, "SM SM-2D Barcode Scanner", keys["full"])
    by_maker = machine.usb("1-2", "05e0:1200", "", "Voyager")
    machine.typing(by_maker, "Voyager", keys["full"])

    assert {(one.kind, one.why_en) for one in look(machine.roots)} == {
        (Kind.BARCODE, "it calls itself 'barcode'"),
        (Kind.BARCODE, "it is made by Symbol/Zebra"),
    }


def test_a_cheap_scanner_that_calls_itself_a_keyboard_is_left_open(
    machine: Any, keys: dict[str, str]
) -> None:
    device = machine.usb("1-1", "ac90:3002", "WCM", "HIDKEYBOARD")
    machine.typing(device, "WCM HIDKEYBOARD", keys["full"])

    (one,) = look(machine.roots)

    assert one.kind is Kind.TYPING
    assert one.line() == 'device = "evdev:///dev/input/by-id/usb-WCM_HIDKEYBOARD-event-kbd"'


def test_a_keyboard_for_people_is_nothing_to_add(machine: Any, keys: dict[str, str]) -> None:
    machine.typing(machine.usb("1-1", "413c:2113", "Dell", "KB216 Wired Keyboard"), "Dell", keys["full"])

    (one,) = look(machine.roots)

    assert (one.kind, one.line(), one.is_for_the_hall) == (Kind.KEYBOARD, "", False)


def test_a_keypad_is_told_by_having_digits_and_no_letters(machine: Any, keys: dict[str, str]) -> None:
    machine.typing(machine.usb("1-1", "1a2c:6004", "SEMICO", "USB Keyboard"), "SEMICO", keys["pad"])

    (one,) = look(machine.roots)

    assert one.kind is Kind.KEYPAD
    assert one.line() == '[callers]\n1 = "evdev:///dev/input/by-id/usb-SEMICO_USB_Keyboard-event-kbd"'


def test_two_equal_keypads_are_named_by_their_sockets(machine: Any, keys: dict[str, str]) -> None:
    for socket in ("1-1.1", "1-1.2"):
        machine.typing(machine.usb(socket, "1a2c:6004", "SEMICO", "Keypad"), "SEMICO Keypad", keys["pad"])

    assert [one.url.partition("by-")[2][:4] for one in look(machine.roots)] == ["path", "path"]


def test_a_mouse_does_not_type(machine: Any) -> None:
    machine.typing(machine.usb("1-1", "046d:c077", "Logitech", "Mouse"), "Mouse", "7 0", "-event-mouse")

    assert look(machine.roots) == ()


def test_keys_are_read_in_the_kernel_s_words() -> None:
    assert key_bits("1", 64) == 1
    assert key_bits("1 0", 64) == 1 << 64
    assert key_bits("1 0", 32) == 1 << 32
    assert key_bits("", 64) == 0
    assert key_bits("keys", 64) == 0
    assert key_bits("1ffffffff", 32) == 0


# --- cameras, readers, pins, scanners


def test_a_camera_is_its_first_node_only(machine: Any) -> None:
    machine.camera(machine.usb("1-1", "0ac8:3420", "Vimicro", "HD Camera", "C1"), "HD Camera")

    (one,) = look(machine.roots)

    assert (one.node, one.says) == ("/dev/video0", "0ac8:3420 HD Camera")
    assert one.line().endswith('"v4l2:///dev/v4l/by-id/usb-Vimicro_HD_Camera_C1-video-index0"')


def test_two_equal_cameras_are_named_by_their_sockets(machine: Any) -> None:
    for socket in ("1-1.1", "1-1.2"):
        machine.camera(machine.usb(socket, "0ac8:3420", "Vimicro", "HD Camera"), "HD Camera")

    found = look(machine.roots)

    assert [one.node for one in found] == ["/dev/video0", "/dev/video2"]
    assert all("/dev/v4l/by-path/" in one.url for one in found)


def test_the_pi_s_own_video_units_are_no_cameras(machine: Any) -> None:
    inner = machine.write(machine.base / "sys/devices/platform/bcm2835-codec/video10", index=0, name="codec")
    machine.class_entry("video4linux", "video10", inner)
    machine.node("video10")

    assert look(machine.roots) == ()


def test_two_readers_are_told_apart(machine: Any) -> None:
    machine.reader("1-1.1")
    machine.reader("1-1.2")

    assert [one.url for one in look(machine.roots)] == [
        "usb://0400:c35a?port=1-1.1",
        "usb://0400:c35a?port=1-1.2",
    ]


@pytest.mark.parametrize("label", ["pinctrl-bcm2835", "pinctrl-bcm2711", "pinctrl-rp1"])
def test_the_header_of_each_pi_is_known(machine: Any, label: str) -> None:
    machine.pins(0, "raspberrypi-exp-gpio")
    machine.pins(4, label)

    (one,) = look(machine.roots)

    assert (one.kind, one.node, one.says) == (Kind.GPIO, "/dev/gpiochip4", label)
    assert one.line().startswith("[pads]\n1 = ")


def test_pins_are_known_by_the_older_interface_too(machine: Any) -> None:
    chip = machine.write(machine.base / "sys/devices/platform/pinctrl/gpiochip0")
    entry = machine.base / "sys/bus/gpio/devices/gpiochip0"
    entry.parent.mkdir(parents=True)
    entry.symlink_to(chip)
    old = machine.write(machine.base / "sys/class/gpio/gpiochip512", label="pinctrl-bcm2711")
    (old / "device").mkdir()
    (old / "device/gpiochip0").mkdir()
    machine.node("gpiochip0")

    assert [one.kind for one in look(machine.roots)] == [Kind.GPIO]


def test_the_pins_of_another_board_are_not_offered(machine: Any) -> None:
    machine.pins(0, "gpio-sim")

    assert look(machine.roots) == ()


def test_scanners_are_asked_for_only_with_the_means_to_ask(machine: Any) -> None:
    listed = [Sane("test:0", "Noname frontend-tester"), Sane("v4l:/dev/video0", "Noname HD Camera")]

    assert look(machine.roots) == ()
    (one,) = look(machine.roots, lambda: listed)
    assert (one.kind, one.url, one.says) == (Kind.SCANNER, "sane:test:0", "Noname frontend-tester")


# --- odd machines


def test_a_device_that_says_control_characters_cannot_write_on_the_screen(machine: Any) -> None:
    machine.serial(machine.usb("1-1", "1a86:7523", "evil", "\x1b[2J\x07name"))

    (one,) = look(machine.roots)

    assert one.says == "1a86:7523 evil \ufffd[2J\ufffdname"


def test_an_attribute_is_read_in_one_page_at_most(machine: Any) -> None:
    machine.write(machine.base / "sys", long="x" * 100_000)

    assert len(attribute(machine.base / "sys", "long")) == 4096


def test_links_that_lead_nowhere_or_in_a_circle_are_passed_over(machine: Any) -> None:
    folder = machine.base / "dev/serial/by-id"
    folder.mkdir(parents=True)
    (folder / "gone").symlink_to("../../ttyUSB9")
    (folder / "circle").symlink_to("circle")
    (machine.base / "sys/class/tty").mkdir(parents=True)
    (machine.base / "sys/class/tty/ttyUSB9").symlink_to("ttyUSB9")

    assert look(machine.roots) == ()


def test_a_device_that_is_unplugged_while_it_is_looked_at_is_passed_over(machine: Any) -> None:
    device = machine.epson("1-1")
    (device.folder / "idProduct").unlink()

    assert look(machine.roots) == ()


def test_only_the_kind_s_own_line_is_changed_by_another_table(machine: Any) -> None:
    machine.epson("1-1")
    (one,) = look(machine.roots)

    assert one.line({Kind.PRINTER: 'printer = "{url}"'}) == 'printer = "usb://04b8:0e15"'
    assert one.line({}) == ""
