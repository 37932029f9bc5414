"""When nobody touches the terminal: the timer's rules.

An idle terminal returns to its first screen, so that nothing of a person stays on it. A warning comes
first, with a countdown that the person can extend (older people need longer: facts, queueing 3.8).
"""

from collections.abc import Callable
from enum import Enum


class IdleState(Enum):
    """Where an idle timer stands."""

    OFF = "off"
    """Not counting: the first screen is shown, or a paper is being printed."""
    ACTIVE = "active"
    WARNING = "warning"
    """The last seconds: ask whether somebody is still there."""
    EXPIRED = "expired"


class IdleTimer:
    """Counts the seconds since the last touch; does nothing by itself, ask `state`.

    `timeout_s` is the whole time without a touch, `warning_s` its last part. The clock is passed in and must
    never run backwards (`time.monotonic`). Raises ValueError unless 0 <= warning_s < timeout_s.
    """

    def __init__(self, timeout_s: float, warning_s: float, clock: Callable[[], float]) -> None:
        if not 0 <= warning_s < timeout_s:
            raise ValueError(f"warning_s={warning_s} must lie within timeout_s={timeout_s}")
        self._timeout_s, self._warning_s, self._clock = timeout_s, warning_s, clock
        self._deadline: float | None = None

    def start(self) -> None:
        """Begin to count, from the whole time."""
        self._deadline = self._clock() + self._timeout_s

    def stop(self) -> None:
        """Stop counting; touches do not start it again."""
        self._deadline = None

    def reset(self) -> None:
        """Somebody touched: the whole time again. Does nothing while off or expired.

        An expired timer stays expired until `start`, so that a touch in the same instant cannot bring back a
        screen whose person has been declared gone.
        """
        if self.state in (IdleState.ACTIVE, IdleState.WARNING):
            self.start()

    def extend(self, extra_s: float) -> None:
        """Add seconds to what remains ("请稍等"); does nothing while off or expired.

        Raises ValueError when `extra_s` is negative.
        """
        if extra_s < 0:
            raise ValueError(f"extra_s={extra_s} would shorten the time")
        if self._deadline is not None and not self.is_expired:
            self._deadline += extra_s

    @property
    def remaining_s(self) -> float | None:
        """Seconds until it expires, 0 once expired, None while off."""
        return None if self._deadline is None else max(0.0, self._deadline - self._clock())

    @property
    def state(self) -> IdleState:
        """Where the timer stands now."""
        remaining = self.remaining_s
        if remaining is None:
            return IdleState.OFF
        if remaining <= 0:
            return IdleState.EXPIRED
        return IdleState.WARNING if remaining <= self._warning_s else IdleState.ACTIVE

    @property
    def is_expired(self) -> bool:
        """Whether the time is over."""
        return self.state is IdleState.EXPIRED
