"""A ratio over the years: where it stood when each year closed, and where it stands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy.orm import Session

from sync.indicators.coverage import coverage_figures, provinces_figure
from sync.indicators.emulation import assessment_year, emulation_figures
from sync.indicators.figure import Figure
from sync.indicators.libraries import sites
from sync.indicators.membership import standings

PAST_YEARS = 5


@dataclass(frozen=True)
class Point:
    """A ratio at the close of a year, or on the day that was asked for."""

    year: int
    figure: Figure


def trends(
    session: Session,
    as_of: dt.date,
    targets: Mapping[str, Fraction],
    provinces: Collection[str] = (),
    scope: str | None = None,
) -> dict[str, list[Point]]:
    """The points of each ratio with a target, by its code, from the oldest to the day itself.

    Years close on 31 December; of assessments on 30 November, when their year ends.
    """
    found: dict[str, list[Point]] = {}
    for back in range(PAST_YEARS, -1, -1):
        for year, figure in _ratios(session, as_of, back, targets, provinces, scope):
            found.setdefault(figure.code, []).append(Point(year, figure))
    return found


def _ratios(
    session: Session, as_of: dt.date, back: int, targets: Mapping[str, Fraction],
    provinces: Collection[str], scope: str | None,
) -> Iterator[tuple[int, Figure]]:  # fmt: skip
    day = dt.date(as_of.year - back, 12, 31) if back else as_of
    stood, members = sites(session, day, scope), standings(session, day, scope)
    for figure in coverage_figures(stood, members, targets):
        yield day.year, figure
    # Who sees only one branch counts provinces of today's country or none.
    if not back or not provinces:
        yield day.year, provinces_figure(session, day, provinces, targets.get("I2"), scope)
    year = assessment_year(as_of) - back
    day = dt.date(year, 11, 30) if back else as_of
    yield year, next(iter(emulation_figures(session, day, targets.get("I3"), scope)))
