"""Libraries on a day and the headcounts that may stand for them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.indicators.membership import kept
from sync.records.headcount import Headcount
from sync.records.library import Education, Library, LibraryStatus, LibraryType

_GONE = (LibraryStatus.CLOSED, LibraryStatus.MERGED)
GENERAL_SCHOOLS = frozenset(
    {Education.PRIMARY, Education.LOWER_SECONDARY, Education.UPPER_SECONDARY, Education.COMBINED}
)


@dataclass(frozen=True)
class Site:
    """A library that stood on the day. `staff` is None when no headcount is recent enough."""

    id: str
    type: str
    education: str
    staff: int | None

    @property
    def is_higher(self) -> bool:
        """Universities, and colleges, which the law counts among other education.

        Source: Law on Libraries 46/2019/QH14 Art. 9(1)(đ), (e).
        """
        return self.type == LibraryType.UNIVERSITY or (
            self.type == LibraryType.EDUCATION and self.education == Education.COLLEGE
        )

    @property
    def is_school(self) -> bool:
        """General schools; preschools are not among them."""
        return self.type == LibraryType.EDUCATION and self.education in GENERAL_SCHOOLS


def sites(session: Session, as_of: dt.date, scope: str | None = None) -> list[Site]:
    """The libraries that stood on the day, each with its staff."""
    staff = headcounts(session, as_of.year, scope)
    columns = (
        Library.id, Library.type, Library.education,
        Library.status, Library.opened_on, Library.closed_on,
    )  # fmt: skip
    return [
        Site(row.id, row.type, row.education, staff.get(row.id))
        for row in session.execute(
            select(*columns).where(*kept(Library, scope)).order_by(Library.id)
        )
        if stands(as_of, row.status, row.opened_on, row.closed_on)
    ]


def stands(
    as_of: dt.date, status: str, opened_on: dt.date | None, closed_on: dt.date | None
) -> bool:
    """Whether a library stood on the day. Closed at an unknown date means it did not."""
    if opened_on and opened_on > as_of:
        return False
    if closed_on:
        return closed_on > as_of
    return status not in _GONE


def headcounts(session: Session, year: int, scope: str | None = None) -> dict[str, int]:
    """Staff by library: the newest count of the year or of the year before, nothing older.

    When two counts of one year stand side by side, the one made later wins.
    """
    columns = (Headcount.library, Headcount.total)
    query = (
        select(*columns)
        .where(*kept(Headcount, scope))
        .where(Headcount.year.between(year - 1, year), Headcount.total.is_not(None))
        .order_by(Headcount.year, Headcount.counted_on.asc().nulls_first(), Headcount.id)
    )
    return {row.library: row.total for row in session.execute(query)}
