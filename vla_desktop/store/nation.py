"""The ratios of the whole country as an office knows them: what the centre published last."""

from __future__ import annotations

import csv
import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from sync.changes import ASSOCIATION
from sync.indicators.figure import PROVISIONAL_FROM, Figure
from sync.places import Catalogue
from sync.records.library import Library
from sync.records.organisation_unit import OrganisationUnit
from sync.records.published_figure import PublishedFigure
from vla_desktop.store.aims import Aim
from vla_desktop.store.database import reading


@dataclass(frozen=True)
class Spot:
    """One province on the map; `islands` is what belongs to it far out at sea."""

    province: str
    name: str
    islands: str
    row: int
    column: int


@dataclass(frozen=True)
class Nation:
    """`figures` by province and ratio. `stood_on` is None when nothing was published: then only
    the branch's own province may stand there.
    """

    spots: Sequence[Spot]
    figures: Mapping[tuple[str, str], Figure]
    stood_on: dt.date | None = None
    published_on: dt.date | None = None
    own: str = ""


def spots(folder: Path, catalogue: Catalogue) -> list[Spot]:
    """The places of the tiles, from the table beside the catalogue."""
    with (folder / "tile-map.csv").open(encoding="utf-8", newline="") as file:
        return [
            Spot(
                row["province"], _name(catalogue, row["province"]), row["islands"],
                int(row["row"]), int(row["column"]),
            )
            for row in csv.DictReader(file)
        ]  # fmt: skip


def nation(
    engine: Engine, catalogue: Catalogue, placed: Sequence[Spot], as_of: dt.date,
    aims: Sequence[Aim],
) -> Nation:  # fmt: skip
    """What was published last for a day up to `as_of`, else what this office can say itself."""
    targets = {aim.figure.code: aim.figure for aim in aims}
    with reading(engine) as session:
        own = _own_province(session, catalogue)
        of_all = (PublishedFigure.scope == ASSOCIATION, PublishedFigure.deleted.is_(False))
        newest = session.scalar(
            select(func.max(PublishedFigure.stood_on)).where(
                *of_all, PublishedFigure.stood_on <= as_of
            )
        )
        if newest is None:
            alone = {(own, code): figure for code, figure in targets.items() if figure.is_ratio}
            return Nation(placed, alone if own else {}, own=own)
        rows = list(
            session.scalars(
                select(PublishedFigure).where(*of_all, PublishedFigure.stood_on == newest)
            )
        )
        figures = {(row.province, row.indicator): _figure(row, targets) for row in rows}
        published = max((row.published_on for row in rows if row.published_on), default=None)
    return Nation(placed, figures, newest, published, own)


def total(found: Nation, code: str) -> Figure | None:
    """The whole country's ratio; None when nothing was published."""
    parts = [figure for (_place, one), figure in found.figures.items() if one == code]
    if found.stood_on is None or not parts:
        return None
    numerator = sum(part.numerator or 0 for part in parts)
    denominator = sum(part.denominator or 0 for part in parts)
    value = Fraction(numerator, denominator) if denominator else None
    return Figure(code, parts[0].name, value, numerator, denominator, parts[0].target)


def _figure(row: PublishedFigure, known: Mapping[str, Figure]) -> Figure:
    numerator, denominator = row.numerator or 0, row.denominator or 0
    alike = known.get(row.indicator)
    missing = row.missing or 0
    return Figure(
        row.indicator, alike.name if alike else row.indicator,
        Fraction(numerator, denominator) if denominator else None, numerator, denominator,
        alike.target if alike else None, missing=missing,
        provisional=missing > PROVISIONAL_FROM * (row.asked or 0) or numerator > denominator,
    )  # fmt: skip


def _own_province(session: Session, catalogue: Catalogue) -> str:
    """Where the branch is: as its unit says, else where most of its libraries are."""
    said = session.scalar(
        select(OrganisationUnit.province)
        .where(OrganisationUnit.deleted.is_(False), OrganisationUnit.province != "")
        .order_by(OrganisationUnit.provincial.desc(), OrganisationUnit.id)
        .limit(1)
    )
    if said:
        return said
    query = select(Library.commune).where(Library.deleted.is_(False))
    places = (catalogue.get(code) for code in session.scalars(query))
    homes = Counter(place.parent for place in places if place is not None)
    return min(homes, key=lambda code: (-homes[code], code), default="")


def _name(catalogue: Catalogue, province: str) -> str:
    place = catalogue.get(province)
    return place.name.removeprefix("Thành phố ") if place else province
