"""What one unit answers, learned without paper, and kept only as far as it holds behind a cut."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from halldrivers.errors import Actor, PortGone
from halldrivers.printerline import ConfirmBy, JobInFlight, Outcome, PrinterAbilities, PrinterLine, Query
from halldrivers.printerline.enrol import (
    CannotEnrol,
    Learned,
    SlipProof,
    learn,
    send_slip,
    still_answers,
)
from halldrivers.printerline.enrolabout import Identity
from halldrivers.printersim import CHINESE_58, CHINESE_80, EPSON, MUTE, PrinterSim, SimAbilities

ALL = frozenset(Query)
SLIP = b"\x1b\x40" + b"a test slip\x0a" * 5 + b"\x1d\x56\x42\x00"
MUTE_ABILITIES = PrinterAbilities(frozenset(), False, False, False)


class Wire:
    """The printer's wire in virtual time: silence costs nothing, and every run is the same."""

    def __init__(self, sim_of: Callable[[Callable[[], float]], PrinterSim]) -> None:
        self.now_s = 0.0
        self.sim = sim_of(self.clock)
        self._link: int | None = None

    def clock(self) -> float:
        return self.now_s

    def open(self) -> None:
        self._link = self.sim.link_number

    def close(self) -> None:
        self._link = None

    def read(self, max_bytes: int, timeout_s: float) -> bytes:
        deadline = self.now_s + timeout_s
        while True:
            self._check(0)
            data = self.sim.take_output()
            if data or self.now_s >= deadline:
                return data
            event_s = self.sim.next_event_s()
            step_s = deadline - self.now_s if event_s is None else max(event_s, 0.001)
            self.now_s = min(deadline, self.now_s + step_s)

    def write(self, data: bytes, timeout_s: float) -> int:
        self._check(0)
        taken = self.sim.receive(data)
        self.now_s += 0.001
        self._check(taken)
        return taken

    def _check(self, taken: int) -> None:
        if self._link != self.sim.link_number or not self.sim.is_connected:
            self.close()
            raise PortGone("unplugged", taken)


@contextmanager
def rig(
    abilities: SimAbilities = EPSON,
    noise: float = 0.0,
    seed: int = 0,
    dots_per_s: float | None = None,
    kind: type[PrinterSim] = PrinterSim,
) -> Iterator[tuple[PrinterLine, PrinterSim]]:
    def sim_of(clock: Callable[[], float]) -> PrinterSim:
        return kind(80, abilities, clock=clock, noise=noise, seed=seed, dots_per_s=dots_per_s)

    wire = Wire(sim_of)
    line = PrinterLine(wire, wire.clock)  # type: ignore[arg-type]
    line.open()
    yield line, wire.sim
    line.close()


def now_of(line: PrinterLine) -> Callable[[], float]:
    return line.link.transport.clock  # type: ignore[attr-defined, no-any-return]


def slip_on(line: PrinterLine, learned: Learned, timeout_s: float = 10.0) -> SlipProof:
    return send_slip(line, SLIP, learned, timeout_s, now_of(line))


@pytest.mark.parametrize(
    ("make", "abilities", "best"),
    [
        (EPSON, PrinterAbilities(ALL, True, True, True), ConfirmBy.PROCESS_ID),
        (CHINESE_80, PrinterAbilities(ALL, True, True, False), ConfirmBy.PAPER_ANSWER),
        (CHINESE_58, PrinterAbilities(ALL, False, False, False), ConfirmBy.STATE),
        (MUTE, MUTE_ABILITIES, ConfirmBy.WRITE),
    ],
)
def test_each_make_is_learned_and_no_paper_is_used(
    make: SimAbilities, abilities: PrinterAbilities, best: ConfirmBy
) -> None:
    with rig(make) as (line, sim):
        learned = learn(line)

        assert learned.abilities == abilities
        assert learned.abilities.best is best
        assert line.abilities == abilities
        assert (sim.slips, sim.hanging.height_dots) == ((), 0)


