"""Row level security on every table, by the database's own catalogue and by bare SQL."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from sqlalchemy import Connection, Engine, MetaData, create_engine, insert, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.schema import Table

from sync.changes import ASSOCIATION
from sync.problems import Problem
from sync.records.base import Shared
from sync.server.centre import open_database
from sync.server.database import reading, writing
from sync.server.isolation import EVERYWHERE, OPEN, gaps, protected
from sync.server.settings import Settings
from sync.server.tables import Own
from tests.centre.conftest import Roles

pytestmark = pytest.mark.postgres

TABLES = tuple(sorted(protected()))


@pytest.fixture
def owner(roles: Roles) -> Iterator[Engine]:
    engine = create_engine(roles.owner)
    yield engine
    engine.dispose()


@pytest.fixture
def serving(roles: Roles) -> Iterator[Engine]:
    engine = create_engine(roles.serving, pool_size=1, max_overflow=0)
    yield engine
    engine.dispose()


@pytest.fixture
def filled(serving: Engine) -> Engine:
    """A row of two branches and of the association in every table."""
    for scope in ("hn", "hue", ASSOCIATION):
        with writing(serving, scope) as session:
            for metadata in (Own.metadata, Shared.metadata):
                for table in metadata.sorted_tables:
                    if table.name not in OPEN:
                        session.execute(insert(table).values(_a_row(table, scope)))
    return serving


def _a_row(table: Table, scope: str) -> dict[str, object]:
    row: dict[str, object] = {}
    for column in table.columns:
        if column.name in ("scope", "branch") or (table.name, column.name) == ("branch", "code"):
            row[column.name] = scope
        elif column.name == "device" or (column.primary_key and str(column.type) != "INTEGER"):
            row[column.name] = f"{scope[:4]}"
        elif column.server_default is None and not column.nullable:
            row[column.name] = {"BLOB": b"", "INTEGER": 0, "BIGINT": 0}.get(str(column.type), "")
    return row


def seen(connection: Connection, table: str) -> int:
    return connection.scalar(text(f"SELECT count(*) FROM {table}")) or 0  # noqa: S608


def name(connection: Connection, scope: str) -> None:
    connection.execute(text("SELECT set_config('vla.scope', :scope, true)"), {"scope": scope})


def refused(engine: Engine, words: str) -> str:
    """What the database says against these words of a branch."""
    with engine.connect() as connection:
        name(connection, "hn")
        with pytest.raises(ProgrammingError) as said:
            connection.exec_driver_sql(words)
    return str(said.value)


def test_every_table_forces_row_level_security(owner: Engine) -> None:
    with owner.connect() as connection:
        assert gaps(connection) == []
        query = text(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relforcerowsecurity"
            " AND relnamespace = 'public'::regnamespace ORDER BY relname"
        )
        assert tuple(connection.scalars(query)) == TABLES


@pytest.mark.parametrize("role", ["serving", "owner"])
def test_bare_sql_that_names_no_branch_is_an_error(
    filled: Engine, role: str, request: pytest.FixtureRequest
) -> None:
    engine: Engine = request.getfixturevalue(role)
    for table in TABLES:
        for words in (f"SELECT * FROM {table}", f"UPDATE {table} SET xmin = xmin"):  # noqa: S608
            words = words.replace("xmin = xmin", f"{_a_column(table)} = {_a_column(table)}")
            with pytest.raises(ProgrammingError, match="named no branch"), engine.begin() as bare:
                bare.execute(text(words))


def _a_column(table: str) -> str:
    metadata: MetaData = Own.metadata if table in Own.metadata.tables else Shared.metadata
    return str(metadata.tables[table].columns.values()[0].name)


def test_a_branch_sees_its_own_rows_and_the_associations(filled: Engine) -> None:
    with filled.begin() as connection:
        name(connection, "hn")
        for table in TABLES:
            is_scoped = "scope" in {**Own.metadata.tables, **Shared.metadata.tables}[table].columns
            assert seen(connection, table) == 1 + is_scoped, table
    with filled.begin() as connection:
        name(connection, EVERYWHERE)
        assert {seen(connection, table) for table in TABLES} == {3}


def test_a_branch_alters_and_removes_nothing_but_its_own(filled: Engine, owner: Engine) -> None:
    """By the owner, who could grant himself everything: the policies alone hold."""
    for table in TABLES:
        column = _a_column(table)
        for scope, altered in (("hn", 1), ("nobody", 0), (EVERYWHERE, 0)):
            with owner.begin() as connection:
                name(connection, scope)
                update = text(f"UPDATE {table} SET {column} = {column}")  # noqa: S608
                assert connection.execute(update).rowcount == altered, table


def test_no_row_moves_to_another_branch_or_to_all(filled: Engine) -> None:
    for scope in ("hue", ASSOCIATION):
        for words in (
            f"UPDATE library SET scope = '{scope}'",  # noqa: S608  our own words
            f"INSERT INTO library (id, scope) VALUES ('new', '{scope}')",  # noqa: S608
            f"UPDATE enrolment SET branch = '{scope}'",  # noqa: S608
        ):
            assert "row-level security" in refused(filled, words)


def test_who_serves_deletes_nothing_and_alters_no_table(filled: Engine) -> None:
    for words in (
        "DELETE FROM change", "TRUNCATE change", "ALTER TABLE change NO FORCE ROW LEVEL SECURITY",
        "DROP POLICY vla_reads ON change", "SET row_security = off; SELECT * FROM change",
        "UPDATE alembic_version SET version_num = '9999'", "CREATE TABLE mine (id int)",
    ):  # fmt: skip
        assert refused(filled, words)


def test_the_name_of_a_branch_does_not_outlive_its_transaction(filled: Engine) -> None:
    """The pool holds one connection, so that both transactions have the same."""
    with writing(filled, "hn") as session:
        session.execute(text("SELECT 1"))
    with reading(filled) as session, pytest.raises(ProgrammingError, match="named no branch"):
        session.execute(text("SELECT * FROM library"))


FAULTS: Sequence[tuple[str, str]] = (
    ("a new table", "CREATE TABLE letter (id text PRIMARY KEY, scope text)"),
    ("not forced", "ALTER TABLE member NO FORCE ROW LEVEL SECURITY"),
    ("not on", "ALTER TABLE member DISABLE ROW LEVEL SECURITY"),
    ("a policy dropped", "DROP POLICY vla_alters ON change"),
    ("a policy widened", "ALTER POLICY vla_reads ON change USING (true)"),
    ("a policy more", "CREATE POLICY more ON change USING (true)"),
    (
        "a function that knows a name",
        "CREATE OR REPLACE FUNCTION vla_scope() RETURNS text LANGUAGE sql AS $$ SELECT '*' $$",
    ),
    ("a view that sees all", "CREATE VIEW everybody AS SELECT * FROM member"),
)  # fmt: skip


@pytest.mark.parametrize("words", [words for _, words in FAULTS], ids=[name for name, _ in FAULTS])
def test_a_gap_is_found_in_the_catalogue_and_nobody_serves_with_it(
    roles: Roles, owner: Engine, words: str
) -> None:
    with owner.begin() as connection:
        connection.exec_driver_sql(words)
    with owner.connect() as connection:
        assert len(gaps(connection)) == 1
    with pytest.raises(Problem) as refused:
        open_database(Settings(database=roles.serving))
    assert refused.value.code == "database.unprotected"


def test_the_owner_closes_a_gap_by_starting(roles: Roles, owner: Engine) -> None:
    with owner.begin() as connection:
        connection.exec_driver_sql("ALTER POLICY vla_reads ON change USING (true)")
        connection.exec_driver_sql("ALTER TABLE member DISABLE ROW LEVEL SECURITY")
    open_database(Settings(database=roles.owner)).dispose()
    with owner.connect() as connection:
        assert gaps(connection) == []


def test_a_table_that_nobody_classified_stops_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    metadata = MetaData()
    Table("letter", metadata)
    monkeypatch.setattr(Own, "metadata", metadata)
    with pytest.raises(AssertionError, match="letter"):
        protected()


def test_a_script_may_move_rows_of_every_branch_and_force_stands_again(
    filled: Engine, owner: Engine, tmp_path_factory: pytest.TempPathFactory
) -> None:
    from dataclasses import replace
    from shutil import copytree

    from sync.migrations import SHARED, upgrade

    versions = tmp_path_factory.mktemp("chain") / "versions"
    copytree(SHARED.versions, versions)
    newest = SHARED.revisions()[-1]
    next_one = f"{int(newest) + 1:04}"
    moved = "UPDATE library SET name = 'moved'"
    script = (
        f"from alembic import op\nrevision, down_revision = '{next_one}', '{newest}'\n"
        f"def upgrade():\n    op.execute({moved!r})\n"
    )
    (versions / f"{next_one}_more.py").write_text(script)
    upgrade(owner, replace(SHARED, versions=versions))
    with owner.begin() as connection:
        assert gaps(connection) == []
        name(connection, EVERYWHERE)
        assert connection.scalars(text("SELECT name FROM library")).all() == ["moved"] * 3
