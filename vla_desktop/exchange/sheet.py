"""What a file holds once it is read, before anything is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from sync.problems import Finding, InvalidRecord
from sync.records.base import Record
from sync.records.types import Value


class Row(Protocol):
    """A record as the store gives it: `shown` is every field as people read it."""

    @property
    def id(self) -> str: ...
    @property
    def values(self) -> Mapping[str, Value]: ...
    @property
    def shown(self) -> Mapping[str, str]: ...


class Directory(Protocol):
    """Knows the records of this office by name."""

    def holds(self, kind_name: str, record_id: str) -> bool:
        """Whether the office has this record, be it in the bin."""

    def title(self, kind_name: str, record_id: str) -> str:
        """What the record is called, "" when it is not here."""

    def titled(self, kind_name: str, title: str) -> Sequence[str]:
        """Ids of the records out of the bin that bear the title, marks or no marks."""


@dataclass(frozen=True)
class Entry:
    """One row of a file.

    `line` is its number as the file's own program shows it. `id` is the record it updates, None
    for a new one; `foreign_id` is the id it bore when no record here has it. `problems` gives a
    sentence for each field that could not be read; such a field is not among the values.
    """

    line: int
    id: str | None
    values: dict[str, Value]
    problems: dict[str, str] = field(default_factory=dict)
    foreign_id: str = ""

    def raise_problems(self) -> None:
        """Raises InvalidRecord when something could not be read."""
        if self.problems:
            raise InvalidRecord(Finding(name, text) for name, text in self.problems.items())


@dataclass(frozen=True)
class Sheet:
    """A file that was read. `unknown` are headings that no field of the kind bears."""

    kind: type[Record]
    entries: list[Entry]
    unknown: tuple[str, ...] = ()

    @property
    def faulty(self) -> list[Entry]:
        """The rows in which something could not be read."""
        return [entry for entry in self.entries if entry.problems]
