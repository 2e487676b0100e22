"""Whether another copy of an office has brought a change already, under the name it gave to it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.applying import CHUNK
from sync.changes import Change, Entry, are_twins
from sync.identity import Origin, counter_of, origin_of
from sync.server.tables import Incarnation


def has_twin(session: Session, device: str, changes: Sequence[Change]) -> bool:
    """Whether one of these changes, all unknown by their ids, is in the ledger nevertheless.

    Names are given only under incarnations that have spoken to the centre. An office that was
    never copied nor restored has one, and there is nothing to look for.
    """
    if not changes:
        return False
    query = select(Incarnation.incarnation).where(Incarnation.device == device)
    incarnations = set(session.scalars(query))
    if len(incarnations) < 2:
        return False
    by_name = {
        Origin(device, incarnation).id_at(counter_of(change.id)): change
        for change in changes
        for incarnation in incarnations - {origin_of(change.id).incarnation}
    }
    names = sorted(by_name)
    for start in range(0, len(names), CHUNK):
        for entry in session.scalars(
            select(Entry).where(Entry.id.in_(names[start : start + CHUNK]))
        ):
            if are_twins(entry.change(), by_name[entry.id]):
                return True
            session.expunge(entry)
    return False
