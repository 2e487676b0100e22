"""Collecting figures and holding them against their bars."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field


def median(values: Sequence[float]) -> float:
    """The middle one."""
    return statistics.median(values)


def p95(values: Sequence[float]) -> float:
    """The value that 95 of 100 do not pass."""
    return sorted(values)[max(0, int(len(values) * 0.95 + 0.5) - 1)]


def times_ms(work: Callable[[], object], runs: int) -> list[float]:
    """How long each of several runs took."""
    found = []
    for _run in range(runs):
        began = time.perf_counter()
        work()
        found.append((time.perf_counter() - began) * 1000)
    return found


@dataclass
class Figures:
    """Lines of a table: name, value, unit, and the most it may be."""

    lines: list[tuple[str, float, str, float | None]] = field(default_factory=list)

    def add(self, name: str, value: float, unit: str, bar: float | None = None) -> None:
        """One figure; `bar` is the most that it may be, None when it is only reported."""
        self.lines.append((name, value, unit, bar))

    @property
    def all_met(self) -> bool:
        """Whether no figure passes its bar."""
        return all(bar is None or value <= bar for _name, value, _unit, bar in self.lines)

    def table(self) -> str:
        """For the terminal."""
        rows = []
        for name, value, unit, bar in self.lines:
            number = f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.2f}"
            held = "yes" if bar is None or value <= bar else "NO"
            verdict = "" if bar is None else f"at most {bar:g}: {held}"
            rows.append(f"{name:<58}{number:>10} {unit:<10}{verdict}")
        return "\n".join(rows)
