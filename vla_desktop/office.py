"""One open office: its vault, its records, its exchange with the centre."""

from __future__ import annotations

import datetime as dt
import random
import secrets
import socket
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Self

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from sync.changes import Entry, Ledger, Setback
from sync.client import proof
from sync.client.aside import in_a_thread
from sync.client.batches import Span
from sync.client.by_file import FileExchange, Taken, Written
from sync.client.enrolment import enrol
from sync.client.exchange import Outcome, SyncClient
from sync.client.obstacles import obstacle
from sync.client.proof import Proof
from sync.client.steps import World
from sync.client.tables import KeptReceipt
from sync.client.tables import Office as Identity
from sync.client.wire import HttpWire, address
from sync.identity import device_of
from sync.indicators import Figure, figures
from sync.keys import SigningKey
from sync.migrations import SHARED, upgrade
from sync.places import Catalogue
from sync.problems import Problem
from sync.progress import Progress
from sync.receipts import Receipt
from vla_desktop import paths
from vla_desktop.settings import Settings
from vla_desktop.store.aims import Aims
from vla_desktop.store.database import open_engine, reading, writing
from vla_desktop.store.deletions import Deletions
from vla_desktop.store.duties import duties
from vla_desktop.store.elsewhere import Elsewhere
from vla_desktop.store.faults import explained
from vla_desktop.store.freezing import Freezer
from vla_desktop.store.history import moment
from vla_desktop.store.instance import office_held
from vla_desktop.store.merger import Merger
from vla_desktop.store.rows import titles_of
from vla_desktop.store.standing import Light, PendingChange, Standing, read_standing
from vla_desktop.store.store import Hand, Store
from vla_desktop.store.tables import OFFICE
from vla_desktop.store.todo import ToDo, behind, to_do
from vla_desktop.store.vault import change_passphrase, create_vault, open_vault, vault_exists

Clock = Callable[[], dt.datetime]


def utc_now() -> dt.datetime:
    """The clock of this PC."""
    return dt.datetime.now(dt.UTC)


