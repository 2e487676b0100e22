"""The office's records, for windows, files and the command line alike.

Every method opens its own short transaction and may be called from any thread.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from sync import editing, rules
from sync.applying import settle
from sync.catching_up import catch_up
from sync.changes import Entry, Ledger
from sync.client.tables import Office
from sync.editing import Pen, Written
from sync.meetings import Press
from sync.places import Catalogue
from sync.problems import Finding, InvalidRecord, Level
from sync.records import BY_NAME, KINDS, name_of
from sync.records import base as kinds
from sync.records.base import Record
from sync.records.fields import Field, fields
from sync.records.organisation_unit import OrganisationUnit
from sync.records.types import Link, Value
from vla_desktop.store import listing
from vla_desktop.store.conflicts import Choice, choose
from vla_desktop.store.database import reading, writing
from vla_desktop.store.drafts import Draft, Drafts
from vla_desktop.store.history import Event, history
from vla_desktop.store.items import ReviewItem, press
from vla_desktop.store.news import News, Touched
from vla_desktop.store.review import review
from vla_desktop.store.rows import Query, RecordState, Row, read_rows, titles_of
from vla_desktop.store.undo import Undone, UndoStack, no_way_back, take_back

Entry_ = tuple[type[Record], Mapping[str, Value], str | None]


@dataclass(frozen=True)
class Suggestion:
    """A record to choose from while typing. `detail` tells it from others of the same title."""

    id: str
    title: str
    detail: str


@dataclass(frozen=True)
class Saved:
    """What was saved, and what may be doubtful about it."""

    id: str
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Hand:
    """Who writes: the clerk's name and the PC's, as they are just now, and the clock (UTC)."""

    author: Callable[[], str]
    computer: Callable[[], str]
    now: Callable[[], dt.datetime]


class Store:
    """Reads and writes the records of one office."""

    def __init__(self, engine: Engine, catalogue: Catalogue, hand: Hand) -> None:
        self._engine, self._hand = engine, hand
        self.catalogue = catalogue
        self._drafts = Drafts(engine, hand.now)
        self.news = News()
        self._undo = UndoStack()
        with writing(engine) as session:
            learnt = catch_up(session)
            if not listing.rebuild_if_old(session, catalogue):
                listing.reindex(session, catalogue, listing.relisted(learnt))

    # Reading

    def get(self, kind: type[Record], record_id: str) -> Row | None:
        """One record, also from the bin; None when there is none."""
        rows = self.rows(kind, [record_id])
        return rows[0] if rows else None

    def ids(self, kind: type[Record], query: Query) -> list[str]:
        """All records that fit, in the order asked for."""
        with reading(self._engine) as session:
            return listing.find_ids(session, self.catalogue, kind, query)

    def rows(self, kind: type[Record], ids: Sequence[str]) -> list[Row]:
        """These records in this order; what does not exist is left out."""
        with reading(self._engine) as session:
            return read_rows(session, self.catalogue, kind, ids)

    def count(self, kind: type[Record], query: Query) -> int:
        """How many records fit."""
        with reading(self._engine) as session:
            return listing.count(session, kind, query)

    def suggest(self, kind_name: str, text: str, limit: int = 12) -> list[Suggestion]:
        """Records whose words begin like the text, for choosing a link while typing."""
        kind = BY_NAME[kind_name]
        with reading(self._engine) as session:
            ids = listing.find_ids(session, self.catalogue, kind, Query(search=text), limit)
            rows = read_rows(session, self.catalogue, kind, ids)
        return [Suggestion(row.id, row.title, _detail(row, _details(kind))) for row in rows]

    def suggestion(self, kind_name: str, record_id: str) -> Suggestion | None:
        """One record as `suggest` would offer it; None when there is none."""
        kind = BY_NAME[kind_name]
        with reading(self._engine) as session:
            rows = read_rows(session, self.catalogue, kind, [record_id])
        return (
            Suggestion(record_id, rows[0].title, _detail(rows[0], _details(kind))) if rows else None
        )

    def title(self, kind_name: str, record_id: str) -> str:
        """What names the record; "" when there is none."""
        with reading(self._engine) as session:
            return titles_of(session, [record_id]).get(record_id, "")

    def linked(self, kind: type[Record], record_id: str) -> list[tuple[type[Record], str, int]]:
        """Which kinds point to this record, by which field, and how many records do."""
        found = []
        with reading(self._engine) as session:
            for other in KINDS:
                for link in _links_to(other, kind):
                    query = select(func.count()).select_from(other)
                    at = getattr(other, link.name) == record_id
                    number = session.scalar(query.where(at, other.deleted.is_(False))) or 0
                    found.append((other, link.name, number))
        return found

    def history(self, kind: type[Record], record_id: str) -> list[Event]:
        """What happened to the record, newest first."""
        with reading(self._engine) as session:
            own = session.get_one(Office, 1).device, self._hand.computer()
            return history(session, self.catalogue, kind, record_id, own)

    def review(self) -> list[ReviewItem]:
        """What a person should look at."""
        with reading(self._engine) as session:
            device = session.get_one(Office, 1).device
            return review(session, self.catalogue, device, self._today())

    def initial(self, kind: type[Record]) -> dict[str, Value]:
        """What a new record starts with; the only unit there is, is chosen already."""
        values = kinds.initial(kind)
        for unit in _links_to(kind, OrganisationUnit):
            if unit.required:
                with reading(self._engine) as session:
                    ids = listing.find_ids(session, self.catalogue, OrganisationUnit, Query(), 2)
                if len(ids) == 1:
                    values[unit.name] = ids[0]
        return values

    def check(
        self, kind: type[Record], values: Mapping[str, Value], record_id: str | None
    ) -> list[Finding]:
        """What the rules say while somebody types."""
        with reading(self._engine) as session:
            record = session.get(kind, record_id) if record_id else None
            standing = editing.values_of(record) if record else kinds.initial(kind)
            full = standing | rules.tidied(kind, values)
            return [
                *rules.findings(kind, full, self._today(), record_id or ""),
                *rules.clashes(session, kind, full, record_id or ""),
                *rules.broken_links(session, kind, values),
            ]

    # Writing

    def save(
        self, kind: type[Record], values: Mapping[str, Value], record_id: str | None = None
    ) -> Saved:
        """Save a new record, or the given fields of one. Raises `InvalidRecord`, `Problem`."""
        return self.save_many([(kind, values, record_id)])[0]

    def save_many(self, entries: Iterable[Entry_]) -> list[Saved]:
        """The same for many: all are saved or none."""
        with self._written() as desk:
            saved = []
            for kind, values, record_id in entries:
                if record_id is None:
                    written = editing.create(desk.session, desk.pen, kind, values)
                else:
                    written = editing.edit(desk.session, desk.pen, kind, record_id, values)
                desk.note(kind, written)
                blocked = (f for f in written.findings if f.level is Level.WARN)
                saved.append(Saved(written.record, tuple(blocked)))
        return saved

    def delete(self, kind: type[Record], record_id: str) -> None:
        """Move a record to the bin. Raises LookupError when there is none."""
        self._set_deleted(kind, record_id, True)

    def restore(self, kind: type[Record], record_id: str) -> None:
        """Bring a record back from the bin. Raises LookupError when there is none."""
        self._set_deleted(kind, record_id, False)

    def _set_deleted(self, kind: type[Record], record_id: str, deleted: bool) -> None:
        with self._written() as desk:
            desk.note(kind, editing.set_deleted(desk.session, desk.pen, kind, record_id, deleted))

    def undoable(self) -> str | None:
        """What `undo` would take back, as a sentence; None when nothing is left."""
        with reading(self._engine) as session:
            return self._undo.sentence(session)

    def undo(self) -> str | None:
        """Take back the last save of this sitting, by a new change; returns a sentence.

        What somebody else has changed since stays, and the sentence says so. Raises `Problem`
        "undo" when the former values may not stand any more.
        """
        ids = self._undo.last()
        if not ids:
            return None
        undone = Undone()
        try:
            with self._written(is_undo=True) as desk:
                for identity in reversed(ids):
                    # An office that was copied gives new names to what was not sent.
                    if desk.session.get(Entry, identity) is not None:
                        desk.note(*take_back(desk.session, desk.pen, identity, undone))
        except InvalidRecord as invalid:
            self._undo.drop()
            raise no_way_back(invalid) from invalid
        self._undo.drop()
        return undone.sentence()

    # Drafts

    def draft(self, kind: type[Record], record_id: str | None) -> dict[str, Value] | None:
        """What was typed into this form and not saved; None when there is nothing."""
        return self._drafts.get(kind, record_id)

    def keep_draft(
        self, kind: type[Record], record_id: str | None, values: Mapping[str, Value]
    ) -> None:
        """Keep what was typed so far."""
        self._drafts.keep(kind, record_id, values)

    def drop_draft(self, kind: type[Record], record_id: str | None) -> None:
        """Forget what was typed."""
        self._drafts.drop(kind, record_id)

    def drafts(self) -> list[Draft]:
        """Every draft, the newest first."""
        return self._drafts.all()

    def settle(self, change_id: str) -> None:
        """Leave a conflict as it stands; it is not listed any more on this computer."""
        with writing(self._engine) as session:
            session.get_one(Entry, change_id).settled = True
        self.news.tell(frozenset())

    def choose(self, change_id: str, name: str, choice: Choice) -> None:
        """Let one value of a conflict stand, as a change like any other. Raises `InvalidRecord`.

        Nothing is lost: both values stay in the history. Where the value stood already, the
        conflict is only closed on this computer.
        """
        with self._written() as desk:
            later = desk.session.get_one(Entry, change_id)
            device = desk.session.get_one(Office, 1).device
            written = choose(desk.session, desk.pen, later, name, choice, device)
            if written is not None:
                desk.note(BY_NAME[later.kind], written)
        if written is None:
            self.news.tell(frozenset())

    def press(self, item: ReviewItem, pressed: Press) -> None:
        """Do what a button of a line of the desk says, offline; nothing is lost by it."""
        with self._written() as desk:
            written = press(desk.session, desk.pen, item, pressed)
            if written is not None:
                desk.note(*written)
        if written is None:
            self.news.tell(frozenset({(item.kind, item.id)}))

    def exchanged(self, session: Session, touched: set[tuple[str, str]]) -> None:
        """Bring the lists up to date inside the transaction that takes in an answer."""
        settle(session, {identity for _kind, identity in touched})
        listing.reindex(session, self.catalogue, touched)

    def listen(self, callback: Callable[[Touched], None]) -> Callable[[], None]:
        """Be told, in the writing thread, which (kind, id) were touched; returns the way out."""
        return self.news.listen(callback)

    def _today(self) -> dt.date:
        return self._hand.now().astimezone().date()

    @contextmanager
    def _written(self, *, is_undo: bool = False) -> Iterator[_Desk]:
        """One writing transaction; index, undo and news follow from what it noted."""
        with writing(self._engine) as session:
            office = session.get_one(Office, 1)
            ledger = session.get(Ledger, office.branch)
            pen = Pen(
                scope=office.branch,
                seen=ledger.seq if ledger else 0,
                seen_digest=ledger.digest if ledger else "",
                author=self._hand.author(),
                now=self._hand.now(),
                today=self._today(),
                next_id=office.next_id,
            )
            desk = _Desk(session, pen)
            yield desk
            settle(session, {identity for _kind, identity in desk.touched})
            listing.reindex(session, self.catalogue, desk.touched)
        if desk.touched:
            if not is_undo:
                self._undo.push(desk.changes)
            self.news.tell(frozenset(desk.touched))


@dataclass
class _Desk:
    """What one transaction writes with, and what it wrote."""

    session: Session
    pen: Pen
    touched: set[tuple[str, str]] = field(default_factory=set)
    changes: list[str] = field(default_factory=list)

    def note(self, kind: type[Record], written: Written) -> None:
        """Remember what was written."""
        if written.entry is not None:
            self.touched.add((name_of(kind), written.record))
            self.changes.append(written.entry.id)


def _links_to(kind: type[Record], target: type[Record]) -> list[Field]:
    return [
        facts
        for facts in fields(kind)
        if isinstance(facts.type, Link) and facts.type.target == name_of(target)
    ]


def _details(kind: type[Record]) -> list[Field]:
    """The fields that tell two records of one name apart."""
    return [field for field in fields(kind) if field.listed and not field.titled][:2]


def _detail(row: Row, details: Sequence[Field]) -> str:
    return " · ".join(row.shown[facts.name] for facts in details if row.shown[facts.name])


__all__ = ["Draft", "Hand", "Query", "RecordState", "Row", "Saved", "Store", "Suggestion"]
