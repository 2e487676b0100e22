"""What only the centre has: what happened before this office's ledger began."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Engine

from sync.client.beginnings import is_older_missing
from sync.client.older import History
from sync.client.steps import World, drive
from sync.client.wire import HttpWire
from sync.progress import Silent
from sync.records.base import Record
from vla_desktop.store.database import reading, writing
from vla_desktop.store.store import Store


class Elsewhere:
    """Asks the centre for it when somebody looks, and keeps it."""

    def __init__(
        self, engine: Engine, store: Store, wire: Callable[[], HttpWire], world: World
    ) -> None:
        self._engine, self._store, self._wire, self._world = engine, store, wire, world

    def has_more(self, kind: type[Record], record_id: str) -> bool:
        """Whether a record has a history of which this office knows only the end."""
        with reading(self._engine) as session:
            record = session.get(kind, record_id)
            return record is not None and is_older_missing(session, record.scope, record_id)

    def fetch(self, kind: type[Record], record_id: str) -> None:
        """Bring it here. Network; raises `Problem`."""
        history = History(
            lambda: reading(self._engine), lambda: writing(self._engine), self._store.exchanged,
            self._world,
        )  # fmt: skip
        with reading(self._engine) as session:
            scope = session.get_one(kind, record_id).scope
        with self._wire() as wire:
            drive(history.of_records(scope, [record_id]), wire, Silent(), self._world)
        self._store.news.tell(frozenset(history.touched))
