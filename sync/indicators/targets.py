"""What the congress of a term resolved to reach. They belong to a term, never to a formula."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path


@dataclass(frozen=True)
class Target:
    """What one indicator should reach in one term; `ratio` between 0 and 1."""

    term: str
    indicator: str
    ratio: Fraction
    source: str


def read_targets(path: Path) -> list[Target]:
    """The targets of a table with the columns term, indicator, target ("70 %") and source.

    Raises ValueError when a target is no percentage.
    """
    with path.open(encoding="utf-8", newline="") as file:
        return list(_targets(csv.DictReader(file)))


def _targets(rows: Iterable[dict[str, str]]) -> Iterator[Target]:
    for row in rows:
        ratio = Fraction(row["target"].removesuffix("%").strip()) / 100
        yield Target(row["term"], row["indicator"], ratio, row["source"])


def newest(targets: Iterable[Target], term: str = "") -> dict[str, Fraction]:
    """The target of each indicator: of one term, or of the last term that set one.

    The table lists its terms from the oldest to the newest.
    """
    return {target.indicator: target.ratio for target in targets if term in ("", target.term)}
