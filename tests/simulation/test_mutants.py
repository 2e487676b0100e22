"""Whoever judges the histories is judged too: each oracle finds the faults planted for it."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.simulation.finding import FIRST_SEED, seeds_to_find
from tests.simulation.machine import Machine
from tests.simulation.mutants import MUTANTS, Mutant
from tests.simulation.oracles import EVERY
from tests.simulation.telling import tell


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_planted_fault_is_found_by_its_oracle(machine: Machine, mutant: Mutant) -> None:
    assert seeds_to_find(machine, mutant) is not None


def test_without_a_fault_nothing_is_found(machine: Machine) -> None:
    assert tell(machine, FIRST_SEED + 1).fault == ""


def test_every_oracle_has_two_planted_faults() -> None:
    number = Counter(mutant.oracle for mutant in MUTANTS)
    assert {oracle for oracle, planted in number.items() if planted >= 2} == EVERY
