"""``hall sim scanner``: a network scanner that speaks eSCL."""

from __future__ import annotations

from collections.abc import Callable

import click

from hall.commands.sim.attend import Changes, attend, kind
from hall.commands.sim.words import Word, Words, count
from halldrivers.scanner.esclsim import EsclFault, EsclServer, EsclSim, serve


class Standing:
    """A scanner and its network cable."""

    def __init__(self, url: str, sim: EsclSim) -> None:
        self.sim = sim
        self._server: EsclServer | None = serve(url, sim)
        self.url = self._server.url

    def unplug(self) -> None:
        """Pull the cable: connections break, and nobody answers."""
        if self._server is not None:
            self._server.close()
            self._server = None

    def plug(self) -> None:
        """Put it back, at the same address."""
        if self._server is None:
            self._server = serve(self.url, self.sim)

    @property
    def is_connected(self) -> bool:
        """False while its cable is pulled."""
        return self._server is not None


def _fault(word: str) -> Callable[[Standing], None]:
    return lambda scanner: scanner.sim.fail(word)


SHEETS = count("SHEETS", 1000, 1, least=1)
WORDS: Words = {
    "load": Word(
        "进纸器放纸", "lay sheets into the feeder", lambda scanner, n: scanner.sim.load(n), (SHEETS,)
    ),
    "empty": Word("进纸器没纸", "no sheet in the feeder", _fault("empty")),
    "jam": Word("卡纸", "a sheet is stuck", _fault("jam")),
    "jam-after": Word(
        "再进这么多张后卡纸",
        "jam after so many sheets more",
        lambda scanner, n: scanner.sim.jam_after(n),
        (count("SHEETS", 1000),),
    ),
    "clear": Word("排除卡纸", "take the stuck sheet out", lambda scanner: scanner.sim.clear_jam()),
    "cover": Word("打开盖子", "open the cover", _fault("cover")),
    "close": Word("合上盖子", "close the cover", lambda scanner: scanner.sim.close_cover()),
    "busy": Word("正忙，有人在复印", "busy: somebody copies at it", _fault(EsclFault.BUSY)),
    "slow": Word("每页都慢", "every page is slow", _fault(EsclFault.SLOW)),
    "silent": Word("收到请求但不应答", "take requests and answer nothing", _fault(EsclFault.SILENT)),
    "broken": Word("页传到一半断线", "connections break in mid-page", _fault(EsclFault.BROKEN)),
    "short": Word("页比说的短", "pages are shorter than told", _fault(EsclFault.SHORT)),
    "long": Word("页比说的长", "pages are longer than told", _fault(EsclFault.LONG)),
    "garbage": Word("页不是图片", "pages are no pictures", _fault(EsclFault.GARBAGE)),
    "denied": Word("要密码", "it wants a password", _fault(EsclFault.DENIED)),
    "error": Word("什么都答 500", "500 to everything", _fault(EsclFault.ERROR)),
    "bad-xml": Word("文档只有一半", "documents end in the middle", _fault(EsclFault.BAD_XML)),
    "none": Word("以上（busy 起）都恢复", "none of these (from busy on) any more", _fault(EsclFault.NONE)),
    "unplug": Word("拔掉网线", "pull the network cable", Standing.unplug),
    "plug": Word("插上网线", "put it back", Standing.plug),
}


@kind(WORDS)
@click.option("--sheets", type=click.IntRange(0, 1000), default=0, help="In the feeder at the start.")
def scanner(url: str, faults: tuple[str, ...], sheets: int) -> None:
    """A network scanner with feeder and glass at URL: escl://127.0.0.1:8090 (port 0: a free one)."""
    sim = EsclSim()
    if sheets:
        sim.load(sheets)
    standing = Standing(url, sim)
    try:
        attend(standing, WORDS, faults, (standing.url,), Changes(lambda: _seen(standing)))
    finally:
        standing.unplug()


def _seen(scanner: Standing) -> dict[str, str]:
    sim = scanner.sim
    return {
        "网线 / cable": "插着 / in" if scanner.is_connected else "拔掉了 / out",
        "进纸器 / feeder": f"{sim.feeder.value.removeprefix('ScannerAdf')}, {sim.sheets}",
        "扫描次数 / jobs": str(len(sim.seen.jobs)),
        "扫出页数 / pages": str(sim.seen.pages),
        "取消次数 / cancelled": str(sim.seen.cancelled),
    }
