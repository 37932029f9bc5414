"""``hall verify`` is silent about an honest database and finds each planted lie."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from hallqueue.errors import StorageFailed, StorageNewer
from hallqueue.states import PrintState
from hallqueue.verify import VerifyReport, verify


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database of three busy days, closed in order, with one visit known from end to end."""
    return tmp_path_factory.mktemp("honest") / "hall.db"


@pytest.fixture
def database(honest: Path, hall: Any, tmp_path: Path) -> Path:
    """A copy of the honest database for the test to spoil."""
    if not honest.exists():
        for seed in (1, 2):
            hall.busy(seed, 120)
            hall.next_day()
            hall.open_all()
        hall.busy(3, 100)
        hall.next_day()
        hall.open_all()
        _one_visit(hall)
        hall.close()
        shutil.copyfile(hall.folder.database, honest)
    target = tmp_path / "spoiled.db"
    shutil.copyfile(honest, target)
    return target


def _one_visit(hall: Any) -> None:
    """The first ticket of the day is served and rated at window 1, the second is called to window 2."""
    job = hall.do("issue", "social").job
    hall.do("print_begin", job, printer="p1")
    hall.do("print_end", job, state=PrintState.PRINTED, rung="B")
    hall.do("call_next", 1)
    hall.do("start", 1)
    hall.do("finish", 1)
    hall.do("press", 1, level="satisfied", raw_key="2", device="pad")
    hall.do("report_device", "camera", kind="camera", state="online", counters="good_reads=1")
    for name in ("1", "2"):
        hall.do(
            "keep_scan",
            hall.state.by_number["A001"],
            matter=0,
            material="id-copy",
            sha256=name * 64,
            page_hashes=",".join((name * 64, "f" * 64)),
            size=1000,
            device="camera",
            sealed_for="county",
            scanned_ms=1,
        )
    hall.do("issue", "tax")
    hall.do("issue", "marry")
    hall.do("call_next", 2)


def codes(report: VerifyReport) -> set[str]:
    return {finding.code for finding in report.findings}


def test_an_honest_database_of_several_days_is_clean(database: Path, plan: Any) -> None:
    report = verify(database, plan)
    assert report.findings == ()
    assert report.is_clean
    assert report.counts["days"] == 4
    assert report.counts["events"] == report.counts["replayed"] > 300
    assert report.counts["rows"] > 200


def test_verify_leaves_the_original_as_it_was(database: Path) -> None:
    before = database.read_bytes(), sorted(database.parent.iterdir())
    verify(database)
    assert (database.read_bytes(), sorted(database.parent.iterdir())) == before


def test_a_database_that_a_keeper_has_open_is_read_with_its_log(hall: Any) -> None:
    hall.do("issue", "social")
    assert hall.folder.database_files[1].stat().st_size > 0
    report = verify(hall.folder.database)
    assert report.is_clean
    assert report.counts["events"] == hall.store.head.seq


@pytest.mark.parametrize(
    "change",
    [
        "seq = seq + 100000",
        "id = id + 100000",
        "epoch = 7",
        "at_ms = at_ms + 1",
        "day = substr(day, 1, 9) || 'x'",
        "clock_ok = 0",
        "clock_ok = 2",
        "actor = 'Test'",
        "type = 'TicketPassed'",
        "body = replace(body, '\"window\":2', '\"window\":3')",
        "body = body || ' '",
        "chain = zeroblob(32)",
        "chain = x'00'",
    ],
)
def test_one_changed_column_of_an_event_is_found(database: Path, intruder: Any, change: str) -> None:
    intruder(database).run(
        f"UPDATE event SET {change} WHERE id = (SELECT max(id) FROM event WHERE type = 'TicketCalled')"
    )
    assert codes(verify(database)) & {"V-02", "V-03"}


def test_a_changed_epoch_name_is_found(database: Path, intruder: Any) -> None:
    intruder(database).run("UPDATE epoch SET epoch = 'another'")
    assert "V-02" in codes(verify(database))


