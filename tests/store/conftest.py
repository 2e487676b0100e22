"""An office's database for the tests of the store."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from vla_desktop.store.database import open_engine, writing

KEY = bytes(range(32))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the fixture `engine` keeps its database."""
    return tmp_path / "office.db"


@pytest.fixture
def engine(path: Path) -> Iterator[Engine]:
    """A new encrypted database with one table of books."""
    engine = open_engine(path, KEY, create=True)
    with writing(engine) as session:
        session.execute(text("CREATE TABLE book (id INTEGER PRIMARY KEY, title TEXT)"))
    yield engine
    engine.dispose()
