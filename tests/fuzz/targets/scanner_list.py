"""The list of scanners that scanimage prints, and a scanner found again in it after a replug."""

from halldrivers.scanner.devices import MOST_TEXT, found_again, moves, parse_listing

SEEDS = [
    b"hall|airscan:e0:Pantum M7106|eSCL|Pantum M7106|ip=10.0.0.20\n",
    b"hall|epsonds:libusb:001:005|Epson|DS-530|scanner\nhall|epsonds:libusb:001:006|Epson|DS-530|scanner\n",
    b"[w] backend says hello\nhall|test:0|Noname|frontend-tester|virtual device\n",
    "hall|高:libusb:001:005|紫光|Q400|扫描仪\r\nhall||x|y|z\n".encode(),
    b"hall|a|b|c\nhall|a|b|c|d|e\n",
]


def run(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    listed = parse_listing(text)
    names = [scanner.name for scanner in listed]
    assert len(set(names)) == len(names), "a name counts once"
    lines = text[:MOST_TEXT].splitlines()
    for scanner in listed:
        assert scanner.name
        assert f"hall|{scanner.name}|{scanner.vendor}|{scanner.model}|{scanner.kind}" in lines
        assert scanner.title == scanner.title.strip()
        assert found_again(scanner.name, listed) == scanner.name
    for name in ("epsonds:libusb:009:009", "test:0", text):
        found = found_again(name, listed)
        assert found in ("", *names)
        assert found in ("", name) or (moves(name) and moves(found))
