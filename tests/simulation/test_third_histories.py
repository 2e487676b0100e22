"""Offices and centre live through whole histories of faults: the third five hundred."""

from __future__ import annotations

import pytest

from tests.simulation.ci import BLOCK, assert_right, blocks
from tests.simulation.machine import Machine


@pytest.mark.parametrize("first", blocks(2))
def test_every_history_ends_well(machine: Machine, first: int) -> None:
    assert_right(machine, range(first, first + BLOCK))
