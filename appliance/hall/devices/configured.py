"""The devices of a configuration by name, and their health checks where no process holds them."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from hall.config.model import HallConfig
from halldrivers.check import CheckLevel, Finding, Tell, Verdict, failed, passed
from halldrivers.errors import DeviceError

Check = Callable[[HallConfig, str, CheckLevel, Tell], None]


@dataclass(frozen=True, slots=True)
class ConfiguredDevice:
    """One device of ``hall.toml``."""

    name: str
    """As the keeper knows it: ``idcard``, ``pad-3``."""
    kind: str
    zh: str
    url: str
    """Empty for the scan store, which is a folder."""
    unit: str
    """The role that holds it, ``hall run UNIT``."""


def configured_devices(config: HallConfig) -> tuple[ConfiguredDevice, ...]:
    """Every device of a configuration, in the order of the file."""
    return tuple(_devices(config))


def _devices(config: HallConfig) -> Iterator[ConfiguredDevice]:
    if config.printer is not None:
        yield ConfiguredDevice("printer", "printer", "打印机", config.printer.url, "printer")
    for kind, zh, url in (
        ("idcard", "读卡器", config.idcard),
        ("barcode", "扫码器", config.barcode),
        ("camera", "高拍仪", config.camera),
        ("scanner", "扫描仪", config.scanner),
    ):
        if url:
            yield ConfiguredDevice(kind, kind, zh, url, "terminal")
    if config.camera or config.scanner:
        yield ConfiguredDevice("scans", "scans", "扫描件存储", "", "terminal")
    for kind, zh, unit, devices in (
        ("pad", "评价器", "evaluator", config.pads),
        ("keypad", "叫号器", "keypad", config.callers),
        ("sign", "显示屏", "evaluator", config.signs),
    ):
        for device in devices:
            name = f"{kind}-{device.window}"
            yield ConfiguredDevice(name, kind, f"{device.window}号窗口{zh}", device.url, unit)


def check_from_here(config: HallConfig, device: ConfiguredDevice, level: CheckLevel, tell: Tell) -> None:
    """Check a device that no process of the hall holds. Blocks; tells what is wrong, raises nothing."""
    try:
        _CHECKS[device.kind](config, device.url, level, tell)
    except DeviceError as error:
        tell(failed(error))


def _printer(config: HallConfig, url: str, level: CheckLevel, tell: Tell) -> None:
    from halldrivers.printerline.check import printer_checker

    printer_checker(url)(level, tell)


def _idcard(config: HallConfig, url: str, level: CheckLevel, tell: Tell) -> None:
    from halldrivers.idcard.address import parse_idcard
    from halldrivers.idcard.check import idcard_checker

    idcard_checker(parse_idcard(url))(level, tell)


def _barcode(config: HallConfig, url: str, level: CheckLevel, tell: Tell) -> None:
    from halldrivers.barcode.opening import ReaderAtWork

    reader = ReaderAtWork("barcode", url, on_code=lambda code: None)
    try:
        reader.check(level, tell)
    finally:
        reader.close()


def _camera(config: HallConfig, url: str, level: CheckLevel, tell: Tell) -> None:
    from halldrivers.camera.address import parse_camera
    from halldrivers.camera.check import camera_checker

    camera_checker(parse_camera(url))(level, tell)


def _scanner(config: HallConfig, url: str, level: CheckLevel, tell: Tell) -> None:
    from halldrivers.scanner.checks import checker_for
    from halldrivers.scanner.scanner import scanner_at

    # A folder of its own: that of the terminal may be in use.
    with tempfile.TemporaryDirectory(prefix="hall-test-scanner-") as folder:
        scanner = scanner_at(url, Path(folder))
        try:
            checker_for(scanner)(level, tell)
        finally:
            scanner.close()


def _scans(config: HallConfig, url: str, level: CheckLevel, tell: Tell) -> None:
    # The folder is the terminal's alone; what can be told from here is the certificate.
    from halldrivers.scanstore.seal import CertificateFile

    sealer = CertificateFile(config.scans.certificate)()
    fingerprint = sealer.fingerprint()
    tell(passed(f"为此证书加密：{fingerprint}", f"seals for the certificate {fingerprint}"))
    if (expired := sealer.warning()) is not None:
        tell(Finding(Verdict.FAILED, expired.what_zh, expired.what_en, expired))


def _pad(config: HallConfig, url: str, level: CheckLevel, tell: Tell) -> None:
    from halldrivers.ratingpad.address import parse_pad
    from halldrivers.ratingpad.check import PadChecker
    from halldrivers.ratingpad.opening import PadForms, PadParts

    PadChecker(parse_pad(url), PadParts(forms=PadForms(config.pad_tables, config.pad_lines)))(level, tell)


def _keypad(config: HallConfig, url: str, level: CheckLevel, tell: Tell) -> None:
    from hall.devices.windows import callers_of
    from halldrivers.caller.checks import caller_checker

    callers = callers_of(config)
    try:
        caller_checker(callers, url)(level, tell)
    finally:
        callers.close()


def _sign(config: HallConfig, url: str, level: CheckLevel, tell: Tell) -> None:
    from halldrivers.modbusline.line import ModbusLines
    from halldrivers.sign.address import parse_sign
    from halldrivers.sign.check import SignChecker
    from halldrivers.sign.sign import open_sign

    sign = open_sign(parse_sign(url), ModbusLines())
    try:
        SignChecker(sign)(level, tell)
    finally:
        sign.close()


_CHECKS: dict[str, Check] = {
    "printer": _printer,
    "idcard": _idcard,
    "barcode": _barcode,
    "camera": _camera,
    "scanner": _scanner,
    "scans": _scans,
    "pad": _pad,
    "keypad": _keypad,
    "sign": _sign,
}
