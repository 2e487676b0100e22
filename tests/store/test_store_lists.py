"""Finding, sorting and filtering, and how many questions a page costs."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Callable

import pytest
from sqlalchemy import event, text

from sync.changes import Setback
from sync.records.library import Library
from sync.records.member import Member
from sync.records.organisation_unit import OrganisationUnit
from sync.records.types import Value
from sync.vietnamese import text_key
from tests.builders import NOW, a_library, a_member, a_unit, entries
from vla_desktop.office import Office
from vla_desktop.store.database import writing
from vla_desktop.store.rows import Query, RecordState
from vla_desktop.store.store import Hand, Store

NAMES = (
    "Nguyễn Thị Hòa", "Nguyễn Thị Hoa", "Lê Văn Hóa", "Trần Đình Đức", "Trần Dinh Dực",
    "Phạm Ân", "Phạm An", "Đỗ Thị Ánh", "Vũ Ẩn",
)  # fmt: skip


@pytest.fixture
def office(open_office: Callable[[str], Office]) -> Office:
    """An office with some members, whose names differ by marks."""
    office = open_office("a")
    unit = office.store.save(OrganisationUnit, a_unit()).id
    for number, name in enumerate(NAMES):
        office.store.save(
            Member,
            a_member(
                unit=unit, full_name=name, phone=f"0100 555 {number:03}", card_no=f"HV-{number}"
            ),
        )
    return office


def titles(office: Office, query: Query) -> list[str]:
    return [row.title for row in office.store.rows(Member, office.store.ids(Member, query))]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("hoa", {"Nguyễn Thị Hoa", "Nguyễn Thị Hòa", "Lê Văn Hóa"}),
        ("HOA nguyen", {"Nguyễn Thị Hoa", "Nguyễn Thị Hòa"}),
        ("duc", {"Trần Đình Đức", "Trần Dinh Dực"}),
        ("đình", {"Trần Đình Đức", "Trần Dinh Dực"}),
        ("ngu ho", {"Nguyễn Thị Hoa", "Nguyễn Thị Hòa"}),
        ("oa", set()),
        ("HV-3", {"Trần Đình Đức"}),
        ("hv 3", {"Trần Đình Đức"}),
        ("5003", {"Trần Đình Đức"}),
        ("100555003", {"Trần Đình Đức"}),
        ('"', set(NAMES)),
        ("' OR 1=1 --", set()),
        ("* NEAR(a b)", set()),
        ("   ", set(NAMES)),
    ],
)
def test_search_ignores_marks_case_and_order(typed: str, found: set[str], office: Office) -> None:
    assert set(titles(office, Query(search=typed))) == found
    assert office.store.count(Member, Query(search=typed)) == len(found)


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("Hòa", "Nguyễn Thị Hòa"),
        (unicodedata.normalize("NFD", "Hòa"), "Nguyễn Thị Hòa"),
        ("Hoà", "Nguyễn Thị Hòa"),
        ("hóa", "Lê Văn Hóa"),
        ("hoá", "Lê Văn Hóa"),
        ("dực", "Trần Dinh Dực"),
        ("đức", "Trần Đình Đức"),
        ("ẩn", "Vũ Ẩn"),
    ],
)
def test_who_types_marks_sees_those_first(typed: str, first: str, office: Office) -> None:
    assert titles(office, Query(search=typed))[0] == first


def test_members_go_by_given_name_in_the_vietnamese_order(office: Office) -> None:
    in_order = [
        "Phạm An", "Đỗ Thị Ánh", "Vũ Ẩn", "Phạm Ân", "Trần Dinh Dực", "Trần Đình Đức",
        "Nguyễn Thị Hoa", "Nguyễn Thị Hòa", "Lê Văn Hóa",
    ]  # fmt: skip
    found = titles(office, Query())
    # Letters decide before tones: a, ă, â.
    assert [name.split()[-1] for name in found] == [
        "An", "Ánh", "Ân", "Ẩn", "Dực", "Đức", "Hoa", "Hòa", "Hóa",
    ]  # fmt: skip
    assert set(found) == set(in_order)
    assert titles(office, Query(descending=True)) == found[::-1]


@pytest.mark.parametrize(
    "order", ["full_name", "card_no", "joined_on", "unit", "status", "commune"]
)
def test_every_header_sorts_both_ways(order: str, office: Office) -> None:
    store = office.store
    up = store.rows(Member, store.ids(Member, Query(order=order)))
    down = store.rows(Member, store.ids(Member, Query(order=order, descending=True)))
    assert {row.id for row in up} == {row.id for row in down}
    assert len(up) == len(NAMES)
    if order in ("full_name", "card_no"):
        assert [row.id for row in up] == [row.id for row in down][::-1]


def test_filters_bin_and_chosen_ids_narrow_together(office: Office) -> None:
    store = office.store
    ids = store.ids(Member, Query())
    store.save(Member, {"status": "paused", "gender": "female"}, ids[0])
    store.save(Member, {"status": "paused"}, ids[1])
    store.delete(Member, ids[1])
    assert store.ids(Member, Query(filters={"status": "paused"})) == [ids[0]]
    assert store.ids(Member, Query(filters={"status": "paused"}, bin=True)) == [ids[1]]
    assert store.ids(Member, Query(filters={"gender": None})) == ids[2:]
    assert store.ids(Member, Query(filters={"decision_on": None}, ids=frozenset(ids[:3]))) == [
        ids[0], ids[2],
    ]  # fmt: skip
    assert store.ids(Member, Query(ids=frozenset())) == []
    combined = Query(search="a", filters={"status": "active"}, order="card_no", descending=True)
    assert store.count(Member, combined) == len(store.ids(Member, combined))
    assert store.ids(Member, Query(filters={"joined_on": dt.date(2020, 1, 5)}))[0] == ids[0]


def test_states_can_be_asked_for_and_exclude_each_other(office: Office) -> None:
    store = office.store
    ids = store.ids(Member, Query())
    setbacks = dict(zip(ids, [Setback.REFUSED, Setback.WAITING, Setback.NONE], strict=False))
    with writing(office._engine) as session:
        session.execute(text("UPDATE change SET seq = 1"))
        for entry in entries(office, kind="member"):
            if entry.record in setbacks:
                session.execute(
                    text("UPDATE change SET seq = NULL, setback = :setback WHERE id = :id"),
                    {"setback": setbacks[entry.record].value, "id": entry.id},
                )
            elif entry.record == ids[3]:
                session.execute(
                    text("UPDATE change SET overlaps = :overlaps WHERE id = :id"),
                    {"overlaps": '{"note":"x"}', "id": entry.id},
                )
    expected = {
        RecordState.REFUSED: [ids[0]], RecordState.WAITING: [ids[1]],
        RecordState.UNSENT: [ids[2]], RecordState.CONFLICT: [ids[3]],
        RecordState.CONFIRMED: ids[4:],
    }  # fmt: skip
    for state, wanted in expected.items():
        assert store.ids(Member, Query(state=state)) == wanted, state
        assert {row.state for row in store.rows(Member, wanted)} == {state}
        assert state.word


def test_suggestions_come_while_typing(office: Office) -> None:
    found = office.store.suggest("member", "hoa")
    assert [one.title for one in found] == ["Nguyễn Thị Hoa", "Nguyễn Thị Hòa", "Lê Văn Hóa"]
    assert found[0].detail == "1980"
    assert len(office.store.suggest("member", "", limit=2)) == 2
    assert next(one.title for one in office.store.suggest("member", "hóa")) == "Lê Văn Hóa"
    office.store.delete(Member, found[0].id)
    assert len(office.store.suggest("member", "hoa")) == 2


def test_rows_come_in_the_order_asked_and_leave_out_what_is_not_there(office: Office) -> None:
    ids = office.store.ids(Member, Query())[:3]
    rows = office.store.rows(Member, [ids[2], "f" * 32, ids[0], ids[2]])
    assert [row.id for row in rows] == [ids[2], ids[0], ids[2]]
    assert office.store.get(Member, "f" * 32) is None
    assert office.store.get(Library, ids[0]) is None


@pytest.mark.parametrize(
    "query",
    [
        Query(),
        Query(search="hoa"),
        Query(order="workplace", filters={"status": "active"}, state=RecordState.UNSENT),
    ],
)
def test_a_page_of_a_list_costs_at_most_five_questions(query: Query, office: Office) -> None:
    asked: list[str] = []

    @event.listens_for(office._engine, "before_cursor_execute")
    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    rows = office.store.rows(Member, office.store.ids(Member, query)[:200])
    assert rows
    assert len(asked) <= 5, "\n".join(asked)


def test_a_damaged_or_older_index_is_made_anew(office: Office) -> None:
    before = titles(office, Query())
    with writing(office._engine) as session:
        for statement in ("DELETE FROM search", "DELETE FROM listing", "PRAGMA user_version = 0"):
            session.execute(text(statement))
    hand = Hand(lambda: "a", lambda: "PC", lambda: NOW)
    store = Store(office._engine, office.store.catalogue, hand)
    assert [row.title for row in store.rows(Member, store.ids(Member, Query()))] == before
    assert store.count(Member, Query(search="hoa")) == 3


def test_a_list_is_sorted_by_what_a_link_names(office: Office) -> None:
    store = office.store
    ids = store.ids(Member, Query())
    for member, name in zip(ids, ("Đông Anh", "Ba Đình", "Ân Thi"), strict=False):
        values: dict[str, Value] = a_library(name=f"Thư viện {name}")
        store.save(Member, {"workplace": store.save(Library, values).id}, member)
    found = store.ids(Member, Query(order="workplace", ids=frozenset(ids[:3])))
    assert found == [ids[2], ids[1], ids[0]]


@pytest.mark.parametrize("order", ["type", "commune"])
def test_a_list_is_sorted_by_the_words_of_a_choice_or_place(order: str, office: Office) -> None:
    store = office.store
    for kind, commune in (("public", "00004"), ("special", "00008"), ("community", "00025")):
        store.save(Library, a_library(type=kind, commune=commune, name=f"Thư viện {kind}"))

    found = store.ids(Library, Query(order=order))

    words = [row.shown[order] for row in store.rows(Library, found)]
    assert words == sorted(words, key=text_key)
    assert len(set(words)) == 3
