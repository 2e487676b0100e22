"""The ratios that the resolution sets targets for."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.indicators.figure import PROVISIONAL_FROM, Figure
from sync.indicators.libraries import Site
from sync.indicators.membership import Standing, kept
from sync.province_map import ProvinceMap
from sync.records.organisation_unit import OrganisationUnit, UnitStatus
from sync.texts import N_, _


@dataclass(frozen=True)
class Coverage:
    """One ratio of members among the staff of a set of libraries."""

    code: str
    name: str
    covers: Callable[[Site], bool]


COVERAGES = (
    Coverage(
        "I1a", N_("Cán bộ thư viện đại học, cao đẳng là hội viên"), lambda site: site.is_higher
    ),
    Coverage("I1b", N_("Cán bộ thư viện trường học là hội viên"), lambda site: site.is_school),
)


def members_by_library(members: Iterable[Standing]) -> Counter[str]:
    """How many active persons work in each library. Organisations are nobody's staff."""
    return Counter(
        member.workplace
        for member in members
        if member.is_active and member.is_person and member.workplace
    )


def coverage_figures(
    stood: Sequence[Site], members: Iterable[Standing], targets: Mapping[str, Fraction]
) -> list[Figure]:
    """The ratios of `COVERAGES`, in their order."""
    at_work = members_by_library(members)
    return [coverage_figure(each, stood, at_work, targets.get(each.code)) for each in COVERAGES]


def coverage_figure(
    coverage: Coverage,
    sites: Sequence[Site],
    members: Mapping[str, int],
    target: Fraction | None,
) -> Figure:
    """The ratio over the libraries whose staff is known; the others count as missing."""
    asked = [site for site in sites if coverage.covers(site)]
    known = [site for site in asked if site.staff is not None]
    missing = len(asked) - len(known)
    numerator = sum(members.get(site.id, 0) for site in known)
    denominator = sum(site.staff or 0 for site in known)
    faulty = sum(members.get(site.id, 0) > (site.staff or 0) for site in known)
    provisional = missing > PROVISIONAL_FROM * len(asked) or numerator > denominator
    return Figure(
        coverage.code,
        _(coverage.name),
        Fraction(numerator, denominator) if denominator else None,
        numerator,
        denominator,
        target,
        _notes(missing, len(asked), faulty, numerator > denominator),
        missing,
        provisional,
    )


def _notes(missing: int, asked: int, faulty: int, impossible: bool) -> str:
    notes = []
    if missing > PROVISIONAL_FROM * asked:
        notes.append(
            _("Tạm tính: thiếu số nhân sự của {missing}/{asked} thư viện.").format(
                missing=missing, asked=asked
            )
        )
    elif missing:
        notes.append(
            _("Thư viện chưa có số nhân sự: {missing}/{asked}.").format(
                missing=missing, asked=asked
            )
        )
    if impossible:
        notes.append(_("Số liệu sai: hội viên nhiều hơn số người làm thư viện."))
    if faulty:
        notes.append(
            _("Ở {faulty} thư viện, hội viên nhiều hơn số nhân sự đã ghi.").format(faulty=faulty)
        )
    return " ".join(notes)


def provinces_figure(
    session: Session,
    as_of: dt.date,
    provinces: Collection[str],
    target: Fraction | None,
    scope: str | None = None,
) -> Figure:
    """Provinces with an active provincial branch, among `provinces`: those in force on the day.

    A unit counts for the province it is in now, or, on the map of before the province was formed,
    for the one where it was founded. Under whichever codes, a `ProvinceMap` finds the province; a
    unit of which nobody wrote down where it was founded is left out of an older map when its
    province of now was made of several, and the note says so. Without `provinces`, as in a
    branch, which sees only itself, it is a plain count.
    """
    units = _provincial_units(session, as_of, scope)
    name = _("Tỉnh, thành phố có chi hội cấp tỉnh")
    if not provinces:
        served = len({now for now, _founding in units} - {""})
        note = _("Trung ương tính tỷ lệ trên cả nước.")
        return Figure("I2", name, Fraction(served), served, note=note)
    found = [_province(unit, provinces) for unit in units]
    served = len(set(found) - {""})
    note = _("{count} chi hội chưa ghi tỉnh lúc thành lập nên không rõ thuộc tỉnh cũ nào.")
    note = note.format(count=found.count("")) if "" in found else ""
    ratio = Fraction(served, len(provinces))
    return Figure("I2", name, ratio, served, len(provinces), target, note)


def provinces_served(session: Session, as_of: dt.date, provinces: ProvinceMap) -> set[str]:
    """Those of the map that `provinces_figure` counts above."""
    return {_province(unit, provinces) for unit in _provincial_units(session, as_of)} - {""}


def _provincial_units(
    session: Session, as_of: dt.date, scope: str | None = None
) -> list[tuple[str, str]]:
    """Where the active provincial branches are now, and where they were founded."""
    columns = (
        OrganisationUnit.province, OrganisationUnit.founding_province, OrganisationUnit.status,
        OrganisationUnit.decision_on, OrganisationUnit.ended_on,
    )  # fmt: skip
    provincial = OrganisationUnit.provincial.is_(True)
    query = select(*columns).where(provincial, *kept(OrganisationUnit, scope))
    return [
        (row.province, row.founding_province)
        for row in session.execute(query)
        if _is_active(as_of, row.status, row.decision_on, row.ended_on)
    ]


def _province(unit: tuple[str, str], provinces: Collection[str]) -> str:
    """The first of the unit's codes that stands in the map, then that which can be led to it."""
    standing = next((code for code in unit if code in provinces), "")
    if standing or not isinstance(provinces, ProvinceMap):
        return standing
    return next(filter(None, map(provinces.province, unit)), "")


def _is_active(
    as_of: dt.date, status: str, decision_on: dt.date | None, ended_on: dt.date | None
) -> bool:
    if decision_on and decision_on > as_of:
        return False
    if ended_on:
        return ended_on > as_of
    return status == UnitStatus.ACTIVE
