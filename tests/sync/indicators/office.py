"""An office for tests of figures: its shelf takes whatever it is given."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from fractions import Fraction

from sqlalchemy.orm import Session

from sync.indicators import Figure, figures
from sync.records.base import Record, initial
from sync.records.headcount import Headcount
from sync.records.library import Library
from sync.records.member import Member
from sync.records.types import Value

TODAY = dt.date(2026, 11, 20)
TARGETS = {
    "I1a": Fraction(7, 10),
    "I1b": Fraction(1, 4),
    "I2": Fraction(1, 2),
    "I3": Fraction(1, 5),
}


class Office:
    """Puts records on the shelf without asking the rules: figures must bear what others wrote."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.made = 0

    def add(
        self, kind: type[Record], given: Mapping[str, Value] | None = None, **values: Value
    ) -> str:
        """The id of the new record; `scope` and `deleted` may be among the values."""
        self.made += 1
        identity = f"{self.made:032x}"
        columns = {"scope": "19", **initial(kind), **(given or {}), **values}
        self.session.add(kind(id=identity, **columns))
        return identity

    def library(self, staff: int | None, year: int = 2026, **values: Value) -> str:
        """A library, of a university unless said otherwise; no headcount when `staff` is None."""
        library = self.add(Library, {"type": "university", "education": "university", **values})
        if staff is not None:
            self.add(Headcount, library=library, year=year, total=staff, source="library")
        return library

    def members(self, number: int, **values: Value) -> list[str]:
        return [
            self.add(Member, {"joined_on": dt.date(2020, 1, 1), **values}) for _ in range(number)
        ]

    def figure(self, code: str, as_of: dt.date = TODAY, scope: str | None = None) -> Figure:
        self.session.flush()
        found = figures(self.session, as_of, targets=TARGETS, scope=scope)
        return next(figure for figure in found if figure.code == code)