class Office:
    """An open office. Close it, or use it in a `with` block.

    `store` has its records. Synchronising is safe to run in one thread while others read and save.
    `world` is where time passes during an exchange.
    """

    world = World(time.sleep, time.monotonic, random.random, in_a_thread)

    def __init__(self, home: Path, engine: Engine, resources: ExitStack, now: Clock) -> None:
        self.home = home
        self.settings = Settings.load(home)
        self._engine, self._resources, self._now = engine, resources, now
        hand = _hand_of(self, now)
        catalogues = paths.resources() / "catalogues"
        self.store = Store(engine, Catalogue.load(catalogues), hand)
        self.elsewhere = Elsewhere(engine, self.store, self._wire, self.world, now)
        self.deletions = Deletions(engine, self.store, lambda: self.settings.sync)
        self.merger = Merger(engine, self.store)
        self.aims, self.freezer = Aims(engine), Freezer(engine, self.store)
        self._one_sync, self._span = threading.Lock(), Span()
        self._problem: Problem | None = None
        self._tried_at: dt.datetime | None = None
        self._clock_off = dt.timedelta(0)
        self._listeners: list[Callable[[], None]] = []
        self._review: int | None = None
        self.store.listen(self._forget_review)

    # Opening and closing

    @staticmethod
    def exists(home: Path) -> bool:
        """Whether an office was made in this folder, in whatever state it is."""
        return vault_exists(home) or paths.database_file(home).exists()

    @classmethod
    def create(cls, home: Path, passphrase: str, now: Clock = utc_now) -> Self:
        """Make a new office and open it. Raises `Problem`."""
        with explained(home.parent):
            home.mkdir(mode=0o700, parents=True, exist_ok=True)
        with ExitStack() as stack:
            stack.enter_context(office_held(home))
            key = create_vault(home, passphrase)
            engine = open_engine(paths.database_file(home), key.secret, create=True)
            return cls._opened(home, engine, stack, now)

    @classmethod
    def open(cls, home: Path, passphrase: str, now: Clock = utc_now) -> Self:
        """Open the office in this folder. Raises `Problem` for all that stands in the way."""
        if not cls.exists(home):
            open_vault(home, passphrase)
        with ExitStack() as stack:
            stack.enter_context(office_held(home))
            key = open_vault(home, passphrase)
            database = paths.database_file(home)
            # A vault without a database is an office whose making was cut short.
            engine = open_engine(database, key.secret, create=not database.exists())
            return cls._opened(home, engine, stack, now)

    @classmethod
    def _opened(cls, home: Path, engine: Engine, stack: ExitStack, now: Clock) -> Self:
        stack.callback(engine.dispose)
        with explained(home):
            upgrade(engine, SHARED)
            upgrade(engine, OFFICE)
            _give_identity(engine)
            office = cls(home, engine, ExitStack(), now)
            if not office.settings.computer:
                office.change_settings(replace(office.settings, computer=socket.gethostname()))
            # Until here a failure lets go of the folder.
            office._resources = stack.pop_all()
        return office

    def close(self) -> None:
        """Let go of the database and the folder."""
        self._resources.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def change_settings(self, settings: Settings) -> None:
        """Keep the clerk's choices. Raises `Problem`."""
        with explained(self.home):
            settings.save(self.home)
        self.settings = settings
        self._tell()

    def change_passphrase(self, old: str, new: str) -> None:
        """Raises `Problem` when the old one is wrong or the new one too weak."""
        change_passphrase(self.home, old, new)

    # The exchange

    def enrol(self, server: str, code: str) -> None:
        """Join a branch by a one-time code. Raises `Problem`."""
        with HttpWire(server) as wire:
            enrol(self._reading, self._writing, wire, address(server), code,
                  self.settings.computer)  # fmt: skip
        self._problem = None
        self._tell()

    def move(self, server: str) -> None:
        """The centre has another address from now on. Raises `Problem` when it is none."""
        with self._writing() as session:
            session.get_one(Identity, 1).server = address(server)
        self._tell()

    def synchronise(self, progress: Progress) -> Outcome:
        """Send what waits, take what is new. Raises `Problem`, `Cancelled`; the work is intact."""
        with self._one_sync:
            try:
                with self._wire() as wire:
                    outcome = self.elsewhere.synchronise(self._client, wire, progress)
            except Problem as problem:
                self._problem = problem
                raise
            else:
                self._problem = None
                if outcome.receipt:
                    self._clock_off = self._now() - outcome.receipt.signed_at
            finally:
                self._tried_at = self._now()
                self.store.news.tell(frozenset())
                self._tell()
        self.store.news.tell(frozenset(outcome.touched))
        return outcome

    def export_batch(self) -> Written:
        """What waits, as a sealed file for the centre. Raises `Problem`."""
        with self._one_sync:
            return self._by_file().write()

    def import_acknowledgement(self, content: bytes) -> Taken:
        """Take in the file that the centre gave back. Raises `Problem`; then nothing changed."""
        with self._one_sync:
            taken = self._by_file().take_in(content)
        self.store.news.tell(frozenset(taken.outcome.touched))
        self._tell()
        return taken

    def reachable(self) -> bool:
        """Whether the centre answers just now. Network; False before enrolment."""
        try:
            with self._wire() as wire:
                return wire.is_there()
        except Problem:
            return False

    def standing(self) -> Standing:
        """Where the office stands with the centre."""
        # The window asks often, and what is to be reviewed changes only with the records.
        if self._review is None:
            self._review = len(self.store.review()) + len(self.deletions.arrived())
        with self._reading() as session:
            limits = self.deletions.limits()
            told = (self._review, self._problem, self._tried_at, limits, self._clock_off)
            return read_standing(session, *told)

    def pending(self, limit: int = 1000) -> list[PendingChange]:
        """What the centre has not numbered yet, in the order it was written."""
        unnumbered = Entry.seq.is_(None) & (Entry.setback != Setback.WITHDRAWN.value)
        query = select(Entry).where(unnumbered).order_by(func.substr(Entry.id, 21)).limit(limit)
        with self._reading() as session:
            entries = list(session.scalars(query))
            titles = titles_of(session, {entry.record for entry in entries})
        return [
            PendingChange(e.id, e.kind, e.record, titles.get(e.record, ""), e.action, e.setback,
                          moment(e.written_at))
            for e in entries
        ]  # fmt: skip

    def receipts(self, limit: int = 20) -> list[tuple[Receipt, int]]:
        """The newest receipts, each with how many changes of others came along."""
        query = select(KeptReceipt).order_by(KeptReceipt.id.desc()).limit(limit)
        with self._reading() as session:
            return [(kept.receipt, kept.received) for kept in session.scalars(query)]

    def verify_receipt(self, *, online: bool) -> Proof:
        """Check the newest receipt against the ledger here, and at the centre when asked to."""
        with self._reading() as session:
            kept = proof.last_receipt(session)
            if kept is None:
                raise obstacle("no_receipt")
            found = proof.verify(session, kept)
            identity = session.get_one(Identity, 1)
        if online:
            with self._wire() as wire:
                found = proof.ask_centre(wire, identity, found, secrets.token_hex(8))
        return found

    def digests(self) -> dict[str, tuple[int, str]]:
        """How far each scope's ledger reaches here, and the digest there."""
        with self._reading() as session:
            return {one.scope: (one.seq, one.digest) for one in session.scalars(select(Ledger))}

    def listen(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Be told when the standing or the settings changed; returns the way out."""
        self._listeners.append(callback)
        return partial(self._listeners.remove, callback)

    def figures(self, as_of: dt.date) -> list[Figure]:
        """The numbers of the branch on a day."""
        with self._reading() as session:
            return figures(session, as_of, scope=_branch(session))

    def to_do(self, today: dt.date) -> list[ToDo]:
        """What there is to do."""
        with self._reading() as session:
            found = [*duties(session, today), *to_do(session, today)]
        return [*self.merger.to_do(today), *found]

    def behind(self, today: dt.date) -> dict[str, list[ToDo]]:
        """The libraries behind the ratios, by the code of the figure."""
        with self._reading() as session:
            return behind(session, today)

    def _reading(self) -> AbstractContextManager[Session]:
        return reading(self._engine)

    def _writing(self) -> AbstractContextManager[Session]:
        return writing(self._engine)

    def _wire(self) -> HttpWire:
        with self._reading() as session:
            identity = session.get_one(Identity, 1)
        if not identity.branch:
            raise obstacle("not_enrolled")
        return HttpWire(identity.server)

    def _client(self) -> SyncClient:
        return SyncClient(
            self._reading, self._writing, self.store.exchanged, lambda: secrets.token_hex(4),
            lambda: self.settings.computer, self.world, self._span, self.deletions.limits(),
        )  # fmt: skip

    def _by_file(self) -> FileExchange:
        return FileExchange(self._reading, self._writing, self.store.exchanged,
                            secrets.token_bytes, lambda: self.settings.computer,
                            self.deletions.limits())  # fmt: skip

    def _forget_review(self, _touched: object) -> None:
        self._review = None

    def _tell(self) -> None:
        for listener in list(self._listeners):
            listener()


def _hand_of(office: Office, now: Clock) -> Hand:
    return Hand(
        lambda: office.settings.author, lambda: office.settings.computer, now,
        lambda: office.settings.sync.transfer_days,
    )  # fmt: skip


def _branch(session: Session) -> str:
    return session.get_one(Identity, 1).branch


def _give_identity(engine: Engine) -> None:
    """A new office draws its device key once; from it comes the name that its ids begin with."""
    with reading(engine) as session:
        if session.get(Identity, 1):
            return
    secret = secrets.token_bytes(32)
    with writing(engine) as session:
        session.add(
            Identity(
                id=1,
                device=device_of(SigningKey(secret).public),
                secret=secret,
                incarnation=secrets.token_hex(4),
            )
        )


__all__ = [
    "Light", "Office", "Outcome", "PendingChange", "Standing", "Taken", "ToDo", "Written",
    "utc_now",
]  # fmt: skip
