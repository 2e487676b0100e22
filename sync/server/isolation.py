"""One branch for each transaction: PostgreSQL holds to it, whatever the program forgets.

Every table with rows of branches has row level security, forced on its owner too. A transaction
names its branch (`enter`); until it has, reading such a table is an error, not an empty answer. The
name ends with the transaction, so that no pooled connection carries it on. The association's rows
are read by all and written in its own name alone. SQLite knows nothing of this: there the queries
of the ledger are all that keeps branches apart.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from sqlalchemy import Connection, Engine, text
from sqlalchemy.orm import Session

from sync.changes import ASSOCIATION
from sync.migrations import MAINTENANCE
from sync.problems import Problem
from sync.records.base import Shared
from sync.server.tables import Own
from sync.texts import _

# What no branch may be called. EVERYWHERE reads all and writes nothing of branches; at the DOOR
# one row may be looked up and held, by the key that was shown.
EVERYWHERE: Final = "*"
DOOR: Final = "?"
RESERVED: Final = frozenset({"", ASSOCIATION, EVERYWHERE, DOOR, MAINTENANCE})

# What can be made anew from the ledger, and is cleared away; nothing else is ever deleted.
MADE_ANEW: Final = ("snapshot", "snapshot_page")
# Tables without rows of branches.
OPEN: Final = frozenset(
    {"centre", "knowledge", "number_series", "alembic_version", "alembic_version_centre"}
)
_TURN: Final = 0x766C63  # an advisory lock's number; the migrations have others

_BODY: Final = """
DECLARE named text := current_setting('vla.scope', true);
BEGIN
  IF coalesce(named, '') = '' THEN
    RAISE EXCEPTION 'this transaction has named no branch' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN named;
END
"""
_HAS_FUNCTION: Final = """
SELECT EXISTS (SELECT FROM pg_proc WHERE proname = 'vla_scope' AND prosrc = :body
               AND pronamespace = current_schema()::regnamespace)
"""
_SEALED: Final = """
md5(concat_ws('|', polcmd, polpermissive, polroles::text, pg_get_expr(polqual, polrelid),
              pg_get_expr(polwithcheck, polrelid)))
"""
_CATALOGUE: Final = f"""
SELECT relname, relkind, relrowsecurity, relforcerowsecurity,
       (SELECT json_object_agg(polname, json_build_array(
          coalesce(obj_description(pg_policy.oid, 'pg_policy'), ''), {_SEALED}))
        FROM pg_policy WHERE polrelid = pg_class.oid)
