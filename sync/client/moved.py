"""A move that the centre did not allow: the record belongs where the ledger says."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from sync.changes import MOVED_TO, Action, Entry
from sync.records import BY_NAME


def stay(session: Session, refused: Entry) -> None:
    """Undo here what the refused move did to its record."""
    kind = BY_NAME.get(refused.kind)
    if kind is None:
        return
    moves = select(Entry).where(
        Entry.record == refused.record,
        Entry.seq.is_not(None),
        Entry.action.in_([Action.MOVE.value, Action.ARRIVE.value]),
    )
    last = session.scalars(moves.order_by(Entry.seq.desc()).limit(1)).first()
    has_gone = last is not None and last.action == Action.MOVE
    home = str(last.values[MOVED_TO]) if last is not None and has_gone else refused.scope
    session.execute(update(kind).where(kind.id == refused.record).values(scope=home))