def test_an_altered_event_is_found_when_the_chain_was_forged_too(database: Path, intruder: Any) -> None:
    thief = intruder(database)
    thief.run("UPDATE event SET body = replace(body, '\"satisfied\"', '\"very_satisfied\"')")
    thief.rechain()
    assert codes(verify(database)) == {"V-09"}


def test_a_missing_event_is_found(database: Path, intruder: Any) -> None:
    intruder(database).run(
        "DELETE FROM event WHERE id = (SELECT max(id) FROM event WHERE type = 'RatingGiven')"
    )
    assert "V-03" in codes(verify(database))


def test_a_missing_event_is_found_when_the_others_were_renumbered(database: Path, intruder: Any) -> None:
    thief = intruder(database)
    thief.run("DELETE FROM event WHERE id = (SELECT max(id) FROM event WHERE type = 'ServiceStarted')")
    thief.rechain()
    assert "V-10" in codes(verify(database))


def test_events_cut_off_at_the_end_are_found_by_the_counter(database: Path, intruder: Any) -> None:
    intruder(database).run("DELETE FROM event WHERE id = (SELECT max(id) FROM event)")
    assert "V-03" in codes(verify(database))


def test_an_inserted_event_is_found(database: Path, intruder: Any) -> None:
    intruder(database).run(
        "INSERT INTO event SELECT id + 1, epoch, seq + 1, at_ms, day, 1, actor, 'StrayPress',"
        ' \'{"window":1,"device":"d","raw_key":"1"}\', chain FROM event ORDER BY id DESC LIMIT 1'
    )
    assert {"V-02", "V-03"} <= codes(verify(database))


def test_a_number_twice_in_the_tables_is_found(database: Path, intruder: Any) -> None:
    intruder(database).run(
        "DROP INDEX ticket_number",
        "UPDATE ticket SET number = (SELECT number FROM ticket ORDER BY id DESC LIMIT 1)"
        " WHERE id = (SELECT max(id) - 1 FROM ticket)",
    )
    assert {"V-01", "V-04", "V-09"} <= codes(verify(database))


def test_a_number_twice_in_a_forged_log_is_found(database: Path, intruder: Any) -> None:
    thief = intruder(database)
    body = thief.value("SELECT body FROM event WHERE type = 'TicketIssued' ORDER BY id DESC LIMIT 1")
    ticket = thief.value("SELECT max(id) FROM ticket")
    matter = thief.value("SELECT max(id) FROM matter")
    forged = body.replace(f'"ticket":{ticket},', f'"ticket":{ticket + 1},')
    thief.append("TicketIssued", forged.replace(f'"matter":{matter},', f'"matter":{matter + 1},'))
    assert "V-04" in codes(verify(database))


def test_a_ticket_in_two_windows_in_a_forged_log_is_found(database: Path, intruder: Any) -> None:
    thief = intruder(database)
    ticket = thief.value("SELECT id FROM ticket WHERE state = 'called'")
    thief.append("TicketCalled", f'{{"ticket":{ticket},"window":3,"clerk":"x","overtook":false}}')
    assert "V-05" in codes(verify(database))


def test_a_ticket_in_two_windows_in_the_tables_is_found(database: Path, intruder: Any) -> None:
    intruder(database).run(
        "INSERT INTO period SELECT ticket, opened_by + 1, kind, matter, service, 3, 'x', start_ms, NULL"
        " FROM period WHERE kind = 'called' AND end_ms IS NULL"
    )
    assert {"V-05", "V-09"} <= codes(verify(database))


def test_a_window_with_two_tickets_in_a_forged_log_is_found(database: Path, intruder: Any) -> None:
    thief = intruder(database)
    ticket = thief.value("SELECT max(id) FROM ticket WHERE state = 'waiting'")
    thief.append("TicketCalled", f'{{"ticket":{ticket},"window":2,"clerk":"x","overtook":false}}')
    assert "V-06" in codes(verify(database))


def test_a_window_with_two_tickets_in_the_tables_is_found(database: Path, intruder: Any) -> None:
    intruder(database).run(
        "UPDATE ticket SET state = 'serving', window = 2 WHERE id = (SELECT max(id) FROM ticket)"
    )
    assert {"V-06", "V-09"} <= codes(verify(database))


