"""Great deletions are not done silently: those of this office are held until somebody has said
so, those of others are told once they came.

What counts is what an exchange would come to: a record that was brought back before, or that the
centre never had, is no deletion. Everything else goes through meanwhile.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from sync.applying import CHUNK
from sync.canonical import canonical
from sync.changes import Action, Change, Entry, Setback
from sync.client.tables import KeptReceipt, Office
from sync.protocol import SyncAnswer, SyncRequest
from sync.records import BY_NAME

# So few at a time are everyday work, in however small a branch.
FREE = 5
_AGREED = canonical({"agreed": True})


@dataclass(frozen=True)
class Limits:
    """How many deletions of one kind an exchange may carry unasked.

    `percent` of the kind's records or so many `records`, whichever is less, but `FREE` in any case
    that `records` allows.
    """

    percent: int = 5
    records: int = 20

    def allow(self, deleted: int, among: int) -> bool:
        """Whether so many deletions among so many records need no question."""
        return deleted <= min(self.records, max(FREE, among * self.percent // 100))


@dataclass(frozen=True)
class Held:
    """Deletions of one kind that wait for a word; `among` is how many records there were."""

    kind: str
    records: tuple[str, ...]
    among: int


@dataclass(frozen=True)
class Arrived:
    """Deletions of one kind that others made and one exchange brought; they are still deleted.

    `notice` names the receipt that they came with, `authors` those who deleted.
    """

    notice: int
    kind: str
    records: tuple[str, ...]
    authors: tuple[str, ...]


def held(session: Session, limits: Limits | None) -> list[Held]:
    """What this office would delete at the centre and may not without a word; by kind."""
    if limits is None:
        return []
    found = []
    for kind, records in sorted(_deleted_here(session, limits).items()):
        among = _standing(session, kind) + len(records)
        if not limits.allow(len(records), among):
            found.append(Held(kind, tuple(records), among))
    return found


def held_back(session: Session, limits: Limits | None) -> set[str]:
    """The pending changes that stay here for it: the deletions, and whatever came after them."""
    records = [record for one in held(session, limits) for record in one.records]
    back: set[str] = set()
    for some in _pieces(records):
        query = select(Entry.id, Entry.record, Entry.action).where(
            Entry.record.in_(some), Entry.seq.is_(None)
        )
        stopped: set[str] = set()
        for row in session.execute(query.order_by(func.substr(Entry.id, 21))):
            if row.action == Action.DELETE:
                stopped.add(row.record)
            back |= {row.id} if row.record in stopped else set()
    return back


def agree(session: Session, records: Iterable[str]) -> None:
    """Somebody has said that these are meant to be deleted."""
    for some in _pieces(sorted(records)):
        theirs = (Entry.record.in_(some), Entry.action == Action.DELETE.value)
        unsent = (Entry.seq.is_(None), Entry.setback == Setback.NONE.value)
        session.execute(update(Entry).where(*theirs, *unsent).values(reason=_AGREED))


def _deleted_here(session: Session, limits: Limits) -> dict[str, list[str]]:
    """The records of which the centre would learn that they are deleted, by kind."""
    # A digest means that a centre had it once: it was sent then.
    query = select(Entry.kind, Entry.record).where(
        Entry.seq.is_(None), Entry.action == Action.DELETE.value, Entry.digest == "",
        Entry.setback == Setback.NONE.value, Entry.reason != _AGREED,
    )  # fmt: skip
    asked: dict[str, set[str]] = {}
    for row in session.execute(query):
        asked.setdefault(row.kind, set()).add(row.record)
    return {
        kind: _known_and_gone(session, kind, sorted(records))
        for kind, records in asked.items()
        if kind in BY_NAME and len(records) > min(FREE, limits.records)
    }


def _known_and_gone(session: Session, name: str, records: Sequence[str]) -> list[str]:
    kind, found = BY_NAME[name], []
    for some in _pieces(records):
        never_left = select(Entry.record).where(
            Entry.record.in_(some), Entry.seq.is_(None), Entry.action == Action.CREATE.value
        )
        fresh = set(session.scalars(never_left))
        gone = select(kind.id).where(kind.id.in_(some), kind.deleted.is_(True))
        found += [record for record in session.scalars(gone) if record not in fresh]
    return found


def _standing(session: Session, name: str) -> int:
    kind = BY_NAME[name]
    query = select(func.count()).select_from(kind).where(kind.deleted.is_(False))
    return session.scalar(query) or 0


class Incoming:
    """Watches what others deleted in the course of one exchange, page by page.

    Where it is more than the limits allow, the newest receipt bears a note of it until somebody
    has seen it. Records that came in the same exchange were never here to be missed.
    """

    def __init__(self, limits: Limits | None) -> None:
        self._limits = limits
        self._began: dict[str, int] = {}
        self._noted: int | None = None

    def note(self, session: Session, request: SyncRequest, answer: SyncAnswer) -> None:
        """An answer was kept, in this transaction."""
        for scope, seq in request.cursors.items():
            self._began.setdefault(scope, seq)
        was_empty = not any(self._began.values())
        if self._limits is None or was_empty or not _has_deletions(answer):
            return
        session.flush()
        until = {scope: place.seq for scope, place in answer.receipt.positions.items()}
        spans = {scope: [began, until[scope]] for scope, began in self._began.items()}
        great = [
            kind
            for kind, records in sorted(_gone(session, spans).items())
            if not self._limits.allow(len(records), _standing(session, kind) + len(records))
        ]
        if not great:
            return
        if self._noted is not None:
            session.get_one(KeptReceipt, self._noted).note = ""
        newest = select(KeptReceipt).order_by(KeptReceipt.id.desc()).limit(1)
        kept = session.scalars(newest).one()
        kept.note = canonical({"deleted": great, "spans": spans})
        self._noted = kept.id


def arrived(session: Session) -> list[Arrived]:
    """Great deletions by others that nobody has answered for yet, the oldest first."""
    found = []
    query = select(KeptReceipt).where(KeptReceipt.note != "").order_by(KeptReceipt.id)
    for kept in session.scalars(query):
        noted = json.loads(kept.note)
        if "deleted" not in noted:
            continue  # a receipt that the centre contradicts is kept by a note as well
        for kind, authors in sorted(_gone(session, noted["spans"]).items()):
            if kind in noted["deleted"] and authors:
                by = tuple(sorted({author for author in authors.values() if author}))
                found.append(Arrived(kept.id, kind, tuple(sorted(authors)), by))
    return found


def dismiss(session: Session, notice: int) -> None:
    """Somebody has seen it; the receipt stays."""
    session.get_one(KeptReceipt, notice).note = ""


def _has_deletions(answer: SyncAnswer) -> bool:
    return any(
        isinstance(item, Change) and item.action == Action.DELETE
        for page in answer.pages
        for item in page.items
    )


def _gone(session: Session, spans: Mapping[str, Sequence[int]]) -> dict[str, dict[str, str]]:
    """What others deleted in these parts of the ledgers and is deleted still: authors by record,
    by kind.
    """
    own = session.get_one(Office, 1).device
    found: dict[str, dict[str, str]] = {}
    for scope, (began, until) in spans.items():
        query = select(Entry.kind, Entry.record, Entry.author).where(
            Entry.scope == scope, Entry.seq > began, Entry.seq <= until,
            Entry.action == Action.DELETE.value, ~Entry.id.startswith(own, autoescape=True),
        )  # fmt: skip
        rows = [row for row in session.execute(query) if row.kind in BY_NAME]
        born = _born(session, sorted({row.record for row in rows}), began)
        for row in rows:
            if row.record not in born:
                found.setdefault(row.kind, {})[row.record] = row.author
    return {
        kind: {record: authors[record] for record in _deleted(session, kind, sorted(authors))}
        for kind, authors in found.items()
    }


def _born(session: Session, records: Sequence[str], began: int) -> set[str]:
    """Those that were created after that place."""
    return {
        record
        for some in _pieces(records)
        for record in session.scalars(
            select(Entry.record).where(
                Entry.record.in_(some), Entry.seq > began, Entry.action == Action.CREATE.value
            )
        )
    }


def _deleted(session: Session, name: str, records: Sequence[str]) -> list[str]:
    kind = BY_NAME[name]
    return [
        record
        for some in _pieces(records)
        for record in session.scalars(
            select(kind.id).where(kind.id.in_(some), kind.deleted.is_(True))
        )
    ]


def _pieces(records: Sequence[str]) -> list[Sequence[str]]:
    return [records[start : start + CHUNK] for start in range(0, len(records), CHUNK)]
