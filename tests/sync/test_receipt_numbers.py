"""Dues receipts are numbered without gaps, alike at every end, and for ever."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from itertools import permutations

import pytest
from sqlalchemy import delete

from sync.indicators.receipt_numbers import receipt_numbers
from sync.records.dues_payment import DuesPayment
from sync.records.member import Member
from sync.records.organisation_unit import OrganisationUnit
from sync.records.types import Value
from sync.server.centre import Centre
from sync.server.database import reading
from tests.builders import TODAY, DirectWire, a_member, a_unit, exchange, join
from vla_desktop.office import Office
from vla_desktop.store import receipt_numbers as kept
from vla_desktop.store.store import Query
from vla_desktop.store.tables import NumberedReceipt

Opening = Callable[[str], Office]


def sync(office: Office, centre: Centre) -> None:
    exchange(office, DirectWire(centre))


def a_payer(office: Office) -> str:
    unit = office.store.save(OrganisationUnit, a_unit()).id
    return office.store.save(Member, a_member(unit=unit)).id


def paid(office: Office, member: str, day: dt.date = TODAY) -> str:
    values: dict[str, Value] = {
        "member": member,
        "year": day.year,
        "paid_vnd": 50_000,
        "paid_on": day,
    }
    return office.store.save(DuesPayment, values).id


def marks(office: Office) -> dict[str, str]:
    """The number of every receipt that an office has, binned and moved ones too."""
    ids = [
        one
        for query in (Query(), Query(bin=True), Query(moved=True))
        for one in office.store.ids(DuesPayment, query)
    ]
    return {row.id: row.mark for row in office.store.rows(DuesPayment, ids)}


@pytest.mark.parametrize("order", list(permutations("abc")))
def test_whoever_comes_first_all_have_the_same_numbers_without_gaps(
    enrolled: Opening, near_centre: Centre, order: tuple[str, ...]
) -> None:
    offices = {name: enrolled(name) for name in "abc"}
    member = a_payer(offices["a"])
    for name in "abc":
        sync(offices[name], near_centre)
    for office in offices.values():
        for day in (TODAY, dt.date(2025, 12, 30), TODAY):
            paid(office, member, day)
        assert all(mark.startswith("TẠM-") for mark in marks(office).values())
    for name in (*order, *order):
        sync(offices[name], near_centre)
    found = [marks(office) for office in offices.values()]
    assert found[0] == found[1] == found[2]
    this_year = {f"{number:04}/2026" for number in range(1, 7)}
    assert set(found[0].values()) == this_year | {f"{number:04}/2025" for number in range(1, 4)}
    with reading(near_centre.engine, "HN") as session:
        at_centre = {
            one.record: f"{one.number:04}/{one.year}" for one in receipt_numbers(session, "HN")
        }
    assert at_centre == found[0]


def test_no_number_changes_by_void_bin_restore_move_or_another_day(
    enrolled: Opening, near_centre: Centre, open_office: Opening
) -> None:
    office, other = enrolled("a"), enrolled("b")
    join(open_office("hue"), near_centre, "HUE")
    member = a_payer(office)
    receipts = [paid(office, member) for _ in range(5)]
    sync(office, near_centre)
    first = marks(office)
    assert [first[one] for one in receipts] == [f"{n:04}/2026" for n in range(1, 6)]
    store = office.store
    store.save(DuesPayment, {"void": True, "void_reason": "Viết sai"}, receipts[0])
    store.delete(DuesPayment, receipts[1])
    store.delete(DuesPayment, receipts[2])
    store.restore(DuesPayment, receipts[2])
    store.move(DuesPayment, receipts[3], "HUE")
    store.save(DuesPayment, {"paid_on": dt.date(2025, 3, 1)}, receipts[4])
    sixth = paid(office, member)
    for each in (office, other, office):
        sync(each, near_centre)
    for each in (office, other):
        found = marks(each)
        assert [found[one].partition(",")[0] for one in receipts] == [
            first[one] for one in receipts
        ]
        assert found[receipts[0]] == "0001/2026, đã hủy"
        assert found[receipts[1]] == "0002/2026, đã hủy"
        assert found[sixth] == "0006/2026"


def test_what_was_forgotten_is_numbered_alike_again(enrolled: Opening, near_centre: Centre) -> None:
    office = enrolled("a")
    member = a_payer(office)
    for _ in range(3):
        paid(office, member)
    sync(office, near_centre)
    before = marks(office)
    with office._writing() as session:
        session.execute(delete(NumberedReceipt))
    sync(office, near_centre)
    assert marks(office) == before


def test_numbers_by_whoever_counts_his_own_would_be_caught(
    enrolled: Opening, near_centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "_last", lambda _session: Counter())
    office, other = enrolled("a"), enrolled("b")
    member = a_payer(office)
    for each in (office, other, office):
        sync(each, near_centre)
        paid(each, member)
    for each in (office, other, office, other):
        sync(each, near_centre)
    assert len(set(marks(office).values())) < 3 or marks(office) != marks(other)
