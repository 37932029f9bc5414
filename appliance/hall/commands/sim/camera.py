"""``hall sim camera``: the document camera, as the folder into which it puts what it sees."""

from __future__ import annotations

from pathlib import Path

from hall.commands.sim.attend import attend, kind
from hall.commands.sim.words import Word, Words, count, one_of
from halldrivers.camera.address import parse_camera
from halldrivers.camera.sim import FRAME_NAME, SCENES, CameraSim
from halldrivers.camera.simscene import Scene, draw, jpeg_of
from halldrivers.deviceurl import split_url

SCENE = one_of("SCENE", SCENES)
PIECES, EMPTY_DESK = 8, "none"


def _slowly(camera: CameraSim, scene: Scene, pause_ms: int) -> None:
    camera.deliver_slowly(jpeg_of(draw(scene).image), PIECES, pause_ms / 1000)


WORDS: Words = {
    "show": Word("镜头下放这个", "let it see a scene", CameraSim.show, (SCENE,)),
    "slowly": Word(
        "同上，但分八段慢慢写，间隔毫秒",
        "the same, written in eight pieces so many ms apart",
        _slowly,
        (SCENE, count("MS", 5000, 300)),
    ),
    "corrupt": Word(
        "图片只写了一半",
        "die in the middle of writing a picture",
        lambda camera, scene: camera.deliver_half(jpeg_of(draw(scene).image)),
        (SCENE,),
    ),
    "clear": Word("一张图片也没有", "take every picture away", CameraSim.clear),
    "unplug": Word("拔掉（文件夹消失）", "unplug it: the folder is gone", CameraSim.unplug),
    "plug": Word("插上", "plug it in", CameraSim.plug),
}


@kind(WORDS)
def camera(url: str, faults: tuple[str, ...]) -> None:
    """A document camera at URL: dir:///path/of/folder, which is made when it is not there.

    It sees an empty desk until it is shown something. The folder must hold nothing else.
    """
    parts = split_url(url, "dir")
    folder = Path(parse_camera(url).path)
    try:
        files = folder.iterdir() if folder.exists() else ()
        others = [file.name for file in files if FRAME_NAME not in file.name]
        if others:
            raise parts.wrong(
                f"文件夹里有别的文件（{others[0]}），换一个空文件夹",
                f"the folder holds other files ({others[0]}): choose an empty one",
            )
        device = CameraSim(folder)
        device.show(SCENES[EMPTY_DESK])
    except OSError as error:
        why = error.strerror or str(error)
        raise parts.wrong(f"不能用这个文件夹：{why}", f"the folder cannot be used: {why}") from error
    try:
        attend(device, WORDS, faults, (url,))
    finally:
        device.plug()
        (folder / FRAME_NAME).unlink(missing_ok=True)  # or a hall would go on seeing the last page
