"""The ratios with a target, province by province, over everything that is held."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.indicators.coverage import (
    COVERAGES,
    coverage_figure,
    members_by_library,
    provinces_figure,
)
from sync.indicators.emulation import emulation_sets
from sync.indicators.libraries import Site, sites
from sync.indicators.membership import standings
from sync.places import Catalogue
from sync.records.library import Library


@dataclass(frozen=True)
class Local:
    """One ratio of one province. `asked` libraries should have a headcount, `missing` lack it."""

    province: str
    indicator: str
    numerator: int
    denominator: int
    missing: int = 0
    asked: int = 0


def local_figures(session: Session, as_of: dt.date, catalogue: Catalogue) -> Iterator[Local]:
    """Every ratio of every province in force on the day; sums are those of the whole country.

    A library stands in the province of its commune on that day. One whose commune was unknown
    then is in none.
    """
    stood = sites(session, as_of)
    at_work = members_by_library(standings(session, as_of))
    home = _homes(session, as_of, catalogue)
    around: dict[str, list[Site]] = defaultdict(list)
    for site in stood:
        around[home.get(site.id, "")].append(site)
    opened, _judged, passed = emulation_sets(session, as_of)
    for place in catalogue.provinces(as_of):
        near = around[place.code]
        for each in COVERAGES:
            figure = coverage_figure(each, near, at_work, None)
            asked = sum(each.covers(site) for site in near)
            yield Local(
                place.code, figure.code, figure.numerator or 0, figure.denominator or 0,
                figure.missing, asked,
            )  # fmt: skip
        served = provinces_figure(session, as_of, [place.code], None)
        yield Local(place.code, "I2", served.numerator or 0, 1)
        here = {library for library in opened if home.get(library) == place.code}
        yield Local(place.code, "I3", len(passed & here), len(here))


def _homes(session: Session, as_of: dt.date, catalogue: Catalogue) -> dict[str, str]:
    found = {}
    for row in session.execute(select(Library.id, Library.commune)):
        place = catalogue.get(row.commune, as_of) or catalogue.get(row.commune)
        if place is not None:
            found[row.id] = place.parent
    return found
