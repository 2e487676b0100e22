"""Libraries that reached "friendly and modern" in a year, among those that were open in it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.indicators.figure import Figure
from sync.indicators.libraries import stands
from sync.indicators.membership import kept
from sync.records.assessment import Assessment, Result
from sync.records.criteria_set import CriteriaSet, CriteriaType
from sync.records.library import Library
from sync.texts import _


def assessment_year(as_of: dt.date) -> int:
    """The year to which a day belongs: it runs from 1 December to 30 November.

    Source: Circular 05/2020/TT-BVHTTDL.
    """
    return as_of.year + (as_of.month == 12)


def emulation_figures(
    session: Session, as_of: dt.date, target: Fraction | None, scope: str | None = None
) -> Iterator[Figure]:
    """I3: libraries that passed ÷ libraries open in the year; beside it, how many were judged.

    A library counts once, whatever versions of the set it was judged by. One that was closed all
    year counts nowhere, even with an assessment.
    """
    stood, judged, passed = emulation_sets(session, as_of, scope)
    yield _ratio("I3", _("Thư viện đạt “thân thiện và hiện đại”"), passed, stood, target)
    yield _ratio("I3.assessed", _("Thư viện đã được đánh giá"), judged, stood)
    yield _ratio("I3.passed", _("Đạt trong số đã được đánh giá"), passed, judged)


def emulation_sets(
    session: Session, as_of: dt.date, scope: str | None = None
) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Libraries open in the year of the day up to it; those judged; those that passed."""
    year = assessment_year(as_of)
    begin, end = dt.date(year - 1, 12, 1), min(dt.date(year, 11, 30), as_of)
    stood = _open_between(session, begin, end, scope)
    judged, passed = _judged(session, year, scope)
    return stood, judged & stood, passed & stood


def unassessed(session: Session, as_of: dt.date, scope: str | None = None) -> frozenset[str]:
    """Libraries open in the year without a result by a set in force; none while there is no set."""
    year = assessment_year(as_of)
    begin = dt.date(year - 1, 12, 1)
    friendly = (CriteriaSet.subject == CriteriaType.FRIENDLY_MODERN, CriteriaSet.deleted.is_(False))
    sets = session.execute(select(CriteriaSet.begins_on, CriteriaSet.ends_on).where(*friendly))
    if not any(
        (row.begins_on or begin) <= as_of and (row.ends_on or as_of) >= begin for row in sets
    ):
        return frozenset()
    judged, _passed = _judged(session, year, scope)
    return _open_between(session, begin, as_of, scope) - judged


def _open_between(
    session: Session, begin: dt.date, end: dt.date, scope: str | None
) -> frozenset[str]:
    """Libraries that were open on at least one day of the period."""
    columns = (Library.id, Library.status, Library.opened_on, Library.closed_on)
    return frozenset(
        row.id
        for row in session.execute(select(*columns).where(*kept(Library, scope)))
        if stands(max(begin, row.opened_on or begin), row.status, row.opened_on, row.closed_on)
        and (row.opened_on or begin) <= end
    )


def _judged(
    session: Session, year: int, scope: str | None
) -> tuple[frozenset[str], frozenset[str]]:
    """Libraries with any result of that year, and those that passed."""
    of_set = CriteriaSet.subject == CriteriaType.FRIENDLY_MODERN
    query = (
        select(Assessment.library, Assessment.result)
        .join(CriteriaSet, CriteriaSet.id == Assessment.criteria_set)
        .where(*kept(Assessment, scope), Assessment.year == year, of_set)
    )
    rows = session.execute(query).all()
    judged = frozenset(row.library for row in rows if row.result in (Result.PASSED, Result.FAILED))
    return judged, frozenset(row.library for row in rows if row.result == Result.PASSED)


def _ratio(
    code: str,
    name: str,
    some: frozenset[str],
    of_all: frozenset[str],
    target: Fraction | None = None,
) -> Figure:
    numerator, denominator = len(some), len(of_all)
    value = Fraction(numerator, denominator) if denominator else None
    return Figure(code, name, value, numerator, denominator, target)
