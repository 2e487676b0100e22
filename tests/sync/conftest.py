"""A centre in this process, and offices that speak to it without sockets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sync.records.library import Library
from sync.server.centre import Centre
from sync.server.embedded import settings_of
from tests.builders import NOW, DirectWire, a_library, exchange, join
from vla_desktop.office import Office


@pytest.fixture
def near_centre(tmp_path: Path) -> Iterator[Centre]:
    """A centre that nobody reaches but by calling it."""
    centre = Centre(settings_of(tmp_path / "near.db"), lambda: NOW)
    yield centre
    centre.close()


@pytest.fixture
def enrolled(open_office: Callable[[str], Office], near_centre: Centre) -> Callable[[str], Office]:
    """Opens an office of the branch HN by its name."""

    def opening(name: str) -> Office:
        office = open_office(name)
        join(office, near_centre)
        return office

    return opening


@pytest.fixture
def busy_office(enrolled: Callable[[str], Office], near_centre: Centre) -> Office:
    """An office with something to send, and something of others to receive."""
    other = enrolled("other")
    for name in ("Một", "Hai"):
        other.store.save(Library, a_library(name=name))
    exchange(other, DirectWire(near_centre))
    office = enrolled("a")
    office.store.save(Library, a_library(name="Ba"))
    return office
