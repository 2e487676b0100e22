"""One number of the association, with what it is made of."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

from sync.texts import _
from sync.vietnamese import grouped

PROVISIONAL_FROM = Fraction(1, 10)


@dataclass(frozen=True)
class Figure:
    """A count, or a ratio of two counts.

    A count has no `denominator`. A ratio whose denominator is 0 has no `value`. `missing` counts
    the libraries left out for want of a headcount. `target` is None where none was set.
    """

    code: str
    name: str
    value: Fraction | None
    numerator: int | None = None
    denominator: int | None = None
    target: Fraction | None = None
    note: str = ""
    missing: int = 0
    provisional: bool = False

    @property
    def is_ratio(self) -> bool:
        """Whether it is shown in per cent."""
        return self.denominator is not None

    @property
    def is_met(self) -> bool | None:
        """Whether the target is reached, before any rounding; None when nobody can say."""
        if self.target is None or self.value is None:
            return None
        return self.value >= self.target

    @property
    def needed(self) -> int | None:
        """How many more in the numerator reach the target; 0 when it is met, None as above."""
        if self.is_met is None or self.target is None:
            return None
        goal = math.ceil(self.target * (self.denominator or 0))
        return max(0, goal - (self.numerator or 0))

    @property
    def shown(self) -> str:
        """The value as people read it."""
        if self.value is None:
            return _("chưa đủ số liệu")
        return percent(self.value) if self.is_ratio else grouped(int(self.value))


def percent(ratio: Fraction) -> str:
    """The ratio in per cent with one decimal, half up: "71,0 %"."""
    tenths = math.floor(ratio * 1000 + Fraction(1, 2))
    return f"{grouped(tenths // 10)},{tenths % 10} %"


def count(code: str, name: str, number: int) -> Figure:
    """A figure that only counts."""
    return Figure(code, name, Fraction(number), number)
