"""The office's records, for windows, files and the command line alike.

Every method opens its own short transaction and may be called from any thread.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from sync import editing
from sync.applying import settle
from sync.catching_up import catch_up
from sync.changes import Entry, Ledger
from sync.client.learning import told_by_snapshots
from sync.client.tables import Office
from sync.editing import Pen, Written
from sync.meetings import Press
from sync.places import Catalogue
from sync.problems import Finding, InvalidRecord, Level, Problem
from sync.progress import Progress, Silent
from sync.records import BY_NAME, name_of
from sync.records.base import Record
from sync.records.types import Value
from vla_desktop.store import listing, transfers
from vla_desktop.store.branch_keys import BranchKeys
from vla_desktop.store.conflicts import Choice, choose
from vla_desktop.store.database import reading, writing
from vla_desktop.store.desk import Desk
from vla_desktop.store.drafts import Draft, Drafts
from vla_desktop.store.items import ReviewItem, press
from vla_desktop.store.news import News, Touched
from vla_desktop.store.reader import Hand, Reader, Suggestion
from vla_desktop.store.rows import Query, RecordState, Row
from vla_desktop.store.undo import Undone, UndoStack, found, no_way_back, take_back
from vla_desktop.store.undoing import take_back_many

# Writes in a transaction, and says what.
Deed = Callable[[Session, Pen], Iterable[tuple[type[Record], Written]]]
# Puts right what an exchange showed to be wrong; says which records, as (kind, id).
Amends = Callable[[Session, Pen], set[tuple[str, str]]]
Entry_ = tuple[type[Record], Mapping[str, Value], str | None]


@dataclass(frozen=True)
class Saved:
    """What was saved, and what may be doubtful about it."""

    id: str
    findings: tuple[Finding, ...] = ()


class Beyond(Protocol):
    """What only the centre has of a record's history, see `Elsewhere`."""

    def has_more(self, kind: type[Record], record_id: str) -> bool:
        """Whether there is any."""

    def fetch(self, kind: type[Record], record_id: str) -> None:
        """Bring it here. Network; raises `Problem`."""


