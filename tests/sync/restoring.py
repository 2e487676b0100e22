"""A centre with backups, for tests of what comes after a restore."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from sync.canonical import first_digest
from sync.changes import ASSOCIATION
from sync.records.library import Library
from sync.server.centre import Centre, digests
from sync.server.cli import main
from sync.server.database import reading
from sync.server.embedded import settings_of
from tests.builders import (
    NOW,
    DirectWire,
    LostAnswer,
    exchange,
)
from vla_desktop.office import Office
from vla_desktop.store.rows import Query


class Place:
    """Where a centre stands, with its backups."""

    def __init__(self, folder: Path) -> None:
        self._database, self._backup = folder / "centre.db", folder / "backup.db"
        self.centre = self._started()

    def _started(self) -> Centre:
        return Centre(settings_of(self._database), lambda: NOW)

    def back_up(self) -> None:
        """Copy the database as it is now."""
        with (
            closing(sqlite3.connect(self._database)) as source,
            closing(sqlite3.connect(self._backup)) as target,
        ):
            source.backup(target)

    def restore(self, *, says_so: bool = True) -> Centre:
        """The centre as it was at the backup; `says_so`: the operator begins a new epoch."""
        self.centre.close()
        for beside in ("-wal", "-shm"):
            self._database.with_name(self._database.name + beside).unlink(missing_ok=True)
        self._database.write_bytes(self._backup.read_bytes())
        if says_so:
            assert main(["new-epoch", "--database", f"sqlite:///{self._database}"]) == 0
        self.centre = self._started()
        return self.centre

    def kept_backup(self) -> bytes:
        """A backup of now, for `restore_kept`."""
        self.back_up()
        return self._backup.read_bytes()

    def restore_kept(self, backup: bytes) -> Centre:
        """The centre as it was at one of several backups, in a new epoch."""
        self._backup.write_bytes(backup)
        return self.restore()

    def digests(self) -> dict[str, tuple[int, str]]:
        """How far the ledgers reach, and their digests."""
        with reading(self.centre.engine) as session:
            empty = {ASSOCIATION: (0, first_digest(ASSOCIATION))}
            return empty | {scope: (seq, digest) for scope, seq, digest in digests(session)}

    @property
    def wire(self) -> DirectWire:
        """A way to whatever centre runs now."""
        return DirectWire(self.centre)


class ShortWire(DirectWire):
    """A line that breaks for good after so many answers."""

    def __init__(self, centre: Centre, answers: int) -> None:
        super().__init__(centre)
        self._answers = answers

    def post(self, path: str, body: bytes) -> bytes:
        """As long as it holds."""
        if self.requests == self._answers:
            raise LostAnswer
        return super().post(path, body)


def names(office: Office) -> list[str]:
    rows = office.store.rows(Library, office.store.ids(Library, Query()))
    return sorted(row.title for row in rows)


def rounds(place: Place, *offices: Office, times: int = 2) -> None:
    for _round in range(times):
        for office in offices:
            exchange(office, place.wire)
