"""What only the centre can help with: what happened before this office's ledger began, and a
ledger or records that were damaged.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from sync.client.beginnings import is_older_missing
from sync.client.exchange import Outcome, SyncClient
from sync.client.older import History
from sync.client.repair import Mended, Repair, run_mending
from sync.client.steps import Wire, World, drive
from sync.client.wire import HttpWire
from sync.progress import Progress, Silent
from sync.records.base import Record
from vla_desktop.store.database import reading, writing
from vla_desktop.store.store import Store


class Elsewhere:
    """Asks the centre, and keeps what it says."""

    def __init__(
        self, engine: Engine, store: Store, wire: Callable[[], HttpWire], world: World
    ) -> None:
        self._engine, self._store, self._wire, self._world = engine, store, wire, world
        store.beyond = self

    def _reading(self) -> AbstractContextManager[Session]:
        return reading(self._engine)

    def _writing(self) -> AbstractContextManager[Session]:
        return writing(self._engine)

    def _repair(self) -> Repair:
        draw = partial(secrets.token_hex, 16)
        return Repair(self._reading, self._writing, self._store.exchanged, self._world, draw)

    def synchronise(self, client: SyncClient, wire: Wire, progress: Progress) -> Outcome:
        """Exchange what is new; a ledger that is found damaged is mended. Raises `Problem`."""
        return run_mending(client, self._repair(), wire, progress, self._world)

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
        history = History(self._reading, self._writing, self._store.exchanged, self._world)
        with reading(self._engine) as session:
            scope = session.get_one(kind, record_id).scope
        with self._wire() as wire:
            drive(history.of_records(scope, [record_id]), wire, Silent(), self._world)
        self._store.news.tell(frozenset(history.touched))
