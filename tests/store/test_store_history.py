"""The history of a record, and the way back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sync.problems import Problem
from sync.records.library import Library
from sync.records.member import Member
from sync.records.organisation_unit import OrganisationUnit
from sync.server.centre import Centre
from sync.server.embedded import settings_of
from tests.builders import (
    NOW,
    DirectWire,
    a_library,
    a_member,
    a_unit,
    exchange,
    join,
    poison,
)
from vla_desktop.office import Office
from vla_desktop.store.history import Line
from vla_desktop.store.rows import RecordState
from vla_desktop.store.store import Store

Opening = Callable[[str], Office]


@pytest.fixture
def store(open_office: Opening) -> Store:
    return open_office("a").store


@pytest.fixture
def wire(tmp_path: Path) -> Iterator[DirectWire]:
    centre = Centre(settings_of(tmp_path / "centre.db"))
    yield DirectWire(centre)
    centre.close()


def two(opening: Opening, wire: DirectWire) -> tuple[Office, Office, str]:
    """Two offices of a branch that both have the same library; and its id."""
    a, b = opening("a"), opening("b")
    for office in (a, b):
        join(office, wire.centre)
    library = a.store.save(Library, a_library()).id
    exchange(a, wire)
    exchange(b, wire)
    return a, b, library


def test_a_history_says_who_what_old_new_when_and_where(store: Store) -> None:
    library = store.save(Library, a_library()).id
    store.save(Library, {"name": "Thư viện huyện", "opened_on": None}, library)
    store.delete(Library, library)
    deleted, edited, created = store.history(Library, library)
    assert (deleted.action, deleted.lines) == ("delete", ())
    assert edited.lines == (Line("Tên thư viện", "Thư viện tỉnh", "Thư viện huyện"),)
    assert Line("Loại thư viện", "", "Thư viện công cộng") in created.lines
    assert (edited.author, edited.computer, edited.at) == ("a", "PC a", NOW)
    assert (edited.state, edited.seq, edited.is_withdrawn) == (RecordState.UNSENT, None, False)


def test_links_and_places_in_a_history_have_names(store: Store) -> None:
    unit = store.save(OrganisationUnit, a_unit()).id
    libraries = [store.save(Library, a_library(name=name)).id for name in ("Một", "Hai")]
    member = store.save(Member, a_member(unit=unit, workplace=libraries[0])).id
    store.save(Member, {"workplace": libraries[1]}, member)
    edited, created = store.history(Member, member)
    assert edited.lines == (Line("Nơi công tác", "Một", "Hai"),)
    assert any("Ba Đình" in line.new for line in created.lines)


def test_a_history_of_two_offices_is_in_the_order_of_the_ledger(
    open_office: Opening, wire: DirectWire
) -> None:
    a, b, library = two(open_office, wire)
    b.store.save(Library, {"note": "của b"}, library)
    exchange(b, wire)
    a.store.save(Library, {"note": "của a"}, library)
    exchange(a, wire)
    events = a.store.history(Library, library)
    assert [(e.author, e.computer, e.seq) for e in events] == [
        ("a", "PC a", 3), ("b", "PC b", 2), ("a", "PC a", 1),
    ]  # fmt: skip
    assert [e.state for e in events] == [
        RecordState.CONFLICT, RecordState.CONFIRMED, RecordState.CONFIRMED,
    ]  # fmt: skip


def test_each_save_can_be_taken_back(store: Store) -> None:
    assert store.undoable() is None
    assert store.undo() is None
    library = store.save(Library, a_library()).id
    store.save(Library, {"name": "Thư viện huyện"}, library)
    store.delete(Library, library)
    assert store.undoable() == "xóa thư viện “Thư viện huyện”"
    assert store.undo() == "Đã hoàn tác 1 mục."
    assert store.undoable() == "sửa thư viện “Thư viện huyện”"
    store.undo()
    row = store.get(Library, library)
    assert row is not None
    assert (row.title, row.deleted) == ("Thư viện tỉnh", False)
    assert store.undoable() == "thêm thư viện “Thư viện tỉnh”"
    store.undo()
    row = store.get(Library, library)
    assert row is not None
    assert row.deleted is True
    assert store.undoable() is None
    assert len(store.history(Library, library)) == 6, "nothing is erased"


def test_a_save_of_many_is_taken_back_at_once(store: Store) -> None:
    ids = [
        saved.id
        for saved in store.save_many((Library, a_library(name=f"{n}"), None) for n in range(3))
    ]
    assert store.undoable() == "thêm thư viện “2” và 2 mục khác"
    assert store.undo() == "Đã hoàn tác 3 mục."
    assert [row.deleted for row in store.rows(Library, ids)] == [True] * 3


def test_what_somebody_else_wrote_since_stays(open_office: Opening, wire: DirectWire) -> None:
    a, b, library = two(open_office, wire)
    a.store.save(Library, {"note": "một", "address": "Số 1"}, library)
    exchange(a, wire)
    exchange(b, wire)
    b.store.save(Library, {"note": "hai"}, library)
    exchange(b, wire)
    exchange(a, wire)
    assert a.store.undo() == ("Đã hoàn tác 1 mục. 1 ô đã có người sửa sau đó nên giữ nguyên.")
    row = a.store.get(Library, library)
    assert row is not None
    assert (row.values["note"], row.values["address"]) == ("hai", "")


def test_a_way_back_that_breaks_a_rule_is_refused_in_words(store: Store) -> None:
    unit = store.save(OrganisationUnit, a_unit()).id
    member = store.save(Member, a_member(unit=unit, card_no="HV-1")).id
    store.save(Member, {"card_no": "HV-2"}, member)
    other = store.save(Member, a_member(unit=unit, full_name="Lê Ba", card_no="HV-1")).id
    store._undo.drop()
    with pytest.raises(Problem) as refused:
        store.undo()
    assert refused.value.code == "undo"
    assert "HV-1" in refused.value.what
    row = store.get(Member, member)
    assert row is not None
    assert row.values["card_no"] == "HV-2"
    assert store.get(Member, other) is not None
    assert store.undoable() == "thêm hội viên “Nguyễn Thị Hòa”", "it is not offered again"


def test_a_restored_creation_can_be_thrown_away_again(
    open_office: Opening, wire: DirectWire
) -> None:
    a = open_office("a")
    join(a, wire.centre)
    library = a.store.save(Library, a_library()).id
    poison(a, library, {"type": ""})
    exchange(a, wire)
    a.store.delete(Library, library)
    a.store.restore(Library, library)
    a.store.undo()
    row = a.store.get(Library, library)
    assert row is not None
    assert row.deleted is True
