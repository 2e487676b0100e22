"""A full disk, a folder that may not be written to: a sentence each, and the work stays whole.

What needs a limit or another user runs in a process of its own and reports in one line.
"""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from sync.problems import Problem
from tests.store.conftest import KEY
from vla_desktop.store.database import open_engine, reading, writing
from vla_desktop.store.faults import explain, explained
from vla_desktop.store.vault import Cost, create_vault, open_vault

CHEAP = Cost(memory_kib=8, passes=1, lanes=1)
PASSPHRASE = "sách mở muôn trang"
ROOT = Path(__file__).resolve().parents[2]

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="limits and users of POSIX")

CHILD = '''
import os, resource, sys
from pathlib import Path
from sqlalchemy import text
from sync.problems import Problem
from vla_desktop.store.database import open_engine, reading, writing
folder, key = Path(sys.argv[1]), bytes(range(32))

def save(engine, pages):
    with writing(engine) as session:
        session.execute(text("INSERT INTO book (title) VALUES (hex(randomblob(2048 * :n)))"),
                        {"n": pages})

def said(action, *arguments):
    try:
        action(*arguments)
    except Problem as problem:
        return problem.code
    return "done"

def be_nobody():
    """Root may write everywhere."""
    if os.getuid() == 0:
        os.setgid(65534)
        os.setuid(65534)
'''


