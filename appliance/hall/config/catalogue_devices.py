"""The texts of what can be wrong with devices, rating keys, access and wording in a configuration."""

from __future__ import annotations

from typing import Final

from hall.config.problems import Kind

BAD_URL: Final = Kind(
    "C-60",
    "设备地址“{url}”不对：{why_zh}",
    "device URL {url!r}: {why_en}",
    "请写成例如 {example}",
    "write it like {example}",
)
SHARED_PORT: Final = Kind(
    "C-61",
    "{port} 已经给了 {other}（第 {first} 行）",
    "{port} is given to {other} already (line {first})",
    "一个口只能接一个设备，请改其中一个",
    "one port, one device: change one of them",
)
PAD_WITHOUT_WINDOW: Final = Kind(
    "C-62",
    "评价器写给了 {window} 号窗口，但没有这个窗口",
    "a pad for window {window}, which does not exist",
    "请写已有的窗口号：{windows}",
    "write the number of a window: {windows}",
)
UNKNOWN_PROFILE: Final = Kind(
    "C-63",
    "没有打印机型号“{profile}”",
    "there is no printer profile {profile!r}",
    "可用：{known}",
    "one of: {known}",
)
UNKNOWN_ENCODING: Final = Kind(
    "C-64",
    "没有打印编码“{encoding}”",
    "there is no printer encoding {encoding!r}",
    "可用：{known}",
    "one of: {known}",
)
BAD_RATING_KEY: Final = Kind(
    "C-65",
    "评价器没有按键“{key}”",
    "a pad has no key {key!r}",
    '按键是 "1" 到 "4"',
    'the keys are "1" to "4"',
)
BAD_LEVEL: Final = Kind(
    "C-66",
    "按键 {key} 的评价“{level}”不能用",
    "key {key} cannot mean {level!r}",
    "可用：{known}（四键评价器没有“非常不满意”）",
    "one of: {known} (no key of a four-button pad means very_dissatisfied)",
)
DOUBLE_LEVEL: Final = Kind(
    "C-67",
    "两个按键都是“{level}”",
    "two keys mean {level!r}",
    "请让四个键各是一种评价",
    "give each of the four keys its own level",
)
MISSING_RATING_KEY: Final = Kind(
    "C-68",
    "按键 {key} 没有写评价",
    "key {key} has no level",
    "写 keys 就要写全四个键，或整行删掉用默认",
    "name all four keys, or delete keys for the default",
)
UNKNOWN_ROLE: Final = Kind(
    "C-70",
    "没有角色“{role}”",
    "there is no role {role!r}",
    "可用：{known}",
    "one of: {known}",
)
BAD_ACCOUNT: Final = Kind(
    "C-71",
    "“{name}”不是账号名",
    "{name!r} is not an account name",
    "写用户名（hall-terminal）、@组名（@hall）或数字 uid",
    "write a user (hall-terminal), an @group (@hall) or a number (uid)",
)
UNKNOWN_TEXT: Final = Kind(
    "C-72",
    "画面上没有“{key}”这条用语",
    "no screen has a text {key!r}",
    "{guess_zh}",
    "{guess_en}",
)
BAD_TEXT: Final = Kind(
    "C-73",
    "用语“{key}”的花括号不对：{words}",
    "the braces in text {key!r} are wrong: {words}",
    "这条用语里只能用：{allowed}",
    "this text may use: {allowed}",
)
