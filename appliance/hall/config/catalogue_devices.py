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
DEVICE_WITHOUT_WINDOW: Final = Kind(
    "C-62",
    "{zh}写给了 {window} 号窗口，但没有这个窗口",
    "a {en} for window {window}, which does not exist",
    "请写已有的窗口号：{windows}",
    "write the number of a window: {windows}",
)
UNKNOWN_PROFILE: Final = Kind(
    "C-63",
    "没有打印机型号“{profile}”，也没有登记文件 {file}",
    "there is no printer profile {profile!r}, and no file {file} of an enrolled one",
    "可用：{known}；或登记这台打印机：hall print enrol … --name {profile}",
    "one of: {known}; or enrol this printer: hall print enrol … --name {profile}",
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
BAD_ENROLLED: Final = Kind(
    "C-69",
    "登记的打印机“{profile}”用不了：{why_zh}",
    "the enrolled printer {profile!r} cannot be used: {why_en}",
    "{fix_zh}",
    "{fix_en}",
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
NO_ACCOUNT: Final = Kind(
    "C-74",
    "这台机器上没有{sort_zh}“{name}”",
    "this machine has no {sort_en} {name!r}",
    "请改成已有的（getent {database} 列出全部），或先建好：{make}",
    "name one that it has (getent {database} lists them), or make it first: {make}",
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
MIXED_LINE: Final = Kind(
    "C-80",
    "线路 {line} 上不能同时有 {mine} 和 {theirs}（{other}，第 {first} 行）",
    "the line {line} cannot carry {mine} beside {theirs} ({other}, line {first})",
    "一条线上只接同一种设备（Modbus 评价器和窗口屏可以共线），波特率和协议写成一样；别的设备接另一个串口",
    "one line carries one kind of device (Modbus pads and signs may share one), at one speed and protocol; "
    "others take another serial port",
)
SPELLED_LINE: Final = Kind(
    "C-83",
    "{mine} 和 {theirs}（{other}，第 {first} 行）是同一条线路，却写得不一样",
    "{mine} and {theirs} ({other}, line {first}) are the same line, written differently",
    "两处写成一样的：{theirs}",
    "write both alike: {theirs}",
)
UNKNOWN_FORM: Final = Kind(
    "C-81",
    "没有 [{section}.{name}]",
    "there is no [{section}.{name}]",
    "请加上这一段，或改正地址里的名字，写法见 docs/wiring.md",
    "add that section, or correct the name in the URL; docs/wiring.md shows how",
)
BAD_FORM: Final = Kind(
    "C-82",
    "[{section}] 用不了：{why_zh}",
    "[{section}] cannot be used: {why_en}",
    "{fix_zh}",
    "{fix_en}",
)
