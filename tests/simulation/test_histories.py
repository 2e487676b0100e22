"""What went wrong once ends well, and every history is told again from its seed."""

from __future__ import annotations

import pytest

from tests.simulation.ci import BLOCK, FILES, FIRST, KEPT, SEEDS, assert_right, blocks
from tests.simulation.machine import Machine
from tests.simulation.telling import FULL_EVERY, tell


@pytest.mark.parametrize("seed", KEPT)
def test_what_went_wrong_once_ends_well(machine: Machine, seed: int) -> None:
    assert_right(machine, [seed])


@pytest.mark.parametrize("seed", [FIRST, FULL_EVERY * 7])
def test_a_seed_tells_the_same_history_every_time(machine: Machine, seed: int) -> None:
    once = tell(machine, seed)
    with Machine() as another:
        again = tell(another, seed)
    assert once.lines == again.lines
    assert once.digest == again.digest
    assert once.digest != tell(machine, seed + 1).digest


def test_all_seeds_are_told_once() -> None:
    told = [s for number in range(FILES) for b in blocks(number) for s in range(b, b + BLOCK)]
    assert told == list(range(FIRST, FIRST + SEEDS))
