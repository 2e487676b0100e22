"""How far a ratio is from its target, library by library, where the gain is cheapest first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.indicators.emulation import assessment_year
from sync.indicators.libraries import Site
from sync.indicators.membership import kept
from sync.records.assessment import Assessment, Result
from sync.records.criteria_set import CriteriaSet, CriteriaType
from sync.records.types import Words
from sync.texts import N_


class Reason(Words):
    """Why a library is near to passing; the nearest first."""

    OPEN = "open", N_("đã đánh giá, chờ xếp loại")
    PASSED_BEFORE = "passed_before", N_("năm trước đã đạt, năm nay chưa đánh giá")
    UNJUDGED = "unjudged", N_("năm nay chưa đánh giá")
    FAILED = "failed", N_("năm nay chưa đạt")


@dataclass(frozen=True)
class Gain:
    """So many more in the numerator can be had at this library.

    Of members: `have` of `of` staff have joined. Of emulation: one library, with its `reason`.
    """

    library: str
    count: int
    have: int = 0
    of: int = 0
    reason: Reason | None = None


def coverage_gains(stood: Iterable[Site], members: Mapping[str, int], needed: int) -> list[Gain]:
    """The fewest libraries to visit for `needed` more members, and how many to win at each.

    A visit is what costs. So the library where most colleagues are still outside comes first, and
    no choice of fewer libraries would do. Among equal ones comes first where more have joined, for
    they know whom to ask; then the id, so that everybody sees one order. The last library gives
    only what is left. Where no headcount is known, or nobody works, nothing is to be had.
    """
    room = [
        Gain(site.id, site.staff - members.get(site.id, 0), members.get(site.id, 0), site.staff)
        for site in stood
        if site.staff is not None and site.staff > members.get(site.id, 0)
    ]
    gains = []
    for gain in sorted(room, key=lambda gain: (-gain.count, -gain.have, gain.library)):
        if needed <= 0:
            break
        won = min(gain.count, needed)
        gains.append(Gain(gain.library, won, gain.have, gain.of))
        needed -= won
    return gains


def emulation_gains(
    session: Session, as_of: dt.date, stood: Iterable[Site], needed: int, scope: str | None = None
) -> list[Gain]:
    """The `needed` libraries of those standing that are nearest to passing in the year of the day.

    By the work that is left: judged and only waiting for the result; passed the year before and
    not judged yet; not judged; failed this year. Within each the one with more points (of this
    year, or of the year before) comes first, then the id.
    """
    year = assessment_year(as_of)
    now, before = _results(session, year, scope), _results(session, year - 1, scope)
    near = []
    for library in (site.id for site in stood):
        reason = _reason(now.get(library), before.get(library))
        if reason is not None:
            points = (now.get(library) or before.get(library) or {}).values()
            near.append((list(Reason).index(reason), -max(points, default=0), library, reason))
    return [Gain(library, 1, reason=reason) for *_, library, reason in sorted(near)[:needed]]


def _reason(now: Mapping[str, int] | None, before: Mapping[str, int] | None) -> Reason | None:
    """None where nothing is left to do."""
    if now:
        if Result.PASSED in now:
            return None
        return Reason.OPEN if Result.OPEN in now else Reason.FAILED
    return Reason.PASSED_BEFORE if before and Result.PASSED in before else Reason.UNJUDGED


def _results(session: Session, year: int, scope: str | None) -> dict[str, dict[str, int]]:
    """By library what it was given that year, with the most points for each result."""
    friendly = CriteriaSet.subject == CriteriaType.FRIENDLY_MODERN
    query = (
        select(Assessment.library, Assessment.result, Assessment.points)
        .join(CriteriaSet, CriteriaSet.id == Assessment.criteria_set)
        .where(*kept(Assessment, scope), Assessment.year == year, friendly)
    )
    found: dict[str, dict[str, int]] = {}
    for row in session.execute(query):
        results = found.setdefault(row.library, {})
        results[row.result] = max(row.points or 0, results.get(row.result, 0))
    return found
