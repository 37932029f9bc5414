import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
APP = """
import asyncio
import sys
from pathlib import Path

from hall.config.load import load
from hallkiosk.terminal import run_terminal
from hallqueue.memory import MemoryHall


class WallClock:
    def now_ms(self):
        return 1_772_500_000_000

    def synchronised(self):
        return True


hall = MemoryHall(load(Path(sys.argv[1])).plan, WallClock())
asyncio.run(hall.open_window(1, key="open"))
sys.exit(run_terminal(hall, asyncio.run(hall.plan()), kiosk=False))
"""


@pytest.fixture(scope="module")
def picture() -> ModuleType:
    spec = importlib.util.spec_from_file_location("hall_tools_picture_t", ROOT / "tools" / "picture.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("size", [(80, 15), (60, 40)])
def test_a_finger_takes_a_number_in_a_real_terminal(
    picture: ModuleType, tmp_path: Path, size: tuple[int, int]
) -> None:
    script = tmp_path / "app.py"
    script.write_text(APP, encoding="utf-8")
    example = str(ROOT / "examples" / "township.toml")
    pause = picture.Wait(0.4)  # a picture takes no touch in its first 0.3 s
    steps = [
        *(picture.ClickText("公安户籍"), picture.WaitFor("居民身份证"), pause),
        *(picture.ClickText("居民身份证"), picture.WaitFor("请核对，然后按“取号”"), pause),
        *(picture.ClickText("取号 Take" if size[0] == 80 else "Take a ticket"), picture.WaitFor("您的号码")),
        picture.WaitFor("正在打印小票，请稍候"),
    ]
    grid = picture.screen_of([sys.executable, str(script), example], size, steps, cwd=tmp_path)
    assert grid.find("同心县清水镇民生服务中心") is not None
    assert grid.find("完成") is not None and grid.find("Traceback") is None
