"""The simulated network scanner: its feeder's table, its jobs, and its accidents on the wire."""

from __future__ import annotations

import http.client
import io
import threading

import pytest
from PIL import Image

from halldrivers.errors import BadUrl, PortBusy, PortDenied
from halldrivers.scanner.esclsim import FAULT_WORDS, EsclFault, EsclServer, EsclSim, Feeder, serve
from halldrivers.scanner.esclsim.answer import Answer
from halldrivers.scanner.esclsim.documents import Wish, wish_of
from halldrivers.scanner.esclsim.machine import FEEDER, Hand

SETTINGS = (
    b'<scan:ScanSettings xmlns:scan="x" xmlns:pwg="y"><pwg:Version>2.0</pwg:Version>'
    b"<pwg:InputSource>Feeder</pwg:InputSource><scan:ColorMode>Grayscale8</scan:ColorMode>"
    b"<scan:XResolution>75</scan:XResolution><pwg:Width>600</pwg:Width><pwg:Height>900</pwg:Height>"
    b"<scan:Duplex>false</scan:Duplex></scan:ScanSettings>"
)


@pytest.fixture
def sim() -> EsclSim:
    return EsclSim()


def begin(sim: EsclSim, body: bytes = SETTINGS) -> str:
    answer = sim.answer("POST", "/eSCL/ScanJobs", body)
    assert answer.code == 201
    return answer.location


def following(sim: EsclSim, job: str) -> Answer:
    return sim.answer("GET", f"{job}/NextDocument", b"")


HANDS = {
    Hand.LOAD: lambda sim: sim.load(1),
    Hand.RUN_OUT: lambda sim: sim._hand(Hand.RUN_OUT),
    Hand.JAM: EsclSim.jam,
    Hand.CLEAR: EsclSim.clear_jam,
    Hand.OPEN: EsclSim.open_cover,
    Hand.CLOSE: EsclSim.close_cover,
}
WAY_TO = {
    Feeder.EMPTY: (),
    Feeder.LOADED: (Hand.LOAD,),
    Feeder.JAMMED: (Hand.LOAD, Hand.JAM),
    Feeder.OPEN: (Hand.LOAD, Hand.OPEN),
}


@pytest.mark.parametrize("state", Feeder)
@pytest.mark.parametrize("hand", Hand)
def test_every_hand_in_every_state_does_what_the_table_says(state: Feeder, hand: Hand) -> None:
    sim = EsclSim()
    for step in (*WAY_TO[state], hand):
        HANDS[step](sim)
    expected = FEEDER[state].get(hand, state)
    assert sim.feeder is expected


def test_a_closed_feeder_without_a_sheet_is_empty(sim: EsclSim) -> None:
    sim.open_cover()
    sim.close_cover()
    assert sim.feeder is Feeder.EMPTY


def test_a_job_gives_sheet_after_sheet_and_ends_with_404(sim: EsclSim) -> None:
    sim.load(2)
    job = begin(sim)
    pages = [following(sim, job) for _ in range(4)]
    assert [page.code for page in pages] == [200, 200, 404, 404]
    assert (sim.sheets, sim.feeder) == (0, Feeder.EMPTY)
    picture = Image.open(io.BytesIO(pages[0].body))
    assert (picture.format, picture.mode, picture.size) == ("JPEG", "L", (150, 225))
    assert pages[0].body != pages[1].body


def test_both_sides_of_a_sheet(sim: EsclSim) -> None:
    sim.load(1)
    job = begin(sim, SETTINGS.replace(b"false", b"true"))
    assert [following(sim, job).code for _ in range(3)] == [200, 200, 404]


def test_the_glass_gives_one_page(sim: EsclSim) -> None:
    job = begin(sim, SETTINGS.replace(b"Feeder", b"Platen"))
    assert [following(sim, job).code for _ in range(2)] == [200, 404]


def test_an_empty_feeder_takes_no_job(sim: EsclSim) -> None:
    assert sim.answer("POST", "/eSCL/ScanJobs", SETTINGS).code == 409


def test_one_job_at_a_time(sim: EsclSim) -> None:
    sim.load(2)
    job = begin(sim)
    assert sim.answer("POST", "/eSCL/ScanJobs", SETTINGS).code == 503
    assert sim.answer("DELETE", job, b"").code == 200
    assert sim.seen.cancelled == 1
    begin(sim)


