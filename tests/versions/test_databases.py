"""A database of every earlier version is brought up to date whole, whenever the power fails."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from shutil import copyfile
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine, MetaData, event, inspect, select

from sync.migrations import SHARED, Chain, stored_revision, upgrade
from sync.server.database import open_engine
from sync.server.migrations import CENTRE
from tests.builders import KEY
from vla_desktop.store import database
from vla_desktop.store.tables import OFFICE

CHAINS = (SHARED, CENTRE, OFFICE)
EARLIER = [(chain, revision) for chain in CHAINS for revision in chain.revisions()[:-1]]
OLDEST = [(chain, chain.revisions()[0]) for chain in CHAINS]
Rows = dict[str, list[dict[str, Any]]]


def named(value: object) -> str:
    return value.name if isinstance(value, Chain) else str(value)


def former(chain: Chain, revision: str, folder: Path) -> Chain:
    """The chain as it was when this revision was its newest."""
    folder.mkdir(parents=True)
    for script in chain.versions.glob("[0-9]*.py"):
        if script.name[:4] <= revision:
            copyfile(script, folder / script.name)
    return replace(chain, versions=folder)


def opened(chain: Chain, path: Path) -> Engine:
    """The tables of an office stand in an encrypted database, the others in plain SQLite."""
    if chain is OFFICE:
        return database.open_engine(path, KEY, create=not path.exists())
    return open_engine(f"sqlite:///{path}")


def reflected(engine: Engine) -> MetaData:
    metadata = MetaData()
    tables = [t for t in inspect(engine).get_table_names() if not t.startswith("search")]
    metadata.reflect(engine, only=[t for t in tables if "alembic" not in t and t != "knowledge"])
    return metadata


def sample(column: sa.Column[Any]) -> Any:
    """Some value of the column's type."""
    for sort, value in ((sa.Boolean, True), (sa.Integer, 1), (sa.Date, dt.date(2026, 5, 4)),
                        (sa.LargeBinary, b"x"), (sa.Text, "{}")):  # fmt: skip
        if isinstance(column.type, sort):
            return value
    return "x"


def filled(engine: Engine) -> Rows:
    """A row in every table; gives all rows."""
    metadata = reflected(engine)
    with engine.begin() as connection:
        for table in metadata.sorted_tables:
            connection.execute(table.insert(), [{c.name: sample(c) for c in table.columns}])
    return rows_of(engine, metadata)


def rows_of(engine: Engine, metadata: MetaData) -> Rows:
    """All rows, in the columns that there were."""
    with engine.connect() as connection:
        return {
            table.name: [dict(row) for row in connection.execute(select(table)).mappings()]
            for table in metadata.sorted_tables
        }


@pytest.mark.parametrize(("chain", "revision"), EARLIER, ids=named)
def test_an_upgrade_from_every_earlier_version_keeps_every_row(
    chain: Chain, revision: str, tmp_path: Path
) -> None:
    engine = opened(chain, tmp_path / "old.db")
    upgrade(engine, former(chain, revision, tmp_path / "scripts"))
    before, columns = filled(engine), reflected(engine)
    upgrade(engine, chain)
    assert rows_of(engine, columns) == before
    assert set(before) <= set(reflected(engine).tables)
    engine.dispose()


@pytest.mark.parametrize(("chain", "revision"), OLDEST, ids=named)
def test_a_power_cut_at_any_statement_leaves_the_old_database_or_the_new(
    chain: Chain, revision: str, tmp_path: Path
) -> None:
    path = tmp_path / "old.db"
    engine = opened(chain, path)
    upgrade(engine, former(chain, revision, tmp_path / "scripts"))
    before, columns = filled(engine), reflected(engine)
    images = list(upgraded_with_images(engine, chain, path, tmp_path))
    engine.dispose()
    assert len(images) > 5
    for image in images:
        again = opened(chain, image)
        with again.connect() as connection:
            assert stored_revision(connection, chain) in (revision, chain.revisions()[-1])
        assert rows_of(again, columns) == before
        upgrade(again, chain)
        assert rows_of(again, columns) == before
        again.dispose()


def upgraded_with_images(engine: Engine, chain: Chain, path: Path, folder: Path) -> Iterator[Path]:
    """Upgrades, and gives what lay on the disk before each statement and in the end."""
    images: list[Path] = []

    def keep(*_: object) -> None:
        image = folder / f"image {len(images)}.db"
        for end in ("", "-wal", "-journal"):
            if Path(f"{path}{end}").exists():
                copyfile(f"{path}{end}", f"{image}{end}")
        images.append(image)

    event.listen(engine, "before_cursor_execute", keep)
    upgrade(engine, chain)
    event.remove(engine, "before_cursor_execute", keep)
    keep()
    yield from images
