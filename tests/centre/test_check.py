"""The operator's words for the database: migrate, and check."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from sync.problems import Problem
from sync.server.centre import open_database
from sync.server.cli import main
from sync.server.settings import Settings
from tests.centre.conftest import Roles


def checked(capsys: pytest.CaptureFixture[str], database: str) -> tuple[int, str, str]:
    """The exit code, the faults, and the advice."""
    code = main(["check", "--json", "--database", database])
    said: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    words = {True: "", False: ""}
    for remark in said:
        words[remark["is_fault"]] += f"{remark['what']} {remark['advice']}\n"
    return code, words[True], words[False]


def test_sqlite_is_said_to_be_for_trying(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url = f"sqlite:///{tmp_path / 'centre.db'}"
    code, faults, _ = checked(capsys, url)
    assert (code, "chưa có" in faults) == (1, True)
    assert main(["migrate", "--database", url]) == 0
    code, faults, advice = checked(capsys, url)
    assert (code, faults) == (0, "")
    assert "SQLite không ngăn cách các chi hội" in advice
    assert main(["check", "--database", url]) == 0
    assert capsys.readouterr().out.startswith("NÊN\t")
    assert main(["migrate", "--database", url, "--serve-as", "somebody"]) == 2


@pytest.mark.postgres
def test_two_roles_have_no_fault_and_one_is_told_what_it_lacks(
    roles: Roles, capsys: pytest.CaptureFixture[str]
) -> None:
    code, faults, advice = checked(capsys, roles.serving)
    assert (code, faults) == (0, "")
    assert "sở hữu các bảng nên" not in advice
    assert "synchronous_standby_names" in advice
    assert "archive_mode" in advice
    code, faults, advice = checked(capsys, roles.owner)
    assert (code, faults) == (0, "")
    assert "sở hữu các bảng nên sửa được cả sự ngăn cách" in advice


@pytest.mark.postgres
def test_a_superuser_and_a_gap_are_faults(
    roles: Roles, postgres_server: str, migrated: str, capsys: pytest.CaptureFixture[str]
) -> None:
    above = roles.owner.replace(f"//{migrated}:", "//postgres:", 1)
    engine = create_engine(above)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE letter (id text)"))
        database = connection.scalar(text("SELECT current_database()"))
        connection.execute(text(f"ALTER DATABASE {database} SET synchronous_commit = off"))
    engine.dispose()
    code, faults, _ = checked(capsys, above)
    assert code == 1
    assert "đứng trên mọi ngăn cách" in faults
    assert "letter: nobody has said whose rows these are" in faults
    assert "synchronous_commit = off" in faults


@pytest.mark.postgres
def test_a_serving_role_is_told_when_the_owner_has_to_migrate(
    roles: Roles, capsys: pytest.CaptureFixture[str]
) -> None:
    engine = create_engine(roles.owner)
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE alembic_version_centre"))
    with pytest.raises(Problem) as refused:
        open_database(Settings(database=roles.serving))
    assert refused.value.code == "database.older"
    engine.dispose()
    code, faults, _ = checked(capsys, roles.serving)
    assert (code, "Chạy lệnh migrate" in faults) == (1, True)


@pytest.mark.postgres
def test_migrating_again_changes_nothing(roles: Roles, migrated: str) -> None:
    for _ in range(2):
        words = ["migrate", "--database", roles.owner, "--serve-as", f"serving_{migrated}"]
        assert main(words) == 0
    open_database(Settings(database=roles.serving)).dispose()
