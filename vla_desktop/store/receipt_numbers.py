"""Which dues receipts have their number by now: kept beside the records, made from the ledger."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, delete, exists, func, select
from sqlalchemy.orm import Session

from sync.bulk import CHUNK
from sync.changes import Action, Entry, Ledger
from sync.client.tables import Office
from sync.editing import Pen
from sync.indicators.receipt_numbers import receipt_numbers
from sync.records import name_of
from sync.records.dues_payment import DuesPayment
from sync.texts import _
from vla_desktop.store.tables import NumberedReceipt

# In the place of a record: how far the ledger was read.
_READ = ""
_TOLD = (Action.CREATE.value, Action.ARRIVE.value)


def number_receipts(session: Session, pen: Pen) -> set[tuple[str, str]]:
    """Number what the centre has numbered since; returns which receipts, as (kind, id)."""
    ledger = session.get(Ledger, pen.scope) if pen.scope else None
    if ledger is None:
        return set()
    read = session.get(NumberedReceipt, _READ)
    if read is not None and _is_stale(session, read, ledger):
        session.execute(delete(NumberedReceipt))
        session.expire_all()
        read = None
    if ledger.begins and missing(session):
        return set()  # what came before is not here yet, and may be more than anybody knows
    after = read.seq if read else 0
    touched = set()
    for one in receipt_numbers(session, pen.scope, after, _last(session)):
        session.merge(
            NumberedReceipt(record=one.record, seq=one.seq, year=one.year, number=one.number)
        )
        touched.add((name_of(DuesPayment), one.record))
    known = _known(session) if ledger.begins else 0
    session.merge(NumberedReceipt(record=_READ, seq=ledger.seq, year=-1, number=known))
    session.flush()
    return touched


def _is_stale(session: Session, read: NumberedReceipt, ledger: Ledger) -> bool:
    """Whether the ledger went back since, or what lies before its beginning was fetched."""
    is_fetched = bool(ledger.begins) and read.number != _known(session)
    return read.seq > ledger.seq or is_fetched


def _last(session: Session) -> Counter[int]:
    """The last number of each year."""
    query = select(NumberedReceipt.year, func.max(NumberedReceipt.number))
    named = query.where(NumberedReceipt.record != _READ).group_by(NumberedReceipt.year)
    return Counter({row[0]: row[1] for row in session.execute(named)})


def _known(session: Session) -> int:
    """How many receipts' beginnings are here; an office that began with a snapshot fetches more."""
    query = select(func.count()).select_from(DuesPayment)
    return session.scalar(query.where(_is_told())) or 0


def _is_told() -> ColumnElement[bool]:
    return exists().where(Entry.record == DuesPayment.id, Entry.action.in_(_TOLD))


def missing(session: Session) -> list[str]:
    """Receipts of which only the centre knows how they began."""
    begins = session.scalar(select(func.max(Ledger.begins)))
    if not begins:
        return []
    query = select(DuesPayment.id).where(~_is_told())
    return list(session.scalars(query.order_by(DuesPayment.id)))


def marks(session: Session, rows: Mapping[str, Mapping[str, object]]) -> dict[str, str]:
    """How each receipt is called: its number, or what stands for it until it has one."""
    here, ids = session.get_one(Office, 1).branch, sorted(rows)
    found = {
        record: f"{number:04}/{year}"
        for start in range(0, len(ids), CHUNK)
        for record, year, number in _numbered(session, ids[start : start + CHUNK])
    }
    told = {}
    for identity, row in rows.items():
        is_ours = row["scope"] in ("", here)
        number = found.get(identity) or (f"TẠM-{identity[-6:].upper()}" if is_ours else "")
        is_void = bool(row["void"] or row["deleted"])
        told[identity] = _("{number}, đã hủy").format(number=number) if is_void else number
    return told


def _numbered(session: Session, ids: Sequence[str]) -> Sequence[tuple[str, int, int]]:
    columns = (NumberedReceipt.record, NumberedReceipt.year, NumberedReceipt.number)
    query = select(*columns).where(NumberedReceipt.record.in_(ids))
    return [(row[0], row[1], row[2]) for row in session.execute(query)]
