"""Which seeds every change of the program is judged by.

They are spread over several files of tests, since a worker takes a whole file.
"""

from __future__ import annotations

from pathlib import Path

from tests.simulation.__main__ import commit
from tests.simulation.machine import Machine
from tests.simulation.telling import tell_many

FIRST, SEEDS, BLOCK = 101, 600, 25
FILES = 4
KEPT = [
    int(line.split()[0])
    for line in Path(__file__).with_name("seeds.txt").read_text("utf-8").splitlines()
    if line[:1].isdigit()
]


def blocks(number: int) -> range:
    """Where the blocks of the file of this number begin."""
    share = SEEDS // FILES
    return range(FIRST + number * share, FIRST + (number + 1) * share, BLOCK)


def assert_right(machine: Machine, seeds: range | list[int]) -> None:
    """Tells those histories; says commit, seeds and steps of what ended wrong."""
    wrong = tell_many(machine, seeds)
    assert not wrong, f"commit {commit()}\n" + "\n\n".join(str(told) for told in wrong)
