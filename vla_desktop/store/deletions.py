"""Great deletions as the clerk meets them: held here until agreed to, or come from others."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy import Engine

from sync.client import holding
from sync.client.holding import Arrived, Held, Limits
from sync.records import BY_NAME
from sync.texts import _
from sync.vietnamese import grouped
from vla_desktop.settings import SyncSettings
from vla_desktop.store.database import reading, writing
from vla_desktop.store.store import Store


class Deletions:
    """Asks about great deletions and does what is answered. `settings` are those of just now."""

    def __init__(self, engine: Engine, store: Store, settings: Callable[[], SyncSettings]) -> None:
        self._engine, self._store, self._settings = engine, store, settings

    def limits(self) -> Limits:
        """What the clerk chose."""
        return Limits(self._settings().most_deleted_percent, self._settings().most_deleted)

    def held(self) -> list[Held]:
        """What this office deleted and does not send before somebody says so."""
        with reading(self._engine) as session:
            return holding.held(session, self.limits())

    def arrived(self) -> list[Arrived]:
        """What others deleted, as long as nobody here has answered for it."""
        with reading(self._engine) as session:
            return holding.arrived(session)

    def send(self, found: Sequence[Held]) -> int:
        """These go with the next exchange; returns how many records."""
        records = [record for one in found for record in one.records]
        with writing(self._engine) as session:
            holding.agree(session, records)
        self._store.news.tell(frozenset())
        return len(records)

    def restore(self, found: Sequence[Held | Arrived]) -> int:
        """Brings these records back, as one change each; returns how many."""
        wanted = [(BY_NAME[one.kind], record) for one in found for record in one.records]
        self._store.restore_many(wanted)
        return len(wanted)

    def dismiss(self, notice: int) -> None:
        """Somebody has seen it and lets it be."""
        with writing(self._engine) as session:
            holding.dismiss(session, notice)
        self._store.news.tell(frozenset())


def told(found: Sequence[Held | Arrived]) -> str:
    """How many of which kinds: "42 hội viên, 30 thư viện"."""
    return ", ".join(
        f"{grouped(len(one.records))} {_(BY_NAME[one.kind].label).lower()}" for one in found
    )
