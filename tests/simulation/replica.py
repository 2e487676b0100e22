"""One PC of a branch: the program's own code on a database of its own."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module
from inspect import signature
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from sync import editing
from sync.applying import settle
from sync.changes import Entry, Ledger, mark_of
from sync.client.exchange import Outcome, SyncClient
from sync.client.steps import Wire, World
from sync.client.tables import Office as Identity
from sync.editing import Pen, Written
from sync.keys import SigningKey
from sync.progress import Silent
from sync.records import BY_NAME
from sync.records.base import Record
from sync.records.types import Value
from tests.simulation.disks import Crash, Disk, Image
from tests.simulation.machine import Machine
from tests.simulation.truth import Save, Truth
from vla_desktop.store import database
from vla_desktop.store.standing import Light, read_standing
from vla_desktop.store.store import Hand, Store
from vla_desktop.store.undo import Mark, Undone, found, take_back

Rows = list[tuple[Any, ...]]


@dataclass
class Copy:
    """The office as it was once: its files, and what had been typed into it."""

    image: Image
    typed: list[str]


@dataclass
class Replica:
    """`typed` has the stamps of what this office's clerks saved, oldest first.

    `batch` is how many changes it sends at once, to begin with.
    """

    name: str
    branch: str
    secret: bytes
    disk: Disk
    machine: Machine
    truth: Truth
    incarnation: Callable[[], str]
    clock: Callable[[], dt.datetime]
    is_full: bool
    batch: int
    typed: list[str] = field(default_factory=list)
    copies: list[Copy] = field(default_factory=list)
    sitting: list[Mark] = field(default_factory=list)
    store: Store | None = None

    @cached_property
    def device(self) -> str:
        """The name that its ids begin with."""
        return self.machine.identity(self.secret, self.branch).device

    @property
    def author(self) -> str:
        """Who sits there."""
        return f"Văn thư {self.name}"

    # Lives

    def found(self) -> None:
        """A new office that has just joined its branch."""
        self.disk.put(self.machine.empty(sealed=self.is_full))
        with self.writing() as session:
            session.add(self.machine.identity(self.secret, self.branch))
        self.start()

    def start(self) -> None:
        """The program is started on what the disk holds."""
        self.sitting = []
        if self.is_full:
            hand = Hand(lambda: self.author, lambda: self.name, self.clock)
            self.store = Store(self.disk.engine, self.machine.catalogue, hand)

    def copy(self) -> Copy:
        """The office as it is now."""
        return Copy(self.disk.image(), list(self.typed))

    def become(self, copy: Copy) -> None:
        """The office is as it was in that copy."""
        self.disk.put(copy.image)
        self.typed = list(copy.typed)
        self.start()

    def crashing(self, after: int, deed: Callable[[], object]) -> bool:
        """Do something, and crash after so many statements; says whether it came to that."""
        self.disk.left = after
        try:
            deed()
        except Crash:
            self.disk.reopen()
            self.start()
            return True
        finally:
            self.disk.left = None
        return False

    # Sessions

    def reading(self) -> AbstractContextManager[Session]:
        """A session that looks."""
        return database.reading(self.disk.engine) if self.is_full else self._plain()

    def writing(self) -> AbstractContextManager[Session]:
        """A session that writes all or nothing."""
        return database.writing(self.disk.engine) if self.is_full else self._plain()

    @contextmanager
    def _plain(self) -> Iterator[Session]:
        with Session(self.disk.engine, expire_on_commit=False) as session, session.begin():
            yield session

    def rows(self, statement: str, *values: Any) -> Rows:
        """What the database answers to plain SQL."""
        return self.disk.rows(statement, *values)

    def pending(self) -> int:
        """How many changes the centre has not numbered."""
        lives = "seq IS NULL AND setback != 'withdrawn'"
        return int(self.rows(f"SELECT count(*) FROM change WHERE {lives}")[0][0])  # noqa: S608

    # Work

    def seen(self) -> frozenset[str]:
        """The stamps of what was read in the ledger."""
        found = self.rows("SELECT written_at FROM change WHERE seq IS NOT NULL")
        return frozenset(stamp for (stamp,) in found)

    def save(
        self, kind: type[Record], values: Mapping[str, Value], record: str | None = None
    ) -> str:
        """A clerk saves a form; gives the record's id."""
        if self.store:
            return self._noted(lambda _pen: self._store().save(kind, values, record).id)
        if record is None:
            return self._noted(lambda desk: desk.create(kind, values))
        return self._noted(lambda desk: desk.edit(kind, record, values))

    def bin(self, kind: type[Record], record: str, deleted: bool) -> None:
        """A clerk throws a record away, or fetches it back."""
        if self.store:
            move = self.store.delete if deleted else self.store.restore
            self._noted(lambda _desk: str(move(kind, record)))
            return
        self._noted(lambda desk: desk.bin(kind, record, deleted))

    def undo(self) -> None:
        """A clerk takes back the last save of this sitting."""
        if self.store:
            self._noted(lambda _desk: str(self._store().undo()))
        elif self.sitting:
            last = self.sitting.pop()
            self._noted(lambda desk: desk.undo(last))
            del self.sitting[-1:]

    def _store(self) -> Store:
        assert self.store is not None
        return self.store

    def _noted(self, deed: Callable[[Desk], str]) -> str:
        """Do it, and remember what came of it."""
        seen, earlier = self.seen(), frozenset(self.typed)
        try:
            if self.store:
                return deed(Desk.__new__(Desk))
            with self.writing() as session:
                desk = Desk(session, self)
                record = deed(desk)
                settle(session, desk.touched)
            self.sitting += desk.changes
            return record
        finally:
            if self.disk.wreck is not None:
                self.disk.reopen()
                self.start()
            self._note(seen, earlier)

    def _note(self, seen: frozenset[str], earlier: frozenset[str]) -> None:
        known = self.truth.saves
        found = self.rows(
            "SELECT written_at, kind, record, action, \"values\" FROM change WHERE author = ?"
            " AND seq IS NULL ORDER BY substr(id, 21)", self.author,
        )  # fmt: skip
        for stamp, kind, record, action, values in found:
            if stamp not in known:
                known[stamp] = Save(
                    stamp, self.author, self.device, kind, record, action, json.loads(values),
                    seen, earlier,
                )  # fmt: skip
                self.typed.append(stamp)

    def insert(self, kind: str, record: str, action: str, values: Mapping[str, Any]) -> None:
        """A newer version of the program, on this PC, writes what this one does not know."""
        seen, earlier = self.seen(), frozenset(self.typed)
        with self.writing() as session:
            office = session.get_one(Identity, 1)
            ledger = session.get(Ledger, self.branch)
            entry = Entry(
                id=office.next_id(), scope=self.branch, kind=kind,
                record=record or office.next_id(), action=action, values=dict(values),
                base=ledger.seq if ledger else 0,
                base_digest=mark_of(ledger.digest) if ledger and ledger.seq else "",
                author=self.author,
                written_at=self.clock().isoformat(timespec="seconds"),
            )  # fmt: skip
            session.add(entry)
            row = session.get(BY_NAME[kind], record) if kind in BY_NAME else None
            if row is not None and "note" in values:
                row.note = values["note"]  # type: ignore[attr-defined]
        self._note(seen, earlier)

    # The exchange

    def synchronise(self, wire: Wire) -> Outcome:
        """Synchronise as the program does."""
        world = World(lambda _seconds: None, lambda: 0.0, lambda: 0.5)
        given: list[Any] = [self.reading, self.writing, self._exchanged, self.incarnation,
                            lambda: self.name, world]  # fmt: skip
        if "span" in signature(SyncClient).parameters:
            given.append(import_module("sync.client.batches").Span(changes=self.batch))
        return SyncClient(*given).run(wire, Silent())

    def _exchanged(self, session: Session, touched: set[tuple[str, str]]) -> None:
        if self.store:
            self.store.exchanged(session, touched)
        else:
            settle(session, {record for _kind, record in touched})

    def light(self) -> Light:
        """What the clerk sees at the foot of the window."""
        with self.reading() as session:
            return read_standing(session, 0, None, None).light

    def key(self) -> SigningKey:
        """The device's key."""
        return SigningKey(self.secret)


