"""What stands in each province, on the map of any day."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.indicators.libraries import sites
from sync.indicators.membership import standings
from sync.province_map import ProvinceMap
from sync.records.library import Library
from sync.records.member import Member


@dataclass(frozen=True)
class ProvinceCount:
    """Libraries that stood and members who were active; `province` is "" where nobody knows."""

    province: str
    libraries: int
    members: int


def by_province(
    session: Session, as_of: dt.date, provinces: ProvinceMap, scope: str | None = None
) -> list[ProvinceCount]:
    """The counts of a day, each at the province of its commune on the map given.

    The map need not be that of the day: the figures of 2024 can be read on the map of today, and
    those of today on the map of 2024. The sums are the same on every map.
    """
    libraries_stand = select(Library.id, Library.commune)
    library_at = {row.id: row.commune for row in session.execute(libraries_stand)}
    members_live = select(Member.id, Member.commune)
    member_at = {row.id: row.commune for row in session.execute(members_live)}
    libraries = Counter(
        provinces.province(library_at[site.id]) for site in sites(session, as_of, scope)
    )
    members = Counter(
        provinces.province(member_at[member.id])
        for member in standings(session, as_of, scope)
        if member.is_active
    )
    found = sorted(libraries.keys() | members.keys())
    return [ProvinceCount(code, libraries[code], members[code]) for code in found]
