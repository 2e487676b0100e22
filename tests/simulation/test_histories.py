"""Offices and centre live through whole histories of faults, and every oracle agrees."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.simulation.__main__ import commit
from tests.simulation.machine import Machine
from tests.simulation.telling import tell_many

KEPT = [
    int(line.split()[0])
    for line in Path(__file__).with_name("seeds.txt").read_text("utf-8").splitlines()
    if line[:1].isdigit()
]
BLOCK = 3
FIRST, LAST = 41, 100


def assert_right(machine: Machine, seeds: range | list[int]) -> None:
    wrong = tell_many(machine, seeds)
    assert not wrong, f"commit {commit()}\n" + "\n\n".join(str(told) for told in wrong)


@pytest.mark.parametrize("first", range(FIRST, LAST + 1, BLOCK))
def test_every_history_ends_well(machine: Machine, first: int) -> None:
    assert_right(machine, range(first, first + BLOCK))


@pytest.mark.parametrize("seed", KEPT)
def test_what_went_wrong_once_ends_well(machine: Machine, seed: int) -> None:
    assert_right(machine, [seed])