class Desk:
    """One transaction of a clerk, for an office without lists and search."""

    def __init__(self, session: Session, replica: Replica) -> None:
        self.session = session
        self.touched: set[str] = set()
        self.changes: list[Mark] = []
        office = session.get_one(Identity, 1)
        ledger = session.get(Ledger, office.branch)
        now = replica.clock()
        self.pen = Pen(
            scope=office.branch, seen=ledger.seq if ledger else 0,
            seen_digest=ledger.digest if ledger else "", author=replica.author,
            now=now, today=now.date(), next_id=office.next_id,
        )  # fmt: skip

    def create(self, kind: type[Record], values: Mapping[str, Value]) -> str:
        """A new record."""
        return self._keep(editing.create(self.session, self.pen, kind, values))

    def edit(self, kind: type[Record], record: str, values: Mapping[str, Value]) -> str:
        """Some fields of a record."""
        return self._keep(editing.edit(self.session, self.pen, kind, record, values))

    def bin(self, kind: type[Record], record: str, deleted: bool) -> str:
        """Into the bin, or out of it."""
        return self._keep(editing.set_deleted(self.session, self.pen, kind, record, deleted))

    def undo(self, mark: Mark) -> str:
        """The opposite of a change."""
        entry = found(self.session, mark)
        if entry is None:
            return ""
        return self._keep(take_back(self.session, self.pen, entry, Undone())[1])

    def _keep(self, written: Written) -> str:
        if written.entry is not None:
            self.touched.add(written.record)
            self.changes.append((written.entry.id, written.entry.written_at))
        return written.record


def records_of(replica: Replica, kind: str) -> list[str]:
    """Every record of a kind that stands in an office, in the order of their names."""
    assert kind in BY_NAME
    with replica.reading() as session:
        return list(session.scalars(select(BY_NAME[kind].id).order_by(BY_NAME[kind].id)))
