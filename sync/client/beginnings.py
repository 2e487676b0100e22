"""Where this office's ledger begins: at its first change, or at a snapshot that the centre signed.

The pages of a snapshot are kept. Together with the changes after it they say what every record
must be, whatever happens to the tables, and they hold what this version cannot read yet.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from sync.applying import CHUNK
from sync.canonical import first_digest
from sync.changes import Change, Entry, Ledger
from sync.client.obstacles import obstacle
from sync.client.tables import KeptHistory, KeptPage, KeptSnapshot
from sync.frames import BadMessage
from sync.records import KINDS, name_of
from sync.records.fields import fields
from sync.records.types import Link, WireValue
from sync.snapshots import (
    HISTORIES,
    Manifest,
    PageFacts,
    Rows,
    digest_of,
    manifest_from,
    rows_from,
)


@dataclass(frozen=True)
class Beginning:
    """A place of a ledger and its digest; `is_proved` when a genuine signature says so, or when
    it is the place before the first change.
    """

    seq: int
    digest: str
    is_proved: bool


def beginning(session: Session, scope: str) -> Beginning:
    """Where the ledger of a scope begins here."""
    ledger = session.get(Ledger, scope)
    if ledger is None or not ledger.begins:
        return Beginning(0, first_digest(scope), is_proved=True)
    manifest = standing_manifest(session, scope)
    if manifest is None or manifest.seq != ledger.begins:
        return Beginning(ledger.begins, "", is_proved=False)
    return Beginning(manifest.seq, manifest.digest, is_proved=True)


def standing_manifest(session: Session, scope: str) -> Manifest | None:
    """The snapshot with which a scope began; None when there is none whose signature holds."""
    kept = kept_snapshot(session, scope, stands=True)
    return _manifest_of(kept) if kept else None


def kept_snapshot(session: Session, scope: str, *, stands: bool) -> KeptSnapshot | None:
    """The manifest that stands for a scope, or the one that is being fetched."""
    query = select(KeptSnapshot).where(KeptSnapshot.scope == scope, KeptSnapshot.stands.is_(stands))
    return session.scalars(query.order_by(KeptSnapshot.id.desc()).limit(1)).first()


def _manifest_of(kept: KeptSnapshot) -> Manifest | None:
    try:
        return manifest_from(kept.manifest, kept.signature, kept.centre_key)
    except BadMessage:
        return None


def fetched_manifest(session: Session, scope: str) -> Manifest | None:
    """The snapshot that is being fetched."""
    kept = kept_snapshot(session, scope, stands=False)
    return _manifest_of(kept) if kept else None


def page_of(session: Session, facts: PageFacts) -> bytes:
    """The content of a page. Raises `Problem` when it is missing or damaged."""
    content = session.scalar(select(KeptPage.content).where(KeptPage.digest == facts.digest))
    if content is None or digest_of(content) != facts.digest:
        raise obstacle("digest")
    return content


def missing_pages(session: Session, manifest: Manifest) -> list[PageFacts]:
    """Which pages of a snapshot are not here yet."""
    wanted = [page.digest for page in manifest.pages]
    here: set[str] = set()
    for start in range(0, len(wanted), CHUNK):
        some = KeptPage.digest.in_(wanted[start : start + CHUNK])
        here |= set(session.scalars(select(KeptPage.digest).where(some)))
    return [page for page in manifest.pages if page.digest not in here]


def clear_pages(session: Session) -> None:
    """Forget the pages that no kept manifest names."""
    named: set[str] = set()
    for kept in session.scalars(select(KeptSnapshot)):
        manifest = _manifest_of(kept)
        named |= {page.digest for page in manifest.pages} if manifest else set()
    for digest in session.scalars(select(KeptPage.digest)).all():
        if digest not in named:
            session.execute(delete(KeptPage).where(KeptPage.digest == digest))


def in_order_of_links(pages: Sequence[PageFacts]) -> list[PageFacts]:
    """Pages of records, those of kinds that are named after others behind the others."""
    named = {
        name_of(kind): sum(field.titled and isinstance(field.type, Link) for field in fields(kind))
        for kind in KINDS
    }
    rows = [page for page in pages if page.kind != HISTORIES]
    return sorted(rows, key=lambda page: named.get(page.kind, 0))


class BaseRows:
    """What records were in the snapshot. Ask in the order of their ids: one page is open."""

    def __init__(self, session: Session, scope: str) -> None:
        self._session = session
        manifest = standing_manifest(session, scope)
        self._pages = manifest.pages if manifest else ()
        self.kinds = {page.kind for page in self._pages} - {HISTORIES}
        self._open: tuple[str, Mapping[str, int], Rows | None] = ("", {}, None)

    def row(self, kind: str, record: str) -> dict[str, WireValue] | None:
        """The values that are not None; None for a record that was not in it.

        Raises `Problem` when the page is missing or damaged.
        """
        facts = self._page(kind, record)
        if facts is None:
            return None
        if self._open[0] != facts.digest:
            rows = self._read(facts)
            places = {identity: place for place, identity in enumerate(rows.ids)}
            self._open = (facts.digest, places, rows)
        _digest, by_id, open_rows = self._open
        place = by_id.get(record)
        return open_rows.row(place) if open_rows is not None and place is not None else None

    def ids(self, kind: str) -> Iterator[str]:
        """The records of a kind. Raises `Problem` when a page is missing or damaged."""
        for page in self._pages:
            if page.kind == kind:
                yield from self._read(page).ids

    def _read(self, facts: PageFacts) -> Rows:
        try:
            return rows_from(page_of(self._session, facts))
        except BadMessage as fault:
            raise obstacle("digest") from fault

    def _page(self, kind: str, record: str) -> PageFacts | None:
        found = None
        for page in self._pages:
            if page.kind == kind and page.first <= record:
                found = page
        return found


def base_changes(session: Session, kind: str, records: Sequence[str]) -> list[Change]:
    """What these records were in the snapshots with which their scopes began here, as changes.

    Each bears the name of its record, since `apply` tells changes apart by their names.
    """
    scopes = session.scalars(select(Ledger.scope).where(Ledger.begins > 0)).all()
    found = []
    for scope in scopes:
        rows = BaseRows(session, scope)
        for record in sorted(records):
            values = rows.row(kind, record)
            if values is not None:
                found.append(Change(record, scope, kind, record, "", values, 0, "", ""))
    return found


def is_older_missing(session: Session, scope: str, record: str) -> bool:
    """Whether a record has changes from before this ledger begins that are not here."""
    ledger = session.get(Ledger, scope)
    if ledger is None or not ledger.begins:
        return False
    kept = session.get(KeptHistory, record)
    if kept is not None and kept.seq >= ledger.begins:
        return False
    query = select(Entry.id).where(
        Entry.record == record, Entry.action == "create",
        (Entry.seq > ledger.begins) | Entry.seq.is_(None),
    ).limit(1)  # fmt: skip
    return session.scalar(query) is None


def with_base_before(session: Session, scope: str) -> Iterator[str]:
    """Records that got a change since the last look whose author had seen less than this ledger
    begins with, and whose older changes are not here.
    """
    kept, ledger = kept_snapshot(session, scope, stands=True), session.get(Ledger, scope)
    if kept is None or ledger is None or not ledger.begins:
        return
    query = select(Entry.record).where(
        Entry.scope == scope, Entry.seq > kept.looked, Entry.seq <= ledger.seq,
        Entry.base < ledger.begins,
    )  # fmt: skip
    for record in session.scalars(query.distinct()).all():
        if is_older_missing(session, scope, record):
            yield record