def test_two_ratings_for_one_matter_in_a_forged_log_are_found(database: Path, intruder: Any) -> None:
    thief = intruder(database)
    matter = thief.value("SELECT max(matter) FROM rating WHERE state = 'rated'")
    rating = f'{{"matter":{matter},"window":1,"level":"satisfied","raw_key":"2","device":"pad"}}'
    thief.append("RatingGiven", rating)
    assert "V-07" in codes(verify(database))


def test_a_rating_of_an_unfinished_matter_in_a_forged_log_is_found(database: Path, intruder: Any) -> None:
    thief = intruder(database)
    matter = thief.value("SELECT max(id) FROM matter WHERE finished_ms = 0")
    rating = f'{{"matter":{matter},"window":1,"level":"satisfied","raw_key":"2","device":"pad"}}'
    thief.append("RatingGiven", rating)
    assert "V-07" in codes(verify(database))


def test_a_rating_that_no_event_explains_is_found(database: Path, intruder: Any) -> None:
    intruder(database).run(
        "INSERT INTO rating SELECT id, ticket, '2026-03-05', service, 2, '', 'rated', 1, 2, 1, 'satisfied',"
        " '2', 'pad', '' FROM matter WHERE finished_ms = 0 ORDER BY id DESC LIMIT 1"
    )
    assert codes(verify(database)) == {"V-07"}


def test_two_rating_rows_for_one_matter_are_found(database: Path, intruder: Any) -> None:
    intruder(database).run(
        "ALTER TABLE rating RENAME TO old",
        "CREATE TABLE rating AS SELECT * FROM old",
        "INSERT INTO rating SELECT * FROM old",
        "DROP TABLE old",
    )
    assert {"V-01", "V-07"} <= codes(verify(database))


def test_a_printed_ticket_with_no_record_is_found(database: Path, intruder: Any) -> None:
    intruder(database).run(
        "INSERT INTO print_job SELECT max(id) + 1, max(ticket), 0, 'printed', 1, 2, 3, 'p1', 'B', ''"
        " FROM print_job"
    )
    assert codes(verify(database)) == {"V-08"}


def test_a_print_record_that_vanished_is_found(database: Path, intruder: Any) -> None:
    intruder(database).run("DELETE FROM print_job WHERE state = 'printed'")
    assert codes(verify(database)) == {"V-08"}


def test_a_print_of_a_ticket_that_was_never_issued_is_found(database: Path, intruder: Any) -> None:
    thief = intruder(database)
    job = thief.value("SELECT max(id) FROM print_job") + 1
    thief.append("PrintQueued", f'{{"job":{job},"ticket":99999,"copy":0}}')
    assert "V-08" in codes(verify(database))


@pytest.mark.parametrize(
    "lie",
    [
        "UPDATE ticket SET state = 'done' WHERE id = (SELECT max(id) FROM ticket)",
        "UPDATE ticket SET arrival_ms = arrival_ms - 1 WHERE id = 1",
        "UPDATE ticket SET masked_name = '张*' WHERE id = 1",
        "UPDATE matter SET finished_ms = 1 WHERE id = (SELECT max(id) FROM matter)",
        "UPDATE period SET end_ms = end_ms + 60000 WHERE ticket = 1 AND kind = 'waiting'",
        "DELETE FROM period WHERE ticket = 1",
        "UPDATE rating SET level = 'very_satisfied' WHERE state = 'rated'",
        "UPDATE print_job SET state = 'printed' WHERE state <> 'printed'",
        "UPDATE window SET state = 'paused' WHERE number = 1",
        "UPDATE day SET reason = 'x' WHERE day = '2026-03-02'",
        "DELETE FROM ticket WHERE id = 2",
    ],
)
def test_a_state_that_its_events_do_not_explain_is_found(database: Path, intruder: Any, lie: str) -> None:
    intruder(database).run(lie)
    report = verify(database)
    assert "V-09" in codes(report)


def test_a_counter_that_was_set_back_is_found(database: Path, intruder: Any) -> None:
    intruder(database).run("UPDATE counter SET value = value - 1 WHERE name = 'ticket'")
    report = verify(database)
    assert [(f.code, f.where) for f in report.findings] == [("V-11", "ticket")]


