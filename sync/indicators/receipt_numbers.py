"""The numbers of dues receipts: without gaps for each branch and year, the same at every end.

A PC without network cannot know how many receipts another one writes. So the number is not written
by anybody: it is the rank of the receipt's creation in the branch's ledger, among those of its
year. The ledger is never altered, and so neither is a number; a receipt that is void, in the bin or
at another branch keeps the number it had. The year is that of the day of payment as it was first
written.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.changes import Action, Entry
from sync.records import name_of
from sync.records.dues_payment import DuesPayment


@dataclass(frozen=True)
class ReceiptNumber:
    """A receipt, the place of its creation in the ledger, and its number."""

    record: str
    seq: int
    year: int
    number: int


def receipt_numbers(
    session: Session, scope: str, after: int = 0, last: Counter[int] | None = None
) -> Iterator[ReceiptNumber]:
    """The numbers of the receipts created after a place of a branch's ledger, in its order.

    `last` has the last number of each year up to there. All the creations after it must be here.
    """
    reached = Counter(last or {})
    query = select(Entry.record, Entry.seq, Entry.values).where(
        Entry.scope == scope, Entry.seq > after, Entry.kind == name_of(DuesPayment),
        Entry.action == Action.CREATE.value,
    )  # fmt: skip
    for record, seq, values in session.execute(query.order_by(Entry.seq)):
        year = int(str(values.get("paid_on") or "0000")[:4])
        reached[year] += 1
        yield ReceiptNumber(record, seq or 0, year, reached[year])