def a_child(folder: Path, body: str) -> list[str]:
    """The words that `body` prints in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", CHILD + textwrap.dedent(body), str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def count(engine: Engine) -> int:
    with reading(engine) as session:
        return int(session.scalar(text("SELECT count(*) FROM book")) or 0)


def refusal(action: Callable[[], object]) -> Problem:
    with pytest.raises(Problem) as caught:
        action()
    return caught.value


@pytest.fixture
def open_folder(engine: Engine, path: Path) -> Iterator[Path]:
    """A folder that any user of this PC can reach, with the database of `engine` in it."""
    engine.dispose()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "office.db").write_bytes(path.read_bytes())
        folder.chmod(0o777)
        yield folder
        folder.chmod(0o777)


def test_a_full_disk_refuses_the_save_and_keeps_what_was_there(engine: Engine) -> None:
    with writing(engine) as session:
        session.execute(text("INSERT INTO book (title) VALUES ('kept')"))
        session.connection().exec_driver_sql("PRAGMA max_page_count = 20")

    with pytest.raises(Problem) as caught, writing(engine) as session:
        session.execute(text("INSERT INTO book (title) VALUES ('a'), (hex(randomblob(200000)))"))
    assert caught.value.code == "disk.full"
    assert caught.value.advice
    assert count(engine) == 1

    with writing(engine) as session:
        session.connection().exec_driver_sql("PRAGMA max_page_count = 1000")
        session.execute(text("INSERT INTO book (title) VALUES ('after')"))
    assert count(engine) == 2


@posix_only
def test_a_file_that_may_not_grow_refuses_the_save_and_keeps_what_was_there(
    open_folder: Path,
) -> None:
    words = a_child(
        open_folder,
        """
        engine = open_engine(folder / "office.db", key)
        print(said(save, engine, 1))
        resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, resource.RLIM_INFINITY))
        print(said(save, engine, 200))
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
        print(said(save, engine, 200))
        with reading(engine) as session:
            print(session.scalar(text("SELECT count(*) FROM book")))
        """,
    )

    assert words == ["done", "disk.failing", "done", "2"]


@posix_only
def test_a_disk_of_one_megabyte_runs_full(open_folder: Path) -> None:
    words = on_a_small_disk(
        open_folder,
        """
        engine = open_engine(small / "office.db", key)
        print(said(save, engine, 1), said(save, engine, 400), said(save, engine, 1))
        with reading(engine) as session:
            print(session.scalar(text("SELECT count(*) FROM book")))
        """,
    )

    assert words == ["done", "disk.full", "done", "2"]


@posix_only
def test_a_disk_that_was_full_before_is_told_from_a_failing_one(open_folder: Path) -> None:
    words = on_a_small_disk(
        open_folder,
        """
        with (small / "rest").open("wb", buffering=0) as rest:
            try:
                while rest.write(bytes(4096)):
                    pass
            except OSError:
                pass

        def open_and_save():
            save(open_engine(small / "office.db", key), 1)

        print(said(open_and_save))
        (small / "rest").unlink()
        print(said(open_and_save))
        """,
    )

    assert words == ["disk.full", "done"]


def on_a_small_disk(open_folder: Path, body: str) -> list[str]:
    """What a program says that works on a copy of the database, on a disk of one megabyte."""
    small = open_folder / "small"
    small.mkdir()
    script = f"mount -t tmpfs -o size=1m tmpfs {small} && exec {sys.executable} - {open_folder}"
    begin = """
        import shutil
        small = folder / "small"
        shutil.copy(folder / "office.db", small)
        """
    done = subprocess.run(
        ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script],
        input=CHILD + textwrap.dedent(begin) + textwrap.dedent(body),
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    if "unshare:" in done.stderr or "mount:" in done.stderr:
        pytest.skip("this system lets nobody mount a disk of his own")
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


@posix_only
@pytest.mark.parametrize(
    ("folder_mode", "file_mode", "words"),
    [
        (0o555, 0o666, ["disk.read_only"]),
        (0o555, 0o444, ["disk.read_only"]),
        # What is there can still be read.
        (0o777, 0o444, ["opened", "0", "disk.read_only"]),
        (0o777, 0o000, ["database.unopened"]),
        (0o000, 0o666, ["disk.read_only"]),
    ],
)
def test_what_may_not_be_written_is_said(
    open_folder: Path, folder_mode: int, file_mode: int, words: list[str]
) -> None:
    (open_folder / "office.db").chmod(file_mode)
    open_folder.chmod(folder_mode)

    said = a_child(
        open_folder,
        """
        be_nobody()

        def work():
            engine = open_engine(folder / "office.db", key)
            print("opened")
            with reading(engine) as session:
                print(session.scalar(text("SELECT count(*) FROM book")))
            save(engine, 1)

        print(said(work))
        """,
    )

    assert said == words


@posix_only
def test_a_vault_in_a_folder_that_may_not_be_written_opens_but_does_not_change(
    open_folder: Path,
) -> None:
    (open_folder / "office.db").unlink()
    create_vault(open_folder, PASSPHRASE, cost=CHEAP)
    (open_folder / "vault-copy.json").unlink()
    (open_folder / "vault.json").chmod(0o644)
    open_folder.chmod(0o555)

    said = a_child(
        open_folder,
        f"""
        from vla_desktop.store.vault import Cost, change_passphrase, open_vault
        from vla_desktop.store.instance import office_held
        be_nobody()
        cheap = Cost(8, 1, 1)
        print(said(lambda: open_vault(folder, "{PASSPHRASE}", floor=cheap)))
        print(said(lambda: change_passphrase(folder, "{PASSPHRASE}", "x" * 12, cost=cheap,
                                             floor=cheap)))
        print(said(lambda: office_held(folder).__enter__()))
        """,
    )

    assert said == ["done", "disk.read_only", "disk.read_only"]
    assert sorted(path.name for path in open_folder.iterdir()) == ["vault.json"]


@posix_only
def test_a_full_disk_leaves_the_old_passphrase_in_force(open_folder: Path) -> None:
    (open_folder / "office.db").unlink()
    key = create_vault(open_folder, PASSPHRASE, cost=CHEAP)

    said = a_child(
        open_folder,
        f"""
        from vla_desktop.store.vault import Cost, change_passphrase
        cheap = Cost(8, 1, 1)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, resource.RLIM_INFINITY))
        print(said(lambda: change_passphrase(folder, "{PASSPHRASE}", "x" * 12, cost=cheap,
                                             floor=cheap)))
        """,
    )

    assert said == ["disk.full"]
    assert open_vault(open_folder, PASSPHRASE, floor=CHEAP) == key
    assert sorted(path.name for path in open_folder.iterdir()) == ["vault-copy.json", "vault.json"]


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOSPC, "disk.full"),
        (errno.EFBIG, "disk.full"),
        (errno.EACCES, "disk.read_only"),
        (errno.EROFS, "disk.read_only"),
        (errno.EIO, "disk.failing"),
        (errno.ENOENT, "disk.missing"),
    ],
)
def test_what_the_system_complains_of_has_two_sentences(number: int, code: str) -> None:
    problem = explain(OSError(number, "words that nobody compares"))

    assert problem is not None
    assert (problem.code, bool(problem.what), bool(problem.advice)) == (code, True, True)


@pytest.mark.parametrize("error", [ConnectionRefusedError(111, "no"), TimeoutError(), OSError()])
def test_what_is_not_of_the_disk_passes_unchanged(error: OSError) -> None:
    with pytest.raises(type(error)) as caught, explained():
        raise error
    assert caught.value is error


def test_a_reader_of_other_files_inside_a_session_explains_them_himself(engine: Engine) -> None:
    with pytest.raises(FileNotFoundError), writing(engine):
        Path("no such folder", "no such file").read_bytes()


def test_a_statement_with_a_mistake_is_a_fault_of_ours(engine: Engine) -> None:
    with pytest.raises(Exception, match="no such table") as caught, reading(engine) as session:
        session.execute(text("SELECT * FROM shelf"))
    assert not isinstance(caught.value, Problem)


def test_a_folder_in_place_of_the_database_is_said(tmp_path: Path) -> None:
    (tmp_path / "office.db").mkdir()

    assert refusal(lambda: open_engine(tmp_path / "office.db", KEY)).code == "database.unopened"


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    gone = tmp_path / "gone" / "office.db"

    assert refusal(lambda: open_engine(gone, KEY, create=True)).code == "database.unopened"
    assert refusal(lambda: open_engine(gone, KEY)).code == "database.missing"