def test_an_event_of_an_unknown_kind_is_found(database: Path, intruder: Any) -> None:
    intruder(database).append("Miracle", "{}")
    assert "V-12" in codes(verify(database))


def test_an_event_that_is_not_json_is_found_and_the_rest_is_still_read(database: Path, intruder: Any) -> None:
    thief = intruder(database)
    thief.run("UPDATE event SET body = '{' WHERE type = 'RatingGiven'")
    report = verify(database)
    assert {"V-02", "V-12"} <= codes(report)
    assert report.counts["events"] == thief.value("SELECT count(*) FROM event")


def test_a_finding_says_what_where_and_who_must_act_in_both_languages(database: Path, intruder: Any) -> None:
    intruder(database).run("UPDATE counter SET value = 0 WHERE name = 'job'")
    (finding,) = verify(database).findings
    assert finding.zh == "计数器与已发出的号不符"
    assert finding.remedy_zh == "停止取号，从备份恢复"
    assert finding.en and finding.remedy_en and finding.where == "job"
    assert finding.who == "technician"
    assert finding.detail.startswith("is 0, should be ")


def test_a_page_of_noise_is_found_and_reported_not_raised(database: Path) -> None:
    data = bytearray(database.read_bytes())
    middle = len(data) // 4096 // 2 * 4096
    data[middle : middle + 4096] = b"\xa5" * 4096
    database.write_bytes(bytes(data))
    assert "V-01" in codes(verify(database))


def test_a_file_that_is_no_database_is_a_finding(tmp_path: Path) -> None:
    noise = tmp_path / "hall.db"
    noise.write_bytes(b"not a database at all" * 500)
    assert codes(verify(noise)) == {"V-01"}


def test_a_database_without_its_tables_is_a_finding(database: Path, intruder: Any) -> None:
    intruder(database).run("DROP TABLE period")
    assert "V-01" in codes(verify(database))


def test_no_file_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(StorageFailed, match=r"nothing\.db"):
        verify(tmp_path / "nothing.db")


def test_a_newer_database_is_refused(database: Path) -> None:
    with closing(sqlite3.connect(database)) as connection:
        connection.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('hall', '0999', '')"
        )
        connection.commit()
    with pytest.raises(StorageNewer, match="0999"):
        verify(database)


@pytest.mark.parametrize(
    "plant",
    [
        "INSERT INTO ticket SELECT -5, '2000-01-01', number, prefix, ordinal, chosen, service, matters,"
        " matter, matter_index, state, priority, person, masked_name, 'other', channel, clock_ok, arrival_ms,"
        " place_ms, since_ms, 0, clerk, to_window, recalls, ahead, estimate_s, estimate_basis, reason"
        " FROM ticket WHERE id = 1",
        "INSERT INTO matter VALUES (0, 1, 0, 'social', 0, '', 1, 0, 0)",
        "INSERT INTO print_job VALUES (-1, 1, 1, 'printed', 1, 1, 1, 'p', 'A', '')",
        "INSERT INTO day VALUES ('2026-02-01', 1, 0, '')",
        "INSERT INTO stray VALUES ('2026-02-01', 1, 9)",
        "CREATE TRIGGER quiet AFTER INSERT ON event BEGIN DELETE FROM rating; END",
        "CREATE VIEW shadow AS SELECT * FROM ticket",
        "CREATE TABLE notes_sqlite_x (a)",
        "CREATE INDEX extra ON ticket(person)",
        "UPDATE plan SET since_event = 999999 WHERE id = 1",
        'UPDATE plan SET body = replace(body, \'"prefix":"A"\', \'"prefix":"Z"\') WHERE id = 1',
        "UPDATE plan SET id = id + 3",
        "UPDATE epoch SET ord = ord + 1",
    ],
)
def test_what_no_day_of_the_hall_explains_is_found(database: Path, intruder: Any, plant: str) -> None:
    intruder(database).run(plant)
    assert verify(database).findings


