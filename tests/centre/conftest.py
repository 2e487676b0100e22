"""A centre as an association would set it up: on PostgreSQL one role owns, another serves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from sync.server.cli import main


@dataclass(frozen=True)
class Roles:
    """The same database by two roles, as SQLAlchemy URLs."""

    owner: str
    serving: str


@pytest.fixture(scope="session")
def migrated(postgres_server: str) -> Iterator[str]:
    """The name of a database, and of its owner, that others are copied from."""
    name = f"vla_{uuid4().hex}"
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {name} LOGIN")
        connection.execute(f"CREATE ROLE serving_{name} LOGIN")
        connection.execute(f"CREATE DATABASE {name} OWNER {name}")
    url = url_of(postgres_server, name, name)
    assert main(["migrate", "--database", url, "--serve-as", f"serving_{name}"]) == 0
    yield name
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name}")
        connection.execute(f"DROP ROLE {name}, serving_{name}")


def url_of(server: str, role: str, database: str) -> str:
    """The SQLAlchemy URL of a database by a role."""
    return server.replace("postgresql://postgres:", f"postgresql+psycopg://{role}:", 1).replace(
        "/postgres?", f"/{database}?", 1
    )


@pytest.fixture
def roles(migrated: str, postgres_server: str) -> Iterator[Roles]:
    """A migrated database of its own; its serving role owns nothing."""
    name = f"vla_{uuid4().hex}"
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {migrated} OWNER {migrated}")
    yield Roles(
        url_of(postgres_server, migrated, name),
        url_of(postgres_server, f"serving_{migrated}", name),
    )
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def serving_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """What a centre is served from: SQLite, or PostgreSQL by a role that owns nothing."""
    if request.param == "postgres":
        roles: Roles = request.getfixturevalue("roles")
        return roles.serving
    return f"sqlite:///{tmp_path / 'centre.db'}"
