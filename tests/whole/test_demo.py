"""``hall demo --headless``: a simulated day ends with a verdict, and leaves a hall to look into."""

import json
from typing import Any

import pytest

from hallqueue.errors import AlreadyWaiting

pytestmark = pytest.mark.xdist_group(name="whole-halls")


def test_a_simulated_day_holds_every_invariant_and_leaves_a_hall_behind(hall: Any) -> None:
    state = hall.folder / "demo"
    day = hall.nursery.hall(
        hall.folder,
        *("demo", "--headless", "--visitors", "30", "--seed", "7", "--speed", "400"),
        *("--state", str(state)),
        within_s=110,
    )
    assert day.status == 0, day.err
    report = json.loads(day.out)
    assert report["ok"] and all(check["held"] for check in report["invariants"])
    # At this speed some visits end before their paper is due; such paper is not printed any more.
    counts = report["counts"]
    # Whoever comes again with the same card while the first visit is not over has a ticket already.
    again = counts["visits"].get(f"refused {AlreadyWaiting.code}", 0)
    assert counts["tickets"] + again == 30 and again < 5 and 0 < counts["slips"] <= 30
    for figure in report["latency_ms"].values():
        assert figure["n"] > 0 and figure["p50"] <= figure["p99"] <= figure["max"]

    proof = hall.nursery.hall(hall.folder, "verify", "--state", str(state), "--json")
    assert proof.status == 0 and json.loads(proof.out)["ok"]
    hall.state.symlink_to(state)
    hall.config.write_text((state / "hall.toml").read_text(encoding="utf-8"), encoding="utf-8")
    hall.keeper()
    assert len(hall.numbers()) == counts["tickets"]
