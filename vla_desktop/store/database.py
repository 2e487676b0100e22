"""The one way into the office's database: encrypted, durable, and with transactions of our own.

Readers never wait for a writer nor a writer for readers; writers take turns.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.pool import QueuePool
from sqlcipher3 import dbapi2

from sync.vietnamese import fold, text_key
from vla_desktop.store.faults import explained, explained_statements, problem, wrote_while_reading
from vla_desktop.store.turns import Turns

KEY_BYTES: Final = 32
BUSY_TIMEOUT_S: Final = 5.0
# Of each connection. More makes no list quicker, and old PCs have little.
CACHE_KIB: Final = 12_000
# Every release before this one can damage a database when its write-ahead log starts anew.
OLDEST_SQLITE: Final = (3, 51, 3)

_READS_ONLY: Final = "reads_only"
_TURNS: Final = "turns"
_PRAGMAS: Final = (
    # Without FULL a power cut loses saves that the window had already confirmed.
    "journal_mode = WAL",
    "synchronous = FULL",
    "foreign_keys = ON",
    "mmap_size = 0",
    "temp_store = MEMORY",
    f"cache_size = -{CACHE_KIB}",
)


def open_engine(path: Path, key: bytes, *, create: bool = False) -> Engine:
    """Open the database at `path` with the 32 bytes of `key`; `create` allows it to be new.

    Each thread that is in a session has its own connection. Raises `Problem`: "database.missing",
    "database.key", "database.damaged", "database.release", or what the disk complains of.
    """
    if len(key) != KEY_BYTES:
        raise ValueError(f"the key takes {KEY_BYTES} bytes")
    _assert_release(dbapi2.sqlite_version_info)
    with explained(path.parent):
        if create and not (path.exists() and path.stat().st_size):
            _connect(path, key, new=True).close()
        # Opened once here, so that a wrong key shows now and not at the first search.
        _connect(path, key).close()
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        module=dbapi2,
        creator=partial(_connect, path, key),
        poolclass=QueuePool,
        pool_size=4,
        max_overflow=12,
        # The connection used last has the warmest cache.
        pool_use_lifo=True,
        # Errors are logged, and parameters are people.
        hide_parameters=True,
        execution_options={_TURNS: Turns()},
    )
    event.listen(engine, "begin", _begin)
    return engine


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """A session that sees one state of the office and cannot write.

    Nothing waits for it, but while it is open the log of the database grows: keep it short and
    never ask the network inside. Records stay readable after it ends.
    """
    with explained_statements(_folder(engine)), Session(engine, autoflush=False) as session:
        session.connection(execution_options={_READS_ONLY: True})
        try:
            yield session
        except DBAPIError as error:
            if wrote_while_reading(error):
                raise AssertionError("a reading session wrote; use writing()") from error
            raise


@contextmanager
def writing(engine: Engine) -> Iterator[Session]:
    """A session whose changes are all on the disk when it ends, or none after any exception.

    Other writers of this program wait their turn; another program waits for `BUSY_TIMEOUT_S` at
    most and then gets `Problem` "database.busy". Records stay readable after it ends.
    """
    turns: Turns = engine.get_execution_options()[_TURNS]
    with (
        turns.taken(),
        explained_statements(_folder(engine)),
        Session(engine, expire_on_commit=False) as session,
        session.begin(),
    ):
        yield session


def assert_whole(engine: Engine) -> None:
    """Read every page and check its seal; raise `Problem` "database.damaged" if one is broken."""
    with reading(engine) as session:
        broken = session.connection().exec_driver_sql("PRAGMA cipher_integrity_check").first()
    if broken is not None:
        raise problem("database.damaged")


def _folder(engine: Engine) -> Path:
    return Path(engine.url.database or "").parent


def _begin(connection: Connection) -> None:
    """Begin in SQLite what SQLAlchemy has just begun in its own books.

    A plain BEGIN reads first and asks for the right to write later. If somebody saved in between,
    SQLite refuses at once and no waiting helps: what was read is no longer true. So whoever may
    write says so at the start. Only sessions that cannot write begin plainly.
    """
    reads_only = bool(connection.get_execution_options().get(_READS_ONLY, False))
    driver: Any = connection.connection.driver_connection
    driver.execute(f"PRAGMA query_only = {'ON' if reads_only else 'OFF'}")
    driver.execute("BEGIN" if reads_only else "BEGIN IMMEDIATE")


def _connect(path: Path, key: bytes, *, new: bool = False) -> Any:
    # SQLite would make a missing or empty file into an empty office without a word.
    if not new:
        if not path.exists():
            raise problem("database.missing")
        if path.stat().st_size == 0:
            raise problem("database.damaged")
    driver = dbapi2.connect(
        str(path),
        timeout=BUSY_TIMEOUT_S,
        isolation_level=None,  # else Python begins and commits where it thinks best
        check_same_thread=False,  # the pool lends a connection to one thread at a time
    )
    try:
        # It would write on standard error, which a program with a window does not have.
        driver.execute("PRAGMA cipher_log_level = NONE")
        driver.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        driver.execute("SELECT count(*) FROM sqlite_master").fetchone()
        for pragma in _PRAGMAS:
            driver.execute(f"PRAGMA {pragma}").fetchone()
    except BaseException:
        driver.close()
        raise
    driver.create_function("vietnamese_key", 1, _sort_key, deterministic=True)
    driver.create_function("folded", 1, _folded, deterministic=True)
    return driver


def _sort_key(text: object) -> bytes | None:
    return None if text is None else text_key(str(text))


def _folded(text: object) -> str | None:
    return None if text is None else fold(str(text))


def _assert_release(release: tuple[int, ...]) -> None:
    if release < OLDEST_SQLITE:
        raise problem("database.release")
