"""A shelf of records for tests of files: it names them as an office would."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from sync.places import Catalogue
from sync.records import BY_NAME, name_of
from sync.records.base import Record, blank
from sync.records.fields import fields
from sync.records.types import Link, PlaceCode, Value
from vla_desktop.exchange import TitleDirectory

TODAY = dt.date(2026, 11, 20)


@dataclass(frozen=True)
class Kept:
    """One record, as the store would give it."""

    id: str
    values: dict[str, Value]
    shown: dict[str, str]
    title: str


class Shelf:
    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.kept: dict[str, dict[str, Kept]] = {name: {} for name in BY_NAME}
        self.binned: set[str] = set()

    @property
    def directory(self) -> TitleDirectory:
        return TitleDirectory(self._titles)

    def _titles(self, kind_name: str) -> Iterator[tuple[str, str, bool]]:
        for kept in self.kept[kind_name].values():
            yield kept.id, kept.title, kept.id in self.binned

    def add(self, kind: type[Record], **values: Value) -> str:
        shelf = self.kept[name_of(kind)]
        number = sum(map(len, self.kept.values())) + 1
        whole = {**blank(kind), **values}
        shown = {field.name: self._shown(field.type, whole[field.name]) for field in fields(kind)}
        title = " · ".join(shown[f.name] for f in fields(kind) if f.titled and shown[f.name])
        kept = Kept(f"{'ab' * 10}{number:012x}", whole, shown, title)
        shelf[kept.id] = kept
        return kept.id

    def _shown(self, field_type: object, value: Value) -> str:
        if isinstance(field_type, Link) and value:
            return self.kept[field_type.target][str(value)].title
        if isinstance(field_type, PlaceCode) and value:
            return self.catalogue.label(str(value))
        return field_type.show(value)  # type: ignore[attr-defined, no-any-return]

    def rows(self, kind: type[Record]) -> list[Kept]:
        return list(self.kept[name_of(kind)].values())
