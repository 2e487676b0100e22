"""Offices at which the tests type."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.cli.desk import LIBRARY, PASSPHRASE, Desk, in_process
from vla_desktop.__main__ import main


@pytest.fixture(autouse=True)
def _passphrase(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VLA_PASSPHRASE", PASSPHRASE)


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an office with one unit and one library; to be copied, not used."""
    home = tmp_path_factory.mktemp("furnished") / "office"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VLA_PASSPHRASE", PASSPHRASE)
        begin = ["init", "--author", "Văn thư", "--computer", "Máy văn thư"]
        for words in (begin, ["add", "organisation_unit", "name=Chi hội tỉnh"], LIBRARY):
            assert main(["--home", str(home), *words]) == 0
    return home


@pytest.fixture
def desk(furnished: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    """An office with one unit and one library, not enrolled."""
    home = tmp_path / "office"
    shutil.copytree(furnished, home)
    return Desk(home, in_process(capsys))


@pytest.fixture
def empty_desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    """A folder in which there is no office yet."""
    return Desk(tmp_path / "nowhere", in_process(capsys))
