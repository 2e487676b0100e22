"""The office's end of the exchange, against a centre in the same process."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from sync.changes import Action, Setback
from sync.client import batches
from sync.client.batches import Batch
from sync.problems import Problem
from sync.records.library import Library
from sync.records.member import Member
from sync.records.organisation_unit import OrganisationUnit
from sync.server import ledger
from sync.server.centre import Centre
from tests.builders import (
    DirectWire,
    LostAnswer,
    a_library,
    a_member,
    a_unit,
    entries,
    everything,
    exchange,
    join,
    poison,
)
from vla_desktop.office import Office
from vla_desktop.store.rows import Query
from vla_desktop.store.standing import Light

Opening = Callable[[str], Office]


@pytest.fixture
def wire(near_centre: Centre) -> DirectWire:
    return DirectWire(near_centre)


def names(office: Office) -> list[str]:
    return [row.title for row in office.store.rows(Library, office.store.ids(Library, Query()))]


def test_a_lost_answer_doubles_nothing(
    enrolled: Opening, near_centre: Centre, wire: DirectWire
) -> None:
    a, b = enrolled("a"), enrolled("b")
    a.store.save(Library, a_library())
    with pytest.raises(LostAnswer):
        exchange(a, DirectWire(near_centre, drops=1))
    assert [entry.seq for entry in entries(a)] == [None]
    outcome = exchange(a, wire)
    assert (outcome.sent, outcome.accepted, outcome.received) == (1, 1, 0)
    assert [entry.seq for entry in entries(a)] == [1]
    assert exchange(b, wire).received == 1
    assert names(b) == ["Thư viện tỉnh"]


def test_an_exchange_without_news_is_one_request_and_changes_no_record(
    enrolled: Opening, wire: DirectWire
) -> None:
    a = enrolled("a")
    a.store.save(Library, a_library())
    exchange(a, wire)
    before = everything(a)
    outcome = exchange(a, DirectWire(wire.centre))
    after = everything(a)
    assert (outcome.requests, outcome.sent, outcome.received) == (1, 0, 0)
    assert len(after.pop("receipt")) == len(before.pop("receipt")) + 1
    assert after == before


@pytest.mark.parametrize("at_once", [1, 1000])
def test_an_older_edit_that_waited_does_not_overwrite_a_newer_one(
    at_once: int, enrolled: Opening, wire: DirectWire, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first choice waits for a library that the centre refuses; the clerk then chose again."""
    for bound in ("FIRST_CHANGES", "MOST_CHANGES"):
        monkeypatch.setattr(batches, bound, at_once)
    a = enrolled("a")
    unit = a.store.save(OrganisationUnit, a_unit()).id
    good = a.store.save(Library, a_library(name="Thư viện tốt")).id
    member = a.store.save(Member, a_member(unit=unit)).id
    exchange(a, wire)
    bad = a.store.save(Library, a_library(name="Thư viện lỗi")).id
    poison(a, bad, {"type": ""})
    a.store.save(Member, {"workplace": bad}, member)
    a.store.save(Member, {"workplace": good}, member)
    exchange(a, wire)
    a.store.save(Library, {"type": "public"}, bad)
    for _ in range(3):
        exchange(a, wire)
    row = a.store.get(Member, member)
    assert row is not None
    assert row.values["workplace"] == good


def test_a_repaired_record_goes_in_the_same_exchange_as_those_that_waited_for_it(
    enrolled: Opening, wire: DirectWire
) -> None:
    a = enrolled("a")
    library = a.store.save(Library, a_library()).id
    poison(a, library, {"type": ""})
    unit = a.store.save(OrganisationUnit, a_unit()).id
    a.store.save(Member, a_member(unit=unit, workplace=library))
    first = exchange(a, wire)
    assert (first.accepted, first.waiting, first.rejected) == (1, 1, 1)
    a.store.save(Library, {"name": "Thư viện huyện"}, library)
    second = exchange(a, wire)
    assert (second.accepted, second.waiting, second.rejected) == (2, 0, 0)
    assert a.standing().light is Light.GREEN


def test_a_record_refused_then_binned_then_mended_is_binned_everywhere(
    enrolled: Opening, wire: DirectWire
) -> None:
    a, b = enrolled("a"), enrolled("b")
    library = a.store.save(Library, a_library()).id
    poison(a, library, {"type": ""})
    exchange(a, wire)
    a.store.delete(Library, library)
    a.store.save(Library, {"name": "Thư viện huyện"}, library)
    exchange(a, wire)
    exchange(b, wire)
    rows = [office.store.get(Library, library) for office in (a, b)]
    assert [row is not None and row.deleted for row in rows] == [True, True]


