"""A branch with a history, offices that read it whole, and small snapshots that begin soon."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sync.client import bootstrap
from sync.records.library import Library
from sync.records.member import Member
from sync.records.organisation_unit import OrganisationUnit
from sync.server import building, ledger, snapshots
from sync.server.centre import Centre
from tests.builders import DirectWire, a_library, a_member, a_unit, exchange
from tests.sync.conftest import enrolled, near_centre
from vla_desktop.office import Office

Opening = Callable[[str], Office]


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Snapshots begin with few changes, and pages of either sort are short."""
    monkeypatch.setattr(bootstrap, "AFTER_CHANGES", 5)
    monkeypatch.setattr(snapshots, "OLDER_THAN_CHANGES", 2)
    monkeypatch.setattr(building, "ROWS_A_PAGE", 4)
    monkeypatch.setattr(ledger, "PAGE_BYTES", 600)


@pytest.fixture
def wire(near_centre: Centre) -> DirectWire:
    """A way to the centre."""
    return DirectWire(near_centre)


@pytest.fixture
def first(enrolled: Opening, wire: DirectWire) -> Office:
    """An office whose branch has edits, links, something in the bin, and two values of a field."""
    a, b = enrolled("first"), enrolled("second")
    unit = a.store.save(OrganisationUnit, a_unit()).id
    libraries = [a.store.save(Library, a_library(name=f"Thư viện {n}")).id for n in range(9)]
    member = a.store.save(Member, a_member(unit=unit, workplace=libraries[0])).id
    exchange(a, wire)
    exchange(b, wire)
    a.store.delete(Library, libraries[1])
    a.store.save(Member, {"note": "của a", "born_on": "1981-02"}, member)
    b.store.save(Member, {"note": "của b"}, member)
    exchange(a, wire)
    exchange(b, wire)
    exchange(a, wire)
    return a


@pytest.fixture
def reader(enrolled: Opening, wire: DirectWire, first: Office) -> Office:
    """An office that read the same ledger from its first change on."""
    office = enrolled("reader")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bootstrap, "AFTER_CHANGES", 10**9)
        exchange(office, wire)
    return office


@pytest.fixture
def begun(enrolled: Opening, wire: DirectWire, first: Office) -> Office:
    """An office that began with a snapshot."""
    office = enrolled("begun")
    exchange(office, wire)
    return office


__all__ = ["enrolled", "near_centre"]
