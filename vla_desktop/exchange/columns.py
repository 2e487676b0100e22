"""The columns of an exported list, and how their headings are known again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sync.records import KINDS, name_of
from sync.records.base import Record
from sync.records.fields import Field, fields
from sync.records.types import Link, PlaceCode
from sync.texts import N_, _
from sync.vietnamese import fold

ID_HEADING = N_("Mã bản ghi")
CODE_HEADING = N_("{label} (mã)")


@dataclass(frozen=True)
class Column:
    """One column. `field` is None for the record's own id.

    A reference is written twice: as people read it, and as its code in a column out of sight, so
    that two people of one name stay two people.
    """

    field: Field | None
    is_code: bool = False

    @property
    def key(self) -> str:
        """The column's own name; "" for the id."""
        if self.field is None:
            return ""
        return f"{self.field.name}:code" if self.is_code else self.field.name

    @property
    def heading(self) -> str:
        """The heading in the language of whoever reads."""
        if self.field is None:
            return _(ID_HEADING)
        label = _(self.field.label)
        return _(CODE_HEADING).format(label=label) if self.is_code else label

    @property
    def is_hidden(self) -> bool:
        """Whether the column serves the way back only."""
        return self.field is None or self.is_code

    @property
    def known_as(self) -> Iterator[str]:
        """Every heading by which the column is found again, folded."""
        if self.field is None:
            yield from (fold(self.heading), fold(ID_HEADING), "id")
        elif self.is_code:
            yield from (fold(self.heading), fold(CODE_HEADING.format(label=self.field.label)))
        else:
            yield from (fold(self.heading), fold(self.field.label), fold(self.field.name))


def columns(kind: type[Record]) -> list[Column]:
    """The columns in the order of the form, the codes and the id last."""
    return columns_of(fields(kind))


def columns_of(chosen: Iterable[Field]) -> list[Column]:
    """The columns of some fields in this order, with what the way back needs of them behind."""
    shown = [Column(field) for field in chosen]
    coded = [
        Column(column.field, is_code=True)
        for column in shown
        if column.field is not None and isinstance(column.field.type, Link | PlaceCode)
    ]
    return [*shown, *coded, Column(None)]


def recognised(
    kind: type[Record], headings: Sequence[str], foreign: Mapping[str, str] | None = None
) -> list[Column | None]:
    """Which column each heading names; None for a heading that is not known.

    `foreign` gives the key of a column for folded words that others write over it.

    Raises ValueError(heading) when two headings name one column.
    """
    by_heading = {name: column for column in reversed(columns(kind)) for name in column.known_as}
    found = [by_heading.get(fold(heading)) for heading in headings]
    named = {column.key for column in found if column is not None}
    by_key = {column.key: column for column in columns(kind)}
    for number, heading in enumerate(headings):
        key = (foreign or {}).get(fold(heading), "")
        # What the program itself calls a column is never put aside for a word of others.
        if found[number] is None and key and key not in named:
            found[number] = by_key[key]
    for column, times in Counter(found).items():
        if column is not None and times > 1:
            raise ValueError(column.heading)
    return found


def kind_of(headings: Sequence[str]) -> type[Record] | None:
    """The kind that knows most of the headings, when every required field of it is there."""
    scores: Counter[type[Record]] = Counter()
    known = {fold(heading) for heading in headings}
    for kind in KINDS:
        needed = [Column(field) for field in fields(kind) if field.required]
        if all(known.intersection(column.known_as) for column in needed):
            scores[kind] = sum(bool(known.intersection(each.known_as)) for each in columns(kind))
    best = scores.most_common(2)
    if not best or (len(best) == 2 and best[0][1] == best[1][1]):
        return None
    return best[0][0]


def kind_labelled(text: str) -> type[Record] | None:
    """The kind of this label or wire name, marks or no marks."""
    wanted = fold(text)
    for kind in KINDS:
        if wanted in (fold(_(kind.label)), fold(kind.label), fold(name_of(kind))):
            return kind
    return None
