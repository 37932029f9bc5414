"""The camera as a device: rests, shows previews, takes shots, is lost and found; nothing is kept."""

from __future__ import annotations

import gc
import hashlib
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from halldrivers.camera.address import CameraAddress, CameraKind
from halldrivers.camera.camera import Camera
from halldrivers.camera.driver import HEALTH_S, LOOK_S, PATIENCE, PREVIEW_S, CameraDriver, CameraState
from halldrivers.camera.errors import COARSE, FrameDamaged, NoFrame
from halldrivers.camera.frame import Frame
from halldrivers.camera.preview import Preview
from halldrivers.camera.sim import CameraSim
from halldrivers.counters import Counters
from halldrivers.errors import DeviceError, DeviceState, Fault, PortAbsent, PortGone
from halldrivers.status import DeviceStatus
from halldrivers.worker import Retry

WITHIN_S = 20.0
QUICK = Retry(first_s=0.002, most_s=0.01)


class Source:
    """A frame source that does what its test says, and notes what it was asked for."""

    def __init__(self, jpeg: bytes) -> None:
        self.jpeg = jpeg
        self.comes_by_itself = True
        self.warning: Fault | None = None
        self.error: DeviceError | None = None
        self.is_absent = self.is_running = False
        self.done: list[str] = []
        self.meanwhile: Callable[[], None] = lambda: None

    def open(self) -> None:
        if self.is_absent:
            raise PortAbsent("camera")
        self.done.append("open")

    def probe(self) -> None:
        if self.is_absent:
            raise PortGone("camera")

    def start(self) -> None:
        if not self.is_running:
            self.done.append("start")
        self.is_running = True

    def frame(self, timeout_s: float) -> Frame:
        assert self.is_running
        self.meanwhile()
        if self.is_absent:
            raise PortGone("camera")
        if self.error:
            raise self.error
        return Frame(self.jpeg, 320, 240, 1234.0)

    def stop(self) -> None:
        if self.is_running:
            self.done.append("stop")
        self.is_running = False

    def close(self) -> None:
        self.stop()
        self.done.append("close")


class Ear:
    """Collects what is called back, and waits for it."""

    def __init__(self) -> None:
        self.states: list[DeviceState] = []
        self.previews: list[Preview] = []
        self._changed = threading.Condition()

    def status(self, word: DeviceStatus) -> None:
        with self._changed:
            self.states.append(word.state)
            self._changed.notify_all()

    def preview(self, preview: Preview) -> None:
        with self._changed:
            self.previews.append(preview)
            self._changed.notify_all()

    def until(self, met: Callable[[], bool]) -> None:
        with self._changed:
            assert self._changed.wait_for(met, WITHIN_S), (self.states, len(self.previews))


@pytest.fixture
def source(jpeg: bytes) -> Source:
    return Source(jpeg)


@pytest.fixture
def ear() -> Ear:
    return Ear()


@pytest.fixture
def camera(source: Source, ear: Ear) -> Iterator[Camera]:
    address = CameraAddress(CameraKind.V4L2, "/dev/video0", turn=90)
    made = Camera("camera", address, on_status=ear.status, source=source, retry=QUICK)
    yield made
    made.close()


@pytest.fixture
def online(camera: Camera, ear: Ear) -> Camera:
    camera.start()
    ear.until(lambda: ear.states == [DeviceState.ONLINE])
    return camera


def driver_of(source: Source, now: list[float]) -> CameraDriver:
    driver = CameraDriver(source, Counters(), mono_s=lambda: now[0])
    driver.open()
    source.done.clear()
    return driver


def test_at_rest_a_frame_a_minute_shows_that_it_still_sees(source: Source) -> None:
    now = [0.0]
    driver = driver_of(source, now)
    assert [driver.turn(), driver.turn()] == [LOOK_S, LOOK_S]
    assert source.done == ["start", "stop"], "the sensor rests between"
    now[0] = HEALTH_S
    driver.turn()
    assert source.done == ["start", "stop"] * 2
    assert driver.state is CameraState.REST


def test_a_folder_is_not_asked_for_frames_at_rest(source: Source) -> None:
    source.comes_by_itself = False
    driver_of(source, [0.0]).turn()
    assert source.done == []


def test_a_camera_that_sees_nothing_is_not_well(source: Source) -> None:
    source.error = NoFrame("camera")
    with pytest.raises(NoFrame):
        driver_of(source, [0.0]).turn()
    assert not source.is_running


