"""New records, all of one sort at once: what has no past needs no comparing with it.

A record is *fresh* when it does not stand yet, and the changes at hand hold its creation and
nothing else of it. Its values go into the table as the wire gave them, column by column judged.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from sync.bulk import insert_rows, spans
from sync.changes import DELETED, Action, Change
from sync.records.base import Record, blank
from sync.records.fields import fields_by_name
from sync.records.types import Day, FieldType, Text, WireValue

Before = dict[str, dict[str, WireValue]]


def fresh_among(
    session: Session, kind: type[Record], changes: Sequence[Change], kept: Collection[str]
) -> dict[str, Change]:
    """Those of these changes of one kind that begin a fresh record, by the record."""
    begun: dict[str, Change] = {}
    spoilt: set[str] = set(kept)
    for change in changes:
        if change.action == Action.CREATE and change.record not in begun:
            begun[change.record] = change
        else:
            spoilt.add(change.record)
    begun = {record: change for record, change in begun.items() if record not in spoilt}
    for some in spans(session, kind.id, begun) if begun else ():
        for identity in session.scalars(select(kind.id).where(some)):
            begun.pop(identity, None)
    return begun


def insert_fresh(session: Session, kind: type[Record], changes: Iterable[Change]) -> Before:
    """Insert the records; returns what the fields held before, by change, of all that were.

    A change with a value that is no value of its field is left to somebody more patient.
    """
    by_names: dict[tuple[str, ...], list[Change]] = {}
    for change in changes:
        by_names.setdefault(tuple(change.values), []).append(change)
    known, empty = fields_by_name(kind), _empty(kind)
    before: Before = {}
    for names, some in by_names.items():
        if DELETED in names:
            continue
        columns = [name for name in names if name in known]
        rows = [[change.values[name] for name in columns] for change in some]
        turned = zip(*rows, strict=True) if columns else ()
        if not all(map(_fit, [known[name].type for name in columns], turned)):
            continue
        table: Table = kind.__table__  # type: ignore[assignment]
        insert_rows(
            session,
            table,
            ["id", "scope", *columns],
            [[one.record, one.scope, *row] for one, row in zip(some, rows, strict=True)],
        )
        was = {name: empty[name] for name in columns}
        before |= {change.id: was for change in some}
    return before


def _empty(kind: type[Record]) -> dict[str, WireValue]:
    known = fields_by_name(kind)
    return {name: known[name].type.to_wire(value) for name, value in blank(kind).items()}


def _fit(field_type: FieldType, values: Sequence[WireValue]) -> bool:
    """Whether all are values of this type, written as the database writes them."""
    types = set(map(type, values))
    if types == {str} and isinstance(field_type, Text):
        return "\0" not in "".join(values)  # type: ignore[arg-type]
    if len(types - {type(None)}) > 1:
        return False  # to a set, yes and 1 are one
    return all(_fits(field_type, value) for value in set(values))


def _fits(field_type: FieldType, value: WireValue) -> bool:
    try:
        found = field_type.from_wire(value)
    except ValueError:
        return False
    if isinstance(field_type, Day):
        return found is None or (isinstance(found, dt.date) and found.isoformat() == value)
    return not isinstance(value, str) or "\0" not in value
