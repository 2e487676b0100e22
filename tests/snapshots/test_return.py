"""A PC that was away for 400 days comes back: nobody is resurrected, nothing of it is lost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from sync.changes import Entry
from sync.client import bootstrap, loading
from sync.client.tables import Office as Identity
from sync.records.library import Library
from sync.records.member import Member
from sync.server.centre import Centre
from sync.server.database import reading
from tests.builders import (
    DirectWire,
    LostAnswer,
    a_library,
    entries,
    exchange,
)
from tests.snapshots.seen import a_library_of, place, records, seen, the_member
from vla_desktop.office import Office
from vla_desktop.store.database import writing
from vla_desktop.store.rows import Query, RecordState
from vla_desktop.store.standing import Light

Opening = Callable[[str], Office]
AWAY = dt.timedelta(days=400)


@pytest.fixture
def away(enrolled: Opening, wire: DirectWire, first: Office) -> Office:
    """An office that read everything, and then was switched off while others worked on."""
    office = enrolled("away")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bootstrap, "AFTER_CHANGES", 10**9)
        exchange(office, wire)
    return office


def others_work(office: Office, wire: DirectWire, until: Office) -> None:
    """More than a year of it: new records, edits, and some put into the bin."""
    now = until._now() + AWAY
    office.store._hand = type(office.store._hand)(
        office.store._hand.author, office.store._hand.computer, lambda: now
    )
    for n in range(12):
        office.store.save(Library, a_library(name=f"Thư viện năm sau {n}"))
    for name in ("Thư viện 3", "Thư viện 5"):
        office.store.delete(Library, a_library_of(office, name))
    office.store.save(Library, {"note": "sửa khi vắng"}, a_library_of(office, "Thư viện 6"))
    office.store.save(Member, {"phone": "0100 777 777"}, the_member(office))
    exchange(office, wire)


def test_it_comes_back_with_its_work_and_without_the_dead(
    away: Office, first: Office, reader: Office, wire: DirectWire
) -> None:
    gone, edited = a_library_of(away, "Thư viện 3"), a_library_of(away, "Thư viện 6")
    binned = a_library_of(away, "Thư viện 5")
    away.store.save(Library, {"address": "Số 3"}, gone)
    away.store.save(Library, {"note": "sửa ở máy vắng"}, edited)
    mine = away.store.save(Library, a_library(name="Chưa gửi")).id
    others_work(first, wire, away)
    before = place(away)
    exchange(away, wire)
    assert place(away)[0] > before[1]
    for office in (reader, first):
        exchange(office, wire)
    exchange(away, wire)
    assert records(away) == records(reader) == records(first)
    assert seen(away)["lists"] == seen(reader)["lists"]
    for identity in (gone, binned):
        row = away.store.get(Library, identity)
        assert row is not None
        assert row.deleted
    assert away.store.get(Library, mine) is not None
    assert away.standing().light is Light.GREEN
    assert away.verify_receipt(online=False).holds
    state = {office: office.store.rows(Library, [edited])[0].state for office in (away, reader)}
    assert set(state.values()) == {RecordState.CONFLICT}
    assert any(item.sort == "conflict" and item.id == edited for item in away.store.review())


def test_what_the_ledger_knows_nothing_of_is_taken_away(
    away: Office, first: Office, reader: Office, wire: DirectWire
) -> None:
    """A row that was wrongly applied, as by a fault of an earlier version."""
    with writing(away._engine) as session:
        session.add(Library(id="e" * 32, scope="HN", name="Ma"))
        session.flush()
        away.store.exchanged(session, {("library", "e" * 32)})
    others_work(first, wire, away)
    exchange(away, wire)
    exchange(reader, wire)
    assert away.store.get(Library, "e" * 32) is None
    assert not away.store.ids(Library, Query(search="Ma"))
    assert records(away) == records(reader)


def test_without_pruning_it_would_haunt(
    away: Office, first: Office, reader: Office, wire: DirectWire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading.Loading, "_prune", lambda *_: set())
    with pytest.raises(AssertionError):
        test_what_the_ledger_knows_nothing_of_is_taken_away(away, first, reader, wire)


def test_what_was_numbered_before_the_answer_was_lost_is_not_sent_again(
    away: Office, first: Office, near_centre: Centre, wire: DirectWire
) -> None:
    mine = away.store.save(Library, a_library(name="Đã gửi rồi")).id
    with pytest.raises(LostAnswer):
        exchange(away, DirectWire(near_centre, drops=1))
    others_work(first, wire, away)
    away.store.save(Library, {"note": "thêm nữa"}, mine)
    exchange(away, wire)
    assert [entry.seq is None for entry in entries(away, record=mine)] == [False, False]
    with reading(near_centre.engine, "HN") as session:
        there = session.scalar(select(func.count()).select_from(Entry).where(Entry.record == mine))
    assert there == 2
    assert away.standing().light is Light.GREEN


def test_a_copy_whose_names_the_centre_gave_to_others_keeps_its_work(
    away: Office, enrolled: Opening, first: Office, reader: Office, near_centre: Centre,
    wire: DirectWire,
) -> None:  # fmt: skip
    """Two copies of one office wrote different records under the same ids."""
    twin = enrolled("twin")
    with away._reading() as session:
        own = session.get_one(Identity, 1)
    with writing(twin._engine) as session:
        copy = session.get_one(Identity, 1)
        for name in ("device", "secret", "incarnation", "counter", "exchange"):
            setattr(copy, name, getattr(own, name))
    away.store.save(Library, a_library(name="Của bản chính"))
    exchange(away, wire)
    twin.store.save(Library, a_library(name="Của bản sao"))
    others_work(first, wire, away)
    exchange(twin, wire)
    for office in (away, twin, reader):
        exchange(office, wire)
    names = [_titles(office) for office in (away, twin, reader)]
    assert names[0] == names[1] == names[2]
    assert {"Của bản chính", "Của bản sao"} <= set(names[0])
    assert twin.standing().light is Light.GREEN


def _titles(office: Office) -> list[str]:
    rows = office.store.rows(Library, office.store.ids(Library, Query()))
    return sorted(row.title for row in rows)
