"""What the first page reminds of: answers due, terms that end, offices held wrongly, dues."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from sync.records import BY_NAME
from sync.records.types import Value
from tests.builders import TODAY, a_library, a_member, a_unit
from vla_desktop.office import Office

DAY = dt.timedelta(days=1)


class Desk:
    """A branch with one member and one library."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.unit = self.add("organisation_unit", **a_unit())
        self.library = self.add("library", **a_library())
        self.member = self.add("member", **a_member(unit=self.unit))

    def add(self, kind: str, **values: Value) -> str:
        return self.office.store.save(BY_NAME[kind], values).id

    def told(self, kind: str) -> list[set[str]]:
        """The records that the list names, line by line of that kind."""
        named = BY_NAME[kind]
        return [
            set(line.query.ids or ()) for line in self.office.to_do(TODAY) if line.kind is named
        ]

    def a_head(self, member: str, since: dt.date = TODAY, until: dt.date | None = None) -> str:
        return self.add(
            "office_holder", unit=self.unit, member=member, position="chair", starts_on=since,
            ends_on=until,
        )  # fmt: skip


@pytest.fixture
def desk(open_office: Callable[[str], Office]) -> Desk:
    return Desk(open_office("a"))


def test_a_request_is_named_until_it_is_answered(desk: Desk) -> None:
    request = desk.add(
        "member_request", member=desk.member, type="access", received_on=TODAY,
        due_on=TODAY + 20 * DAY,
    )  # fmt: skip
    assert desk.told("member_request") == [{request}]
    desk.office.store.save(
        BY_NAME["member_request"], {"answered_on": TODAY, "result": "done"}, request
    )
    assert desk.told("member_request") == []


@pytest.mark.parametrize(("left", "told"), [(-1, True), (30, True), (31, False)])
def test_a_dossier_is_named_when_its_date_is_near(desk: Desk, left: int, told: bool) -> None:
    desk.add(
        "advisory_dossier", type="advice", subject="Dự thảo", received_on=TODAY - 60 * DAY,
        due_on=TODAY + left * DAY,
    )  # fmt: skip
    assert bool(desk.told("advisory_dossier")) is told


def test_of_a_unit_only_the_newest_term_is_looked_at(desk: Desk) -> None:
    desk.add("office_term", unit=desk.unit, term_no="II", starts_on=dt.date(2016, 1, 1),
             ends_on=dt.date(2021, 1, 1))  # fmt: skip
    newest = desk.add("office_term", unit=desk.unit, term_no="III", starts_on=dt.date(2021, 1, 2),
                      ends_on=TODAY + 180 * DAY)  # fmt: skip
    assert desk.told("office_term") == [{newest}]
    desk.add("office_term", unit=desk.unit, term_no="IV", starts_on=TODAY + 181 * DAY)
    assert desk.told("office_term") == []


def test_two_heads_of_one_unit_are_named_while_both_are_in_office(desk: Desk) -> None:
    other = desk.add("member", **a_member(unit=desk.unit, full_name="Lê Văn Tư"))
    first = desk.a_head(desk.member, TODAY - 900 * DAY, TODAY - DAY)
    assert desk.told("office_holder") == []
    second = desk.a_head(other, TODAY - 10 * DAY)
    assert desk.told("office_holder") == []
    desk.office.store.save(BY_NAME["office_holder"], {"ends_on": TODAY}, first)
    assert desk.told("office_holder") == [{first, second}]


def test_an_office_held_by_an_honorary_member_is_named(desk: Desk) -> None:
    honorary = desk.add("member", **a_member(unit=desk.unit, membership="honorary"))
    held = desk.a_head(honorary)
    assert desk.told("office_holder") == [{held}]


def test_dues_are_named_once_there_is_a_rate(desk: Desk) -> None:
    before = desk.told("member")
    desk.add("dues_rate", year=TODAY.year, membership="official", subject="person",
             amount_vnd=100_000)  # fmt: skip
    assert len(desk.told("member")) == len(before) + 1
    desk.add("dues_payment", member=desk.member, year=TODAY.year, paid_vnd=100_000, paid_on=TODAY)
    assert desk.told("member") == before


def test_libraries_to_assess_are_named_once_there_is_a_set(desk: Desk) -> None:
    before = desk.told("library")
    criteria = desk.add("criteria_set", subject="friendly_modern", version="2026",
                        begins_on=dt.date(2026, 1, 1))  # fmt: skip
    assert len(desk.told("library")) == len(before) + 1
    desk.add("assessment", library=desk.library, year=2026, criteria_set=criteria, result="failed")
    assert desk.told("library") == before


def test_a_plan_line_is_named_when_its_day_has_passed(desk: Desk) -> None:
    line = desk.add("plan_line", year=2026, task_no=3, content="Tập huấn", due_on=TODAY - DAY)
    assert desk.told("plan_line") == [{line}]
    desk.office.store.save(BY_NAME["plan_line"], {"progress": "done"}, line)
    assert desk.told("plan_line") == []
