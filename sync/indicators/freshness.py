"""How old the headcounts are that a ratio rests on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sync.indicators.membership import kept
from sync.records.headcount import Headcount
from sync.records.types import Words
from sync.texts import N_


class Age(Words):
    """Only the first two stand for a library; see `libraries.headcounts`."""

    THIS_YEAR = "this_year", N_("số năm nay")
    LAST_YEAR = "last_year", N_("số năm trước")
    TOO_OLD = "too_old", N_("số quá cũ")
    NONE = "none", N_("chưa có số")


def headcount_ages(
    session: Session, as_of: dt.date, libraries: Collection[str], scope: str | None = None
) -> dict[Age, int]:
    """How many of these libraries have a newest headcount of each age; every age is named."""
    query = (
        select(Headcount.library, func.max(Headcount.year).label("newest"))
        .where(*kept(Headcount, scope))
        .where(Headcount.year <= as_of.year, Headcount.total.is_not(None))
        .group_by(Headcount.library)
    )
    newest = {row.library: row.newest for row in session.execute(query)}
    ages = dict.fromkeys(Age, 0)
    for library in libraries:
        ages[_age(as_of.year, newest.get(library))] += 1
    return ages


def _age(year: int, newest: int | None) -> Age:
    if newest is None:
        return Age.NONE
    return {year: Age.THIS_YEAR, year - 1: Age.LAST_YEAR}.get(newest, Age.TOO_OLD)
