"""What every part of the invention stands on: chance, days, names, and records before their ids."""

from __future__ import annotations

import datetime as dt
import itertools
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from sync.places import Catalogue, Place
from sync.records.base import Record
from sync.records.types import Value
from sync.vietnamese import words

PROVINCE = "19"
FOUNDED_ON = dt.date(2012, 9, 20)
TERM_IV_FROM = dt.date(2022, 6, 22)

Thing = TypeVar("Thing")


@dataclass(frozen=True)
class Invented:
    """A record that has no id yet. Links among its values are keys of records invented before."""

    key: str
    kind: type[Record]
    values: dict[str, Value]


@dataclass(frozen=True)
class Scale:
    """How much there is of everything; `listed` activities have a list of who came.

    `years` of history: headcounts, dues, assessments, plans, courses, events.
    """

    libraries: int
    members: int
    activities: int
    listed: int
    participations: int
    years: int


class Names:
    """Given names and family names to make people from."""

    def __init__(self, folder: Path) -> None:
        self.male = _lines(folder / "given-names-male.txt")
        self.female = _lines(folder / "given-names-female.txt")
        pairs = [line.split("\t") for line in _lines(folder / "surnames.txt")]
        self.surnames = [surname for surname, _weight in pairs]
        self.weights = [int(weight) for _surname, weight in pairs]

    def full_name(self, chance: random.Random, *, female: bool) -> str:
        """Family name, middle name, given name."""
        [surname] = chance.choices(self.surnames, self.weights)
        return f"{surname} {chance.choice(self.female if female else self.male)}"


class Ground:
    """The province on the day of the invention. One seed and one day give one branch."""

    def __init__(
        self, catalogue: Catalogue, names: Names, scale: Scale, seed: int, today: dt.date,
        province: str = PROVINCE,
    ) -> None:  # fmt: skip
        place = catalogue.get(province)
        if place is None:
            raise LookupError(province)
        self.names, self.scale, self.today = names, scale, today
        self.province, self.province_name = province, place.name
        self.province_title = place.full_name[:1].lower() + place.full_name[1:]
        former = f"{province}@2025"
        self.founding_province = former if catalogue.get(former) else province
        self.communes: Sequence[Place] = sorted(
            catalogue.communes(province), key=lambda place: place.code
        )
        self.first_day = dt.date(today.year - scale.years + 1, 1, 1)
        self._seed = seed if province == PROVINCE else f"{seed} {province}"

    def chance(self, part: str) -> random.Random:
        """A stream of its own for each part, so that one can grow without moving the others."""
        return random.Random(f"{self._seed} {part}")

    def day_between(self, chance: random.Random, first: dt.date, last: dt.date) -> dt.date:
        """A day of the span, both ends in it; never after today, whatever the span says."""
        last = min(last, self.today)
        first = min(first, last)
        return first + dt.timedelta(days=chance.randint(0, (last - first).days))


def phone(chance: random.Random) -> str:
    """A number that nobody can have: 0100 is no prefix."""
    return f"0100{chance.randrange(10**6):06}"


def email(name: str, number: int) -> str:
    """An address under a name kept for examples."""
    parts = words(name)
    return f"{parts[-1]}.{''.join(part[0] for part in parts[:-1])}{number}@example.vn"


def shares(total: int, weights: Sequence[float]) -> list[int]:
    """Whole numbers in the proportion of the weights that make the total."""
    whole, edges, done = sum(weights), [0], 0.0
    for weight in weights:
        done += weight
        edges.append(round(total * done / whole))
    return [after - before for before, after in itertools.pairwise(edges)]


def _lines(path: Path) -> list[str]:
    return [line for line in path.read_text("utf-8").splitlines() if line]
