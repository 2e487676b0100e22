"""What there is to look at, to do, and to know about the centre."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sync.records.headcount import Headcount
from sync.records.library import Library
from sync.records.member import Member
from sync.records.organisation_unit import OrganisationUnit
from sync.server.centre import Centre
from sync.server.embedded import settings_of
from tests.builders import (
    NOW,
    TODAY,
    DirectWire,
    a_library,
    a_member,
    a_unit,
    exchange,
    join,
    poison,
)
from vla_desktop.office import Office
from vla_desktop.store.rows import Query, RecordState
from vla_desktop.store.standing import Light

Opening = Callable[[str], Office]


@pytest.fixture
def wire(tmp_path: Path) -> Iterator[DirectWire]:
    centre = Centre(settings_of(tmp_path / "centre.db"), lambda: NOW)
    yield DirectWire(centre)
    centre.close()


@pytest.fixture
def pair(open_office: Opening, wire: DirectWire) -> tuple[Office, Office, str, str]:
    """Two offices that have the same unit and member; their ids."""
    a, b = open_office("a"), open_office("b")
    for office in (a, b):
        join(office, wire.centre)
    unit = a.store.save(OrganisationUnit, a_unit()).id
    member = a.store.save(Member, a_member(unit=unit)).id
    together(wire, a, b)
    return a, b, unit, member


def together(wire: DirectWire, *offices: Office) -> None:
    for office in (*offices, *offices):
        exchange(office, wire)


def test_overlapping_edits_are_listed_where_they_were_typed(
    pair: tuple[Office, Office, str, str], wire: DirectWire, open_office: Opening
) -> None:
    a, b, _unit, member = pair
    third = open_office("c")
    join(third, wire.centre)
    a.store.save(Member, {"status": "paused"}, member)
    b.store.save(Member, {"status": "left", "status_on": TODAY}, member)
    together(wire, a, b, third)
    (item,) = a.store.review()
    assert (item.sort, item.kind, item.id, item.field) == ("conflict", "member", member, "status")
    assert (item.mine, item.theirs) == ("Tạm dừng", "Ra khỏi Hội")
    assert item.sentence == ("“Trạng thái” đã được b sửa cùng lúc; giá trị gửi sau đang được giữ.")
    (other,) = b.store.review()
    assert (other.mine, other.theirs) == ("Ra khỏi Hội", "Tạm dừng")
    assert third.store.review() == []
    row = a.store.get(Member, member)
    assert row is not None
    assert (row.values["status"], row.state) == ("left", RecordState.CONFLICT)

    b.store.save(Member, {"status": "active"}, member)
    assert b.store.review() == []
    together(wire, b, a)
    assert a.store.review() == [], "whoever had seen both decided"
    for office in (a, b):
        row = office.store.get(Member, member)
        assert row is not None
        assert row.state is RecordState.CONFIRMED


def test_a_conflict_can_be_left_as_it_stands(
    pair: tuple[Office, Office, str, str], wire: DirectWire
) -> None:
    a, b, _unit, member = pair
    a.store.save(Member, {"note": "một"}, member)
    b.store.save(Member, {"note": "hai"}, member)
    together(wire, a, b)
    (item,) = a.store.review()
    a.store.settle(item.change_id)
    assert a.store.review() == []
    assert len(b.store.review()) == 1


def test_what_may_stand_once_and_stands_twice_is_listed(
    pair: tuple[Office, Office, str, str], wire: DirectWire
) -> None:
    a, b, unit, _member = pair
    for office in (a, b):
        values = a_member(unit=unit, full_name=f"Lê {office.home.name}", card_no="HV-9")
        office.store.save(Member, values)
    together(wire, a, b)
    items = [item for item in a.store.review() if item.sort == "once"]
    assert {(item.title, item.field) for item in items} == {
        ("Lê a", "card_no"),
        ("Lê b", "card_no"),
    }
    a.store.save(Member, {"card_no": "HV-10"}, items[0].id)
    assert a.store.review() == []


def test_two_right_edits_that_break_a_rule_together_are_listed(
    pair: tuple[Office, Office, str, str], wire: DirectWire
) -> None:
    a, b, _unit, member = pair
    library = a.store.save(Library, a_library()).id
    a.store.save(Member, {"workplace": library}, member)
    together(wire, a, b)
    a.store.save(Member, {"outside_reason": ""}, member)
    b.store.save(Member, {"workplace": ""}, member)
    together(wire, a, b)
    for office in (a, b):
        (item,) = office.store.review()
        assert (item.sort, item.id, item.field) == ("rule", member, "workplace")
        assert office.standing().light is Light.GREEN
        assert office.standing().review == 1


def test_the_light_is_green_only_when_everything_is_proved(
    open_office: Opening, wire: DirectWire
) -> None:
    office = open_office("a")
    assert (office.standing().light, office.standing().enrolled) == (Light.GREY, False)
    join(office, wire.centre)
    assert (office.standing().light, office.standing().receipt) == (Light.GREY, None)
    exchange(office, wire)
    assert office.standing().light is Light.GREEN
    library = office.store.save(Library, a_library()).id
    assert (office.standing().light, office.standing().pending) == (Light.AMBER, 1)
    poison(office, library, {"type": ""})
    exchange(office, wire)
    standing = office.standing()
    assert (standing.light, standing.refused, standing.pending) == (Light.RED, 1, 1)
    office.store.save(Library, {"name": "Khác"}, library)
    assert office.standing().light is Light.AMBER
    exchange(office, wire)
    standing = office.standing()
    assert (standing.light, standing.pending, standing.waiting) == (Light.GREEN, 0, 0)
    assert standing.receipt is not None
    assert standing.receipt.sent == standing.receipt.accepted == 1
    assert standing.receipt.signed_at == NOW
    assert [receipt.number for receipt, _received in office.receipts()] == [3, 2, 1]


def test_what_waits_is_told_in_the_order_it_was_written(
    open_office: Opening, wire: DirectWire
) -> None:
    office = open_office("a")
    library = office.store.save(Library, a_library()).id
    office.store.save(Library, {"name": "Khác"}, library)
    office.store.delete(Library, library)
    assert [(one.action, one.title) for one in office.pending()] == [
        ("create", "Khác"), ("edit", "Khác"), ("delete", "Khác"),
    ]  # fmt: skip
    assert len(office.pending(limit=2)) == 2


def test_the_list_of_things_to_do_opens_what_it_speaks_of(open_office: Opening) -> None:
    office = open_office("a")
    assert office.to_do(TODAY) == []
    unit = office.store.save(OrganisationUnit, a_unit()).id
    library = office.store.save(Library, a_library()).id
    counted = office.store.save(Library, a_library(name="Đã đếm")).id
    office.store.save(
        Headcount, {"library": counted, "year": 2026, "source": "library", "total": 3}
    )
    office.store.save(Member, a_member(unit=unit, status="applied"))
    office.store.save(Member, a_member(unit=unit, card_no="HV-1", consented=True))
    careless = office.store.save(Member, a_member(unit=unit)).id
    lines = office.to_do(TODAY)
    for line in lines:
        assert office.store.count(line.kind, line.query) == line.count
        assert line.sentence
    found = {line.sentence: office.store.ids(line.kind, line.query) for line in lines}
    assert found["Thư viện chưa có số nhân sự năm nay hoặc năm trước"] == [library]
    assert found["Hội viên chưa có số thẻ"] == [careless]
    assert found["Hội viên chưa ghi nhận đồng ý xử lý dữ liệu"] == [careless]
    assert len(found["Đơn xin vào Hội chờ quyết định"]) == 1


def test_an_office_counts_itself(open_office: Opening) -> None:
    office = open_office("a")
    unit = office.store.save(OrganisationUnit, a_unit()).id
    office.store.save(Member, a_member(unit=unit))
    figures = office.figures(dt.date(2026, 5, 4))
    assert figures
    assert len({figure.code for figure in figures}) == len(figures)
    assert office.store.count(Member, Query()) == 1
