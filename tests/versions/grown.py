"""Programs of three versions: this one, and two that it might grow into.

Each stands in a folder of its own. This one is the oldest of them, the newest knows two kinds of
things more: fields, and a kind of records.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from shutil import copytree, ignore_patterns
from typing import Any, Self

ROOT = Path(__file__).resolve().parents[2]
CLERK = Path(__file__).with_name("clerk.py")
NEWEST = 2

READING_ROOM = '''"""Rooms to read in."""

from sqlalchemy.orm import Mapped

from sync.records.base import Record
from sync.records.fields import link, number, short_text


class ReadingRoom(Record):
    """A room."""

    __tablename__ = "reading_room"
    label = "Phòng đọc"

    library: Mapped[str] = link("Thư viện", "library", required=True, listed=True, titled=True)
    name: Mapped[str] = short_text("Tên phòng", required=True, listed=True, titled=True)
    seats: Mapped[int | None] = number("Chỗ ngồi")
'''


def grow(folder: Path) -> list[Path]:
    """The folders of the programs, oldest first."""
    programs = [ROOT, folder / "one", folder / "two"]
    for older, newer in pairwise(programs):
        for package in ("sync", "vla_desktop"):
            ignored = ignore_patterns("__pycache__")
            copytree(older / package, newer / package, ignore=ignored)
        (newer / "resources").symlink_to(ROOT / "resources")
    _learn_colours_and_rooms(programs[1])
    copytree(programs[1] / "sync", programs[2] / "sync", dirs_exist_ok=True)
    _learn_floors_and_faxes(programs[2])
    return programs


def _learn_colours_and_rooms(program: Path) -> None:
    records = program / "sync" / "records"
    _insert(records / "library.py", "class Library(Record):",
            '    colour: Mapped[str] = short_text("Màu", searched=True)')  # fmt: skip
    (records / "reading_room.py").write_text(READING_ROOM, encoding="utf-8")
    kinds = records / "__init__.py"
    text = kinds.read_text(encoding="utf-8")
    text = text.replace("\n)\n\nBY_NAME", "\n    ReadingRoom,\n)\n\nBY_NAME")
    line = "from sync.records.participation import Participation\n"
    text = text.replace(line, line + "from sync.records.reading_room import ReadingRoom\n")
    kinds.write_text(text, encoding="utf-8")
    _migrate(program)


def _learn_floors_and_faxes(program: Path) -> None:
    records = program / "sync" / "records"
    _insert(records / "library.py", "class Library(Record):",
            '    fax: Mapped[str] = short_text("Fax")')  # fmt: skip
    _insert(records / "reading_room.py", "class ReadingRoom(Record):",
            '    floor: Mapped[int | None] = number("Tầng")')  # fmt: skip
    _migrate(program)


def _insert(path: Path, head: str, line: str) -> None:
    """A field at the end of a class's facts: behind its label."""
    before, after = path.read_text(encoding="utf-8").split(head)
    start = after.index("\n\n", after.index("    label = "))
    path.write_text(f"{before}{head}{after[:start]}\n\n{line}{after[start:]}", encoding="utf-8")


def _migrate(program: Path) -> None:
    """As CONTRIBUTING says."""
    command = [sys.executable, "-m", "sync.migrations", "new", "Something more"]
    subprocess.run(command, cwd=program, env=_environment(program), check=True, timeout=120,
                   stdout=subprocess.DEVNULL)  # fmt: skip


def _environment(program: Path) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(program), "PYTHONDONTWRITEBYTECODE": "1"}


class Running:
    """A program at work. Raises RuntimeError when it breaks."""

    def __init__(self, program: Path, role: str, *places: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(CLERK), role, *places], cwd=program, env=_environment(program),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8",
        )  # fmt: skip
        self.began: dict[str, str] = self._hear()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def do(self, deed: str, *given: Any) -> Any:
        """Has something done; gives what came of it."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps([deed, *given]) + "\n")
        self._process.stdin.flush()
        return self._hear()

    def stop(self) -> None:
        """The program is closed."""
        self._process.communicate(timeout=60)

    def _hear(self) -> Any:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the program broke")
        return json.loads(line)
