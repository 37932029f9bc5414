"""What scanimage prints: the options of a device, and the list of devices."""

from halldrivers.scanner.capabilities import MOST_OPTIONS, parse_capabilities
from halldrivers.scanner.choices import choose
from halldrivers.scanner.devices import parse_listing
from halldrivers.scanner.settings import MOST_PAGES, Mode, ScanSettings, Source

SEEDS = [
    b"    --resolution 75|100|600dpi [300]\n    --source Flatbed|ADF|ADF Duplex [ADF]\n",
    b"    -x 0..215.9mm (in steps of 0.1) [215.9]\n    --three-pass[=(yes|no)] [inactive]\n",
    b"    --mode auto|Gray[Error Diffusion]|Lineart [Lineart] [advanced]\n    --depth 1|8|16 [8]\n",
    b"    --table 0..255,... (in steps of 1) [read-only]\n    --gamma 0.0999908..4 [1]\n",
    b"hall|test:0|Noname|frontend-tester|virtual device\n",
]
_WISHES = [ScanSettings(source, Mode.LINEART) for source in Source]


def run(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    has = parse_capabilities(text)
    assert len(has.options) <= MOST_OPTIONS
    for wish in _WISHES:
        chosen = choose(wish, has)
        assert 1 <= chosen.most_pages <= MOST_PAGES
        assert all(argument and "\n" not in argument for argument in chosen.arguments)
    for scanner in parse_listing(text):
        assert scanner.name
