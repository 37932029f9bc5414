"""A scanner's URL: every form, what it claims, and every mistake with its fix."""

from __future__ import annotations

from pathlib import Path

import pytest

from halldrivers.deviceurl import Claims
from halldrivers.errors import BadUrl
from halldrivers.scanner.address import EsclAddress, FolderAddress, SaneAddress, parse_scanner
from halldrivers.scanner.airscanconf import AirscanConfig, configuration
from halldrivers.scanner.settings import Mode, PageFormat, Paper, ScanSettings, Source


@pytest.mark.parametrize(
    ("url", "device"),
    [
        ("sane:test:0", "test:0"),
        ("sane:airscan:e0:Kyocera MFP Scanner", "airscan:e0:Kyocera MFP Scanner"),
        ("sane:airscan:e0:办公室", "airscan:e0:办公室"),
        ("sane:fujitsu:ScanSnap iX500:1234", "fujitsu:ScanSnap iX500:1234"),
        ("sane:epsonds:libusb:001:005", "epsonds:libusb:001:005"),
        ("sane:net:10.0.0.9:test:0", "net:10.0.0.9:test:0"),
        ("sane:airscan:e0:A%3FB%23C%25", "airscan:e0:A?B#C%"),
    ],
)
def test_any_sane_name(url: str, device: str) -> None:
    address = parse_scanner(url)
    assert address == SaneAddress(device, ScanSettings())
    assert address.claims == Claims((device,))


def test_the_options() -> None:
    url = "sane:test:0?source=duplex&mode=gray&resolution=300&format=tiff&paper=whole"
    address = parse_scanner(url)
    assert isinstance(address, SaneAddress)
    assert address.settings == ScanSettings(Source.DUPLEX, Mode.GRAY, 300, PageFormat.TIFF, Paper.WHOLE)


@pytest.mark.parametrize(
    ("url", "host", "port", "path", "http"),
    [
        ("escl://10.0.0.20:80/eSCL", "10.0.0.20", 80, "/eSCL", "http://10.0.0.20:80/eSCL"),
        ("escl://10.0.0.20", "10.0.0.20", 80, "/eSCL", "http://10.0.0.20:80/eSCL"),
        ("escl://mfp.hall:9095/", "mfp.hall", 9095, "/eSCL", "http://mfp.hall:9095/eSCL"),
        ("escl://10.0.0.20:8080/airscan/eSCL/", "10.0.0.20", 8080, "/airscan/eSCL",
         "http://10.0.0.20:8080/airscan/eSCL"),
        ("escl://[fd00::20]:80/eSCL", "fd00::20", 80, "/eSCL", "http://[fd00::20]:80/eSCL"),
    ],
)  # fmt: skip
def test_a_network_scanner(url: str, host: str, port: int, path: str, http: str) -> None:
    address = parse_scanner(url)
    assert address == EsclAddress(host, port, path, ScanSettings())
    assert address.url == http
    assert address.claims == Claims((f"{host}:{port}",))


def test_a_watched_folder() -> None:
    address = parse_scanner("dir:///srv/scans/in?steady=5")
    assert address == FolderAddress(Path("/srv/scans/in"), 5)
    assert address.claims == Claims(("/srv/scans/in",))


@pytest.mark.parametrize(
    ("url", "zh", "en"),
    [
        (
            "usb://scanner",
            "要以 sane://, escl://, dir:// 开头",
            "it must begin with sane://, escl://, dir://",
        ),
        ("sane:", "要写全", "write the whole name"),
        ("sane:test", "要写全", "write the whole name"),
        ("sane::0", "要写全", "write the whole name"),
        ("sane://test:0", "不要斜杠", "without slashes"),
        ("sane:/dev/sg0", "不要斜杠", "without slashes"),
        ("sane:test:%07", "不能用的字符", "characters that cannot be"),
        (f"sane:test:{'x' * 300}", "不能用的字符", "characters that cannot be"),
        (
            "sane:test:0?source=adf",
            "source 可用：auto, duplex, feeder, flatbed",
            "source is one of: auto, duplex",
        ),
        ("sane:test:0?mode=Color", "mode 可用", "mode is one of: color, gray, lineart"),
        ("sane:test:0?resolution=50", "75 到 1200", "resolution is a number from 75 to 1200"),
        ("sane:test:0?quality=90", "不认识的选项 quality", "unknown option quality"),
        ("escl:///eSCL", "缺少主机地址", "the host is missing, write escl://10.0.0.20:80/eSCL"),
        ("escl://10.0.0.20/e SCL", "路径一般就是 /eSCL", "the path is /eSCL"),
        ('escl://10.0.0.20/a"b', "路径一般就是 /eSCL", "the path is /eSCL"),
        (
            "escl://10.0.0.20:http/eSCL",
            "端口号要写 1 到 65535 的数字",
            "the port is a number from 1 to 65535",
        ),
        ("dir://srv/scans", "三个斜杠", "must be absolute"),
        (
            "dir:///srv/scans?source=feeder",
            "不认识的选项 source",
            "unknown option source (known here: steady)",
        ),
        ("dir:///srv/scans?steady=0", "1 到 60", "steady is a number from 1 to 60"),
    ],
)
def test_a_mistake_is_told_with_its_fix_in_both_languages(url: str, zh: str, en: str) -> None:
    with pytest.raises(BadUrl) as caught:
        parse_scanner(url)
    assert zh in caught.value.why_zh
    assert en in caught.value.why_en


def test_the_private_configuration_names_one_scanner_and_searches_nothing() -> None:
    assert configuration("http://10.0.0.20:80/eSCL") == (
        '[devices]\n"hall" = http://10.0.0.20:80/eSCL, eSCL\n'
        "[options]\ndiscovery = disable\nws-discovery = off\n"
    )


def test_the_private_configuration_goes_away(tmp_path: Path) -> None:
    config = AirscanConfig("http://10.0.0.20:80/eSCL", tmp_path)
    assert sorted(path.name for path in config.folder.iterdir()) == ["airscan.conf", "dll.conf"]
    assert (config.folder / "dll.conf").read_text() == "airscan\n"
    assert config.folder.stat().st_mode & 0o777 == 0o700
    config.close()
    config.close()
    assert list(tmp_path.iterdir()) == []
