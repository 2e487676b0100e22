"""When it is worth asking again at once, and how long to wait before."""

from __future__ import annotations

from sync.client.obstacles import Busy, obstacle
from sync.problems import Problem

# What may be over in a moment. Everything else stays as it is however often one asks.
PASSING = frozenset({"sync.offline", "sync.timeout", "sync.fault", "sync.busy"})
MOST_TRIES = 4
FIRST_WAIT_S, MOST_WAIT_S = 1.0, 20.0
# Whoever asks for more than this is asked again by the clock, not by a person who looks on.
MOST_ASKED_S = 60.0


class Unreached(Problem):
    """No connection came about: nothing was sent, and nothing can have been cut."""

    def __init__(self, code: str) -> None:
        known = obstacle(code)
        super().__init__(known.what, known.advice, code=known.code)


def wait_s(problem: Problem, tries: int, chance: float, *, was_reached: bool) -> float | None:
    """Seconds until the next try after so many in a row; None when there is no point in it.

    `was_reached` says whether the centre answered before in this exchange: a PC without a network
    is told so at once. `chance` from 0 to 1 spreads PCs that were all cut off together.
    """
    if problem.code not in PASSING or tries >= MOST_TRIES:
        return None
    if isinstance(problem, Unreached) and not was_reached:
        return None
    asked_s = (problem.retry_after_s or 0.0) if isinstance(problem, Busy) else 0.0
    if asked_s > MOST_ASKED_S:
        return None
    wait = min(MOST_WAIT_S, FIRST_WAIT_S * 2.0 ** (tries - 1))
    return asked_s + wait * (0.5 + chance)
