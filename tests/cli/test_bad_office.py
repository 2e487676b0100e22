"""Every way in which an office does not open, or does not take what is written into it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.cli.desk import LIBRARY, PASSPHRASE, ROOT, Desk, Done, as_program
from vla_desktop import paths
from vla_desktop.office import Office
from vla_desktop.store.database import open_engine, writing
from vla_desktop.store.header import copies
from vla_desktop.store.vault import open_vault

CANARY = "Nguyễn Thị Hằng 0100 200 300"


def test_a_folder_without_an_office_is_refused_and_stays_empty(empty_desk: Desk) -> None:
    error = empty_desk.refusal("list", "member")
    assert error["code"] == "vault.none"
    assert not empty_desk.home.exists()


@pytest.mark.parametrize("words", [("init",), ("list", "member")])
def test_a_home_that_is_a_file_or_has_no_possible_name_is_refused(
    empty_desk: Desk, words: tuple[str, ...]
) -> None:
    empty_desk.home.write_text("", "utf-8")
    for home in (empty_desk.home, empty_desk.home.with_name("a" * 300)):
        empty_desk.home = home
        error = empty_desk.refusal(*words)
        assert error["code"] in ("home.unusable", "disk.missing", "vault.none")
        assert error["advice"]


def test_a_second_office_in_one_folder_is_refused(desk: Desk) -> None:
    assert desk.refusal("init")["code"] == "vault.exists"
    assert desk.ask("list", "library")["total"] == 1


def test_a_weak_passphrase_is_refused(empty_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VLA_PASSPHRASE", "ngắn")
    error = empty_desk.refusal("init")
    assert error["code"] == "vault.weak"
    assert "12" in error["what"]


def test_a_wrong_passphrase_is_refused(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VLA_PASSPHRASE", PASSPHRASE.upper())
    error = desk.refusal("list", "library")
    assert (error["code"], error["what"]) == ("vault.passphrase", "Mật khẩu không đúng.")
    monkeypatch.setenv("VLA_PASSPHRASE", PASSPHRASE)
    assert desk.ask("list", "library")["total"] == 1


def test_without_a_passphrase_and_a_terminal_nothing_is_opened(desk: Desk) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "vla_desktop", "--home", str(desk.home), "list", "library"],
        cwd=ROOT,
        env={name: word for name, word in os.environ.items() if name != "VLA_PASSPHRASE"},
        input=PASSPHRASE.encode(),
        capture_output=True,
        start_new_session=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, b"")
    assert "VLA_PASSPHRASE" in done.stderr.decode()


def test_a_passphrase_is_asked_for_twice_when_it_is_new(
    empty_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("VLA_PASSPHRASE")
    typed = iter([PASSPHRASE, PASSPHRASE + "!", PASSPHRASE, PASSPHRASE, PASSPHRASE])
    monkeypatch.setattr("getpass.getpass", lambda _prompt: next(typed))
    assert empty_desk.refusal("init")["code"] == "passphrase.differs"
    assert empty_desk.ask("init")["records"] == 0
    assert empty_desk.ask("list", "member")["total"] == 0


def test_one_damaged_header_is_mended_two_are_refused(desk: Desk) -> None:
    first, second = copies(desk.home)
    whole = first.read_bytes()
    first.write_bytes(whole[:-20])
    assert desk.ask("list", "library")["total"] == 1
    assert first.read_bytes() == whole
    for path in (first, second):
        path.write_bytes(whole.replace(b'"revision"', b'"reversion"'))
    error = desk.refusal("list", "library")
    assert error["code"] == "vault.damaged"
    assert "đừng xóa" in error["advice"]
    first.write_bytes(whole)
    assert desk.ask("list", "library")["total"] == 1


def test_a_database_of_a_newer_version_is_refused(desk: Desk) -> None:
    key = open_vault(desk.home, PASSPHRASE)
    engine = open_engine(paths.database_file(desk.home), key.secret)
    with writing(engine) as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    error = desk.refusal("list", "library")
    assert error["code"] == "database.newer"
    assert error["advice"]


def test_a_torn_database_is_refused(desk: Desk) -> None:
    database = paths.database_file(desk.home)
    content = database.read_bytes()
    database.write_bytes(b"\0" * 4096 + content[4096:])
    assert desk.refusal("list", "library")["code"] in ("database.key", "database.damaged")


def test_a_second_start_is_refused_while_the_first_holds_the_office(desk: Desk) -> None:
    with Office.open(desk.home, PASSPHRASE):
        done = as_program()(desk.home, ("list", "library", "--json"))
        assert (done.code, done.error["code"]) == (1, "office.open_elsewhere")
    assert desk.ask("list", "library")["total"] == 1


# What needs another user or a limit: a process of its own, and a folder that it can reach.

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="limits and users of POSIX")


@pytest.fixture
def reachable(furnished: Path) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        home = Path(name) / "office"
        shutil.copytree(furnished, home)
        yield home
        home.chmod(0o755)


CHILD = """
import os, resource, sys
from vla_desktop.__main__ import main
# A user without rights may not be able to load these any more.
import encodings.utf_8_sig, vla_desktop.cli.records

