"""The databases as they are, by plain SQL: what the oracles look at."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sync.changes import Change
from sync.records.types import WireValue
from tests.simulation.replica import Replica
from tests.simulation.world import World

_COLUMNS = (
    'id, scope, kind, record, action, "values", base, author, written_at, seq, digest, overlaps,'
    " setback, settled, base_digest"
)


@dataclass(frozen=True)
class Seen:
    """A row of the table of changes, read plainly."""

    id: str
    scope: str
    kind: str
    record: str
    action: str
    values: dict[str, WireValue]
    base: int
    author: str
    stamp: str
    seq: int | None
    digest: str
    overlaps: dict[str, str]
    setback: str
    settled: bool
    base_digest: str

    def text(self) -> str:
        """What the chain is made of."""
        return Change(
            self.id, self.scope, self.kind, self.record, self.action, self.values, self.base,
            self.author, self.stamp, self.base_digest,
        ).text()  # fmt: skip


def _entries(rows: list[tuple[Any, ...]]) -> list[Seen]:
    found = []
    for row in rows:
        values, overlaps, settled = json.loads(row[5]), json.loads(row[11]), bool(row[13])
        whole: tuple[Any, ...] = (*row[:5], values, *row[6:11], overlaps, row[12], settled, row[14])
        found.append(Seen(*whole))
    return found


def entries_of(replica: Replica) -> list[Seen]:
    """Every change in an office, numbered ones first, in order."""
    return _entries(replica.rows(f"SELECT {_COLUMNS} FROM change ORDER BY seq IS NULL, seq, id"))  # noqa: S608


def central_rows(world: World, statement: str) -> list[tuple[Any, ...]]:
    """What the centre's database answers to plain SQL."""
    return world.machine.centre_disk.rows(statement)


def central(world: World) -> list[Seen]:
    """Every change that the centre holds."""
    return _entries(central_rows(world, f"SELECT {_COLUMNS} FROM change ORDER BY scope, seq"))  # noqa: S608