def test_a_unit_that_answers_some_of_the_questions_is_learned_one_by_one() -> None:
    with rig(replace(CHINESE_80, realtime=frozenset({1, 4}))) as (line, _):
        assert learn(line).abilities.realtime == {Query.PRINTER, Query.PAPER}


def test_what_a_unit_tells_of_itself_is_kept() -> None:
    with rig(EPSON) as (line, _):
        identity = learn(line).identity

    assert identity == Identity(
        maker="EPSON",
        model="TM-T82III",
        firmware="10.02 ESC/POS",
        serial="SIM0000001",
        han_font="CHINA GB18030",
        model_id=0x20,
        type_id=3,
        rom_id=5,
    )
    assert identity.name == "EPSON TM-T82III"
    assert (identity.says_han, identity.says_cutter) == (True, True)


def test_a_unit_that_tells_maker_and_model_only_leaves_the_rest_open() -> None:
    with rig(CHINESE_80) as (line, _):
        identity = learn(line).identity

    assert identity == Identity(maker="SIM", model="POS-80")
    assert (identity.says_han, identity.says_cutter) == (None, None)


def test_a_unit_that_tells_nothing_of_itself_is_no_error() -> None:
    with rig(CHINESE_58) as (line, _):
        assert learn(line).identity == Identity()


@pytest.mark.parametrize(
    ("said", "model"),
    [
        ([b"_TM-TX2\0", b"_TM-T82\0", b"_TM-T82\0"], "TM-T82"),
        ([b"_TM-T82\0", b"", b"_TM-T82\0"], "TM-T82"),
        ([b"_A\0", b"_B\0", b"_C\0"], ""),
        ([b"", b"_TM-T82\0", b""], ""),
    ],
)
def test_a_name_counts_when_two_tries_say_it_alike(said: list[bytes], model: str) -> None:
    left = list(said)

    def tells(self: SimAbilities, which: int) -> bytes:
        return left.pop(0) if which == 67 else dict(self.about).get(which, b"")

    with rig(EPSON) as (line, _), pytest.MonkeyPatch.context() as patch:
        patch.setattr(SimAbilities, "tells", tells)

        assert learn(line).identity.model == model


def test_another_unit_is_told_by_what_both_told() -> None:
    ours = Identity("EPSON", "TM-T82III", serial="A1")

    assert ours.is_another(Identity("EPSON", "TM-T82III", serial="B2"))
    assert ours.is_another(Identity("SIM", "POS-80"))
    assert not ours.is_another(Identity("EPSON"))
    assert not ours.is_another(Identity())


def test_stray_bytes_before_answers_change_nothing_that_is_learned() -> None:
    for seed in range(50):
        with rig(CHINESE_80, noise=0.2, seed=seed) as (line, _):
            assert learn(line).abilities == PrinterAbilities(ALL, True, True, False)


def test_a_printer_that_answers_later_than_expected_is_asked_with_more_patience() -> None:
    with rig(EPSON) as (line, sim):
        sim.answer_after(0.7)

        assert learn(line).abilities == PrinterAbilities(ALL, True, True, True)


def test_one_lost_answer_is_no_inability() -> None:
    with rig(CHINESE_80) as (line, sim):
        lost = iter([False, True])
        real = sim.abilities

        class Forgetful(SimAbilities):
            @property
            def paper_answer(self) -> bool:  # type: ignore[override]
                return not next(lost, False)

        sim.abilities = object.__new__(Forgetful)
        for name in SimAbilities.__slots__:
            if name != "paper_answer":
                object.__setattr__(sim.abilities, name, getattr(real, name))

        assert learn(line).abilities.paper_answer


def test_a_printer_inside_somebody_s_half_picture_is_freed_first() -> None:
    """Real-time questions are answered there and nothing else: it would be learned as a poor unit."""
    with rig(EPSON) as (line, sim):
        sim.receive(b"\x1dv0\x00\x30\x00\x30\x00" + bytes(100))
        assert sim.is_inside_picture

        assert learn(line).abilities == PrinterAbilities(ALL, True, True, True)
        assert not sim.is_inside_picture