class Store(Reader):
    """Reads and writes the records of one office."""

    def __init__(self, engine: Engine, catalogue: Catalogue, hand: Hand) -> None:
        super().__init__(engine, catalogue, hand)
        self._drafts = Drafts(engine, hand.now)
        self.keys = BranchKeys(engine, self)
        self.beyond: Beyond | None = None
        self.amends: list[Amends] = []
        self.news = News()
        self._undo = UndoStack()
        with writing(engine) as session:
            learnt = catch_up(session, told_by_snapshots)
            if not listing.rebuild_if_old(session, catalogue):
                listing.reindex(session, catalogue, listing.relisted(learnt))

    # Writing

    def save(
        self, kind: type[Record], values: Mapping[str, Value], record_id: str | None = None
    ) -> Saved:
        """Save a new record, or the given fields of one. Raises `InvalidRecord`, `Problem`."""
        return self.save_many([(kind, values, record_id)])[0]

    def save_many(self, entries: Iterable[Entry_]) -> list[Saved]:
        """The same for many: all are saved or none."""
        with self.written() as desk:
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

    def restore_many(self, wanted: Iterable[tuple[type[Record], str]]) -> None:
        """The same for many: all are brought back or none, and one undo takes them all back."""
        with self.written() as desk:
            for kind, record in wanted:
                desk.note(kind, editing.set_deleted(desk.session, desk.pen, kind, record, False))

    def _set_deleted(self, kind: type[Record], record_id: str, deleted: bool) -> None:
        with self.written() as desk:
            desk.note(kind, editing.set_deleted(desk.session, desk.pen, kind, record_id, deleted))

    def move(self, kind: type[Record], record_id: str, branch: str) -> None:
        """Hand a record over to another branch, by its code; `undo` cannot take that back.

        Here it stays to be read. Raises `Problem` "move" when it cannot go, LookupError when there
        is none.
        """
        with self.written() as desk:
            written = editing.move(desk.session, desk.pen, kind, record_id, branch)
            desk.touched.add((name_of(kind), written.record))

    def do(self, deed: Deed, *, is_undoable: bool = True) -> None:
        """Several writings in one transaction: all stand or none, and one undo takes them back.

        Raises what the deed raises; then nothing stands.
        """
        with self.written(is_undo=not is_undoable) as desk:
            for kind, written in deed(desk.session, desk.pen):
                desk.note(kind, written)

    def undoable(self) -> str | None:
        """What `undo` would take back, as a sentence; None when nothing is left."""
        with reading(self._engine) as session:
            return self._undo.sentence(session)

    def undo(self, progress: Progress | None = None) -> str | None:
        """Take back the last save of this sitting, by a new change; returns a sentence.

        What somebody else has changed since stays, and the sentence says so. Raises `Problem`
        "undo" when the former values may not stand any more.
        """
        marks = self._undo.last()
        if not marks:
            return None
        undone = Undone()
        try:
            with self.written(is_undo=True) as desk:
                for mark in reversed(take_back_many(desk, marks, undone, progress or Silent())):
                    entry = found(desk.session, mark)
                    if entry is not None:
                        desk.note(*take_back(desk.session, desk.pen, entry, undone))
        except InvalidRecord as invalid:
            self._undo.drop()
            raise no_way_back(invalid) from invalid
        except Problem:
            self._undo.drop()
            raise
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
        with self.written() as desk:
            later = desk.session.get_one(Entry, change_id)
            device = desk.session.get_one(Office, 1).device
            written = choose(desk.session, desk.pen, later, name, choice, device)
            if written is not None:
                desk.note(BY_NAME[later.kind], written)
        if written is None:
            self.news.tell(frozenset())

    def press(self, item: ReviewItem, pressed: Press) -> None:
        """Do what a button of a line of the desk says, offline; nothing is lost by it."""
        if item.sort in transfers.SORTS:
            self.do(
                lambda session, pen: transfers.pressed(session, pen, item, pressed),
                is_undoable=False,
            )
            self.news.tell(frozenset({(item.kind, item.id)}))
            return
        with self.written() as desk:
            written = press(desk.session, desk.pen, item, pressed)
            if written is not None:
                desk.note(*written)
        if written is None:
            self.news.tell(frozenset({(item.kind, item.id)}))

    def exchanged(self, session: Session, touched: set[tuple[str, str]]) -> None:
        """Bring the lists up to date inside the transaction that takes in an answer."""
        for amend in self.amends:
            touched |= amend(session, self._pen(session))
        settle(session, {identity for _kind, identity in touched})
        listing.reindex(session, self.catalogue, touched)

    def listen(self, callback: Callable[[Touched], None]) -> Callable[[], None]:
        """Be told, in the writing thread, which (kind, id) were touched; returns the way out."""
        return self.news.listen(callback)

    @contextmanager
    def written(self, *, is_undo: bool = False) -> Iterator[Desk]:
        """One writing transaction; index, undo and news follow from what is noted at the desk."""
        with writing(self._engine) as session:
            desk = Desk(session, self._pen(session))
            yield desk
            settle(session, {identity for _kind, identity in desk.touched})
            listing.reindex(session, self.catalogue, desk.touched - desk.unlisted)
        if desk.touched:
            if not is_undo and desk.changes:
                self._undo.push(desk.changes)
            self.news.tell(frozenset(desk.touched))

    def _pen(self, session: Session) -> Pen:
        office = session.get_one(Office, 1)
        ledger = session.get(Ledger, office.branch)
        return Pen(
            scope=office.branch,
            seen=ledger.seq if ledger else 0,
            seen_digest=ledger.digest if ledger else "",
            author=self._hand.author(),
            now=self._hand.now(),
            today=self._today(),
            next_id=office.next_id,
        )


__all__ = ["Draft", "Hand", "Query", "RecordState", "Row", "Saved", "Store", "Suggestion"]
