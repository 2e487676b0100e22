"""The centre's database when the program was upgraded, while other processes may go on."""

from __future__ import annotations

import logging
from typing import Final

from sqlalchemy import Engine, Text, select, type_coerce
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from sync.canonical import canonical
from sync.catching_up import catch_up
from sync.knowledge import ONLY, Knowledge, known_now, made_with
from sync.migrations import SHARED, maintain, upgrade
from sync.problems import Problem
from sync.server import isolation
from sync.server.database import reading, writing
from sync.server.migrations import CENTRE
from sync.server.refusals import refusal
from sync.texts import _

# Another number than that of the migrations' own lock.
LOCK_NUMBER: Final = 0x766C62

DENIED: Final = "42501"  # PostgreSQL's word for a missing privilege

_KNOWN: Final = select(type_coerce(Knowledge.__table__.c.kinds, Text)).where(
    Knowledge.__table__.c.id == ONLY
)

_log = logging.getLogger(__name__)


def bring_up_to_date(engine: Engine) -> None:
    """The tables as they are declared, and in the records all that this version can read.

    Raises `Problem` "database.newer", and "database.older" where this role may not. Several
    processes may do this at once.
    """
    try:
        upgrade(engine, SHARED)
        upgrade(engine, CENTRE)
        _catch_up(engine)
    except ProgrammingError as fault:
        if getattr(fault.orig, "sqlstate", "") != DENIED:
            raise
        raise _older() from fault


def _catch_up(engine: Engine) -> None:
    with reading(engine) as session:
        if made_with(session) == known_now():
            return
    with writing(engine) as session:
        _lock(session, "pg_advisory_xact_lock")
        if not isolation.is_owner(session.connection()):
            raise _older()
        maintain(session.connection())
        catch_up(session)


def _older() -> Problem:
    return Problem(
        _("Cơ sở dữ liệu cũ hơn phần mềm, và vai trò này không được sửa các bảng."),
        _("Chạy lệnh migrate bằng vai trò sở hữu các bảng rồi khởi động lại."),
        code="database.older",
    )


def assert_up_to_date(session: Session) -> None:
    """Ask before numbering: a process of an earlier version would leave out what it cannot read.

    From here to the end of the transaction no other process catches up. Raises `Refusal` "busy"
    when one did: whoever asks again finds that process, or this one started anew.
    """
    _lock(session, "pg_advisory_xact_lock_shared")
    if session.scalar(_KNOWN) != canonical(known_now()):
        _log.error("the database was upgraded by another version: start this process anew")
        raise refusal("busy", "an earlier version")


def _lock(session: Session, function: str) -> None:
    """On SQLite only one transaction writes anyway."""
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT {function}({LOCK_NUMBER})")