def test_a_ticket_resumed_at_another_window_than_the_one_that_holds_it_is_found(
    database: Path, intruder: Any
) -> None:
    forger = intruder(database)
    ticket = forger.value("SELECT id FROM ticket WHERE state = 'called'")
    forger.append(
        "ServiceStarted", f'{{"ticket":{ticket},"matter":{_matter(forger, ticket)},"window":2,"clerk":""}}'
    )
    forger.append("TicketHeld", f'{{"ticket":{ticket},"window":2,"reason":""}}')
    forger.append("TicketResumed", f'{{"ticket":{ticket},"window":3,"clerk":""}}')
    assert said(database, "V-10", "is at window 2, not 3")


def test_a_call_at_a_window_that_is_not_open_is_found(database: Path, intruder: Any) -> None:
    forger = intruder(database)
    ticket = forger.value("SELECT id FROM ticket WHERE state = 'waiting'")
    forger.append("WindowPaused", '{"window":3,"reason":""}')
    forger.append("TicketCalled", f'{{"ticket":{ticket},"window":3,"clerk":"","overtook":false}}')
    assert said(database, "V-10", "window 3 is not open")


def _served(forger: Any, service: str, until_ms: int) -> int:
    """The ticket called to window 2 is served and finished there for a service; answers the matter."""
    ticket = forger.value("SELECT id FROM ticket WHERE state = 'called'")
    matter: int = _matter(forger, ticket)
    forger.append("ServiceStarted", f'{{"ticket":{ticket},"matter":{matter},"window":2,"clerk":""}}')
    forger.append(
        "MatterFinished",
        f'{{"ticket":{ticket},"matter":{matter},"service":"{service}","window":2,"clerk":"","verb":"finish",'
        f'"next_matter":0,"next_service":"","rate_until_ms":{until_ms}}}',
    )
    return matter


def _matter(forger: Any, ticket: int) -> int:
    matter: int = forger.value(f"SELECT matter FROM ticket WHERE id = {ticket}")
    return matter


def test_a_rating_long_after_its_deadline_is_found(database: Path, intruder: Any) -> None:
    forger = intruder(database)
    service = forger.value("SELECT service FROM ticket WHERE state = 'called'")
    matter = _served(forger, service, until_ms=forger.value("SELECT max(at_ms) FROM event"))
    forger.append(
        "RatingGiven",
        f'{{"matter":{matter},"window":2,"level":"satisfied","raw_key":"2","device":"pad"}}',
    )
    assert said(database, "V-07", "was asked for until")


def test_a_matter_finished_for_another_service_is_found(database: Path, intruder: Any) -> None:
    forger = intruder(database)
    _served(forger, "nothing", until_ms=2**50)
    assert said(database, "V-10", "not nothing")


@pytest.mark.parametrize(
    "lie",
    [
        "DELETE FROM scan WHERE sha256 LIKE '111%'",
        "UPDATE scan SET state = 'wiped', wiped_ms = 5, reason = 'acknowledged' WHERE sha256 LIKE '111%'",
        "UPDATE scan SET ticket = ticket + 1 WHERE sha256 LIKE '111%'",
        "UPDATE scan SET pages = 1 WHERE sha256 LIKE '111%'",
    ],
)
def test_a_scan_whose_row_was_changed_is_found(database: Path, intruder: Any, lie: str) -> None:
    intruder(database).run(lie)
    assert codes(verify(database)) & {"V-09", "V-14"}


def test_a_scan_wiped_before_the_county_had_it_is_found_in_a_forged_log(
    database: Path, intruder: Any
) -> None:
    forger = intruder(database)
    scan = forger.value("SELECT max(id) FROM scan WHERE state = 'kept'")
    forger.append("ScanWiped", f'{{"scan":{scan},"reason":"acknowledged"}}')
    assert said(database, "V-14", "before the county had it")


def test_counts_of_a_device_that_were_improved_are_found(database: Path, intruder: Any) -> None:
    intruder(database).run("UPDATE device SET counters = 'good_reads=99' WHERE id = 'camera'")
    assert said(database, "V-09", "good_reads=99")


def said(database: Path, code: str, words: str) -> bool:
    return any(f.code == code and words in f.detail for f in verify(database).findings)
