"""What only the centre can help with: what happened before this office's ledger began, and a
ledger or records that were damaged.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from functools import partial

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from sync.client.beginnings import is_older_missing
from sync.client.exchange import Outcome, SyncClient
from sync.client.older import History
from sync.client.repair import Mended, Repair, run_mending
from sync.client.steps import Steps, Wire, World, drive
from sync.client.tables import Office
from sync.client.wire import HttpWire
from sync.problems import Problem
from sync.progress import Progress, Silent
from sync.protocol import Refusal
from sync.records.base import Record
from vla_desktop.store.cards import give_up_pools
from vla_desktop.store.database import reading, writing
from vla_desktop.store.membership import MembershipDesk
from vla_desktop.store.receipt_numbers import missing, number_receipts
from vla_desktop.store.store import Store


class Elsewhere:
    """Asks the centre, and keeps what it says."""

    def __init__(
        self, engine: Engine, store: Store, wire: Callable[[], HttpWire], world: World,
        now: Callable[[], dt.datetime],
    ) -> None:  # fmt: skip
        self._engine, self._store, self._wire, self._world = engine, store, wire, world
        self._now = now
        self.desk = MembershipDesk(store)
        self.cards = self.desk.cards
        store.beyond = self
        store.amends += [give_up_pools, number_receipts]

    def _reading(self) -> AbstractContextManager[Session]:
        return reading(self._engine)

    def _writing(self) -> AbstractContextManager[Session]:
        return writing(self._engine)

    def _repair(self) -> Repair:
        draw = partial(secrets.token_hex, 16)
        return Repair(self._reading, self._writing, self._store.exchanged, self._world, draw)

    def synchronise(
        self, client: Callable[[], SyncClient], wire: Wire, progress: Progress
    ) -> Outcome:
        """Exchange what is new; a ledger that is found damaged is mended. Raises `Problem`.

        Then comes what is needed to work alone, and a second exchange if that gave work to send.
        """
        outcome = run_mending(client(), self._repair(), wire, progress, self._world)
        if self._provide(wire, progress):
            more = run_mending(client(), self._repair(), wire, progress, self._world)
            _add(outcome, more)
        return outcome

    def _provide(self, wire: Wire, progress: Progress) -> bool:
        """Says whether there is something more to send.

        An exchange that went well does not fail for want of numbers.
        """
        today = self._now().astimezone().date()
        with suppress(Problem, Refusal):
            drive(self.cards.refill(self._world, today), wire, progress, self._world)
            drive(self.beginnings_of_receipts(), wire, progress, self._world)
        return bool(self.desk.complete_agreed() + self.cards.replace_provisional())

    def beginnings_of_receipts(self) -> Steps[None]:
        """After a snapshot: only the ledger before it tells the numbers of dues receipts."""
        with reading(self._engine) as session:
            scope, wanted = session.get_one(Office, 1).branch, missing(session)
        if wanted:
            yield from self._history().of_records(scope, wanted)

    def _history(self) -> History:
        return History(self._reading, self._writing, self._store.exchanged, self._world)

    def mend(self, progress: Progress) -> Mended:
        """Hold ledger and records against the centre's word, and mend what is amiss.

        Network; raises `Problem`. Nothing that was not sent is touched.
        """
        with self._wire() as wire:
            mended = drive(self._repair().steps(), wire, progress, self._world)
        self._store.news.tell(frozenset(mended.touched))
        return mended

    def has_more(self, kind: type[Record], record_id: str) -> bool:
        """Whether a record has a history of which this office knows only the end."""
        with reading(self._engine) as session:
            record = session.get(kind, record_id)
            return record is not None and is_older_missing(session, record.scope, record_id)

    def fetch(self, kind: type[Record], record_id: str) -> None:
        """Bring it here. Network; raises `Problem`."""
        history = self._history()
        with reading(self._engine) as session:
            scope = session.get_one(kind, record_id).scope
        with self._wire() as wire:
            drive(history.of_records(scope, [record_id]), wire, Silent(), self._world)
        self._store.news.tell(frozenset(history.touched))


def _add(outcome: Outcome, more: Outcome) -> None:
    """A second exchange followed at once, by the same wire."""
    for name in ("sent", "accepted", "waiting", "rejected", "received"):
        setattr(outcome, name, getattr(outcome, name) + getattr(more, name))
    for name in ("held", "requests", "bytes_up", "bytes_down"):
        setattr(outcome, name, getattr(more, name))
    outcome.receipt = more.receipt or outcome.receipt
    outcome.touched |= more.touched
