"""Two copies of one office hold the same unsent work: it arrives once, whoever brings it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from sqlalchemy import select, update

from sync.changes import Change, are_twins
from sync.records.library import Library
from sync.server import ledger
from sync.server.centre import Centre
from sync.server.database import reading, writing
from sync.server.tables import Incarnation
from tests.builders import DirectWire, a_library, exchange
from vla_desktop.office import Office


@dataclass
class Copies:
    """Two copies of an office whose original went on speaking to the centre."""

    one: Office
    other: Office
    centre: Centre
    library: str

    def names(self) -> list[str]:
        with reading(self.centre.engine) as session:
            return sorted(session.scalars(select(Library.name)))


@pytest.fixture
def copies(
    enrolled: Callable[[str], Office], open_office: Callable[[str], Office], near_centre: Centre
) -> Copies:
    office = enrolled("one")
    exchange(office, DirectWire(near_centre))
    library = office.store.save(Library, a_library(name="Chung")).id
    home = office.home
    office.close()
    shutil.copytree(home, home.parent / "other")
    with writing(near_centre.engine) as session:
        session.execute(update(Incarnation).values(exchange=99))
    return Copies(open_office("one"), open_office("other"), near_centre, library)


def test_what_both_copies_hold_is_numbered_once(copies: Copies) -> None:
    copies.other.store.save(Library, {"note": "riêng"}, copies.library)
    exchange(copies.one, DirectWire(copies.centre))
    exchange(copies.other, DirectWire(copies.centre))
    exchange(copies.one, DirectWire(copies.centre))

    assert copies.names() == ["Chung"]
    (at_one,) = copies.one.store.rows(Library, ids(copies.one))
    (at_other,) = copies.other.store.rows(Library, ids(copies.other))
    assert at_one == at_other
    assert at_one.values["note"] == "riêng"


def ids(office: Office) -> list[str]:
    with office._reading() as session:
        return list(session.scalars(select(Library.id)))


def race(copies: Copies) -> None:
    """The other copy sends just after this one has read the ledger to its end."""

    def overtaking() -> None:
        exchange(copies.other, DirectWire(copies.centre))

    wire = DirectWire(copies.centre)
    wire.meanwhile = overtaking
    exchange(copies.one, wire)
    exchange(copies.other, DirectWire(copies.centre))


def test_two_copies_that_send_at_the_same_time_do_not_double(copies: Copies) -> None:
    race(copies)
    assert copies.names() == ["Chung"]
    assert ids(copies.one) == ids(copies.other)


def test_a_centre_that_does_not_know_twins_would_be_caught(
    copies: Copies, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger, "has_twin", lambda _session, _device, _changes: False)
    race(copies)
    assert copies.names() == ["Chung", "Chung"]


def test_what_the_copies_wrote_after_they_parted_stays_two(copies: Copies) -> None:
    for office, name in ((copies.one, "Của một"), (copies.other, "Của hai")):
        office.store.save(Library, a_library(name=name))
    race(copies)
    assert copies.names() == ["Chung", "Của hai", "Của một"]


def test_twins_say_the_same_and_point_wherever() -> None:
    def change(identity: str, **values: str) -> Change:
        return Change(identity, "HN", "member", "b" * 32, "create", values, 3, "A", "2026-01-01")

    first, second = "a" * 12 + "00000001" + "0" * 11 + "7", "a" * 12 + "00000002" + "0" * 11 + "7"
    one = change(first, full_name="Lê An", workplace="1" * 32)
    assert are_twins(one, change(second, full_name="Lê An", workplace="2" * 32))
    assert not are_twins(one, change(second, full_name="Lê Ân", workplace="1" * 32))
    assert not are_twins(one, change(second[:-1] + "8", full_name="Lê An", workplace="1" * 32))