@pytest.mark.parametrize("trouble", ["remove_paper", "open_cover", "jam_cutter"])
def test_a_printer_in_trouble_is_not_learned(trouble: str) -> None:
    with rig(EPSON) as (line, sim):
        getattr(sim, trouble)()

        with pytest.raises(CannotEnrol) as caught:
            learn(line)

    fault = caught.value.as_fault()
    assert (fault.code, fault.who) == ("P-30", Actor.CLERK)
    assert "打印机" in caught.value.detail_zh or "切纸刀" in caught.value.detail_zh


def test_paper_that_ends_while_it_is_learned_makes_no_poor_unit() -> None:
    with rig(replace(EPSON, asb=False)) as (line, sim):
        tells, asked = SimAbilities.tells, []

        def ends(self: SimAbilities, which: int) -> bytes:
            asked.append(which)
            sim.body.paper_out = True
            return tells(self, which)

        with pytest.MonkeyPatch.context() as patch, pytest.raises(CannotEnrol, match="out of paper"):
            patch.setattr(SimAbilities, "tells", ends)
            learn(line)
        assert asked


def test_a_job_in_flight_is_not_disturbed() -> None:
    with rig(MUTE) as (line, _):
        line.send_job(SLIP, "A001", ConfirmBy.PROCESS_ID, 1.0)

        assert line.has_pending_job
        with pytest.raises(JobInFlight):
            learn(line)


def test_an_unplugged_printer_is_gone() -> None:
    with rig(EPSON) as (line, sim):
        sim.unplug_after(20)

        with pytest.raises(PortGone):
            learn(line)


# --- the one slip


@pytest.mark.parametrize(
    ("make", "outcome"),
    [
        (EPSON, Outcome.PRINTED),
        (CHINESE_80, Outcome.PRINTED),
        (CHINESE_58, Outcome.UNKNOWN),
        (MUTE, Outcome.UNKNOWN),
    ],
)
def test_one_slip_comes_out_and_the_abilities_hold(make: SimAbilities, outcome: Outcome) -> None:
    with rig(make) as (line, sim):
        learned = learn(line)
        proof = slip_on(line, learned)

        assert proof.result.outcome is outcome
        assert proof.abilities == learned.abilities
        assert len(sim.slips) == make.cutter


def test_the_time_to_the_proof_is_measured() -> None:
    with rig(EPSON, dots_per_s=1000.0) as (line, sim):
        proof = slip_on(line, learn(line))

        assert proof.proof_s >= 0.246  # 5 lines of 30 dots and 96 to the knife
        assert len(sim.slips) == 1


class SilentBehindCut(PrinterSim):
    """A unit that forgets the questions of some kinds that stand behind a cut."""

    forgets: tuple[str, ...] = ()

    def _cut(self) -> bool:
        done = super()._cut()
        if done:
            self.abilities = replace(self.abilities, **{name: False for name in self.forgets})
        return done


@pytest.mark.parametrize(
    ("make", "forgets", "left", "best"),
    [
        (EPSON, ("process_id",), PrinterAbilities(ALL, True, True, False), ConfirmBy.PAPER_ANSWER),
        (EPSON, ("process_id", "paper_answer"), PrinterAbilities(ALL, True, False, False), ConfirmBy.STATE),
        (EPSON, ("paper_answer",), PrinterAbilities(ALL, True, False, True), ConfirmBy.PROCESS_ID),
        (CHINESE_80, ("paper_answer",), PrinterAbilities(ALL, True, False, False), ConfirmBy.STATE),
    ],
)
def test_a_proof_that_stays_out_behind_the_cut_is_struck_off_with_one_slip(
    make: SimAbilities, forgets: tuple[str, ...], left: PrinterAbilities, best: ConfirmBy
) -> None:
    with rig(make, kind=type("Forgetful", (SilentBehindCut,), {"forgets": forgets})) as (line, sim):
        proof = slip_on(line, learn(line))

        assert proof.abilities == left == line.abilities
        assert proof.abilities.best is best
        assert len(sim.slips) == 1
        assert not line.has_pending_job


