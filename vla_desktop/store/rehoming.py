"""Records that still stand in provinces and communes of before a merger, and what they become.

Nothing is guessed: a unit that one other took over is exchanged, one that was divided waits for
somebody who knows where the record is.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from sync.places import Catalogue
from sync.progress import Progress
from sync.province_map import ProvinceMap
from sync.records import KINDS, name_of
from sync.records.base import Record
from sync.records.fields import Field, fields
from sync.records.library import Library
from sync.records.organisation_unit import OrganisationUnit
from sync.records.types import PlaceCode

# What is written beside the new unit, where nothing was: the old one, as a code or in words.
FOUNDED_IN = (OrganisationUnit, OrganisationUnit.province.key)
ADDRESSED = (Library, Library.commune.key)
LONGEST_ADDRESS = 200

Totals = dict[tuple[str, str], int]
Where = tuple[type[Record], str]


@dataclass(frozen=True)
class Line:
    """The records of a kind that stand in one former unit, and those units of today that may be
    theirs: one that took it over, several that it was divided among, none when nobody knows.
    """

    kind: type[Record]
    field: str
    old: str
    heirs: tuple[str, ...]
    records: tuple[str, ...]

    @property
    def is_divided(self) -> bool:
        """Whether people have to say."""
        return len(self.heirs) != 1


@dataclass(frozen=True)
class Choices:
    """What the clerk said of divided units: for all records of one, or for single records.

    What is said of a record holds for it. Whatever nothing is said of is left as it is.
    """

    by_unit: Mapping[str, str] = field(default_factory=dict)
    by_record: Mapping[str, str] = field(default_factory=dict)

    def chosen(self, line: Line, record: str) -> str:
        """The new unit of a record; "" to leave it. A unit that is no heir is never taken."""
        if not line.is_divided:
            return line.heirs[0]
        wanted = self.by_record.get(record, self.by_unit.get(line.old, ""))
        return wanted if wanted in line.heirs else ""


@dataclass(frozen=True)
class Outcome:
    """What a re-homing came to. Counts are by the name of the kind, totals by kind and province
    of today; the totals before and after are equal, or nothing was written.
    """

    changed: Mapping[str, int]
    left: Mapping[str, int]
    before: Totals
    after: Totals


def place_fields(kind: type[Record]) -> Iterator[Field]:
    """The fields that say where something is now."""
    for each in fields(kind):
        if isinstance(each.type, PlaceCode) and not each.as_it_was:
            yield each


def former(session: Session, catalogue: Catalogue, scope: str, today: dt.date) -> list[Line]:
    """Every former unit that records of the branch stand in, kind by kind. The bin is left out."""
    found = []
    for kind in KINDS:
        for each in place_fields(kind):
            column = getattr(kind, each.name)
            query = select(column, kind.id).where(*_kept(kind, scope), column != "")
            codes = session.scalars(select(column).where(*_kept(kind, scope)).distinct())
            gone = sorted(code for code in codes if is_former(catalogue, code, today))
            records = defaultdict(list)
            for code, record in session.execute(query.where(column.in_(gone)).order_by(kind.id)):
                records[code].append(record)
            for code in gone:
                heirs = tuple(place.code for place in catalogue.successors(code, today))
                found.append(Line(kind, each.name, code, heirs, tuple(records[code])))
    return found


def is_former(catalogue: Catalogue, code: str, today: dt.date) -> bool:
    """Whether the catalogue knows the unit, and that it is no more."""
    return catalogue.get(code) is not None and not catalogue.in_force(code, today)


def totals(session: Session, catalogue: Catalogue, scope: str, today: dt.date) -> Totals:
    """How many records of each kind stand in each province of today, under whichever codes."""
    provinces = ProvinceMap(catalogue, today)
    found: Counter[tuple[str, str]] = Counter()
    for kind in KINDS:
        for each in place_fields(kind):
            column = getattr(kind, each.name)
            codes = session.scalars(select(column).where(*_kept(kind, scope)))
            counted = Counter(codes)
            for code, number in counted.items():
                found[name_of(kind), provinces.province(code)] += number
    return dict(found)


def values(catalogue: Catalogue, line: Line, new: str, row: Mapping[str, str]) -> dict[str, str]:
    """What a record gets: the new unit, and the old one where it would be forgotten otherwise.

    A branch keeps where it was founded, without which nobody could count it on the old map; a
    library keeps its old address.
    """
    wanted = {line.field: new}
    where = (line.kind, line.field)
    if where == FOUNDED_IN and not row[OrganisationUnit.founding_province.key]:
        wanted[OrganisationUnit.founding_province.key] = line.old
    if where == ADDRESSED and not row[Library.old_address.key]:
        parts = (row[Library.address.key], catalogue.label(line.old))
        address = ", ".join(part for part in parts if part)
        wanted[Library.old_address.key] = address[:LONGEST_ADDRESS]
    return wanted


def read_columns(line: Line) -> tuple[str, ...]:
    """The fields that `values` looks at or writes."""
    where = (line.kind, line.field)
    if where == FOUNDED_IN:
        return (line.field, OrganisationUnit.founding_province.key)
    if where == ADDRESSED:
        return (line.field, Library.old_address.key, Library.address.key)
    return (line.field,)


def written_fields(kind: type[Record]) -> frozenset[str]:
    """Every field that a re-homing may write."""
    names = {each.name for each in place_fields(kind)}
    if kind is OrganisationUnit:
        names.add(OrganisationUnit.founding_province.key)
    if kind is Library:
        names.add(Library.old_address.key)
    return frozenset(names)


def counted(lines: Iterable[Line], choices: Choices) -> tuple[Counter[str], Counter[str]]:
    """How many records of each kind would change, and how many would be left."""
    changed: Counter[str] = Counter()
    left: Counter[str] = Counter()
    for line in lines:
        moved = sum(bool(choices.chosen(line, record)) for record in line.records)
        changed[name_of(line.kind)] += moved
        left[name_of(line.kind)] += len(line.records) - moved
    return +changed, +left


def chunks(
    lines: Sequence[Line], size: int, progress: Progress, what: str
) -> Iterator[tuple[Line, tuple[str, ...]]]:
    """The records of each line in portions, telling how far it is before each."""
    total, done = sum(len(line.records) for line in lines), 0
    for line in lines:
        for start in range(0, len(line.records), size):
            progress.report(done, total, what)
            some = line.records[start : start + size]
            yield line, some
            done += len(some)
    progress.report(total, total, what)


def _kept(kind: type[Record], scope: str) -> tuple[ColumnElement[bool], ...]:
    return (kind.deleted.is_(False), kind.scope == scope)