def copied(office: Office, opening: Opening, tmp_path: Path, name: str) -> Office:
    """The same office once more, as when its folder was copied or restored from a backup."""
    office.close()
    shutil.copytree(office.home, tmp_path / name)
    return opening(name)


def test_an_office_that_was_copied_and_used_twice_loses_nothing(
    enrolled: Opening, open_office: Opening, tmp_path: Path, wire: DirectWire
) -> None:
    first = enrolled("first")
    first.store.save(Library, a_library(name="Chung"))
    exchange(first, wire)
    twin = copied(first, open_office, tmp_path, "twin")
    first = open_office("first")
    for office, name in ((first, "Của máy đầu"), (twin, "Của bản sao")):
        library = office.store.save(Library, a_library(name=name)).id
        office.store.save(Library, {"phone": f"0100 {len(name)}"}, library)
    assert len({e.id for o in (first, twin) for e in entries(o)}) < 6, "they must collide"
    exchange(first, wire)
    exchange(twin, wire)
    exchange(first, wire)
    exchange(twin, wire)
    for office in (first, twin):
        assert sorted(names(office)) == ["Chung", "Của bản sao", "Của máy đầu"]
        ids = office.store.ids(Library, Query())
        phones = {r.title: r.shown["phone"] for r in office.store.rows(Library, ids)}
        assert phones == {"Chung": "", "Của bản sao": "0100 11", "Của máy đầu": "0100 11"}
        assert office.standing().light is Light.GREEN
        assert office.verify_receipt(online=False).holds
    assert first.digests() == twin.digests()


def test_a_copy_that_tried_more_often_than_the_original_is_recognised_too(
    enrolled: Opening, open_office: Opening, tmp_path: Path, near_centre: Centre, wire: DirectWire
) -> None:
    """Its request numbers are above those the centre has seen."""
    first = enrolled("first")
    exchange(first, wire)
    twin = copied(first, open_office, tmp_path, "twin")
    first = open_office("first")
    first.store.save(Library, a_library(name="Của máy đầu"))
    exchange(first, wire)
    for _ in range(5):
        twin._client()._compose(Batch())
    twin.store.save(Library, a_library(name="Của bản sao"))
    exchange(twin, wire)
    exchange(first, wire)
    exchange(twin, wire)
    for office in (first, twin):
        assert sorted(names(office)) == ["Của bản sao", "Của máy đầu"]
        assert office.standing().light is Light.GREEN


def test_what_the_centre_took_before_a_copy_was_restored_is_not_doubled(
    enrolled: Opening, open_office: Opening, tmp_path: Path, near_centre: Centre, wire: DirectWire
) -> None:
    first = enrolled("first")
    first.store.save(Library, a_library(name="Đã tới nơi"))
    twin = copied(first, open_office, tmp_path, "twin")
    first = open_office("first")
    exchange(first, wire)
    first.close()
    exchange(twin, wire)
    assert names(twin) == ["Đã tới nơi"]
    assert [entry.seq for entry in entries(twin)] == [1]


def test_a_copied_office_keeps_its_links_to_what_it_renames(
    enrolled: Opening, open_office: Opening, tmp_path: Path, wire: DirectWire
) -> None:
    first = enrolled("first")
    unit = first.store.save(OrganisationUnit, a_unit()).id
    exchange(first, wire)
    twin = copied(first, open_office, tmp_path, "twin")
    first = open_office("first")
    for office, name in ((first, "Của máy đầu"), (twin, "Của bản sao")):
        library = office.store.save(Library, a_library(name=name)).id
        office.store.save(Member, a_member(unit=unit, workplace=library, full_name=f"Lê {name}"))
    for office in (first, twin, first, twin):
        exchange(office, wire)
    for office in (first, twin):
        rows = office.store.rows(Member, office.store.ids(Member, Query()))
        assert {row.title: row.shown["workplace"] for row in rows} == {
            "Lê Của máy đầu": "Của máy đầu",
            "Lê Của bản sao": "Của bản sao",
        }


def test_a_change_too_long_for_the_wire_is_refused_and_the_rest_goes_through(
    enrolled: Opening, wire: DirectWire
) -> None:
    a = enrolled("a")
    long = a.store.save(Library, a_library(name="Dài")).id
    poison(a, long, {"of_a_later_version": "x" * 60_000, "of_another": "x" * 60_000})
    a.store.save(Library, a_library(name="Ngắn"))
    outcome = exchange(a, wire)
    assert (outcome.accepted, outcome.rejected) == (1, 1)


