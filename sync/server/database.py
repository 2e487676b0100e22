"""The centre's database: PostgreSQL, or SQLite for a small or embedded centre."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import InvalidatePoolError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.pool import ConnectionPoolEntry

from sync.server.isolation import enter

# Older releases can damage a database when its write-ahead log starts anew; these have the mend.
SAFE_LOG_SINCE: Final = (3, 51, 3)
SAFE_LOG_ALSO: Final = ((3, 44, 6), (3, 50, 7))
MOST_UNASKED_S: Final = 5.0
_RESTS_SINCE: Final = "rests_since"
_READS_ONLY: Final = "reads_only"
_WARNED: Final = "warned"


class Unreplicated(Exception):
    """The wait for the standby was broken off: what was written must not be acknowledged yet."""


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
    engine = create_engine(
        address,
        isolation_level="READ COMMITTED",
        pool_size=pool_size,
        max_overflow=pool_size,
        # Errors are logged, and parameters are people.
        hide_parameters=True,
    )
    event.listen(engine, "connect", _heed_warnings)
    event.listen(engine, "connect", _plan_for_growth)
    event.listen(engine, "checkin", _rest)
    event.listen(engine, "checkout", _ask_whether_there(engine.dialect.loaded_dbapi.Error))
    return engine


@contextmanager
def reading(engine: Engine, scope: str = "") -> Iterator[Session]:
    """A session that looks and does not write. `scope` may also be entered later."""
    with Session(engine, autoflush=False) as session:
        session.connection(execution_options={_READS_ONLY: True})
        if scope:
            enter(session, scope)
        yield session


@contextmanager
def writing(engine: Engine, scope: str = "") -> Iterator[Session]:
    """A session whose changes stand when it ends, or none after any exception.

    `scope` may also be entered later. Raises `Unreplicated` when the changes stand in this database
    and may not have reached the standby that they were to wait for.
    """
    with engine.connect() as connection:
        with Session(connection, expire_on_commit=False) as session, session.begin():
            if scope:
                enter(session, scope)
            yield session
            session.flush()
            connection.info.pop(_WARNED, None)
        if connection.info.pop(_WARNED, False):
            raise Unreplicated


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
    driver: Any = connection.connection.driver_connection
    begin = "BEGIN" if reads_only else "BEGIN IMMEDIATE"
    try:
        driver.execute(begin)
    except sqlite3.OperationalError as error:
        # Called by its usual name: whoever is locked out is asked to come again.
        raise OperationalError(begin, None, error) from error


def _heed_warnings(driver: Any, record: ConnectionPoolEntry) -> None:
    """A commit that warns has not reached the standby, whatever its words in whatever language."""

    def heed(said: Any) -> None:
        if said.severity_nonlocalized == "WARNING":
            record.info[_WARNED] = True

    driver.add_notice_handler(heed)


def _rest(_driver: Any, record: ConnectionPoolEntry) -> None:
    record.info[_RESTS_SINCE] = time.monotonic()


def _ask_whether_there(faults: type[Exception]) -> Callable[[Any, ConnectionPoolEntry, Any], None]:
    """A connection that rested may have been cut meanwhile; one in steady use is not asked.

    The pool makes another in its place, and forgets all that rest, when the answer is no.
    """

    def ask(driver: Any, record: ConnectionPoolEntry, _lent: object) -> None:
        since = record.info.pop(_RESTS_SINCE, None)
        if since is None or time.monotonic() - since < MOST_UNASKED_S:
            return
        try:
            driver.execute("SELECT 1")
            driver.rollback()
        except faults as fault:
            raise InvalidatePoolError from fault

    return ask


def _plan_for_growth(driver: Any, _record: ConnectionPoolEntry) -> None:
    """A plan is kept for many requests, and may have been made while a table was all but empty.

    So it goes by an index wherever there is one; what has none is not worth compiling either.
    """
    driver.execute("SET enable_seqscan = off")
    driver.execute("SET jit = off")
    driver.commit()
