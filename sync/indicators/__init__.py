"""The association's figures: the same formulas in an office and at the centre.

Pure reading of the typed tables. `scope` names one branch, None takes all that is held; `targets`
are levels by indicator, None those of the term in force on the day; `provinces` are those in force
on the day, given by whoever sees the whole country.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import replace
from fractions import Fraction

from sqlalchemy.orm import Session

from sync.indicators import counts, coverage
from sync.indicators.dues import dues_figures
from sync.indicators.emulation import emulation_figures
from sync.indicators.figure import Figure, percent
from sync.indicators.libraries import Site, sites
from sync.indicators.membership import standings
from sync.indicators.targets import targets_in_force, term_in_force
from sync.indicators.work import work_figures


def figures(
    session: Session,
    as_of: dt.date,
    *,
    targets: Mapping[str, Fraction] | None = None,
    provinces: Collection[str] = (),
    scope: str | None = None,
) -> list[Figure]:
    """Every figure of the day, the ratios first. The order and the codes are stable."""
    targets = targets_in_force(session, as_of) if targets is None else targets
    stood = sites(session, as_of, scope)
    members = standings(session, as_of, scope)
    new_year = dt.date(as_of.year - 1, 12, 31)
    return [
        *coverage.coverage_figures(stood, members, targets),
        coverage.provinces_figure(session, as_of, provinces, targets.get("I2"), scope),
        *emulation_figures(session, as_of, targets.get("I3"), scope),
        *counts.member_figures(members, standings(session, new_year, scope), stood),
        *counts.library_figures(stood),
        *counts.activity_figures(session, as_of, scope),
        *dues_figures(session, as_of, members, scope),
        *(aimed(figure, targets) for figure in work_figures(session, as_of, scope)),
    ]


def aimed(figure: Figure, targets: Mapping[str, Fraction]) -> Figure:
    """The figure with its target, where one was set."""
    return replace(figure, target=targets[figure.code]) if figure.code in targets else figure


def missing_libraries(
    session: Session, as_of: dt.date, *, code: str = "", scope: str | None = None
) -> list[str]:
    """Ids of the libraries without a recent headcount; of one ratio (I1a, I1b) or of all."""
    return [
        site.id
        for site in sites(session, as_of, scope)
        if site.staff is None and _is_asked(code, site)
    ]


def faulty_libraries(
    session: Session, as_of: dt.date, *, code: str = "", scope: str | None = None
) -> list[str]:
    """Ids of the libraries with more members than staff."""
    at_work = coverage.members_by_library(standings(session, as_of, scope))
    return [
        site.id
        for site in sites(session, as_of, scope)
        if site.staff is not None and at_work[site.id] > site.staff and _is_asked(code, site)
    ]


def _is_asked(code: str, site: Site) -> bool:
    return not code or any(each.covers(site) for each in coverage.COVERAGES if each.code == code)


__all__ = [
    "Figure",
    "faulty_libraries",
    "figures",
    "missing_libraries",
    "percent",
    "targets_in_force",
    "term_in_force",
]
