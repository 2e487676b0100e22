"""What this version cannot show: it is kept, and after an upgrade it is there."""

from __future__ import annotations

from contextlib import suppress

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from sync.changes import ASIDE, Entry, Ledger, Setback
from sync.client.beginnings import base_changes
from sync.client.learning import records_of_others
from sync.problems import Problem
from sync.records import KINDS, name_of
from sync.records.base import Record
from sync.records.fields import fields_by_name
from sync.records.types import WireValue


def is_readable(kind: type[Record], name: str, value: WireValue) -> bool:
    """Whether this version knows the field and can read the value."""
    field = fields_by_name(kind).get(name)
    if field is None:
        return name in ASIDE
    try:
        field.type.from_wire(value)
    except ValueError:
        return False
    return True


def has_newer_parts(session: Session, kind: type[Record], record_id: str) -> bool:
    """Whether something stands in the record that only a newer version can show."""
    query = (
        select(Entry.values)
        .where(
            Entry.record == record_id,
            Entry.kind == name_of(kind),
            Entry.setback != Setback.WITHDRAWN.value,
            ~exists().where(Ledger.scope == Entry.scope, Entry.seq <= Ledger.begins),
        )
        .order_by(Entry.seq.is_(None), Entry.seq, func.substr(Entry.id, 21))
    )
    standing: dict[str, WireValue] = {}
    with suppress(Problem):  # a damaged page is told elsewhere
        for earlier in base_changes(session, name_of(kind), [record_id]):
            standing |= earlier.values
    for values in session.scalars(query):
        standing |= values
    # A value that is empty again hides nothing.
    return any(
        value not in (None, "", False) and not is_readable(kind, name, value)
        for name, value in standing.items()
    )


def newer_records(session: Session) -> int:
    """How many records are of kinds that only a newer version can show."""
    known = {name_of(kind) for kind in KINDS}
    lives = Entry.setback != Setback.WITHDRAWN.value
    written = select(Entry.record).where(Entry.kind.not_in(sorted(known)), lives).distinct()
    found = set(session.scalars(written))
    with suppress(Problem):
        found |= records_of_others(session, known)
    return len(found)
