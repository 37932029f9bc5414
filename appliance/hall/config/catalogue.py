"""The texts of what can be wrong with the file, its services, windows and times.

Together with :mod:`hall.config.catalogue_devices` one table that a technician's manual can be made from.
"""

from __future__ import annotations

from typing import Final

from hall.config.problems import Kind

# --- the file -------------------------------------------------------------------------------------
NO_FILE: Final = Kind(
    "C-01",
    "读不到配置文件（{why}）",
    "the configuration file cannot be read ({why})",
    "请检查路径和权限，或用 --config 指定文件；可从 examples/township.toml 复制一份",
    "check the path and its permissions, or name the file with --config; examples/township.toml is a start",
)
NOT_UTF8: Final = Kind(
    "C-02",
    "文件不是 UTF-8 编码",
    "the file is not UTF-8",
    "请用编辑器另存为 UTF-8（记事本的“ANSI”不行）",
    "save it as UTF-8 (not Notepad's ANSI)",
)
SYNTAX: Final = Kind(
    "C-03",
    "TOML 语法错误：{why}",
    "TOML syntax error: {why}",
    "请检查这一行的引号、括号、等号，以及有没有重复的项",
    "check the quotes, brackets and equals sign of this line, and whether a key is written twice",
)
UNKNOWN_KEY: Final = Kind(
    "C-10",
    "不认识的项“{key}”",
    "unknown key {key!r}",
    "{guess_zh}",
    "{guess_en}",
)
MISSING: Final = Kind(
    "C-11", "缺少“{key}”", "{key!r} is missing", "请加上：{example}", "add it, such as: {example}"
)
WRONG_TYPE: Final = Kind(
    "C-12",
    "“{key}”的值不对：{value}",
    "{key!r} has a wrong value: {value}",
    "请写{want_zh}",
    "write {want_en}",
)
BAD_ID: Final = Kind(
    "C-13",
    "编号“{id}”不规范",
    "the id {id!r} is not usable",
    "编号只用小写字母、数字和连字符，字母开头，例如 shebao-cx",
    "use lower-case letters, digits and hyphens, a letter first, such as shebao-cx",
)
DOUBLE_ID: Final = Kind(
    "C-14",
    "编号“{id}”在第 {first} 行已用过",
    "the id {id!r} was used in line {first} already",
    "请换一个不重复的编号",
    "give one of the two another id",
)

# --- groups and services --------------------------------------------------------------------------
TOO_MANY_GROUPS: Final = Kind(
    "C-20",
    "业务类别有 {count} 个，终端一屏最多 {limit} 个",
    "{count} groups; the terminal shows {limit} at most",
    "请合并类别，到 {limit} 个以内",
    "merge groups until there are {limit} at most",
)
TOO_MANY_SERVICES: Final = Kind(
    "C-21",
    "类别“{group}”有 {count} 个事项，终端一屏最多 {limit} 个",
    "group {group!r} has {count} services; the terminal shows {limit} at most",
    "请把多出的事项合并，或移到别的类别",
    "merge some of them or move them to another group",
)
EMPTY_GROUP: Final = Kind(
    "C-22",
    "类别“{group}”没有任何事项",
    "group {group!r} has no service",
    '请给它加事项（group = "{group}"），或删掉这个类别',
    'give it a service (group = "{group}") or delete it',
)
UNKNOWN_GROUP: Final = Kind(
    "C-23",
    "没有类别“{group}”",
    "there is no group {group!r}",
    "{guess_zh}",
    "{guess_en}",
)
BAD_PREFIX: Final = Kind(
    "C-24",
    "号码前缀“{prefix}”不能用",
    "the prefix {prefix!r} cannot be used",
    "请用 1 到 2 个大写字母，不用 I 和 O（易与 1、0 混淆），例如 {example}",
    "use one or two capital letters, not I or O (they read as 1 and 0), such as {example}",
)
SHARED_PREFIX: Final = Kind(
    "C-25",
    "前缀“{prefix}”已被类别“{group}”使用（第 {first} 行）",
    "prefix {prefix!r} belongs to group {group!r} (line {first})",
    "不同类别不能共用前缀，请换成没用过的，例如 {example}",
    "groups may not share a prefix: take a free one, such as {example}",
)
UNKNOWN_SERVICE: Final = Kind(
    "C-26",
    "没有事项“{service}”",
    "there is no service {service!r}",
    "{guess_zh}",
    "{guess_en}",
)
NESTED_MATTERS: Final = Kind(
    "C-27",
    "一件事“{bundle}”里又套了一件事“{service}”",
    "the 一件事 {bundle!r} contains another one, {service!r}",
    "请改成直接列出事项：{flat}",
    "list its services themselves: {flat}",
)
THIN_MATTERS: Final = Kind(
    "C-28",
    "一件事“{bundle}”只有一个事项",
    "the 一件事 {bundle!r} has only one matter",
    "一件事至少两个事项；只有一个就删掉 matters 这一行",
    "a 一件事 has two matters at least; with one only, delete the line matters",
)
DOUBLE_MATTER: Final = Kind(
    "C-29",
    "“{service}”在这个列表里写了两次",
    "{service!r} stands twice in this list",
    "请删掉一个",
    "delete one of them",
)
UNSERVED: Final = Kind(
    "C-30",
    "事项“{service}”没有任何窗口办理",
    "no window serves {service!r}",
    '请在某个 [[window]] 的 serves 里加上 "{service}"，或删掉这个事项',
    'add "{service}" to the serves of a [[window]], or delete the service',
)