def test_a_slip_that_the_paper_ended_in_is_no_enrolment() -> None:
    with rig(EPSON) as (line, sim):
        learned = learn(line)
        sim.leave_paper(60)

        with pytest.raises(CannotEnrol, match="out of paper"):
            slip_on(line, learned)

        assert not line.has_pending_job


def test_a_slip_that_could_not_be_sent_is_no_enrolment() -> None:
    with rig(EPSON) as (line, sim):
        learned = learn(line)
        sim.open_cover()

        with pytest.raises(CannotEnrol, match="cover is open"):
            slip_on(line, learned)

        assert (sim.slips, sim.hanging.height_dots) == ((), 0)


def test_a_slip_that_the_line_did_not_take_whole_says_nothing_of_the_proof() -> None:
    with rig(EPSON, dots_per_s=1000.0) as (line, sim):
        learned = learn(line)
        sim._buffer_bytes = 50

        with pytest.raises(CannotEnrol, match="did not take the whole slip"):
            slip_on(line, learned, 0.05)

        assert line.abilities == learned.abilities
        assert not line.has_pending_job


@pytest.mark.parametrize("make", [CHINESE_80, EPSON])
def test_trouble_that_came_and_went_in_the_slip_costs_the_proof_nothing(make: SimAbilities) -> None:
    class Nudged(PrinterSim):
        """Its cover is opened and shut at the first line."""

        was_nudged = False

        def _print_next(self) -> bool:
            if not self.was_nudged:
                self.was_nudged = True
                self.open_cover()
                self.close_cover()
            return super()._print_next() if self._to_print else True

    with rig(make, kind=Nudged) as (line, _):
        learned = learn(line)
        if make is EPSON:
            assert slip_on(line, learned).abilities == learned.abilities
        else:
            with pytest.raises(CannotEnrol, match="something happened"):
                slip_on(line, learned)


def test_a_cable_out_in_the_slip_is_gone() -> None:
    with rig(EPSON) as (line, sim):
        learned = learn(line)
        sim.unplug_after(60)

        with pytest.raises(PortGone, match="while the test slip was sent"):
            slip_on(line, learned)


# --- later, at every start


@pytest.mark.parametrize("make", [EPSON, CHINESE_80, CHINESE_58, MUTE])
def test_what_was_learned_is_verified_without_waiting_for_what_is_never_answered(make: SimAbilities) -> None:
    with rig(make) as (line, sim):
        abilities = learn(line).abilities
        now = now_of(line)
        before = now()

        assert still_answers(line, abilities, 30.0)
        assert now() - before < 0.1
        assert (sim.slips, sim.hanging.height_dots) == ((), 0)


@pytest.mark.parametrize(
    ("now", "what"),
    [
        (replace(EPSON, process_id=False), "process id"),
        (replace(EPSON, paper_answer=False), "paper answer"),
        (replace(EPSON, asb=False), "automatic status"),
        (replace(EPSON, realtime=frozenset({1})), "real-time status"),
        (MUTE, "everything"),
    ],
)
def test_another_unit_at_the_address_is_noticed(now: SimAbilities, what: str) -> None:
    with rig(now) as (line, _):
        assert not still_answers(line, PrinterAbilities(ALL, True, True, True), 0.1), what


@pytest.mark.parametrize(
    ("make", "most_s"), [(EPSON, 1.0), (CHINESE_80, 20.0), (CHINESE_58, 20.0), (MUTE, 5.0)]
)
def test_learning_takes_no_longer_than_a_person_waits(make: SimAbilities, most_s: float) -> None:
    with rig(make) as (line, _):
        now = now_of(line)
        before = now()
        learn(line)

        assert now() - before < most_s
