"""The chains build what is declared, on both databases, wholly or not at all."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from shutil import copytree, ignore_patterns
from threading import Thread

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, create_engine, inspect, text

import sync.migrations as migrations
from sync.migrations import SHARED, Chain, stored_revision, upgrade
from sync.migrations.__main__ import main, new_script
from sync.problems import Problem
from sync.server.database import open_engine
from sync.server.migrations import CENTRE

CHAINS = [SHARED, CENTRE]
ROOT = Path(__file__).resolve().parents[1]
CUT = "import os; os._exit(9)"
UPGRADE = """
from dataclasses import replace
from pathlib import Path
from sync.migrations import SHARED, upgrade
from sync.server.database import open_engine
upgrade(open_engine({url!r}), replace(SHARED, versions=Path({versions!r})))
"""


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = open_engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def longer(tmp_path: Path) -> Chain:
    """The shared chain with two more scripts, of which the second breaks off half-way."""
    versions = tmp_path / "versions"
    copytree(SHARED.versions, versions, ignore=ignore_patterns("__pycache__"))
    script = (
        "from alembic import op\nimport sqlalchemy as sa\n"
        "revision = '{new}'\ndown_revision = '{old}'\n"
        "def upgrade():\n"
        "    op.create_table('shelf_{new}', sa.Column('id', sa.Integer(), primary_key=True))\n"
        "    {end}\n"
    )
    newest = int(SHARED.revisions()[-1])
    for step, end in ((1, "pass"), (2, "raise RuntimeError('power cut')")):
        new, old = f"{newest + step:04}", f"{newest + step - 1:04}"
        (versions / f"{new}_more.py").write_text(script.format(new=new, old=old, end=end))
    return replace(SHARED, versions=versions)


def differences(engine: Engine, chain: Chain) -> list[object]:
    options = {
        "version_table": chain.version_table,
        "compare_type": True,
        # On SQLite Alembic takes '' for different from ''.
        "compare_server_default": engine.dialect.name == "postgresql",
    }
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts=options)
        return list(compare_metadata(context, chain.metadata))


@pytest.mark.parametrize("chain", CHAINS, ids=lambda chain: chain.name)
def test_an_empty_database_becomes_what_is_declared(engine: Engine, chain: Chain) -> None:
    upgrade(engine, chain)
    assert differences(engine, chain) == []
    assert set(chain.metadata.tables) <= set(inspect(engine).get_table_names())


def test_a_difference_would_be_seen(engine: Engine) -> None:
    upgrade(engine, SHARED)
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE library DROP COLUMN name"))
    assert len(differences(engine, SHARED)) == 1


def test_upgrading_again_changes_nothing(engine: Engine) -> None:
    for _ in range(2):
        for chain in CHAINS:
            upgrade(engine, chain)
    with engine.connect() as connection:
        assert [stored_revision(connection, chain) for chain in CHAINS] == [
            chain.revisions()[-1] for chain in CHAINS
        ]


def test_a_database_of_a_later_version_is_refused_politely(engine: Engine) -> None:
    upgrade(engine, SHARED)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(Problem) as refused:
        upgrade(engine, SHARED)
    assert refused.value.code == "database.newer"
    assert "phiên bản mới hơn" in refused.value.what


def test_an_upgrade_that_breaks_off_leaves_nothing_behind(engine: Engine, longer: Chain) -> None:
    upgrade(engine, SHARED)
    with pytest.raises(RuntimeError, match="power cut"):
        upgrade(engine, longer)
    assert [name for name in inspect(engine).get_table_names() if "shelf" in name] == []
    with engine.connect() as connection:
        assert stored_revision(connection, SHARED) == SHARED.revisions()[-1]
    assert differences(engine, SHARED) == []


def test_a_first_upgrade_that_breaks_off_leaves_an_empty_database(
    engine: Engine, longer: Chain
) -> None:
    with pytest.raises(RuntimeError, match="power cut"):
        upgrade(engine, longer)
    assert inspect(engine).get_table_names() == []


def test_a_power_cut_during_an_upgrade_leaves_the_old_tables(tmp_path: Path, longer: Chain) -> None:
    url = f"sqlite:///{tmp_path / 'cut.db'}"
    engine = open_engine(url)
    upgrade(engine, SHARED)
    last = max(longer.versions.glob("*_more.py"))
    last.write_text(last.read_text().replace("raise RuntimeError('power cut')", CUT))
    command = UPGRADE.format(url=url, versions=str(longer.versions))
    died = subprocess.run([sys.executable, "-c", command], check=False, timeout=60, cwd=ROOT)
    assert died.returncode == 9
    assert [name for name in inspect(engine).get_table_names() if "shelf" in name] == []
    upgrade(engine, SHARED)
    assert differences(engine, SHARED) == []
    engine.dispose()


def test_the_missing_scripts_alone_are_run(engine: Engine, longer: Chain) -> None:
    upgrade(engine, SHARED)
    max(longer.versions.glob("*_more.py")).unlink()
    upgrade(engine, longer)
    assert [name for name in inspect(engine).get_table_names() if "shelf" in name] != []


def test_two_starts_at_once_upgrade_once(engine: Engine) -> None:
    failures: list[BaseException] = []

    def start() -> None:
        try:
            for chain in CHAINS:
                upgrade(engine, chain)
        except BaseException as failure:  # noqa: BLE001  a thread's failure must be seen
            failures.append(failure)

    threads = [Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert [difference for chain in CHAINS for difference in missing(engine, chain)] == []


def missing(engine: Engine, chain: Chain) -> set[str]:
    return set(chain.metadata.tables) - set(inspect(engine).get_table_names())


def test_a_database_that_is_up_to_date_needs_no_alembic(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    upgrade(engine, SHARED)
    monkeypatch.setattr(migrations, "configured", None)
    upgrade(engine, SHARED)


def test_an_engine_that_commits_each_statement_alone_is_refused(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'plain.db'}")
    with pytest.raises(AssertionError, match="commit each statement"):
        upgrade(engine, SHARED)
    engine.dispose()


@pytest.mark.parametrize("chain", CHAINS, ids=lambda chain: chain.name)
def test_the_scripts_say_all_that_the_declarations_say(chain: Chain, tmp_path: Path) -> None:
    versions = tmp_path / "versions"
    copytree(chain.versions, versions, ignore=ignore_patterns("__pycache__"))
    script = new_script(replace(chain, versions=versions), "Nothing new").read_text()
    assert script.rstrip().endswith("pass") or "pass\n    # ###" in script


def test_a_first_script_builds_the_declarations_anew(tmp_path: Path) -> None:
    (tmp_path / "100% new").mkdir()
    chain = replace(SHARED, versions=tmp_path / "100% new")
    script = new_script(chain, "First tables").read_text()
    assert "server_default=sa.false()" in script
    assert "CanonicalJson" not in script
    engine = open_engine(f"sqlite:///{tmp_path / 'new.db'}")
    upgrade(engine, chain)
    assert differences(engine, chain) == []
    engine.dispose()


def test_the_command_explains_itself(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["--help"])
    assert left.value.code == 0
    assert "new" in capsys.readouterr().out