def be_nobody():
    # Root may write everywhere.
    if os.getuid() == 0:
        os.setgid(65534)
        os.setuid(65534)

def fill_the_disk():
    resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))

{begin}()
sys.exit(main(sys.argv[1:]))
"""


def bounded(home: Path, words: tuple[str, ...], begin: str) -> Done:
    """Start the program after `begin` was done in its process."""
    done = subprocess.run(
        [sys.executable, "-c", CHILD.replace("{begin}", begin), *words, "--json", "--home", home],
        cwd=ROOT,
        env={**os.environ, "VLA_PASSPHRASE": PASSPHRASE},
        capture_output=True,
        timeout=60,
        check=False,
    )
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode())


@posix_only
def test_a_read_only_folder_is_refused(reachable: Path) -> None:
    for path in reachable.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    reachable.chmod(0o555)
    done = bounded(reachable, LIBRARY, "be_nobody")
    assert (done.code, done.error["code"]) == (1, "disk.read_only")
    assert done.error["advice"]


@posix_only
def test_a_disk_without_room_refuses_the_save_and_keeps_the_rest(reachable: Path) -> None:
    done = bounded(reachable, LIBRARY, "fill_the_disk")
    assert done.code == 1
    # SQLite takes a limit for a failing disk; both sentences speak of room.
    assert done.error["code"] in ("disk.full", "disk.failing")
    desk = Desk(reachable, as_program())
    assert desk.ask("list", "library")["total"] == 1
    assert len(desk.ask(*LIBRARY)["id"]) == 32
    assert desk.ask("list", "library")["total"] == 2


# Our own faults


def test_a_fault_of_ours_is_told_calmly_and_leaves_a_report_without_people(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(*_words: object) -> None:
        raise RuntimeError(CANARY)

    monkeypatch.setattr("vla_desktop.cli.records.list_", break_down)
    done = desk.type("list", "member", "--search", CANARY, "--json")
    assert (done.code, done.error["code"]) == (3, "fault")
    (report,) = (desk.home / "reports").iterdir()
    assert str(report) in done.error["advice"]
    told = report.read_text("utf-8") + done.err + done.out
    assert "RuntimeError" in told
    assert not any(word in told for word in (CANARY, "Nguyễn", "0100"))


def test_a_fault_without_a_folder_for_its_report_is_told_all_the_same(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(*_words: object) -> None:
        raise KeyError(CANARY)

    monkeypatch.setattr("vla_desktop.cli.records.list_", break_down)
    (desk.home / "reports").write_text("", "utf-8")
    done = desk.type("list", "member")
    assert (done.code, done.out) == (3, "")
    assert "Phần mềm gặp lỗi của chính nó." in done.err
    assert CANARY not in done.err


def test_an_interruption_is_no_fault(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_words: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("vla_desktop.cli.records.list_", interrupt)
    assert desk.refusal("list", "member", code=130)["code"] == "interrupted"
    assert not (desk.home / "reports").exists()
