"""The tables are made by migrations, once, strictly."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import Any

import pytest

from hallqueue.errors import StorageNewer
from hallqueue.store import schema


def test_a_fresh_database_gets_every_migration_and_a_second_run_does_nothing() -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        assert schema.applied(connection) == []
        schema.migrate(connection)
        names = [name for name, _ in schema.MIGRATIONS]
        assert schema.applied(connection) == names
        schema.migrate(connection)
        assert schema.applied(connection) == names
        assert schema.altered(connection) == {}


def test_every_table_is_strict(hall: Any) -> None:
    rows = hall.store.connection.execute("PRAGMA table_list").fetchall()
    ours = {row[1]: row[5] for row in rows if not row[1].startswith(("sqlite_", "_sqlite"))}
    assert len(ours) > 10
    assert [name for name, strict in ours.items() if not strict] == []


def test_a_value_of_the_wrong_type_is_refused_by_the_table(hall: Any) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="INTEGER"):
        hall.store.connection.execute("INSERT INTO counter VALUES ('x', 'many')")


def test_a_migration_of_a_newer_version_is_named(hall: Any) -> None:
    hall.store.connection.execute(
        "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('hall', '0042_more', '')"
    )
    with pytest.raises(StorageNewer) as refused:
        schema.refuse_newer(hall.store.connection)
    assert refused.value.details == {"found": "0042_more"}


def test_a_database_of_the_first_version_becomes_one_of_this_with_its_devices() -> None:
    whole = schema.MIGRATIONS
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        with pytest.MonkeyPatch.context() as older:
            older.setattr(schema, "MIGRATIONS", whole[:1])
            schema.migrate(connection)
        values = ("pad-1", "rating-pad", "online", "", "", "", "", 7)
        connection.execute("INSERT INTO device VALUES (?,?,?,?,?,?,?,?)", values)
        schema.migrate(connection)
        assert schema.altered(connection) == {}
        assert connection.execute("SELECT * FROM device").fetchone() == (*values, "", "", "")


def test_a_failing_migration_leaves_no_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(db: Any) -> None:
        db.execute("CREATE TABLE half (a INTEGER) STRICT")
        raise sqlite3.OperationalError("power")

    monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, ("9999_broken", broken)))
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        with pytest.raises(sqlite3.OperationalError):
            schema.migrate(connection)
        assert schema.applied(connection) == [name for name, _ in schema.MIGRATIONS[:-1]]
        assert connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'half'").fetchone() is None