def test_a_jam_ends_the_job_and_stays_until_it_is_cleared(sim: EsclSim) -> None:
    sim.load(3)
    sim.jam_after(1)
    job = begin(sim)
    assert [following(sim, job).code for _ in range(2)] == [200, 404]
    assert sim.feeder is Feeder.JAMMED
    sim.clear_jam()
    assert (sim.feeder, sim.sheets) == (Feeder.LOADED, 2)


def test_every_word_of_hall_sim_lets_something_go_wrong() -> None:
    for word in FAULT_WORDS:
        sim = EsclSim()
        sim.load(1)
        sim.fail(word)
        is_hand = word in ("empty", "jam", "cover")
        assert (sim.feeder is not Feeder.LOADED) == is_hand
        assert sim.fault == (EsclFault.NONE if is_hand else EsclFault(word))
    with pytest.raises(ValueError, match="paperless"):
        EsclSim().fail("paperless")


def test_what_a_job_asks_for_is_read_from_its_document() -> None:
    assert wish_of(SETTINGS) == Wish("Feeder", False, "Grayscale8", 75, 600, 900)
    assert wish_of(b"\xff<no xml") == Wish()


@pytest.mark.parametrize("path", ["/", "/eSCL/ScanJobs/7/NextDocument", "/eSCL/../etc/passwd", "/eSCL"])
def test_an_unknown_resource_is_404(sim: EsclSim, path: str) -> None:
    assert sim.answer("GET", path, b"").code == 404


# --- over the wire -------------------------------------------------------------------------------


def get(server: EsclServer, path: str, method: str = "GET", body: bytes = b"") -> tuple[int, bytes, str]:
    wire = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    try:
        wire.request(method, path, body)
        answer = wire.getresponse()
        return answer.status, answer.read(), answer.getheader("Location", "")
    finally:
        wire.close()


def test_it_speaks_http() -> None:
    with EsclServer(EsclSim()) as server:
        code, body, _ = get(server, "/eSCL/ScannerCapabilities")
        assert code == 200
        assert b"Hall Simulated MFP" in body
        server.sim.load(1)
        code, _, location = get(server, "/eSCL/ScanJobs", "POST", SETTINGS)
        assert (code, location) == (201, "http://localhost/eSCL/ScanJobs/1")
        assert get(server, "/eSCL/ScanJobs/1/NextDocument")[1].startswith(b"\xff\xd8")


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (EsclFault.BROKEN, ConnectionResetError),
        (EsclFault.SHORT, http.client.IncompleteRead),
        (EsclFault.SILENT, TimeoutError),
    ],
)
def test_its_accidents_break_the_wire(fault: EsclFault, error: type[Exception]) -> None:
    with EsclServer(EsclSim()) as server:
        server.sim.load(1)
        begin(server.sim)
        server.sim.fault = fault
        wire = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
        if fault is EsclFault.SILENT:
            wire.timeout = 0.2
        try:
            with pytest.raises(error):
                wire.request("GET", "/eSCL/ScanJobs/1/NextDocument")
                wire.getresponse().read()
        finally:
            wire.close()


def test_a_request_that_is_too_long_is_refused() -> None:
    with EsclServer(EsclSim()) as server:
        wire = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
        wire.putrequest("POST", "/eSCL/ScanJobs")
        wire.putheader("Content-Length", "999999999")
        wire.endheaders()
        assert wire.getresponse().status == 400
        wire.close()


def test_closing_leaves_no_thread_behind_even_with_a_client_that_waits() -> None:
    before = set(threading.enumerate())
    server = EsclServer(EsclSim())
    server.sim.fault = EsclFault.SILENT
    wire = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    wire.request("GET", "/eSCL/ScannerStatus")
    server.close()
    server.close()
    wire.close()
    assert set(threading.enumerate()) <= before


def test_it_is_served_where_its_url_says() -> None:
    with serve("escl://127.0.0.1:0", EsclSim(root="/other")) as server:
        assert server.url == f"escl://127.0.0.1:{server.port}/other"
        assert get(server, "/other/ScannerStatus")[0] == 200
        with pytest.raises((PortBusy, PortDenied)):
            serve(f"escl://127.0.0.1:{server.port}", EsclSim())


@pytest.mark.parametrize("url", ["http://127.0.0.1:80", "escl://", "escl://127.0.0.1", "escl://x:y"])
def test_a_url_that_it_cannot_be_served_at(url: str) -> None:
    with pytest.raises(BadUrl):
        serve(url, EsclSim())
