"""A snapshot takes the place of a scope's records: all of it in the caller's transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from sync.applying import CHUNK, apply
from sync.changes import DELETED, MOVED_TO, Action, Entry, Ledger, Setback, unwritten_ledger
from sync.client.beginnings import clear_pages, in_order_of_links, kept_snapshot, page_of
from sync.client.obstacles import obstacle
from sync.client.older import Applied, keep_older
from sync.client.renewal import Copied, Renewal
from sync.client.tables import Office
from sync.frames import BadMessage
from sync.records import BY_NAME, KINDS
from sync.records.base import Record
from sync.records.fields import Field, fields_by_name
from sync.records.types import Text, WireValue
from sync.snapshots import (
    HISTORIES,
    Known,
    Manifest,
    Numbered,
    Rows,
    histories_from,
    mark_of_text,
    rows_from,
)

# So many of the office's own changes are laid on top at once.
AT_ONCE = 2000


class Loading:
    """One snapshot being loaded. Its pages are here and were checked.

    `applied` is told which records changed, as (kind, id), page by page; `told` how many rows are
    done.
    """

    def __init__(
        self, session: Session, office: Office, manifest: Manifest, applied: Applied,
        told: Callable[[int], None] = lambda _rows: None,
    ) -> None:  # fmt: skip
        self._session, self._office, self._manifest = session, office, manifest
        self._applied, self._told = applied, told
        self._records: dict[str, set[str]] = {}

    def swap(self, known: Mapping[str, Known]) -> None:
        """Load it; `known` are those of the office's pending changes that it holds already.

        Raises `Copied` when something of this office bears a name that the snapshot gives to
        something else, `Problem` when a page cannot be read.
        """
        self._number(known)
        is_anew = self._is_anything_here()
        self._make_way()
        loaded: list[tuple[str, Sequence[str]]] = []
        for facts in in_order_of_links(self._manifest.pages):
            if facts.kind in BY_NAME:
                rows = self._read(page_of(self._session, facts), rows_from)
                self._load(BY_NAME[facts.kind], rows)
                loaded.append((facts.kind, rows.ids))
                self._told(len(rows.ids))
        pruned = self._prune(loaded) if is_anew else set()
        self._stand()
        pending = self._lay_on_top()
        self._keep_histories()
        for kind, ids in loaded:
            self._applied(self._session, {(kind, identity) for identity in ids})
        self._applied(self._session, pending | pruned)

    def _read(self, content: bytes, reader: Callable[[bytes], Any]) -> Any:
        try:
            return reader(content)
        except BadMessage as fault:
            raise obstacle("message") from fault

    def _number(self, known: Mapping[str, Known]) -> None:
        for identity, place in known.items():
            entry = self._session.get(Entry, identity)
            if entry is None or entry.seq is not None:
                continue
            if mark_of_text(entry.change()) != place.mark:
                raise Copied
            entry.seq, entry.digest = place.seq, place.digest
            entry.setback, entry.reason = Setback.NONE.value, ""
        self._session.flush()

    def _is_anything_here(self) -> bool:
        """Whether any record of the scope stands here already."""
        scope = self._manifest.scope
        return any(
            self._session.scalar(select(kind.id).where(kind.scope == scope).limit(1)) is not None
            for kind in KINDS
        )

    def _make_way(self) -> None:
        """Records of this office that the centre does not have may bear the name of another one.

        Raises `Copied` when the name is one of this very incarnation.
        """
        created = select(Entry.kind, Entry.record).where(
            Entry.seq.is_(None), Entry.action == Action.CREATE.value,
            Entry.setback != Setback.WITHDRAWN.value,
        )  # fmt: skip
        own = {record: kind for kind, record in self._session.execute(created).all()}
        if not own:
            return
        renewal = Renewal(self._session, self._office)
        for facts in self._manifest.pages:
            if facts.kind == HISTORIES:
                continue
            for identity in self._read(page_of(self._session, facts), rows_from).ids:
                if identity in own:
                    renewal.record(own[identity], identity)
        self._applied(self._session, renewal.touched)

    def _load(self, kind: type[Record], rows: Rows) -> None:
        known = fields_by_name(kind)
        table = [c for c in kind.__table__.columns if c.name in {"id", "scope", DELETED, *known}]
        columns: list[Sequence[Any]] = []
        for column in table:
            given = rows.columns.get(column.name)
            if column.name == "id":
                columns.append(rows.ids)
            elif column.name == "scope":
                gone = rows.columns.get(MOVED_TO) or [None] * len(rows.ids)
                columns.append([to or self._manifest.scope for to in gone])
            elif column.name == DELETED:
                columns.append([int(bool(value)) for value in given or [False] * len(rows.ids)])
            else:
                columns.append(_stored(known[column.name], given, len(rows.ids)))
        names = ", ".join(f'"{column.name}"' for column in table)
        marks = ", ".join("?" * len(columns))
        # Words of our own; the driver takes a hundred thousand rows three times as fast so.
        sql = f'INSERT OR REPLACE INTO "{kind.__tablename__}" ({names}) VALUES ({marks})'  # noqa: S608
        self._session.connection().exec_driver_sql(sql, list(zip(*columns, strict=True)))

    def _prune(self, loaded: Sequence[tuple[str, Sequence[str]]]) -> set[tuple[str, str]]:
        """Take away what the ledger knows nothing of and nobody here is about to send."""
        gone: set[tuple[str, str]] = set()
        scope = self._manifest.scope
        lives = select(Entry.record).where(
            (Entry.seq.is_(None)) | (Entry.seq > self._manifest.seq), Entry.scope == scope
        )
        living = set(self._session.scalars(lives.distinct()))
        for name, kind in BY_NAME.items():
            named = {identity for its, ids in loaded if its == name for identity in ids} | living
            ids = self._session.scalars(select(kind.id).where(kind.scope == scope)).all()
            stale = [identity for identity in ids if identity not in named]
            for start in range(0, len(stale), CHUNK):
                some = kind.id.in_(stale[start : start + CHUNK])
                self._session.execute(delete(kind).where(some))
            gone |= {(name, identity) for identity in stale}
        return gone

    def _stand(self) -> None:
        """From here on this snapshot is where the ledger begins."""
        session, manifest = self._session, self._manifest
        ledger = session.get(Ledger, manifest.scope)
        if ledger is None:
            ledger = unwritten_ledger(manifest.scope)
            session.add(ledger)
        ledger.seq = ledger.begins = manifest.seq
        ledger.digest = manifest.digest
        former = kept_snapshot(session, manifest.scope, stands=True)
        if former is not None:
            session.delete(former)
        kept = kept_snapshot(session, manifest.scope, stands=False)
        if kept is None:
            raise AssertionError("a snapshot is kept before it is loaded")
        kept.stands, kept.looked = True, manifest.seq
        session.flush()
        clear_pages(session)

    def _lay_on_top(self) -> set[tuple[str, str]]:
        """What was written here and has no number stays as it was written."""
        query = select(Entry).where(
            Entry.seq.is_(None), Entry.setback != Setback.WITHDRAWN.value
        ).order_by(func.substr(Entry.id, 21))  # fmt: skip
        changes = [entry.change() for entry in self._session.scalars(query)]
        touched: set[tuple[str, str]] = set()
        for start in range(0, len(changes), AT_ONCE):
            touched |= apply(self._session, changes[start : start + AT_ONCE]).touched
        return touched

    def _keep_histories(self) -> None:
        changes: list[Numbered] = []
        for facts in self._manifest.pages:
            if facts.kind == HISTORIES:
                changes += self._read(page_of(self._session, facts), histories_from)
        if any(one.change.scope != self._manifest.scope for one in changes):
            raise obstacle("digest")
        records = sorted({one.change.record for one in changes})
        if records:
            keep_older(self._session, self._manifest.scope, records, changes)


def _stored(field: Field, given: Sequence[WireValue] | None, count: int) -> list[Any]:
    """The values of a field as SQLite keeps them; what does not fit the type is as if unwritten."""
    empty = _plain(field.type.empty)
    if given is None:
        return [empty] * count
    types = set(map(type, given)) - {type(None)}
    if types <= {str} and isinstance(field.type, Text):
        return [empty if value is None else value for value in given]
    if len(types) > 1:
        # True and 1 are one to a dictionary.
        return [_read(field, value, empty) for value in given]
    known = {value: _read(field, value, empty) for value in set(given)}
    return [known[value] for value in given]


def _read(field: Field, value: WireValue, empty: Any) -> Any:
    if value is None:
        return empty
    try:
        return _plain(field.type.from_wire(value))
    except ValueError:
        return empty


def _plain(value: Any) -> Any:
    if isinstance(value, dt.date):
        return value.isoformat()
    return int(value) if isinstance(value, bool) else value
