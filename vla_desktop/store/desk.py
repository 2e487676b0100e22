"""What writes inside one transaction, and remembers what it wrote."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from sync.editing import Pen, Written
from sync.records import name_of
from sync.records.base import Record
from vla_desktop.store import bulk_edits
from vla_desktop.store.bulk_edits import Edit
from vla_desktop.store.undo import Mark


@dataclass
class Desk:
    """What one transaction writes with, and what it wrote.

    Of the `touched`, the `unlisted` changed in nothing that the index of the lists knows.
    """

    session: Session
    pen: Pen
    touched: set[tuple[str, str]] = field(default_factory=set)
    unlisted: set[tuple[str, str]] = field(default_factory=set)
    changes: list[Mark] = field(default_factory=list)

    def note(self, kind: type[Record], written: Written) -> None:
        """Remember what was written."""
        if written.entry is not None:
            self.touched.add((name_of(kind), written.record))
            self.changes.append((written.entry.id, written.entry.written_at))

    def write_many(self, kind: type[Record], edits: Sequence[Edit]) -> None:
        """Edit many records at once, see `bulk_edits`."""
        self.changes += bulk_edits.write(self.session, self.pen, kind, edits)
        for edit in edits:
            self.touched.add((name_of(kind), edit.record))
            if not bulk_edits.are_listed(kind, edit.values):
                self.unlisted.add((name_of(kind), edit.record))
