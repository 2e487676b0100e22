"""The targets of the term: where each stands, how it came there, and what to do next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from sync.client.tables import Office
from sync.indicators.coverage import (
    COVERAGES,
    coverage_figures,
    members_by_library,
    provinces_figure,
)
from sync.indicators.emulation import emulation_figures
from sync.indicators.figure import Figure
from sync.indicators.freshness import Age, headcount_ages
from sync.indicators.gaps import Gain, coverage_gains, emulation_gains
from sync.indicators.libraries import Site, sites
from sync.indicators.membership import Standing, standings
from sync.indicators.targets import targets_in_force
from sync.indicators.trend import Point, trends
from sync.records.types import Words
from sync.texts import N_
from vla_desktop.store.database import reading
from vla_desktop.store.rows import titles_of


class Verdict(Words):
    """What can be said of a target. `LACKING` has no denominator: it is no 0 % and no 100 %."""

    MET = "met", N_("Đã đạt")
    SHORT = "short", N_("Chưa đạt")
    LACKING = "lacking", N_("Chưa đủ số liệu")
    UNSET = "unset", N_("Khóa này chưa đặt mức")
    COUNTED = "counted", N_("Trung ương tính tỷ lệ")


@dataclass(frozen=True)
class Named:
    """A library's gain, with what the library is called."""

    gain: Gain
    title: str


@dataclass(frozen=True)
class Aim:
    """One target on a day.

    `covered` of `asked` libraries have what the ratio rests on. `ages` is empty where no headcount
    is asked for. `gains` come in the order in which they are cheapest; `faults` are libraries with
    more members than staff, their gain below 0; `missing` are ids of libraries without headcount.
    """

    figure: Figure
    points: Sequence[Point]
    covered: int = 0
    asked: int = 0
    ages: Mapping[Age, int] | None = None
    gains: Sequence[Named] = ()
    faults: Sequence[Named] = ()
    missing: frozenset[str] = frozenset()

    @property
    def verdict(self) -> Verdict:
        """Met or not is asked before any rounding."""
        if not self.figure.is_ratio:
            return Verdict.COUNTED
        if self.figure.value is None:
            return Verdict.LACKING
        if self.figure.target is None:
            return Verdict.UNSET
        return Verdict.MET if self.figure.is_met else Verdict.SHORT


class Aims:
    """Reads them in an office."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def on(self, as_of: dt.date) -> list[Aim]:
        """Every ratio with a target, on a day. Takes some tenths of a second."""
        with reading(self.engine) as session:
            return _Reading(session, as_of).aims()


class _Reading:
    """What several targets ask for, read once."""

    def __init__(self, session: Session, as_of: dt.date) -> None:
        self.session, self.as_of = session, as_of
        self.targets = targets_in_force(session, as_of)
        self.scope = session.get_one(Office, 1).branch
        self.stood: list[Site] = sites(session, as_of, self.scope)
        self.members: list[Standing] = standings(session, as_of, self.scope)
        self.at_work = members_by_library(self.members)

    def aims(self) -> list[Aim]:
        points = trends(self.session, self.as_of, self.targets, scope=self.scope)
        ratios = coverage_figures(self.stood, self.members, self.targets)
        found = [self._of_members(ratio, points[ratio.code]) for ratio in ratios]
        found.append(Aim(self._provinces(), points["I2"]))
        return [*found, self._of_libraries(points["I3"])]

    def _provinces(self) -> Figure:
        target = self.targets.get("I2")
        return provinces_figure(self.session, self.as_of, (), target, self.scope)

    def _of_members(self, ratio: Figure, points: Sequence[Point]) -> Aim:
        covers = next(each.covers for each in COVERAGES if each.code == ratio.code)
        asked = [site for site in self.stood if covers(site)]
        over = [
            Gain(site.id, site.staff - self.at_work[site.id], self.at_work[site.id], site.staff)
            for site in asked
            if site.staff is not None and self.at_work[site.id] > site.staff
        ]
        missing = frozenset(site.id for site in asked if site.staff is None)
        return Aim(
            ratio, points, len(asked) - len(missing), len(asked),
            headcount_ages(self.session, self.as_of, [site.id for site in asked], self.scope),
            self._named(coverage_gains(asked, self.at_work, ratio.needed or 0)),
            self._named(sorted(over, key=lambda gain: (gain.count, gain.library))), missing,
        )  # fmt: skip

    def _of_libraries(self, points: Sequence[Point]) -> Aim:
        ratio, judged, _passed = emulation_figures(
            self.session, self.as_of, self.targets.get("I3"), self.scope
        )
        needed = ratio.needed or 0
        gains = emulation_gains(self.session, self.as_of, self.stood, needed, self.scope)
        covered, asked = judged.numerator or 0, judged.denominator or 0
        return Aim(ratio, points, covered, asked, gains=self._named(gains))

    def _named(self, gains: Iterable[Gain]) -> list[Named]:
        gains = list(gains)
        titles = titles_of(self.session, {gain.library for gain in gains})
        return [Named(gain, titles.get(gain.library, "")) for gain in gains]
