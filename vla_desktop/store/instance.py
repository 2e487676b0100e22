"""One program for one office: two would each think the other's saves were nobody's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from sync.problems import Problem
from sync.texts import _
from vla_desktop.store.faults import explained

LOCK_NAME: Final = "office.lock"


@contextmanager
def office_held(folder: Path, *, wait_s: float = 1.0) -> Iterator[None]:
    """Keep the office in `folder` for this program while the block runs.

    The operating system lets go by itself when the program dies. The wait covers a program that
    is just closing. Raises `Problem` "office.open_elsewhere" when another one holds the office.
    """
    # Taken and given back by different threads of one program.
    lock = FileLock(folder / LOCK_NAME, timeout=wait_s, thread_local=False)
    try:
        with explained():
            lock.acquire()
    except Timeout as timeout:
        raise Problem(
            _("Phần mềm đang mở văn phòng này ở một cửa sổ khác."),
            _("Anh/chị dùng cửa sổ đang mở, hoặc đóng nó rồi mở lại."),
            code="office.open_elsewhere",
        ) from timeout
    try:
        yield
    finally:
        lock.release()