def test_many_long_and_equal_texts_fit_the_bounds_of_the_wire(
    enrolled: Opening, wire: DirectWire
) -> None:
    a, b = enrolled("a"), enrolled("b")
    library = a_library(note="ghi chú giống nhau " * 200)
    a.store.save_many((Library, library, None) for _ in range(600))
    assert exchange(a, wire).accepted == 600
    assert exchange(b, wire).received == 600


def test_a_name_longer_than_the_wire_allows_does_not_stop_the_exchange(
    open_office: Opening, near_centre: Centre, wire: DirectWire
) -> None:
    a = open_office("a")
    a.change_settings(replace(a.settings, author="Hòa " * 60, computer="máy " * 60))
    join(a, near_centre)
    a.store.save(Library, a_library())
    assert exchange(a, wire).accepted == 1


@pytest.mark.parametrize("setback", [Setback.WAITING, Setback.REFUSED])
def test_what_has_a_setback_keeps_its_value_when_others_write(
    setback: Setback, enrolled: Opening, wire: DirectWire
) -> None:
    a, b = enrolled("a"), enrolled("b")
    unit = a.store.save(OrganisationUnit, a_unit()).id
    member = a.store.save(Member, a_member(unit=unit)).id
    exchange(a, wire)
    exchange(b, wire)
    a.store.save(Member, {"note": "của a", "status": "paused"}, member)
    poison(a, member, {"status": ""} if setback is Setback.REFUSED else {"workplace": "f" * 32})
    b.store.save(Member, {"note": "của b", "phone": "0100 1"}, member)
    exchange(b, wire)
    exchange(a, wire)
    row = a.store.get(Member, member)
    assert row is not None
    assert (row.values["note"], row.values["phone"]) == ("của a", "0100 1")
    assert [e.setback for e in entries(a, seq=None)] == [setback]
    assert {item.sort for item in a.store.review()} == {setback.value}


def test_undoing_the_mending_of_a_refused_record_does_not_bin_it(
    enrolled: Opening, wire: DirectWire
) -> None:
    a = enrolled("a")
    library = a.store.save(Library, a_library(name="Cũ")).id
    poison(a, library, {"type": ""})
    exchange(a, wire)
    a.store.save(Library, {"name": "Mới"}, library)
    assert entries(a)[-1].action == Action.CREATE
    assert a.store.undo() is not None
    row = a.store.get(Library, library)
    assert row is not None
    assert (row.deleted, row.title) == (False, "Cũ")


def test_what_does_not_fit_one_request_goes_with_the_next(
    enrolled: Opening, near_centre: Centre, wire: DirectWire, monkeypatch: pytest.MonkeyPatch
) -> None:
    for bound in ("FIRST_CHANGES", "MOST_CHANGES"):
        monkeypatch.setattr(batches, bound, 2)
    monkeypatch.setattr(ledger, "PAGE_BYTES", 300)
    a, b = enrolled("a"), enrolled("b")
    a.store.save_many((Library, a_library(name=f"{n}"), None) for n in range(7))
    sent = exchange(a, wire)
    assert (sent.requests, sent.accepted) == (4, 7)
    received = exchange(b, DirectWire(near_centre))
    assert (received.received, received.requests > 3) == (7, True)
    assert a.digests() == b.digests()


def test_a_long_exchange_that_breaks_off_goes_on_where_it_was(
    enrolled: Opening, near_centre: Centre, wire: DirectWire, monkeypatch: pytest.MonkeyPatch
) -> None:
    for bound in ("FIRST_CHANGES", "MOST_CHANGES"):
        monkeypatch.setattr(batches, bound, 2)
    a = enrolled("a")
    a.store.save_many((Library, a_library(name=f"{n}"), None) for n in range(7))
    for _ in range(4):
        with pytest.raises(LostAnswer):
            exchange(a, DirectWire(near_centre, drops=1))
    assert exchange(a, wire).accepted == 7
    assert [entry.seq for entry in entries(a)] == [1, 2, 3, 4, 5, 6, 7]


def test_an_exchange_is_not_possible_before_enrolment(
    open_office: Opening, wire: DirectWire
) -> None:
    with pytest.raises(Problem) as no:
        exchange(open_office("a"), wire)
    assert no.value.code == "sync.not_enrolled"
    assert wire.requests == 0
