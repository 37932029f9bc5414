"""The independent fold of devices, their tests, and scanned material (see :mod:`.witness`)."""

from __future__ import annotations

from hallqueue import events as ev
from hallqueue.verify.findings import Fault
from hallqueue.verify.witness import STEPS, Row, Witness


def _changed(w: Witness, body: ev.DeviceChanged) -> None:
    w.devices[body.device] = {
        "id": body.device,
        "kind": body.kind,
        "state": body.state,
        "code": body.code,
        "who": body.who,
        "what_zh": body.what_zh,
        "remedy_zh": body.remedy_zh,
        "since_ms": body.since_ms or w.now,
        "what_en": body.what_en,
        "remedy_en": body.remedy_en,
        "counters": body.counters,
    }


def _counted(w: Witness, body: ev.DeviceCounted) -> None:
    row = w.devices.get(body.device)
    if row is None:
        w.say(Fault.MOVE, f"device {body.device} was not reported on {w.day}")
    else:
        row["counters"] = body.counters


def _asked(w: Witness, body: ev.DeviceTestAsked) -> None:
    w.tests.add(w.seq)


def _told(w: Witness, body: ev.DeviceTestTold) -> None:
    if body.test not in w.tests:
        w.say(Fault.MOVE, f"no test {body.test} is under way")
    elif body.is_last:
        w.tests.remove(body.test)


def _kept(w: Witness, body: ev.ScanKept) -> None:
    w.count("scan", body.scan)
    if any(row["sha256"] == body.sha256 for row in w.scans.values()):
        w.say(Fault.SCAN, f"scan {body.scan} is the file of another one")
    w.scans[body.scan] = {
        "id": body.scan,
        "sha256": body.sha256,
        "state": "kept",
        "ticket": body.ticket,
        "matter": body.matter,
        "material": body.material,
        "pages": len(body.page_hashes),
        "size": body.size,
        "device": body.device,
        "sealed_for": body.sealed_for,
        "interrupted": int(body.interrupted),
        "scanned_ms": body.scanned_ms,
        "kept_ms": w.now,
        "acknowledged_ms": 0,
        "wiped_ms": 0,
        "reason": "",
    }


def _acknowledged(w: Witness, body: ev.ScanAcknowledged) -> None:
    row = _here(w, body.scan)
    if row is None:
        return
    if row["state"] != "kept":
        w.say(Fault.SCAN, f"scan {body.scan} is {row['state']} already")
    row.update(state="acknowledged", acknowledged_ms=w.now)


def _wiped(w: Witness, body: ev.ScanWiped) -> None:
    row = _here(w, body.scan)
    if row is None:
        return
    if row["state"] == "kept" and body.reason != "lost":
        w.say(Fault.SCAN, f"scan {body.scan} was wiped before the county had it")
    row.update(state="wiped", wiped_ms=w.now, reason=body.reason)


def _here(w: Witness, scan: int) -> Row | None:
    """The scan, if its file is still here; what is wiped stays wiped."""
    row = w.scans.get(scan)
    if row is None or row["state"] == "wiped":
        w.say(Fault.SCAN, f"scan {scan} is not here")
        return None
    return row


STEPS.update(
    {
        ev.DeviceChanged: _changed,
        ev.DeviceCounted: _counted,
        ev.DeviceTestAsked: _asked,
        ev.DeviceTestTold: _told,
        ev.ScanKept: _kept,
        ev.ScanAcknowledged: _acknowledged,
        ev.ScanWiped: _wiped,
    }
)
