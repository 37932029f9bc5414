"""The names of ethnic groups by their code on a card (GB/T 3304)."""

from __future__ import annotations

NAMES = tuple(
    "汉 蒙古 回 藏 维吾尔 苗 彝 壮 布依 朝鲜 满 侗 瑶 白 土家 哈尼 哈萨克 傣 黎 傈僳 佤 畲 高山 拉祜 水 东乡 "
    "纳西 景颇 柯尔克孜 土 达斡尔 仫佬 羌 布朗 撒拉 毛南 仡佬 锡伯 阿昌 普米 塔吉克 怒 乌孜别克 俄罗斯 "
    "鄂温克 德昂 保安 裕固 京 塔塔尔 独龙 鄂伦春 赫哲 门巴 珞巴 基诺".split()
)
"""Of the codes 01 to 56, in this order."""

_BEYOND = {"97": "其他", "98": "外国血统中国籍人士"}


def ethnic_name(code: str) -> str:
    """`回` for `03`; a code that is not in the standard is shown as `其他(NN)`, an empty one as nothing."""
    if not code:
        return ""
    if code in _BEYOND:
        return _BEYOND[code]
    number = int(code) if code.isascii() and code.isdigit() else 0
    return NAMES[number - 1] if len(code) == 2 and 1 <= number <= len(NAMES) else f"其他({code})"
