"""What this office wrote gets its numbers, most often just as the last request carried it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from sync.bulk import forget, spans, update_rows
from sync.changes import Change, Entry, Setback
from sync.client.batches import pending_entries
from sync.client.tables import Office
from sync.protocol import Page, SyncRequest
from sync.stored import known_ids

ENTRIES: Table = Entry.__table__  # type: ignore[assignment]

Places = tuple[int, Sequence[str]]
"""A place in a ledger, and the digests after it."""


def as_sent(
    session: Session, page: Page, request: SyncRequest, texts: Mapping[str, str]
) -> list[Change] | None:
    """The changes of a page that holds only what its request carried; None for any other page.

    All of them stand here as they were sent, and never had a number.
    """
    if not texts or set(map(type, page.items)) != {str} or not texts.keys() >= set(page.items):
        return None
    ids: list[str] = list(page.items)  # type: ignore[arg-type]
    # A digest tells that it was numbered once, before the centre was restored.
    if len(known_ids(session, ids, *pending_entries(), Entry.digest == "")) < len(ids):
        return None
    by_id = {change.id: change for change in request.changes}
    return [by_id[identity] for identity in ids]


def give_numbers(session: Session, ids: Iterable[str], places: Places) -> None:
    """The changes with these ids stand in the ledger, in this order."""
    first, digests = places
    rows = [
        (seq, digest, Setback.NONE.value, "", identity)
        for seq, (identity, digest) in enumerate(zip(ids, digests, strict=True), start=first + 1)
    ]
    update_rows(session, ENTRIES, ("seq", "digest", "setback", "reason"), rows)
    forget(session, Entry)


def also_written_elsewhere(
    session: Session, office: Office, records: Collection[str]
) -> set[str]:  # fmt: skip
    """Those of these records, and of some with ids between, that somebody else wrote to."""
    found: set[str] = set()
    apart = ~Entry.id.startswith(office.device + office.incarnation, autoescape=True)
    for some in spans(session, Entry.record, records):
        found.update(session.scalars(select(Entry.record).distinct().where(some, apart)))
    return found
