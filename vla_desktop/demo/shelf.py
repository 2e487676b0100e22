"""Invented records put straight into the tables that figures read, past every ledger."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby, islice

from sqlalchemy import Table
from sqlalchemy.orm import Session

from sync.bulk import insert_rows
from sync.editing import to_wire
from sync.records.base import Record, blank, initial
from sync.records.fields import fields
from sync.records.types import Link, Value, WireValue
from vla_desktop.demo.invention.ground import Invented

AT_ONCE = 20_000


class Names:
    """Gives each key an id, in order, and finds it again where a record links to the key."""

    def __init__(self, begin: str = "") -> None:
        self._begin, self._ids = begin, dict[str, str]()

    def __len__(self) -> int:
        return len(self._ids)

    def name(self, key: str) -> str:
        """The id of a new key."""
        self._ids[key] = found = f"{self._begin}{len(self._ids) + 1:0{32 - len(self._begin)}x}"
        return found

    def wire(self, each: Invented) -> dict[str, WireValue]:
        """What a new record holds beside nothing, as an office would send it."""
        links = {f.name for f in fields(each.kind) if isinstance(f.type, Link)}
        full: dict[str, Value] = initial(each.kind) | {
            name: self._ids[str(value)] if name in links and value else value
            for name, value in each.values.items()
        }
        empty = blank(each.kind)
        return to_wire(each.kind, {k: v for k, v in full.items() if v != empty[k]})


def shelve(session: Session, scope: str, branch: Iterable[Invented], begin: str = "") -> int:
    """Put a branch's records into the tables; how many there were.

    Their ids begin with `begin`, which no two branches of one database may share.
    """
    names, records = Names(begin), iter(branch)
    while some := list(islice(records, AT_ONCE)):
        rows = []
        for each in some:
            values = names.wire(each)
            rows.append((each.kind, tuple(values), [names.name(each.key), *values.values()]))
        rows.sort(key=lambda row: (row[0].__tablename__, row[1]))
        for (kind, columns), alike in groupby(rows, key=lambda row: row[:2]):
            _insert(session, kind, scope, columns, [values for *_sort, values in alike])
    return len(names)


def _insert(
    session: Session, kind: type[Record], scope: str, columns: tuple[str, ...],
    rows: list[list[WireValue]],
) -> None:  # fmt: skip
    table: Table = kind.__table__  # type: ignore[assignment]
    placed = [[identity, scope, *values] for identity, *values in rows]
    insert_rows(session, table, ["id", "scope", *columns], placed)
