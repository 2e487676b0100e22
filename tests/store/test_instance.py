"""One program for one office, and no lock that outlives its program."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from sync.problems import Problem
from vla_desktop.store.instance import office_held

ROOT = Path(__file__).resolve().parents[2]
HOLDER = """
import sys
from pathlib import Path
from vla_desktop.store.instance import office_held
with office_held(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def another_program(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """A program that holds the office in `folder` until it is asked to end, or killed."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(folder)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == "held\n"
        try:
            yield program
        finally:
            program.kill()


def test_a_second_program_is_told_that_the_office_is_open(tmp_path: Path) -> None:
    with (
        another_program(tmp_path),
        pytest.raises(Problem) as caught,
        office_held(tmp_path, wait_s=0.1),
    ):
        pytest.fail("two programs hold one office")
    assert caught.value.code == "office.open_elsewhere"
    assert caught.value.what.startswith("Phần mềm đang mở")
    assert caught.value.advice


def test_a_program_that_was_killed_leaves_the_office_free(tmp_path: Path) -> None:
    with another_program(tmp_path) as program:
        program.kill()
        program.wait()
        with office_held(tmp_path, wait_s=0.1):
            pass


def test_a_program_that_is_just_closing_is_waited_for(tmp_path: Path) -> None:
    with another_program(tmp_path) as program:
        assert program.stdin is not None
        closing = threading.Timer(0.2, program.stdin.close)
        closing.start()
        with office_held(tmp_path, wait_s=10):
            pass
        closing.join()


def test_the_second_window_of_one_program_is_refused_too(tmp_path: Path) -> None:
    with (
        office_held(tmp_path),
        pytest.raises(Problem, match="đang mở"),
        office_held(tmp_path, wait_s=0),
    ):
        pytest.fail("held twice")
    with office_held(tmp_path, wait_s=0):
        pass


def test_two_offices_are_open_side_by_side(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()

    with another_program(tmp_path / "a"), office_held(tmp_path / "b", wait_s=0):
        pass


def test_another_thread_may_close_what_the_first_one_opened(tmp_path: Path) -> None:
    held = ExitStack()
    held.enter_context(office_held(tmp_path))
    with ThreadPoolExecutor(1) as pool:
        pool.submit(held.close).result()

    with office_held(tmp_path, wait_s=0):
        pass
