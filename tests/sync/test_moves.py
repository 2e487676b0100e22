"""A record that goes to another branch is one record, in one place, and nothing of it is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import select

from sync.changes import Action, Entry
from sync.meetings import MEETINGS, Deed, Place
from sync.problems import Problem
from sync.records.library import Library
from sync.records.member import Member
from sync.records.organisation_unit import OrganisationUnit
from sync.server import moving
from sync.server.centre import Centre
from sync.server.database import reading
from sync.server.isolation import EVERYWHERE, enter
from sync.server.settings import Settings
from tests.builders import (
    NOW,
    TODAY,
    DirectWire,
    LostAnswer,
    a_library,
    a_member,
    a_unit,
    entries,
    exchange,
    join,
)
from tests.sync.meeting_desk import Desk
from tests.sync.test_meetings import found_branches, meet, rounds
from vla_desktop.office import Office
from vla_desktop.store.store import Query

ARRIVALS = [pair for pair in MEETINGS if Deed.MOVE in pair]


@pytest.fixture
def three(
    database_url: str, open_office: Callable[[str], Office]
) -> Iterator[tuple[Desk, Desk, Desk]]:
    """Two offices of HN and one of HUE, at a centre on SQLite and on PostgreSQL."""
    centre = Centre(Settings(database=database_url), lambda: NOW)
    found_branches(centre, "DN")
    desks: list[Desk] = []
    for name, branch in (("một", "HN"), ("hai", "HN"), ("ba", "HUE")):
        office = open_office(name)
        join(office, centre, branch)
        unit = office.store.save(OrganisationUnit, a_unit()).id if name != "hai" else ""
        unit = unit or desks[0].unit
        desks.append(Desk(office, centre, unit, "HN" if branch == "HUE" else "HUE"))
    desks[1].target = "DN"
    rounds(*desks, *desks)
    yield desks[0], desks[1], desks[2]
    centre.close()


def worker(desk: Desk, name: str = "An") -> tuple[str, str]:
    """A member who works in a library; gives both ids."""
    library = desk.office.store.save(Library, a_library(name="Thư viện Ba Đình")).id
    values = a_member(full_name=name, unit=desk.unit, workplace=library, note="cũ")
    member = desk.office.store.save(Member, values).id
    desk.sync()
    return member, library


def values(desk: Desk, record: str) -> dict[str, object]:
    row = desk.office.store.get(Member, record)
    assert row is not None
    return dict(row.values)


def counted(desk: Desk) -> int | None:
    """How many members the branch has by its own figures."""
    found = {figure.code: figure.value for figure in desk.office.figures(TODAY)}
    return None if found["M0"] is None else int(found["M0"])


def test_the_whole_record_arrives_once_under_its_id(three: tuple[Desk, Desk, Desk]) -> None:
    here, other, there = three
    member, _library = worker(here)
    here.office.store.move(Member, member, "HUE")
    assert here.place(member) is Place.ELSEWHERE
    rounds(here, other, there)

    assert (counted(here), counted(other), counted(there)) == (0, 0, 1)
    assert here.office.store.count(Member, Query()) == 0
    assert here.office.store.count(Member, Query(moved=True)) == 1
    assert there.office.store.ids(Member, Query()) == [member]
    arrived, sent = values(there, member), values(here, member)
    assert arrived == {**sent, "unit": "", "workplace": ""}
    assert [e.action for e in there.office.store.history(Member, member)] == ["arrive"]
    with pytest.raises(Problem):
        here.office.store.save(Member, {"note": "muộn"}, member)


def test_the_new_branch_sees_the_titles_of_what_stayed_and_nothing_else(
    three: tuple[Desk, Desk, Desk],
) -> None:
    here, _other, there = three
    member, _library = worker(here)
    here.office.store.move(Member, member, "HUE")
    rounds(here, there)

    left = {item.field: item.sentence for item in there.lines("An")}
    assert set(left) == {"unit", "workplace"}
    assert "Thư viện Ba Đình" in left["workplace"]
    assert {e.record for e in entries(there.office)} == {there.unit, member}
    assert there.office.store.ids(Library, Query()) == []
    there.office.store.save(Member, {"unit": there.unit, "outside_reason": "nghỉ"}, member)
    there.press("An", 0)
    assert there.sorts("An") == []


def test_a_lost_answer_and_a_replay_bring_no_second_arrival(
    three: tuple[Desk, Desk, Desk],
) -> None:
    here, _other, there = three
    member, _library = worker(here)
    here.office.store.move(Member, member, "HUE")
    with pytest.raises(LostAnswer):
        exchange(here.office, DirectWire(here.centre, drops=1))
    rounds(here, there, here, there)
    assert len(entries(there.office, record=member)) == 1
    assert here.place(member) is Place.ELSEWHERE


def test_what_was_typed_before_the_move_was_seen_follows_the_record(
    three: tuple[Desk, Desk, Desk],
) -> None:
    here, other, there = three
    member, _library = worker(here)
    rounds(other)
    here.office.store.move(Member, member, "HUE")
    other.office.store.save(Member, {"note": "muộn", "phone": "0100 1"}, member)
    rounds(here, there)
    there.office.store.save(Member, {"note": "mới", "unit": there.unit}, member)
    rounds(there, other, there)

    assert values(there, member)["phone"] == "0100 1"
    assert values(there, member)["note"] == "muộn", "the later in the ledger stands"
    assert [i.field for i in there.lines("An") if i.sort == "conflict"] == ["note"]
    assert other.office.standing().refused == 0
    rounds(here, other)
    assert here.office.digests() == other.office.digests()


def test_a_record_can_come_back_and_is_edited_as_before(three: tuple[Desk, Desk, Desk]) -> None:
    here, other, there = three
    member, library = worker(here)
    here.office.store.move(Member, member, "HUE")
    rounds(here, there)
    there.office.store.save(Member, {"unit": there.unit, "note": "ở Huế"}, member)
    there.office.store.move(Member, member, "HN")
    rounds(there, here, other, there)

    assert there.place(member) is Place.ELSEWHERE
    for desk in (here, other):
        assert desk.place(member) is Place.HERE
        assert values(desk, member)["note"] == "ở Huế"
        assert values(desk, member)["unit"] == ""
    assert library
    other.office.store.save(Member, {"unit": here.unit, "outside_reason": "nghỉ"}, member)
    here.office.store.move(Member, member, "HUE")
    rounds(other, here, there, here, other)
    assert [desk.place(member) for desk in three] == [
        Place.ELSEWHERE, Place.ELSEWHERE, Place.HERE,
    ]  # fmt: skip
    with reading(here.centre.engine) as session:
        enter(session, EVERYWHERE)
        rows = session.scalars(select(Member.scope).where(Member.id == member)).all()
        told = session.scalars(select(Entry.action).where(Entry.record == member)).all()
    assert rows == ["HUE"]
    assert [told.count(each.value) for each in (Action.MOVE, Action.ARRIVE)] == [3, 3]


def test_the_new_branch_is_told_what_the_table_says(three: tuple[Desk, Desk, Desk]) -> None:
    here, other, there = three
    for pair in ARRIVALS:
        other.target = "HUE" if pair[0] is not Deed.MOVE else "DN"
        name = " ".join(pair)
        record = meet(pair, name, here, other)
        there.sync()
        told = {item.sort for item in there.lines(name)} - {"left"}
        assert told == ({MEETINGS[pair].there} if MEETINGS[pair].there else set()), name
        assert there.place(record) is Place.HERE, name


def test_a_move_to_nowhere_never_happened(three: tuple[Desk, Desk, Desk]) -> None:
    here, _other, _there = three
    member, _library = worker(here)
    here.office.store.move(Member, member, "NOWHERE")
    here.sync()
    assert here.place(member) is Place.HERE
    assert here.sorts("An") == ["refused"]
    here.press("An", 0)
    assert here.sorts("An") == []
    here.office.store.save(Member, {"note": "ở lại"}, member)
    here.sync()
    assert here.office.standing().pending == 0


def test_a_move_without_its_arrival_would_be_caught(
    three: tuple[Desk, Desk, Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    here, _other, there = three
    monkeypatch.setattr(moving, "consequences", lambda *_given: ())
    member, _library = worker(here)
    here.office.store.move(Member, member, "HUE")
    rounds(here, there)
    assert there.office.store.ids(Member, Query()) != [member]
