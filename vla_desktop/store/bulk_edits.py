"""Many edits of fields that no rule joins to others, written at once.

One by one, as a form writes, 100,000 records would take minutes. The rules are not asked: whoever
calls vouches for the new values, and faults in the other fields of a record were there before.
Records whose last changes the centre refused are not for here; `burdened` names them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from sync.bulk import CHUNK, update_rows
from sync.changes import Action, Change, Entry, Setback, entry_values, mark_of
from sync.editing import MOST_AUTHOR, Pen
from sync.records import name_of
from sync.records.base import Record
from sync.records.fields import fields_by_name
from sync.stored import write_entries

# A change's id and when it was written, as `undo.Mark`.
Mark = tuple[str, str]

_LAID_ASIDE = (Setback.REFUSED.value, Setback.WITHDRAWN.value)


@dataclass(frozen=True)
class Edit:
    """Texts that the fields of one record get, and what they hold; both name the same fields."""

    record: str
    values: dict[str, str]
    before: dict[str, str]


def burdened(session: Session, records: Sequence[str]) -> set[str]:
    """Those with changes that the centre refused, which have to travel anew with the next edit."""
    found: set[str] = set()
    for start in range(0, len(records), CHUNK):
        query = select(Entry.record).where(
            Entry.record.in_(records[start : start + CHUNK]),
            Entry.seq.is_(None),
            Entry.setback.in_(_LAID_ASIDE),
        )
        found |= set(session.scalars(query))
    return found


def write(session: Session, pen: Pen, kind: type[Record], edits: Iterable[Edit]) -> list[Mark]:
    """Change the records and the ledger; returns the marks for the way back."""
    written_at = pen.now.isoformat(timespec="seconds")
    base_digest = mark_of(pen.seen_digest) if pen.seen else ""
    table: Table = kind.__table__  # type: ignore[assignment]
    by_names: dict[tuple[str, ...], list[Edit]] = {}
    for edit in edits:
        by_names.setdefault(tuple(sorted(edit.values)), []).append(edit)
    marks: list[Mark] = []
    for names, some in by_names.items():
        rows = []
        for edit in some:
            change = Change(
                pen.next_id(), pen.scope, name_of(kind), edit.record, Action.EDIT.value,
                edit.values, pen.seen, pen.author[:MOST_AUTHOR], written_at, base_digest,
            )  # fmt: skip
            rows.append(entry_values(change, before=edit.before))
            marks.append((change.id, written_at))
        write_entries(session, rows, {})
        update_rows(
            session, table, names,
            [[*(edit.values[name] for name in names), edit.record] for edit in some],
        )  # fmt: skip
    return marks


def are_listed(kind: type[Record], names: Iterable[str]) -> bool:
    """Whether one of these fields stands in the index of the lists."""
    known = fields_by_name(kind)
    return any(known[name].titled or known[name].searched for name in names)
