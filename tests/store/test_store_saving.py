"""Saving, drafts, bin, links and news of the store, as windows and files use them."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable

import pytest

from sync.problems import InvalidRecord, Level
from sync.records.activity import Activity
from sync.records.library import Library
from sync.records.member import Member
from sync.records.organisation_unit import OrganisationUnit
from sync.records.participation import Participation
from sync.records.types import Value
from tests.builders import TODAY, a_library, a_member, a_unit, an_activity, everything
from vla_desktop.office import Office
from vla_desktop.store.rows import Query, RecordState
from vla_desktop.store.store import Store


@pytest.fixture
def office(open_office: Callable[[str], Office]) -> Office:
    return open_office("a")


@pytest.fixture
def store(office: Office) -> Store:
    return office.store


@pytest.fixture
def unit(store: Store) -> str:
    return store.save(OrganisationUnit, a_unit()).id


def test_what_was_saved_is_shown_as_people_read_it(store: Store, unit: str) -> None:
    library = store.save(Library, a_library()).id
    saved = store.save(
        Member, a_member(unit=unit, workplace=library, full_name="  Lê  Thị Ho\u0300a")
    )
    row = store.get(Member, saved.id)
    assert row is not None
    assert (row.id, row.kind, row.title) == (saved.id, "member", "Lê Thị Hòa")
    assert row.shown["workplace"] == "Thư viện tỉnh"
    assert row.shown["joined_on"] == "05/01/2020"
    assert row.shown["subject"] == "Cá nhân"
    assert row.shown["consented"] == "Không"
    assert row.shown["phone"] == ""
    assert "Ba Đình" in row.shown["commune"]
    assert row.values["joined_on"] == dt.date(2020, 1, 5)
    assert (row.deleted, row.state) == (False, RecordState.UNSENT)


def test_saving_tells_what_may_be_doubtful(store: Store, unit: str) -> None:
    saved = store.save(Member, a_member(unit=unit, phone="12"))
    assert {finding.level for finding in saved.findings} == {Level.WARN}
    assert {f.field for f in saved.findings} == {"phone", "decision_no", "consented"}


def test_what_breaks_a_rule_stands_beside_its_field(office: Office, unit: str) -> None:
    before = everything(office)
    with pytest.raises(InvalidRecord) as refused:
        office.store.save(Member, a_member(unit=unit, full_name=" ", born_on="2030"))
    assert refused.value.by_field == {
        "full_name": "Cần ghi “Họ và tên”.",
        "born_on": "Năm sinh không thể ở sau năm nay.",
    }
    assert everything(office) == before


def test_of_many_all_are_saved_or_none(office: Office) -> None:
    before = everything(office)
    with pytest.raises(InvalidRecord):
        office.store.save_many(
            [(Library, a_library(name="Một"), None), (Library, a_library(type=""), None)]
        )
    assert everything(office) == before
    saved = office.store.save_many((Library, a_library(name=f"{n}"), None) for n in range(3))
    assert [row.title for row in office.store.rows(Library, [s.id for s in saved])] == [
        "0", "1", "2",
    ]  # fmt: skip


def test_a_card_number_may_stand_once(store: Store, unit: str) -> None:
    store.save(Member, a_member(unit=unit, card_no="HV-1"))
    with pytest.raises(InvalidRecord) as refused:
        store.save(Member, a_member(unit=unit, card_no="HV-1"))
    assert refused.value.by_field == {"card_no": "“HV-1” đã có ở một bản ghi khác."}


def test_typing_is_checked_against_what_stands(store: Store, unit: str) -> None:
    member = store.save(Member, a_member(unit=unit)).id
    assert next(f.code for f in store.check(Member, {"full_name": ""}, member)) == "required"
    assert [f for f in store.check(Member, {"full_name": "B"}, member) if f.field == "unit"] == []
    fields = {f.field for f in store.check(Member, {}, None) if f.level is Level.BLOCK}
    assert {"full_name", "address", "commune", "joined_on"} <= fields


def test_the_only_unit_is_chosen_already(store: Store, unit: str) -> None:
    assert store.initial(Member)["unit"] == unit
    assert store.initial(Member)["status"] == "active"
    store.save(OrganisationUnit, a_unit(name="Phân hội"))
    assert store.initial(Member)["unit"] == ""


def test_what_points_to_a_record_is_counted(store: Store, unit: str) -> None:
    library = store.save(Library, a_library()).id
    members = [store.save(Member, a_member(unit=unit, workplace=library)).id for _ in range(3)]
    store.delete(Member, members[0])
    linked = {(kind, name): number for kind, name, number in store.linked(Library, library)}
    assert linked[Member, "workplace"] == 2
    assert linked[Library, "merged_into"] == 0
    assert all(number == 0 for link, number in linked.items() if link != (Member, "workplace"))


def test_the_bin_keeps_what_was_deleted(store: Store) -> None:
    library = store.save(Library, a_library()).id
    store.delete(Library, library)
    assert store.ids(Library, Query()) == []
    assert store.ids(Library, Query(bin=True)) == [library]
    row = store.get(Library, library)
    assert row is not None
    assert (row.deleted, row.title) == (True, "Thư viện tỉnh")
    store.restore(Library, library)
    assert store.ids(Library, Query()) == [library]
    assert store.count(Library, Query(bin=True)) == 0


def test_a_title_follows_what_it_is_made_of(store: Store, unit: str) -> None:
    member = store.save(Member, a_member(unit=unit)).id
    activity = store.save(Activity, an_activity()).id
    one = store.save(Participation, {"activity": activity, "member": member}).id
    assert store.title("participation", one) == "Tập huấn biên mục · Nguyễn Thị Hòa"
    store.save(Member, {"full_name": "Lê Đào"}, member)
    assert store.title("participation", one) == "Tập huấn biên mục · Lê Đào"
    assert store.ids(Participation, Query(search="dao")) == [one]
    assert store.title("participation", "f" * 32) == ""


def test_drafts_come_back_as_they_were_typed(store: Store, unit: str) -> None:
    member = store.save(Member, a_member(unit=unit)).id
    assert store.draft(Member, None) is None
    typed: dict[str, Value] = {
        "full_name": "Đỗ",
        "joined_on": TODAY,
        "consented": True,
        "born_on": "19xx",
    }
    store.keep_draft(Member, None, typed)
    store.keep_draft(Member, member, {"note": "n"})
    store.keep_draft(Member, member, {"note": "dở dang"})
    assert store.draft(Member, None) == typed
    assert store.draft(Member, member) == {"note": "dở dang"}
    assert {(d.kind, d.id) for d in store.drafts()} == {("member", None), ("member", member)}
    store.drop_draft(Member, member)
    store.drop_draft(Member, member)
    assert [d.id for d in store.drafts()] == [None]


def test_a_draft_with_a_day_half_typed_comes_back(store: Store) -> None:
    store.keep_draft(Member, None, {"joined_on": "31/02/20"})
    assert store.draft(Member, None) == {"joined_on": "31/02/20"}


def test_news_come_after_the_commit_and_in_the_writing_thread(store: Store) -> None:
    heard: list[tuple[frozenset[tuple[str, str]], int, str]] = []

    def hear(touched: frozenset[tuple[str, str]]) -> None:
        ((kind, identity),) = touched
        heard.append((touched, threading.get_ident(), store.title(kind, identity)))

    leave = store.listen(hear)
    library = store.save(Library, a_library()).id
    assert heard == [
        (frozenset({("library", library)}), threading.get_ident(), "Thư viện tỉnh"),
    ]
    store.save(Library, {"name": "Thư viện tỉnh"}, library)
    with pytest.raises(InvalidRecord):
        store.save(Library, {})
    assert len(heard) == 1, "nothing was written"
    leave()
    leave()
    store.delete(Library, library)
    assert len(heard) == 1


def test_threads_may_save_and_read_at_once(store: Store) -> None:
    failures: list[BaseException] = []

    def work(name: str) -> None:
        try:
            for number in range(8):
                saved = store.save(Library, a_library(name=f"{name} {number}"))
                assert store.get(Library, saved.id) is not None
                store.ids(Library, Query(search=name))
        except BaseException as failure:  # noqa: BLE001  a thread's failure must be seen
            failures.append(failure)

    threads = [threading.Thread(target=work, args=(name,)) for name in ("một", "hai", "ba")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert store.count(Library, Query()) == 24
