"""The devices of the windows: pads and signs for the evaluator, clerks' keypads for the keypad role."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from hall.config.model import HallConfig, WindowDevice
from hall.devices.attended import Attended, OnStatus, Started

if TYPE_CHECKING:
    from halldrivers.caller.callers import Callers
    from halldrivers.check import Checker
    from halldrivers.sign.sign import Sign
    from hallevaluator.desk import RatingDesk
    from hallevaluator.pads import OpenPad
    from hallkiosk.caller.fitting import FittedDesk, Fitting
    from hallqueue.service import HallService


class PadsAndSigns:
    """The devices of the evaluator's process. Those on one line share its port, with the checks too."""

    def __init__(self, config: HallConfig) -> None:
        from halldrivers.ratingpad.address import parse_pad
        from halldrivers.ratingpad.opening import PadForms, PadParts

        self._pads = {pad.window: parse_pad(pad.url) for pad in config.pads}
        self._config = config
        self._parts = PadParts(forms=PadForms(config.pad_tables, config.pad_lines))
        self.signs: dict[int, Sign] = {}
        """The open signs by window, from their start on."""

    def open_pads(self) -> dict[int, OpenPad]:
        """How the pad of each window is opened; its desk does that, and reports it."""
        from hallevaluator.pads import open_pad

        return {window: open_pad(address, self._parts) for window, address in self._pads.items()}

    def pad_checkers(self, desk: RatingDesk) -> dict[str, Checker]:
        """The health checks of the pads that a desk holds; to be called in its event loop."""
        from halldrivers.ratingpad.check import PadChecker

        return {
            f"pad-{window}": desk.checker(window, PadChecker(address, self._parts))
            for window, address in self._pads.items()
        }

    def attended_signs(self) -> list[Attended]:
        """The signs, for the hub that opens, reports and tests them."""
        return [
            Attended(f"sign-{one.window}", "sign", partial(self._open_sign, one))
            for one in self._config.signs
        ]

    def _open_sign(self, one: WindowDevice, on_status: OnStatus) -> Started:
        from halldrivers.sign.address import parse_sign
        from halldrivers.sign.check import SignChecker
        from halldrivers.sign.sign import open_sign

        self.signs[one.window] = sign = open_sign(parse_sign(one.url), self._parts.lines, on_status)
        return Started(SignChecker(sign), sign.close, sign.counters)


def callers_of(config: HallConfig) -> Callers:
    """The clerks' keypads with the dialects of the configuration; none is opened yet."""
    from halldrivers.caller.callers import Callers
    from halldrivers.caller.dialectconfig import dialect_from

    dialects = config.caller_words.dialects
    return Callers({name: dialect_from(name, table) for name, table in dialects.items()})


def fitted_desk(
    config: HallConfig, service_for: Callable[[int], HallService], clerks: dict[int, str] | None = None
) -> FittedDesk:
    """The desk of all keypads, with what a hub needs of each."""
    from hallkiosk.caller.fitting import fit_desk

    return fit_desk(
        service_for,
        config.plan,
        callers_of(config),
        {one.window: one.url for one in config.callers},
        keys=config.caller_words.keys,
        clerks=clerks,
    )


def attended(fitting: Fitting) -> Attended:
    """A device that its desk opens and closes, for the hub that reports and tests it."""
    return Attended(fitting.name, fitting.kind, partial(_listen, fitting))


def _listen(fitting: Fitting, on_status: OnStatus) -> Started:
    fitting.listen(on_status)
    return Started(fitting.check, lambda: None, fitting.counters)
