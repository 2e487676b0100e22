"""When the centre was restored from a backup: going back to where both ledgers still agree.

That is after the office gave back what it could prove (`giving_back.py`). What it wrote above that
place itself is pending again, under its old identities: the centre may have some of it, and knows
it by name. What others wrote there is set aside until the centre hands it out again: it stays in
the table, withdrawn, and no record shows it. Both keep the digest they had; by that they are known
from what no centre has ever numbered.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Row, delete, func, select, update
from sqlalchemy.orm import Session

from sync.applying import apply
from sync.bulk import CHUNK
from sync.changes import Action, Entry, Ledger, Setback
from sync.client.beginnings import base_changes
from sync.client.halving import digests_here
from sync.client.obstacles import obstacle
from sync.client.tables import Office
from sync.identity import COUNTER_DIGITS, DEVICE_DIGITS, INCARNATION_DIGITS
from sync.records import BY_NAME
from sync.stored import text_of


class NewEpoch(Exception):
    """The centre, by its own key, says that its ledger goes on from a copy.

    `heads` is how far each scope reaches there.
    """

    def __init__(self, epoch: str, heads: Mapping[str, int]) -> None:
        super().__init__(epoch)
        self.epoch, self.heads = epoch, dict(heads)


class EpochRefused(Exception):
    """Somebody says that the centre is in another epoch, and takes no changes before we are."""


def heights(session: Session, heads: Mapping[str, int] | None = None) -> dict[str, int]:
    """How far each scope's ledger here can agree with the centre's at most."""
    here = {ledger.scope: ledger.seq for ledger in session.scalars(select(Ledger))}
    return {s: seq if heads is None else min(seq, heads.get(s, 0)) for s, seq in here.items()}


def go_back(session: Session, agreed: Mapping[str, int], epoch: str) -> set[tuple[str, str]]:
    """Takes back every number above these places; returns the records concerned.

    In the caller's transaction. Nothing of what was typed is lost by it.
    """
    office = session.get_one(Office, 1)
    session.flush()
    touched: set[tuple[str, str]] = set()
    quiet = {"synchronize_session": False}
    for scope, seq in agreed.items():
        ledger = session.get_one(Ledger, scope)
        if seq < ledger.begins:  # what the snapshot stood on is no more: this ledger begins anew
            ledger.begins = seq = 0
            session.flush()
        above = (Entry.scope == scope, Entry.seq > seq)
        query = select(Entry.kind, Entry.record).where(*above).distinct()
        touched |= {(row.kind, row.record) for row in session.execute(query)}
        is_ours = Entry.id.startswith(office.device, autoescape=True)
        bare: dict[str, Any] = {
            "seq": None, "reason": "", "overlaps": {}, "closed": [], "settled": False,
        }  # fmt: skip
        for own, setback in ((is_ours, Setback.NONE), (~is_ours, Setback.WITHDRAWN)):
            statement = update(Entry).where(*above, own).values(**bare, setback=setback.value)
            session.execute(statement, execution_options=quiet)
        digest = digests_here(session, {scope: seq})[scope]
        place = update(Ledger).where(Ledger.scope == scope).values(seq=seq, digest=digest)
        session.execute(place, execution_options=quiet)
    records = sorted({record for _kind, record in touched})
    for start in range(0, len(records), CHUNK):
        some = Entry.record.in_(records[start : start + CHUNK])
        anew = update(Entry).where(some).values(closed=[], settled=False)
        session.execute(anew, execution_options=quiet)
    office.epoch, office.next_epoch = epoch, ""
    session.flush()
    session.expire_all()
    rebuild(session, touched)
    return touched


def rebuild(session: Session, touched: Iterable[tuple[str, str]]) -> None:
    """Makes records anew: the ledger in order, and what is pending here on top."""
    by_kind: dict[str, list[str]] = {}
    for kind, record in sorted(touched):
        by_kind.setdefault(kind, []).append(record)
    for name, records in by_kind.items():
        if name in BY_NAME:
            for start in range(0, len(records), CHUNK):
                _rebuild(session, name, records[start : start + CHUNK])


def _rebuild(session: Session, name: str, records: Sequence[str]) -> None:
    kind = BY_NAME[name]
    session.execute(delete(kind).where(kind.id.in_(records)))
    query = (
        select(Entry)
        .where(Entry.record.in_(records), Entry.kind == name)
        .order_by(Entry.seq.is_(None), Entry.seq, func.substr(Entry.id, 21))
    )
    entries: dict[str, list[Entry]] = {}
    for entry in session.scalars(query):
        entries.setdefault(entry.record, []).append(entry)
    base = base_changes(session, name, records)
    known = {change.record for change in base}
    shown = [
        entry
        for record, some in entries.items()
        for entry in (_living(some) if record in known else _shown(some))
    ]
    apply(session, base)
    apply(session, [e.change() for e in shown if not _is_before(session, e)])


def _shown(entries: Sequence[Entry]) -> list[Entry]:
    """What a record is made of.

    While somebody's creation is set aside and work of this office rests on it, the record is
    shown as it was: half a record would be of no use to anybody.
    """
    living = _living(entries)
    if not living or any(e.action == Action.CREATE for e in living):
        return living
    aside = [e for e in entries if e not in living and e.digest]
    return sorted(aside, key=lambda e: (e.base, e.id[20:])) + living


def _living(entries: Sequence[Entry]) -> list[Entry]:
    return [e for e in entries if e.seq is not None or e.setback != Setback.WITHDRAWN]


def _is_before(session: Session, entry: Entry) -> bool:
    """Whether the entry is older than the snapshot with which this office began."""
    ledger = session.get(Ledger, entry.scope)
    return ledger is not None and entry.seq is not None and entry.seq <= ledger.begins


def set_aside(session: Session, records: Iterable[str]) -> set[tuple[str, str]]:
    """Those of the records of which changes of others are still set aside."""
    aside = select(Entry.kind, Entry.record).where(
        Entry.seq.is_(None), Entry.setback == Setback.WITHDRAWN.value, Entry.digest != ""
    )
    wanted = set(records)
    return {(r.kind, r.record) for r in session.execute(aside.distinct()) if r.record in wanted}


def give_way(session: Session, entry: Row[Any]) -> None:
    """What is set aside takes another name, since its own stands for something else now.

    Its author's office was put back to a copy, and the centre, restored too, could not tell. It
    stays in the history of its record and is not sent. Raises `Problem` for any other entry.
    """
    if entry.seq is not None or entry.setback != Setback.WITHDRAWN or not entry.digest:
        raise obstacle("digest")
    mark = hashlib.sha256(text_of(entry).encode()).hexdigest()[:INCARNATION_DIGITS]
    new = entry.id[:DEVICE_DIGITS] + mark + entry.id[-COUNTER_DIGITS:]
    session.execute(update(Entry).where(Entry.id == entry.id).values(id=new))
