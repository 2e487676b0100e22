"""Writing: rules, then the record, then the change; or nothing at all."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sync.changes import Action, Setback
from sync.identity import counter_of, is_id, origin_of
from sync.problems import InvalidRecord
from sync.records.library import Library
from sync.records.member import Member
from sync.records.organisation_unit import OrganisationUnit
from sync.server.centre import Centre
from tests.builders import (
    DirectWire,
    a_library,
    a_member,
    a_unit,
    entries,
    everything,
    exchange,
    poison,
)
from vla_desktop.office import Office

Opening = Callable[[str], Office]


@pytest.fixture
def office(open_office: Opening) -> Office:
    return open_office("a")


def test_a_creation_carries_what_is_not_empty(office: Office) -> None:
    library = office.store.save(Library, a_library(ownership="")).id
    (entry,) = entries(office)
    assert (entry.action, entry.record, entry.kind) == ("create", library, "library")
    assert entry.values == {
        "name": "Thư viện tỉnh", "type": "public", "commune": "00004", "status": "open",
    }  # fmt: skip
    assert (entry.before, entry.base, entry.scope, entry.seq) == ({}, 0, "", None)
    assert (entry.author, entry.written_at) == ("a", "2026-05-04T08:00:00+00:00")


def test_an_edit_carries_what_changed_and_what_it_was(office: Office) -> None:
    library = office.store.save(Library, a_library()).id
    office.store.save(Library, {"name": " Thư viện  huyện ", "type": "public"}, library)
    entry = entries(office)[-1]
    assert entry.action == "edit"
    assert entry.values == {"name": "Thư viện huyện"}
    assert entry.before == {"name": "Thư viện tỉnh"}


def test_an_edit_that_changes_nothing_writes_nothing(office: Office) -> None:
    library = office.store.save(Library, a_library()).id
    before = everything(office)
    office.store.save(Library, {"name": "Thư viện  tỉnh "}, library)
    office.store.restore(Library, library)
    assert everything(office) == before


def test_a_broken_rule_writes_nothing(office: Office) -> None:
    library = office.store.save(Library, a_library()).id
    before = everything(office)
    for values, record in (({"name": ""}, library), (a_library(type=""), None)):
        with pytest.raises(InvalidRecord) as refused:
            office.store.save(Library, values, record)
        assert next(iter(refused.value.by_field.values())).startswith("Cần ghi")
        assert everything(office) == before


def test_what_is_not_there_cannot_be_written(office: Office) -> None:
    before = everything(office)
    with pytest.raises(LookupError):
        office.store.save(Library, {"name": "x"}, "f" * 32)
    with pytest.raises(LookupError):
        office.store.delete(Library, "f" * 32)
    with pytest.raises(KeyError):
        office.store.save(Library, {"no_such_field": "x"})
    assert everything(office) == before


def test_ids_come_from_one_counter_that_only_grows(office: Office) -> None:
    for number in range(3):
        office.store.save(Library, a_library(name=f"{number}"))
    with pytest.raises(InvalidRecord):
        office.store.save(Library, {})
    office.store.save(Library, a_library(name="3"))
    ids = [identity for entry in entries(office) for identity in (entry.record, entry.id)]
    assert all(is_id(identity) for identity in ids)
    assert [counter_of(identity) for identity in ids] == list(range(1, 9))
    assert len({origin_of(identity) for identity in ids}) == 1


def test_a_change_says_how_far_its_author_had_read(enrolled: Opening, near_centre: Centre) -> None:
    a = enrolled("a")
    library = a.store.save(Library, a_library()).id
    exchange(a, DirectWire(near_centre))
    a.store.save(Library, {"name": "Khác"}, library)
    assert [(entry.base, entry.scope) for entry in entries(a)] == [(0, "HN"), (1, "HN")]


def test_mending_takes_back_what_was_refused_and_sends_it_anew(
    enrolled: Opening, near_centre: Centre
) -> None:
    a = enrolled("a")
    unit = a.store.save(OrganisationUnit, a_unit()).id
    member = a.store.save(Member, a_member(unit=unit)).id
    exchange(a, DirectWire(near_centre))
    a.store.save(Member, {"phone": "0100 1", "note": "hai"}, member)
    poison(a, member, {"phone": "x" * 99})
    exchange(a, DirectWire(near_centre))
    a.store.save(Member, {"address": "Số 2"}, member)
    refused, anew = entries(a)[-2:]
    assert refused.setback == Setback.WITHDRAWN
    assert anew.action == Action.EDIT
    assert anew.values == {"phone": "0100 1", "note": "hai", "address": "Số 2"}
    assert exchange(a, DirectWire(near_centre)).accepted == 1


def test_mending_sends_anew_what_only_a_newer_version_knows(
    enrolled: Opening, near_centre: Centre
) -> None:
    a = enrolled("a")
    library = a.store.save(Library, a_library()).id
    exchange(a, DirectWire(near_centre))
    a.store.save(Library, {"note": "một"}, library)
    poison(a, library, {"phone": "x" * 999, "of_a_later_version": "mới"})
    exchange(a, DirectWire(near_centre))
    a.store.save(Library, {"note": "hai"}, library)
    assert entries(a)[-1].values == {"note": "hai", "phone": "", "of_a_later_version": "mới"}
    assert exchange(a, DirectWire(near_centre)).accepted == 1


@pytest.mark.parametrize("way", ["restore", "edit"])
def test_what_only_a_newer_version_knows_survives_the_bin(
    enrolled: Opening, near_centre: Centre, way: str
) -> None:
    a = enrolled("a")
    library = a.store.save(Library, a_library()).id
    poison(a, library, {"phone": "x" * 999, "of_a_later_version": "mới"})
    exchange(a, DirectWire(near_centre))
    a.store.delete(Library, library)
    if way == "edit":
        a.store.save(Library, {"phone": "0100 1"}, library)
    else:
        a.store.restore(Library, library)
    anew = entries(a)[-1]
    assert (anew.action, anew.values["of_a_later_version"]) == ("create", "mới")
    assert exchange(a, DirectWire(near_centre)).accepted == 1


def test_saving_again_without_a_change_sends_what_was_refused_again(
    enrolled: Opening, near_centre: Centre
) -> None:
    a = enrolled("a")
    library = a.store.save(Library, a_library()).id
    poison(a, library, {"type": ""})
    exchange(a, DirectWire(near_centre))
    a.store.save(Library, {}, library)
    assert exchange(a, DirectWire(near_centre)).accepted == 1
    assert [(e.action, e.seq) for e in entries(a)] == [("create", None), ("create", 1)]


def test_a_refused_creation_that_is_thrown_away_leaves_nothing_waiting(
    enrolled: Opening, near_centre: Centre
) -> None:
    """Nobody needs to hear of a record that never arrived and is not wanted any more."""
    a = enrolled("a")
    library = a.store.save(Library, a_library()).id
    poison(a, library, {"type": ""})
    exchange(a, DirectWire(near_centre))
    a.store.delete(Library, library)
    exchange(a, DirectWire(near_centre))
    assert a.store.review() == []
    assert a.standing().pending == 0
    a.store.restore(Library, library)
    assert exchange(a, DirectWire(near_centre)).accepted == 1
    row = a.store.get(Library, library)
    assert row is not None
    assert row.deleted is False
