"""What the association keeps is written at the centre alone, and stands in every office."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from sync import editing
from sync.changes import ASSOCIATION, Entry
from sync.problems import InvalidRecord, Problem
from sync.records.base import Keeper
from sync.records.criteria_set import CriteriaSet
from sync.records.criterion import Criterion
from sync.records.library import Library
from sync.records.target import Target
from sync.records.task import Task
from sync.records.term import Term
from sync.records.types import Value
from sync.server import judging
from sync.server.centre import Centre, new_epoch
from sync.server.database import reading
from sync.server.embedded import EmbeddedCentre
from tests.builders import DirectWire, a_library, entries, exchange
from tests.sync.pc import Pc
from vla_desktop.office import Office
from vla_desktop.store.rows import Query, RecordState

TERM: dict[str, Value] = {"name": "Khóa thử", "number": 9, "starts_on": dt.date(2026, 1, 1)}
ON_THE_WIRE: dict[str, Any] = {"name": "Khóa thử", "number": 9, "starts_on": "2026-01-01"}
SET: dict[str, Value] = {
    "subject": "ethics", "version": "2026", "begins_on": dt.date(2026, 1, 1),
}  # fmt: skip
Enrolled = Callable[[str], Office]


def said(centre: Centre) -> list[Entry]:
    with reading(centre.engine, ASSOCIATION) as session:
        query = select(Entry).where(Entry.scope == ASSOCIATION).order_by(Entry.seq)
        return list(session.scalars(query))


def test_every_office_receives_it_with_its_history(near_centre: Centre, enrolled: Enrolled) -> None:
    early, wire = enrolled("early"), DirectWire(near_centre)
    exchange(early, wire)
    term = near_centre.write(Term, TERM)
    near_centre.write(Term, {"note": "Sửa"}, term)
    late = enrolled("late")
    for office in (early, late):
        exchange(office, wire)
        row = office.store.get(Term, term)
        assert row is not None
        assert (row.values["name"], row.values["note"]) == ("Khóa thử", "Sửa")
        assert row.state is RecordState.CONFIRMED
        assert row.moved_to == ""
        seen = office.store.history(Term, term)
        assert [(event.action, event.author) for event in seen] == [
            ("edit", "Trung ương"), ("create", "Trung ương"),
        ]  # fmt: skip
        assert seen[0].computer == "Trung ương"
    assert early.digests()[ASSOCIATION] == late.digests()[ASSOCIATION]
    assert early.digests()[ASSOCIATION][0] == 2


def test_changes_are_numbered_without_gaps_and_bear_names_of_their_own(
    either_centre: EmbeddedCentre,
) -> None:
    centre = either_centre.centre
    with centre.desk("Văn phòng Hội") as desk:
        term = desk.write(Term, TERM).record
        task = desk.write(Task, {"term": term, "number": 1, "title": "Một"}).record
        desk.write(Target, {"task": task, "indicator": "I2", "value": "50 %"})
        assert desk.delete(Task, task).change is not None
        assert desk.restore(Task, task).change is not None
        assert desk.restore(Task, task).change is None
        assert desk.write(Term, {"number": 9}, term).change is None
    found = said(centre)
    assert [entry.seq for entry in found] == [1, 2, 3, 4, 5]
    assert [entry.base for entry in found] == [0, 1, 2, 3, 4]
    assert {entry.author for entry in found} == {"Văn phòng Hội"}
    names = {entry.id for entry in found} | {entry.record for entry in found}
    assert len(names) == 5 + 3
    pc = Pc(either_centre.url)
    pc.enrol(either_centre.invite("hn"))
    assert [len(page.items) for page in pc.sync().pages if page.scope == ASSOCIATION] == [5]


def test_nothing_stands_when_one_of_several_may_not(near_centre: Centre) -> None:
    def write_two() -> None:
        with near_centre.desk() as desk:
            desk.write(Term, TERM)
            desk.write(Term, {**TERM, "starts_on": None})

    with pytest.raises(InvalidRecord) as fault:
        write_two()
    assert set(fault.value.by_field) == {"starts_on", "number"}
    assert said(near_centre) == []


def test_a_restored_centre_gives_no_name_twice(near_centre: Centre) -> None:
    near_centre.write(Term, TERM)
    new_epoch(near_centre.engine)
    near_centre.write(Term, {**TERM, "number": 10})
    first, second = (entry.id for entry in said(near_centre))
    assert first[:12] == second[:12]
    assert first[12:20] != second[12:20]


def test_links_stay_within_the_association(near_centre: Centre, enrolled: Enrolled) -> None:
    office = enrolled("a")
    own = office.store.save(CriteriaSet, SET).id
    exchange(office, DirectWire(near_centre))
    # The branch's own set does not stand in the way of the association's.
    near_centre.write(CriteriaSet, SET)
    with pytest.raises(InvalidRecord) as fault:
        near_centre.write(Criterion, {"criteria_set": own, "position": 1, "name": "Sạch"})
    assert set(fault.value.by_field) == {"criteria_set"}


@pytest.mark.parametrize(("kind", "code"), [(Library, "record.kept"), (Term, "record.unknown")])
def test_the_centre_writes_only_what_is_its_own(
    near_centre: Centre, enrolled: Enrolled, kind: Any, code: str
) -> None:
    office = enrolled("a")
    library = office.store.save(Library, a_library()).id
    exchange(office, DirectWire(near_centre))
    with pytest.raises(Problem) as problem:
        near_centre.write(kind, {"name": "Khác"}, library)
    assert problem.value.code == code


def test_an_office_may_read_it_and_not_write_it(near_centre: Centre, enrolled: Enrolled) -> None:
    office = enrolled("a")
    term = near_centre.write(Term, TERM)
    issued = near_centre.write(CriteriaSet, SET)
    exchange(office, DirectWire(near_centre))
    store = office.store
    for attempt in (
        lambda: store.save(Term, {**TERM, "number": 10}),
        lambda: store.save(Term, {"note": "Khác"}, term),
        lambda: store.delete(Term, term),
        lambda: store.move(Term, term, "hue"),
        lambda: store.save(CriteriaSet, {"note": "Khác"}, issued),
    ):
        with pytest.raises(Problem) as problem:
            attempt()
        assert problem.value.code == "issued"
    assert office.pending() == []
    own: dict[str, Value] = {"criteria_set": issued, "position": 1, "name": "Riêng của chi hội"}
    store.save(Criterion, own)
    exchange(office, DirectWire(near_centre))
    assert office.pending() == []


def forgetful(monkeypatch: pytest.MonkeyPatch) -> None:
    """The office does not ask who keeps a kind."""
    monkeypatch.setattr(Term, "keeper", Keeper.BRANCH)


def test_a_branch_that_writes_it_all_the_same_is_refused(
    either_centre: EmbeddedCentre, monkeypatch: pytest.MonkeyPatch
) -> None:
    pc = Pc(either_centre.url)
    pc.enrol(either_centre.invite("hn"))
    term = either_centre.centre.write(Term, TERM)
    as_its_own = pc.change("term", ON_THE_WIRE)
    for_all = replace(pc.change("term", ON_THE_WIRE), scope=ASSOCIATION)
    edit = pc.change("term", {"note": "Khác"}, record=term, action="edit")
    refused = pc.sync(as_its_own, for_all, edit).setbacks
    assert [verdict.code for verdict in refused] == ["scope", "scope", "scope"]
    # Were the centre as forgetful, it would be seen here.
    forgetful(monkeypatch)
    assert pc.sync(pc.change("term", ON_THE_WIRE)).setbacks == []


def test_what_a_forgetful_office_wrote_is_listed_as_refused(
    near_centre: Centre, enrolled: Enrolled, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = enrolled("a")
    with monkeypatch.context() as patched:
        forgetful(patched)
        term = office.store.save(Term, TERM).id
    exchange(office, DirectWire(near_centre))
    [entry] = entries(office, record=term)
    assert entry.setback == "refused"
    assert "Chỉ Trung ương ban hành được mục này." in entry.reason
    assert office.store.count(Term, Query()) == 1


def test_a_ledger_that_believed_the_branch_would_be_seen(
    near_centre: Centre, enrolled: Enrolled, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted fault of the test above, at the other end."""
    office = enrolled("a")
    monkeypatch.setattr(judging, "_is_issued", lambda _change: False)
    with monkeypatch.context() as patched:
        patched.setattr(editing, "Keeper", type("Blind", (), {"CENTRE": None}))
        office.store.save(Term, TERM)
    exchange(office, DirectWire(near_centre))
    assert office.pending() == []
