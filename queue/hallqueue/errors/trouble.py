"""What the machine could not: nothing changed, and the same request may be repeated under its key."""

from __future__ import annotations

from hallqueue.errors.base import Actor, Trouble


class StorageFull(Trouble, OSError):
    """The disk is full: nothing was recorded."""

    code, zh, en = "S-01", "磁盘已满，未保存", "the disk is full; nothing was recorded"
    fix_zh, fix_en = "请清理磁盘，之后自动恢复", "free some disk space; it goes on by itself"


class StorageReadOnly(Trouble, OSError):
    """The state folder cannot be written."""

    code, zh, en = "S-02", "数据目录不可写：{path}", "the state folder cannot be written: {path}"
    fix_zh, fix_en = "请检查目录权限和存储卡", "check the folder's owner and the card"


class StorageNewer(Trouble):
    """A newer version wrote this database."""

    code, zh, en = "S-03", "数据库来自更新的版本（{found}）", "the database is from a newer version ({found})"
    fix_zh, fix_en = "请升级本软件，数据未动", "upgrade this software; the data was not touched"


class StorageDamaged(Trouble):
    """The database file is damaged."""

    code, zh, en = "S-04", "数据库损坏：{path}", "the database is damaged: {path}"
    fix_zh, fix_en = "原文件已保留，请联系技术员", "the file was kept as it is; call the technician"


class StorageFailed(Trouble, OSError):
    """SQLite reported something else."""

    code, zh, en = "S-05", "保存失败：{why}", "could not be recorded: {why}"


class KeeperRunning(Trouble):
    """Another keeper holds this state folder."""

    code, zh, en = (
        "S-06",
        "已有队列服务在用这个目录：{path}",
        "another keeper is using this state folder: {path}",
    )
    fix_zh, fix_en = "请先停掉另一个（进程{pid}）", "stop the other one first (process {pid})"


class KeeperGone(Trouble, ConnectionError):
    """The keeper cannot be reached (yet)."""

    code, who = "S-07", Actor.NOBODY
    zh, en = "连不上队列服务：{path}", "the keeper cannot be reached: {path}"
    fix_zh, fix_en = "稍候自动重连", "it reconnects by itself"


class ProtocolBroken(Trouble, ConnectionError):
    """The other side sent something that is not the protocol."""

    code, zh, en = "S-08", "通信内容有误：{why}", "the other side broke the protocol: {why}"


class KeeperBusy(Trouble, ConnectionError):
    """The keeper has as many connections as it takes."""

    code, who = "S-09", Actor.NOBODY
    zh, en = "队列服务连接太多（{limit}）", "the keeper has {limit} connections already"
    fix_zh, fix_en = "稍候自动重连", "it reconnects by itself"


class KeeperFault(Trouble, RuntimeError):
    """A program error in the keeper met this request; nothing of it was recorded."""

    code, zh, en = "S-10", "队列服务内部错误，未保存", "a program error in the keeper; nothing was recorded"
    fix_zh, fix_en = "请把日志交给技术员", "give the keeper's log to the technician"
