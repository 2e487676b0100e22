"""What a change's `base` means in this ledger.

A place counts only where the chain's digest is the one that the author had seen. A centre that was
restored from a backup, and got back in another order what it had lost, has other things under the
same numbers: there the author had seen at least what his own earlier changes had.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sync.changes import Change, Entry, Ledger, mark_of
from sync.identity import ID_DIGITS

_CHUNK = 500
_COUNTER_AT = ID_DIGITS - 12 + 1


def bases_here(session: Session, numbered: Sequence[tuple[int, Change]]) -> dict[str, int]:
    """By a change's id, how far its author had seen this ledger.

    Asks the ledger alone, so that every end that has read equally far answers alike.
    """
    # Nobody has seen a place that is not below his own.
    changes = [change for seq, change in numbered if change.base < seq]
    bases = known_bases(session, changes)
    for seq, change in numbered:
        if change.id not in bases:
            bases[change.id] = _base_of_the_one_before(session, seq, change)
    return bases


def known_bases(session: Session, changes: Sequence[Change]) -> dict[str, int]:
    """By id, the bases of those changes whose place means here what it meant to their author.

    A place up to where the ledger begins here is taken at its word, unless its digest is known.
    """
    known = {c.id: c.base for c in changes if not c.base_digest}
    marked = [c for c in changes if c.base_digest]
    for scope in {c.scope for c in marked}:
        own = [c for c in marked if c.scope == scope]
        marks = _marks(session, scope, sorted({c.base for c in own}))
        ledger = session.get(Ledger, scope)
        begins = ledger.begins if ledger else 0
        known |= {
            c.id: c.base
            for c in own
            if marks.get(c.base) == c.base_digest or (c.base not in marks and c.base <= begins)
        }
    return known


def _marks(session: Session, scope: str, places: Sequence[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for start in range(0, len(places), _CHUNK):
        some = Entry.seq.in_(places[start : start + _CHUNK])
        query = select(Entry.seq, Entry.digest).where(Entry.scope == scope, some)
        found |= {row.seq: mark_of(row.digest) for row in session.execute(query)}
    return found


def _base_of_the_one_before(session: Session, seq: int, change: Change) -> int:
    origin = change.id[: _COUNTER_AT - 1]
    query = (
        select(Entry)
        .where(
            Entry.scope == change.scope,
            Entry.id.startswith(origin, autoescape=True),
            Entry.seq < seq,
            func.substr(Entry.id, _COUNTER_AT) < change.id[_COUNTER_AT - 1 :],
        )
        .order_by(func.substr(Entry.id, _COUNTER_AT).desc())
    )
    earlier = session.scalars(query).all()
    known = known_bases(session, [entry.change() for entry in earlier])
    return next((known[entry.id] for entry in earlier if entry.id in known), 0)