def test_previews_come_four_times_a_second_at_most(source: Source, ear: Ear) -> None:
    driver = driver_of(source, [0.0])
    driver.preview_to(ear.preview)
    assert [driver.turn(), driver.turn()] == [PREVIEW_S, PREVIEW_S]
    assert (len(ear.previews), driver.state) == (2, CameraState.PREVIEW)
    assert source.done == ["start"]


def test_the_sensor_stops_with_the_previews(source: Source, ear: Ear) -> None:
    driver = driver_of(source, [0.0])
    driver.preview_to(ear.preview)
    driver.turn()
    driver.preview_to(None)
    driver.turn()
    assert (driver.state, source.is_running, len(ear.previews)) == (CameraState.REST, False, 1)


def test_a_preview_that_nobody_wants_any_more_is_not_shown(source: Source, ear: Ear) -> None:
    driver = driver_of(source, [0.0])
    driver.preview_to(ear.preview)
    source.meanwhile = lambda: driver.preview_to(None)
    driver.turn()
    assert ear.previews == []


def test_some_undecodable_previews_are_passed_over_but_not_many(source: Source, ear: Ear) -> None:
    driver = driver_of(source, [0.0])
    driver.preview_to(ear.preview)
    source.jpeg = b"not a picture"
    for _ in range(PATIENCE):
        driver.turn()
    with pytest.raises(FrameDamaged):
        driver.turn()
    assert ear.previews == []


def test_a_half_file_in_a_folder_is_passed_over_for_a_while(source: Source, ear: Ear) -> None:
    source.comes_by_itself, source.error = False, FrameDamaged("cut off")
    driver = driver_of(source, [0.0])
    driver.preview_to(ear.preview)
    for _ in range(PATIENCE):
        driver.turn()
    with pytest.raises(FrameDamaged):
        driver.turn()


def test_a_camera_that_delivers_only_damage_is_a_fault_at_once(source: Source, ear: Ear) -> None:
    source.error = FrameDamaged("cut off")
    driver = driver_of(source, [0.0])
    driver.preview_to(ear.preview)
    with pytest.raises(FrameDamaged):
        driver.turn()


def test_a_stream_that_hangs_is_begun_anew(source: Source, ear: Ear) -> None:
    driver = driver_of(source, [0.0])
    driver.preview_to(ear.preview)
    driver.turn()
    source.error = NoFrame("camera")
    with pytest.raises(NoFrame):
        driver.turn()
    source.error = None
    driver.turn()
    assert source.done == ["start", "stop", "start"]


def test_a_folder_without_a_picture_has_no_preview_and_no_fault(source: Source, ear: Ear) -> None:
    source.comes_by_itself, source.error = False, NoFrame("folder")
    driver = driver_of(source, [0.0])
    driver.preview_to(ear.preview)
    driver.turn()
    assert ear.previews == []


def test_a_shot_is_the_frame_as_delivered_with_its_hash(online: Camera, jpeg: bytes) -> None:
    shot = online.capture()
    assert shot.jpeg == jpeg
    assert shot.sha256 == hashlib.sha256(jpeg).hexdigest()
    assert (shot.width, shot.height, shot.taken_s) == (320, 240, 1234.0), "as delivered, not turned"
    assert "\\xff" not in repr(shot), "no picture in a log"


def test_after_a_shot_the_sensor_rests_again(online: Camera, source: Source) -> None:
    online.capture()
    assert not source.is_running
    assert online.state is CameraState.REST


def test_a_shot_during_previews_does_not_end_them(online: Camera, source: Source, ear: Ear) -> None:
    online.start_preview(ear.preview)
    ear.until(lambda: len(ear.previews) >= 1)
    online.capture()
    before = len(ear.previews)
    ear.until(lambda: len(ear.previews) > before)
    assert source.done.count("stop") == 1, "after the health frame alone"


def test_previews_are_small_and_turned_as_the_address_says(online: Camera, ear: Ear) -> None:
    online.start_preview(ear.preview)
    ear.until(lambda: len(ear.previews) >= 1)
    preview = ear.previews[0]
    assert (preview.width, preview.height) == (240, 320)
    assert len(preview.rgb) == 240 * 320 * 3
    assert "\\x" not in repr(preview)


