"""The centre's database: PostgreSQL, or SQLite for a small or embedded centre."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, Session

# Older releases can damage a database when its write-ahead log starts anew; these have the mend.
SAFE_LOG_SINCE: Final = (3, 51, 3)
SAFE_LOG_ALSO: Final = ((3, 44, 6), (3, 50, 7))
_READS_ONLY: Final = "reads_only"


def open_engine(url: str, *, busy_timeout_s: float = 30.0, pool_size: int = 10) -> Engine:
    """An engine for a database URL; `postgresql://` means psycopg 3."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        engine = create_engine(
            address,
            connect_args={
                "isolation_level": None,  # else Python begins and commits where it thinks best
                "timeout": busy_timeout_s,
                "check_same_thread": False,
            },
            pool_size=pool_size,
            max_overflow=pool_size,
            hide_parameters=True,
        )
        event.listen(engine, "connect", _prepare)
        event.listen(engine, "begin", _begin)
        return engine
    if address.drivername == "postgresql":
        address = address.set(drivername="postgresql+psycopg")
    return create_engine(
        address,
        isolation_level="READ COMMITTED",
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_pre_ping=True,
        # Errors are logged, and parameters are people.
        hide_parameters=True,
    )


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """A session that looks and does not write."""
    with Session(engine, autoflush=False) as session:
        session.connection(execution_options={_READS_ONLY: True})
        yield session


@contextmanager
def writing(engine: Engine) -> Iterator[Session]:
    """A session whose changes stand when it ends, or none after any exception."""
    with Session(engine, expire_on_commit=False) as session, session.begin():
        yield session


def add_if_absent(
    session: Session, table: type[DeclarativeBase], values: Mapping[str, Any]
) -> None:
    """Insert a row unless one with its key stands; another process may be doing the same."""
    postgres = session.get_bind().dialect.name == "postgresql"
    insert = postgresql.insert if postgres else sqlite.insert
    session.execute(insert(table).values(dict(values)).on_conflict_do_nothing())


def has_safe_log(release: tuple[int, ...]) -> bool:
    """Whether this release of SQLite may use a write-ahead log."""
    mended = any(release[:2] == since[:2] and release >= since for since in SAFE_LOG_ALSO)
    return mended or release >= SAFE_LOG_SINCE


def _prepare(driver: sqlite3.Connection, _record: object) -> None:
    mode = "WAL" if has_safe_log(sqlite3.sqlite_version_info) else "TRUNCATE"
    for pragma in (f"journal_mode = {mode}", "synchronous = FULL", "foreign_keys = ON"):
        driver.execute(f"PRAGMA {pragma}").fetchone()


def _begin(connection: Connection) -> None:
    """Whoever may write says so at the start; asking later fails when somebody else wrote."""
    reads_only = bool(connection.get_execution_options().get(_READS_ONLY, False))
    connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")
