"""What separates a ratio from its target: counted exactly, the cheapest gain first."""

from __future__ import annotations

import datetime as dt
import itertools
import math
import random
from collections import Counter
from fractions import Fraction

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from sync.indicators.coverage import members_by_library
from sync.indicators.freshness import Age, headcount_ages
from sync.indicators.gaps import Reason, coverage_gains, emulation_gains
from sync.indicators.libraries import Site, sites
from sync.indicators.membership import standings
from sync.indicators.trend import trends
from sync.records.assessment import Assessment
from sync.records.criteria_set import CriteriaSet
from tests.sync.indicators.office import TARGETS, TODAY, Office


def a_site(name: str, staff: int | None) -> Site:
    return Site(name, "university", "university", staff)


def test_the_widest_gap_comes_first_and_the_last_gives_only_what_is_left() -> None:
    stood = [a_site("a", 5), a_site("b", 9), a_site("c", 20)]

    gains = coverage_gains(stood, Counter(a=1, c=8), 15)

    assert [(gain.library, gain.count) for gain in gains] == [("c", 12), ("b", 3)]
    assert (gains[0].have, gains[0].of) == (8, 20)


def test_of_equal_gaps_comes_first_where_somebody_has_joined() -> None:
    stood = [a_site("a", 3), a_site("b", 5)]

    assert [gain.library for gain in coverage_gains(stood, Counter(b=2), 4)] == ["b", "a"]


def test_nothing_is_to_be_had_without_staff_without_headcount_or_over_it() -> None:
    stood = [a_site("zero", 0), a_site("missing", None), a_site("over", 2), a_site("one", 1)]

    gains = coverage_gains(stood, Counter(over=5, missing=3), 10)

    assert [(gain.library, gain.count) for gain in gains] == [("one", 1)]


@pytest.mark.parametrize("seed", range(20))
def test_no_fewer_libraries_would_do_and_what_is_won_reaches_the_target(seed: int) -> None:
    chance = random.Random(seed)
    staff = {f"{n:02}": chance.randint(0, 9) for n in range(8)}
    members = Counter({name: chance.randint(0, 11) for name in staff if chance.random() < 0.7})
    stood = [a_site(name, count) for name, count in staff.items()]
    joined, everyone = sum(members.values()), sum(staff.values())
    goal = Fraction(chance.randint(1, 10), 10)
    needed = max(0, math.ceil(goal * everyone) - joined)

    gains = coverage_gains(stood, members, needed)

    assert sum(gain.count for gain in gains) == needed
    assert everyone == 0 or Fraction(joined + needed, everyone) >= goal
    room = [max(0, count - members[name]) for name, count in staff.items()]
    fewest = next(
        size for size in range(9)
        if any(sum(some) >= needed for some in itertools.combinations(room, size))
    )  # fmt: skip
    assert len(gains) == fewest


def test_what_is_needed_equals_an_independent_count(session: Session, office: Office) -> None:
    for staff, members in ((12, 3), (8, 8), (5, 7), (0, 0), (None, 4)):
        library = office.library(staff)
        office.members(members, workplace=library)
    session.flush()
    query = text(
        "SELECT sum(total), sum(joined) FROM (SELECT h.total, (SELECT count(*) FROM member m"
        " WHERE m.workplace = l.id) AS joined FROM library l JOIN headcount h ON h.library = l.id)"
    )
    everyone, joined = session.execute(query).one()
    figure = office.figure("I1a")
    assert (figure.numerator, figure.denominator) == (joined, everyone) == (18, 25)

    figure = office.figure("I1a", TODAY)
    members_there = members_by_library(standings(session, TODAY))
    needed = math.ceil(Fraction(9, 10) * everyone) - joined
    gains = coverage_gains(sites(session, TODAY), members_there, needed)
    assert [gain.count for gain in gains] == [5]


def test_the_nearest_library_is_the_one_with_the_least_work_left(
    session: Session, office: Office
) -> None:
    friendly = office.add(CriteriaSet, subject="friendly_modern", begins_on=dt.date(2020, 1, 1))

    def judge(library: str, year: int, result: str, points: int = 0) -> None:
        office.add(
            Assessment, library=library, year=year, result=result, points=points,
            criteria_set=friendly,
        )  # fmt: skip

    failed, better, new, before, waiting, passed = (office.library(3) for _ in range(6))
    judge(failed, 2026, "failed", 40)
    judge(better, 2026, "failed", 60)
    judge(before, 2025, "passed", 80)
    judge(waiting, 2026, "open", 10)
    judge(passed, 2026, "passed", 90)
    session.flush()

    gains = emulation_gains(session, TODAY, sites(session, TODAY), 9)

    assert [gain.library for gain in gains] == [waiting, before, new, better, failed]
    assert gains[0].reason is Reason.OPEN
    assert len(emulation_gains(session, TODAY, sites(session, TODAY), 2)) == 2


def test_headcounts_are_told_by_their_age(session: Session, office: Office) -> None:
    years = (2026, 2025, 2024, None, 2027)
    libraries = [office.library(4 if year else None, year or 2026) for year in years]
    session.flush()

    ages = headcount_ages(session, TODAY, libraries)

    assert ages == {Age.THIS_YEAR: 1, Age.LAST_YEAR: 1, Age.TOO_OLD: 1, Age.NONE: 2}


def test_a_year_closes_with_what_was_then_and_unknown_years_have_no_value(
    session: Session, office: Office
) -> None:
    library = office.library(4, 2026)
    office.members(3, workplace=library, joined_on=dt.date(2026, 2, 1))
    office.library(6, 2025, closed_on=dt.date(2026, 1, 1), status="closed")
    session.flush()

    points = {point.year: point.figure for point in trends(session, TODAY, TARGETS)["I1a"]}

    assert list(points) == [2021, 2022, 2023, 2024, 2025, 2026]
    assert points[2024].value is None
    assert points[2025].value == 0
    assert points[2026].value == Fraction(3, 4)


def test_an_assessment_year_is_taken_when_it_closes(session: Session, office: Office) -> None:
    friendly = office.add(CriteriaSet, subject="friendly_modern", begins_on=dt.date(2020, 1, 1))
    library = office.library(3)
    office.add(Assessment, library=library, year=2025, result="passed", criteria_set=friendly)
    session.flush()

    points = {point.year: point.figure.value for point in trends(session, TODAY, TARGETS)["I3"]}

    assert [points[year] for year in (2024, 2025, 2026)] == [0, 1, 0]