FROM pg_class
WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f')
ORDER BY relname
"""  # noqa: S608  our own words
_OWNS_ALL: Final = """
SELECT bool_and(pg_has_role(relowner, 'USAGE')) FROM pg_class
WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p')
"""
_OWNER: Final = """
SELECT quote_ident(pg_get_userbyid(relowner)) FROM pg_class WHERE oid = 'change'::regclass
"""
_POLICIES: Final = "SELECT polname FROM pg_policy WHERE polrelid = CAST(:name AS regclass)"
_SEAL: Final = f"""
SELECT {_SEALED} FROM pg_policy WHERE polrelid = CAST(:name AS regclass) AND polname = :policy
"""  # noqa: S608  our own words
_SCOPE: Final = "(SELECT vla_scope())"
_KEY: Final = "(SELECT coalesce(current_setting('vla.key', true), ''))"
_ALL: Final = f"{_SCOPE} = '{EVERYWHERE}'"


def enter(session: Session, scope: str, key: str = "") -> None:
    """From here to the end of the transaction, only the rows of this scope are there.

    `key` is the device or the code's selector that was shown: its own row is there too.
    """
    session.flush()  # what was written before belongs to the scope it was written in
    session.info.update(scope=scope, key=key)
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(
            "SELECT set_config('vla.scope', %s, true), set_config('vla.key', %s, true)",
            (scope, key),
        )


@contextmanager
def everywhere(session: Session) -> Iterator[None]:
    """Read across branches for a moment: to learn whether an id stands, never what it says."""
    scope, key = session.info.get("scope", ""), session.info.get("key", "")
    enter(session, EVERYWHERE)
    yield
    enter(session, scope, key)  # after an exception the transaction is over anyway


@dataclass(frozen=True)
class _Rows:
    """Which rows of a table are whose, as conditions. `held` may be locked, and not altered."""

    own: str
    seen: str
    held: str


def _rows_of(column: str, key: str = "", shared: str = "") -> _Rows:
    own = f"{column} = {_SCOPE}"
    held = f"{own} OR {key} = {_KEY}" if key else own
    seen = f"{held} OR {column} = '{shared}'" if shared else held
    return _Rows(own, f"{seen} OR {_ALL}", held)


def _of_devices() -> _Rows:
    device = "SELECT FROM enrolment WHERE enrolment.device = incarnation.device"
    own = f"EXISTS ({device} AND enrolment.branch = {_SCOPE})"
    return _Rows(own, f"{own} OR {_ALL}", own)


def protected() -> Mapping[str, Mapping[str, str]]:
    """By table that is ours, the policies it must have: name and what is said after its name."""
    tables = {**Shared.metadata.tables, **Own.metadata.tables}
    with_scope = [name for name, table in tables.items() if "scope" in table.columns]
    rows = dict.fromkeys(with_scope, _rows_of("scope", shared=ASSOCIATION))
    rows |= {
        "branch": _rows_of("code"),
        "invitation": _rows_of("branch", key="selector"),
        "enrolment": _rows_of("branch", key="device"),
        "incarnation": _of_devices(),
    }
    forgotten = set(tables) - set(rows) - OPEN
    if forgotten:
        raise AssertionError(f"whose rows are these? {sorted(forgotten)}")
    return MappingProxyType(
        {
            table: {
                "vla_reads": f"FOR SELECT USING ({whose.seen})",
                "vla_adds": f"FOR INSERT WITH CHECK ({whose.own})",
                "vla_alters": f"FOR UPDATE USING ({whose.held}) WITH CHECK ({whose.own})",
                "vla_deletes": f"FOR DELETE USING ({whose.own})",
                "vla_maintains": f"TO {{owner}} USING ({_SCOPE} = '{MAINTENANCE}')",
            }
            for table, whose in rows.items()
        }
    )


def gaps(connection: Connection) -> list[str]:
    """What of the protection is missing or was altered, a few English words each."""
    if connection.dialect.name != "postgresql":
        return []
    found = [] if connection.scalar(text(_HAS_FUNCTION), {"body": _BODY}) else ["vla_scope()"]
    wanted, standing = protected(), set[str]()
    for name, kind, is_on, is_forced, policies in connection.execute(text(_CATALOGUE)):
        if name in OPEN:
            continue
        standing.add(name)
        if kind in "vm" or name not in wanted:
            found.append(f"{name}: nobody has said whose rows these are")
        elif not (is_on and is_forced):
            found.append(f"{name}: row level security is not {'forced' if is_on else 'on'}")
        elif not _are_ours(wanted[name], policies or {}):
            found.append(f"{name}: its policies are not ours")
    return found + [f"{name}: there is no such table" for name in sorted(set(wanted) - standing)]


def _are_ours(wanted: Mapping[str, str], standing: Mapping[str, list[str]]) -> bool:
    """A policy bears the digest of our words for it, and of what the database made of them."""
    said = {name: comment for name, (comment, _seal) in standing.items()}
    return said == {
        name: f"{_digest(words)} {standing[name][1]}"
        for name, words in wanted.items()
        if name in standing
    } and set(said) == set(wanted)


def is_owner(connection: Connection) -> bool:
    """Whether this role may alter the tables. Always on SQLite."""
    is_postgres = connection.dialect.name == "postgresql"
    return not is_postgres or bool(connection.scalar(text(_OWNS_ALL)))


def ensure(engine: Engine) -> None:
    """Protect every table, where this role may. Raises `Problem` "database.unprotected"."""
    if engine.dialect.name != "postgresql":
        return
    with engine.connect() as connection:
        if not gaps(connection):
            return
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _TURN})
        if is_owner(connection) and gaps(connection):
            _protect(connection)
        left = gaps(connection)
    if left:
        raise Problem(
            _("Cơ sở dữ liệu chưa ngăn cách các chi hội: {what}.").format(what="; ".join(left)),
            _("Chạy lệnh migrate bằng vai trò sở hữu các bảng rồi khởi động lại."),
            code="database.unprotected",
        )


def _protect(connection: Connection) -> None:
    run, owner = connection.exec_driver_sql, connection.scalar(text(_OWNER))
    run(
        "CREATE OR REPLACE FUNCTION vla_scope() RETURNS text LANGUAGE plpgsql STABLE PARALLEL SAFE "
        f"AS $body${_BODY}$body$"
    )
    for table, policies in protected().items():
        run(f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY')
        for standing in connection.scalars(text(_POLICIES), {"name": table}).all():
            run(f'DROP POLICY "{standing}" ON "{table}"')
        for name, words in policies.items():
            run(f'CREATE POLICY {name} ON "{table}" {words.format(owner=owner)}')
            seal = connection.scalar(text(_SEAL), {"name": table, "policy": name})
            run(f"COMMENT ON POLICY {name} ON \"{table}\" IS '{_digest(words)} {seal}'")


def grant(engine: Engine, role: str) -> None:
    """Let a role serve: it may read and write rows, and not delete or alter tables."""
    with engine.begin() as connection:
        named = connection.dialect.identifier_preparer.quote(role)
        tables = [name for name, *_others in connection.execute(text(_CATALOGUE))]
        written = [name for name in tables if not name.startswith("alembic")]
        schema = connection.scalar(text("SELECT quote_ident(current_schema())"))
        for words in (
            f"GRANT USAGE ON SCHEMA {schema} TO {named}",
            f"REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {named}",
            f"GRANT SELECT ON {_listed(tables)} TO {named}",
            f"GRANT INSERT, UPDATE ON {_listed(written)} TO {named}",
            f"GRANT DELETE ON {_listed(MADE_ANEW)} TO {named}",
        ):
            connection.exec_driver_sql(words)


def _listed(tables: Sequence[str]) -> str:
    return ", ".join(f'"{table}"' for table in tables)


def _digest(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()[:32]
