"""Taking back a re-homing: as many records as it wrote, and as quickly."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from sync.bulk import CHUNK
from sync.changes import Action, Entry
from sync.progress import Progress
from sync.records import BY_NAME
from sync.records.base import Record
from sync.texts import _
from vla_desktop.store import bulk_edits, rehoming
from vla_desktop.store.bulk_edits import Edit
from vla_desktop.store.desk import Desk
from vla_desktop.store.undo import Mark, Undone

# Fewer are taken back one by one, with every rule asked.
LEAST = 200


def take_back_many(
    desk: Desk, marks: Sequence[Mark], undone: Undone, progress: Progress
) -> list[Mark]:
    """Take back what only set places and was not touched since; returns the other marks."""
    if len(marks) < LEAST:
        return list(marks)
    left: list[Mark] = []
    for start in range(0, len(marks), CHUNK):
        progress.report(start, len(marks), _("Hoàn tác"))
        left += _taken_back(desk, marks[start : start + CHUNK], undone)
    progress.report(len(marks), len(marks), _("Hoàn tác"))
    return left


def _taken_back(desk: Desk, marks: Sequence[Mark], undone: Undone) -> list[Mark]:
    # Columns: a mapped entry would be remembered, and there may be a hundred thousand.
    columns = (Entry.id, Entry.written_at, Entry.kind, Entry.record, Entry.action, Entry.values,
               Entry.before)  # fmt: skip
    query = select(*columns).where(Entry.id.in_([identity for identity, _at in marks]))
    rows: Sequence[Any] = desk.session.execute(query).all()
    entries = {(row.id, row.written_at): row for row in rows}
    of_kind: dict[str, list[Any]] = {}
    for mark in marks:
        if mark in entries:
            of_kind.setdefault(entries[mark].kind, []).append(entries[mark])
    done: set[str] = set()
    for name, some in of_kind.items():
        edits = _opposites(desk, BY_NAME[name], some)
        desk.write_many(BY_NAME[name], list(edits.values()))
        done |= edits.keys()
    undone.records += len(done)
    return [mark for mark in marks if mark[0] not in done]


def _opposites(desk: Desk, kind: type[Record], entries: Sequence[Any]) -> dict[str, Edit]:
    """By entry. Of several of one record only the last can stand as it was written."""
    names = rehoming.written_fields(kind)
    by_record = {entry.record: entry for entry in entries}
    records = list(by_record)
    heavy = bulk_edits.burdened(desk.session, records)
    columns = [getattr(kind, name) for name in sorted(names)]
    rows = desk.session.execute(select(kind.id, kind.scope, *columns).where(kind.id.in_(records)))
    found = {}
    for standing in rows.mappings():
        record = standing["id"]
        entry = by_record[record]
        if (
            entry.action == Action.EDIT
            and names.issuperset(entry.values)
            and record not in heavy
            and standing["scope"] == desk.pen.scope
            and all(standing[name] == value for name, value in entry.values.items())
        ):
            before = {name: str(value) for name, value in entry.before.items()}
            values = {name: str(value) for name, value in entry.values.items()}
            found[entry.id] = Edit(record, before, values)
    return found
