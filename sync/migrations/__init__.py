"""Brings the tables of a database up to what this version declares.

There are several chains of migrations, each with its own folder and version table: the shared
tables, those of an office, those of the centre. A migration's file name begins with its revision,
four digits; they follow one another without branches.
"""

from __future__ import annotations

import functools
import re
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, MetaData, text

import sync.changes
import sync.records  # noqa: F401  both declare tables in Shared.metadata, as knowledge does
from sync.knowledge import newer_database
from sync.records.base import Shared

if TYPE_CHECKING:
    from alembic.config import Config

HERE = Path(__file__).resolve().parent
MAINTENANCE = "!"  # no branch is called so
LOCK_NUMBER = 0x766C61  # any number that is ours alone among PostgreSQL's advisory locks
# Alembic keeps its work in progress in names of its modules, one for the whole process.
_ONE_AT_A_TIME = threading.Lock()


@dataclass(frozen=True)
class Chain:
    """Tables that are changed together, the scripts that do it, and where the place is kept."""

    name: str
    versions: Path
    version_table: str
    metadata: MetaData

    def revisions(self) -> list[str]:
        """The revisions of the folder, oldest first."""
        found = (re.match(r"(\d{4})_\w+\.py", path.name) for path in self.versions.iterdir())
        return sorted(match[1] for match in found if match)


SHARED = Chain("shared", HERE / "versions", "alembic_version", Shared.metadata)


@functools.cache
def schema_known() -> int:
    """The number of the newest migration of the shared tables that this version has."""
    return int(SHARED.revisions()[-1])


def upgrade(engine: Engine, chain: Chain) -> None:
    """Run what is missing of the chain, all of it in one transaction or nothing.

    On SQLite the engine's transactions must begin for real (an explicit BEGIN IMMEDIATE).
    Raises `Problem` "database.newer" when a later version of the program wrote the database.
    """
    if is_newest(engine, chain):
        return
    with engine.begin() as connection:
        _take_turn(connection)
        # Another process may have done it while this one waited for its turn.
        if stored_revision(connection, chain) != chain.revisions()[-1]:
            from alembic import command  # slow to import, and seldom needed

            maintain(connection)
            with _ONE_AT_A_TIME:
                command.upgrade(configured(connection, chain), "head")


def maintain(connection: Connection) -> None:
    """To the transaction's end the owner sees every row, on whatever branch; others see none.

    The centre's tables let nobody see a row who does not say whose. Nothing on SQLite.
    """
    if connection.dialect.name == "postgresql":
        query = text("SELECT set_config('vla.scope', :scope, true)")
        connection.execute(query, {"scope": MAINTENANCE})


def is_newest(engine: Engine, chain: Chain) -> bool:
    """Whether nothing of the chain is missing. Raises `Problem` "database.newer"."""
    revisions = chain.revisions()
    with engine.connect() as connection:
        stored = stored_revision(connection.execution_options(reads_only=True), chain)
    if stored and stored not in revisions:
        raise newer_database()
    return stored == revisions[-1]


def stored_revision(connection: Connection, chain: Chain) -> str:
    """How far the database is; "" when the chain was never begun in it."""
    if not connection.dialect.has_table(connection, chain.version_table):
        return ""
    query = text("SELECT version_num FROM " + chain.version_table)  # noqa: S608  our own word
    return connection.scalar(query) or ""


def configured(connection: Connection, chain: Chain) -> Config:
    """What Alembic needs to work on this chain by this connection, in its transaction."""
    from alembic.config import Config

    config = Config()
    for name, value in (
        ("script_location", HERE),
        ("version_locations", chain.versions),
        ("path_separator", "newline"),
    ):
        config.set_main_option(name, str(value).replace("%", "%%"))
    config.attributes.update(connection=connection, chain=chain)
    return config


def _take_turn(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": LOCK_NUMBER})
        return
    driver: Any = connection.connection.driver_connection
    if not driver.in_transaction:
        raise AssertionError("this engine lets SQLite commit each statement on its own")
