"""When the next exchange with the centre is due. Knows no clock but the one it is told."""

from __future__ import annotations

import enum
import random

SPREAD = 0.2
PROBE_S = 40.0
LONGEST_WAIT_S = 2 * 3600.0


class Step(enum.Enum):
    """What to do now."""

    REST = "rest"
    PROBE = "probe"
    EXCHANGE = "exchange"


class Schedule:
    """Decides between resting, asking whether the centre can be reached, and exchanging.

    Times are seconds of any clock that only goes forward. After each failure the wait doubles,
    and every wait is spread by 20 % either way, so that branches which lost the centre together
    do not come back together. While the centre cannot be reached it is asked for often and
    cheaply; its first answer makes the exchange due at once.
    """

    def __init__(self, every_s: float, now: float, chance: random.Random) -> None:
        self._chance = chance
        self._every_s = every_s
        self._paused = False
        self._failures = 0
        self._out_of_reach = False
        self._probe_at = now
        self._next_at = now + self._spread(every_s)

    @property
    def paused(self) -> bool:
        """Whether the clerk has stopped the automatic exchange."""
        return self._paused

    @property
    def next_at(self) -> float | None:
        """When the next exchange is due; None while paused."""
        return None if self._paused else self._next_at

    def step(self, now: float) -> Step:
        """What is due at `now`."""
        if self._paused:
            return Step.REST
        if now >= self._next_at:
            return Step.EXCHANGE
        if self._out_of_reach and now >= self._probe_at:
            return Step.PROBE
        return Step.REST

    def change(self, every_s: float, paused: bool, now: float) -> None:
        """Take the clerk's wishes; the next exchange is counted from `now`."""
        if (every_s, paused) != (self._every_s, self._paused):
            self._every_s, self._paused = every_s, paused
            self._next_at = now + self._spread(every_s)

    def succeeded(self, now: float) -> None:
        """An exchange went through."""
        self._failures = 0
        self._out_of_reach = False
        self.put_off(now)

    def put_off(self, now: float) -> None:
        """Count anew from `now`: the clerk did not want this exchange."""
        self._next_at = now + self._spread(self._every_s)

    def failed(self, now: float, out_of_reach: bool, at_least_s: float = 0.0) -> None:
        """An exchange failed; `out_of_reach` when nobody answered at all.

        `at_least_s` is how long the centre asked to be left alone.
        """
        self._failures += 1
        self._out_of_reach = out_of_reach
        longest_s = max(LONGEST_WAIT_S, self._every_s)
        # The exponent is held so that a PC left on for weeks does not overflow.
        wait_s = min(self._every_s * 2 ** min(self._failures, 16), longest_s)
        self._next_at = now + max(self._spread(wait_s), at_least_s)
        self._probe_at = now + self._spread(PROBE_S)

    def probed(self, now: float, answered: bool) -> None:
        """The centre was asked whether it is there."""
        self._probe_at = now + self._spread(PROBE_S)
        if answered:
            self._out_of_reach = False
            self._next_at = now

    def _spread(self, wait_s: float) -> float:
        return wait_s * self._chance.uniform(1 - SPREAD, 1 + SPREAD)
