"""Whether every planted fault is found, and how soon."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.simulation.machine import Machine
from tests.simulation.mutants import MUTANTS, Mutant
from tests.simulation.telling import tell

FIRST_SEED = 10_001
MOST_SEEDS = 500


@contextmanager
def planted(mutant: Mutant) -> Iterator[None]:
    """The program with this fault in it, while the block runs."""
    before: list[tuple[Any, str, Any]] = []

    def patch(where: Any, name: str, what: Any) -> None:
        before.append((where, name, getattr(where, name)))
        setattr(where, name, what)

    try:
        mutant.plant(patch)
        yield
    finally:
        for where, name, what in reversed(before):
            setattr(where, name, what)


def seeds_to_find(machine: Machine, mutant: Mutant, most: int = MOST_SEEDS) -> int | None:
    """How many histories it took until the mutant's own oracle spoke; None when it never did."""
    with planted(mutant):
        for number in range(1, most + 1):
            told = tell(machine, FIRST_SEED + number, frozenset({mutant.oracle}))
            if told.oracle == mutant.oracle:
                return number
    return None


def table(machine: Machine) -> Iterator[str]:
    """One line for each mutant."""
    for mutant in MUTANTS:
        number = seeds_to_find(machine, mutant)
        found = "never" if number is None else f"{number:3}"
        yield f"{mutant.oracle:4} {found:>5}  {mutant.name}: {mutant.sentence}"
