"""The one machine that a worker plays its histories on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.simulation.machine import Machine


@pytest.fixture(scope="module")
def machine() -> Iterator[Machine]:
    """A centre and places for offices."""
    with Machine() as made:
        yield made
