"""The one machine that a worker plays its histories on."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from tests.simulation.machine import Machine


@pytest.fixture(scope="module")
def machine() -> Iterator[Machine]:
    """A centre and places for offices.

    Hardly anything that a history leaves behind goes in circles: to look for that less often saves
    a twentieth of the time.
    """
    before = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 50)
    try:
        with Machine() as made:
            yield made
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
