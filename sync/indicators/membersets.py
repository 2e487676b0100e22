"""The records behind each ratio: those that its two numbers count."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from sync.indicators.coverage import COVERAGES
from sync.indicators.emulation import emulation_sets
from sync.indicators.libraries import sites
from sync.indicators.membership import standings


@dataclass(frozen=True)
class Behind:
    """`numerator` has the records counted above, `denominator` those below with their weight."""

    numerator: frozenset[str]
    denominator: Mapping[str, int]


def behind_ratios(session: Session, as_of: dt.date, scope: str | None = None) -> dict[str, Behind]:
    """By the ratio's code. Their counts are the numerator and denominator of the figures."""
    stood = sites(session, as_of, scope)
    people = [one for one in standings(session, as_of, scope) if one.is_active and one.is_person]
    found = {}
    for each in COVERAGES:
        staff = {s.id: s.staff for s in stood if s.staff is not None and each.covers(s)}
        there = frozenset(one.id for one in people if one.workplace in staff)
        found[each.code] = Behind(there, staff)
    opened, _judged, passed = emulation_sets(session, as_of, scope)
    found["I3"] = Behind(passed, dict.fromkeys(opened, 1))
    return found