def test_stopped_previews_come_no_more(online: Camera, source: Source, ear: Ear) -> None:
    online.start_preview(ear.preview)
    ear.until(lambda: len(ear.previews) >= 1)
    online.stop_preview()
    online.capture()  # in the same thread, so the turn that was under way is over
    ear.previews.clear()
    online.capture()
    assert ear.previews == []
    assert not source.is_running


def test_previews_go_on_when_a_lost_camera_is_back(online: Camera, source: Source, ear: Ear) -> None:
    online.start_preview(ear.preview)
    ear.until(lambda: len(ear.previews) >= 1)
    source.is_absent = True
    online.worker.wake()
    ear.until(lambda: ear.states[-1] is DeviceState.ABSENT)
    with pytest.raises(PortAbsent):
        online.capture()
    before = len(ear.previews)
    source.is_absent = False
    ear.until(lambda: len(ear.previews) > before)
    ear.until(lambda: ear.states == [DeviceState.ONLINE, DeviceState.ABSENT, DeviceState.ONLINE])


def test_a_failed_shot_says_why_and_the_camera_goes_on(online: Camera, source: Source) -> None:
    source.error = FrameDamaged("cut off")
    with pytest.raises(FrameDamaged):
        online.capture()
    source.error = None
    assert online.capture().width == 320


def test_a_shot_that_takes_too_long_is_no_frame(online: Camera) -> None:
    free = threading.Event()

    def block() -> None:
        free.wait(WITHIN_S)

    blocker = threading.Thread(target=lambda: online.worker.call(block, WITHIN_S))
    blocker.start()
    try:
        with pytest.raises(NoFrame):
            online.capture(timeout_s=0.05)
    finally:
        free.set()
        blocker.join()


def test_a_coarse_camera_works_and_warns(camera: Camera, source: Source, ear: Ear) -> None:
    source.warning = COARSE
    camera.start()
    ear.until(lambda: ear.states == [DeviceState.ONLINE])
    assert camera.status.code == "F-09"


def test_nothing_of_a_frame_stays_in_memory(online: Camera, source: Source, ear: Ear) -> None:
    source.jpeg = marked = source.jpeg + b"only-this-page"
    online.start_preview(ear.preview)
    ear.until(lambda: len(ear.previews) >= 1)
    online.stop_preview()
    online.capture()
    source.jpeg = b""
    gc.collect()
    keepers = [held for held in gc.get_referrers(marked) if type(held).__module__.startswith("halldrivers")]
    assert keepers == []


def test_close_ends_the_thread_and_gives_the_camera_back(online: Camera, source: Source) -> None:
    online.start_preview(lambda preview: None)
    online.close()
    online.close()
    assert source.done[-1] == "close" and not source.is_running
    assert online.state is CameraState.CLOSED
    assert not [thread for thread in threading.enumerate() if thread.name == "device camera"]


def test_a_folder_is_a_whole_camera(tmp_path: Path, jpeg: bytes, other_jpeg: bytes, ear: Ear) -> None:
    sim = CameraSim(tmp_path / "camera")
    address = CameraAddress(CameraKind.FOLDER, str(tmp_path / "camera"))
    with Camera("camera", address, on_status=ear.status, retry=QUICK) as camera:
        ear.until(lambda: ear.states == [DeviceState.ONLINE])
        sim.deliver(jpeg)
        camera.start_preview(ear.preview)
        ear.until(lambda: len(ear.previews) >= 1)
        sim.deliver(other_jpeg)
        assert camera.capture().jpeg == other_jpeg
        assert camera.counters["frames"] >= 2


def test_an_unplugged_folder_is_told_once_down_and_once_up(tmp_path: Path, jpeg: bytes, ear: Ear) -> None:
    sim = CameraSim(tmp_path / "camera")
    address = CameraAddress(CameraKind.FOLDER, str(tmp_path / "camera"))
    with Camera("camera", address, on_status=ear.status, retry=QUICK) as camera:
        ear.until(lambda: ear.states == [DeviceState.ONLINE])
        sim.unplug()
        camera.worker.wake()
        ear.until(lambda: len(ear.states) == 2)
        sim.deliver(jpeg)
        sim.plug()
        ear.until(lambda: len(ear.states) == 3)
        assert ear.states == [DeviceState.ONLINE, DeviceState.ABSENT, DeviceState.ONLINE]
        assert camera.capture().jpeg == jpeg
