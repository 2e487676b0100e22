"""One figure of accuracy, with its bar."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Share:
    """So many of so many; `bar` in percent is the least, or the most when `is_ceiling`."""

    name: str
    part: int
    whole: int
    bar: float
    is_ceiling: bool = False

    @property
    def percent(self) -> float:
        """The share in percent."""
        return 100 * self.part / self.whole

    def is_met(self) -> bool:
        """Whether the bar is reached."""
        return self.percent <= self.bar if self.is_ceiling else self.percent >= self.bar

    def line(self) -> str:
        """The figure as it is printed."""
        sign = "≤" if self.is_ceiling else "≥"
        word = "" if self.is_met() else "  MISSED"
        told = f"{self.part}/{self.whole} = {self.percent:.2f} %"
        return f"{self.name:<44} {told:<24} ({sign} {self.bar:g} %){word}"
