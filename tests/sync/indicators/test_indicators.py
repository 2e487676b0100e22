"""The figures of the association, against sums made by hand and against plain SQL."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest
from sqlalchemy.orm import Session

from sync.indicators import (
    faulty_libraries,
    figures,
    missing_libraries,
    percent,
)
from sync.records.activity import Activity
from sync.records.headcount import Headcount
from sync.records.member import Member
from sync.records.member_event import MemberEvent
from sync.records.organisation_unit import OrganisationUnit
from sync.records.participation import Participation
from tests.sync.indicators.office import TODAY, Office


def five_libraries(office: Office, last: int | None) -> list[str]:
    """The worked check: three universities of 12, 8, 5 and two colleges of 4 and `last`."""
    libraries = [office.library(staff) for staff in (12, 8, 5)]
    libraries += [
        office.library(staff, type="education", education="college") for staff in (4, last)
    ]
    for library, members in zip(libraries, (9, 6, 5, 2, 0), strict=True):
        office.members(members, workplace=library)
    return libraries


def test_the_worked_check_shows_71_per_cent_and_the_target_met(office: Office) -> None:
    five_libraries(office, 2)
    figure = office.figure("I1a")
    assert (figure.numerator, figure.denominator) == (22, 31)
    assert (figure.shown, figure.is_met, figure.needed) == ("71,0 %", True, 0)
    assert (figure.missing, figure.provisional, figure.note) == (0, False, "")


def test_a_fifth_without_headcount_is_left_out_and_makes_it_provisional(office: Office) -> None:
    libraries = five_libraries(office, None)
    office.members(1, workplace=libraries[-1])
    figure = office.figure("I1a")
    assert (figure.numerator, figure.denominator, figure.shown) == (22, 29, "75,9 %")
    assert (figure.missing, figure.provisional) == (1, True)
    assert figure.note == "Tạm tính: thiếu số nhân sự của 1/5 thư viện."
    assert missing_libraries(office.session, TODAY, code="I1a") == [libraries[-1]]


def test_nothing_to_divide_by_is_said_in_words_never_as_nought(office: Office) -> None:
    office.members(3, workplace=office.library(None))
    figure = office.figure("I1a")
    assert (figure.value, figure.denominator, figure.shown) == (None, 0, "chưa đủ số liệu")
    assert figure.is_met is None
    assert figure.needed is None


def test_one_in_ten_missing_is_named_but_not_yet_provisional(office: Office) -> None:
    for _ in range(9):
        office.library(1)
    office.library(None)
    figure = office.figure("I1a")
    assert (figure.missing, figure.provisional) == (1, False)
    assert "1/10" in figure.note


def test_the_target_is_compared_before_rounding(office: Office) -> None:
    library = office.library(3001)
    office.members(2100, workplace=library)  # 69.977 %
    figure = office.figure("I1a")
    assert (figure.shown, figure.is_met, figure.needed) == ("70,0 %", False, 1)


def test_without_a_target_nobody_says_whether_it_is_met(session: Session, office: Office) -> None:
    office.library(3)
    figure = figures(session, TODAY)[0]
    assert (figure.code, figure.target, figure.is_met, figure.needed) == ("I1a", None, None, None)


@pytest.mark.parametrize(
    ("ratio", "shown"),
    [
        (Fraction(22, 31), "71,0 %"),
        (Fraction(22, 29), "75,9 %"),
        (Fraction(1, 2000), "0,1 %"),
        (Fraction(49, 100000), "0,0 %"),
        (Fraction(1), "100,0 %"),
        (Fraction(123456, 1000), "12.345,6 %"),
    ],
)
def test_a_half_rounds_up_and_a_comma_marks_the_decimal(ratio: Fraction, shown: str) -> None:
    assert percent(ratio) == shown


def test_a_headcount_of_two_years_ago_counts_as_missing(office: Office) -> None:
    old = office.library(5, year=2024)
    office.library(5, year=2025)
    assert office.figure("I1a").denominator == 5
    assert missing_libraries(office.session, TODAY) == [old]


def test_the_newest_headcount_counts_and_none_of_a_year_to_come(office: Office) -> None:
    library = office.library(5, year=2025)
    office.add(Headcount, library=library, year=2026, total=7, source="library")
    office.add(Headcount, library=library, year=2027, total=99, source="library")
    assert office.figure("I1a").denominator == 7
    assert office.figure("I1a", dt.date(2025, 12, 31)).denominator == 5


def test_of_two_headcounts_for_a_year_the_later_made_counts(office: Office) -> None:
    library = office.library(None)
    late, early = dt.date(2026, 9, 1), dt.date(2026, 2, 1)
    for counted_on, total in ((late, 8), (early, 6), (None, 5)):
        office.add(
            Headcount, library=library, year=2026, total=total, counted_on=counted_on,
            source="library",
        )  # fmt: skip
    assert office.figure("I1a").denominator == 8


def test_more_members_than_staff_is_a_fault_in_the_numbers_and_names_the_library(
    office: Office,
) -> None:
    library = office.library(2)
    office.members(3, workplace=library)
    figure = office.figure("I1a")
    assert figure.provisional
    assert "Số liệu sai" in figure.note
    assert faulty_libraries(office.session, TODAY) == [library]


def test_organisations_are_members_but_nobodys_staff(office: Office) -> None:
    library = office.library(4)
    office.members(1, workplace=library, subject="organisation")
    office.members(2, workplace=library)
    assert office.figure("I1a").numerator == 2
    assert office.figure("M0").value == 3


def test_colleges_count_with_universities_and_preschools_with_nobody(office: Office) -> None:
    office.library(2, type="education", education="college")
    office.library(3, type="education", education="primary")
    office.library(4, type="education", education="combined")
    office.library(5, type="education", education="preschool")
    office.library(6, type="education", education="vocational")
    office.library(7, type="public", education="")
    assert office.figure("I1a").denominator == 2
    assert office.figure("I1b").denominator == 7


def test_a_closed_library_stops_counting_on_the_day_it_closes(office: Office) -> None:
    office.library(4, closed_on=dt.date(2026, 6, 30), status="closed")
    office.library(3, status="merged")
    office.library(2, opened_on=dt.date(2026, 7, 1))
    office.library(1, status="suspended")
    assert office.figure("I1a", dt.date(2026, 6, 29)).denominator == 5
    assert office.figure("I1a", dt.date(2026, 6, 30)).denominator == 1
    assert office.figure("I1a", dt.date(2026, 7, 1)).denominator == 3


def test_what_lies_in_the_bin_counts_nowhere(office: Office) -> None:
    library = office.library(4)
    office.library(9, deleted=True)
    office.members(2, workplace=library)
    [gone] = office.members(1, workplace=library, deleted=True)
    office.add(MemberEvent, member=gone, type="admitted", happened_on=dt.date(2020, 1, 1))
    activity = office.add(Activity, task_no=1, starts_on=dt.date(2026, 2, 1), deleted=True)
    office.add(Participation, activity=activity, guest_name="Khách", role="attended")
    figure = office.figure("I1a")
    assert (figure.numerator, figure.denominator) == (2, 4)
    assert office.figure("M0").value == 2
    assert office.figure("L0").value == 1
    assert office.figure("A0").value == 0
    assert office.figure("P0").value == 0


def active_on(office: Office, *days: str) -> list[bool]:
    return [office.figure("M0", dt.date.fromisoformat(day)).value == 1 for day in days]


def happen(office: Office, member: str, **events: str) -> None:
    for kind, day in events.items():
        office.add(MemberEvent, member=member, type=kind, happened_on=dt.date.fromisoformat(day))


def test_events_tell_when_someone_was_a_member(office: Office) -> None:
    [member] = office.members(1, status="active", joined_on=dt.date(2019, 1, 1))
    happen(office, member, admitted="2020-03-01", paused="2022-01-01", resumed="2023-01-01",
           left="2025-05-05")  # fmt: skip
    assert active_on(office, "2020-02-29", "2020-03-01", "2022-01-01") == [False, True, False]
    assert active_on(office, "2023-01-01", "2025-05-04", "2025-05-05") == [True, True, False]


@pytest.mark.parametrize("end", ["left", "expelled", "deceased", "transferred_out"])
def test_whoever_went_had_been_a_member_before(office: Office, end: str) -> None:
    [member] = office.members(1, joined_on=dt.date(2020, 1, 1))
    happen(office, member, **{end: "2024-06-01"})
    assert active_on(office, "2019-12-31", "2024-05-31", "2024-06-01") == [False, True, False]


def test_without_events_the_record_itself_tells(office: Office) -> None:
    office.members(
        1, joined_on=dt.date(2020, 1, 1), status="deceased", status_on=dt.date(2025, 1, 1)
    )
    assert active_on(office, "2019-12-31", "2020-01-01", "2024-12-31", "2025-01-01") == [
        False, True, True, False,
    ]  # fmt: skip


def test_who_only_applied_is_no_member_and_who_left_unknown_when_neither(office: Office) -> None:
    office.members(1, status="applied")
    office.members(1, status="left")
    assert office.figure("M0").value == 0


def test_a_status_dated_after_the_last_event_counts(office: Office) -> None:
    [member] = office.members(1, status="left", status_on=dt.date(2026, 1, 1))
    happen(office, member, admitted="2020-01-01")
    assert active_on(office, "2025-12-31", "2026-01-01") == [True, False]


def test_a_move_takes_the_member_along_from_that_day(office: Office) -> None:
    university, school = office.library(5), office.library(5, type="education", education="primary")
    [member] = office.members(1, workplace=school)
    office.add(
        MemberEvent, member=member, type="workplace_changed", happened_on=dt.date(2026, 3, 1),
        from_workplace=university, to_workplace=school,
    )  # fmt: skip
    before, after = dt.date(2026, 2, 28), dt.date(2026, 3, 1)
    assert [office.figure("I1a", day).numerator for day in (before, after)] == [1, 0]
    assert [office.figure("I1b", day).numerator for day in (before, after)] == [0, 1]


def test_opening_and_in_and_out_make_closing(office: Office) -> None:
    office.members(5)
    office.members(3, joined_on=dt.date(2026, 4, 1))
    office.members(2, status="left", status_on=dt.date(2026, 5, 1))
    office.members(1, joined_on=dt.date(2026, 2, 1), status="left", status_on=dt.date(2026, 3, 1))
    shown = {code: office.figure(code).value for code in ("M0.opening", "M0.in", "M0.out", "M0")}
    assert shown == {"M0.opening": 7, "M0.in": 3, "M0.out": 2, "M0": 8}


def test_provinces_are_those_in_force_on_the_day(session: Session, office: Office) -> None:
    office.add(
        OrganisationUnit, type="branch", provincial=True, province="19",
        founding_province="06@2025", decision_on=dt.date(2018, 1, 1),
    )  # fmt: skip
    office.add(OrganisationUnit, provincial=True, province="08", status="dissolved")
    office.add(OrganisationUnit, provincial=True, province="19")
    office.add(OrganisationUnit, provincial=False, province="01")
    session.flush()

    def ratio(as_of: dt.date, provinces: set[str]) -> tuple[int | None, int | None]:
        found = figures(session, as_of, provinces=provinces)
        figure = next(each for each in found if each.code == "I2")
        return figure.numerator, figure.denominator

    assert ratio(TODAY, {"01", "08", "19"}) == (1, 3)
    assert ratio(dt.date(2025, 6, 30), {"06@2025", "19@2025"}) == (1, 2)
    assert ratio(dt.date(2017, 1, 1), {"06@2025"}) == (0, 1)
    assert ratio(TODAY, set()) == (1, None)


def test_activities_of_the_year_are_counted_by_task_with_who_came(office: Office) -> None:
    [member] = office.members(1)
    first = office.add(Activity, task_no=1, starts_on=dt.date(2026, 1, 1))
    second = office.add(Activity, task_no=6, starts_on=dt.date(2026, 4, 21), book_day=True)
    for day in (dt.date(2025, 12, 31), dt.date(2026, 12, 1)):
        office.add(Activity, task_no=1, starts_on=day)
    for activity in (first, second):
        office.add(Participation, activity=activity, member=member, role="attended")
    office.add(Participation, activity=second, guest_name="Khách mời", role="spoke")
    expected = {"A0": 2, "A0.1": 1, "A0.6": 1, "A0.book_day": 1, "P0": 3, "P0.members": 1,
                "P0.activities": 2}  # fmt: skip
    assert {code: office.figure(code).numerator for code in expected} == expected


def test_a_scope_shuts_out_the_others(office: Office) -> None:
    office.members(2)
    office.add(Member, scope="46", joined_on=dt.date(2020, 1, 1))
    assert office.figure("M0").value == 3
    assert office.figure("M0", scope="46").value == 1


def test_codes_are_said_once_and_every_figure_has_a_name(session: Session) -> None:
    found = figures(session, TODAY)
    assert len({figure.code for figure in found}) == len(found)
    assert all(figure.name for figure in found)