# --- windows and priorities -----------------------------------------------------------------------
DOUBLE_WINDOW: Final = Kind(
    "C-40",
    "窗口号 {number} 在第 {first} 行已用过",
    "window number {number} was used in line {first} already",
    "请改成没用过的窗口号，例如 {free}",
    "take a free number, such as {free}",
)
IDLE_WINDOW: Final = Kind(
    "C-41",
    "{number} 号窗口不办理任何事项",
    "window {number} serves nothing",
    "请在 serves 里写上事项编号，或删掉这个窗口",
    "name its services in serves, or delete the window",
)
SERVES_BUNDLE: Final = Kind(
    "C-42",
    "窗口不能直接写一件事“{service}”",
    "a window cannot serve the 一件事 {service!r} as such",
    "请写它包含的事项：{flat}",
    "name its matters: {flat}",
)
SERVES_TWICE: Final = Kind(
    "C-43",
    "“{service}”在 serves 和 overflow 里都有",
    "{service!r} stands in serves and in overflow",
    "请只留一处：serves 是本窗口的，overflow 是没人时帮忙的",
    "keep one: serves is the window's own, overflow is help when nobody waits",
)
LOW_RANK: Final = Kind(
    "C-44",
    "优先级“{id}”的 rank 是 {rank}，等于没有优先",
    "priority {id!r} has rank {rank}, which is no priority",
    "rank 从 1 起，数字大的先叫；普通票固定是 0",
    "ranks begin at 1, the higher goes first; ordinary tickets are 0",
)

# --- times ----------------------------------------------------------------------------------------
BAD_TIME: Final = Kind(
    "C-50",
    "“{key}”的时间“{value}”不对",
    "{key!r} is not a time: {value!r}",
    '请写成 24 小时制的 "时:分"，例如 "08:30"',
    'write "HH:MM" in 24 hours, such as "08:30"',
)
ENDS_EARLY: Final = Kind(
    "C-51",
    "{start} 到 {end} 不是一段时间",
    "{start} to {end} is not a stretch of time",
    "end 要晚于 start；跨午夜请分成两段，前一段到 24:00",
    "end must be after start; over midnight write two, the first until 24:00",
)
OVERLAP: Final = Kind(
    "C-52",
    "{day}的 {start}-{end} 与第 {first} 行的时间重叠",
    "{start}-{end} on weekday {number} overlaps the hours in line {first}",
    "请改时间，使同一天的各段不重叠",
    "change the hours so that those of one day do not overlap",
)
NO_HOURS: Final = Kind(
    "C-53",
    "没有服务时间，一张票也取不到",
    "there are no service hours: nobody could take a ticket",
    '请加上：{{ weekdays = [1, 2, 3, 4, 5], start = "08:30", end = "12:00" }}',
    'add {{ weekdays = [1, 2, 3, 4, 5], start = "08:30", end = "12:00" }}',
)
BOTH_DAYS: Final = Kind(
    "C-54",
    "{date} 既是放假又是上班",
    "{date} is a holiday and a workday at once",
    "请从 holidays 或 workdays 里删掉一个",
    "delete it from holidays or from workdays",
)
NO_MONDAY: Final = Kind(
    "C-55",
    "调休上班日 {date} 用星期一的时间，但星期一没有服务时间",
    "{date} follows Monday's hours, and there are none",
    "请给星期一（1）加服务时间，或删掉这一天",
    "give Monday (1) hours, or delete this day",
)
NEVER_TICKETS: Final = Kind(
    "C-56",
    "“{service}”的取号截止 {value} 早于开门时间 {opening}",
    "{service!r}: last_ticket {value} is before the hall opens at {opening}",
    "请改成 {opening} 之后的时间，或删掉 last_ticket",
    "make it later than {opening}, or delete last_ticket",
)
