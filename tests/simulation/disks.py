"""Databases that can be copied, put back, and cut off in the middle of a write."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, StaticPool, create_engine, event

PLACES = ("", "-wal", "-journal")

Image = dict[str, bytes]


class Crash(BaseException):
    """The program ends here, in the middle of what it was doing."""


def memory_folder() -> Path:
    """A new folder, in memory where the system has such a place."""
    shared = Path("/dev/shm")  # noqa: S108 - named by the kernel, and only a folder is made there
    return Path(tempfile.mkdtemp(prefix="vla-sim-", dir=shared if shared.is_dir() else None))


@dataclass
class Disk:
    """One database file and the engine that reads it.

    Where `left` is a number, the program crashes at that many statements or commits from now;
    what stood on the disk at that instant is in `wreck`.
    """

    path: Path
    engine: Engine
    left: int | None = None
    wreck: Image | None = None
    statements: int = field(default=0)

    def __post_init__(self) -> None:
        for name in ("before_cursor_execute", "commit", "begin"):
            event.listen(self.engine, name, self._step)

    def _step(self, *_: Any) -> None:
        self.statements += 1
        if self.left is None:
            return
        self.left -= 1
        if self.left < 0:
            self.left, self.wreck = None, self.image()
            raise Crash

    def rows(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """What the database answers to plain SQL; looking is no step of the program's."""
        connection = self.engine.raw_connection()
        try:
            driver: Any = connection.driver_connection
            return list(driver.execute(statement, values).fetchall())
        finally:
            connection.close()

    def image(self) -> Image:
        """The files as they are now."""
        return {
            place: Path(f"{self.path}{place}").read_bytes()
            for place in PLACES
            if Path(f"{self.path}{place}").exists()
        }

    def put(self, image: Image) -> None:
        """Make the files be what they were."""
        self.engine.dispose()
        self.left = None
        for place in (*PLACES, "-shm"):
            Path(f"{self.path}{place}").unlink(missing_ok=True)
        for place, content in image.items():
            Path(f"{self.path}{place}").write_bytes(content)

    def reopen(self) -> None:
        """Go on after a crash, from what the disk held then."""
        if self.wreck is not None:
            wreck, self.wreck = self.wreck, None
            self.put(wreck)


def plain_engine(path: Path) -> Engine:
    """One unencrypted connection: a second transaction while one is open fails at once."""
    engine = create_engine(
        f"sqlite:///{path}",
        poolclass=StaticPool,
        connect_args={"isolation_level": None, "check_same_thread": False},
    )
    event.listen(engine, "connect", hurry)
    event.listen(engine, "begin", _begin)
    return engine


def _begin(connection: Connection) -> None:
    """As the program's own engine begins, without the books that SQLAlchemy keeps."""
    driver: Any = connection.connection.driver_connection
    driver.execute("BEGIN")


def hurry(driver: Any, _record: object) -> None:
    """Nothing here survives a power cut, and nobody waits for the disk."""
    driver.execute("PRAGMA synchronous = OFF")


def template(open_engine: Callable[[Path], Engine], fill: Callable[[Engine], None]) -> Image:
    """The image of a database that `fill` has filled."""
    path = memory_folder() / "template.db"
    disk = Disk(path, open_engine(path))
    fill(disk.engine)
    disk.engine.dispose()
    image = disk.image()
    for place in (*PLACES, "-shm"):
        Path(f"{path}{place}").unlink(missing_ok=True)
    path.parent.rmdir()
    return image
