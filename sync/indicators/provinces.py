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
    provinces_served,
)
from sync.indicators.emulation import emulation_sets
from sync.indicators.libraries import Site, sites
from sync.indicators.membership import standings
from sync.province_map import ProvinceMap
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


def local_figures(session: Session, as_of: dt.date, provinces: ProvinceMap) -> Iterator[Local]:
    """Every ratio of every province of the map; sums are those of the whole country.

    A library stands in the province of its commune, under whichever code that was written down.
    One of which nobody can say the province is in none.
    """
    at_work = members_by_library(standings(session, as_of))
    communes = select(Library.id, Library.commune)
    home = {row.id: provinces.province(row.commune) for row in session.execute(communes)}
    around: dict[str, list[Site]] = defaultdict(list)
    for site in sites(session, as_of):
        around[home[site.id]].append(site)
    opened, _judged, passed = emulation_sets(session, as_of)
    served = provinces_served(session, as_of, provinces)
    for province in sorted(provinces):
        near = around[province]
        for each in COVERAGES:
            figure = coverage_figure(each, near, at_work, None)
            asked = sum(each.covers(site) for site in near)
            yield Local(
                province, figure.code, figure.numerator or 0, figure.denominator or 0,
                figure.missing, asked,
            )  # fmt: skip
        yield Local(province, "I2", int(province in served), 1)
        here = {library for library in opened if home[library] == province}
        yield Local(province, "I3", len(passed & here), len(here))
